/* What every encoder does before its model has its say: refusing, checking, normalising, cutting. */
#include "vocab/bpe.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A model that gives, for each piece, its length. */
static bool give_lengths(const Encoder *self, const ananke_vocab *vocab, const Pieces *pieces, Arena *scratch,
                         IdSink *sink, ananke_error *err) {
    (void)self, (void)vocab, (void)scratch, (void)err;
    for (size_t i = 0; i < pieces->count; i++) ak_ids_put(sink, (uint32_t)pieces->items[i].length);
    return true;
}

static size_t run(const Encoder *encoder, Str text, uint32_t ids[8], ananke_error *err) {
    Arena scratch = ak_arena(NULL);
    IdSink sink = {ids, 8, 0};
    bool done = ak_encoder_run(encoder, NULL, text, &scratch, &sink, err);
    ak_arena_free(&scratch);
    return done ? sink.count : SIZE_MAX;
}

static void text_is_normalised_then_cut_then_given_its_spaces(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Encoder encoder = {.encode = give_lengths, .escapes_spaces = true};
    NormalStep mark = {.kind = NORMAL_REPLACE, .from = STR(" "), .to = STR("\xE2\x96\x81")};
    assert_true(ak_vec_push(&arena, &encoder.normals, mark));
    assert_true(ak_splits_add(&encoder.splits, &arena, mark.to, true, SPLIT_MERGED_WITH_NEXT, false, NULL));
    uint32_t ids[8];
    assert_int_equal(run(&encoder, STR("ab cde f"), ids, NULL), 3);
    assert_memory_equal(ids, ((uint32_t[]){2, 4, 2}), 12);
    assert_int_equal(run(&encoder, STR(""), ids, NULL), 0);
    ak_encoder_close(&encoder);
    ak_arena_free(&arena);
    ak_encoder_close(NULL);
}

static void what_is_unsupported_is_named_and_bad_text_has_its_place(void **state) {
    (void)state;
    Encoder encoder = {.encode = give_lengths};
    uint32_t ids[8];
    ananke_error err = {0};
    assert_int_equal(run(&encoder, STR("a\nb\xFF"), ids, &err), SIZE_MAX);
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 2);
    encoder.unsupported = "normalizer Odd";
    assert_int_equal(run(&encoder, STR("a"), ids, &err), SIZE_MAX);
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_string_equal(err.message, "this tokenizer cannot be followed: normalizer Odd");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_normalised_then_cut_then_given_its_spaces),
        cmocka_unit_test(what_is_unsupported_is_named_and_bad_text_has_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
