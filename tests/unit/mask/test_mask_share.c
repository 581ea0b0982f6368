/* Masks that grammars share by way of their vocabulary: the same as on a vocabulary that no other grammar has seen, whoever came first, and also when there is
 * no room for more. */
#include "../test.h"
#include "mask/commons.h"
#include "mask/program.h"
#include <ananke/matcher.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { TOKENS = 600, GRAMMARS = 60, STEPS = 12, THREADS = 4 };

static uint32_t roll(uint32_t *seed, uint32_t sides) {
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % sides;
}

enum { PIECES = 14 };

/* Bytes, and of these pieces two or three. */
static ananke_vocab *vocab_of(const char *const *pieces) {
    static char texts[TOKENS][8];
    const uint8_t *bytes[TOKENS];
    size_t lengths[TOKENS];
    uint32_t seed = 1, eos = TOKENS - 1;
    for (uint32_t id = 0; id < TOKENS; id++) {
        int length = id < 256 ? (texts[id][0] = (char)id, 1)
                              : snprintf(texts[id], sizeof texts[id], "%s%s%s", pieces[roll(&seed, PIECES)],
                                         pieces[roll(&seed, PIECES)], id % 2 ? pieces[roll(&seed, PIECES)] : "");
        bytes[id] = (const uint8_t *)texts[id], lengths[id] = id == eos ? 0 : (size_t)length;
    }
    ananke_vocab *vocab = ananke_vocab_from_tokens(bytes, lengths, TOKENS, &eos, 1, NULL, NULL);
    assert_non_null(vocab);
    return vocab;
}

static ananke_vocab *open_vocab(void) {
    static const char *const pieces[PIECES] = {"\"", "a", "b", "1",  ",",   " ",   "}",
                                               "{",  ":", "]", "ab", "\",", "\":", "\"}"};
    return vocab_of(pieces);
}

/* Alike in their strings, numbers and white space, different in what they are put together to. */
static const char *random_grammar(uint32_t number, char *text, size_t size) {
    static const char *values[] = {"STRING", "NUMBER", "list", "object", "\"ab\"", "WORD"};
    static const char *ends[] = {"\"}\"", "\",\" value \"}\"", "(\",\" NAME \":\" value)* \"}\"", "\"b\"? \"}\""};
    uint32_t seed = number * 7919 + 17;
    const char *first = values[roll(&seed, 6)], *second = values[roll(&seed, 6)], *third = values[roll(&seed, 6)];
    snprintf(
        text, size,
        "start: value\nvalue: %s | %s | STRING | object\nlist: \"[\" (%s (\",\" value)*)? \"]\"\n"
        "object: \"{\" NAME \":\" value %s\nNAME: /\"[ab]+\"/\nSTRING: /\"[^\"]*\"/\nNUMBER: /-?[0-9]+(\\.[0-9]{1,3})?/\n"
        "WORD: /[ab]{1,%u}/\n%s",
        first, second, third, ends[roll(&seed, 4)], 1 + roll(&seed, 4), roll(&seed, 2) ? "%ignore /[ ]+/\n" : "");
    return text;
}

static ananke_program *compile(const char *grammar, const ananke_vocab *vocab) {
    ananke_error err = {0};
    ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, &err);
    if (!program) fail_msg("%s: %s", grammar, err.message);
    return program;
}

typedef struct Rows {
    uint32_t words[STEPS][(TOKENS + 31) / 32];
    int count;
} Rows;

/* The masks along a text that the seed chooses among what they allow. */
static void collect(const ananke_program *program, uint32_t seed, Rows *rows) {
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    assert_non_null(matcher);
    *rows = (Rows){.count = 0};
    while (rows->count < STEPS) {
        uint32_t *row = rows->words[rows->count++], token = roll(&seed, TOKENS), tries = 0;
        assert_true(ananke_matcher_fill_mask(matcher, row, (TOKENS + 31) / 32, NULL));
        while (tries++ < TOKENS && !(row[token / 32] >> token % 32 & 1)) token = (token + 1) % TOKENS;
        if (token == TOKENS - 1 || tries > TOKENS || !ananke_matcher_consume(matcher, token, NULL)) break;
    }
    ananke_matcher_free(matcher);
}

static void compare(const ananke_program *program, const ananke_program *alone, uint32_t seed) {
    Rows shared, wanted;
    collect(program, seed, &shared);
    collect(alone, seed, &wanted);
    assert_int_equal(shared.count, wanted.count);
    assert_memory_equal(shared.words, wanted.words, sizeof shared.words);
}

static ananke_program_stats stats_of(const ananke_program *program) {
    ananke_program_stats stats;
    ananke_program_stats_get(program, &stats);
    return stats;
}

TEST(the_inside_of_a_string_is_worked_out_once) {
    IGNORE_STATE;
    ananke_vocab *vocab = open_vocab();
    const char *grammars[] = {"start: STRING \",\" start | STRING\nSTRING: /\"[^\"]*\"/\n",
                              "start: /[ab]/ text (\",\" text)*\ntext: STRING\nSTRING: /\"[^\"]*\"/\n"};
    ananke_program *first = compile(grammars[0], vocab), *again = compile(grammars[0], vocab),
                   *second = compile(grammars[1], vocab);
    const char *texts[] = {"\"a", "\"a", "b\"a"};
    ananke_program *programs[] = {first, again, second};
    for (int i = 0; i < 3; i++) {
        Rows rows;
        ananke_matcher *matcher = ananke_matcher_new(programs[i], NULL);
        assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)texts[i], strlen(texts[i]), NULL));
        assert_true(ananke_matcher_fill_mask(matcher, rows.words[0], (TOKENS + 31) / 32, NULL));
        ananke_matcher_free(matcher);
    }
    assert_int_equal(stats_of(first).masks_shared, 0);
    assert_int_equal(stats_of(first).masks_made, 1);
    assert_int_equal(stats_of(again).masks_shared, 1);
    assert_int_equal(stats_of(again).masks_made, 0);
    assert_int_equal(stats_of(second).masks_shared, 1);
    assert_int_equal(stats_of(second).masks_made, 0);
    ananke_program_free(first), ananke_program_free(again), ananke_program_free(second);
    ananke_vocab_free(vocab);
}

/* How many masks of the grammars were shared on the vocabulary. */
static uint64_t try_grammars(ananke_vocab *vocab) {
    uint64_t shared = 0;
    for (uint32_t g = 0; g < GRAMMARS; g++) {
        char text[1024];
        ananke_vocab *fresh = open_vocab();
        ananke_program *program = compile(random_grammar(g, text, sizeof text), vocab), *alone = compile(text, fresh);
        for (uint32_t seed = 0; seed < 4; seed++) compare(program, alone, seed);
        shared += stats_of(program).masks_shared;
        ananke_program_free(program), ananke_program_free(alone);
        ananke_vocab_free(fresh);
    }
    return shared;
}

TEST(masks_are_those_of_a_fresh_vocabulary) {
    IGNORE_STATE;
    ananke_vocab *vocab = open_vocab();
    uint64_t first = try_grammars(vocab), again = try_grammars(vocab);
    assert_true(first > GRAMMARS);
    assert_true(again > first);
    ananke_vocab_free(vocab);
}

TEST(without_room_masks_are_right) {
    IGNORE_STATE;
    ananke_vocab *vocab = open_vocab();
    atomic_store(&ak_commons_of(vocab)->is_full, true);
    assert_int_equal(try_grammars(vocab), 0);
    ananke_vocab_free(vocab);
}

/* A token that no text of the first grammar has, and texts of the second one do. */
TEST(what_is_dead_in_one_grammar_is_not_in_another) {
    IGNORE_STATE;
    static const char *const pieces[PIECES] = {"éc", "éc", "éc", "éc", "éc", "éc", "éc",
                                               "éc", "éc", "éc", "c",  "c",  "a",  "a"};
    ananke_vocab *vocab = vocab_of(pieces), *fresh = vocab_of(pieces);
    const char *grammar = "start: T U start | T\nT: /é|a/\nU: /c/\n";
    Rows rows;
    ananke_program *other = compile("start: T | T start\nT: /é|a/\n", vocab);
    for (uint32_t seed = 0; seed < 4; seed++) collect(other, seed, &rows);
    ananke_program *program = compile(grammar, vocab), *alone = compile(grammar, fresh);
    for (uint32_t seed = 0; seed < 4; seed++) compare(program, alone, seed);
    ananke_program_free(other), ananke_program_free(program), ananke_program_free(alone);
    ananke_vocab_free(vocab), ananke_vocab_free(fresh);
}

typedef struct Runner {
    ananke_vocab *vocab;
    uint32_t number;
    Rows rows[GRAMMARS];
    pthread_t thread;
} Runner;

static void *run(void *data) {
    Runner *self = data;
    for (uint32_t i = 0; i < GRAMMARS; i++) {
        char text[1024];
        uint32_t g = (i + self->number * 3) % GRAMMARS;
        ananke_program *program = compile(random_grammar(g, text, sizeof text), self->vocab);
        collect(program, 5, &self->rows[g]);
        ananke_program_free(program);
    }
    return NULL;
}

TEST(threads_share_masks) {
    IGNORE_STATE;
    ananke_vocab *vocab = open_vocab();
    Runner *runners = calloc(THREADS + 1, sizeof *runners);
    assert_non_null(runners);
    for (uint32_t i = 0; i < THREADS; i++) {
        runners[i].vocab = vocab, runners[i].number = i;
        assert_int_equal(pthread_create(&runners[i].thread, NULL, run, &runners[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(runners[i].thread, NULL);
    runners[THREADS].vocab = open_vocab();
    run(&runners[THREADS]);
    for (int i = 0; i < THREADS; i++)
        assert_memory_equal(runners[i].rows, runners[THREADS].rows, sizeof runners[i].rows);
    ananke_vocab_free(runners[THREADS].vocab);
    ananke_vocab_free(vocab);
    free(runners);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_inside_of_a_string_is_worked_out_once),
        cmocka_unit_test(masks_are_those_of_a_fresh_vocabulary),
        cmocka_unit_test(what_is_dead_in_one_grammar_is_not_in_another),
        cmocka_unit_test(without_room_masks_are_right),
        cmocka_unit_test(threads_share_masks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
