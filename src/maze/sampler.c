/* Sampler: one pass over the logits for the figures, one over the allowed ones for the choice. */
#include "maze/sampler.h"
#include "base/bitset.h"
#include <math.h>
#include <stdlib.h>

/* A weak model repeats itself. Tokens among the last RECENT lose PENALTY logits for each time they are there, up to PENALTY_TIMES: mild enough that
 * brackets and names, which code repeats rightly, still win when the model means them. */
enum { RECENT = 64, PENALTY_TIMES = 4 };
static const float PENALTY = 0.15f;

bool ak_sampler_init(Sampler *sampler, Arena *arena, uint32_t size, float temperature, float top_p, uint64_t seed) {
    *sampler = (Sampler){.size = size, .temperature = temperature, .top_p = top_p, .state = seed};
    sampler->candidates = ak_new_array(arena, Candidate, size);
    sampler->recent = ak_new_array(arena, uint8_t, size);
    sampler->last = ak_new_array(arena, uint32_t, RECENT);
    return ak_arena_ok(arena);
}

double ak_sampler_uniform(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    z ^= z >> 31;
    return (double)(z >> 11) * 0x1p-53;
}

void ak_sampler_note(Sampler *sampler, uint32_t token) {
    uint32_t *slot = &sampler->last[sampler->last_count % RECENT];
    if (sampler->last_count++ >= RECENT) sampler->recent[*slot]--;
    sampler->recent[token]++;
    *slot = token;
}

void ak_sampler_forget(Sampler *sampler) {
    memset(sampler->recent, 0, sampler->size * sizeof *sampler->recent);
    sampler->last_count = 0;
}

uint32_t ak_sampler_first(const Sampler *sampler, const float *logits) {
    uint32_t first = 0;
    for (uint32_t i = 1; i < sampler->size; i++) {
        if (logits[i] > logits[first]) first = i;
    }
    return first;
}

static bool is_allowed(const uint32_t *allowed, uint32_t id) {
    return !allowed || ak_bits_get(allowed, id);
}

/* The model's probability of what is not allowed. */
static double masked_mass(const Sampler *sampler, const float *logits, const uint32_t *allowed, float top) {
    double all = 0, masked = 0;
    if (!allowed) return 0;
    for (uint32_t i = 0; i < sampler->size; i++) {
        double weight = exp((double)logits[i] - top);
        all += weight;
        if (!ak_bits_get(allowed, i)) masked += weight;
    }
    return masked / all;
}

static float penalty(const Sampler *sampler, uint32_t id) {
    uint8_t times = sampler->recent[id];
    return PENALTY * (float)(times < PENALTY_TIMES ? times : PENALTY_TIMES);
}

/* The allowed tokens with their penalised logits; returns how many. `*best` is the index of the heaviest. */
static size_t collect(Sampler *sampler, const float *logits, const uint32_t *allowed, size_t *best) {
    size_t count = 0;
    *best = 0;
    for (uint32_t i = 0; i < sampler->size; i++) {
        if (!is_allowed(allowed, i) || isnan(logits[i])) continue;
        sampler->candidates[count] = (Candidate){i, logits[i] - penalty(sampler, i)};
        if (sampler->candidates[count].weight > sampler->candidates[*best].weight) *best = count;
        count++;
    }
    return count;
}

/* Logits to probabilities, at the temperature. */
static void normalise(Sampler *sampler, size_t count, float top) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        Candidate *candidate = &sampler->candidates[i];
        candidate->weight = expf((candidate->weight - top) / sampler->temperature);
        sum += candidate->weight;
    }
    for (size_t i = 0; i < count; i++) sampler->candidates[i].weight = (float)(sampler->candidates[i].weight / sum);
}

static int heavier_first(const void *a, const void *b) {
    const Candidate *left = a, *right = b;
    if (left->weight != right->weight) return left->weight < right->weight ? 1 : -1;
    return left->id < right->id ? -1 : 1;
}

/* Keeps the nucleus: the heaviest tokens that together reach top_p. What weighs less than (1 - top_p) / count cannot be in it (all of those together
 * are less than what is left out), so only the others are sorted. */
static size_t keep_nucleus(Sampler *sampler, size_t count) {
    Candidate *candidates = sampler->candidates;
    float least = (1 - sampler->top_p) / (float)count;
    size_t kept = 0, end = 0;
    for (size_t i = 0; i < count; i++) {
        if (candidates[i].weight >= least) candidates[kept++] = candidates[i];
    }
    qsort(candidates, kept, sizeof *candidates, heavier_first);
    double sum = 0;
    while (end < kept && sum < (double)sampler->top_p) sum += candidates[end++].weight;
    return end;
}

static uint32_t draw_from(Sampler *sampler, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += sampler->candidates[i].weight;
    double at = ak_sampler_uniform(&sampler->state) * sum;
    for (size_t i = 0; i + 1 < count; i++) {
        at -= sampler->candidates[i].weight;
        if (at < 0) return sampler->candidates[i].id;
    }
    return sampler->candidates[count - 1].id;
}

bool ak_sampler_draw(Sampler *sampler, const float *logits, const uint32_t *allowed, Sample *sample) {
    uint32_t first = ak_sampler_first(sampler, logits);
    size_t best = 0, count = collect(sampler, logits, allowed, &best);
    if (count == 0) return false;
    *sample = (Sample){
        .first = first,
        .intervened = !is_allowed(allowed, first),
        .masked_mass = masked_mass(sampler, logits, allowed, logits[first]),
        .token = sampler->candidates[best].id,
    };
    if (sampler->temperature <= 0) return true;
    normalise(sampler, count, sampler->candidates[best].weight);
    count = keep_nucleus(sampler, count);
    if (count) sample->token = draw_from(sampler, count);
    return true;
}
