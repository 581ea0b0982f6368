/* An allocator that fails at the n-th call and counts what is not given back. */
#ifndef TESTS_FAILING_H
#define TESTS_FAILING_H

#include <stdlib.h>

typedef struct Failing {
    long left, live;
} Failing;

static inline void *failing_resize(void *data, void *pointer, size_t old_size, size_t new_size) {
    Failing *failing = data;
    (void)old_size;
    if (new_size == 0) {
        failing->live -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (failing->left-- <= 0) return NULL;
    failing->live += pointer == NULL;
    return realloc(pointer, new_size);
}

#endif
