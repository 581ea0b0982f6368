/* Hash-consing: stacks, sets of heads, and pairs of a state and a stack. */
#include "syntax/stacks_store.h"

static bool push_list(Stacks *self, const uint32_t *items, uint32_t count, uint32_t *first) {
    if (count == 1) return *first = items[0], true;
    *first = (uint32_t)self->lists.count;
    if (!ak_vec_reserve(self->arena, &self->lists, count)) return false;
    memcpy(self->lists.items + *first, items, count * sizeof *items);
    self->lists.count += count;
    return true;
}

/* `what`: what tells equal lists apart, a state and a column, or a margin. */
static uint64_t list_hash(uint32_t what, const uint32_t *items, uint32_t count) {
    uint64_t hash =
        count == 1 ? ak_table_hash(items[0]) : ak_str_hash((Str){(const char *)items, count * sizeof *items});
    return ak_table_hash(hash ^ (uint64_t)what << 32) | 1;
}

static Stack outer_of(const Stacks *self, Stack inner) {
    return inner ? ak_stacks_at(self, *ak_stacks_below(self, ak_stacks_at(self, inner)))->inner : 0;
}

/* The last block's beginning or bracket that is still open in a stack that is to have this number: an entry opens one, closes the last, or neither. */
static Stack inner_of(const Stacks *self, LrState state, Stack under, Stack number) {
    uint32_t by = self->tables->by[state];
    uint8_t layout = by & SYMBOL_RULE ? (uint8_t)LAYOUT_NONE : self->syntax->terminals.items[by].layout;
    Stack inner = ak_stacks_at(self, under)->inner;
    if (layout == LAYOUT_OPENS || layout == LAYOUT_INDENT) return number;
    return layout == LAYOUT_CLOSES || layout == LAYOUT_DEDENT ? outer_of(self, inner) : inner;
}

Stack ak_stacks_intern(Stacks *self, LrState state, uint16_t column, const Stack *items, uint32_t count) {
    uint64_t hash = list_hash((uint32_t)column << 16 | state, items, count);
    for (Stack known; (known = ak_table_find(&self->stack_numbers, hash)); hash += 2) {
        const StackNode *node = ak_paged_at(&self->stacks, known);
        if (node->state == state && node->column == column && node->count == count &&
            memcmp(ak_stacks_below(self, node), items, count * sizeof *items) == 0)
            return known;
    }
    StackNode made = {.state = state, .column = column, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t height = ak_stacks_at(self, items[i])->height + 1;
        if (height > made.height) made.height = height;
    }
    Stack number = self->stacks.count;
    if (self->has_layout) made.inner = inner_of(self, state, items[0], number);
    if (!push_list(self, items, count, &made.below)) return 0;
    return ak_paged_push(self->arena, &self->stacks, made) &&
                   ak_table_add(&self->stack_numbers, self->arena, hash, number)
               ? number
               : 0;
}

Heads ak_stacks_intern_margin(Stacks *self, const Stack *items, uint32_t count, uint32_t margin) {
    if (count == 1 && !margin) return items[0];
    uint64_t hash = list_hash(margin, items, count);
    for (uint32_t known; (known = ak_table_find(&self->heads_numbers, hash)); hash += 2) {
        const HeadsNode *node = ak_paged_at(&self->heads, known);
        const Stack *there = count == 1 ? &node->first : self->lists.items + node->first;
        if (node->count == count && node->margin == margin && memcmp(there, items, count * sizeof *items) == 0)
            return known | HEADS_SEVERAL;
    }
    HeadsNode made = {.count = count, .margin = margin};
    uint32_t number = self->heads.count;
    if (!push_list(self, items, count, &made.first) || !ak_paged_push(self->arena, &self->heads, made)) return 0;
    return ak_table_add(&self->heads_numbers, self->arena, hash, number) ? number | HEADS_SEVERAL : 0;
}

/* ---- Pairs that have been met */

void ak_stacks_begin_round(Met *self) {
    self->count = 0, self->round++;
}

static MetSlot *met_slot(const Met *self, uint64_t pair) {
    size_t at = ak_table_hash(pair) & self->mask;
    while (self->slots[at].round == self->round && self->slots[at].pair != pair) at = (at + 1) & self->mask;
    return &self->slots[at];
}

static bool grow_met(Stacks *self, Met *met) {
    Met grown = {.mask = met->slots ? met->mask * 2 + 1 : 63, .count = met->count, .round = met->round};
    grown.slots = ak_new_array(self->arena, MetSlot, grown.mask + 1);
    if (!grown.slots) return false;
    for (size_t i = 0; met->slots && i <= met->mask; i++) {
        if (met->slots[i].round == met->round) *met_slot(&grown, met->slots[i].pair) = met->slots[i];
    }
    return *met = grown, true;
}

uint32_t *ak_stacks_meet(Stacks *self, Met *met, LrState state, Stack under) {
    uint64_t pair = (uint64_t)state << 32 | under;
    if ((!met->slots || met->count * 2 > met->mask) && !grow_met(self, met)) return NULL;
    MetSlot *slot = met_slot(met, pair);
    if (slot->round == met->round) return &slot->at;
    *slot = (MetSlot){pair, 0, met->round};
    met->count++;
    return &slot->at;
}
