/* A second look at long tokens: where a region ends by a count that most tokens never come to, a mask has taken all of
 * them, and those that are longer are tried here. */
#ifndef AK_MASK_MASK_TAILS_H
#define AK_MASK_MASK_TAILS_H

#include "mask/mask_walk.h"

/* Points behind the first SHORT_UNITS units of tokens; all different. */
typedef struct Tails {
    Point points[257]; /* one for each first byte, and one for all that the point's own region holds */
    size_t count;
} Tails;

/* Adds the point that `units` more units of the groups, whichever they are, lead to from `point`. */
Outcome ak_tails_add(Walk *self, Tails *tails, Point point, uint64_t groups, uint32_t units);
/* Takes out of the row those tokens of more than `units` units, and in `within`, that die behind `point`: where few of
 * them are in it. */
Outcome ak_tails_try(Walk *self, Point point, uint32_t units, const uint32_t *within);
/* Takes out of the row the tokens that die behind one of these points, and from `point` on, too. */
Outcome ak_tails_drop(Walk *self, const Tails *tails, Point point);

#endif
