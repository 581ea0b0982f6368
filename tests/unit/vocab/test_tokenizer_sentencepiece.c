/* SentencePiece files, written field by field; truncations; models that are vocabularies only. */
#include "base/buf.h"
#include "unit/vocab/charsmap_builder.h"
#include "vocab/tokenizer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void put_varint(Buf *out, uint64_t number) {
    for (; number >= 0x80; number >>= 7) ak_buf_byte(out, (char)(number | 0x80));
    ak_buf_byte(out, (char)number);
}

static void put_field(Buf *out, uint32_t number, Str bytes) {
    put_varint(out, number << 3 | 2);
    put_varint(out, bytes.length);
    ak_buf_str(out, bytes);
}

static void put_setting(Buf *out, uint32_t number, uint64_t value) {
    put_varint(out, number << 3);
    put_varint(out, value);
}

static void put_piece(Buf *out, const char *key, float score, uint32_t type) {
    Buf piece = {.arena = out->arena};
    put_field(&piece, 1, ak_str(key));
    put_varint(&piece, 2 << 3 | 5);
    uint32_t bits;
    memcpy(&bits, &score, 4);
    for (int i = 0; i < 4; i++) ak_buf_byte(&piece, (char)(bits >> 8 * i));
    if (type != 1) put_setting(&piece, 3, type);
    put_field(out, 1, ak_buf_view(&piece));
}

enum { UNIGRAM = 1, BPE, WORD };

static Str model(Arena *arena, uint32_t type, Str map) {
    Buf out = {.arena = arena}, trainer = {.arena = arena}, normalizer = {.arena = arena};
    static const char *const keys[] = {"<unk>",
                                       "<s>",
                                       "</s>",
                                       "\xE2\x96\x81",
                                       "a",
                                       "b",
                                       "ab",
                                       "\xE2\x96\x81"
                                       "ab"};
    static const uint32_t types[] = {2, 3, 3, 1, 1, 1, 1, 1};
    for (size_t i = 0; i < 8; i++) put_piece(&out, keys[i], -(float)i, types[i]);
    put_setting(&trainer, 3, type);
    put_setting(&trainer, 42, 2);
    put_field(&out, 2, ak_buf_view(&trainer));
    if (map.length) put_field(&normalizer, 2, map);
    put_setting(&normalizer, 3, 1);
    put_setting(&normalizer, 4, 0);
    put_field(&out, 3, ak_buf_view(&normalizer));
    return ak_buf_view(&out);
}

static void bpe_model_is_read_and_encodes(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    ananke_vocab *vocab = ak_tokenizer_sentencepiece(model(&arena, 2, (Str){0}), NULL, NULL, NULL);
    assert_non_null(vocab);
    assert_string_equal(ananke_vocab_kind(vocab), "sentencepiece");
    assert_int_equal(vocab->size, 8);
    assert_int_equal(vocab->eos_count, 1);
    assert_int_equal(vocab->eos[0], 2);
    uint32_t ids[8];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)"ab b", 4, ids, 8, &count, NULL));
    assert_int_equal(count, 3);
    assert_memory_equal(ids, ((uint32_t[]){7, 3, 5}), 12);
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

static void encode(Str content, const char *text, const uint32_t *want, size_t want_count) {
    ananke_vocab *vocab = ak_tokenizer_sentencepiece(content, NULL, NULL, NULL);
    assert_non_null(vocab);
    uint32_t ids[8];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, strlen(text), ids, 8, &count, NULL));
    assert_int_equal(count, want_count);
    assert_memory_equal(ids, want, count * sizeof *ids);
    ananke_vocab_free(vocab);
}

static void unigram_model_takes_the_best_way(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    /* U+2581 and "ab" cost 3 + 6, U+2581 with "ab" 7, and "a", "b" 4 + 5. */
    encode(model(&arena, UNIGRAM, (Str){0}), "ab ab", (const uint32_t[]){7, 7}, 2);
    encode(model(&arena, UNIGRAM, (Str){0}), "abxyb", (const uint32_t[]){7, 0, 5}, 3);
    ak_arena_free(&arena);
}

static void unknown_neighbours_are_one_token(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    encode(model(&arena, BPE, (Str){0}), "xya", (const uint32_t[]){3, 0, 4}, 3);
    ak_arena_free(&arena);
}

static void normaliser_is_applied_first(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"A", "a"}, {"\xE3\x80\x80", " "}};
    Arena arena = ak_arena(NULL);
    for (uint32_t type = UNIGRAM; type <= BPE; type++)
        encode(model(&arena, type, build_map(&arena, pairs, 2)),
               "Ab\xE3\x80\x80"
               "ab",
               (const uint32_t[]){7, 7}, 2);
    ak_arena_free(&arena);
}

static void others_are_vocabularies_only(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    const Str models[] = {model(&arena, WORD, (Str){0}), model(&arena, BPE, STR("map"))};
    for (size_t i = 0; i < 2; i++) {
        ananke_vocab *vocab = ak_tokenizer_sentencepiece(models[i], NULL, NULL, NULL);
        assert_non_null(vocab);
        ananke_error err = {0};
        size_t count;
        assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"a", 1, NULL, 0, &count, &err));
        assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
        ananke_vocab_free(vocab);
    }
    ak_arena_free(&arena);
}

static void damage_is_an_error_with_its_place(void **state) {
    (void)state;
    const struct {
        Str data;
        const char *message;
    } damages[] = {
        {STR("\x0A\x05"
             "abc"),
         "a field is longer than the file, at byte 0"},
        {STR("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), "a field is longer than the file, at byte 0"},
        {STR("\x0F"), "a field has an unknown wire type, at byte 0"},
        {STR("\x0A\x03\x0A\x05\x61"), "a field is longer than the file, at byte 2"},
        {STR("\x08\x01\x80"), "a field is cut off, at byte 2"},
        {STR(""), "the vocabulary has no tokens"},
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        ananke_error err = {0};
        assert_null(ak_tokenizer_sentencepiece(damages[i].data, "x.model", NULL, &err));
        if (!strstr(err.message, damages[i].message)) fail_msg("%zu: %s", i, err.message);
        assert_string_equal(err.file, "x.model");
    }
}

static void every_truncation_ends_well(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Str whole = model(&arena, 2, (Str){0});
    for (size_t length = 0; length < whole.length; length++) {
        char *copy = malloc(length + 1);
        assert_non_null(copy);
        memcpy(copy, whole.data, length);
        ananke_vocab_free(ak_tokenizer_sentencepiece((Str){copy, length}, NULL, NULL, NULL));
        free(copy);
    }
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bpe_model_is_read_and_encodes),    cmocka_unit_test(unigram_model_takes_the_best_way),
        cmocka_unit_test(unknown_neighbours_are_one_token), cmocka_unit_test(normaliser_is_applied_first),
        cmocka_unit_test(others_are_vocabularies_only),     cmocka_unit_test(damage_is_an_error_with_its_place),
        cmocka_unit_test(every_truncation_ends_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
