/* What is known by the top of the parser's stack: masks, and answers to questions.
 *
 * What is below the lowest entry that was looked at while something was found out has no part in it: wherever the entries above are the same, the same is true.
 * They are the path of a trie, from the top down, and what was found out is kept at the place where it ends. So it is known at a node that nobody has been
 * at, without a step of the parser, and nothing is made for places that are passed. (The lowest entry is told by pushdown.h's `lows`.) One writer adds under a
 * lock; readers take none. */
#ifndef AK_MASK_TOPS_H
#define AK_MASK_TOPS_H

#include "mask/pushdown.h"

enum { TOPS_DEPTH = 24 };

typedef struct Tops {
    Table edges; /* place << 32 | symbol, to the place below */
    Table known; /* place << 32 | what is asked, to the answer */
    uint32_t places;
} Tops;

/* The top of a node's stack, as far as it is a path of the trie. */
typedef struct TopPath {
    ParserNode node;
    uint32_t count;                                    /* of the entries; 0: there is no single stack */
    uint32_t symbols[TOPS_DEPTH], heights[TOPS_DEPTH]; /* of the entry */
    uint32_t places[TOPS_DEPTH];                       /* behind it; 0: not in the trie yet, as all that are below */
} TopPath;

/* What is asked: a mask, by its key but for the node, or the step over an ending. */
static inline uint32_t ak_tops_mask(uint64_t key) {
    return (uint32_t)key | UINT32_C(1) << 31;
}

void ak_tops_begin(const Tops *self, const Pushdown *pushdown, ParserNode node, TopPath *path);
/* The answer, and the height of the lowest entry that it depends on; 0: none is known. Any thread. */
uint32_t ak_tops_find(const Tops *self, const TopPath *path, uint32_t what, uint32_t *low);
/* Keeps an answer, not 0, that depends on no entry below the height `low`; where that is too deep nothing is kept. False when out of memory. The writer. */
bool ak_tops_add(Tops *self, Arena *arena, TopPath *path, uint32_t what, uint32_t low, uint32_t answer);

#endif
