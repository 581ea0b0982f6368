/* Measured times and what is told of them: average, percentiles, maximum. */
#ifndef ANANKE_CLI_SAMPLES_H
#define ANANKE_CLI_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yyjson.h>

typedef struct Samples {
    float *us; /* owned */
    size_t count, capacity;
    bool is_sorted;
} Samples;

/* Microseconds of a clock that only goes forward. */
double cli_clock_us(void);

/* False when out of memory. */
bool cli_samples_add(Samples *samples, double us);
void cli_samples_free(Samples *samples);
double cli_samples_average(const Samples *samples);
/* The sample that `percent` of them are not above: value floor(percent/100 * count) in order; 100 is the maximum. 0 when there are none. Sorts. */
double cli_samples_percentile(Samples *samples, unsigned percent);
/* Adds an object under `key` with "avg", a "pN" for each of the percents (ended by 0), and "max", rounded to 0.01. False when out of memory. */
bool cli_samples_put(Samples *samples, const unsigned *percents, yyjson_mut_doc *doc, yyjson_mut_val *object,
                     const char *key);

#endif
