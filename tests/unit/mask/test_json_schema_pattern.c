/* ECMA patterns on the bodies of JSON strings, and what is refused with its place. */
#include "../test.h"
#include "mask/json_schema_pattern.h"

TEST(patterns_search_and_anchors_hold) {
    IGNORE_STATE;
    static const struct {
        const char *pattern, *pass[4], *fail[4];
    } cases[] = {
        {"b", {"abc", "b"}, {"ac", ""}},
        {"^a{2,3}$", {"aa", "aaa"}, {"a", "aaaa"}},
        {"^(?:ab|c)+?$", {"ab", "cab"}, {"a", "abx"}},
        {"^[\\w.-]+@x$", {"a.b-c@x", "_@x"}, {"@x", "a b@x"}},
        {"^\\u{1F600}|\\x41$", {"\xF0\x9F\x98\x80z", "zA"}, {"A1", "x"}},
        {"^a|b$|^$", {"ax", "xb", ""}, {"xa", "bx", "c"}},
        {"^{a}$", {"{a}"}, {"a"}},
        {"^[^\\s\\S]?x$", {"x"}, {"ax"}},
        {"^(?<name>\\d)\\D$", {"1x"}, {"12", "x1"}},
        {"^.$", {"a", "\xC3\xA9"}, {"\\n", "ab"}},
        {"a(?=b)", {"ab", "xabx"}, {"a", "acb"}},
        {"a(?!b)", {"a", "aba", "ac"}, {"ab", "b"}},
        {"^(?!foo|\\d)", {"", "fo", "a1", "\\u0065foo"}, {"foo", "foot", "1a", "\\u0066oo"}},
        {"^(?=.*\\d)(?=.*[a-z]).{3,}$", {"ab1", "1xxxx"}, {"abc", "a1", "123"}},
        {"^(?!.*\\.\\.)[a-z.]+$", {"a.b", ".a."}, {"a..b", "..", ""}},
        {"^(?!(?:if|do)$)[a-z]+$", {"iff", "d"}, {"if", "do"}},
        {"^(?:x(?=y)|(?!x)).+$", {"xy", "y"}, {"xx"}},
        {"^((?!(000|666))\\d{3})-(?!00)\\d\\d$", {"123-45"}, {"000-11", "666-11", "123-00", "12-345"}},
        {"(a(?=b)|b(?=.$))(?:)b", {"ab", "bb"}, {"a", "bbc", "ac"}},
        {"(?=a(?!b))..$", {"aa", "xac"}, {"ab", "a"}},
        {"^(?:b|a(?!c))(?:)|(?!)", {"b", "a", "ab"}, {"ac", "c"}},
        {"^(?!^ab|c).*$", {"", "ba", "a"}, {"ab", "abc", "c"}},
        {"^x(?:(?!.*--)[a-z-]*[a-z])?$", {"x", "xa-b", "xa"}, {"xa--b", "x-", "xa-"}},
        {"^(?:a(?!b)){2}", {"aa", "aac"}, {"aab", "a", "aba"}},
        {"^(?:a(?!b)|c){1,3}b?$", {"a", "cb", "acc", "acb"}, {"ab", "", "aaaa", "acab"}},
        {"^((?!no|x)[a-z])*$", {"", "abc", "on"}, {"no", "anot", "ax", "A"}},
        {"^a((?!b$).){2,}$", {"acbc", "acc"}, {"aab", "ac", "a"}},
        {"^^a$$", {"a"}, {"", "aa"}},
        {"^$[a-z]*$", {""}, {"a"}},
        {"^(?:[^,]+(?:,|$)){2,}$", {"a,b", "a,b,c,", "aa,b,"}, {"a", "a,", ",a", "a,,b"}},
        {"^(?:^a|b|c$){3}$", {"abc", "bbb", "abb", "bbc"}, {"aab", "cbb", "ab", "abcb"}},
        {"(a|^$|b$){2}$", {"", "aa", "ab"}, {"x"}},
        {"^\\p{Lu}\\P{Lu}[\\p{Nd}_]\\p{Script=Greek}$",
         {"\xC3\x89\xC3\xA9_\xCE\xB1", "Aa1\xCE\xB1"},
         {"aa1\xCE\xB1", "AA1\xCE\xB1", "Aa1b"}},
        {"^[^\\p{L}]\\cJ$", {"1\\n"}, {"a\\n", "1j"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        ananke_error err = {0};
        assert_true(ak_exprs_init(&exprs, &arena, 10000000));
        Expr expr = ak_json_pattern(&exprs, &arena, ak_str(cases[i].pattern), &err);
        if (expr == AK_EXPR_FAILED) fail_msg("%s: %s", cases[i].pattern, err.message);
        ak_exprs_seal(&exprs);
        for (size_t t = 0; t < 4 && cases[i].pass[t]; t++) {
            if (!ak_expr_matches(&exprs, expr, ak_str(cases[i].pass[t])))
                fail_msg("%s refuses %s", cases[i].pattern, cases[i].pass[t]);
        }
        for (size_t t = 0; t < 4 && cases[i].fail[t]; t++) {
            if (ak_expr_matches(&exprs, expr, ak_str(cases[i].fail[t])))
                fail_msg("%s accepts %s", cases[i].pattern, cases[i].fail[t]);
        }
        ak_arena_free(&arena);
    }
}

TEST(what_is_not_supported_is_refused_at_its_place) {
    IGNORE_STATE;
    static const struct {
        const char *pattern;
        ananke_error_code code;
        size_t offset;
    } cases[] = {
        {"a(?<=b)", ANANKE_ERROR_UNSUPPORTED, 1},
        {"(?<!b)", ANANKE_ERROR_UNSUPPORTED, 0},
        {"^(a(?!b))+", ANANKE_ERROR_UNSUPPORTED, 1},
        {"((?!a).)*", ANANKE_ERROR_UNSUPPORTED, 0},
        {"(?=^a)", ANANKE_ERROR_UNSUPPORTED, 0},
        {"(?a)", ANANKE_ERROR_SYNTAX, 0},
        {"(?<a", ANANKE_ERROR_SYNTAX, 0},
        {"(a)\\1", ANANKE_ERROR_UNSUPPORTED, 4},
        {"\\bword", ANANKE_ERROR_UNSUPPORTED, 1},
        {"ab)", ANANKE_ERROR_SYNTAX, 2},
        {"a\\Z", ANANKE_ERROR_SYNTAX, 2},
        {"\\k<a>", ANANKE_ERROR_UNSUPPORTED, 1},
        {"\\pL", ANANKE_ERROR_SYNTAX, 2},
        {"\\p{Nonsense}", ANANKE_ERROR_UNSUPPORTED, 2},
        {"^(?:a(?!b)){0,99}", ANANKE_ERROR_UNSUPPORTED, 1},
        {"*a", ANANKE_ERROR_SYNTAX, 0},
        {"[a", ANANKE_ERROR_SYNTAX, 1},
        {"a{3,2}", ANANKE_ERROR_SYNTAX, 1},
        {"a{999999}", ANANKE_ERROR_LIMIT, 1},
        {"\\ud800", ANANKE_ERROR_UNSUPPORTED, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        ananke_error err = {0};
        assert_true(ak_exprs_init(&exprs, &arena, 10000000));
        assert_int_equal(ak_json_pattern(&exprs, &arena, ak_str(cases[i].pattern), &err), AK_EXPR_FAILED);
        if (err.code != cases[i].code || err.offset != cases[i].offset) {
            fail_msg("%s: %s at %zu: %s", cases[i].pattern, ananke_error_name(err.code), err.offset, err.message);
        }
        ak_arena_free(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(patterns_search_and_anchors_hold),
                                       cmocka_unit_test(what_is_not_supported_is_refused_at_its_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
