/* Sets of tokens, as grammars speak of them: <name>, <[5]>, <[5-7,9]>, <[^5]>, <[*]>. Immutable once made. */
#ifndef AK_MASK_TOKEN_SET_H
#define AK_MASK_TOKEN_SET_H

#include "vocab/vocab.h"

typedef struct TokenRange {
    uint32_t first, last;
} TokenRange;

typedef struct TokenSet {
    const TokenRange *ranges; /* in order, with gaps between them */
    size_t count;             /* 0: the empty set */
} TokenSet;

/* The set that `text` names, from '<' to '>', in `arena`. A name is that of a special token, else the text of another.
 * ANANKE_ERROR_SYNTAX, without a place, when it is malformed or names what the vocabulary has not; `vocab` may be NULL:
 * it has nothing. */
bool ak_token_set_read(TokenSet *self, Str text, const ananke_vocab *vocab, Arena *arena, ananke_error *err);
/* What is not in the set, end-of-text ids left out. False when out of memory. */
bool ak_token_set_others(TokenSet *self, const ananke_vocab *vocab, Arena *arena);

bool ak_token_set_has(const TokenSet *self, uint32_t token);
/* Sets the bits of its tokens. */
void ak_token_set_fill(const TokenSet *self, uint32_t *row);

#endif
