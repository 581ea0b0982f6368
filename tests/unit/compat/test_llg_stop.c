/* Stop controllers: what goes out, what waits, where it stops. */
#include "unit/compat/llg_bytes.h"
#include <stdio.h>

typedef struct Row {
    const char *regex; /* NULL: only the end of text stops */
    const char *text;
    const char *expected; /* what each token lets out, then '.', and at last '!' when it stopped */
} Row;

/* Feeds the text byte by byte, through a clone each time; gathers what comes out. */
static void feed(LlgStopController *controller, const char *text, char *out) {
    bool is_stopped = false;
    for (const char *at = text; *at; at++) {
        size_t length;
        LlgStopController *clone = llg_clone_stop_controller(controller);
        const char *piece = llg_stop_commit_token(clone,
                                                  *at == '\x01'   ? PAD
                                                  : *at == '\x02' ? EOS
                                                                  : (uint8_t)*at,
                                                  &length, &is_stopped);
        assert_int_equal(strlen(piece), length);
        strcat(strcat(out, piece), ".");
        llg_free_stop_controller(controller);
        controller = clone;
    }
    if (is_stopped) strcat(out, "!");
    llg_free_stop_controller(controller);
}

TEST(text_waits_while_it_may_be_the_beginning_of_a_stop) {
    IGNORE_STATE;
    static const Row rows[] = {
        {NULL, "ab", "a.b."},
        {NULL, "a\x02", "a..!"},
        {NULL, "\xC3\xB6\xE2z", ".\xC3\xB6..\xEF\xBF\xBDz."},
        {"ab+c", "xaabbd", "x..a...abbd."},
        {"ab+c", "xaabbc", "x..a....!"},
        {"ab+c",
         "ab\x01"
         "c",
         "..ab<pad>.c."}, /* not across a special token */
        {"ab+c", "ab\x02", "..ab.!"},
        {"(x|xy)", "wxyz", "w....!"},
        {"", "ab", "a..!"},
        {"\n\n", "a\nb\n\n", "a..\nb...!"},
        {"\xC3\xB6!", "\xC3\xB6\xC3\xB6!", "..\xC3\xB6...!"},
    };
    LlgTokenizer *tokenizer = byte_tokenizer();
    const uint32_t stop = EOS;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char error[100] = "", out[100] = "";
        LlgStopController *controller =
            llg_new_stop_controller(tokenizer, &stop, 1, rows[i].regex, error, sizeof error);
        assert_string_equal(error, "");
        feed(controller, rows[i].text, out);
        if (strcmp(out, rows[i].expected) != 0) fail_msg("row %zu: '%s' is not '%s'", i, out, rows[i].expected);
    }
    llg_free_tokenizer(tokenizer);
}

TEST(a_nul_goes_out_as_two_characters_and_ids_without_text_as_numbers) {
    IGNORE_STATE;
    LlgTokenizer *tokenizer = byte_tokenizer();
    LlgStopController *controller = llg_new_stop_controller(tokenizer, NULL, 0, NULL, NULL, 0);
    size_t length;
    bool is_stopped;
    assert_string_equal(llg_stop_commit_token(controller, 0, &length, &is_stopped), "\\0");
    assert_int_equal(length, 1); /* of the text, as llguidance counts */
    assert_string_equal(llg_stop_commit_token(controller, 7000, &length, &is_stopped), "<[7000]>");
    assert_false(is_stopped);
    llg_free_stop_controller(controller);
    llg_free_stop_controller(NULL);
    llg_free_tokenizer(tokenizer);
}

TEST(a_bad_expression_is_an_error) {
    IGNORE_STATE;
    LlgTokenizer *tokenizer = byte_tokenizer();
    char error[100] = "";
    assert_null(llg_new_stop_controller(tokenizer, NULL, 0, "(", error, sizeof error));
    assert_string_not_equal(error, "");
    llg_free_tokenizer(tokenizer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_waits_while_it_may_be_the_beginning_of_a_stop),
        cmocka_unit_test(a_nul_goes_out_as_two_characters_and_ids_without_text_as_numbers),
        cmocka_unit_test(a_bad_expression_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
