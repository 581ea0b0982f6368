/* tiktoken files: base64, ranks with gaps, and every way in which a line can be wrong. */
#include "vocab/tokenizer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void ranks_are_ids(void **state) {
    (void)state;
    static const char text[] = "YQ== 0\nYWI= 2\r\nYWJj 3\n/+8A 5\n";
    ananke_vocab *vocab = ak_tokenizer_tiktoken(ak_str(text), NULL, NULL, NULL);
    assert_non_null(vocab);
    assert_int_equal(vocab->size, 6);
    assert_int_equal(ak_vocab_find(vocab, STR("ab")), 2);
    assert_int_equal(ak_vocab_find(vocab, STR("abc")), 3);
    assert_int_equal(ak_vocab_find(vocab, STR("\xFF\xEF\x00")), 5);
    assert_int_equal(ak_vocab_str(vocab, 1).length, 0);
    assert_string_equal(ananke_vocab_kind(vocab), "tiktoken");
    assert_int_equal(vocab->eos_count, 0);
    ananke_vocab_free(vocab);
}

static void encoding_of_an_unknown_kind_is_unsupported(void **state) {
    (void)state;
    ananke_vocab *vocab = ak_tokenizer_tiktoken(STR("YQ== 0\n"), NULL, NULL, NULL);
    ananke_error err = {0};
    size_t count;
    assert_false(ananke_vocab_encode(vocab, (const uint8_t *)"a", 1, NULL, 0, &count, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    ananke_vocab_free(vocab);
}

static void wrong_lines_are_errors_with_a_place(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
        uint32_t line, column;
    } wrong[] = {
        {"YQ== 0\nYg==", "not a line of `BASE64 RANK`", 2, 1},
        {"YQ== 0\nYg== x", "a rank is wanted behind the token", 2, 6},
        {"YQ== 0\nYg== ", "a rank is wanted behind the token", 2, 6},
        {"YQ== 0\nYg== 99999", "the rank is larger than the file could hold", 2, 6},
        {"YQ== 0\nYg== 99999999999", "a rank is wanted behind the token", 2, 6},
        {"YQ== 0\nYg== 0", "the rank is there twice", 2, 1},
        {"Y!== 0", "the token is not base64", 1, 1},
        {"YR== 0", "the token is not base64", 1, 1},
        {"Y 0", "the token is not base64", 1, 1},
        {"== 0", "the token is not base64", 1, 1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ananke_error err = {0};
        assert_null(ak_tokenizer_tiktoken(ak_str(wrong[i].text), "x.tiktoken", NULL, &err));
        assert_string_equal(err.message, wrong[i].message);
        assert_string_equal(err.file, "x.tiktoken");
        assert_int_equal(err.line, wrong[i].line);
        assert_int_equal(err.column, wrong[i].column);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_ids),
        cmocka_unit_test(encoding_of_an_unknown_kind_is_unsupported),
        cmocka_unit_test(wrong_lines_are_errors_with_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
