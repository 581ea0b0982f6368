/* Paths from the top down. A fork is two entries: itself, and with all that is below. */
#include "mask/tops.h"

#define SYMBOL_WHOLE (UINT32_C(1) << 31)
enum { ROOT = 0, ROOT_BITS = 3, PLACES_MAX = 1 << 30 };

static uint64_t edge(uint32_t place, uint32_t symbol) {
    return (uint64_t)place << 32 | symbol;
}

/* ---- Paths */

static void push(TopPath *path, uint32_t symbol, uint32_t height) {
    if (path->count == TOPS_DEPTH) {
        path->is_cut = true;
        return;
    }
    path->symbols[path->count] = symbol, path->heights[path->count] = height;
    path->places[path->count++] = 0;
}

void ak_tops_begin(TopPath *path, const Pushdown *pushdown, ParserNode node) {
    PushdownEntry entry;
    path->count = 0, path->is_cut = false, path->root = ak_tops_root(pushdown, node);
    for (uint32_t cursor = 0; !path->is_cut && pushdown->kind->entry(pushdown->parser, node, &cursor, &entry);) {
        push(path, entry.symbol, entry.height);
        if (entry.is_fork) push(path, entry.whole | SYMBOL_WHOLE, 0);
    }
}

void ak_tops_behind(TopPath *path, const TopPath *from, const TopStep *step) {
    path->count = 0, path->is_cut = false, path->root = step->root;
    if (step->down >= from->count) return; /* nothing is known of what is below */
    for (uint32_t i = 0; i < step->count; i++) push(path, step->pushed[i], from->heights[step->down] + step->count - i);
    for (uint32_t i = step->down; i < from->count; i++) push(path, from->symbols[i], from->heights[i]);
    path->is_cut |= from->is_cut;
}

/* ---- Places */

/* The place behind entry `i` as it was looked for last, or is there now; 0: there is none. */
static uint32_t find_place(const Tops *self, TopPath *path, uint32_t i) {
    if (path->places[i]) return path->places[i];
    uint32_t before = i ? path->places[i - 1] : ROOT, symbol = path->symbols[i];
    if (i && !before) return 0;
    return path->places[i] = ak_table_find(&self->edges, edge(before, i ? symbol : symbol << ROOT_BITS | path->root));
}

uint32_t ak_tops_find(const Tops *self, TopPath *path, uint32_t what, uint32_t *low) {
    for (uint32_t i = 0; i < path->count; i++) {
        uint32_t place = find_place(self, path, i);
        if (!place) return 0;
        uint32_t known = ak_table_find(&self->known, edge(place, what));
        if (known) return *low = path->heights[i], known;
    }
    return 0;
}

/* The place behind entry `i`, made if it is not there. 0 when out of memory, or when there are too many. */
static uint32_t place_behind(Tops *self, Arena *arena, TopPath *path, uint32_t i) {
    if (i && !place_behind(self, arena, path, i - 1)) return 0;
    if (find_place(self, path, i) || self->places == PLACES_MAX) return path->places[i];
    uint32_t before = i ? path->places[i - 1] : ROOT, symbol = path->symbols[i];
    uint64_t key = edge(before, i ? symbol : symbol << ROOT_BITS | path->root);
    bool done = ak_table_add(&self->edges, arena, key, self->places + 1);
    return path->places[i] = done ? ++self->places : 0;
}

bool ak_tops_add(Tops *self, Arena *arena, TopPath *path, uint32_t what, uint32_t low, uint32_t answer, bool *is_kept) {
    uint32_t i = 0;
    while (i < path->count && path->heights[i] > low) i++;
    *is_kept = i < path->count;
    if (!*is_kept) return true;
    uint32_t place = place_behind(self, arena, path, i);
    if (!place) return false;
    uint64_t key = edge(place, what);
    return ak_table_find(&self->known, key) || ak_table_add(&self->known, arena, key, answer);
}

/* ---- Steps */

uint32_t ak_tops_number(Tops *self, Arena *arena, const TopStep *step) {
    uint64_t hash = ak_str_hash((Str){(const char *)step, sizeof *step}) | 1;
    for (uint32_t known; (known = ak_table_find(&self->step_numbers, hash)); hash += 2) {
        if (memcmp(ak_tops_step(self, known), step, sizeof *step) == 0) return known;
    }
    if (!self->steps.count && !ak_paged_push(arena, &self->steps, (TopStep){0})) return 0;
    uint32_t number = self->steps.count;
    return ak_paged_push(arena, &self->steps, *step) && ak_table_add(&self->step_numbers, arena, hash, number) ? number
                                                                                                               : 0;
}
