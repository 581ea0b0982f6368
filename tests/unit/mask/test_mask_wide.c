/* Masks of classes that go by no group of units, against single steps, byte by byte. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/mask_find.h"
#include "mask/mask_wide.h"
#include "mask/program.h"
#include <ananke/vocab.h>

enum { TOKENS = 1200, BYTES_MAX = 24, WORDS = (TOKENS + 31) / 32 };

/* Names with keywords among them; blanks of two bytes that are ignored; a mark of three bytes; strings. */
static const char grammar[] = "start: item (\";\" item)*\n"
                              "item: NAME | KEYWORD item | \"\xE3\x80\x8A\" item \"\xE3\x80\x8B\" | STRING NUMBER?\n"
                              "KEYWORD: \"\xD0\xB5\xD1\x81\xD0\xBB\xD0\xB8\" | \"if\"\n"
                              "NAME: /[\\p{L}_][\\p{L}\\p{Nd}_]*/\n"
                              "STRING: /\"[^\"\\n]*\"/\n"
                              "NUMBER: /\\p{Nd}+/\n"
                              "%ignore /[ \xC2\xA0]+/\n";

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* Every ASCII character, and random strings of what the grammar knows, cut in the middle of a code point now and then. */
static ananke_vocab *make_vocab(void) {
    static const char *const units[] = {"\xD0\xB5",
                                        "\xD1\x81",
                                        "\xD0\xBB\xD0\xB8",
                                        "\xD0\xB5\xD1\x81\xD0\xBB\xD0\xB8",
                                        "\xC2\xA0",
                                        "\xE3\x80\x8A",
                                        "\xE3\x80\x8B",
                                        "\xE4\xB8\xAD",
                                        "\xE6\x96\x87",
                                        "\xD9\xA3",
                                        "\xEF\xBC\x8C",
                                        "\xF0\x9D\x92\x9C",
                                        "\xF0\x9F\x98\x80",
                                        "a",
                                        "if",
                                        "\"",
                                        ";",
                                        " ",
                                        "7",
                                        "\xC3\xA9",
                                        "\xE4\xB8\xAD\xE6\x96\x87",
                                        "\xCD\xB8"};
    static uint8_t bytes[TOKENS][BYTES_MAX];
    const uint8_t *places[TOKENS];
    size_t lengths[TOKENS];
    ananke_error err = {0};
    for (uint32_t id = 0; id < TOKENS; id++) {
        places[id] = bytes[id], lengths[id] = 0;
        if (id < 128) bytes[id][lengths[id]++] = (uint8_t)id;
        for (uint32_t count = id < 128 ? 0 : 1 + dice(3); count; count--) {
            const char *unit = units[dice(sizeof units / sizeof *units)];
            memcpy(bytes[id] + lengths[id], unit, strlen(unit));
            lengths[id] += strlen(unit);
        }
        if (lengths[id] > 1 && dice(8) == 0) lengths[id]--;
        if (lengths[id] > 1 && dice(16) == 0) places[id]++, lengths[id]--;
    }
    ananke_vocab *vocab = ananke_vocab_from_tokens(places, lengths, TOKENS, &(uint32_t){0}, 1, NULL, &err);
    if (!vocab) fail_msg("%s", err.message);
    return vocab;
}

static bool is_alive(Engine *engine, Point *point, Str text) {
    Fuel fuel = {UINT64_MAX, UINT64_MAX};
    for (size_t i = 0; i < text.length; i++) {
        if (ak_engine_step(engine, point, (uint8_t)text.data[i], &fuel) != STEP_ALIVE) return false;
    }
    return true;
}

/* Compares the point's mask; puts a random token that it allows into `*token`, false when it allows none but the end. */
static bool compare(Engine *engine, const ananke_vocab *vocab, Point point, uint32_t *token) {
    Fuel fuel = {UINT64_MAX, UINT64_MAX};
    uint32_t row[WORDS], met = 0, mask = ak_mask_of(engine, point, &fuel);
    assert_true(mask);
    ak_mask_copy(&engine->masks, ak_mask_get(&engine->masks, mask), row);
    for (uint32_t id = 1; id < TOKENS; id++) {
        Point at = point;
        bool expected = is_alive(engine, &at, ak_vocab_str(vocab, id));
        if (ak_bits_get(row, id) != expected) fail_msg("token %u is %sallowed", id, expected ? "not " : "");
        if (expected && dice(++met) == 0) *token = id;
    }
    return met;
}

TEST(masks_are_those_of_single_steps) {
    IGNORE_STATE;
    ananke_error err = {0};
    size_t compared = 0;
    for (uint32_t round = 1; round <= 12; round++) {
        seed = round;
        ananke_vocab *vocab = make_vocab();
        ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, &err);
        if (!program) fail_msg("%s", err.message);
        Engine *engine = ak_program_engine(program, &err);
        for (int text = 0; text < 6; text++) {
            Point point = ak_engine_start(engine);
            uint32_t token = 0;
            for (int i = 0; i < 12 && compare(engine, vocab, point, &token); i++, compared++)
                assert_true(is_alive(engine, &point, ak_vocab_str(vocab, token)));
        }
        ak_engine_drop(engine);
        ananke_program_free(program);
        ananke_vocab_free(vocab);
    }
    assert_true(compared > 500);
}

TEST(what_is_inside_of_a_lexeme_is_found_out_once) {
    IGNORE_STATE;
    ananke_error err = {0};
    uint32_t token;
    seed = 1;
    ananke_vocab *vocab = make_vocab();
    ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, &err);
    Engine *engine = ak_program_engine(program, &err);
    Point name = ak_engine_start(engine), keyword = name;
    assert_true(is_alive(engine, &name, STR("a")) && is_alive(engine, &keyword, STR("if")));
    compare(engine, vocab, name, &token);
    compare(engine, vocab, keyword, &token);
    pthread_mutex_lock(&engine->lock);
    assert_int_not_equal(name.state, keyword.state);
    DfaState inside = ak_dfa_beyond(&engine->dfa, name.state, false);
    assert_int_equal(inside, ak_dfa_beyond(&engine->dfa, keyword.state, false));
    assert_non_null(ak_dfa_node(&engine->dfa, inside)->wide_tokens[VIEW_WHOLE]);
    pthread_mutex_unlock(&engine->lock);
    ak_engine_drop(engine);
    ananke_program_free(program);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(masks_are_those_of_single_steps),
                                       cmocka_unit_test(what_is_inside_of_a_lexeme_is_found_out_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
