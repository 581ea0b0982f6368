/* Paths from the top down. A fork is two entries: itself, and with all that is below. */
#include "mask/tops.h"

#define SYMBOL_WHOLE (UINT32_C(1) << 31)
enum { ROOT = 0, ROOT_BITS = 2, PLACES_MAX = 1 << 30 };

static uint64_t edge(uint32_t place, uint32_t symbol) {
    return (uint64_t)place << 32 | symbol;
}

static void push(TopPath *path, uint32_t symbol, uint32_t height) {
    if (path->count == TOPS_DEPTH) return;
    path->symbols[path->count] = symbol, path->heights[path->count++] = height;
}

/* The first symbol has with it what does not lie on the stack. */
static uint32_t first_symbol(ParserNode node, uint32_t symbol) {
    return symbol << ROOT_BITS | (node & ((1u << ROOT_BITS) - 1));
}

void ak_tops_begin(const Tops *self, const Pushdown *pushdown, ParserNode node, TopPath *path) {
    PushdownEntry entry;
    path->node = node, path->count = 0;
    for (uint32_t cursor = 0; pushdown->kind->entry(pushdown->parser, node, &cursor, &entry);) {
        push(path, path->count ? entry.symbol : first_symbol(node, entry.symbol), entry.height);
        if (entry.is_fork) push(path, entry.whole | SYMBOL_WHOLE, 0);
        if (path->count == TOPS_DEPTH) break;
    }
    for (uint32_t i = 0, at = ROOT; i < path->count; i++) {
        if (i == 0 || at) at = ak_table_find(&self->edges, edge(at, path->symbols[i]));
        path->places[i] = at;
    }
}

uint32_t ak_tops_find(const Tops *self, const TopPath *path, uint32_t what, uint32_t *low) {
    for (uint32_t i = 0; i < path->count && path->places[i]; i++) {
        uint32_t known = ak_table_find(&self->known, edge(path->places[i], what));
        if (known) return *low = path->heights[i], known;
    }
    return 0;
}

/* The place behind entry `i`, made if it is not there. 0 when out of memory, or when there are too many. */
static uint32_t place_behind(Tops *self, Arena *arena, TopPath *path, uint32_t i) {
    if (path->places[i]) return path->places[i];
    uint32_t before = i ? place_behind(self, arena, path, i - 1) : ROOT;
    if (i && !before) return 0;
    uint64_t key = edge(before, path->symbols[i]);
    path->places[i] = ak_table_find(&self->edges, key);
    if (path->places[i] || self->places == PLACES_MAX) return path->places[i];
    bool done = ak_table_add(&self->edges, arena, key, self->places + 1);
    return path->places[i] = done ? ++self->places : 0;
}

bool ak_tops_add(Tops *self, Arena *arena, TopPath *path, uint32_t what, uint32_t low, uint32_t answer) {
    uint32_t i = 0;
    while (i < path->count && path->heights[i] > low) i++;
    if (i == path->count) return true;
    uint32_t place = place_behind(self, arena, path, i);
    if (!place) return false;
    uint64_t key = edge(place, what);
    return ak_table_find(&self->known, key) || ak_table_add(&self->known, arena, key, answer);
}
