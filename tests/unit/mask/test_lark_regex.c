/* %regex: how texts are cut, and what is wrong with one. */
#include "../test.h"
#include "mask/lark_regex.h"

/* 1: matches, 0: does not, -1: an error. */
static int match(const char *json, const char *text, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 10000000));
    Expr expr = ak_lark_regex(&exprs, ak_str(json), err);
    ak_exprs_seal(&exprs);
    int result = expr ? ak_expr_matches(&exprs, expr, ak_str(text)) : -1;
    ak_arena_free(&arena);
    return result;
}

TEST(texts_are_cut_as_the_member_says) {
    IGNORE_STATE;
    static const struct {
        const char *json, *text;
        int expected;
    } rows[] = {
        {"{\"substring_chunks\": [\"abc\", \"de\", \"fg\"]}", "defg", 1},
        {"{\"substring_chunks\": [\"abc\", \"de\", \"fg\"]}", "cde", 0},
        {"{\"substring_chunks\": []}", "", 1},
        {"{\"substring_words\": \"foo bar_1. b\xC3\xA9 12\"}", "bar_1. ", 1},
        {"{\"substring_words\": \"foo bar_1. b\xC3\xA9 12\"}", " b\xC3\xA9", 1},
        {"{\"substring_words\": \"foo bar_1. b\xC3\xA9 12\"}", "b\xC3\xA9 1", 0},
        {"{\"substring_words\": \"foo bar_1. b\xC3\xA9 12\"}", "bar", 0},
        {"{\"substring_words\": \"\"}", "", 1},
        {"{\"substring_chars\": \"a\xC3\xA9\xE2\x82\xAC\"}", "\xC3\xA9\xE2\x82\xAC", 1},
        {"{\"substring_chars\": \"a\xC3\xA9\xE2\x82\xAC\"}", "\xA9", 0},
        {"{\"substring_chars\": 5}", "", -1},
        {"{\"substring_words\": []}", "", -1},
        {"{\"substring_chunks\": \"a\"}", "", -1},
        {"{\"substring_chars\": \"a\", \"substring_words\": \"a\"}", "", -1},
        {"[]", "", -1},
        {"{\"pattern\": \"a\"}", "", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        int result = match(rows[i].json, rows[i].text, &err);
        if (result != rows[i].expected) print_error("%s on '%s': %s\n", rows[i].json, rows[i].text, err.message);
        assert_int_equal(result, rows[i].expected);
        assert_int_equal(result < 0, err.message[0] != '\0');
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_cut_as_the_member_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
