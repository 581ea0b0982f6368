/* Holes: texts end where the whole is one, and nowhere else. */
#include "matcher_fixture.h"
#include <ananke/ir.h>
#include <ananke/vocab.h>
#include <stdio.h>

static bool consume(ananke_matcher *matcher, const char *text) {
    return ananke_matcher_consume_bytes(matcher, (const uint8_t *)text, strlen(text), NULL);
}

static bool set_suffix(ananke_matcher *matcher, const char *text, ananke_error *err) {
    return ananke_matcher_set_suffix(matcher, (const uint8_t *)text, strlen(text), err);
}

/* The slow twin: the whole text from its start. */
static bool is_whole(ananke_matcher *fresh, const char *before, const char *middle, const char *after) {
    ananke_matcher_reset(fresh);
    return consume(fresh, before) && consume(fresh, middle) && consume(fresh, after) &&
           ananke_matcher_is_accepting(fresh);
}

/* What the two kinds of masks, and consuming, say of the end, which must be the same. */
static bool allows_end(Fixture *self) {
    enum { WORDS = 9, END = 256 };
    uint32_t row[WORDS];
    ananke_mask mask;
    assert_int_equal(ananke_vocab_size(self->vocab), END + 1);
    assert_true(ananke_matcher_fill_mask(self->matcher, row, WORDS, NULL));
    bool allowed = row[END / 32] >> END % 32 & 1;
    assert_true(ananke_matcher_mask(self->matcher, &mask, NULL));
    for (uint32_t id = 0; id <= END; id++) {
        bool is_in = mask.row && (mask.row[id / 32] >> id % 32 & 1);
        for (uint32_t i = 0; i < mask.count; i++) is_in = is_in || mask.ids[i] == id;
        assert_int_equal(is_in, row[id / 32] >> id % 32 & 1);
    }
    const uint32_t end = END;
    assert_int_equal(ananke_matcher_validate(self->matcher, &end, 1), allowed);
    assert_int_equal(ananke_matcher_consume(self->matcher, END, NULL), allowed);
    assert_true(!allowed || ananke_matcher_rollback(self->matcher, 1, NULL));
    assert_int_equal(ananke_matcher_is_accepting(self->matcher), allowed);
    return allowed;
}

/* All middles of some letters, `most` at most. How many fit is returned. */
static size_t try_middles(Fixture *self, const char *letters, const char *before, const char *after, size_t most) {
    size_t fitting = 0, count = strlen(letters), places[8] = {0};
    ananke_matcher *fresh = ananke_matcher_new(self->program, NULL);
    assert_non_null(fresh);
    for (size_t length = 0; length <= most;) {
        char middle[9] = "";
        for (size_t i = 0; i < length; i++) middle[i] = letters[places[i]];
        bool expected = is_whole(fresh, before, middle, after);
        if (consume(self->matcher, middle)) {
            if (allows_end(self) != expected) fail_msg("%s[%s]%s", before, middle, after);
            assert_true(ananke_matcher_rollback(self->matcher, 1, NULL));
        } else assert_false(expected);
        fitting += expected;
        size_t at = 0;
        while (at < length && ++places[at] == count) places[at++] = 0;
        if (at == length) length++;
    }
    ananke_matcher_free(fresh);
    return fitting;
}

TEST(a_hole_ends_where_the_whole_text_can_be_read) {
    IGNORE_STATE;
    static const char grammar[] =
        "start: s*\ns: NAME \";\" | \"{\" s* \"}\" | \"if\" \"(\" NAME \")\" s\nNAME: /[a-z]+/ & ~\"if\"\n%ignore \" \"\n"
        "%ignore /#[^\\n]*\\n/\n";
    static const char *const holes[][2] = {
        {"", ";"},        {"{", "}"},     {"{a", ";}"},     {"i", "f;"},    {"if(", ") {a;}"},
        {"a;{# ", "\n}"}, {"{{", "}} }"}, {"a;", "f(b)c;"}, {"a", "b ; }"}, {"", "a;a;a;a;a;a;a;a;a;a;a;a;"}};
    Fixture self = open_matcher(ananke_program_from_lark, grammar, NULL);
    size_t fitting = 0;
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        ananke_error err = {0};
        ananke_matcher_reset(self.matcher);
        if (!consume(self.matcher, holes[i][0])) fail_msg("%s", holes[i][0]);
        if (!set_suffix(self.matcher, holes[i][1], &err)) fail_msg("%s: %s", holes[i][1], err.message);
        fitting += try_middles(&self, "ai;{}( #", holes[i][0], holes[i][1], 3);
    }
    assert_true(fitting > 150);
    close_matcher(&self);
}

TEST(a_hole_in_a_language) {
    IGNORE_STATE;
    Fixture self = {.vocab = ananke_vocab_load("bytes", NULL, NULL)};
    self.program = ananke_program_from_language("typescript", self.vocab, NULL, NULL);
    assert_non_null(self.program);
    self.matcher = ananke_matcher_new(self.program, NULL);
    static const char *const holes[][2] = {
        {"f(", ")"}, {"let a = ", "\nb"}, {"class A { a", "} }"}, {"let a: b<", ">"}, {"`${", "}`"}};
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        ananke_matcher_reset(self.matcher);
        assert_true(consume(self.matcher, holes[i][0]) && set_suffix(self.matcher, holes[i][1], NULL));
        size_t fitting = try_middles(&self, "a(){ \n", holes[i][0], holes[i][1], 4);
        if (fitting < 5) fail_msg("%s[]%s: %zu", holes[i][0], holes[i][1], fitting);
    }
    close_matcher(&self);
}

TEST(what_was_begun_is_completed_up_to_the_suffix) {
    IGNORE_STATE;
    char text[64];
    Fixture self = open_matcher(ananke_program_from_lark, "start: \"(\" (\"a\" | start)* \")\"\n", NULL);
    assert_true(consume(self.matcher, "((") && set_suffix(self.matcher, "a)a))", NULL));
    assert_int_equal(ananke_matcher_completion(self.matcher, (uint8_t *)text, sizeof text), 1);
    assert_string_equal(text, "(");
    assert_int_equal(ananke_matcher_forced(self.matcher, (uint8_t *)text, sizeof text), 0);
    close_matcher(&self);
    self = (Fixture){.vocab = ananke_vocab_load("bytes", NULL, NULL)};
    self.program = ananke_program_from_language("typescript", self.vocab, NULL, NULL);
    self.matcher = ananke_matcher_new(self.program, NULL);
    assert_true(consume(self.matcher, "if (a") && set_suffix(self.matcher, "\n}", NULL));
    size_t length = ananke_matcher_completion(self.matcher, (uint8_t *)text, sizeof text);
    assert_true(length < sizeof text && consume(self.matcher, text) && ananke_matcher_is_accepting(self.matcher));
    close_matcher(&self);
}

TEST(forced_bytes_end_where_the_suffix_fits) {
    IGNORE_STATE;
    char text[64];
    Fixture self = open_matcher(ananke_program_from_lark, "start: \"abcdef\"\n", NULL);
    assert_true(set_suffix(self.matcher, "def", NULL));
    assert_int_equal(ananke_matcher_forced(self.matcher, (uint8_t *)text, sizeof text), 3);
    assert_true(consume(self.matcher, "abc") && ananke_matcher_is_accepting(self.matcher));
    assert_true(consume(self.matcher, "def"));
    assert_false(ananke_matcher_is_accepting(self.matcher));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_ERROR);
    assert_int_equal(ananke_matcher_error(self.matcher)->code, ANANKE_ERROR_REFUSED);
    assert_true(ananke_matcher_rollback(self.matcher, 1, NULL) && ananke_matcher_is_accepting(self.matcher));
    close_matcher(&self);
}

TEST(a_suffix_that_fits_nowhere_is_refused) {
    IGNORE_STATE;
    ananke_error err = {0};
    Fixture self = open_matcher(ananke_program_from_lark, "start: \"yes\" | \"no\"\n", NULL);
    assert_false(set_suffix(self.matcher, "maybe", &err));
    assert_int_equal(err.code, ANANKE_ERROR_REFUSED);
    assert_true(set_suffix(self.matcher, "es", NULL) && consume(self.matcher, "y"));
    assert_false(set_suffix(self.matcher, "o", NULL)); /* and the other one stays */
    assert_true(ananke_matcher_is_accepting(self.matcher));
    ananke_matcher *fork = ananke_matcher_fork(self.matcher, NULL);
    assert_true(set_suffix(self.matcher, "", NULL)); /* none */
    assert_false(ananke_matcher_is_accepting(self.matcher));
    assert_true(ananke_matcher_is_accepting(fork));
    ananke_matcher_reset(fork);
    assert_true(consume(fork, "y") && ananke_matcher_is_accepting(fork));
    ananke_matcher_free(fork);
    close_matcher(&self);
}

TEST(grammars_that_count_take_no_suffix) {
    IGNORE_STATE;
    ananke_error err = {0};
    Fixture self = open_matcher(ananke_program_from_lark, "start: a \"b\"\na[max_tokens=3]: /a*/\n", NULL);
    assert_false(set_suffix(self.matcher, "b", &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_true(set_suffix(self.matcher, "", NULL));
    close_matcher(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hole_ends_where_the_whole_text_can_be_read),
                                       cmocka_unit_test(a_hole_in_a_language),
                                       cmocka_unit_test(what_was_begun_is_completed_up_to_the_suffix),
                                       cmocka_unit_test(forced_bytes_end_where_the_suffix_fits),
                                       cmocka_unit_test(a_suffix_that_fits_nowhere_is_refused),
                                       cmocka_unit_test(grammars_that_count_take_no_suffix)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
