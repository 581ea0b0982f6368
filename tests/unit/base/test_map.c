/* The hash map against a slow twin: a plain list searched from its start. */
#include "../test.h"
#include "base/map.h"
#include <stdlib.h>

typedef struct Pair {
    char key[8];
    uint64_t value;
} Pair;

TEST(map_agrees_with_a_list_on_random_keys) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Map map = {.arena = &arena};
    VEC(Pair) list = {0};
    srand(1);
    for (int round = 0; round < 5000; round++) {
        Pair pair = {.value = (uint64_t)rand()};
        for (int i = 0, n = rand() % 4; i < n; i++) pair.key[i] = (char)('a' + rand() % 6);
        size_t at = 0;
        while (at < list.count && strcmp(list.items[at].key, pair.key) != 0) at++;
        bool is_new;
        uint64_t *value = ak_map_put(&map, ak_arena_str(&arena, ak_str(pair.key)), &is_new);
        assert_non_null(value);
        assert_int_equal(is_new, at == list.count);
        if (at == list.count) assert_true(ak_vec_push(&arena, &list, pair));
        else assert_int_equal(*value, list.items[at].value);
        *value = list.items[at].value = pair.value;
    }
    assert_int_equal(map.entries.count, list.count);
    for (size_t i = 0; i < list.count; i++) {
        assert_true(ak_str_equal(map.entries.items[i].key, ak_str(list.items[i].key)));
        assert_int_equal(*ak_map_find(&map, ak_str(list.items[i].key)), list.items[i].value);
    }
    assert_null(ak_map_find(&map, STR("never")));
    ak_arena_free(&arena);
}

TEST(empty_map_finds_nothing) {
    IGNORE_STATE;
    Map map = {0};
    assert_null(ak_map_find(&map, STR("x")));
}

TEST(room_that_is_reserved_is_not_moved_and_keeps_what_is_there) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Map map = {.arena = &arena};
    *ak_map_put(&map, STR("first"), NULL) = 7;
    assert_true(ak_map_reserve(&map, 1000));
    const uint32_t *slots = map.slots;
    for (int i = 0; i < 1000; i++) *ak_map_put(&map, ak_arena_format(&arena, "%d", i), NULL) = (uint64_t)i;
    assert_ptr_equal(map.slots, slots);
    assert_int_equal(*ak_map_find(&map, STR("first")), 7);
    assert_int_equal(*ak_map_find(&map, STR("999")), 999);
    assert_false(ak_map_reserve(&map, SIZE_MAX));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_agrees_with_a_list_on_random_keys),
        cmocka_unit_test(empty_map_finds_nothing),
        cmocka_unit_test(room_that_is_reserved_is_not_moved_and_keeps_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
