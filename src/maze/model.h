/* A loaded model as Maze uses it: weights, the vocabulary that masks speak of, and which tokens end an answer. Immutable. */
#ifndef AK_MAZE_MODEL_H
#define AK_MAZE_MODEL_H

#include "maze/llama_backend.h"
#include <ananke/generate.h>

struct ananke_model {
    Arena arena;
    LlamaModel llama;
    ananke_vocab *vocab; /* as many ids as llama.cpp knows */
    uint32_t *ends;      /* row: end of text, end of turn */
    uint32_t *stops;     /* row: those, and tokens that begin a closing fence (white space, then ```) */
    size_t words;        /* of a row */
};

#endif
