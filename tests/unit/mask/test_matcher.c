/* The matcher on small grammars that a reader can follow. */
#include "base/bitset.h"
#include "mask/mask_pool.h"
#include "unit/mask/matcher_fixture.h"
#include <stdio.h>

static Fixture open_grammar(const char *grammar) {
    return open_matcher(ananke_program_from_lark, grammar, NULL);
}

/* Puts `text` after a reset; -1 when all is taken, else the first byte that is not. */
static int put(Fixture *self, const char *text) {
    ananke_error err = {0};
    ananke_matcher_reset(self->matcher);
    if (ananke_matcher_consume_bytes(self->matcher, (const uint8_t *)text, strlen(text), &err)) return -1;
    assert_int_equal(err.code, ANANKE_ERROR_REFUSED);
    return (int)err.offset;
}

/* The printable bytes that the mask allows, and '$' for the end of text. */
static const char *mask(Fixture *self, char *out) {
    uint32_t row[9];
    ananke_error err = {0};
    assert_true(ananke_matcher_fill_mask(self->matcher, row, 9, &err));
    char *at = out;
    for (int byte = ' '; byte < 0x7F; byte++) {
        if (ak_bits_get(row, (size_t)byte)) *at++ = (char)byte;
    }
    if (ak_bits_get(row, 256)) *at++ = '$';
    *at = '\0';
    return out;
}

TEST(masks_follow_a_left_recursive_list) {
    IGNORE_STATE;
    char text[300];
    Fixture self = open_grammar("start: start \",\" item | item\nitem: /[0-9]+/ | \"[\" start \"]\"\n");
    assert_string_equal(mask(&self, text), "0123456789[");
    assert_int_equal(put(&self, "[1,22"), -1);
    assert_string_equal(mask(&self, text), ",0123456789]");
    assert_int_equal(put(&self, "[1,22]"), -1);
    assert_string_equal(mask(&self, text), ",$");
    assert_int_equal(put(&self, "[1,]"), 3);
    close_matcher(&self);
}

TEST(longest_match_does_not_come_back) {
    IGNORE_STATE;
    Fixture self = open_grammar("start: STEM SUFFIX\nSTEM: \"list\" | \"listen\"\nSUFFIX: \"ed\"\n");
    assert_int_equal(put(&self, "listened"), -1);
    assert_int_equal(put(&self, "listed"), 5); /* "liste" could only be "listen" */
    close_matcher(&self);
}

TEST(ignored_text_stands_between_lexemes_only) {
    IGNORE_STATE;
    Fixture self = open_grammar("start: \"a\" \"b\" \"c\"?\n%ignore / +/\n");
    assert_int_equal(put(&self, "a   b"), -1);
    assert_int_equal(put(&self, " ab"), 0);
    assert_int_equal(put(&self, "ab "), -1); /* a "c" may follow */
    assert_true(ananke_matcher_is_accepting(self.matcher));
    assert_int_equal(put(&self, "abc "), 3);
    close_matcher(&self);
}

TEST(ignored_text_stands_before_no_rest_that_is_empty) {
    IGNORE_STATE;
    const char *bodies[] = {"start start | \"a\"", "start start | \"a\" r r\n r:"};
    const char *limits[] = {"", "[max_tokens=9]"};
    for (int i = 0; i < 4; i++) {
        char grammar[256];
        snprintf(grammar, sizeof grammar, "start: n \"x\"\nn%s: %%lark {\nstart: %s\n%%ignore \"c\"\n}\n",
                 limits[i / 2], bodies[i % 2]);
        Fixture self = open_grammar(grammar);
        assert_int_equal(put(&self, "acax"), -1);
        assert_int_equal(put(&self, "acx"), 2);
        close_matcher(&self);
    }
}

TEST(keywords_are_taken_out_of_names) {
    IGNORE_STATE;
    Fixture self = open_grammar("start: NAME\nNAME: /[a-z]+/ & ~(\"if\" | \"in\")\n");
    assert_int_equal(put(&self, "if"), -1);
    assert_false(ananke_matcher_is_accepting(self.matcher));
    assert_int_equal(put(&self, "iff"), -1);
    assert_true(ananke_matcher_is_accepting(self.matcher));
    close_matcher(&self);
}

TEST(end_of_text_is_a_token) {
    IGNORE_STATE;
    char text[300];
    ananke_error err = {0};
    Fixture self = open_grammar("start: \"ab\"*\n");
    assert_int_equal(put(&self, "a"), -1);
    assert_false(ananke_matcher_consume(self.matcher, 256, &err));
    assert_true(ananke_matcher_consume(self.matcher, 'b', &err));
    assert_true(ananke_matcher_consume(self.matcher, 256, &err));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EOS);
    assert_string_equal(mask(&self, text), "$");
    assert_false(ananke_matcher_consume(self.matcher, 'a', &err));
    assert_true(ananke_matcher_rollback(self.matcher, 2, &err));
    assert_string_equal(mask(&self, text), "b");
    close_matcher(&self);
}

TEST(nothing_follows_an_exhausted_text) {
    IGNORE_STATE;
    Fixture self = open_grammar("start: \"a\" \"b\"\n");
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_NONE);
    assert_int_equal(put(&self, "ab"), -1);
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EXHAUSTED);
    close_matcher(&self);
}

TEST(expected_names_terminals_and_literals) {
    IGNORE_STATE;
    char text[100];
    Fixture self = open_grammar("start: NAME \"=\" (NUMBER | \"nil\")\nNAME: /[a-z]+/\nNUMBER: /[0-9]+/\n");
    assert_int_equal(put(&self, "x"), -1);
    ananke_matcher_expected(self.matcher, text, sizeof text);
    assert_string_equal(text, "NAME, \"=\"");
    assert_int_equal(put(&self, "x="), -1);
    assert_int_equal(ananke_matcher_expected(self.matcher, text, 4), strlen("NUMBER, \"nil\""));
    assert_string_equal(text, "NUM");
    close_matcher(&self);
}

TEST(permutations_through_parameters) {
    IGNORE_STATE;
    Fixture self = open_grammar("start: perm::0x0\n"
                                "perm::_: \"\" %if is_ones([0:3])\n"
                                "       | \"a\" perm::set_bit(0) %if bit_clear(0)\n"
                                "       | \"b\" perm::set_bit(1) %if bit_clear(1)\n"
                                "       | \"c\" perm::set_bit(2) %if bit_clear(2)\n");
    assert_int_equal(put(&self, "bca"), -1);
    assert_true(ananke_matcher_is_accepting(self.matcher));
    assert_int_equal(put(&self, "bb"), 1);
    close_matcher(&self);
}

TEST(a_regex_program_matches_the_whole_text) {
    IGNORE_STATE;
    ananke_error err = {0};
    Fixture self = {.vocab = ananke_vocab_load("bytes", NULL, &err)};
    self.program = ananke_program_from_regex("(ab|c){2,3}", 11, self.vocab, NULL, &err);
    assert_non_null(self.program);
    self.matcher = ananke_matcher_new(self.program, &err);
    assert_int_equal(put(&self, "abc"), -1);
    assert_true(ananke_matcher_is_accepting(self.matcher));
    assert_int_equal(put(&self, "ccca"), 3);
    close_matcher(&self);
}

TEST(a_mask_can_be_had_without_a_copy) {
    IGNORE_STATE;
    ananke_error err = {0};
    Fixture self = open_grammar("start: \"(\" /[a-z]+/ \")\"\n");
    ananke_mask first, again, other;
    uint32_t row[9];
    assert_true(ananke_matcher_mask(self.matcher, &first, &err));
    assert_null(first.row);
    assert_int_equal(first.count, 1);
    assert_int_equal(first.ids[0], '(');
    assert_true(ananke_matcher_consume(self.matcher, '(', &err) && ananke_matcher_mask(self.matcher, &other, &err));
    assert_int_not_equal(first.id, other.id);
    assert_true(ananke_matcher_fill_mask(self.matcher, row, 9, &err));
    if (other.row) assert_memory_equal(other.row, row, sizeof row);
    else assert_int_equal(other.count, ak_bits_count(row, 9));
    assert_true(ananke_matcher_rollback(self.matcher, 1, &err) && ananke_matcher_mask(self.matcher, &again, &err));
    assert_int_equal(again.id, first.id);
    close_matcher(&self);
}

TEST(each_of_very_many_masks_can_be_had_without_a_copy) {
    IGNORE_STATE;
    enum { MASKS = 2 * MASK_ROWS };
    ananke_error err = {0};
    static char grammar[64 * MASKS] = "start:";
    for (int i = 0; i < MASKS; i++) /* behind each text of one sign, others may come */
        snprintf(grammar + strlen(grammar), sizeof grammar - strlen(grammar), " /[%c-%cx]/", 'A' + i % 14,
                 'P' + i / 14);
    Fixture self = open_grammar(grammar);
    for (int i = 0; i < MASKS; i++) {
        ananke_mask mask;
        uint32_t row[9];
        assert_true(ananke_matcher_mask(self.matcher, &mask, &err) && mask.row);
        assert_true(ananke_matcher_fill_mask(self.matcher, row, 9, &err));
        assert_memory_equal(mask.row, row, sizeof row);
        assert_true(ananke_matcher_consume(self.matcher, 'x', &err));
    }
    close_matcher(&self);
}

TEST(forced_bytes_go_up_to_the_first_choice) {
    IGNORE_STATE;
    ananke_error err = {0};
    uint8_t bytes[16] = {0};
    Fixture self = open_grammar("start: \"{\\\"name\\\": \" /[0-9]+/ [\"}\"]\n");
    assert_int_equal(ananke_matcher_forced(self.matcher, bytes, sizeof bytes), 9);
    assert_memory_equal(bytes, "{\"name\": ", 9);
    assert_int_equal(ananke_matcher_forced(self.matcher, bytes, 2), 9); /* the length, whatever fits */
    assert_true(ananke_matcher_consume_bytes(self.matcher, bytes, 9, &err));
    assert_int_equal(ananke_matcher_forced(self.matcher, bytes, sizeof bytes), 0); /* ten digits */
    assert_true(ananke_matcher_consume(self.matcher, '7', &err));
    assert_int_equal(ananke_matcher_forced(self.matcher, bytes, sizeof bytes), 0); /* may end */
    close_matcher(&self);
}

TEST(a_long_list_takes_linear_room) {
    IGNORE_STATE;
    ananke_error err = {0};
    Fixture self = open_grammar("start: (/[a-z]+/ \";\")*\n");
    for (int i = 0; i < 20000; i++) assert_true(ananke_matcher_consume(self.matcher, i % 2 ? ';' : 'a', &err));
    assert_true(ananke_matcher_is_accepting(self.matcher));
    assert_true(ananke_matcher_rollback(self.matcher, 20000, &err));
    assert_false(ananke_matcher_rollback(self.matcher, 1, &err));
    close_matcher(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_follow_a_left_recursive_list),
        cmocka_unit_test(longest_match_does_not_come_back),
        cmocka_unit_test(ignored_text_stands_between_lexemes_only),
        cmocka_unit_test(ignored_text_stands_before_no_rest_that_is_empty),
        cmocka_unit_test(keywords_are_taken_out_of_names),
        cmocka_unit_test(end_of_text_is_a_token),
        cmocka_unit_test(nothing_follows_an_exhausted_text),
        cmocka_unit_test(expected_names_terminals_and_literals),
        cmocka_unit_test(permutations_through_parameters),
        cmocka_unit_test(a_regex_program_matches_the_whole_text),
        cmocka_unit_test(a_mask_can_be_had_without_a_copy),
        cmocka_unit_test(each_of_very_many_masks_can_be_had_without_a_copy),
        cmocka_unit_test(forced_bytes_go_up_to_the_first_choice),
        cmocka_unit_test(a_long_list_takes_linear_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
