/* Tokens that begin with a code point of several bytes: which of them are all of one lexeme.
 *
 * Large classes of code points, as those of identifiers, go by no group of units, and a third of a vocabulary can be in question at each point. What the lexer
 * makes of a token as long as no lexeme ends is the same wherever a state is: that is found out once for a state of the lexer. Tokens that begin behind the
 * pending lexeme are those of the point behind it, and only those that leave a lexeme further on are walked through at each point. */
#ifndef AK_MASK_WIDE_H
#define AK_MASK_WIDE_H

#include "mask/mask_walk.h"

/* How the lexer takes the tokens of a view from one of its states. */
typedef struct WideTokens {
    const uint32_t *inside;  /* row: those that leave no lexeme */
    const uint32_t *outside; /* row: those whose first byte does not go on with any */
    const uint32_t *ids;     /* the others, sorted by their bytes, but for some that no point allows */
    const uint8_t *shared;   /* bytes that each has in common with the one before */
    uint32_t count;
} WideTokens;

/* The groups of `groups` whose tokens are told by another mask, of PART_WIDE, when they are many; else 0. */
uint64_t ak_wide_groups(const Walk *self, DfaState state, uint64_t groups);
/* Allows the tokens of these groups that may follow the point: by a mask of PART_WIDE. */
Outcome ak_wide_put(Walk *self, Point point, uint64_t groups);
/* Works such a mask out. */
Outcome ak_wide_fill(Walk *self, DfaState state);

#endif
