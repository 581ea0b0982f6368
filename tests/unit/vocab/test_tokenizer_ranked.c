/* Pieces with scores: which of them text may become, ties, and what is no text. */
#include "vocab/tokenizer_ranked.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static ananke_vocab *make(Arena *arena, RankedPiece *list, size_t count, bool starts_with_space) {
    RankedPieces pieces = {.kind = "test", .starts_with_space = starts_with_space};
    pieces.list.items = list, pieces.list.count = count;
    ananke_vocab *vocab = ak_ranked_vocab(&pieces, arena, NULL, NULL);
    assert_non_null(vocab);
    return vocab;
}

static void expect(const ananke_vocab *vocab, const char *text, const uint32_t *want, size_t want_count) {
    uint32_t ids[16];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, strlen(text), ids, 16, &count, NULL));
    assert_int_equal(count, want_count);
    assert_memory_equal(ids, want, count * sizeof *ids);
}

static void equal_scores_merge_from_the_left(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    RankedPiece list[] = {{STR("a"), -9, 1}, {STR("b"), -9, 1}, {STR("ba"), -1, 1}, {STR("ab"), -1, 1}};
    ananke_vocab *vocab = make(&arena, list, 4, false);
    expect(vocab, "aba", (const uint32_t[]){3, 0}, 2);
    expect(vocab, "bab", (const uint32_t[]){2, 1}, 2);
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

static void only_normal_pieces_are_merged_into(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    RankedPiece list[] = {
        {STR("<unk>"), 0, PIECE_UNKNOWN}, {STR("a"), -9, 1},
        {STR("aa"), 0, PIECE_UNUSED},     {STR("aaa"), 0, PIECE_CONTROL},
        {STR("<0x61>"), 0, PIECE_BYTE},
    };
    ananke_vocab *vocab = make(&arena, list, 5, false);
    expect(vocab, "aaa", (const uint32_t[]){1, 1, 1}, 3);
    expect(vocab, "z", (const uint32_t[]){0}, 1);
    assert_int_equal(ak_vocab_str(vocab, 3).length, 0);
    assert_int_equal(vocab->aliases[1], 4); /* the byte token and the letter are the same bytes */
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

static void user_defined_pieces_are_whole(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    RankedPiece list[] = {
        {STR("a"), -9, 1},
        {STR("b"), -9, 1},
        {STR("ba"), -1, 1},
        {STR("aa"), 0, PIECE_USER_DEFINED},
        {STR("aaab"), 0, PIECE_USER_DEFINED},
        {STR("aab"), -1, 1},
    };
    ananke_vocab *vocab = make(&arena, list, 6, false);
    expect(vocab, "baaa", (const uint32_t[]){1, 3, 0}, 3); /* neither "ba" nor "aab" takes a part of it */
    expect(vocab, "aab", (const uint32_t[]){3, 1}, 2);
    expect(vocab, "aaab", (const uint32_t[]){4}, 1); /* the longest one */
    expect(vocab, "aba", (const uint32_t[]){0, 2}, 2);
    assert_true(ak_str_equal(ak_vocab_str(vocab, 3), STR("aa"))); /* a mask may allow it as text */
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

static void space_goes_before_the_text(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    RankedPiece list[] = {{STR("\xE2\x96\x81"), -9, 1},
                          {STR("a"), -9, 1},
                          {STR("\xE2\x96\x81"
                               "a"),
                           -1, 1}};
    ananke_vocab *vocab = make(&arena, list, 3, true);
    expect(vocab, "a a", (const uint32_t[]){2, 2}, 2);
    expect(vocab, " a", (const uint32_t[]){0, 2}, 2);
    expect(vocab,
           "\xE2\x96\x81"
           "a",
           (const uint32_t[]){0, 2}, 2);
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_scores_merge_from_the_left),
        cmocka_unit_test(only_normal_pieces_are_merged_into),
        cmocka_unit_test(user_defined_pieces_are_whole),
        cmocka_unit_test(space_goes_before_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
