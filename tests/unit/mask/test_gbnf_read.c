/* Reading GBNF: every element of the syntax, and what is wrong with grammars. */
#include "gbnf_check.h"
#include <stdio.h>
#include <stdlib.h>

TEST(a_literal_is_itself) {
    IGNORE_STATE;
    check_gbnf("root ::= \"ab c\"\n", TEXTS("ab c"), TEXTS("", "ab", "ab c ", "abc"));
    check_gbnf("root ::= \"ひらがな\"", TEXTS("ひらがな"), TEXTS("ひらが", "ひらがなな"));
    check_gbnf("root ::= \"a\nb\"", TEXTS("a\nb"), TEXTS("a b"));
    check_gbnf("root ::= \"\"", TEXTS(""), TEXTS("a"));
}

TEST(escapes_say_what_cannot_be_typed) {
    IGNORE_STATE;
    check_gbnf("root ::= \"\\n\\r\\t\\\\\\\"\\[\\]\\-\"", TEXTS("\n\r\t\\\"[]-"), TEXTS("nrt"));
    check_gbnf("root ::= \"\\x41\\u00e9\\U0001F600\\xe9\"", TEXTS("Aé😀é"), TEXTS("A"));
    check_gbnf("root ::= [\\x41-\\x43\\u3041-\\u3096\\U0001F600]", TEXTS("A", "C", "ひ", "😀"), TEXTS("D", "カ", "😁"));
}

TEST(a_class_is_one_code_point) {
    IGNORE_STATE;
    check_gbnf("root ::= [a-cx]", TEXTS("a", "b", "c", "x"), TEXTS("", "d", "ab", "-"));
    check_gbnf("root ::= [^a-c\\n]", TEXTS("d", "é", "😀", "-"), TEXTS("a", "b", "\n", "", "dd"));
    check_gbnf("root ::= [+*/-]", TEXTS("+", "*", "/", "-"), TEXTS(".", ","));
    check_gbnf("root ::= [-a]", TEXTS("-", "a"), TEXTS("b"));
    check_gbnf("root ::= [a-c-e]", TEXTS("a", "b", "-", "e"), TEXTS("d"));
    check_gbnf("root ::= [\\]\\[^\"]", TEXTS("]", "[", "^", "\""), TEXTS("\\"));
    check_gbnf("root ::= [#] # not a comment, and this is one", TEXTS("#"), TEXTS("[#]"));
    check_gbnf("root ::= [à-ü] [ぁ-ん]", TEXTS("éあ"), TEXTS("zあ", "é"));
}

TEST(a_dot_is_any_code_point) {
    IGNORE_STATE;
    check_gbnf("root ::= . .", TEXTS("ab", "\n\n", "é😀"), TEXTS("", "a", "abc", "é", "\xC3\x28"));
}

TEST(sequences_alternatives_and_groups) {
    IGNORE_STATE;
    check_gbnf("root ::= \"a\" \"b\" | \"c\"", TEXTS("ab", "c"), TEXTS("a", "ac", "abc"));
    check_gbnf("root ::= \"a\" (\"b\" | \"c\") \"d\"", TEXTS("abd", "acd"), TEXTS("ad", "abcd"));
    check_gbnf("root ::= (\"a\" | ) \"b\"", TEXTS("ab", "b"), TEXTS("a"));
    check_gbnf("root ::= | \"a\"", TEXTS("", "a"), TEXTS("aa"));
    check_gbnf("root ::= ((((\"a\")))) ()", TEXTS("a"), TEXTS("", "aa"));
}

TEST(repetitions_are_counted) {
    IGNORE_STATE;
    check_gbnf("root ::= \"a\"*", TEXTS("", "a", "aaaa"), TEXTS("b", "aab"));
    check_gbnf("root ::= \"ab\"+", TEXTS("ab", "abab"), TEXTS("", "aba"));
    check_gbnf("root ::= \"a\"? \"b\"", TEXTS("b", "ab"), TEXTS("aab"));
    check_gbnf("root ::= [ab]{2}", TEXTS("ab", "ba"), TEXTS("a", "aba"));
    check_gbnf("root ::= \"a\"{2,}", TEXTS("aa", "aaaaa"), TEXTS("", "a"));
    check_gbnf("root ::= (\"a\" | \"bb\"){1,3}", TEXTS("a", "abb", "bbbbbb"), TEXTS("", "aaaa", "b"));
    check_gbnf("root ::= \"a\"{0,2}", TEXTS("", "a", "aa"), TEXTS("aaa"));
    check_gbnf("root ::= \"a\" { 1 , 2 } \"b\"", TEXTS("ab", "aab"), TEXTS("b", "aaab"));
    check_gbnf("root ::= \"a\"{0} \"b\"", TEXTS("b"), TEXTS("ab"));
    check_gbnf("root ::= \"a\"?+ \"b\"{2}{2}", TEXTS("bbbb", "aabbbb"), TEXTS("bb", "bbb"));
}

TEST(rules_refer_to_each_other) {
    IGNORE_STATE;
    check_gbnf("root ::= check-mate UPPER_2\ncheck-mate ::= \"#\"\nUPPER_2 ::= 9lives\n9lives ::= [0-9]\n", TEXTS("#9"),
               TEXTS("#", "9"));
    check_gbnf("root ::= \"(\" root \")\" | \"\"", TEXTS("", "()", "((()))"), TEXTS("(", "(()"));
}

/* llama.cpp refuses these. */
TEST(rules_may_recur_on_the_left) {
    IGNORE_STATE;
    check_gbnf("root ::= root \"-\" n | n\nn ::= [0-9]+", TEXTS("1", "1-23-4"), TEXTS("", "-1", "1-"));
    check_gbnf("root ::= empty root \"a\" | \"a\"\nempty ::= \"\"", TEXTS("a", "aaa"), TEXTS("", "b"));
    check_gbnf("root ::= root | \"a\"", TEXTS("a"), TEXTS("", "aa"));
}

TEST(a_line_goes_on_in_brackets_and_behind_a_bar) {
    IGNORE_STATE;
    check_gbnf("# first\n\nroot ::=   # behind the sign\n  (\n \"a\" # in brackets\n\n | \"b\" )*\r\n\r\nx ::= \"y\"",
               TEXTS("", "ab"), TEXTS("y"));
    check_gbnf("root ::= \"a\" |\n # between\n\t\"b\" | \n x\r\nx ::= \"y\"\r\n", TEXTS("a", "b", "y"), TEXTS("ab"));
    check_gbnf("root ::= (\"a\"\n{2}\n\"b\"\n+)", TEXTS("aab", "aabb"), TEXTS("ab"));
    check_gbnf("root ::= \"a\" # the end", TEXTS("a"), NULL);
}

TEST(errors_have_words_and_places) {
    IGNORE_STATE;
    static const struct {
        const char *text, *word, *hint;
        uint32_t line, column;
        ananke_error_code code;
    } rows[] = {
        {"", "no rule 'root'", "root ::=", 0, 0, ANANKE_ERROR_SYNTAX},
        {"a ::= \"x\"\n", "no rule 'root'", "root ::=", 0, 0, ANANKE_ERROR_SYNTAX},
        {"root ::= item\nitme ::= \"x\"\n", "'item' is not defined", "'itme'", 1, 10, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x\"\nunused ::= nowhere\n", "'nowhere' is not defined", "", 2, 12, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x\"\nroot ::= \"y\"\n", "'root' is defined twice", "", 2, 1, ANANKE_ERROR_SYNTAX},
        {"root ::= a\na ::=\n", "'a' is empty", "\"\"", 2, 1, ANANKE_ERROR_SYNTAX},
        {"root ::=\na ::= \"x\"\n", "'root' is empty", "\"\"", 1, 1, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x\" |\na ::= \"x\"\n", "another rule begins", "\"\"", 2, 1, ANANKE_ERROR_SYNTAX},
        {"root ::= (\"x\"\na ::= \"x\"\n", "another rule begins", "", 2, 1, ANANKE_ERROR_SYNTAX},
        {"root ::= (\"x\" | (\"y\")", "without its ')'", "", 1, 10, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x\" ) \"y\"", "without its '('", "", 1, 14, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x\"\n | \"y\"", "does not begin with '|'", "line before", 2, 2, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x\" & \"y\"", "was expected here", "", 1, 14, ANANKE_ERROR_SYNTAX},
        {"root = \"x\"", "'::=' was expected", "", 1, 6, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x\"\n\"y\"", "a rule was expected", "", 2, 1, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x", "without its closing quote", "", 1, 10, ANANKE_ERROR_SYNTAX},
        {"root ::= \"x\\", "unknown escape", "", 1, 12, ANANKE_ERROR_SYNTAX},
        {"root ::= \"\\q\"", "unknown escape", "\\xHH", 1, 11, ANANKE_ERROR_SYNTAX},
        {"root ::= \"\\x4g\"", "hexadecimal", "", 1, 14, ANANKE_ERROR_SYNTAX},
        {"root ::= \"\\ud800\"", "surrogate", "", 1, 11, ANANKE_ERROR_SYNTAX},
        {"root ::= \"\\U00110000\"", "above U+10FFFF", "", 1, 11, ANANKE_ERROR_SYNTAX},
        {"root ::= [a-", "without its closing bracket", "", 1, 10, ANANKE_ERROR_SYNTAX},
        {"root ::= []", "empty", "", 1, 10, ANANKE_ERROR_SYNTAX},
        {"root ::= [z-a]", "ends before it begins", "", 1, 11, ANANKE_ERROR_SYNTAX},
        {"root ::= * \"a\"", "nothing to repeat", "", 1, 10, ANANKE_ERROR_SYNTAX},
        {"root ::= \"a\"{,3}", "a number was expected", "", 1, 14, ANANKE_ERROR_SYNTAX},
        {"root ::= \"a\"{3,1}", "lower end is above", "", 1, 13, ANANKE_ERROR_SYNTAX},
        {"root ::= \"a\"{3", "'}' was expected", "", 1, 15, ANANKE_ERROR_SYNTAX},
        {"root ::= \"a\"{1000001}", "1000000 at most", "", 1, 14, ANANKE_ERROR_SYNTAX},
        {"root ::= \"\xff\"", "not valid UTF-8", "", 1, 11, ANANKE_ERROR_SYNTAX},
        {"root ::= <think .*", "a token is <name> or <[id]>", "", 1, 10, ANANKE_ERROR_SYNTAX},
        {"root ::= (\n!\"a\")*", "'!' stands in front of a token", "", 2, 1, ANANKE_ERROR_SYNTAX},
        {"root ::= [\\ud800-\\udfff]", "no text at all", "", 0, 0, ANANKE_ERROR_CONFLICT},
        {"root ::= root \"a\"", "no text at all", "", 0, 0, ANANKE_ERROR_CONFLICT},
    };
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        assert_null(compile_gbnf(rows[i].text, vocab, &err));
        if (!strstr(err.message, rows[i].word) || !strstr(err.hint, rows[i].hint))
            print_error("%s: %s; %s\n", rows[i].text, err.message, err.hint);
        assert_non_null(strstr(err.message, rows[i].word));
        assert_non_null(strstr(err.hint, rows[i].hint));
        if (err.line != rows[i].line || err.column != rows[i].column)
            print_error("%s: at %u:%u\n", rows[i].text, err.line, err.column);
        assert_int_equal(err.code, rows[i].code);
        assert_int_equal(err.line, rows[i].line);
        assert_int_equal(err.column, rows[i].column);
        assert_string_equal(err.file, "g.gbnf");
    }
    ananke_vocab_free(vocab);
}

/* `count` times `open`, "a", and as often `close`. */
static ananke_error nested(const char *open, const char *close, int count) {
    char *text = malloc((strlen(open) + strlen(close)) * (size_t)count + 100), *end = text;
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    end += sprintf(end, "root ::= ");
    for (int i = 0; i < count; i++) end += sprintf(end, "%s", open);
    end += sprintf(end, "\"a\"");
    for (int i = 0; i < count; i++) end += sprintf(end, "%s", close);
    ananke_program_free(compile_gbnf(text, vocab, &err));
    ananke_vocab_free(vocab);
    free(text);
    return err;
}

TEST(nesting_has_an_end) {
    IGNORE_STATE;
    assert_int_equal(nested("(", ")", 400).code, ANANKE_OK);
    assert_int_equal(nested("(", ")*", 400).code, ANANKE_OK);
    assert_int_equal(nested("(\"b\" ", ")?", 400).code, ANANKE_OK);
    assert_non_null(strstr(nested("(", ")", 100000).message, "nested too deeply"));
    assert_non_null(strstr(nested("", "?", 100000).message, "nested too deeply"));
    assert_non_null(strstr(nested("(", ")????????", 490).message, "nested too deeply"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_literal_is_itself),
        cmocka_unit_test(escapes_say_what_cannot_be_typed),
        cmocka_unit_test(a_class_is_one_code_point),
        cmocka_unit_test(a_dot_is_any_code_point),
        cmocka_unit_test(sequences_alternatives_and_groups),
        cmocka_unit_test(repetitions_are_counted),
        cmocka_unit_test(rules_refer_to_each_other),
        cmocka_unit_test(rules_may_recur_on_the_left),
        cmocka_unit_test(a_line_goes_on_in_brackets_and_behind_a_bar),
        cmocka_unit_test(errors_have_words_and_places),
        cmocka_unit_test(nesting_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
