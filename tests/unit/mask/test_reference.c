/* The reference engine on grammars that a reader can follow. Correctness against a twin is test_matcher_brute.c's. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/reference.h"

typedef struct Fixture {
    ananke_vocab *vocab;
    ananke_program *program;
    Reference *reference;
} Fixture;

static Fixture open_grammar(const char *grammar) {
    ananke_error err = {0};
    Fixture self = {.vocab = ananke_vocab_load("bytes", NULL, &err)};
    self.program = ananke_program_from_lark(grammar, strlen(grammar), self.vocab, NULL, &err);
    if (!self.program) print_error("%s\n", err.message);
    assert_non_null(self.program);
    self.reference = ak_reference_new(self.program, &err);
    assert_non_null(self.reference);
    return self;
}

static void close_grammar(Fixture *self) {
    ak_reference_free(self->reference);
    ananke_program_free(self->program);
    ananke_vocab_free(self->vocab);
}

static bool put(Fixture *self, const char *text) {
    ananke_error err = {0};
    bool taken = ak_reference_consume_bytes(self->reference, ak_str(text), &err);
    if (!taken) assert_int_equal(err.code, ANANKE_ERROR_REFUSED);
    return taken;
}

/* The printable bytes that the mask allows, and '$' for the end of text. */
static const char *mask(Fixture *self, char *out) {
    uint32_t row[9];
    ananke_error err = {0};
    assert_true(ak_reference_fill_mask(self->reference, row, 9, &err));
    char *at = out;
    for (int byte = ' '; byte < 0x7F; byte++) {
        if (ak_bits_get(row, (size_t)byte)) *at++ = (char)byte;
    }
    if (ak_bits_get(row, 256)) *at++ = '$';
    *at = '\0';
    return out;
}

TEST(masks_say_what_may_follow) {
    IGNORE_STATE;
    char text[300];
    Fixture self = open_grammar("start: \"[\" (/[0-9]+/ (\",\" /[0-9]+/)*)? \"]\"\n%ignore / +/\n");
    assert_string_equal(mask(&self, text), "[");
    assert_true(put(&self, "["));
    assert_string_equal(mask(&self, text), " 0123456789]");
    assert_true(put(&self, "12 "));
    assert_string_equal(mask(&self, text), " ,]");
    assert_true(put(&self, ",3]"));
    assert_string_equal(mask(&self, text), "$");
    close_grammar(&self);
}

TEST(a_refused_byte_moves_nothing) {
    IGNORE_STATE;
    char before[300], after[300];
    Fixture self = open_grammar("start: \"a\" \"b\" /c+/ \"d\"\n");
    assert_true(put(&self, "ab"));
    mask(&self, before);
    assert_false(put(&self, "cccx"));
    assert_string_equal(mask(&self, after), before);
    assert_true(put(&self, "ccd"));
    assert_true(ak_reference_is_accepting(self.reference));
    close_grammar(&self);
}

TEST(a_text_may_end_where_its_last_lexeme_may) {
    IGNORE_STATE;
    Fixture self = open_grammar("start: /[a-z]+/ (\"=\" /[0-9]{2,3}/)?\n");
    assert_false(ak_reference_is_accepting(self.reference));
    assert_true(put(&self, "x") && ak_reference_is_accepting(self.reference));
    assert_true(put(&self, "=1") && !ak_reference_is_accepting(self.reference));
    assert_true(put(&self, "2") && ak_reference_is_accepting(self.reference));
    close_grammar(&self);
}

TEST(tokens_are_consumed_and_end_of_text_is_the_last_one) {
    IGNORE_STATE;
    char text[300];
    ananke_error err = {0};
    Fixture self = open_grammar("start: \"ab\"+\n");
    assert_false(ak_reference_consume(self.reference, 256, &err));
    assert_int_equal(err.code, ANANKE_ERROR_REFUSED);
    assert_true(ak_reference_consume(self.reference, 'a', &err) && ak_reference_consume(self.reference, 'b', &err));
    assert_true(ak_reference_consume(self.reference, 256, &err));
    assert_string_equal(mask(&self, text), "$");
    assert_false(ak_reference_consume(self.reference, 'a', &err));
    assert_true(ak_reference_is_accepting(self.reference));
    close_grammar(&self);
}

TEST(questions_leave_no_rows_behind) {
    IGNORE_STATE;
    char text[300];
    Fixture self = open_grammar("start: (/[a-z]+/ \";\" | \"(\" start \")\")+\n");
    assert_true(put(&self, "ab;(c"));
    uint32_t rows = (uint32_t)self.reference->chart.rows.count;
    mask(&self, text);
    ak_reference_is_accepting(self.reference);
    assert_int_equal(self.reference->chart.rows.count, rows);
    close_grammar(&self);
}

TEST(short_rows_are_refused) {
    IGNORE_STATE;
    uint32_t row[9];
    ananke_error err = {0};
    Fixture self = open_grammar("start: \"a\"\n");
    assert_false(ak_reference_fill_mask(self.reference, row, 8, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    close_grammar(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_say_what_may_follow),
        cmocka_unit_test(a_refused_byte_moves_nothing),
        cmocka_unit_test(a_text_may_end_where_its_last_lexeme_may),
        cmocka_unit_test(tokens_are_consumed_and_end_of_text_is_the_last_one),
        cmocka_unit_test(questions_leave_no_rows_behind),
        cmocka_unit_test(short_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
