/* The text behind a hole: does it fit behind what has been written into the hole so far?
 *
 * That is asked wherever the hole might end, so what was found out is kept, for points at some places of the suffix: points that differ at its
 * beginning are mostly the same one a few tokens on, and that one is known. A point must be all that counts: of grammars with limits of tokens, or
 * arrays whose items differ, nothing can be asked. */
#ifndef AK_MASK_SUFFIX_H
#define AK_MASK_SUFFIX_H

#include "mask/engine.h"

/* It learns, and has one owner. */
typedef struct Suffix {
    Arena *arena;
    Str text;
    uint32_t serial;     /* of the engine whose points they are */
    Table points;        /* node << 32 | state, to a number */
    Table answers;       /* number << 32 | place, to what was found */
    uint32_t count;      /* of points */
    VEC(uint64_t) asked; /* keys in `answers` that the question under way has come by */
} Suffix;

/* The arena and the text must live as long; a text has UINT32_MAX bytes at most. */
static inline Suffix ak_suffix(Arena *arena, Str text) {
    return (Suffix){.arena = arena, .text = text};
}
/* STEP_ALIVE: from the start on it is a whole text when the suffix follows behind the point. What was known of another engine's points is forgotten. */
Step ak_suffix_fits(Suffix *self, Engine *engine, Point point, Fuel *fuel);

#endif
