/* WordPiece and WordLevel. */
#include "vocab/words.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { UNKNOWN, UN, AFF, ABLE, ABLE_REST, CHARACTER, TOKENS };

static ananke_vocab *make(bool cuts) {
    static const Str starts[TOKENS] = {
        [UN] = {"un", 2}, [AFF] = {"##aff", 5}, [ABLE] = {"able", 4}, [CHARACTER] = {"\xC3\xA9", 2}};
    static const Str rests[TOKENS] = {[AFF] = {"aff", 3}, [ABLE_REST] = {"able", 4}}, none[TOKENS] = {{0}};
    const uint8_t *bytes[TOKENS];
    size_t lengths[TOKENS];
    for (size_t i = 0; i < TOKENS; i++) bytes[i] = (const uint8_t *)starts[i].data, lengths[i] = starts[i].length;
    ananke_vocab *vocab = ananke_vocab_from_tokens(bytes, lengths, TOKENS, NULL, 0, NULL, NULL);
    Words *words = ak_words_new(vocab);
    assert_true(ak_words_set(words, &vocab->arena, starts, cuts ? rests : none, TOKENS, NULL));
    words->unknown = UNKNOWN;
    assert_true(ak_splits_add(&words->encoder.splits, &vocab->arena, STR(" "), true, SPLIT_REMOVED, false, NULL));
    return vocab;
}

static void expect(const ananke_vocab *vocab, const char *text, const uint32_t *want, size_t want_count) {
    uint32_t ids[16];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, strlen(text), ids, 16, &count, NULL));
    assert_int_equal(count, want_count);
    assert_memory_equal(ids, want, count * sizeof *ids);
}

static void words_are_taken_apart_or_unknown(void **state) {
    (void)state;
    ananke_vocab *vocab = make(true);
    expect(vocab, "unaffable able", (const uint32_t[]){UN, AFF, ABLE_REST, ABLE}, 4);
    expect(vocab, "unx un", (const uint32_t[]){UNKNOWN, UN}, 2);
    expect(vocab, "##affable \xC3\xA9", (const uint32_t[]){AFF, ABLE_REST, CHARACTER}, 3);
    expect(vocab, "", NULL, 0);
    ((Words *)vocab->encoder)->longest = 8;
    expect(vocab, "unaffable unable", (const uint32_t[]){UNKNOWN, UN, ABLE_REST}, 3);
    ananke_vocab_free(vocab);
}

static void whole_words_only_without_rests(void **state) {
    (void)state;
    ananke_vocab *vocab = make(false);
    expect(vocab, "able unable", (const uint32_t[]){ABLE, UNKNOWN}, 2);
    ((Words *)vocab->encoder)->unknown = AK_TOKEN_NONE;
    ananke_error err = {0};
    size_t count;
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"able x", 6, NULL, 0, &count, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_string_equal(err.message, "the vocabulary has neither the word \"x\" nor an unknown token");
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_taken_apart_or_unknown),
        cmocka_unit_test(whole_words_only_without_rests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
