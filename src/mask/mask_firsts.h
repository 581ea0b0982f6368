/* A mask put together by the first units of tokens.
 *
 * Tokens whose first byte does not go on with the pending lexeme are those of the point behind it. Behind a space there
 * is the mask of the view of what follows a space. Units that leave the lexer's state as it is, or are counted far from
 * the limit, do not matter at all: rows of bits and the suffixes behind them tell. Where words begin among which there
 * are keywords, it is the mask of the state that almost all words come to, and a walk along those that do not. Whatever
 * is left is walked through. */
#ifndef AK_MASK_FIRSTS_H
#define AK_MASK_FIRSTS_H

#include "mask/mask_walk.h"

/* Fills the walk's row, which must be empty, for its scope. `profile` is that of the point's state. */
Outcome ak_mask_by_firsts(Walk *self, Point point, const DfaProfile *profile);
/* Allows, of another point's tokens, those whose first unit is of the groups, all of which are in the part. */
Outcome ak_mask_put(Walk *self, Part part, Point point, uint64_t groups);

#endif
