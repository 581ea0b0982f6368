/* Patterns: matching, malformed ones, and one that would backtrack for ever. */
#include "../test.h"
#include "model/pattern.h"

TEST(a_pattern_matches_anywhere_unless_anchored) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    char problem[128];
    size_t at;
    Pattern *pattern = ak_pattern_new(&arena, STR("b+c"), problem, &at);
    assert_true(ak_pattern_matches(pattern, STR("abbcd")));
    assert_false(ak_pattern_matches(pattern, STR("abb")));
    assert_false(ak_pattern_matches(pattern, STR("\xff"
                                                 "bc")));
    pattern = ak_pattern_new(&arena, STR("^\\p{Lu}$"), problem, &at);
    assert_true(ak_pattern_matches(pattern, STR("\xc3\x89")));
    assert_false(ak_pattern_matches(pattern, STR("")));
    ak_arena_free(&arena);
}

TEST(a_malformed_pattern_says_why_and_where) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    char problem[128];
    size_t at = 0;
    assert_null(ak_pattern_new(&arena, STR("a(b"), problem, &at));
    assert_non_null(strstr(problem, "parenthesis"));
    assert_int_equal(at, 3);
    ak_arena_free(&arena);
}

TEST(endless_backtracking_ends) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    char problem[128];
    size_t at;
    Pattern *pattern = ak_pattern_new(&arena, STR("^(a+)+$"), problem, &at);
    assert_false(ak_pattern_matches(pattern, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")));
    ak_arena_free(&arena);
}

TEST(a_spent_budget_is_told_apart_from_a_malformed_pattern) {
    IGNORE_STATE;
    Arena arena = ak_arena(&(ananke_context){.memory_limit = 64});
    char problem[128];
    size_t at;
    assert_null(ak_pattern_new(&arena, STR("abc"), problem, &at));
    assert_string_equal(problem, "");
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_matches_anywhere_unless_anchored),
        cmocka_unit_test(a_malformed_pattern_says_why_and_where),
        cmocka_unit_test(endless_backtracking_ends),
        cmocka_unit_test(a_spent_budget_is_told_apart_from_a_malformed_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
