/* Arenas: alignment, zeroing, growth in place, budget, sticky failure, rewinding, and every byte given back. */
#include "../test.h"
#include "base/arena.h"
#include "base/error.h"
#include <stdalign.h>
#include <stdlib.h>

/* An allocator that counts what is out and fails from the `fail_at`-th allocation on. */
typedef struct Counter {
    size_t live, calls, fail_at;
} Counter;

static void *count_resize(void *data, void *pointer, size_t old_size, size_t new_size) {
    Counter *counter = data;
    if (new_size && ++counter->calls >= counter->fail_at) return NULL;
    void *result = NULL;
    if (new_size) {
        result = realloc(pointer, new_size);
        assert_non_null(result);
    } else {
        free(pointer);
    }
    counter->live += new_size;
    counter->live -= old_size;
    return result;
}

TEST(memory_is_zeroed_and_aligned) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    for (size_t size = 1; size < 300; size++) {
        unsigned char *memory = ak_arena_alloc(&arena, 1, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(memory[i], 0);
        memset(memory, 0xAB, size);
    }
    ak_arena_free(&arena);
}

TEST(rewound_memory_is_zeroed_again) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    assert_non_null(ak_arena_alloc(&arena, 1, 8));
    ArenaMark mark = ak_arena_mark(&arena);
    char *first = ak_arena_alloc(&arena, 1, 64);
    memset(first, 'x', 64);
    assert_non_null(ak_arena_alloc(&arena, 1, 100000));
    ak_arena_rewind(&arena, mark);
    char *again = ak_arena_alloc(&arena, 1, 64);
    assert_ptr_equal(first, again);
    for (size_t i = 0; i < 64; i++) assert_int_equal(again[i], 0);
    ak_arena_free(&arena);
}

TEST(what_is_grown_or_copied_is_zeroed_behind_that) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    for (size_t size = 0; size < 60; size++) {
        ArenaMark mark = ak_arena_mark(&arena);
        char dirt[256];
        memset(memset(dirt, 'x', sizeof dirt), 'y', size);
        assert_non_null(ak_arena_copy(&arena, dirt, sizeof dirt));
        ak_arena_rewind(&arena, mark);
        char *bytes = ak_arena_copy(&arena, dirt, size), *grown = ak_arena_grow(&arena, bytes, size, 100, 1);
        char *moved = ak_arena_alloc(&arena, 1, 1) ? ak_arena_grow(&arena, grown, size, 100, 1) : NULL;
        for (size_t i = 0; i < 100; i++) {
            assert_int_equal(grown[i], i < size ? 'y' : 0);
            assert_int_equal(moved[i], i < size ? 'y' : 0);
        }
    }
    ak_arena_free(&arena);
}

TEST(newest_array_grows_in_place_and_older_ones_by_copy) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    int *numbers = ak_new_array(&arena, int, 4);
    for (int i = 0; i < 4; i++) numbers[i] = i + 1;
    int *grown = ak_arena_grow(&arena, numbers, 4, 16, sizeof(int));
    assert_ptr_equal(grown, numbers);
    assert_non_null(ak_arena_alloc(&arena, 1, 1));
    int *moved = ak_arena_grow(&arena, grown, 16, 32, sizeof(int));
    assert_ptr_not_equal(moved, grown);
    for (int i = 0; i < 32; i++) assert_int_equal(moved[i], i < 4 ? i + 1 : 0);
    ak_arena_free(&arena);
}

TEST(spent_budget_is_sticky_and_said) {
    IGNORE_STATE;
    Arena arena = ak_arena(&(ananke_context){.memory_limit = 10000});
    assert_non_null(ak_arena_alloc(&arena, 1, 100));
    assert_null(ak_arena_alloc(&arena, 1, 20000));
    assert_false(ak_arena_ok(&arena));
    assert_true(arena.over_budget);
    assert_null(ak_arena_alloc(&arena, 1, 1));
    assert_true(arena.used <= 10000);
    ak_arena_free(&arena);
}

TEST(overflowing_sizes_fail_cleanly) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    assert_null(ak_arena_alloc(&arena, SIZE_MAX / 2, 4));
    assert_false(ak_arena_ok(&arena));
    ak_arena_free(&arena);
}

TEST(every_byte_goes_back_to_the_allocator) {
    IGNORE_STATE;
    for (size_t fail_at = 1; fail_at < 12; fail_at++) {
        Counter counter = {.fail_at = fail_at};
        ananke_allocator allocator = {count_resize, &counter};
        Arena arena = ak_arena(&(ananke_context){.allocator = &allocator});
        bool ok = true;
        for (int i = 0; i < 200; i++) ok = ak_arena_alloc(&arena, 1, 1000) && ok;
        assert_int_equal(ok, ak_arena_ok(&arena));
        assert_int_equal(counter.live, arena.used);
        ak_arena_free(&arena);
        assert_int_equal(counter.live, 0);
    }
}

TEST(formatted_text_is_whole) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Str text = ak_arena_format(&arena, "%s-%d-%*s", "name", 42, 5000, "");
    assert_int_equal(text.length, 4 + 1 + 2 + 1 + 5000);
    assert_int_equal(strlen(text.data), text.length);
    ak_arena_free(&arena);
}

typedef struct Thing {
    int value;
    Arena arena;
} Thing;

TEST(objects_own_their_arena) {
    IGNORE_STATE;
    Counter counter = {.fail_at = SIZE_MAX};
    ananke_allocator allocator = {count_resize, &counter};
    ananke_context context = {.allocator = &allocator};
    Thing *thing = ak_object_new(&context, sizeof *thing, offsetof(Thing, arena));
    assert_non_null(thing);
    assert_non_null(ak_arena_alloc(&thing->arena, 10, 1000));
    assert_true(counter.live > 10000);
    ak_object_free(thing, sizeof *thing, offsetof(Thing, arena));
    assert_int_equal(counter.live, 0);
    ak_object_free(NULL, sizeof *thing, offsetof(Thing, arena));
}

static bool is_cancelled(void *data) {
    int *polls_left = data;
    return (*polls_left)-- == 0;
}

TEST(work_that_is_called_off_gets_no_memory_any_more) {
    IGNORE_STATE;
    int polls_left = 1;
    ananke_context context = {.cancelled = is_cancelled, .cancelled_data = &polls_left};
    Arena arena = ak_arena(&context);
    assert_true(ak_arena_step(&arena, UINT64_MAX)); /* nobody is asked before it is said */
    ak_arena_obey(&arena, &context);
    assert_non_null(ak_arena_alloc(&arena, 1, 1));
    assert_int_equal(polls_left, 0);
    assert_true(ak_arena_step(&arena, 100));
    assert_false(ak_arena_step(&arena, UINT64_MAX));
    assert_null(ak_arena_alloc(&arena, 1, 1));
    ananke_error err = {0};
    assert_false(ak_fail_memory(&err, &arena));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(rewound_memory_is_zeroed_again),
        cmocka_unit_test(what_is_grown_or_copied_is_zeroed_behind_that),
        cmocka_unit_test(newest_array_grows_in_place_and_older_ones_by_copy),
        cmocka_unit_test(spent_budget_is_sticky_and_said),
        cmocka_unit_test(overflowing_sizes_fail_cleanly),
        cmocka_unit_test(every_byte_goes_back_to_the_allocator),
        cmocka_unit_test(formatted_text_is_whole),
        cmocka_unit_test(objects_own_their_arena),
        cmocka_unit_test(work_that_is_called_off_gets_no_memory_any_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
