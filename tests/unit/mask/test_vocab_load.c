/* Loading: the kinds that need no file, and what is told about files that are none. */
#include "mask/vocab.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void bytes_has_one_token_a_byte(void **state) {
    (void)state;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    assert_non_null(vocab);
    assert_int_equal(ananke_vocab_size(vocab), 257);
    assert_string_equal(ananke_vocab_kind(vocab), "bytes");
    assert_int_equal(vocab->trie.count, 256);
    const uint32_t *eos;
    assert_int_equal(ananke_vocab_eos(vocab, &eos), 1);
    assert_int_equal(eos[0], 256);
    uint32_t ids[4];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)"a\0\xff", 3, ids, 4, &count, NULL));
    assert_int_equal(count, 3);
    assert_memory_equal(ids, ((uint32_t[]){'a', 0, 255}), 12);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_has_one_token_a_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
