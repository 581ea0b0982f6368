/* The importable terminals. */
#include "../test.h"
#include "mask/lark_tree.h"
#include "regex/regex.h"

static bool matches(const char *name, const char *text) {
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 1000000));
    RegexText regex = {.text = ak_lark_common(ak_str(name))};
    assert_non_null(regex.text.data);
    Expr expr = ak_regex_parse(&exprs, &regex, NULL);
    assert_int_not_equal(expr, AK_EXPR_FAILED);
    ak_exprs_seal(&exprs);
    bool found = ak_expr_matches(&exprs, expr, ak_str(text));
    ak_arena_free(&arena);
    return found;
}

TEST(terminals_match_what_lark_says) {
    IGNORE_STATE;
    static const char *const yes[][2] = {{"DIGIT", "7"},
                                         {"HEXDIGIT", "f"},
                                         {"INT", "12"},
                                         {"SIGNED_INT", "-3"},
                                         {"DECIMAL", ".5"},
                                         {"_EXP", "e-3"},
                                         {"FLOAT", "1.5e+3"},
                                         {"SIGNED_FLOAT", "-1e5"},
                                         {"NUMBER", "12"},
                                         {"NUMBER", "1.2"},
                                         {"SIGNED_NUMBER", "+1.2"},
                                         {"ESCAPED_STRING", "\"a\\\"b\""},
                                         {"LCASE_LETTER", "a"},
                                         {"UCASE_LETTER", "A"},
                                         {"LETTER", "z"},
                                         {"WORD", "abc"},
                                         {"CNAME", "_a1"},
                                         {"WS_INLINE", " \t"},
                                         {"WS", " \n"},
                                         {"CR", "\r"},
                                         {"LF", "\n"},
                                         {"NEWLINE", "\r\n\n"},
                                         {"SH_COMMENT", "# x"},
                                         {"CPP_COMMENT", "// x"},
                                         {"C_COMMENT", "/* a * b **/"},
                                         {"SQL_COMMENT", "-- x"}};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) assert_true(matches(yes[i][0], yes[i][1]));
    assert_false(matches("FLOAT", "12"));
    assert_false(matches("CNAME", "1a"));
    assert_false(matches("C_COMMENT", "/* a */ */"));
    assert_null(ak_lark_common(STR("NONSENSE")).data);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(terminals_match_what_lark_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
