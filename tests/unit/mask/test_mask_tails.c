/* Long tokens against the reference engine: counts that end inside of them, beside patterns, behind first bytes of their own, in views of spaces. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/reference.h"
#include <ananke/matcher.h>
#include <stdio.h>

enum { TOKENS = 700, BYTES_MAX = 48 };

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* Half of the tokens are runs of one sort of characters, with another one here and there. */
static size_t write_token(uint8_t *bytes, uint32_t number) {
    static const char *const sorts[] = {"abz", "aB1_", "019", "-", " ", "a\"", "\xC3\xA9", "x,"};
    size_t length = 0, wanted = number < TOKENS / 2 ? 1 + dice(8) : 12 + dice(BYTES_MAX - 16);
    const char *sort = sorts[dice(sizeof sorts / sizeof *sorts)];
    if (dice(3) == 0) bytes[length++] = ' ';
    while (length < wanted) {
        if (dice(25) == 0) sort = sorts[dice(sizeof sorts / sizeof *sorts)];
        if ((uint8_t)sort[0] == 0xC3) bytes[length++] = 0xC3, bytes[length++] = 0xA9;
        else bytes[length++] = (uint8_t)sort[dice((uint32_t)strlen(sort))];
    }
    return length;
}

static ananke_vocab *make_vocab(void) {
    static uint8_t bytes[TOKENS][BYTES_MAX];
    const uint8_t *places[TOKENS];
    size_t lengths[TOKENS];
    ananke_error err = {0};
    for (uint32_t id = 0; id < TOKENS; id++) {
        if (id < 128) bytes[id][0] = (uint8_t)id, lengths[id] = 1;
        else lengths[id] = write_token(bytes[id], id);
        places[id] = bytes[id];
    }
    ananke_vocab *vocab = ananke_vocab_from_tokens(places, lengths, TOKENS, &(uint32_t){0}, 1, NULL, &err);
    assert_non_null(vocab);
    assert_int_equal(vocab->views.count, VIEW_COUNT);
    return vocab;
}

/* A lexeme that is counted, or counted beside a pattern, and what may come behind it. Some counts are beyond all tokens, some patterns count words. */
static void write_grammar(char *grammar, size_t size) {
    static const char *const sorts[] = {"[a-z]", "[a-zA-Z0-9_]", "[^\"]", "[^\",]", "[0-9a-z \\-]", "[a-z\xC3\xA9]"};
    static const char *const beside[] = {"[ -~]+", "[^x]*",   "[a-zA-Z0-9_]*",        "([^a]|a[^z])*",
                                         ".*z.*",  "[a-z].*", "([^ ]+ +){0,40}[^ ]+", "([a-z]{1,30}[ -]){2,50}.*"};
    static const char *const behind[] = {"\"\\\"\" NAME", "\",\" /[a-z]+/", "", "\" \" NAME?", "\"-\"* A"};
    uint32_t least = dice(24), most = least + dice(24) + (least ? 0 : 1), c = dice(3);
    if (dice(3) == 0) least = dice(2) ? least : dice(90), most = least + 1 + dice(120);
    char and_pattern[64] = "";
    if (dice(3)) snprintf(and_pattern, sizeof and_pattern, " & /%s/", beside[dice(sizeof beside / sizeof *beside)]);
    snprintf(grammar, size,
             "start: %s A %s\n"
             "A: /%s%s{%u,%u}/%s\n"
             "NAME: /[a-z][a-z0-9]{0,%u}/\n",
             c == 1 ? "/x?/" : "", behind[dice(sizeof behind / sizeof *behind)], c == 2 ? "[a-z_]?" : "",
             sorts[dice(sizeof sorts / sizeof *sorts)], least, most, and_pattern, 15 + dice(10));
}

/* Compares the masks along random tokens; how many of these were long. */
static uint32_t wander(const ananke_program *program, const ananke_vocab *vocab, const char *grammar) {
    uint32_t row[(TOKENS + 31) / 32], twin_row[(TOKENS + 31) / 32], long_ones = 0;
    ananke_error err = {0};
    ananke_matcher *matcher = ananke_matcher_new(program, &err);
    Reference *twin = ak_reference_new(program, &err);
    assert_true(matcher && twin);
    for (int step = 0; step < 10; step++) {
        assert_true(ananke_matcher_fill_mask(matcher, row, ak_bits_words(TOKENS), &err));
        assert_true(ak_reference_fill_mask(twin, twin_row, ak_bits_words(TOKENS), &err));
        for (uint32_t id = 0; id < TOKENS; id++) {
            if (ak_bits_get(row, id) == ak_bits_get(twin_row, id)) continue;
            Str token = ak_vocab_str(vocab, id);
            print_error("step %d, token %u \"%.*s\" is %s:\n%s\n", step, id, STR_ARGS(token),
                        ak_bits_get(row, id) ? "allowed" : "refused", grammar);
        }
        assert_memory_equal(row, twin_row, sizeof row);
        if (ak_bits_count(row, ak_bits_words(TOKENS)) == 0) break;
        uint32_t token = dice(TOKENS);
        while (!ak_bits_get(row, token)) token = (token + 1) % TOKENS;
        if (token == 0) break;
        long_ones += ak_vocab_str(vocab, token).length > SHORT_UNITS;
        assert_true(ananke_matcher_consume(matcher, token, &err) && ak_reference_consume(twin, token, &err));
    }
    ananke_matcher_free(matcher);
    ak_reference_free(twin);
    return long_ones;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { GRAMMARS = 60 };
#else
enum { GRAMMARS = 500 };
#endif

TEST(masks_with_long_tokens_equal_the_reference_engine_s) {
    IGNORE_STATE;
    uint32_t compiled = 0, long_ones = 0;
    for (uint32_t round = 0; round < GRAMMARS; round++) {
        seed = round;
        ananke_vocab *vocab = make_vocab();
        char grammar[512];
        ananke_error err = {0};
        write_grammar(grammar, sizeof grammar);
        ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, &err);
        for (int i = 0; program && i < 3; i++) long_ones += wander(program, vocab, grammar);
        compiled += program != NULL; /* some have no text at all */
        ananke_program_free(program);
        ananke_vocab_free(vocab);
    }
    assert_true(compiled > GRAMMARS * 9 / 10);
    assert_true(long_ones > GRAMMARS / 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(masks_with_long_tokens_equal_the_reference_engine_s)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
