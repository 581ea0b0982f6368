/* Paths from the top down. */
#include "mask/tops.h"

/* Of an edge: it leads to a mask. Of a symbol: it is a fork's, with all that is below. */
#define TOPS_MASK (UINT32_C(1) << 31)
#define TOPS_WHOLE (UINT32_C(1) << 31)
enum { PLACES_MAX = 1 << 30 };

static uint64_t edge(uint32_t place, uint32_t symbol) {
    return (uint64_t)place << 32 | symbol;
}

/* The first edge of a path tells of the lexer's state, and of what does not lie on the stack. */
static uint64_t root(ParserNode node, DfaState state) {
    enum { ROOT = 0, OWN_BITS = 2 };
    return edge(ROOT, state << OWN_BITS | (node & ((1u << OWN_BITS) - 1)));
}

uint32_t ak_tops_find(const Tops *self, const Pushdown *pushdown, ParserNode node, DfaState state) {
    PushdownEntry entry;
    uint32_t at = ak_table_find(&self->edges, root(node, state));
    for (uint32_t cursor = 0; at && !(at & TOPS_MASK);) {
        if (!pushdown->kind->entry(pushdown->parser, node, &cursor, &entry)) return 0;
        uint32_t next = ak_table_find(&self->edges, edge(at, entry.symbol));
        bool is_found = next & TOPS_MASK || !entry.is_fork;
        at = is_found ? next : ak_table_find(&self->edges, edge(at, entry.whole | TOPS_WHOLE));
    }
    return at & ~TOPS_MASK;
}

/* The place behind the edge, made if it is not there. 0 when out of memory, or when there are too many. */
static uint32_t go_on(Tops *self, Arena *arena, uint64_t key) {
    uint32_t known = ak_table_find(&self->edges, key);
    if (known) return known;
    if (self->places == PLACES_MAX) return 0;
    uint32_t made = ++self->places;
    return ak_table_add(&self->edges, arena, key, made) ? made : 0;
}

bool ak_tops_add(Tops *self, Arena *arena, const Pushdown *pushdown, ParserNode node, DfaState state, uint32_t low,
                 uint32_t mask) {
    PushdownEntry entry;
    uint64_t key = root(node, state);
    uint32_t cursor = 0;
    while (pushdown->kind->entry(pushdown->parser, node, &cursor, &entry)) {
        uint32_t at = go_on(self, arena, key);
        if (!at) return false;
        if (at & TOPS_MASK) return true; /* it was known by less */
        bool is_looked_into = entry.height > low;
        key = edge(at, is_looked_into && entry.is_fork ? entry.whole | TOPS_WHOLE : entry.symbol);
        bool is_last = !is_looked_into || entry.is_fork || entry.height == 0;
        if (!is_last) continue;
        uint32_t known = ak_table_find(&self->edges, key);
        if (!known) return ak_table_add(&self->edges, arena, key, mask | TOPS_MASK);
        if (known & TOPS_MASK || entry.is_fork) return true;
        /* others looked further there: it is noted further down, too, where it holds no less */
    }
    return true;
}
