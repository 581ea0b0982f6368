/* Limits of rules: texts of whole grammars that may lie on so many tokens. test_matcher_brute.c compares one nested grammar with a
 * slow twin; here are the cases by name, and walks through grammars with several beside the reference engine. */
#include "base/bitset.h"
#include "mask/reference.h"
#include "unit/mask/matcher_fixture.h"
#include <stdio.h>
#include <stdlib.h>

/* Any single byte, then some longer tokens; STOP and GO are special. */
enum { AB = 256, BC, AB_DOT, DOT_A, BRACKETS, COMMA_ONE, STOP, GO, EOS, SIZE };

static ananke_vocab *make_vocab(void) {
    static const char *const longer[] = {"ab", "bc", "ab.", ".a", "[[", ",1", "", "", ""};
    static const uint8_t *bytes[SIZE];
    static uint8_t single[256];
    static size_t lengths[SIZE];
    const uint32_t eos = EOS;
    for (int i = 0; i < 256; i++) single[i] = (uint8_t)i, bytes[i] = &single[i], lengths[i] = 1;
    for (int i = AB; i < SIZE; i++) bytes[i] = (const uint8_t *)longer[i - AB], lengths[i] = strlen(longer[i - AB]);
    return ananke_vocab_from_tokens(bytes, lengths, SIZE, &eos, 1, NULL, NULL);
}

static Fixture open_grammar(const char *grammar) {
    return open_matcher(ananke_program_from_llguidance, grammar, make_vocab());
}

static void consume(ananke_matcher *matcher, const char *text) {
    for (; *text; text++) assert_true(ananke_matcher_consume(matcher, (uint8_t)*text, NULL));
}

/* Which of these bytes may come, and "$" where the text may end. */
static const char *next(ananke_matcher *matcher) {
    static char out[24];
    uint32_t row[(SIZE + 31) / 32];
    size_t count = 0;
    assert_true(ananke_matcher_fill_mask(matcher, row, sizeof row / sizeof *row, NULL));
    for (const char *byte = "abc.,;1[] _"; *byte; byte++) {
        if (ak_bits_get(row, (uint8_t)*byte)) out[count++] = *byte;
    }
    if (ak_bits_get(row, EOS)) out[count++] = '$';
    out[count] = '\0';
    return out;
}

/* The captures so far, each as NAME=offset+length. */
static const char *captures(ananke_matcher *matcher) {
    static char out[400];
    ananke_capture list[20];
    size_t count = ananke_matcher_captures(matcher, list, 20), at = 0;
    assert_true(count <= 20);
    *out = '\0';
    for (size_t i = 0; i < count; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s%.*s=%zu+%zu", i ? " " : "", (int)list[i].name_length,
                               list[i].name, list[i].offset, list[i].length);
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
        consume(self.matcher, rows->text);
        assert_string_equal(next(self.matcher), rows->next);
    }
    close_matcher(&self);
}

#define PAIRS "%lark {\nstart: pair+\npair: /[ab]+/ (\",\" | \";\")\n}\n"

TEST(a_grammar_is_cut_off_behind_its_last_token) {
    IGNORE_STATE;
    check("start: in \".\" in?\nin[max_tokens=3]: " PAIRS, (Case[]){{"a", "ab,;"},
                                                                    {"a,", "ab."},
                                                                    {"a,b", "."},
                                                                    {"aab", "."},
                                                                    {"a,b.", "ab$"},
                                                                    {"a,.ab,", "$"},
                                                                    {"a,.ab", "ab,;"},
                                                                    {NULL, NULL}});
    check("start: in \".\"\nin[max_tokens=4]: %json {\"type\": \"array\"}\n",
          (Case[]){{"[1", ".,1] "}, {"[1,1", "."}, {"[[[[", "."}, {"[]", "."}, {NULL, NULL}});
}

TEST(other_ways_to_read_the_text_go_on) {
    IGNORE_STATE;
    check("start: in \".\" | /[ab]+,[ab]+/ \"1\"\nin[max_tokens=3]: " PAIRS,
          (Case[]){{"a,", "ab"}, {"a,b", "ab1"}, {"a;b", "."}, {"a,bb", "ab1"}, {NULL, NULL}});
    /* the same lexemes in the same grammar, with a limit and without one */
    check("start: in \".\" | out \"1\"\nin[max_tokens=3]: " PAIRS "out: " PAIRS,
          (Case[]){{"a,", "ab.1"}, {"a,b", "ab,;"}, {"a,b,", "ab1"}, {"a,b,a,", "ab1"}, {NULL, NULL}});
    check(
        "{\"grammars\": [{\"lark_grammar\": \"start: in \\\".\\\" | out \\\"1\\\"\\nin[max_tokens=3]: @x\\nout: @x\"}, "
        "{\"name\": \"x\", \"lark_grammar\": \"start: pair+\\npair: /[ab]+/ (\\\",\\\" | \\\";\\\")\"}]}",
        (Case[]){{"a,", "ab.1"}, {"aa", "ab,;"}, {"aaa", "ab,;"}, {"aaa,", "ab1"}, {"a,b,a,", "ab1"}, {NULL, NULL}});
}

TEST(all_that_are_used_up_at_once_may_go_on_but_no_others) {
    IGNORE_STATE;
    check("start: one \".\" | two \"1\"\none[max_tokens=2]: %lark {\nstart: \"a\" /[ab]/ \"c\"\n}\n"
          "two[max_tokens=2]: %lark {\nstart: \"a\" /[ac]/ \"b\"\n}\n",
          (Case[]){{"aa", ".1"}, {"ab", "."}, {"ac", "1"}, {NULL, NULL}});
}

TEST(the_outermost_of_several_is_cut_off) {
    IGNORE_STATE;
    static const char two[] = "start: out \".\"\nout[max_tokens=4]: %lark {\nstart: \"[\" in \"]\" /[ab]+/\n"
                              "in[max_tokens=2]: %lark {\nstart: /[ab]/ /[ab]/ /[ab]/ \"c\"\n}\n}\n";
    check(two, (Case[]){{"[a", "ab"}, {"[ab", "]"}, {"[ab]", "ab"}, {"[ab]a", "."}, {NULL, NULL}}); /* "]" is forced */
    check("start: out \".\"\nout[max_tokens=2]: %lark {\nstart: in \"]\" /[ab]+/\n"
          "in[max_tokens=2]: %lark {\nstart: /[ab]/ /[ab]/ /[ab]/ \"c\"\n}\n}\n",
          (Case[]){{"a", "ab"}, {"ab", "."}, {NULL, NULL}});
}

TEST(a_grammar_inside_of_itself_counts_for_itself) {
    IGNORE_STATE;
    static const char grammars[] =
        "{\"grammars\": [{\"lark_grammar\": \"start: in \\\".\\\"\\nin[max_tokens=5]: @x\"}, "
        "{\"name\": \"x\", \"lark_grammar\": \"start: \\\"[\\\" in? /[ab]+/ \\\"]\\\"\\nin[max_tokens=2]: @x\"}]}";
    check(grammars, (Case[]){{"[", "ab["},
                             {"[[", "ab["},
                             {"[[a", "ab"}, /* the one inside has had its two */
                             {"[[[", "ab"},
                             {"[[[a", "ab]"},
                             {"[[[a]", "."},
                             {NULL, NULL}});
}

TEST(what_is_ignored_belongs_to_the_grammar_inside) {
    IGNORE_STATE;
    check(
        "start: \"a\" in \"c\"\nin[max_tokens=3]: %lark {\nstart: \"a\" \"b\" \"b\"\n%ignore \"_\"\n}\n%ignore \" \"\n",
        (Case[]){{"aa_", "b_"},
                 {"a  ", "a "},
                 {"a   a", "b_"},
                 {"a   a_", "b_"},
                 {"a   a__", "c "},
                 {"aa__", "c "},
                 {"aab", "b_"},
                 {"aab_", "c "},
                 {NULL, NULL}});
}

TEST(forced_texts_stay_whole_and_no_tokens_are_the_empty_text) {
    IGNORE_STATE;
    check("start: in \".\"\nin[max_tokens=2]: %lark {\nstart: \"abcabc\" /1*/\n}\n",
          (Case[]){{"abc", "a"}, {"abcabc", ".1"}, {"abcabc1", "."}, {NULL, NULL}});
    check("start: in \".\"\nin[max_tokens=0]: " PAIRS, (Case[]){{"", "."}, {NULL, NULL}});
}

TEST(tokens_count_that_have_a_byte_of_it) {
    IGNORE_STATE;
    static const struct {
        uint32_t tokens[4];
        const char *next;
    } rows[] = {{{AB, ',', AB, '.'}, "ab$"},
                {{'a', AB, ',', '.'}, "ab$"},
                {{AB, ',', DOT_A, 'b'}, "ab,;"},
                {{AB, ',', DOT_A, AB_DOT}, "$"}, /* none */
                {{AB, ',', '.', AB}, "ab,;"}};
    Fixture self = open_grammar("start: in \".\" in?\nin[max_tokens=3]: " PAIRS);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_matcher_reset(self.matcher);
        bool is_taken = true;
        for (size_t k = 0; k < 4 && is_taken; k++)
            is_taken = ananke_matcher_consume(self.matcher, rows[i].tokens[k], NULL);
        if (i == 3) assert_false(is_taken);
        else assert_string_equal(next(self.matcher), rows[i].next);
    }
    ananke_matcher_reset(self.matcher);
    assert_true(ananke_matcher_consume_bytes(self.matcher, (const uint8_t *)"aabb,a", 6, NULL));
    consume(self.matcher, "ab");
    assert_string_equal(next(self.matcher), "ab,;");
    consume(self.matcher, "b");
    assert_string_equal(next(self.matcher), ".");
    close_matcher(&self);
}

TEST(tokens_that_are_read_as_a_whole_count_too) {
    IGNORE_STATE;
    Fixture self =
        open_grammar("start: \"a\" in /[.,]/\nin[max_tokens=3]: %lark {\nstart: (<[262]> | \"b\")+ <[263]>\n}\n");
    consume(self.matcher, "ab");
    assert_true(ananke_matcher_consume(self.matcher, STOP, NULL));
    assert_string_equal(next(self.matcher), "b");
    assert_true(ananke_matcher_consume(self.matcher, STOP, NULL));
    assert_string_equal(next(self.matcher), ".,");
    assert_true(ananke_matcher_rollback(self.matcher, 1, NULL));
    assert_true(ananke_matcher_consume(self.matcher, GO, NULL));
    assert_string_equal(next(self.matcher), ".,");
    close_matcher(&self);
    /* the end of the text is another way to read it */
    self = open_grammar("start: in \"c\" | <[262]>\nin[max_tokens=1]: %lark {\nstart: <[262-263]> \"b\"\n}\n");
    assert_true(ananke_matcher_consume(self.matcher, STOP, NULL));
    assert_string_equal(next(self.matcher), "$");
    assert_true(ananke_matcher_rollback(self.matcher, 1, NULL));
    assert_true(ananke_matcher_consume(self.matcher, GO, NULL));
    assert_string_equal(next(self.matcher), "c");
    close_matcher(&self);
}

TEST(the_counts_go_along_with_forks_rollbacks_and_drafts) {
    IGNORE_STATE;
    static const uint32_t draft[] = {',', 'b', '.', 'a'};
    Fixture self = open_grammar("start: in (\".\" in)*\nin[max_tokens=3]: " PAIRS);
    consume(self.matcher, "a");
    assert_int_equal(ananke_matcher_validate(self.matcher, draft, 4), 4);
    assert_int_equal(ananke_matcher_validate(self.matcher, (const uint32_t[]){',', BC}, 2), 1);
    consume(self.matcher, ",");
    ananke_matcher *fork = ananke_matcher_fork(self.matcher, NULL);
    consume(fork, "b");
    assert_string_equal(next(fork), ".$");
    assert_string_equal(next(self.matcher), "ab.$");
    consume(fork, ".a,");
    assert_string_equal(next(fork), "ab.$");
    assert_true(ananke_matcher_rollback(fork, 4, NULL));
    assert_string_equal(next(fork), "ab.$");
    consume(fork, "a");
    assert_string_equal(next(fork), ".$");
    ananke_matcher_reset(fork);
    consume(fork, "a,");
    assert_string_equal(next(fork), "ab.$");
    ananke_matcher_free(fork);
    close_matcher(&self);
}

TEST(what_was_cut_off_is_captured_and_so_is_what_was_whole_in_it) {
    IGNORE_STATE;
    static const struct {
        const char *text, *captures;
    } rows[] = {{"a,b", "p=0+2 in=0+3"}, {"a,b.", "p=0+2 in=0+3"}, {"a,", "p=0+2"},
                {"aab.", "in=0+3"},      {"a;.", "p=0+2 in=0+2"},  {"a,.b,b.", "p=0+2 in=0+2 p=3+2 in=3+3"}};
    Fixture self = open_grammar("start: (in \".\")+\nin[capture, max_tokens=3]: %lark {\nstart: pair+\n"
                                "pair[capture=\"p\"]: /[ab]+/ (\",\" | \";\")\n}\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_matcher_reset(self.matcher);
        consume(self.matcher, rows[i].text);
        assert_string_equal(captures(self.matcher), rows[i].captures);
    }
    close_matcher(&self);
    /* what is dropped is in no capture */
    self = open_grammar("start: in \".\" | other \".\"\nin[capture, max_tokens=3]: " PAIRS "other[capture]: pair+\n"
                        "pair: /[ab]+/ \",\"\n");
    consume(self.matcher, "a;b.");
    assert_string_equal(captures(self.matcher), "in=0+3");
    ananke_matcher_reset(self.matcher);
    consume(self.matcher, "a,b,.");
    assert_string_equal(captures(self.matcher), "other=0+4");
    close_matcher(&self);
}

TEST(a_text_may_end_where_a_grammar_is_cut_off) {
    IGNORE_STATE;
    uint8_t rest[16];
    Fixture self = open_grammar("start: \"a\" in\nin[max_tokens=2]: " PAIRS);
    consume(self.matcher, "ab");
    assert_false(ananke_matcher_is_accepting(self.matcher));
    assert_int_equal(ananke_matcher_completion(self.matcher, rest, sizeof rest), 1);
    consume(self.matcher, "b");
    assert_true(ananke_matcher_is_accepting(self.matcher));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EXHAUSTED);
    assert_int_equal(ananke_matcher_completion(self.matcher, rest, sizeof rest), 0);
    close_matcher(&self);
}

/* ---- Beside the reference engine */

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* A token of the mask, if it has any but the end. */
static uint32_t pick(const uint32_t *row) {
    uint32_t seen = 0, token = SIZE;
    for (uint32_t i = 0; i < EOS; i++) {
        if (ak_bits_get(row, i) && dice(++seen) == 0) token = i;
    }
    return token;
}

static void follow(const char *grammar, uint32_t steps) {
    enum { WORDS = (SIZE + 31) / 32, MOST = 100 };
    Fixture self = open_grammar(grammar);
    Reference *reference = ak_reference_new(self.program, NULL);
    uint32_t rows[2][WORDS], tokens[MOST], count = 0;
    for (; count < steps; count++) {
        assert_true(ananke_matcher_fill_mask(self.matcher, rows[0], WORDS, NULL));
        assert_true(ak_reference_fill_mask(reference, rows[1], WORDS, NULL));
        if (memcmp(rows[0], rows[1], sizeof rows[0]) != 0) fail_msg("%u tokens (seed %u) in %s", count, seed, grammar);
        assert_true(ananke_matcher_captures(self.matcher, NULL, 0) != SIZE_MAX);
        uint32_t token = pick(rows[0]);
        if (token == SIZE) break;
        assert_true(ananke_matcher_consume(self.matcher, token, NULL));
        assert_true(ak_reference_consume(reference, token, NULL));
        tokens[count] = token;
        uint32_t back = dice(3) ? 0 : dice(count + 2);
        assert_true(ananke_matcher_rollback(self.matcher, back, NULL));
        assert_int_equal(ananke_matcher_validate(self.matcher, tokens + count + 1 - back, back), back);
        for (uint32_t i = count + 1 - back; i <= count; i++)
            assert_true(ananke_matcher_consume(self.matcher, tokens[i], NULL));
    }
    ak_reference_free(reference);
    close_matcher(&self);
}

TEST(the_reference_leaves_and_cuts_off_the_same) {
    IGNORE_STATE;
    static const char *const grammars[] = {
        "start: (in \".\" | out \";\")+\nin[capture, max_tokens=3]: " PAIRS "out[capture]: " PAIRS,
        "start: (in | /[ab.]+/ \"!\" | list)+\nin[max_tokens=4]: " PAIRS
        "list[max_tokens=6]: %json {\"type\": \"array\"}\n%ignore / +/\n",
        "start: list (\";\" list)*\nlist[capture, max_tokens=7]: %lark {\nstart: \"[\" (item (\",\" item)*)? \"]\"\n"
        "item[capture]: start | in | /1+/\nin[capture, max_tokens=3]: %lark {\nstart: /[ab]+/ (\",\" start)?\n%ignore \"_\"\n}\n}\n",
        "{\"grammars\": [{\"lark_grammar\": \"start: (in \\\".\\\" | out \\\";\\\" | @x \\\"!\\\")+\\nin[capture, max_tokens=3]: @x\\n"
        "out[max_tokens=6]: @x\"}, {\"name\": \"x\", \"lark_grammar\": \"start: \\\"[\\\" in* /[ab]*/ \\\"]\\\" | <[262]> "
        "start\\nin[capture, max_tokens=4]: @x\\n%ignore \\\" \\\"\"}]}",
        "start: (in \".\")+\nin[max_tokens=9]: %json {\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\", "
        "\"pattern\": \"^[ab]*$\"}, \"x-guidance\": {\"whitespace_flexible\": false}}\n",
        "start: in*\nin[capture, max_tokens=2]: %lark {\nstart: /[ab]/ start | /[ab]/\n}\n",
        "start: a* \".\"\na: in | \"a\" | in \"c\"\nin[capture, max_tokens=3]: %lark {\nstart: (\"a\" | \"b\" | \"ab\")+\n}\n",
    };
    for (uint32_t round = 0; round < 240; round++) {
        seed = round;
        follow(grammars[round % (sizeof grammars / sizeof *grammars)], 25);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grammar_is_cut_off_behind_its_last_token),
        cmocka_unit_test(other_ways_to_read_the_text_go_on),
        cmocka_unit_test(all_that_are_used_up_at_once_may_go_on_but_no_others),
        cmocka_unit_test(the_outermost_of_several_is_cut_off),
        cmocka_unit_test(a_grammar_inside_of_itself_counts_for_itself),
        cmocka_unit_test(what_is_ignored_belongs_to_the_grammar_inside),
        cmocka_unit_test(forced_texts_stay_whole_and_no_tokens_are_the_empty_text),
        cmocka_unit_test(tokens_count_that_have_a_byte_of_it),
        cmocka_unit_test(tokens_that_are_read_as_a_whole_count_too),
        cmocka_unit_test(the_counts_go_along_with_forks_rollbacks_and_drafts),
        cmocka_unit_test(what_was_cut_off_is_captured_and_so_is_what_was_whole_in_it),
        cmocka_unit_test(a_text_may_end_where_a_grammar_is_cut_off),
        cmocka_unit_test(the_reference_leaves_and_cuts_off_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
