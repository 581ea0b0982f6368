/* Finding masks: which tokens a point allows.
 *
 * A point's mask is looked up in the engine's pool; or recalled, when the same questions had the same answers at
 * another node (trace.h); or found among those of other grammars (mask_share.h); or worked out. The last is tried in two ways: a plain walk through the view's trie, as the
 * reference engine does it, is given up after some hundred nodes; then tokens are put together by their first units
 * (mask_firsts.h), to a great part from the masks of other points, which are found in the same manner. In both,
 * punctuation's tokens are masks of their own (mask_piece.h). */
#ifndef AK_MASK_FIND_H
#define AK_MASK_FIND_H

#include "mask/mask_walk.h"

/* Masks so deep in making are made without others, but for those that are made without any. Without a bound two masks could wait for each other: white space
 * ends before what may begin with white space. */
enum { MASK_DEPTH_MAX = 6 };
/* So many tokens are worth more than a plain walk. */
static inline uint32_t ak_mask_many(const ananke_vocab *vocab) {
    return vocab->size / 64;
}

/* Number of the mask in the engine's pool; end-of-text ids are in it where the text may end. 0 when memory or fuel is
 * spent. Any thread. */
uint32_t ak_mask_of(Engine *engine, Point point, Fuel *fuel);
/* Of a part of a view's tokens, for a mask that is `depth` - 1 masks deep in making. */
uint32_t ak_mask_part(Engine *engine, uint32_t view, Part part, Point point, uint32_t depth, Fuel *fuel);
/* The mask of another point, of which the one in making is made; NULL when something is spent. */
const Mask *ak_mask_at(Walk *self, uint32_t view, Part part, Point point);
/* Whether the mask that the walk is to make became known while others were made for it: then it is `met`. */
bool ak_mask_met(Walk *self, Point point);
/* What such a mask is of, but for the parser's node; and the state that is in it. */
uint64_t ak_mask_key(uint32_t view, Part part, DfaState state);
DfaState ak_mask_key_state(uint64_t key);
/* The kind of its masks in a pool (mask_pool.h). */
uint32_t ak_mask_kind(uint32_t view, Part part);

#endif
