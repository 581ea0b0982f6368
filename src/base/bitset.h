/* Bit sets over 32-bit words, the layout of a mask row: bit i is bit i%32 of word i/32. */
#ifndef AK_BASE_BITSET_H
#define AK_BASE_BITSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline size_t ak_bits_words(size_t bits) {
    return bits / 32 + (bits % 32 != 0);
}
static inline bool ak_bits_get(const uint32_t *words, size_t bit) {
    return (words[bit / 32] >> (bit % 32)) & 1;
}
static inline void ak_bits_set(uint32_t *words, size_t bit) {
    words[bit / 32] |= UINT32_C(1) << (bit % 32);
}
static inline void ak_bits_clear(uint32_t *words, size_t bit) {
    words[bit / 32] &= ~(UINT32_C(1) << (bit % 32));
}
/* How many bits are set in `count` words. */
size_t ak_bits_count(const uint32_t *words, size_t count);
/* The first set bit at or after `from` in a set of `bits` bits; SIZE_MAX when there is none. */
size_t ak_bits_next(const uint32_t *words, size_t bits, size_t from);
/* a |= b; neither lies in the other. */
void ak_bits_or(uint32_t *restrict a, const uint32_t *restrict b, size_t count);
/* The same; true when that changed a. */
bool ak_bits_grow(uint32_t *a, const uint32_t *b, size_t count);
bool ak_bits_equal(const uint32_t *a, const uint32_t *b, size_t count);
/* a |= b & within; none of them lies in another one. */
void ak_bits_or_within(uint32_t *restrict a, const uint32_t *restrict b, const uint32_t *restrict within, size_t count);
/* a &= ~b */
void ak_bits_drop(uint32_t *a, const uint32_t *b, size_t count);
/* How many words are not empty; a number above `most` when there are more than that. */
size_t ak_bits_filled(const uint32_t *words, size_t count, size_t most);
/* How many words differ. */
size_t ak_bits_differing(const uint32_t *a, const uint32_t *b, size_t count);

#endif
