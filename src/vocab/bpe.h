/* Byte pair encoding: the encoder of byte-level, tiktoken and SentencePiece-like vocabularies.
 *
 * A piece of text becomes symbols (one a byte, or one a character) of which the neighbours with the lowest rank, leftmost first, are merged
 * until no pair has a rank. Where pairs are known (tokenizer.json, GGUF "gpt2") the rank is the pair's place in the list; else (tiktoken,
 * SentencePiece) it is the rank of the token that the two would make. */
#ifndef AK_VOCAB_BPE_H
#define AK_VOCAB_BPE_H

#include "vocab/vocab.h"

typedef struct BpePair {
    uint32_t left, right; /* left is AK_TOKEN_NONE in a free slot */
    uint32_t rank, merged;
} BpePair;

typedef struct Bpe {
    Encoder encoder;        /* first: a Bpe is an Encoder */
    const BpePair *pairs;   /* hash table; NULL: tokens are ranked */
    BpePair *open_pairs;    /* the same while pairs are added */
    size_t pair_slots;      /* a power of two */
    const uint32_t *ranks;  /* rank of each token, AK_TOKEN_NONE for those that never arise; NULL: the id is the rank */
    uint32_t byte_ids[256]; /* the token of one byte, AK_TOKEN_NONE when there is none */
    uint32_t unknown;       /* token for what has none, AK_TOKEN_NONE when there is none */
    Trie whole;             /* tokens that are one symbol wherever the text has them, and never merge; may be empty */
    bool by_characters;     /* symbols are characters; bytes only where a character has no token */
    bool fuses_unknown;     /* neighbouring unknown characters give one token */
    bool whole_first;       /* a piece that is a token is that token, whatever the merges say */
} Bpe;

/* An encoder for `vocab`, which owns it from now on: byte-level, without normaliser and cutting, every byte_ids and unknown AK_TOKEN_NONE.
 * NULL when out of memory. */
Bpe *ak_bpe_new(ananke_vocab *vocab);
/* Room for `count` pairs; false when out of memory. */
bool ak_bpe_reserve(Bpe *bpe, Arena *arena, size_t count);
/* Adds a pair; the first rank of a pair stays. Room must be reserved. */
void ak_bpe_add(Bpe *bpe, BpePair pair);
/* byte_ids from the one-byte tokens of `vocab`. */
void ak_bpe_take_bytes(Bpe *bpe, const ananke_vocab *vocab);

#endif
