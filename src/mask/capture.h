/* Captures: which parts of the text so far are those that the grammar's rules with a name (rule[capture]) stand for, and what
 * ends these where that has a name of its own (rule[stop_capture="name"]).
 *
 * Neither engine remembers how a text was put together. So this is found out when asked for: the text is read again,
 * and a textbook Earley chart over its lexemes keeps for every item how it came about first. The captures are those of
 * one derivation: of the whole text, when it may end here, else of its beginning. */
#ifndef AK_MASK_CAPTURE_H
#define AK_MASK_CAPTURE_H

#include "mask/history.h"
#include "mask/reference.h"
#include <ananke/matcher.h>

typedef VEC(ananke_capture) Captures;

/* Adds the captures of the text that `history` took, in the order in which they end, to `found`, in `arena`. The
 * reference is a fresh one, and of no other use afterwards. False when memory or steps ran out. */
bool ak_captures_find(Captures *found, Reference *reference, const History *history, Arena *arena);

#endif
