/* Paged arrays: items that stay where they are. */
#include "../test.h"
#include "base/paged.h"

typedef PAGED(uint32_t) Numbers;

TEST(pages_grow_and_meet_without_gaps) {
    IGNORE_STATE;
    uint32_t page = 0, offset = 0;
    for (uint32_t index = 0; index < 300000; index++) {
        assert_int_equal(ak_paged_page(index), page);
        assert_int_equal(ak_paged_offset(index, page), offset);
        assert_true(ak_paged_size(page) <= (index + AK_PAGE) / 4);
        if (++offset == ak_paged_size(page)) page++, offset = 0;
    }
    assert_true(page > 10);
}

TEST(items_never_move_and_keep_their_values) {
    IGNORE_STATE;
    enum { COUNT = 50000 };
    static const uint32_t *places[COUNT];
    Arena arena = ak_arena(NULL);
    Numbers numbers = {0};
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true(ak_paged_push(&arena, &numbers, i * 7 + 1));
        assert_int_equal(numbers.count, i + 1);
        places[i] = ak_paged_at(&numbers, i);
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_ptr_equal(ak_paged_at(&numbers, i), places[i]);
        assert_int_equal(*places[i], i * 7 + 1);
    }
    ak_arena_free(&arena);
}

TEST(neighbours_lie_side_by_side_but_at_the_borders_of_pages) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Numbers numbers = {0};
    for (uint32_t i = 0; i < 2000; i++) assert_true(ak_paged_push(&arena, &numbers, i));
    for (uint32_t i = 1; i < 2000; i++) {
        if (ak_paged_page(i) == ak_paged_page(i - 1))
            assert_ptr_equal(ak_paged_at(&numbers, i), ak_paged_at(&numbers, i - 1) + 1);
        else assert_ptr_equal(ak_paged_at(&numbers, i), numbers.pages[ak_paged_page(i)]);
    }
    ak_arena_free(&arena);
}

typedef struct Line {
    uint64_t words[AK_LINE / sizeof(uint64_t)];
} Line;

TEST(lines_of_the_cache_lie_on_lines) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    PAGED(Line) lines = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(ak_arena_alloc(&arena, 1, i % 50));
        assert_true(ak_paged_push(&arena, &lines, (Line){{i}}));
    }
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal((uintptr_t)ak_paged_at(&lines, i) % AK_LINE, 0);
        assert_int_equal(ak_paged_at(&lines, i)->words[0], i);
    }
    ak_arena_free(&arena);
}

TEST(without_memory_nothing_is_appended) {
    IGNORE_STATE;
    ananke_context context = {.memory_limit = 20000};
    Arena arena = ak_arena(&context);
    Numbers numbers = {0};
    while (ak_paged_push(&arena, &numbers, numbers.count)) assert_true(numbers.count < 20000);
    assert_false(ak_arena_ok(&arena));
    for (uint32_t i = 0; i < numbers.count; i++) assert_int_equal(*ak_paged_at(&numbers, i), i);
    ak_arena_free(&arena);
}

TEST(the_array_is_full_before_its_pages_are) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Numbers numbers = {.count = UINT32_MAX / 2 + 1};
    assert_false(ak_paged_push(&arena, &numbers, 1));
    assert_true(ak_paged_page(UINT32_MAX / 2) < AK_PAGES);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_grow_and_meet_without_gaps),
        cmocka_unit_test(items_never_move_and_keep_their_values),
        cmocka_unit_test(neighbours_lie_side_by_side_but_at_the_borders_of_pages),
        cmocka_unit_test(lines_of_the_cache_lie_on_lines),
        cmocka_unit_test(without_memory_nothing_is_appended),
        cmocka_unit_test(the_array_is_full_before_its_pages_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
