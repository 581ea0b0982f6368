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

static uint64_t hint(uint32_t what) {
    return UINT64_C(1) << (what * UINT32_C(0x9E3779B1) >> 26);
}

static uint32_t find_below(const Tops *self, uint32_t place, uint32_t symbol) {
    TopPlace *at = ak_paged_at(&self->places, place);
    uint32_t below = atomic_load_explicit(&at->below, memory_order_acquire);
    if (!below || at->symbol == symbol) return below;
    return ak_table_find(&self->edges, edge(place, symbol));
}

static uint32_t find_answer(const Tops *self, uint32_t place, uint32_t what) {
    TopPlace *at = ak_paged_at(&self->places, place);
    uint32_t answer = atomic_load_explicit(&at->answer, memory_order_acquire);
    if (!answer || at->what == what) return answer;
    if (!(atomic_load_explicit(&at->hints, memory_order_relaxed) & hint(what))) return 0;
    return ak_table_find(&self->known, edge(place, what));
}

static bool add_answer(Tops *self, Arena *arena, uint32_t place, uint32_t what, uint32_t answer) {
    TopPlace *at = ak_paged_at(&self->places, place);
    if (!atomic_load_explicit(&at->answer, memory_order_relaxed)) {
        at->what = what;
        atomic_store_explicit(&at->answer, answer, memory_order_release);
        return true;
    }
    if (find_answer(self, place, what)) return true;
    if (!ak_table_add(&self->known, arena, edge(place, what), answer)) return false;
    atomic_fetch_or_explicit(&at->hints, hint(what), memory_order_relaxed);
    return true;
}

/* The root's symbols are of what the stack does not tell, too. */
static uint32_t symbol_at(const TopPath *path, uint32_t i) {
    return i ? path->symbols[i] : path->symbols[0] << ROOT_BITS | path->root;
}

/* The place behind entry `i` as it was looked for last, or is there now; 0: there is none. */
static uint32_t find_place(const Tops *self, TopPath *path, uint32_t i) {
    if (path->places[i]) return path->places[i];
    uint32_t before = i ? path->places[i - 1] : ROOT;
    if (i && !before) return 0;
    return path->places[i] = find_below(self, before, symbol_at(path, i));
}

uint32_t ak_tops_find(const Tops *self, TopPath *path, uint32_t what, uint32_t *low) {
    for (uint32_t i = 0; i < path->count; i++) {
        uint32_t place = find_place(self, path, i), known = place ? find_answer(self, place, what) : 0;
        if (!place) return 0;
        if (known) return *low = path->heights[i], known;
    }
    return 0;
}

static bool push_place(Tops *self, Arena *arena) {
    return ak_paged_room(arena, (void **)self->places.pages, self->places.count, sizeof(TopPlace)) &&
           self->places.count++ < PLACES_MAX;
}

bool ak_tops_init(Tops *self, Arena *arena) {
    return push_place(self, arena);
}

/* Makes a place below; 0 when out of memory, or when there are too many. */
static uint32_t add_below(Tops *self, Arena *arena, uint32_t place, uint32_t symbol) {
    TopPlace *at = ak_paged_at(&self->places, place);
    uint32_t made = self->places.count;
    if (!push_place(self, arena)) return 0;
    if (atomic_load_explicit(&at->below, memory_order_relaxed))
        return ak_table_add(&self->edges, arena, edge(place, symbol), made) ? made : 0;
    at->symbol = symbol;
    atomic_store_explicit(&at->below, made, memory_order_release);
    return made;
}

/* The place behind entry `i`, made if it is not there; 0 likewise. */
static uint32_t place_behind(Tops *self, Arena *arena, TopPath *path, uint32_t i) {
    if (i && !place_behind(self, arena, path, i - 1)) return 0;
    if (find_place(self, path, i)) return path->places[i];
    return path->places[i] = add_below(self, arena, i ? path->places[i - 1] : ROOT, symbol_at(path, i));
}

bool ak_tops_add(Tops *self, Arena *arena, TopPath *path, uint32_t what, uint32_t low, uint32_t answer, bool *is_kept) {
    uint32_t i = 0;
    while (i < path->count && path->heights[i] > low) i++;
    *is_kept = i < path->count;
    if (!*is_kept) return true;
    uint32_t place = place_behind(self, arena, path, i);
    return place && add_answer(self, arena, place, what, answer);
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
