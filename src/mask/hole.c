/* Holes: ends by suffixes, and the search for what may stand before one. */
#include "mask/hole.h"
#include "base/bitset.h"

enum { POINTS_MAX = 1024, NO_PARENT = UINT32_MAX };
#define MEMORY_MAX ((size_t)16 << 20) /* bytes of what is known of a suffix */

Hole *ak_hole_new(const ananke_allocator *allocator, Str text) {
    size_t size = sizeof(Hole) + text.length;
    Hole *self = allocator->resize(allocator->data, NULL, 0, size);
    if (!self) return NULL;
    char *copy = (char *)(self + 1);
    if (text.length) memcpy(copy, text.data, text.length);
    *self = (Hole){.text = {copy, text.length}, .size = size};
    ananke_context context = {.allocator = allocator};
    self->arena = ak_arena(&context);
    return self;
}

void ak_hole_free(Hole *self, const ananke_allocator *allocator) {
    if (!self) return;
    ak_arena_free(&self->arena);
    allocator->resize(allocator->data, self, self->size, 0);
}

static void forget(Hole *self) {
    ananke_allocator allocator = self->arena.allocator;
    ak_arena_free(&self->arena);
    ananke_context context = {.allocator = &allocator};
    self->arena = ak_arena(&context);
    self->suffix = (Suffix){0};
}

Step ak_hole_may_end(Hole *self, Engine *engine, Point point, Fuel *fuel) {
    if (!self) return ak_engine_may_end(engine, point, fuel);
    if (self->arena.used > MEMORY_MAX || self->arena.failed) forget(self);
    if (!self->suffix.arena) self->suffix = ak_suffix(&self->arena, self->text);
    return ak_suffix_fits(&self->suffix, engine, point, fuel);
}

/* ---- Masks */

/* An end-of-text id may also be a token that the grammar names. */
static Step is_allowed(Engine *engine, Point point, uint32_t id, Step end, Fuel *fuel) {
    return end == STEP_ALIVE ? end : ak_engine_step_token(engine, &point, id, fuel);
}

Step ak_hole_mend(Hole *self, Engine *engine, Point point, uint32_t *row, bool *is_changed, Fuel *fuel) {
    *is_changed = false;
    Step end = ak_hole_may_end(self, engine, point, fuel);
    for (size_t i = 0; i < engine->vocab->eos_count && end != STEP_SPENT; i++) {
        uint32_t id = engine->vocab->eos[i];
        Step step = is_allowed(engine, point, id, end, fuel);
        if (step == STEP_SPENT) return step;
        if ((step == STEP_ALIVE) == ak_bits_get(row, id)) continue;
        if (step == STEP_ALIVE) ak_bits_set(row, id);
        else ak_bits_clear(row, id);
        *is_changed = true;
    }
    return end == STEP_SPENT ? end : STEP_ALIVE;
}

/* Stores the row as a mask; its ids are written to the arena if they are few. */
static uint32_t store(Engine *engine, const uint32_t *row, Arena *arena, Fuel *fuel) {
    const MaskPool *pool = &engine->masks;
    uint32_t *ids = ak_new_array(arena, uint32_t, ak_mask_list_limit(pool));
    if (!ids) return 0;
    Mask mask = {.row = row, .ids = ids};
    if (ak_bits_count(row, pool->words) <= ak_mask_list_limit(pool)) {
        mask.row = NULL;
        for (size_t id = ak_bits_next(row, engine->vocab->size, 0); id != SIZE_MAX;
             id = ak_bits_next(row, engine->vocab->size, id + 1))
            ids[mask.count++] = (uint32_t)id;
    }
    ak_engine_begin(engine, fuel);
    uint32_t made = ak_mask_add(&engine->masks, 0, mask, 0);
    ak_engine_end(engine, fuel);
    return made;
}

uint32_t ak_hole_mask(Hole *self, Engine *engine, uint32_t mask, Point point, Fuel *fuel) {
    if (!engine->vocab->eos_count) return mask;
    const MaskPool *pool = &engine->masks;
    Arena arena = ak_arena(NULL);
    uint32_t *row = ak_new_array(&arena, uint32_t, pool->words), made = 0;
    bool is_changed;
    if (row) {
        ak_mask_copy(pool, ak_mask_get(pool, mask), row);
        if (ak_hole_mend(self, engine, point, row, &is_changed, fuel) == STEP_ALIVE)
            made = is_changed ? store(engine, row, &arena, fuel) : mask;
    }
    ak_arena_free(&arena);
    return made;
}

/* ---- What may stand before the suffix */

/* A point that a byte led to from another one. */
typedef struct Reached {
    Point point;
    uint32_t parent;
    uint8_t byte;
} Reached;

/* Breadth first: the points are in the order of the lengths of shortest texts to them. */
typedef struct Search {
    Hole *hole;
    Engine *engine;
    Arena *arena;
    Fuel *fuel;
    VEC(Reached) reached;
    Table seen;
    bool is_partial; /* there are ways that are not gone: tokens that are no text, or points too many */
} Search;

static bool reach(Search *self, Reached reached) {
    uint64_t key = (uint64_t)reached.point.node << 32 | reached.point.state;
    if (ak_table_find(&self->seen, key)) return true;
    if (self->reached.count == POINTS_MAX) return self->is_partial = true;
    return ak_table_add(&self->seen, self->arena, key, 1) && ak_vec_push(self->arena, &self->reached, reached);
}

static Step go_on(Search *self, uint32_t number) {
    const Exprs *exprs = &self->engine->dfa.exprs;
    const Point from = self->reached.items[number].point;
    Step takes = ak_engine_takes_tokens(self->engine, from, self->fuel);
    if (takes == STEP_ALIVE) self->is_partial = true;
    for (uint32_t class = 0; class < exprs->class_count && takes != STEP_SPENT; class ++) {
        Reached to = {from, number, exprs->samples[class]};
        takes = ak_engine_step(self->engine, &to.point, to.byte, self->fuel);
        if (takes == STEP_ALIVE && !reach(self, to)) return STEP_SPENT;
    }
    return takes;
}

/* NULL when out of memory. */
static Str text_of(const Search *self, uint32_t number) {
    uint32_t length = 0;
    for (uint32_t at = number; self->reached.items[at].parent != NO_PARENT; at = self->reached.items[at].parent)
        length++;
    char *text = ak_arena_alloc(self->arena, length + 1, 1);
    for (uint32_t at = number, end = length; text && end; at = self->reached.items[at].parent)
        text[--end] = (char)self->reached.items[at].byte;
    return text ? (Str){text, length} : (Str){0};
}

Step ak_hole_fill(Hole *self, Engine *engine, Point point, Arena *arena, Str *text, Fuel *fuel) {
    Search search = {.hole = self, .engine = engine, .arena = arena, .fuel = fuel};
    if (!reach(&search, (Reached){point, NO_PARENT, 0})) return STEP_SPENT;
    for (uint32_t i = 0; i < search.reached.count; i++) {
        Step end = ak_hole_may_end(self, engine, search.reached.items[i].point, fuel);
        if (end == STEP_ALIVE) *text = text_of(&search, i);
        if (end == STEP_ALIVE) return text->data ? STEP_ALIVE : STEP_SPENT;
        if (end == STEP_SPENT || go_on(&search, i) == STEP_SPENT) return STEP_SPENT;
    }
    return search.is_partial ? STEP_SPENT : STEP_DEAD;
}
