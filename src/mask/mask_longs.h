/* Masks that are another's, but for long tokens: positions in counted texts are alike as long as a token does not reach the end of the count, and few tokens
 * are long. */
#ifndef AK_MASK_LONGS_H
#define AK_MASK_LONGS_H

#include "mask/mask_walk.h"

typedef struct Likeness {
    DfaState state; /* the other one; the state itself: there is none */
    uint32_t bytes; /* tokens of no more bytes cannot tell the two apart */
    const DfaProfile
        *counted; /* the state counts units down, and the other does not; NULL: it is not known how they differ */
} Likeness;

/* Another state with the same mask but for long tokens. False when memory or fuel is spent. */
bool ak_longs_liken(Walk *self, DfaState state, Likeness *likeness);
/* Fills the walk's row, which must be empty, with the other's mask, and takes out the long tokens that `point` does not allow. */
Outcome ak_mask_by_likeness(Walk *self, Point point, const Likeness *likeness);

#endif
