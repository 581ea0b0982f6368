/* A hash table of numbers of four bytes; what they are the numbers of says what they are found by, and its owner compares. One owner. */
#ifndef AK_MASK_NUMBERS_H
#define AK_MASK_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

typedef struct Numbers {
    uint32_t *slots; /* 0: free */
    size_t mask;     /* how many slots there are, a power of two, less one */
} Numbers;

/* The numbers that may be the one looked for, one after the other; 0: there are no more, and `at`, a hash at first, is behind a free slot. */
static inline uint32_t ak_numbers_probe(const Numbers *self, size_t *at) {
    return self->slots[(*at)++ & self->mask];
}

/* Puts a number into the free slot that `at` is behind. */
static inline void ak_numbers_take(Numbers *self, size_t at, uint32_t number) {
    self->slots[(at - 1) & self->mask] = number;
}

#endif
