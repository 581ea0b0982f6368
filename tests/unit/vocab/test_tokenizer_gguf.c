/* Tokenizers in GGUF files: byte-level with merges, SentencePiece's with scores, kinds that are vocabularies only, and broken lists. */
#include "unit/vocab/gguf_builder.h"
#include "vocab/tokenizer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static ananke_vocab *load(Buf *out, ananke_error *err) {
    return ak_tokenizer_gguf(ak_buf_view(out), "t.gguf", NULL, err);
}

static void encode(const ananke_vocab *vocab, const char *text, const uint32_t *want, size_t want_count) {
    uint32_t ids[32];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, strlen(text), ids, 32, &count, NULL));
    assert_int_equal(count, want_count);
    assert_memory_equal(ids, want, count * sizeof *ids);
}

static const char *const byte_level[] = {"<|endoftext|>",
                                         "<|im_end|>",
                                         "a",
                                         "b",
                                         "\xC4\xA0",
                                         "ab",
                                         "\xC4\xA0"
                                         "ab",
                                         "1",
                                         "<extra>",
                                         "unused"};
static const uint32_t byte_level_types[] = {3, 3, 1, 1, 1, 1, 1, 1, 4, 5};
enum { BYTE_LEVEL = 10 };

static void put_byte_level(Buf *out, const char *pre, const char *const *merges) {
    put_head(out, 3, 0, 6);
    put_text(out, "tokenizer.ggml.model", "gpt2");
    put_text(out, "tokenizer.ggml.pre", pre);
    put_texts(out, "tokenizer.ggml.tokens", byte_level, BYTE_LEVEL);
    put_numbers(out, "tokenizer.ggml.token_type", GGUF_INT32, byte_level_types, BYTE_LEVEL);
    put_texts(out, "tokenizer.ggml.merges", merges, 2);
    put_u32(out, "tokenizer.ggml.eos_token_id", 1);
}

static const char *const merges[] = {"a b", "\xC4\xA0 ab"};

static void byte_level_bpe(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Buf out = {.arena = &arena};
    put_byte_level(&out, "smollm", merges);
    ananke_vocab *vocab = load(&out, NULL);
    assert_non_null(vocab);
    assert_string_equal(ananke_vocab_kind(vocab), "gguf-bpe");
    assert_int_equal(vocab->eos_count, 2); /* what the file says first, then the known name */
    assert_int_equal(vocab->eos[0], 1);
    assert_int_equal(vocab->eos[1], 0);
    assert_true(ak_str_equal(ak_vocab_str(vocab, 6), STR(" ab")));
    assert_true(ak_str_equal(ak_vocab_str(vocab, 8), STR("<extra>")));
    assert_int_equal(ak_vocab_str(vocab, 9).length, 0);
    encode(vocab, "ab ab11a", (const uint32_t[]){5, 6, 7, 7, 2}, 5);
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

static void unknown_pattern_leaves_a_vocabulary(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Buf out = {.arena = &arena};
    put_byte_level(&out, "of-tomorrow", merges);
    ananke_vocab *vocab = load(&out, NULL);
    assert_non_null(vocab);
    ananke_error err = {0};
    size_t count;
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"a", 1, NULL, 0, &count, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "of-tomorrow"));
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

static void merge_of_no_token_is_an_error(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Buf out = {.arena = &arena};
    put_byte_level(&out, "gpt-2", (const char *const[]){"a b", "b b"});
    ananke_error err = {0};
    assert_null(load(&out, &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    assert_string_equal(err.file, "t.gguf");
    ak_arena_free(&arena);
}

static const char *const pieces[] = {"<unk>",
                                     "<s>",
                                     "</s>",
                                     "<0x0A>",
                                     "\xE2\x96\x81",
                                     "a",
                                     "b",
                                     "ab",
                                     "\xE2\x96\x81"
                                     "a"};
static const uint32_t piece_types[] = {2, 3, 3, 6, 1, 1, 1, 1, 1};
enum { PIECES = 9 };

static void put_pieces(Buf *out, const char *model, const float *scores, uint32_t score_count) {
    put_head(out, 3, 0, 5);
    put_text(out, "tokenizer.ggml.model", model);
    put_texts(out, "tokenizer.ggml.tokens", pieces, PIECES);
    put_numbers(out, "tokenizer.ggml.token_type", GGUF_INT32, piece_types, PIECES);
    put_u32(out, "tokenizer.ggml.eos_token_id", 2);
    put_array(out, "tokenizer.ggml.scores", GGUF_FLOAT32, score_count);
    for (size_t i = 0; i < score_count; i++) {
        uint32_t bits;
        memcpy(&bits, &scores[i], 4);
        put_number(out, bits, 4);
    }
}

static void scores_rank_the_pieces(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Buf out = {.arena = &arena}, other = {.arena = &arena};
    put_pieces(&out, "llama", (const float[]){0, 0, 0, 0, -9, -9, -9, -1, -2}, PIECES);
    ananke_vocab *vocab = load(&out, NULL);
    assert_non_null(vocab);
    assert_string_equal(ananke_vocab_kind(vocab), "gguf-spm");
    encode(vocab, "ab\nb", (const uint32_t[]){4, 7, 3, 6}, 4); /* "ab" is better than "▁a" */
    ananke_vocab_free(vocab);
    put_pieces(&other, "llama", (const float[]){0, 0, 0, 0, -9, -9, -9, -2, -1}, PIECES);
    vocab = load(&other, NULL);
    encode(vocab, "ab\nb", (const uint32_t[]){8, 6, 3, 6}, 4);
    encode(vocab, "az", (const uint32_t[]){8, 0}, 2);
    encode(vocab, "", NULL, 0);
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

static void other_models_are_vocabularies_only(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Buf out = {.arena = &arena};
    put_pieces(&out, "t5", (const float[PIECES]){0}, PIECES);
    ananke_vocab *vocab = load(&out, NULL);
    assert_non_null(vocab);
    assert_string_equal(ananke_vocab_kind(vocab), "gguf");
    size_t count;
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"a", 1, NULL, 0, &count, NULL));
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

static void lists_that_do_not_fit_are_errors(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Buf out = {.arena = &arena}, none = {.arena = &arena};
    ananke_error err = {0};
    put_pieces(&out, "llama", (const float[PIECES]){0}, PIECES - 1);
    assert_null(load(&out, &err));
    assert_non_null(strstr(err.message, "tokenizer.ggml.scores does not fit"));
    put_head(&none, 3, 0, 0);
    assert_null(load(&none, &err));
    assert_non_null(strstr(err.message, "no vocabulary"));
    ak_arena_free(&arena);
}

/* The embedded model, when it is there; the ids are those of the model's own tokenizer.json under the tokenizers package. */
static void embedded_model_encodes_as_its_own_tokenizer(void **state) {
    (void)state;
    const char *path = getenv("ANANKE_MODEL");
    if (!path || !ak_gguf_is(path)) skip();
    ananke_vocab *vocab = ananke_vocab_load(path, NULL, NULL);
    assert_non_null(vocab);
    assert_int_equal(vocab->size, 49152);
    static const uint32_t want[] = {24127, 1517, 803,  24,  81, 42, 1230, 727, 1230, 1662, 472,
                                    1003,  253,  1232, 216, 33, 34, 43,   198, 109,  198};
    encode(vocab, "export function add(a: number): number {\n    return a + 12;\n}\n", want,
           sizeof want / sizeof *want);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(byte_level_bpe),
        cmocka_unit_test(unknown_pattern_leaves_a_vocabulary),
        cmocka_unit_test(merge_of_no_token_is_an_error),
        cmocka_unit_test(scores_rank_the_pieces),
        cmocka_unit_test(other_models_are_vocabularies_only),
        cmocka_unit_test(lists_that_do_not_fit_are_errors),
        cmocka_unit_test(embedded_model_encodes_as_its_own_tokenizer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
