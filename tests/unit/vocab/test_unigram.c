/* The unigram model against a slow twin that tries every way to cut a text. */
#include "vocab/unigram.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { LETTERS = 3, PIECES = 24, LONGEST = 10, UNKNOWN = PIECES };

typedef struct Fixture {
    ananke_vocab *vocab;
    Unigram *unigram;
    char store[PIECES][4];
    Str pieces[PIECES + 1]; /* the last one is the unknown token, which is no text */
    double scores[PIECES + 1];
} Fixture;

/* Random pieces over a few letters; scores are so coarse that ways tie now and then, and so exact that sums do not depend on their order. */
static void make(Fixture *f) {
    const uint8_t *bytes[PIECES + 1];
    size_t lengths[PIECES + 1];
    for (int i = 0; i < PIECES; i++) {
        size_t length = 1 + (size_t)rand() % 3;
        for (size_t k = 0; k < length; k++) f->store[i][k] = (char)('a' + rand() % LETTERS);
        f->pieces[i] = (Str){f->store[i], length};
        f->scores[i] = -(double)(rand() % 64) / 8;
    }
    f->pieces[UNKNOWN] = (Str){0}, f->scores[UNKNOWN] = 0;
    for (int i = 0; i <= PIECES; i++) bytes[i] = (const uint8_t *)f->pieces[i].data, lengths[i] = f->pieces[i].length;
    f->vocab = ananke_vocab_from_tokens(bytes, lengths, PIECES + 1, NULL, 0, NULL, NULL);
    assert_non_null(f->vocab);
    f->unigram = ak_unigram_new(f->vocab);
    assert_true(ak_unigram_set(f->unigram, &f->vocab->arena, f->pieces, f->scores, PIECES + 1, NULL));
    f->unigram->unknown = UNKNOWN;
    f->unigram->unknown_score = -18;
}

/* The best sum of any way to cut `text`. */
static double slow_best(const Fixture *f, Str text) {
    if (!text.length) return 0;
    double best = -1e9;
    bool has_character = false;
    for (int i = 0; i < PIECES; i++) {
        if (!ak_str_starts(text, f->pieces[i])) continue;
        int first = 0; /* of equal pieces the first one counts */
        while (!ak_str_equal(f->pieces[first], f->pieces[i])) first++;
        double sum = f->scores[first] + slow_best(f, ak_str_slice(text, f->pieces[i].length, text.length));
        if (sum > best) best = sum;
        has_character |= f->pieces[i].length == 1;
    }
    double unknown = has_character ? -1e9 : -18 + slow_best(f, ak_str_slice(text, 1, text.length));
    return unknown > best ? unknown : best;
}

/* What the ids cost, which must spell the text; an unknown token stands for as many letters as are needed. */
static double cost(const Fixture *f, Str text, const uint32_t *ids, size_t count) {
    double sum = 0;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        Str rest = ak_str_slice(text, at, text.length);
        if (ids[i] != UNKNOWN) {
            assert_true(ak_str_starts(rest, f->pieces[ids[i]]));
            sum += f->scores[ids[i]], at += f->pieces[ids[i]].length;
            continue;
        }
        assert_true(i == 0 || ids[i - 1] != UNKNOWN);
        do sum -= 18, at++;
        while (at < text.length &&
               (i + 1 == count || !ak_str_starts(ak_str_slice(text, at, text.length), f->pieces[ids[i + 1]])));
    }
    assert_int_equal(at, text.length);
    return sum;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ROUNDS = 60 };
#else
enum { ROUNDS = 300 };
#endif

static void best_way_agrees_with_trying_all(void **state) {
    (void)state;
    srand(11);
    for (int round = 0; round < ROUNDS; round++) {
        Fixture f;
        make(&f);
        for (int probe = 0; probe < 20; probe++) {
            char text[LONGEST];
            Str view = {text, (size_t)rand() % (LONGEST + 1)};
            for (size_t i = 0; i < view.length; i++) text[i] = (char)('a' + rand() % LETTERS);
            uint32_t ids[LONGEST];
            size_t count;
            f.unigram->in_floats = probe & 1;
            assert_true(ananke_vocab_encode(f.vocab, (const uint8_t *)text, view.length, ids, LONGEST, &count, NULL));
            double want = slow_best(&f, view), got = cost(&f, view, ids, count);
            if (want != got) fail_msg("%.*s: %f instead of %f", STR_ARGS(view), got, want);
        }
        ananke_vocab_free(f.vocab);
    }
}

static void expect(const ananke_vocab *vocab, const char *text, const uint32_t *want, size_t want_count) {
    uint32_t ids[16];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, strlen(text), ids, 16, &count, NULL));
    assert_int_equal(count, want_count);
    assert_memory_equal(ids, want, count * sizeof *ids);
}

static void unknown_neighbours_are_one_token_or_their_bytes(void **state) {
    (void)state;
    const Str pieces[] = {STR("a"), {0}, {0}, {0}};
    const uint8_t *bytes[] = {(const uint8_t *)"a", NULL, NULL, NULL};
    ananke_vocab *vocab = ananke_vocab_from_tokens(bytes, (const size_t[]){1, 0, 0, 0}, 4, NULL, 0, NULL, NULL);
    Unigram *unigram = ak_unigram_new(vocab);
    assert_true(ak_unigram_set(unigram, &vocab->arena, pieces, (const double[]){-1, 0, 0, 0}, 4, NULL));
    unigram->unknown_score = -11;
    ananke_error err = {0};
    size_t count;
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"ab", 2, NULL, 0, &count, &err));
    assert_string_equal(err.message, "the vocabulary has no token for byte 0x62");
    unigram->unknown = 1;
    expect(vocab, "xyazz\xC3\xA9", (const uint32_t[]){1, 0, 1}, 3);
    unigram->byte_ids[0xC3] = 2, unigram->byte_ids[0xA9] = 3;
    expect(vocab, "a\xC3\xA9", (const uint32_t[]){0, 2, 3}, 3);
    expect(vocab, "z\xC3\xA9", (const uint32_t[]){1}, 1); /* not all of the run has bytes */
    expect(vocab, "", NULL, 0);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_way_agrees_with_trying_all),
        cmocka_unit_test(unknown_neighbours_are_one_token_or_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
