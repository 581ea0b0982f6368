/* The table of patterns: every row compiles, every tiktoken kind names a pattern, and names are found whole. */
#include "vocab/tokenizer_patterns.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void every_name_is_found_whole(void **state) {
    (void)state;
    static const char *const names[] = {"gpt-2",  "smollm",      "llama-bpe", "qwen2", "gpt-4o",
                                        "tekken", "deepseek-v3", "cl100k",    "glm4",  "stablelm2"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) assert_non_null(ak_pattern_find(ak_str(names[i])));
    assert_null(ak_pattern_find(STR("gpt")));
    assert_null(ak_pattern_find(STR("")));
    assert_null(ak_pattern_find(STR("gpt-2 phi-2")));
    assert_ptr_equal(ak_pattern_find(STR("gpt-2")), ak_pattern_find(STR("phi-2")));
}

static void every_tiktoken_kind_can_cut(void **state) {
    (void)state;
    static const uint32_t ranks[] = {50256, 50280, 100256, 128000, 151643, 199998};
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
        const TiktokenKind *kind = ak_tiktoken_find(ranks[i]);
        assert_non_null(kind);
        assert_true(kind->ends[0].name && kind->ends[0].id < kind->size);
        ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
        assert_non_null(vocab);
        Bpe *bpe = ak_bpe_new(vocab);
        assert_non_null(bpe);
        assert_true(ak_pattern_add(ak_pattern_find(ak_str(kind->pattern)), bpe, &vocab->arena, NULL));
        Pieces pieces;
        Arena scratch = ak_arena(NULL);
        assert_true(ak_splits_cut(&bpe->encoder.splits, STR("if (x) {\n    return 42;\n}"), &scratch, &pieces, NULL));
        assert_true(pieces.count > 6);
        assert_true(ak_str_equal(pieces.items[0], STR("if")));
        ak_arena_free(&scratch);
        ananke_vocab_free(vocab);
    }
    assert_null(ak_tiktoken_find(7));
}

static void digits_are_cut_as_each_model_does(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t pieces;
    } wants[] = {{"gpt-2", 1}, {"smollm", 7}, {"llama-bpe", 3}, {"qwen2", 7}, {"gpt-4o", 3}, {"deepseek-v3", 3}};
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
        Bpe *bpe = ak_bpe_new(vocab);
        assert_true(ak_pattern_add(ak_pattern_find(ak_str(wants[i].name)), bpe, &vocab->arena, NULL));
        Arena scratch = ak_arena(NULL);
        Pieces pieces;
        assert_true(ak_splits_cut(&bpe->encoder.splits, STR("1234567"), &scratch, &pieces, NULL));
        assert_int_equal(pieces.count, wants[i].pieces);
        ak_arena_free(&scratch);
        ananke_vocab_free(vocab);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_found_whole),
        cmocka_unit_test(every_tiktoken_kind_can_cut),
        cmocka_unit_test(digits_are_cut_as_each_model_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
