/* Completion where only a pushdown automaton is known of the grammar: a short text after which the text may end. */
#ifndef AK_MASK_PUSHDOWN_COMPLETION_H
#define AK_MASK_PUSHDOWN_COMPLETION_H

#include "mask/hole.h"
#include "mask/program.h"

/* The text that goes on from the point, up to the suffix if there is a hole, in the arena: one of few bytes, not always of the fewest. {NULL, 0} when none was found within the budget. What the
 * engine learns on the way stays with it. */
Str ak_pushdown_completion(const ananke_program *program, Engine *engine, Hole *hole, Point point, Arena *arena);

#endif
