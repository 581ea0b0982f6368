/* Where stacks and sets of heads are kept, each once, and which pairs of a state and a stack a step has met. The writer's. */
#ifndef AK_SYNTAX_STACKS_STORE_H
#define AK_SYNTAX_STACKS_STORE_H

#include "syntax/stacks.h"

static inline const StackNode *ak_stacks_at(const Stacks *self, Stack stack) {
    return ak_paged_at(&self->stacks, stack);
}
/* The stacks below, node->count of them. */
static inline const Stack *ak_stacks_below(const Stacks *self, const StackNode *node) {
    return node->count == 1 ? &node->below : self->lists.items + node->below;
}

/* The stack with these below it, sorted and different, which have read the same brackets; 0 when out of memory. */
Stack ak_stacks_intern(Stacks *self, LrState state, uint16_t column, const Stack *items, uint32_t count);
/* Heads in a margin or, where that is 0, in none; 0 when out of memory. */
Heads ak_stacks_intern_margin(Stacks *self, const Stack *items, uint32_t count, uint32_t margin);
static inline Heads ak_stacks_intern_heads(Stacks *self, const Stack *items, uint32_t count) {
    return ak_stacks_intern_margin(self, items, count, 0);
}

/* Forgets the pairs. */
void ak_stacks_begin_round(Met *self);
/* Where the pair is, + 1; 0: it is met for the first time, to be told where it is. NULL when out of memory. */
uint32_t *ak_stacks_meet(Stacks *self, Met *met, LrState state, Stack under);

#endif
