/* What the benchmarks' programs share: the time, how they fail, and how they make a vocabulary forget. */
#ifndef AK_BENCH_H
#define AK_BENCH_H

#include "vocab/vocab.h"
#include <ananke/ananke.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

_Noreturn static inline void fail(const ananke_error *err) {
    char text[2048];
    ananke_error_format(err, text, sizeof text);
    fputs(text, stderr);
    exit(2);
}

/* Takes from the vocabulary the masks that its grammars have in common; there must be no program for it. */
static inline void forget(ananke_vocab *vocab) {
    VocabGuest *guest = atomic_exchange(vocab->guest, NULL);
    if (guest) guest->leave(guest);
}

#endif
