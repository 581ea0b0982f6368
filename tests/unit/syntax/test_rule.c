/* Rulebooks: rules by name, and rules that copy their members. */
#include "../test.h"
#include "syntax/rule.h"

TEST(a_rule_is_found_by_its_name_and_replaced) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Rulebook book;
    ak_rulebook_init(&book, &arena);
    Rule *one = ak_rule_new(&arena, RULE_STRING, STR("1")), *two = ak_rule_new(&arena, RULE_STRING, STR("2"));
    assert_null(ak_rulebook_find(&book, STR("digit")));
    assert_true(ak_rulebook_put(&book, STR("digit"), one));
    assert_true(ak_rulebook_put(&book, STR("other"), one));
    assert_true(ak_rulebook_put(&book, STR("digit"), two));
    assert_ptr_equal(ak_rulebook_find(&book, STR("digit")), two);
    assert_int_equal(book.rules.count, 2); /* it keeps its place */
    assert_true(ak_rulebook_put(&book, STR("digit"), NULL));
    assert_null(ak_rulebook_find(&book, STR("digit")));
    ak_arena_free(&arena);
}

TEST(members_are_copied) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    const Rule *one = ak_rule_new(&arena, RULE_STRING, STR("1")), *members[] = {one, one};
    const Rule *both = ak_rule_with(&arena, RULE_SEQ, members, 2);
    members[1] = NULL;
    assert_int_equal(both->count, 2);
    assert_ptr_equal(both->members[1], one);
    assert_null(ak_rule_with(&arena, RULE_SEQ, members, 2)); /* out of memory, when the member was made */
    ak_arena_free(&arena);
}

TEST(names_are_compared_whole) {
    IGNORE_STATE;
    Str items[] = {STR("if"), STR("else")};
    Names names = {items, 2, 2};
    assert_true(ak_names_has(&names, STR("else")));
    assert_false(ak_names_has(&names, STR("els")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_found_by_its_name_and_replaced),
        cmocka_unit_test(members_are_copied),
        cmocka_unit_test(names_are_compared_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
