/* Lark text in pieces: what is cut and put together again is the same text, and only the definition that was meant changes. */
#include "../test.h"
#include "braid/overlay.h"

static const char grammar[] = "// a comment: with a colon\n"
                              "%ignore /[ ]+/\n"
                              "start: a | \"x|y\"\n"
                              "    | b::0\n"
                              "\n"
                              "b::_: /[a|b\\/]+/ | (\"c\" | \"d\") %if bit_clear(0)\n"
                              "NAME[capture]: \"a\" | /b:|c/ // not: this\n"
                              "?a: NAME";

TEST(unchanged_text_comes_back_byte_by_byte) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Overlay overlay;
    assert_true(ak_overlay_open(&overlay, &arena, ((Str){grammar, sizeof grammar - 1}), NULL));
    Str text = ak_overlay_text(&overlay);
    assert_int_equal(text.length, sizeof grammar - 1);
    assert_memory_equal(text.data, grammar, text.length);
    ak_arena_free(&arena);
}

TEST(a_definition_is_replaced_with_its_continuation_lines) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Overlay overlay;
    assert_true(ak_overlay_open(&overlay, &arena, ((Str){grammar, sizeof grammar - 1}), NULL));
    assert_null(ak_overlay_find(&overlay, STR("missing")));
    ak_overlay_find(&overlay, STR("start"))->body = STR("\"z\"");
    ak_overlay_find(&overlay, STR("b"))->body = STR("\"w\"");
    Str text = ak_overlay_text(&overlay);
    assert_non_null(strstr(text.data, "\nstart: \"z\"\n\nb::_: \"w\"\nNAME[capture]: "));
    ak_arena_free(&arena);
}

TEST(alternatives_are_cut_outside_of_brackets_strings_and_expressions) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Overlay overlay;
    StrList list = {0};
    assert_true(ak_overlay_open(&overlay, &arena, ((Str){grammar, sizeof grammar - 1}), NULL));
    assert_true(ak_alternatives(&arena, ak_overlay_find(&overlay, STR("start"))->body, &list));
    assert_int_equal(list.count, 3);
    assert_true(ak_alternatives_has(&list, STR("\"x|y\"")));
    assert_true(ak_alternatives_has(&list, STR("b::0")));
    list.count = 0;
    assert_true(ak_alternatives(&arena, ak_overlay_find(&overlay, STR("b"))->body, &list));
    assert_int_equal(list.count, 2);
    assert_true(
        ak_str_equal(ak_alternatives_join(&arena, &list), STR("/[a|b\\/]+/ | (\"c\" | \"d\") %if bit_clear(0)")));
    ak_arena_free(&arena);
}

TEST(names_tell_terminals_from_rules) {
    IGNORE_STATE;
    assert_true(ak_is_terminal(STR("NAME")));
    assert_true(ak_is_terminal(STR("_NAME")));
    assert_false(ak_is_terminal(STR("name")));
    assert_false(ak_is_terminal(STR("_name")));
}

TEST(a_name_defined_twice_is_an_error) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Overlay overlay;
    ananke_error err = {0};
    assert_false(ak_overlay_open(&overlay, &arena, STR("a: \"b\"\na: \"c\"\n"), &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unchanged_text_comes_back_byte_by_byte),
        cmocka_unit_test(a_definition_is_replaced_with_its_continuation_lines),
        cmocka_unit_test(alternatives_are_cut_outside_of_brackets_strings_and_expressions),
        cmocka_unit_test(names_tell_terminals_from_rules),
        cmocka_unit_test(a_name_defined_twice_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
