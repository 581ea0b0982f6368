/* Floats are enough: 24 bits of a time in microseconds, in half the memory for millions of tokens. */
#include "cli/samples.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double cli_clock_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

bool cli_samples_add(Samples *samples, double us) {
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity ? samples->capacity * 2 : 256;
        float *grown = realloc(samples->us, capacity * sizeof *grown);
        if (!grown) return false;
        samples->us = grown, samples->capacity = capacity;
    }
    samples->us[samples->count++] = (float)us;
    samples->is_sorted = false;
    return true;
}

void cli_samples_free(Samples *samples) {
    free(samples->us);
    *samples = (Samples){0};
}

double cli_samples_average(const Samples *samples) {
    double sum = 0;
    for (size_t i = 0; i < samples->count; i++) sum += (double)samples->us[i];
    return samples->count ? sum / (double)samples->count : 0;
}

static int compare(const void *a, const void *b) {
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

double cli_samples_percentile(Samples *samples, unsigned percent) {
    if (!samples->count) return 0;
    if (!samples->is_sorted) qsort(samples->us, samples->count, sizeof *samples->us, compare);
    samples->is_sorted = true;
    size_t at = samples->count * percent / 100;
    return (double)samples->us[at < samples->count ? at : samples->count - 1];
}

static double rounded(double us) {
    return round(us * 100) / 100;
}

bool cli_samples_put(Samples *samples, const unsigned *percents, yyjson_mut_doc *doc, yyjson_mut_val *object,
                     const char *key) {
    yyjson_mut_val *figures = yyjson_mut_obj_add_obj(doc, object, key);
    bool built = figures && yyjson_mut_obj_add_real(doc, figures, "avg", rounded(cli_samples_average(samples)));
    for (; built && *percents; percents++) {
        char name[16];
        snprintf(name, sizeof name, "p%u", *percents);
        yyjson_mut_val *copy = yyjson_mut_strcpy(doc, name);
        built = yyjson_mut_obj_add(figures, copy,
                                   yyjson_mut_real(doc, rounded(cli_samples_percentile(samples, *percents))));
    }
    return built && yyjson_mut_obj_add_real(doc, figures, "max", rounded(cli_samples_percentile(samples, 100)));
}
