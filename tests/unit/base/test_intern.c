/* Interned strings: equal bytes share an id, ids count from 0, bytes outlive their source. */
#include "../test.h"
#include "base/intern.h"

TEST(equal_bytes_share_an_id) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Intern intern = {.map.arena = &arena};
    char source[] = "alpha";
    assert_int_equal(ak_intern(&intern, ak_str(source)), 0);
    assert_int_equal(ak_intern(&intern, STR("beta")), 1);
    memset(source, 'z', 5);
    assert_int_equal(ak_intern(&intern, STR("alpha")), 0);
    assert_string_equal(ak_intern_str(&intern, 0).data, "alpha");
    assert_int_equal(ak_intern(&intern, STR("")), 2);
    assert_int_equal(ak_intern_find(&intern, STR("gamma")), AK_INTERN_NONE);
    assert_int_equal(ak_intern_count(&intern), 3);
    ak_arena_free(&arena);
}

TEST(out_of_memory_is_told) {
    IGNORE_STATE;
    Arena arena = ak_arena(&(ananke_context){.memory_limit = 1});
    Intern intern = {.map.arena = &arena};
    assert_int_equal(ak_intern(&intern, STR("x")), AK_INTERN_NONE);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_bytes_share_an_id),
        cmocka_unit_test(out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
