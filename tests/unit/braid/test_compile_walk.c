/* Masked means masked: random texts of the constrained grammars never show a violation to the checker. Each walk takes random allowed bytes, ends with
 * the shortest completion, and is checked as a file of its language. */
#include "../test.h"
#include "model/constraint_set.h"
#include <ananke/check.h>
#include <ananke/ir.h>
#include <ananke/matcher.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 160, TEXT_MAX = 4096 };

/* Sanitized programs are five to fifteen times slower: they walk a part of the texts, the plain ones all. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STRIDE = 6 };
#else
enum { STRIDE = 1 };
#endif

/* How walks begin, where the grammar allows it: random bytes alone seldom find the rarer statements. */
static const char *const beginnings[] = {"",
                                         "class ",
                                         "function f",
                                         "export ",
                                         "import ",
                                         "const ",
                                         "interface ",
                                         "type ",
                                         "try {",
                                         "if (",
                                         "import(",
                                         "class A { ",
                                         "enum ",
                                         "let a = '",
                                         "def ",
                                         "from ",
                                         "try:\n    ",
                                         "class A:\n    def ",
                                         "x = '",
                                         "class A(B):\n    ",
                                         "function f(a",
                                         "def f(",
                                         "throw ",
                                         "for ("};

static ananke_vocab *bytes;

static int open_vocab(void **state) {
    IGNORE_STATE;
    bytes = ananke_vocab_load("bytes", NULL, NULL);
    return bytes ? 0 : -1;
}

static int close_vocab(void **state) {
    IGNORE_STATE;
    ananke_vocab_free(bytes);
    return 0;
}

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return *state;
}

/* An allowed byte; letters, digits and punctuation of code are likelier than the rest, so that walks get somewhere. */
static int pick(const uint32_t *row, uint64_t *random) {
    int best = -1;
    uint64_t most = 0;
    for (int byte = 0; byte < 256; byte++) {
        if (!(row[byte / 32] >> (byte % 32) & 1)) continue;
        uint64_t weight = byte < 32 || byte > 126 ? 1 : byte == ' ' ? 4 : 16;
        uint64_t draw = (next_random(random) % 1000) * weight;
        if (best < 0 || draw >= most) best = byte, most = draw;
    }
    return best;
}

/* A random text of the program; its length, or 0 when no completion was found. */
static size_t walk(const ananke_program *program, const char *beginning, uint64_t seed, char text[TEXT_MAX]) {
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    uint64_t random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    size_t length = strlen(beginning), steps = length + 5 + next_random(&random) % STEPS;
    uint32_t row[9];
    assert_non_null(matcher);
    memcpy(text, beginning, length);
    if (!ananke_matcher_consume_bytes(matcher, (const uint8_t *)text, length, NULL)) length = steps = 0;
    while (length < steps && ananke_matcher_fill_mask(matcher, row, 9, NULL)) {
        int byte = pick(row, &random);
        if (byte < 0 || !ananke_matcher_consume(matcher, (uint32_t)byte, NULL)) break;
        text[length++] = (char)byte;
    }
    size_t rest = ananke_matcher_completion(matcher, (uint8_t *)text + length, TEXT_MAX - length);
    ananke_matcher_free(matcher);
    return rest < TEXT_MAX - length ? length + rest : 0;
}

/* Walks under one constraint. Returns how many texts were checked. */
static size_t run_constraint(const char *list, const char *language, const char *file, uint64_t seed) {
    char json[2048], text[TEXT_MAX];
    snprintf(json, sizeof json, "{\"version\": 1, \"constraints\": [%s]}", list);
    ananke_error err = {0};
    ananke_constraints *set = ananke_constraints_parse(json, strlen(json), ANANKE_FORMAT_JSON, NULL, &err);
    ananke_compile_options options = {.language = language};
    ananke_ir *ir = set ? ananke_compile(set, &options, &err) : NULL;
    if (!ir) fail_msg("%s: %s", list, err.message);
    size_t checked = 0;
    if (ananke_ir_enforcement(ir, 0)->tier == ANANKE_TIER_MASKED) {
        ananke_program *program = ananke_program_from_ir(ir, bytes, NULL, &err);
        if (!program) fail_msg("%s: %s", list, err.message);
        for (uint64_t i = seed / 100 % STRIDE; i < sizeof beginnings / sizeof *beginnings; i += STRIDE) {
            size_t length = walk(program, beginnings[i], seed + i, text);
            if (!length) continue;
            ananke_findings *findings = ananke_check_text(file, text, length, set, NULL, &err);
            if (!findings) fail_msg("%s", err.message);
            if (ananke_findings_count(findings))
                fail_msg("%s\nlets through (%s):\n%.*s", list, ananke_findings_get(findings, 0)->message, (int)length,
                         text);
            ananke_findings_free(findings);
            checked++;
        }
        ananke_program_free(program);
    }
    ananke_ir_free(ir);
    ananke_constraints_free(set);
    return checked;
}

/* Every set of parameters that an example of a kind gives for the language. */
static void run_language(const char *language, const char *file, size_t at_least) {
    Arena arena = ak_arena(NULL);
    Kinds kinds;
    size_t checked = 0, i, count;
    yyjson_val *item;
    uint64_t seed = 1;
    assert_true(ak_kinds_load(&kinds, &arena, NULL));
    for (size_t k = 0; k < kinds.count; k++) {
        for (size_t c = 0; c < kinds.items[k].case_count; c++) {
            const KindCase *about = &kinds.items[k].cases[c];
            yyjson_arr_foreach(yyjson_obj_get(about->examples, language), i, count, item) {
                yyjson_val *parameters = yyjson_obj_get(item, "parameters");
                if (!parameters) parameters = about->when;
                Str shown = ak_json_print_value(&arena, parameters, false, NULL);
                Str list = ak_arena_format(
                    &arena, "{\"id\": \"x\", \"kind\": \"%.*s\", \"language\": \"%s\", \"parameters\": %.*s}",
                    STR_ARGS(kinds.items[k].id), language, STR_ARGS(shown));
                if (ak_kind_case(&kinds.items[k], parameters) == about)
                    checked += run_constraint(list.data, language, file, seed += 100);
            }
        }
    }
    print_message("%s: %zu random texts keep what masks promise\n", language, checked);
    assert_true(checked >= at_least / STRIDE);
    ak_arena_free(&arena);
}

TEST(random_typescript_keeps_what_masks_promise) {
    IGNORE_STATE;
    run_language("typescript", "walk.ts", 60);
}

TEST(random_python_keeps_what_masks_promise) {
    IGNORE_STATE;
    run_language("python", "walk.py", 60);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_typescript_keeps_what_masks_promise),
        cmocka_unit_test(random_python_keeps_what_masks_promise),
    };
    return cmocka_run_group_tests(tests, open_vocab, close_vocab);
}
