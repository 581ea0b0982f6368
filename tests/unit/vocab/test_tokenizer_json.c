/* tokenizer.json: byte-level, with escaped spaces, unigram, WordPiece; end of text and padding from the files beside it; damage. */
#include "../failing.h"
#include "vocab/tokenizer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define BYTE_LEVEL                                                                                                                   \
    "{\"added_tokens\":[{\"id\":6,\"content\":\"<|im_end|>\",\"special\":true},{\"id\":7,\"content\":\"<tool>\",\"special\":false}," \
    "{\"id\":8,\"content\":\"<|endoftext|>\",\"special\":true}],"                                                                    \
    "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false},\"decoder\":{\"type\":\"ByteLevel\"},"                    \
    "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"\xC4\xA0\":2,\"ab\":3,\"\xC4\xA0"                                      \
    "ab\":4,\"\xC3\x83\":5},"                                                                                                        \
    "\"merges\":[\"a b\",[\"\xC4\xA0\",\"ab\"]]}}"

static ananke_vocab *load(const char *text, const TokenizerBeside *beside, ananke_error *err) {
    return ak_tokenizer_json(ak_str(text), beside, "t.json", NULL, err);
}

static void expect(const ananke_vocab *vocab, const char *text, const uint32_t *want, size_t want_count) {
    uint32_t ids[32];
    size_t count;
    ananke_error err = {0};
    if (!ananke_vocab_encode(vocab, (const uint8_t *)text, strlen(text), ids, 32, &count, &err))
        fail_msg("%s", err.message);
    assert_int_equal(count, want_count);
    assert_memory_equal(ids, want, count * sizeof *ids);
}

static void byte_level_bpe(void **state) {
    (void)state;
    ananke_vocab *vocab = load(BYTE_LEVEL, NULL, NULL);
    assert_non_null(vocab);
    assert_string_equal(ananke_vocab_kind(vocab), "bpe");
    assert_int_equal(vocab->size, 9);
    assert_true(ak_str_equal(ak_vocab_str(vocab, 4), STR(" ab")));
    assert_true(ak_str_equal(ak_vocab_str(vocab, 5), STR("\xC3"))); /* half a character */
    assert_int_equal(ak_vocab_str(vocab, 6).length, 0);
    assert_true(ak_str_equal(ak_vocab_str(vocab, 7), STR("<tool>")));
    expect(vocab, "ab ab ba", (const uint32_t[]){3, 4, 2, 1, 0}, 5);
    size_t count;
    ananke_error err = {0};
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"\xC3\xA9", 2, NULL, 0, &count, &err));
    assert_string_equal(err.message, "the vocabulary has no token for byte 0xA9");
    ananke_vocab_free(vocab);
}

static void eos_comes_from_known_names_without_configuration(void **state) {
    (void)state;
    ananke_vocab *vocab = load(BYTE_LEVEL, NULL, NULL);
    assert_int_equal(vocab->eos_count, 2);
    assert_int_equal(vocab->eos[0], 6);
    assert_int_equal(vocab->eos[1], 8);
    ananke_vocab_free(vocab);
}

static void eos_and_padding_come_from_the_files_beside(void **state) {
    (void)state;
    TokenizerBeside beside = {
        .tokenizer_config = STR("{\"eos_token\":{\"content\":\"<|endoftext|>\"}}"),
        .generation_config = STR("{\"eos_token_id\":[8,6]}"),
        .config = STR("{\"eos_token_id\":8,\"vocab_size\":12}"),
    };
    ananke_vocab *vocab = load(BYTE_LEVEL, &beside, NULL);
    assert_non_null(vocab);
    assert_int_equal(vocab->size, 12);
    assert_int_equal(ak_vocab_str(vocab, 11).length, 0);
    assert_int_equal(vocab->eos_count, 2);
    assert_int_equal(vocab->eos[0], 8);
    assert_int_equal(vocab->eos[1], 6);
    ananke_vocab_free(vocab);
    beside.tokenizer_config = STR("{\"eos_token\":\"<|im_end|>\"}"),
    beside.generation_config = beside.config = (Str){0};
    vocab = load(BYTE_LEVEL, &beside, NULL);
    assert_int_equal(vocab->eos_count, 1);
    assert_int_equal(vocab->eos[0], 6);
    ananke_vocab_free(vocab);
}

static void small_vocabulary_has_the_rows_of_a_large_model(void **state) {
    (void)state;
    TokenizerBeside beside = {.config = STR("{\"text_config\":{\"vocab_size\":100000,\"eos_token_id\":[6,99999]}}")};
    ananke_vocab *vocab = load(BYTE_LEVEL, &beside, NULL);
    assert_non_null(vocab);
    assert_int_equal(vocab->size, 100000);
    assert_int_equal(vocab->eos_count, 2);
    assert_int_equal(vocab->eos[1], 99999); /* a padding id may end the text */
    size_t length = 1;
    ananke_vocab_token(vocab, 100000, &length);
    assert_int_equal(length, 0);
    expect(vocab, "ab", (const uint32_t[]){3}, 1);
    ananke_vocab_free(vocab);
}

static void wrong_files_beside_are_errors(void **state) {
    (void)state;
    const TokenizerBeside wrong[] = {
        {.tokenizer_config = STR("{\"eos_token\":\"<nowhere>\"}")},
        {.generation_config = STR("{\"eos_token_id\":99}")},
        {.generation_config = STR("{\"eos_token_id\":[6,18446744073709551615]}")},
        {.config = STR("{\"vocab_size\":1048577}")},
        {.config = STR("{\"vocab_size\":4000000000}")},
        {.config = STR("{")},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ananke_error err = {0};
        assert_null(load(BYTE_LEVEL, &wrong[i], &err));
        assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    }
}

static void escaped_spaces_with_byte_fallback(void **state) {
    (void)state;
    static const char text[] =
        "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"\xE2\x96\x81\"},"
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\xE2\x96\x81\"}]},"
        "\"decoder\":{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"ByteFallback\"}]},"
        "\"model\":{\"type\":\"BPE\",\"byte_fallback\":true,\"fuse_unk\":true,\"unk_token\":\"<unk>\",\"vocab\":{\"<unk>\":0,\"<0x20>\":1,\"<0x0A>\":2,"
        "\"\xE2\x96\x81\":3,\"a\":4,\"\xE2\x96\x81"
        "a\":5},\"merges\":[\"\xE2\x96\x81 a\"]},"
        "\"added_tokens\":[{\"id\":0,\"content\":\"<unk>\",\"special\":true}]}";
    ananke_vocab *vocab = load(text, NULL, NULL);
    assert_non_null(vocab);
    assert_true(ak_str_equal(ak_vocab_str(vocab, 5), STR(" a")));
    assert_int_equal(vocab->aliases[1], 3); /* <0x20> and the escaped space */
    expect(vocab, "a a\n  zz", (const uint32_t[]){5, 5, 2, 3, 3, 0}, 6);
    ananke_vocab_free(vocab);
}

/* The last of equal pieces counts, special tokens are no text, and an escaped space is one. */
static void unigram(void **state) {
    (void)state;
    static const char text[] =
        "{\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"\xE2\x96\x81\",\"prepend_scheme\":\"always\"},"
        "\"added_tokens\":[{\"id\":0,\"content\":\"<unk>\",\"special\":true}],"
        "\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"<unk>\",0],[\"\xE2\x96\x81the\",-1.5],[\"x\",-1],"
        "[\"x\",-2e0],[\"<\",-3],[\"\xE2\x96\x81\",-0.25]]}}";
    ananke_vocab *vocab = load(text, NULL, NULL);
    assert_non_null(vocab);
    assert_string_equal(ananke_vocab_kind(vocab), "unigram");
    assert_true(ak_str_equal(ak_vocab_str(vocab, 1), STR(" the")));
    assert_int_equal(vocab->aliases[2], 3);
    expect(vocab, "thexx \xC3\xA9z the", (const uint32_t[]){1, 3, 3, 5, 0, 1}, 6);
    expect(vocab, "<unk>", (const uint32_t[]){5, 4, 0}, 3);
    ananke_vocab_free(vocab);
}

static void wordpiece_and_wordlevel(void **state) {
    (void)state;
    static const char piece[] =
        "{\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},\"normalizer\":{\"type\":\"BertNormalizer\"},"
        "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"max_input_chars_per_word\":6,"
        "\"vocab\":{\"un\":0,\"##the\":1,\"[UNK]\":2,\"!\":3}}}";
    ananke_vocab *vocab = load(piece, NULL, NULL);
    assert_true(ak_str_equal(ak_vocab_str(vocab, 1), STR("the")));
    expect(vocab, "UnThe! unthethe the", (const uint32_t[]){0, 1, 3, 2, 2}, 5);
    ananke_vocab_free(vocab);
    static const char level[] =
        "{\"pre_tokenizer\":{\"type\":\"Whitespace\"},\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"?\","
        "\"vocab\":{\"un\":0,\"the\":1,\"?\":2}}}";
    vocab = load(level, NULL, NULL);
    assert_string_equal(ananke_vocab_kind(vocab), "wordlevel");
    expect(vocab, "the un unthe", (const uint32_t[]){1, 0, 2}, 3);
    ananke_vocab_free(vocab);
}

static void what_cannot_be_followed_is_named_when_text_is_encoded(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]]}}", "a normalizer that leaves spaces as they are"},
        {"{\"pre_tokenizer\":{\"type\":\"ByteLevel\"},\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0}}}",
         "ByteLevel before a model that is not BPE"},
        {"{\"model\":{\"type\":\"BPE\",\"dropout\":0.1,\"vocab\":{\"a\":0},\"merges\":[]}}", "dropout"},
        {"{\"model\":{\"type\":\"BPE\",\"continuing_subword_prefix\":\"##\",\"vocab\":{\"a\":0},\"merges\":[]}}",
         "continuing_subword_prefix"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_vocab *vocab = load(cases[i][0], NULL, NULL);
        assert_non_null(vocab);
        size_t count;
        ananke_error err = {0};
        assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"a", 1, NULL, 0, &count, &err));
        assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
        if (!strstr(err.message, cases[i][1])) fail_msg("%zu: %s", i, err.message);
        ananke_vocab_free(vocab);
    }
}

static void damage_is_named(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"{", "JSON"},
        {"[]", "there is no \"model\""},
        {"{\"model\":{}}", "there is no \"model.vocab\""},
        {"{\"model\":{\"vocab\":{}}}", "the vocabulary has no tokens"},
        {"{\"model\":{\"vocab\":{\"a\":\"x\"}}}", "token \"a\" has no id"},
        {"{\"model\":{\"vocab\":{\"a\":-1}}}", "token \"a\" has no id"},
        {"{\"model\":{\"vocab\":{\"a\":4294967295}}}", "token \"a\" has an id larger than the file could hold"},
        {"{\"model\":{\"vocab\":{\"a\":0,\"b\":0}}}", "token \"b\" has an id that another one has"},
        {"{\"model\":{\"vocab\":{\"a\":0,\"a\":1}}}", "token \"a\" is there twice"},
        {"{\"model\":{\"type\":\"Unigram\",\"vocab\":{\"a\":0}}}", "there is no \"model.vocab\""},
        {"{\"model\":{\"type\":\"BPE\",\"vocab\":[[\"a\",0]]}}", "there is no \"model.vocab\""},
        {"{\"model\":{\"vocab\":[[\"a\"]]}}", "model.vocab has an entry that is not [text, score]"},
        {"{\"model\":{\"vocab\":[1]}}", "model.vocab has an entry that is not [text, score]"},
        {"{\"model\":{\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}", "token \"ab\" of model.merges"},
        {"{\"model\":{\"vocab\":{\"a\":0},\"merges\":[\"aa\"]}}", "model.merges has an entry that is not a pair"},
        {"{\"model\":{\"vocab\":{\"a\":0},\"merges\":[[\"a\"]]}}", "model.merges has an entry that is not a pair"},
        {"{\"model\":{\"vocab\":{\"a\":0}},\"added_tokens\":[{}]}", "added_tokens has an entry without \"content\""},
        {"{\"model\":{\"type\":\"Odd\",\"vocab\":{\"a\":0}}}", "model.type \"Odd\" is not known"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_error err = {0};
        assert_null(load(cases[i][0], NULL, &err));
        if (!strstr(err.message, cases[i][1])) fail_msg("%zu: %s", i, err.message);
        assert_string_equal(err.file, "t.json");
    }
}

static void every_failing_allocation_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        Failing failing = {.left = n};
        ananke_allocator allocator = {failing_resize, &failing};
        ananke_error err = {0};
        ananke_vocab *vocab =
            ak_tokenizer_json(STR(BYTE_LEVEL), NULL, NULL, &(ananke_context){.allocator = &allocator}, &err);
        if (!vocab) assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        ananke_vocab_free(vocab);
        assert_int_equal(failing.live, 0);
        if (vocab) return;
        assert_true(n < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(byte_level_bpe),
        cmocka_unit_test(eos_comes_from_known_names_without_configuration),
        cmocka_unit_test(eos_and_padding_come_from_the_files_beside),
        cmocka_unit_test(small_vocabulary_has_the_rows_of_a_large_model),
        cmocka_unit_test(wrong_files_beside_are_errors),
        cmocka_unit_test(escaped_spaces_with_byte_fallback),
        cmocka_unit_test(unigram),
        cmocka_unit_test(wordpiece_and_wordlevel),
        cmocka_unit_test(what_cannot_be_followed_is_named_when_text_is_encoded),
        cmocka_unit_test(damage_is_named),
        cmocka_unit_test(every_failing_allocation_is_an_error_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
