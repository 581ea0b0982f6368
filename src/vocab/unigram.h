/* The unigram model: of all ways to cut a piece of text into known pieces, the one whose scores add up to the most (T. Kudo, Subword
 * Regularization, 2018; found by Viterbi's algorithm). A character without a piece is unknown, at a price below every score; unknown neighbours are
 * one token, or their bytes where there are tokens for all of them. */
#ifndef AK_VOCAB_UNIGRAM_H
#define AK_VOCAB_UNIGRAM_H

#include "vocab/vocab.h"

typedef struct Unigram {
    Encoder encoder;        /* first: a Unigram is an Encoder */
    Trie pieces;            /* what text may become; spaces are spaces */
    const double *scores;   /* scores[id] of each piece */
    double unknown_score;   /* of one unknown character */
    uint32_t unknown;       /* AK_TOKEN_NONE when there is none */
    uint32_t byte_ids[256]; /* AK_TOKEN_NONE when there is none */
    bool in_floats; /* sums are rounded as SentencePiece rounds them, which tells which of two equal ways is better */
} Unigram;

/* An encoder for `vocab`, which owns it from now on: no pieces, no unknown token, no bytes. NULL when out of memory. */
Unigram *ak_unigram_new(ananke_vocab *vocab);
/* Sets the pieces: those of `pieces` that are not empty, by id, with a score for each id. Among equal ones the first counts. All is copied into
 * `arena`. */
bool ak_unigram_set(Unigram *unigram, Arena *arena, const Str *pieces, const double *scores, uint32_t count,
                    ananke_error *err);

#endif
