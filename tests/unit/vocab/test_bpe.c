/* Byte pair encoding against a slow twin that merges the best pair by looking at all of them, again and again. */
#include "vocab/bpe.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { LETTERS = 3, PAIRS = 40, LONGEST = 64 };

typedef struct Fixture {
    ananke_vocab *vocab;
    Bpe *bpe;
    BpePair pairs[PAIRS];
    uint32_t pair_count;
} Fixture;

/* A random vocabulary over a few letters: each new token joins two that are there. */
static void make(Fixture *f, bool ranked) {
    static char store[LETTERS + PAIRS][LONGEST];
    Str tokens[LETTERS + PAIRS];
    uint32_t count = LETTERS;
    for (uint32_t i = 0; i < LETTERS; i++) store[i][0] = (char)('a' + i), tokens[i] = (Str){store[i], 1};
    f->pair_count = 0;
    while (f->pair_count < PAIRS) {
        uint32_t left = (uint32_t)rand() % count, right = (uint32_t)rand() % count, merged = 0;
        size_t length = tokens[left].length + tokens[right].length;
        if (length > LONGEST) continue;
        char joined[LONGEST];
        memcpy(joined, tokens[left].data, tokens[left].length);
        memcpy(joined + tokens[left].length, tokens[right].data, tokens[right].length);
        while (merged < count && !ak_str_equal(tokens[merged], (Str){joined, length})) merged++;
        if (merged == count) {
            memcpy(store[count], joined, length);
            tokens[count] = (Str){store[count], length};
            count++;
        }
        f->pairs[f->pair_count] = (BpePair){left, right, f->pair_count, merged};
        f->pair_count++;
    }
    const uint8_t *bytes[LETTERS + PAIRS];
    size_t lengths[LETTERS + PAIRS];
    for (uint32_t i = 0; i < count; i++) bytes[i] = (const uint8_t *)tokens[i].data, lengths[i] = tokens[i].length;
    f->vocab = ananke_vocab_from_tokens(bytes, lengths, count, NULL, 0, NULL, NULL);
    assert_non_null(f->vocab);
    f->bpe = ak_bpe_new(f->vocab);
    ak_bpe_take_bytes(f->bpe, f->vocab);
    if (ranked) return;
    assert_true(ak_bpe_reserve(f->bpe, &f->vocab->arena, f->pair_count));
    for (uint32_t i = 0; i < f->pair_count; i++) ak_bpe_add(f->bpe, f->pairs[i]);
}

/* Rank and result of a pair; UINT32_MAX when it does not merge. */
static uint32_t slow_rank(const Fixture *f, uint32_t left, uint32_t right, uint32_t *merged) {
    if (f->bpe->pairs) {
        for (uint32_t i = 0; i < f->pair_count; i++) {
            if (f->pairs[i].left == left && f->pairs[i].right == right) return *merged = f->pairs[i].merged, i;
        }
        return UINT32_MAX;
    }
    Str a = ak_vocab_str(f->vocab, left), b = ak_vocab_str(f->vocab, right);
    char joined[2 * LONGEST];
    memcpy(joined, a.data, a.length);
    memcpy(joined + a.length, b.data, b.length);
    return *merged = ak_vocab_find(f->vocab, (Str){joined, a.length + b.length});
}

static size_t slow_encode(const Fixture *f, Str text, uint32_t *ids) {
    size_t count = text.length;
    for (size_t i = 0; i < count; i++) ids[i] = (uint32_t)(text.data[i] - 'a');
    for (;;) {
        uint32_t best = UINT32_MAX, best_merged = 0, merged = 0;
        size_t at = 0;
        for (size_t i = 0; i + 1 < count; i++) {
            uint32_t rank = slow_rank(f, ids[i], ids[i + 1], &merged);
            if (rank < best) best = rank, best_merged = merged, at = i;
        }
        if (best == UINT32_MAX) return count;
        ids[at] = best_merged;
        memmove(ids + at + 1, ids + at + 2, (count - at - 2) * sizeof *ids);
        count--;
    }
}

static void agree(bool ranked, unsigned seed) {
    srand(seed);
    for (int round = 0; round < 100; round++) {
        Fixture f;
        make(&f, ranked);
        for (int probe = 0; probe < 30; probe++) {
            char text[100];
            uint32_t fast[100], slow[100];
            size_t length = (size_t)rand() % sizeof text, count = 0;
            for (size_t i = 0; i < length; i++) text[i] = (char)('a' + rand() % LETTERS);
            assert_true(ananke_vocab_encode(f.vocab, (const uint8_t *)text, length, fast, 100, &count, NULL));
            assert_int_equal(count, slow_encode(&f, (Str){text, length}, slow));
            assert_memory_equal(fast, slow, count * sizeof *fast);
        }
        ananke_vocab_free(f.vocab);
    }
}

static void pairs_merge_as_the_slow_twin_does(void **state) {
    (void)state;
    agree(false, 11);
}

static void ranked_tokens_merge_as_the_slow_twin_does(void **state) {
    (void)state;
    agree(true, 12);
}

static void long_pieces_take_no_quadratic_time(void **state) {
    (void)state;
    enum { LENGTH = 1 << 20 };
    Fixture f;
    srand(13);
    make(&f, false);
    char *text = malloc(LENGTH);
    assert_non_null(text);
    memset(text, 'a', LENGTH);
    size_t count;
    assert_true(ananke_vocab_encode(f.vocab, (const uint8_t *)text, LENGTH, NULL, 0, &count, NULL));
    assert_true(count <= LENGTH);
    free(text);
    ananke_vocab_free(f.vocab);
}

static ananke_vocab *sentencepiece_like(Bpe **bpe) {
    static const char *const words[] = {"", "a", " ", " a", "\xC3\xA9", "<0xC3>", "<0xA8>"};
    const uint8_t *bytes[7];
    size_t lengths[7];
    for (size_t i = 0; i < 7; i++) bytes[i] = (const uint8_t *)words[i], lengths[i] = strlen(words[i]);
    ananke_vocab *vocab = ananke_vocab_from_tokens(bytes, lengths, 7, NULL, 0, NULL, NULL);
    *bpe = ak_bpe_new(vocab);
    (*bpe)->by_characters = true;
    (*bpe)->byte_ids[0xC3] = 5, (*bpe)->byte_ids[0xA8] = 6;
    (*bpe)->unknown = 0, (*bpe)->fuses_unknown = true;
    return vocab;
}

static void characters_fall_back_to_bytes_then_to_unknown(void **state) {
    (void)state;
    Bpe *bpe;
    ananke_vocab *vocab = sentencepiece_like(&bpe);
    uint32_t ids[16];
    size_t count;
    static const char text[] = "a a\xC3\xA9\xC3\xA8zz\xE2\x82\xAC"
                               "a";
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, sizeof text - 1, ids, 16, &count, NULL));
    assert_int_equal(count, 7);
    assert_memory_equal(ids, ((uint32_t[]){1, 3, 4, 5, 6, 0, 1}), 28);
    bpe->fuses_unknown = false;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, sizeof text - 1, ids, 16, &count, NULL));
    assert_int_equal(count, 9);
    bpe->unknown = AK_TOKEN_NONE;
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)text, sizeof text - 1, ids, 16, &count, NULL));
    ananke_vocab_free(vocab);
}

static void text_that_is_not_utf8_is_refused_with_its_place(void **state) {
    (void)state;
    Bpe *bpe;
    ananke_vocab *vocab = sentencepiece_like(&bpe);
    ananke_error err = {0};
    size_t count;
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"aa\xFF", 3, NULL, 0, &count, &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    assert_int_equal(err.offset, 2);
    bpe->encoder.unsupported = "a test";
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"a", 1, NULL, 0, &count, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_merge_as_the_slow_twin_does),
        cmocka_unit_test(ranked_tokens_merge_as_the_slow_twin_does),
        cmocka_unit_test(long_pieces_take_no_quadratic_time),
        cmocka_unit_test(characters_fall_back_to_bytes_then_to_unknown),
        cmocka_unit_test(text_that_is_not_utf8_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
