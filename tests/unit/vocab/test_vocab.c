/* Vocabularies made from tables: ids, aliases, end of text, encoding and decoding, and every failing allocation. */
#include "../failing.h"
#include "vocab/vocab.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const words[] = {"", "a", "ab", "abc", "c", "a", "", "\xE2\x82", "\xAC", "<eos>"};
enum { WORDS = sizeof words / sizeof *words };

static ananke_vocab *from_words(const ananke_context *context, ananke_error *err) {
    const uint8_t *bytes[WORDS];
    size_t lengths[WORDS];
    for (size_t i = 0; i < WORDS; i++) bytes[i] = (const uint8_t *)words[i], lengths[i] = strlen(words[i]);
    return ananke_vocab_from_tokens(bytes, lengths, WORDS, (const uint32_t[]){9, 0, 9}, 3, context, err);
}

static void table_is_kept_by_id(void **state) {
    (void)state;
    ananke_vocab *vocab = from_words(NULL, NULL);
    assert_non_null(vocab);
    assert_int_equal(ananke_vocab_size(vocab), WORDS);
    assert_string_equal(ananke_vocab_kind(vocab), "tokens");
    for (uint32_t id = 0; id < 9; id++) {
        size_t length = 99;
        const uint8_t *bytes = ananke_vocab_token(vocab, id, &length);
        assert_int_equal(length, strlen(words[id]));
        assert_memory_equal(bytes, words[id], length);
    }
    size_t length = 99;
    assert_non_null(ananke_vocab_token(vocab, WORDS, &length));
    assert_int_equal(length, 0);
    ananke_vocab_free(vocab);
}

static void end_of_text_ids_have_no_bytes_and_come_once(void **state) {
    (void)state;
    ananke_vocab *vocab = from_words(NULL, NULL);
    const uint32_t *eos;
    assert_int_equal(ananke_vocab_eos(vocab, &eos), 2);
    assert_int_equal(eos[0], 9);
    assert_int_equal(eos[1], 0);
    size_t length = 99;
    ananke_vocab_token(vocab, 9, &length);
    assert_int_equal(length, 0);
    assert_int_equal(ak_vocab_find(vocab, STR("<eos>")), AK_TOKEN_NONE);
    ananke_vocab_free(vocab);
}

static void find_gives_the_lowest_id(void **state) {
    (void)state;
    ananke_vocab *vocab = from_words(NULL, NULL);
    assert_int_equal(ak_vocab_find(vocab, STR("a")), 1);
    assert_int_equal(ak_vocab_find(vocab, STR("abc")), 3);
    assert_int_equal(ak_vocab_find(vocab, STR("b")), AK_TOKEN_NONE);
    assert_int_equal(ak_vocab_find(vocab, STR("")), AK_TOKEN_NONE);
    assert_int_equal(vocab->aliases[1], 5);
    assert_int_equal(vocab->aliases[5], AK_TOKEN_NONE);
    ananke_vocab_free(vocab);
}

static void encoding_takes_the_longest_token_and_decoding_gives_the_text_back(void **state) {
    (void)state;
    ananke_vocab *vocab = from_words(NULL, NULL);
    static const char text[] = "abcaabc\xE2\x82\xAC";
    uint32_t ids[8];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, sizeof text - 1, NULL, 0, &count, NULL));
    assert_int_equal(count, 5);
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, sizeof text - 1, ids, 8, &count, NULL));
    assert_memory_equal(ids, ((uint32_t[]){3, 1, 3, 7, 8}), 20);
    uint8_t back[16];
    assert_int_equal(ananke_vocab_decode(vocab, ids, count, NULL, 0), sizeof text - 1);
    assert_int_equal(ananke_vocab_decode(vocab, ids, count, back, sizeof back), sizeof text - 1);
    assert_memory_equal(back, text, sizeof text - 1);
    memset(back, '.', sizeof back);
    assert_int_equal(ananke_vocab_decode(vocab, (const uint32_t[]){3, 9, 77, 3}, 4, back, 4), 6);
    assert_memory_equal(back, "abca.", 5);
    ananke_vocab_free(vocab);
}

static void text_without_token_is_refused_with_its_place(void **state) {
    (void)state;
    ananke_vocab *vocab = from_words(NULL, NULL);
    ananke_error err = {0};
    size_t count;
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"ab\nax", 5, NULL, 0, &count, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_int_equal(err.offset, 2);
    ananke_vocab_free(vocab);
}

static void end_of_text_id_out_of_range_is_an_error(void **state) {
    (void)state;
    ananke_error err = {0};
    const uint8_t *bytes[] = {(const uint8_t *)"a"};
    assert_null(ananke_vocab_from_tokens(bytes, (const size_t[]){1}, 1, (const uint32_t[]){1}, 1, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    assert_null(ananke_vocab_from_tokens(NULL, NULL, 0, NULL, 0, NULL, &err));
    assert_string_equal(err.message, "the vocabulary has no tokens");
}

/* A vocabulary of two words, a special token and an added one whose text another one has, and an end without a name. */
static ananke_vocab *from_draft(void) {
    Arena arena = ak_arena(NULL);
    VocabDraft draft = {.arena = &arena, .kind = "tokens"};
    assert_true(ak_draft_put(&draft, 0, (DraftToken){.bytes = STR("ab")}));
    assert_true(ak_draft_put(&draft, 1, (DraftToken){.bytes = STR("<end>")}));
    assert_true(ak_draft_put(&draft, 3, (DraftToken){.name = STR("<|x|>"), .is_added = true}));
    assert_true(ak_draft_put(&draft, 5, (DraftToken){.bytes = STR("ab"), .name = STR("ab"), .is_added = true}));
    assert_true(ak_draft_eos(&draft, 1));
    ananke_vocab *vocab = ak_vocab_new(&draft, NULL, NULL);
    ak_arena_free(&arena);
    return vocab;
}

static void tokens_are_found_by_name_and_then_by_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t id;
    } rows[] = {{"<|x|>", 3}, {"<end>", 1}, {"ab", 5}};
    ananke_vocab *vocab = from_draft(), *table = from_words(NULL, NULL);
    uint32_t id = 77;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t length;
        assert_true(ananke_vocab_find(vocab, rows[i].name, strlen(rows[i].name), &id));
        assert_int_equal(id, rows[i].id);
        const char *name = ananke_vocab_special_name(vocab, id, &length);
        assert_true(ak_str_equal((Str){name, length}, ak_str(rows[i].name)));
    }
    size_t length = 9;
    assert_null(ananke_vocab_special_name(vocab, 0, &length));
    assert_int_equal(length, 0);
    assert_null(ananke_vocab_special_name(vocab, 1000, &length));
    id = 77;
    assert_false(ananke_vocab_find(vocab, "<|y|>", 5, &id));
    assert_false(ananke_vocab_find(vocab, "", 0, &id));
    assert_int_equal(id, 77);
    assert_true(ananke_vocab_find(table, "a", 1, &id));
    ananke_vocab_free(vocab);
    ananke_vocab_free(table);
}

static void every_failing_allocation_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        Failing failing = {.left = n};
        ananke_allocator allocator = {failing_resize, &failing};
        ananke_error err = {0};
        ananke_vocab *vocab = from_words(&(ananke_context){.allocator = &allocator}, &err);
        if (!vocab) assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        ananke_vocab_free(vocab);
        assert_int_equal(failing.live, 0);
        if (vocab) return;
        assert_true(n < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_kept_by_id),
        cmocka_unit_test(end_of_text_ids_have_no_bytes_and_come_once),
        cmocka_unit_test(find_gives_the_lowest_id),
        cmocka_unit_test(encoding_takes_the_longest_token_and_decoding_gives_the_text_back),
        cmocka_unit_test(text_without_token_is_refused_with_its_place),
        cmocka_unit_test(end_of_text_id_out_of_range_is_an_error),
        cmocka_unit_test(tokens_are_found_by_name_and_then_by_bytes),
        cmocka_unit_test(every_failing_allocation_is_an_error_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
