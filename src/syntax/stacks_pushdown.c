/* Stacks as the mask engine sees them: sites are its nodes, and a stack's entries are told by their states and columns. */
#include "syntax/stacks.h"

#define STACK_END UINT32_MAX

static ParserNode scan_from(void *parser, ParserNode node, uint32_t ending) {
    return ak_stacks_scan(parser, node, ending);
}

static uint32_t low_of(void *parser, ParserNode node, uint32_t ending) {
    return ak_stacks_low(parser, node, ending);
}

static DfaState lexer_behind(const void *parser, ParserNode node) {
    return ak_stacks_lexer(parser, node);
}

static bool may_end(const void *parser, ParserNode node) {
    return ak_stacks_may_end(parser, node);
}

static uint32_t count_stacks(const void *parser) {
    return ((const Stacks *)parser)->stacks.count - 1;
}

static uint32_t lowest_height(const void *parser, ParserNode node) {
    const Stacks *self = parser;
    uint32_t lowest = UINT32_MAX, count = node == NODE_DEAD ? 0 : ak_stacks_count(self, node);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t height = ak_paged_at(&self->stacks, ak_stacks_head(self, node, i))->height;
        if (height < lowest) lowest = height;
    }
    return lowest;
}

/* What an entry is; the top of a site in a margin has its column beside it. */
static uint32_t symbol_of(const StackNode *node, uint32_t margin) {
    return node->state | (node->column + margin) << 16;
}

static bool has_one(const Stacks *self, ParserNode node) {
    return node != NODE_DEAD && ak_stacks_count(self, node) == 1;
}

/* The cursor is the stack whose top is the entry, which forks have none below. */
static bool read_entry(const void *parser, ParserNode node, uint32_t *cursor, PushdownEntry *entry) {
    const Stacks *self = parser;
    if (!has_one(self, node) || *cursor == STACK_END) return false;
    uint32_t margin = *cursor ? 0 : ak_stacks_margin(self, node);
    Stack stack = *cursor ? *cursor : ak_stacks_head(self, node, 0);
    const StackNode *found = ak_paged_at(&self->stacks, stack);
    bool is_fork = found->count > 1;
    *entry = (PushdownEntry){found->height, symbol_of(found, margin), margin ? node >> 2 : stack, is_fork};
    *cursor = is_fork || !found->below ? STACK_END : found->below;
    return true;
}

static bool read_pushed(const void *parser, ParserNode from, ParserNode to, uint32_t *down, uint32_t *symbols,
                        uint32_t most, uint32_t *count) {
    const Stacks *self = parser;
    *down = *count = 0;
    if (!has_one(self, from) || !has_one(self, to)) return false;
    uint32_t margin_a = ak_stacks_margin(self, from), margin_b = ak_stacks_margin(self, to);
    for (Stack a = ak_stacks_head(self, from, 0), b = ak_stacks_head(self, to, 0); a != b || margin_a != margin_b;) {
        const StackNode *one = ak_paged_at(&self->stacks, a), *other = ak_paged_at(&self->stacks, b);
        bool is_first = one->height >= other->height, is_second = other->height >= one->height;
        if (!a || !b) return false; /* the stack before any text is no other one's bottom */
        if (is_second && (other->count > 1 || *count == most)) return false;
        if (is_first && one->count > 1) return false;
        if (is_second) symbols[(*count)++] = symbol_of(other, margin_b), b = other->below, margin_b = 0;
        if (is_first) ++*down, a = one->below, margin_a = 0;
    }
    return true;
}

Pushdown ak_stacks_pushdown(Stacks *self, uint32_t fragment) {
    static const PushdownKind generalised_lr = {.scan = scan_from,
                                                .lexer = lexer_behind,
                                                .is_accepting = may_end,
                                                .count = count_stacks,
                                                .height = lowest_height,
                                                .entry = read_entry,
                                                .pushed = read_pushed,
                                                .low = low_of};
    return (Pushdown){.kind = &generalised_lr,
                      .parser = self,
                      .steps = &self->steps,
                      .fuel = &self->fuel,
                      .start = ak_stacks_start(self, fragment)};
}
