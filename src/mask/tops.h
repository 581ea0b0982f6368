/* Masks by the top of the parser's stack.
 *
 * What is below the lowest entry that was looked at while a mask was found has no part in it: wherever the entries above are the same, so is the mask. They are
 * the path of a trie, from the top down, whose leaves are masks. It is looked through without a step of the parser, and so nothing is made for a place that
 * is passed. (The idea is that of the adaptive keys of look-ahead in generalised LR; the depth is told by pushdown.h's `lows`.) One writer adds under a lock;
 * readers take none. */
#ifndef AK_MASK_TOPS_H
#define AK_MASK_TOPS_H

#include "mask/pushdown.h"

typedef struct Tops {
    Table edges; /* place << 32 | symbol, to the place below; of the last one: to the mask, with TOPS_MASK */
    uint32_t places;
} Tops;

/* The mask at a node and a state of the lexer; 0: none is known. Any thread. */
uint32_t ak_tops_find(const Tops *self, const Pushdown *pushdown, ParserNode node, DfaState state);
/* Notes a mask that depends on no entry below the height `low`. False when out of memory. The writer. */
bool ak_tops_add(Tops *self, Arena *arena, const Pushdown *pushdown, ParserNode node, DfaState state, uint32_t low,
                 uint32_t mask);

#endif
