/* Sampler: from logits and a mask to one token, and what the mask did to the model's wish.
 *
 * What the figures mean: probabilities are the model's own (temperature 1, no penalty). `masked_mass` is the share that went to tokens that were not
 * allowed; `intervened` says that the most likely token was among them. Choosing is: penalty for repetition, temperature, nucleus (top-p), a draw.
 * Equal seeds and logits give equal tokens: the generator is SplitMix64 (Steele, Lea, Flood 2014), ties go to the lower id. */
#ifndef AK_MAZE_SAMPLER_H
#define AK_MAZE_SAMPLER_H

#include "base/arena.h"

typedef struct Candidate {
    uint32_t id;
    float weight; /* logit, later probability */
} Candidate;

typedef struct Sampler {
    uint32_t size;     /* ids */
    float temperature; /* 0: the most likely allowed token */
    float top_p;
    uint64_t state;        /* of the generator */
    Candidate *candidates; /* size items of scratch */
    uint8_t *recent;       /* recent[id]: how often id is among the last tokens */
    uint32_t *last;        /* ring of the last tokens */
    size_t last_count;
} Sampler;

typedef struct Sample {
    uint32_t token;
    uint32_t first; /* the model's own first choice */
    bool intervened;
    double masked_mass; /* 0 … 1 */
} Sample;

/* False when out of memory (the arena's failure). `temperature` and `top_p` as they are to be used. */
bool ak_sampler_init(Sampler *sampler, Arena *arena, uint32_t size, float temperature, float top_p, uint64_t seed);
/* The model's first choice. */
uint32_t ak_sampler_first(const Sampler *sampler, const float *logits);
/* Draws a token out of `allowed` (a mask row; NULL: all). False when nothing is allowed. */
bool ak_sampler_draw(Sampler *sampler, const float *logits, const uint32_t *allowed, Sample *sample);
/* Notes a token that became part of the text, for the penalty. */
void ak_sampler_note(Sampler *sampler, uint32_t token);
/* Forgets all that was noted. */
void ak_sampler_forget(Sampler *sampler);
/* The next number of the generator, in [0, 1). */
double ak_sampler_uniform(uint64_t *state);

#endif
