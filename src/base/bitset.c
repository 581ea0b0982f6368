/* Bit sets: whole-set operations. Rows of masks are long: the build has these loops vectorised. */
#include "base/bitset.h"
#include <string.h>

size_t ak_bits_count(const uint32_t *words, size_t count) {
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += (size_t)__builtin_popcount(words[i]);
    return sum;
}

size_t ak_bits_next(const uint32_t *words, size_t bits, size_t from) {
    if (from >= bits) return SIZE_MAX;
    size_t word = from / 32, last = ak_bits_words(bits);
    uint32_t rest = words[word] & (UINT32_MAX << (from % 32));
    while (!rest) {
        if (++word == last) return SIZE_MAX;
        rest = words[word];
    }
    size_t bit = word * 32 + (size_t)__builtin_ctz(rest);
    return bit < bits ? bit : SIZE_MAX;
}

void ak_bits_or(uint32_t *restrict a, const uint32_t *restrict b, size_t count) {
    for (size_t i = 0; i < count; i++) a[i] |= b[i];
}

bool ak_bits_grow(uint32_t *a, const uint32_t *b, size_t count) {
    uint32_t changed = 0;
    for (size_t i = 0; i < count; i++) changed |= b[i] & ~a[i], a[i] |= b[i];
    return changed != 0;
}

bool ak_bits_equal(const uint32_t *a, const uint32_t *b, size_t count) {
    return count == 0 || memcmp(a, b, count * sizeof *a) == 0;
}

void ak_bits_or_within(uint32_t *restrict a, const uint32_t *restrict b, const uint32_t *restrict within,
                       size_t count) {
    for (size_t i = 0; i < count; i++) a[i] |= b[i] & within[i];
}

void ak_bits_drop(uint32_t *a, const uint32_t *b, size_t count) {
    for (size_t i = 0; i < count; i++) a[i] &= ~b[i];
}

size_t ak_bits_differing(const uint32_t *a, const uint32_t *b, size_t count) {
    uint32_t differing = 0;
    for (size_t i = 0; i < count; i++) differing += a[i] != b[i];
    return differing;
}

size_t ak_bits_filled(const uint32_t *words, size_t count, size_t most) {
    enum { BLOCK = 256 };
    uint32_t filled = 0;
    for (size_t from = 0; from < count && filled <= most; from += BLOCK) {
        size_t end = count - from < BLOCK ? count : from + BLOCK;
        for (size_t i = from; i < end; i++) filled += words[i] != 0;
    }
    return filled;
}
