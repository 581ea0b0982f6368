/* Limits: lexemes that may lie on so many tokens, and texts that may have so many. test_matcher_brute.c compares the
 * former with a slow twin. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/reference.h"
#include <ananke/matcher.h>

typedef struct Fixture {
    ananke_vocab *vocab;
    ananke_program *program;
    ananke_matcher *matcher;
} Fixture;

/* Any single byte, then some longer tokens. */
enum { AB = 256, BC_DOT, DOT_A, DOT_AB_DOT, EOS, SIZE };

static ananke_vocab *make_vocab(void) {
    static const char *const longer[] = {"ab", "bc.", ".a", ".ab."};
    static const uint8_t *bytes[SIZE];
    static uint8_t single[256];
    static size_t lengths[SIZE];
    const uint32_t eos = EOS;
    for (int i = 0; i < 256; i++) single[i] = (uint8_t)i, bytes[i] = &single[i], lengths[i] = 1;
    for (int i = AB; i < EOS; i++) bytes[i] = (const uint8_t *)longer[i - AB], lengths[i] = strlen(longer[i - AB]);
    return ananke_vocab_from_tokens(bytes, lengths, SIZE, &eos, 1, NULL, NULL);
}

/* A Lark grammar, or llguidance's container. */
static Fixture open_grammar(const char *grammar) {
    ananke_error err = {0};
    Fixture self = {.vocab = make_vocab()};
    self.program = ananke_program_from_llguidance(grammar, strlen(grammar), self.vocab, NULL, &err);
    if (!self.program) print_error("%s: %s\n", grammar, err.message);
    assert_non_null(self.program);
    self.matcher = ananke_matcher_new(self.program, &err);
    assert_non_null(self.matcher);
    return self;
}

static void close_grammar(Fixture *self) {
    ananke_matcher_free(self->matcher);
    ananke_program_free(self->program);
    ananke_vocab_free(self->vocab);
}

static void consume(ananke_matcher *matcher, const uint32_t *tokens, size_t count) {
    for (size_t i = 0; i < count; i++) assert_true(ananke_matcher_consume(matcher, tokens[i], NULL));
}

static void consume_text(ananke_matcher *matcher, const char *text) {
    for (; *text; text++) assert_true(ananke_matcher_consume(matcher, (uint8_t)*text, NULL));
}

/* Which of the bytes "abc.,19" may come, and "$" where the text may end. */
static const char *next(ananke_matcher *matcher) {
    static char out[16];
    uint32_t row[(SIZE + 31) / 32];
    size_t count = 0;
    assert_true(ananke_matcher_fill_mask(matcher, row, sizeof row / sizeof *row, NULL));
    for (const char *byte = "abc.,19"; *byte; byte++) {
        if (ak_bits_get(row, (uint8_t)*byte)) out[count++] = *byte;
    }
    if (ak_bits_get(row, EOS)) out[count++] = '$';
    out[count] = '\0';
    return out;
}

typedef struct Case {
    const char *text, *next;
} Case;

/* The texts are consumed byte by byte, each a token. */
static void check(const char *grammar, const Case *rows) {
    Fixture self = open_grammar(grammar);
    for (; rows->text; rows++) {
        ananke_matcher_reset(self.matcher);
        consume_text(self.matcher, rows->text);
        assert_string_equal(next(self.matcher), rows->next);
    }
    close_grammar(&self);
}

TEST(a_lexeme_is_cut_off_behind_its_last_token) {
    IGNORE_STATE;
    check("start: name \".\" name?\nname[max_tokens=3]: /[a-c]+/\n",
          (Case[]){{"a", "abc."}, {"ab", "abc."}, {"abc", "."}, {"abc.", "abc$"}, {"abc.abc", "$"}, {NULL, NULL}});
}

TEST(what_is_cut_off_need_not_match) {
    IGNORE_STATE;
    check("start: name \".\"\nname[max_tokens=2]: /[a-c]{3,4}1/\n",
          (Case[]){{"a", "abc"}, {"ab", "."}, {"ab.", "$"}, {NULL, NULL}});
}

TEST(lexemes_that_have_tokens_left_go_on) {
    IGNORE_STATE;
    check("start: short \".\" | LONG \",\"\nshort[max_tokens=2]: /[a-c]+/\nLONG: /[ab]+/\n",
          (Case[]){{"a", "abc.,"}, {"ab", "ab,"}, {"ac", "."}, {"abb", "ab,"}, {NULL, NULL}});
}

TEST(rules_that_differ_in_it_are_different_lexemes) {
    IGNORE_STATE;
    check("start: one \".\" | two \",\" | ANY \"1\"\none[max_tokens=1]: ANY\ntwo[max_tokens=2]: ANY\nANY: /[a-c]+/\n",
          (Case[]){{"a", "abc,1"}, {"ab", "abc1"}, {NULL, NULL}});
}

TEST(all_that_are_used_up_at_once_may_go_on) {
    IGNORE_STATE;
    check("start: one \".\" | other \",\"\none[max_tokens=2]: /[a-c]+/\nother[max_tokens=2]: /[ab]+1/\n",
          (Case[]){{"ab", ".,"}, {"ac", "."}, {NULL, NULL}});
}

TEST(no_tokens_at_all_are_the_empty_text) {
    IGNORE_STATE;
    check("start: \"a\" name \"b\"\nname[max_tokens=0]: /[a-c]+/\n", (Case[]){{"a", "b"}, {"ab", "$"}, {NULL, NULL}});
    check("start: \"a\" name \"b\"\nname[lazy, max_tokens=0]: /[a-c]+/\n", (Case[]){{"a", "b"}, {NULL, NULL}});
}

TEST(forced_texts_stay_whole) {
    IGNORE_STATE;
    check("start: fixed \".\"\nfixed[max_tokens=2]: \"abcabc\" /1*/\n",
          (Case[]){{"abc", "a"}, {"abcabc", ".1"}, {"abcabc1", "."}, {NULL, NULL}});
}

TEST(lazy_ends_come_before_the_limit_or_with_it) {
    IGNORE_STATE;
    check("start: part+\npart[suffix=\".\", max_tokens=3]: /[ab]*/\n",
          (Case[]){{"a", "ab."}, {"a.", "ab.$"}, {"aab", "ab.$"}, {"ab.", "ab.$"}, {"ab.a", "ab."}, {NULL, NULL}});
}

TEST(what_is_cut_off_before_its_stop_is_followed_by_it) {
    IGNORE_STATE;
    check(
        "start: name \".\" \"1\"?\nname[stop=\".\", max_tokens=3]: /[a-c]*/\n",
        (Case[]){{"", "abc."}, {".", "1$"}, {"ab", "abc."}, {"ab.", "1$"}, {"abc", "."}, {"abc.", "1$"}, {NULL, NULL}});
    /* what of the stop is there already is the rule's */
    check("start: name \",.\" \"1\"?\nname[stop=\",.\", max_tokens=3]: /[a-c,]*/\n",
          (Case[]){{"a,", "abc.,"}, {"a,.", "1$"}, {"ab,", ","}, {"ab,,.", "1$"}, {NULL, NULL}});
    check("start: name \".\" | B \"1\"\nname[stop=\".\", max_tokens=2]: /[ab]*/\nB: /b+/\n",
          (Case[]){{"b", "ab.1"}, {"bb", "b1"}, {"ab", "."}, {"ab.", "$"}, {NULL, NULL}});
    check("start: name \".\"\nname[stop=\".\", max_tokens=0]: /[ab]*/\n",
          (Case[]){{"", "."}, {".", "$"}, {NULL, NULL}});
}

TEST(a_token_counts_for_the_lexeme_that_is_pending_at_its_end) {
    IGNORE_STATE;
    static const struct {
        uint32_t tokens[3];
        const char *next;
    } rows[] = {{{AB, 'c', '.'}, "abc.$"},         {{AB, 'c', DOT_A}, "abc.$"}, {{'a', BC_DOT, 'a'}, "abc.$"},
                {{'a', DOT_AB_DOT, 'b'}, "abc.$"}, {{'a', DOT_A, AB}, ".$"},    {{AB, DOT_A, 'c'}, ".$"}};
    Fixture self = open_grammar("start: name (\".\" name?)*\nname[max_tokens=2]: /[a-c]+/\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_matcher_reset(self.matcher);
        consume(self.matcher, rows[i].tokens, 3);
        assert_string_equal(next(self.matcher), rows[i].next);
    }
    close_grammar(&self);
}

TEST(bytes_without_a_token_do_not_count) {
    IGNORE_STATE;
    Fixture self = open_grammar("start: name (\".\" name)*\nname[max_tokens=2]: /[a-c]+/\n");
    assert_true(ananke_matcher_consume_bytes(self.matcher, (const uint8_t *)"abc", 3, NULL));
    consume_text(self.matcher, "a");
    assert_string_equal(next(self.matcher), "abc.$");
    assert_true(ananke_matcher_consume_bytes(self.matcher, (const uint8_t *)"b.a", 3, NULL));
    consume_text(self.matcher, "a");
    assert_string_equal(next(self.matcher), "abc.$");
    consume_text(self.matcher, "a");
    assert_string_equal(next(self.matcher), ".$");
    close_grammar(&self);
}

TEST(the_count_goes_along_with_forks_rollbacks_and_drafts) {
    IGNORE_STATE;
    static const uint32_t draft[] = {'b', 'c', '.', 'a'};
    Fixture self = open_grammar("start: name (\".\" name)*\nname[max_tokens=3]: /[a-c]+/\n");
    consume_text(self.matcher, "a");
    assert_int_equal(ananke_matcher_validate(self.matcher, draft, 4), 4);
    assert_int_equal(ananke_matcher_validate(self.matcher, (const uint32_t[]){'b', AB, 'c'}, 3), 2);
    consume_text(self.matcher, "b");
    ananke_matcher *fork = ananke_matcher_fork(self.matcher, NULL);
    consume_text(fork, "c");
    assert_string_equal(next(fork), ".$");
    assert_string_equal(next(self.matcher), "abc.$");
    consume_text(fork, ".");
    assert_true(ananke_matcher_rollback(fork, 2, NULL));
    consume_text(fork, "c");
    assert_string_equal(next(fork), ".$");
    assert_true(ananke_matcher_rollback(fork, 2, NULL));
    consume_text(fork, "c");
    assert_string_equal(next(fork), "abc.$");
    ananke_matcher_free(fork);
    close_grammar(&self);
}

TEST(a_text_may_end_where_its_last_lexeme_is_cut_off) {
    IGNORE_STATE;
    Fixture self = open_grammar("start: \"a\" name\nname[capture, max_tokens=2]: /[a-c]{3}/\n");
    ananke_capture found;
    consume_text(self.matcher, "ab");
    assert_false(ananke_matcher_is_accepting(self.matcher));
    consume_text(self.matcher, "c");
    assert_true(ananke_matcher_is_accepting(self.matcher));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EXHAUSTED);
    assert_int_equal(ananke_matcher_captures(self.matcher, &found, 1), 1);
    assert_int_equal(found.offset, 1);
    assert_int_equal(found.length, 2);
    close_grammar(&self);
}

#define FIVE "{\"max_tokens\": 5, \"grammars\": [{\"lark_grammar\": \"start: name*\\nname[capture]: /[ab]+c/\"}]}"

TEST(a_text_ends_behind_its_last_token) {
    IGNORE_STATE;
    static const uint32_t draft[] = {'a', AB, 'c', 'a', 'c', 'b'};
    Fixture self = open_grammar(FIVE);
    ananke_capture found[2];
    assert_int_equal(ananke_matcher_validate(self.matcher, draft, 6), 5);
    consume(self.matcher, draft, 4);
    assert_string_equal(next(self.matcher), "abc");
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_NONE);
    consume(self.matcher, draft + 4, 1);
    assert_string_equal(next(self.matcher), "$");
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_TOKENS);
    assert_int_equal(ananke_matcher_captures(self.matcher, found, 2), 2);
    assert_int_equal(found[1].offset, 4);
    assert_int_equal(found[1].length, 2);
    assert_false(ananke_matcher_consume(self.matcher, 'a', NULL));
    assert_true(ananke_matcher_consume(self.matcher, EOS, NULL));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EOS);
    assert_true(ananke_matcher_rollback(self.matcher, 2, NULL));
    assert_string_equal(next(self.matcher), "abc");
    assert_true(ananke_matcher_consume(self.matcher, 'c', NULL));
    assert_string_equal(next(self.matcher), "$");
    ananke_matcher_reset(self.matcher);
    assert_int_equal(ananke_matcher_validate(self.matcher, draft, 6), 5);
    close_grammar(&self);
}

TEST(the_reference_ends_a_text_there_too) {
    IGNORE_STATE;
    static const uint32_t tokens[] = {'a', AB, 'c', 'a', 'b'};
    Fixture self = open_grammar(FIVE);
    Reference *reference = ak_reference_new(self.program, NULL);
    uint32_t rows[2][(SIZE + 31) / 32];
    for (size_t i = 0; i <= 5; i++) {
        assert_true(ananke_matcher_fill_mask(self.matcher, rows[0], (SIZE + 31) / 32, NULL));
        assert_true(ak_reference_fill_mask(reference, rows[1], (SIZE + 31) / 32, NULL));
        assert_memory_equal(rows[0], rows[1], sizeof rows[0]);
        assert_int_equal(ak_reference_is_accepting(reference), ananke_matcher_is_accepting(self.matcher));
        if (i == 5) break;
        consume(self.matcher, &tokens[i], 1);
        assert_true(ak_reference_consume(reference, tokens[i], NULL));
    }
    ak_reference_free(reference);
    close_grammar(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lexeme_is_cut_off_behind_its_last_token),
        cmocka_unit_test(what_is_cut_off_need_not_match),
        cmocka_unit_test(lexemes_that_have_tokens_left_go_on),
        cmocka_unit_test(rules_that_differ_in_it_are_different_lexemes),
        cmocka_unit_test(all_that_are_used_up_at_once_may_go_on),
        cmocka_unit_test(no_tokens_at_all_are_the_empty_text),
        cmocka_unit_test(forced_texts_stay_whole),
        cmocka_unit_test(lazy_ends_come_before_the_limit_or_with_it),
        cmocka_unit_test(what_is_cut_off_before_its_stop_is_followed_by_it),
        cmocka_unit_test(a_token_counts_for_the_lexeme_that_is_pending_at_its_end),
        cmocka_unit_test(bytes_without_a_token_do_not_count),
        cmocka_unit_test(the_count_goes_along_with_forks_rollbacks_and_drafts),
        cmocka_unit_test(a_text_may_end_where_its_last_lexeme_is_cut_off),
        cmocka_unit_test(a_text_ends_behind_its_last_token),
        cmocka_unit_test(the_reference_ends_a_text_there_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
