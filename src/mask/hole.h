/* Holes: what a matcher writes into when the text behind it is there already.
 *
 * A hole may end where that text, its suffix, fits, and nowhere else: not where the language alone would let the text end. Whether it fits is exact
 * (suffix.h). That a token may come says no more than it says without a hole: that the text goes on as one of the language. What can be told of the rest is
 * told by a search, which is exact where it comes to its end. */
#ifndef AK_MASK_HOLE_H
#define AK_MASK_HOLE_H

#include "mask/suffix.h"

typedef struct Hole {
    Arena arena; /* of what is known, which is forgotten when it has grown; the text is behind the struct */
    Suffix suffix;
    Str text;
    size_t size; /* of the struct with its text */
} Hole;

/* Copies the text. NULL when out of memory; ak_hole_free with the same allocator. */
Hole *ak_hole_new(const ananke_allocator *allocator, Str text);
void ak_hole_free(Hole *self, const ananke_allocator *allocator);
/* Whether suffixes can be asked about: points must be all that counts. */
static inline bool ak_hole_is_possible(const Engine *engine) {
    return !engine->has_limits && !engine->uniques;
}
/* Whether the text may end at the point: where the suffix fits; of no hole, NULL, as ak_engine_may_end has it. */
Step ak_hole_may_end(Hole *self, Engine *engine, Point point, Fuel *fuel);
/* Sets or clears the end-of-text ids in the point's mask, as they have to be; `*is_changed` says whether any was not. */
Step ak_hole_mend(Hole *self, Engine *engine, Point point, uint32_t *row, bool *is_changed, Fuel *fuel);
/* The number of the mask that this makes of the one with number `mask`; 0 when memory or fuel is spent. */
uint32_t ak_hole_mask(Hole *self, Engine *engine, uint32_t mask, Point point, Fuel *fuel);
/* A shortest text that may come between the point and the suffix, in the arena: STEP_DEAD, there is none; STEP_SPENT: none was found within the budget, which is
 * small. */
Step ak_hole_fill(Hole *self, Engine *engine, Point point, Arena *arena, Str *text, Fuel *fuel);

#endif
