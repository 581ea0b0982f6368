/* Bit sets against an array of bools. */
#include "../test.h"
#include "base/bitset.h"
#include <stdlib.h>

enum { BITS = 203 };

TEST(bits_agree_with_an_array_of_bools) {
    IGNORE_STATE;
    srand(2);
    for (int round = 0; round < 200; round++) {
        uint32_t words[7] = {0};
        bool bools[BITS] = {0};
        assert_int_equal(ak_bits_words(BITS), 7);
        for (int i = 0, n = rand() % BITS; i < n; i++) {
            size_t bit = (size_t)rand() % BITS;
            bools[bit] = rand() % 3;
            if (bools[bit]) ak_bits_set(words, bit);
            else ak_bits_clear(words, bit);
        }
        size_t count = 0, next = ak_bits_next(words, BITS, 0);
        for (size_t bit = 0; bit < BITS; bit++) {
            assert_int_equal(ak_bits_get(words, bit), bools[bit]);
            if (!bools[bit]) continue;
            count++;
            assert_int_equal(next, bit);
            next = ak_bits_next(words, BITS, bit + 1);
        }
        assert_true(next == SIZE_MAX);
        assert_int_equal(ak_bits_count(words, 7), count);
    }
}

TEST(growing_tells_whether_it_changed_anything) {
    IGNORE_STATE;
    uint32_t a[2] = {1, 0}, b[2] = {1, 4};
    assert_true(ak_bits_grow(a, b, 2));
    assert_false(ak_bits_grow(a, b, 2));
    assert_true(ak_bits_equal(a, b, 2));
}

TEST(operations_on_words_agree_with_those_on_bits) {
    IGNORE_STATE;
    enum { WORDS = 37 };
    srand(3);
    for (int round = 0; round < 100; round++) {
        uint32_t a[WORDS], b[WORDS], within[WORDS], both[WORDS], less[WORDS], any[WORDS];
        size_t filled = 0, differing = 0, count = (size_t)rand() % (WORDS + 1);
        for (size_t w = 0; w < WORDS; w++) {
            a[w] = both[w] = less[w] = any[w] = rand() % 3 ? (uint32_t)rand() : 0;
            b[w] = rand() % 3 ? (uint32_t)rand() : a[w], within[w] = (uint32_t)rand();
            if (w < count && a[w]) filled++;
            if (w < count && a[w] != b[w]) differing++;
        }
        ak_bits_or(any, b, count);
        ak_bits_or_within(both, b, within, count);
        ak_bits_drop(less, b, count);
        assert_int_equal(ak_bits_filled(a, count, SIZE_MAX), filled);
        if (filled) assert_true(ak_bits_filled(a, count, filled - 1) >= filled);
        assert_int_equal(ak_bits_filled(a, count, filled), filled);
        assert_int_equal(ak_bits_differing(a, b, count), differing);
        for (size_t bit = 0; bit < sizeof a * 8; bit++) {
            bool in_a = ak_bits_get(a, bit), in_b = bit < count * 32 && ak_bits_get(b, bit);
            assert_int_equal(ak_bits_get(both, bit), in_a || (in_b && ak_bits_get(within, bit)));
            assert_int_equal(ak_bits_get(less, bit), in_a && !in_b);
            assert_int_equal(ak_bits_get(any, bit), in_a || in_b);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_agree_with_an_array_of_bools),
        cmocka_unit_test(growing_tells_whether_it_changed_anything),
        cmocka_unit_test(operations_on_words_agree_with_those_on_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
