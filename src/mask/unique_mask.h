/* What masks have too much where items of an array must differ (unique.h): a point's mask is that of the grammar without this, and a few tokens are taken from
 * it where it is handed out.
 *
 * Those are of two kinds. Tokens by which the pending item, or the next one, becomes equal to one before, or can only become so: a walk through the vocabulary
 * along the values before finds them. And tokens that end one item and have a byte of another one, which may be equal to the first: these few are listed
 * once for an engine, and looked at one by one. */
#ifndef AK_MASK_UNIQUE_MASK_H
#define AK_MASK_UNIQUE_MASK_H

#include "mask/unique.h"

/* Lists the tokens that may end one item and begin another, in the arena. False when out of memory. */
bool ak_unique_find_crossing(Uniques *self, const ananke_vocab *vocab, Arena *arena);
/* The mask of the point at the place, made of the point's own; 0 when memory or fuel is spent. */
uint32_t ak_unique_mask(Engine *engine, uint32_t mask, Point point, uint32_t place, Fuel *fuel);

#endif
