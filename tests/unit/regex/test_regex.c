/* The regular expression dialect: what matches what, and what is refused by name. */
#include "../test.h"
#include "regex/regex.h"
#include <stdio.h>

/* 1: matches, 0: does not, -1: an error, in `err`. */
static int match_text(const char *regex, const char *flags, bool is_whole, const char *text, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 10000000));
    RegexText source = {.text = ak_str(regex), .flags = flags, .source = ak_str(regex), .is_whole = is_whole};
    Expr expr = ak_regex_parse(&exprs, &source, err);
    ak_exprs_seal(&exprs);
    int result = expr ? ak_expr_matches(&exprs, expr, ak_str(text)) : -1;
    ak_arena_free(&arena);
    return result;
}

static int match(const char *regex, const char *flags, const char *text, ananke_error *err) {
    return match_text(regex, flags, false, text, err);
}

TEST(look_ahead_is_about_the_rest_of_a_whole_text) {
    IGNORE_STATE;
    static const struct {
        const char *regex, *text;
        int expected;
    } rows[] = {
        {"(?!if$|if)[a-z]+", "", -1},
        {"(?!if)[a-z]+", "fi", 1},
        {"(?!if)[a-z]+", "ifs", 0},
        {"(?=.*[0-9])(?=.*[a-z])[a-z0-9]{3,}", "ab1", 1},
        {"(?=.*[0-9])(?=.*[a-z])[a-z0-9]{3,}", "abc", 0},
        {"(?=.*[0-9])(?=.*[a-z])[a-z0-9]{3,}", "123", 0},
        {"^a(?=b|c)[a-z]*$", "acx", 1},
        {"^a(?=b|c)[a-z]*$", "ax", 0},
        {"^a(?=b|c)[a-z]*$", "a", 0},
        {"a(x|(?!b)[a-z]c)", "abc", 0},
        {"a(x|(?!b)[a-z]c)", "acc", 1},
        {"a(x|(?!b)[a-z]c)", "ax", 1},
        {"(?i)(?=AB)[a-z]+", "abc", 1},
        {"a(?!.)", "a", 1},
        {"a(?=b)", "a", 0},
        {"(?:(?=a)[ab])b", "", -1},
        {"(?:(?=a)[ab])?", "", -1},
        {"(?=a)*b", "", -1},
        {"(?=(?!a)b)b", "", -1},
        {"(?=^a)b", "", -1},
        {"(?=a", "", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        int result = match_text(rows[i].regex, "", true, rows[i].text, &err);
        if (result != rows[i].expected)
            print_error("/%s/ on '%s': %d %s\n", rows[i].regex, rows[i].text, result, err.message);
        assert_int_equal(result, rows[i].expected);
    }
}

TEST(expressions_match_what_they_say) {
    IGNORE_STATE;
    static const struct {
        const char *regex, *flags, *text;
        int expected;
    } rows[] = {
        {"a|bc", "", "bc", 1},
        {"a|bc", "", "ac", 0},
        {"(ab)+?c{2}", "", "ababcc", 1},
        {"a{2,3}", "", "aaaa", 0},
        {"[a-c]{,2}", "", "cb", 1},
        {"[^a-c]", "", "\xC3\xA9", 1},
        {"[^a-c]", "", "b", 0},
        {"[]a]+", "", "]a", 1},
        {"a(?P<stop>b+|c)", "", "ab", 1}, /* it ends as soon as it may */
        {"a(?P<stop>b+|c)", "", "abb", 0},
        {"a(?<stop>b*)", "", "a", 1},
        {"a(?<stop>b*)", "", "ab", 0},
        {"(?P<stop>ab|abc|c)+d", "", "abcd", 1},
        {"[a-z&&[^aeiou]]", "", "b", 1},
        {"[a-z&&[^aeiou]]", "", "e", 0},
        {"[\\w--\\d]", "", "7", 0},
        {"[\\w--\\d]", "", "x", 1},
        {"[a-c~~b-d]", "", "d", 1},
        {"[a-c~~b-d]", "", "b", 0},
        {".", "", "\n", 0},
        {".", "s", "\n", 1},
        {"\\d\\w\\s", "", "1\xC3\xA4 ", 1},
        {"\\d", "", "\xD9\xA3", 1},
        {"(?-u:\\d)", "", "\xD9\xA3", 0},
        {"\\p{Lu}\\p{Greek}", "", "A\xCE\xB1", 1},
        {"\\P{L}", "", "a", 0},
        {"\\pN", "", "5", 1},
        {"stra\xC3\x9F"
         "e",
         "i",
         "STRA\xC3\x9F"
         "E",
         1},
        {"(?i)k", "", "\xE2\x84\xAA", 1},
        {"a(?i)b", "", "aB", 1},
        {"a(?i)b", "", "AB", 0},
        {"(?i:a)b", "", "AB", 0},
        {"a b # comment", "x", "ab", 1},
        {"^ab$", "", "ab", 1},
        {"(^a|b$)", "", "b", 1},
        {"\\x41\\u0042\\u{43}", "", "ABC", 1},
        {"[[:alpha:]_]+", "", "a_", 1},
        {"(?P<name>a)(?:b)", "", "ab", 1},
        {"\\/\\.\\-", "", "/.-", 1},
        {"", "", "", 1},
        {"a||b", "", "", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        int result = match(rows[i].regex, rows[i].flags, rows[i].text, &err);
        if (result != rows[i].expected)
            print_error("/%s/%s on '%s': %d %s\n", rows[i].regex, rows[i].flags, rows[i].text, result, err.message);
        assert_int_equal(result, rows[i].expected);
    }
}

TEST(what_cannot_be_is_named) {
    IGNORE_STATE;
    static const struct {
        const char *regex, *word;
        ananke_error_code code;
        size_t offset;
    } rows[] = {
        {"a(?=b)", "look-ahead", ANANKE_ERROR_UNSUPPORTED, 1},
        {"(?<!a)b", "look-behind", ANANKE_ERROR_UNSUPPORTED, 0},
        {"(a)\\1", "back-references", ANANKE_ERROR_UNSUPPORTED, 3},
        {"a\\b", "word boundaries", ANANKE_ERROR_UNSUPPORTED, 1},
        {"a^b", "anchors", ANANKE_ERROR_UNSUPPORTED, 1},
        {"(a$)b", "anchors", ANANKE_ERROR_UNSUPPORTED, 4},
        {"\\p{Klingon}", "Klingon", ANANKE_ERROR_UNSUPPORTED, 2},
        {"(ab", "without ')'", ANANKE_ERROR_SYNTAX, 0},
        {"ab)", "without '('", ANANKE_ERROR_SYNTAX, 2},
        {"*a", "nothing to repeat", ANANKE_ERROR_SYNTAX, 0},
        {"[z-a]", "ends before", ANANKE_ERROR_SYNTAX, 1},
        {"[ab", "without ']'", ANANKE_ERROR_SYNTAX, 3},
        {"a{3,2}", "lower end", ANANKE_ERROR_SYNTAX, 1},
        {"\\q", "unknown escape", ANANKE_ERROR_SYNTAX, 0},
        {"\\x{110000}", "not a Unicode character", ANANKE_ERROR_SYNTAX, 2},
        {"\\", "backslash at the end", ANANKE_ERROR_SYNTAX, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        assert_int_equal(match(rows[i].regex, "", "", &err), -1);
        if (!strstr(err.message, rows[i].word) || err.offset != rows[i].offset)
            print_error("%s: %zu %s\n", rows[i].regex, err.offset, err.message);
        assert_non_null(strstr(err.message, rows[i].word));
        assert_int_equal(err.code, rows[i].code);
        assert_int_equal(err.offset, rows[i].offset);
    }
}

TEST(deep_nesting_is_an_error_and_not_a_crash) {
    IGNORE_STATE;
    static char regex[20001];
    ananke_error err = {0};
    memset(regex, '(', 20000);
    assert_int_equal(match(regex, "", "", &err), -1);
    assert_non_null(strstr(err.message, "deeply"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_match_what_they_say),
        cmocka_unit_test(look_ahead_is_about_the_rest_of_a_whole_text),
        cmocka_unit_test(what_cannot_be_is_named),
        cmocka_unit_test(deep_nesting_is_an_error_and_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
