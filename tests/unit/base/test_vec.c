/* Growable arrays: many pushes against a plain count, several arrays growing in turn, and failure that keeps the old content. */
#include "../test.h"
#include "base/vec.h"

typedef VEC(uint32_t) Numbers;

TEST(pushed_items_stay_in_order) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Numbers even = {0}, odd = {0};
    for (uint32_t i = 0; i < 10000; i++) assert_true(ak_vec_push(&arena, i % 2 ? &odd : &even, i));
    assert_int_equal(even.count, 5000);
    for (uint32_t i = 0; i < 5000; i++) {
        assert_int_equal(even.items[i], 2 * i);
        assert_int_equal(odd.items[i], 2 * i + 1);
    }
    ak_arena_free(&arena);
}

TEST(a_failed_push_keeps_what_was_there) {
    IGNORE_STATE;
    Arena arena = ak_arena(&(ananke_context){.memory_limit = 20000});
    Numbers numbers = {0};
    uint32_t pushed = 0;
    while (ak_vec_push(&arena, &numbers, pushed)) pushed++;
    assert_true(pushed > 100);
    assert_int_equal(numbers.count, pushed);
    for (uint32_t i = 0; i < pushed; i++) assert_int_equal(numbers.items[i], i);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pushed_items_stay_in_order),
        cmocka_unit_test(a_failed_push_keeps_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
