/* Completion: short, and always accepted. */
#include "../test.h"
#include <ananke/matcher.h>

static const char *complete(const char *grammar, const char *text, char *out, size_t size) {
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, &err);
    ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, &err);
    assert_non_null(program);
    ananke_matcher *matcher = ananke_matcher_new(program, &err);
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)text, strlen(text), &err));
    size_t length = ananke_matcher_completion(matcher, (uint8_t *)out, size);
    if (length == SIZE_MAX) strcpy(out, "(none)");
    else assert_true(length < size && ananke_matcher_consume_bytes(matcher, (const uint8_t *)out, length, &err));
    assert_int_equal(ananke_matcher_is_accepting(matcher), length != SIZE_MAX);
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    ananke_vocab_free(vocab);
    return out;
}

TEST(brackets_are_closed_and_words_kept_apart) {
    IGNORE_STATE;
    static const char code[] =
        "start: stmt*\nstmt: \"let\" NAME \"=\" e \";\" | \"{\" stmt* \"}\" | \"return\" NAME \";\"\n"
        "e: e \"+\" e | NAME | NUMBER | \"(\" e \")\" | STRING\nNAME: /[a-z]+/ & ~(\"let\" | \"return\")\n"
        "NUMBER: /[0-9]+/\nSTRING: /\"[^\"\\n]*\"/\n%ignore /[ \\n]+/\n%ignore /\\/\\/[^\\n]*/\n";
    static const char *const rows[][2] = {
        {"", ""},         {"let a = (1 + (2", "));"}, {"{ let", "a=0;}"},   {"{{{", "}}}"}, {"let a = \"x", "\";"},
        {"ret", "urna;"}, {"let a = 1", ";"},         {"{ // note", "\n}"},
    };
    char text[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *found = complete(code, rows[i][0], text, sizeof text);
        if (strlen(found) != strlen(rows[i][1])) print_error("'%s' was completed by '%s'\n", rows[i][0], found);
        assert_int_equal(strlen(found), strlen(rows[i][1])); /* which letter is a matter of taste */
    }
}

TEST(the_cheapest_alternative_is_taken) {
    IGNORE_STATE;
    char text[64];
    assert_string_equal(
        complete("start: \"a\" (x | y)\nx: \"long\" \"er\"\ny: \"b\" z\nz: \"c\" | \"dd\"\n", "a", text, sizeof text),
        "bc");
    assert_string_equal(complete("start: l\nl: l \"x\" | \"y\" l \"z\" | \"w\"\n", "yyy", text, sizeof text), "wzzz");
}

TEST(there_may_be_none) {
    IGNORE_STATE;
    char text[64]; /* longest match takes the end that is needed */
    assert_string_equal(complete("start: A \"a\"\nA: /a+/\n", "a", text, sizeof text), "(none)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brackets_are_closed_and_words_kept_apart),
        cmocka_unit_test(the_cheapest_alternative_is_taken),
        cmocka_unit_test(there_may_be_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
