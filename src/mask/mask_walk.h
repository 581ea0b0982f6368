/* One mask: which tokens a point allows.
 *
 * A point's mask is found in the engine's pool or worked out, by the first way that will do:
 * - a plain walk through the view's trie, as the reference engine does it, given up after some hundred nodes;
 * - in a state that a stock class of units leaves as it is: the class's row, and a walk through its suffixes;
 * - first byte by first byte. Behind a space: the mask of the view of what follows a space. For the beginnings of
 *   words where every word is alive (identifiers beside keywords): the mask of the state that almost all words come
 *   to, cut to words, and a walk along those that do not come there. All other bytes: a plain walk.
 * The masks that others are made of are points' masks too, so they are stored, and wanted again soon. */
#ifndef AK_MASK_WALK_H
#define AK_MASK_WALK_H

#include "mask/engine.h"

/* Number of the mask in the engine's pool; end-of-text ids are in it where the text may end. 0 when memory or fuel is
 * spent. Any thread. */
uint32_t ak_mask_of(Engine *engine, Point point, Fuel *fuel);

#endif
