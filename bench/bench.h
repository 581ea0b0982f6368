/* What the benchmarks' programs share: the time, and how they fail. */
#ifndef AK_BENCH_H
#define AK_BENCH_H

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

#endif
