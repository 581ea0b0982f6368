/* Steps and walks. Inner loops read lexer states without a lock and leave the rest to slower functions. */
#include "mask/mask_walk.h"
#include "base/bitset.h"
#include "mask/ask.h"
#include <assert.h>
#include <stddef.h>

enum { PROFILE_MIN = 12 }; /* tokens below a node that make it worth while to find out about a state */

/* ---- Room */

WalkRoom *ak_walk_borrow(Engine *engine) {
    pthread_mutex_lock(&engine->lock);
    WalkRoom *room = engine->rooms;
    if (room) engine->rooms = room->next;
    pthread_mutex_unlock(&engine->lock);
    if (room) return room;
    ananke_context context = {.allocator = &engine->arena.allocator};
    room = ak_object_new(&context, sizeof *room, offsetof(WalkRoom, arena));
    if (!room) return NULL;
    room->path = ak_new_array(&room->arena, PathEntry, engine->vocab->views.reaches[REACH_ALL].longest + (size_t)2);
    room->row = ak_new_array(&room->arena, uint32_t, engine->masks.words);
    room->ids = ak_new_array(&room->arena, uint32_t, ak_mask_list_limit(&engine->masks) + (size_t)1);
    room->runs = ak_new_array(&room->arena, LongRun, engine->vocab->views.long_count);
    room->inquiry.arena = &room->arena;
    if (ak_arena_ok(&room->arena)) return room;
    ak_object_free(room, sizeof *room, offsetof(WalkRoom, arena));
    return NULL;
}

void ak_walk_give_back(Engine *engine, WalkRoom *room) {
    pthread_mutex_lock(&engine->lock);
    room->next = engine->rooms, engine->rooms = room;
    pthread_mutex_unlock(&engine->lock);
}

void ak_walk_free_rooms(Engine *engine) {
    for (WalkRoom *room; (room = engine->rooms);) {
        engine->rooms = room->next;
        ak_object_free(room, sizeof *room, offsetof(WalkRoom, arena));
    }
}

/* ---- What tokens are put into */

void ak_walk_turn_to_row(Walk *self) {
    memset(self->room->row, 0, self->engine->masks.words * sizeof *self->room->row);
    for (uint32_t i = 0; i < self->id_count; i++) ak_bits_set(self->room->row, self->room->ids[i]);
    self->is_row = true;
}

static inline void put_ids(Walk *self, const uint32_t *ids, uint32_t count) {
    WalkRoom *room = self->room;
    if (!self->is_row && self->id_count + count > ak_mask_list_limit(&self->engine->masks)) ak_walk_turn_to_row(self);
    if (self->is_row) {
        uint32_t *row = room->row;
        for (uint32_t i = 0; i < count; i++) ak_bits_set(row, ids[i]);
    } else {
        uint32_t *to = room->ids + self->id_count;
        for (uint32_t i = 0; i < count; i++) to[i] = ids[i];
        self->id_count += count;
    }
}

void ak_walk_put(Walk *self, const uint32_t *ids, uint32_t count) {
    put_ids(self, ids, count);
}

static inline void put_own(Walk *self, const WalkTrie *trie, const WalkNode *node) {
    put_ids(self, trie->ids + node->first_id, ak_walk_own_end(trie, node) - node->first_id);
}

static inline void put_subtree(Walk *self, const WalkTrie *trie, const WalkNode *node) {
    put_ids(self, trie->ids + node->first_id, node->end_id - node->first_id);
}

/* ---- Steps */

/* The step from node `number`, asked once. */
static Step ask_step(Walk *self, uint32_t number, uint32_t ending, Point *closed) {
    Inquiry *inquiry = &self->room->inquiry;
    uint32_t target = ak_inquiry_step(inquiry, number, ending);
    if (!target) {
        InquiryNode to;
        if (!ak_ask_step(self->engine, inquiry, number, ending, self->fuel, &to)) return STEP_SPENT;
        target = ak_inquiry_add_step(inquiry, number, ending, to);
        if (!target) return STEP_SPENT;
    }
    *closed = (Point){target, inquiry->nodes.items[target].lexer};
    return STEP_ALIVE;
}

Step ak_walk_close(Walk *self, Point point, Point *closed) {
    const DfaNode *lexer = ak_dfa_node(&self->engine->dfa, point.state);
    *closed = point;
    if (lexer->starts || point.state == DFA_DEAD) return STEP_ALIVE;
    return lexer->ending ? ask_step(self, point.node, lexer->ending, closed) : STEP_DEAD;
}

Step ak_walk_close_entry(Walk *self, PathEntry *entry) {
    if (entry->closed_known != STEP_SPENT) return entry->closed_known;
    entry->closed_known = ak_walk_close(self, entry->point, &entry->closed);
    if (entry->closed_known == STEP_ALIVE)
        entry->closed_next = ak_dfa_node(&self->engine->dfa, entry->closed.state)->next;
    return entry->closed_known;
}

/* Of the other fields none is read before it is set, but those of regions. */
static inline void enter(PathEntry *entry, Point point, const DfaNode *lexer) {
    entry->point = point, entry->next = lexer->next, entry->closed_known = STEP_SPENT;
}

PathEntry ak_walk_entry(const Walk *self, Point point) {
    PathEntry entry = {0};
    return enter(&entry, point, ak_dfa_node(&self->engine->dfa, point.state)), entry;
}

/* Nobody knows yet whether the byte goes on with the pending lexeme, or with another one behind it. */
static Step advance_slowly(Walk *self, PathEntry *from, uint8_t byte, Point *to) {
    DfaState next = ak_engine_next(self->engine, from->point.state, byte, self->fuel);
    *to = (Point){from->point.node, next};
    if (next != DFA_DEAD) return next > DFA_DEAD ? STEP_ALIVE : next ? STEP_DEAD : STEP_SPENT;
    if (ak_walk_close_entry(self, from) != STEP_ALIVE) return from->closed_known;
    next = ak_engine_next(self->engine, from->closed.state, byte, self->fuel);
    *to = (Point){from->closed.node, next};
    return next > DFA_DEAD ? STEP_ALIVE : next ? STEP_DEAD : STEP_SPENT;
}

static inline Step advance(Walk *self, PathEntry *from, uint8_t byte, Point *to) {
    uint32_t class = self->engine->dfa.exprs.classes[byte];
    DfaState next = atomic_load_explicit(&from->next[class], memory_order_acquire);
    *to = (Point){from->point.node, next};
    if (next > DFA_DEAD) return STEP_ALIVE;
    if (next == DFA_DOOMED) return STEP_DEAD;
    if (next == DFA_UNKNOWN || from->closed_known == STEP_SPENT) return advance_slowly(self, from, byte, to);
    if (from->closed_known == STEP_DEAD) return STEP_DEAD;
    next = atomic_load_explicit(&from->closed_next[class], memory_order_acquire);
    *to = (Point){from->closed.node, next};
    return next > DFA_DEAD ? STEP_ALIVE : next ? STEP_DEAD : advance_slowly(self, from, byte, to);
}

Step ak_walk_advance(Walk *self, PathEntry *from, uint8_t byte, Point *to) {
    return advance(self, from, byte, to);
}

Step ak_walk_text(Walk *self, Point point, Str bytes) {
    Step step = STEP_ALIVE;
    for (size_t i = 0; step == STEP_ALIVE && i < bytes.length; i++) {
        PathEntry entry = ak_walk_entry(self, point);
        step = ak_walk_advance(self, &entry, (uint8_t)bytes.data[i], &point);
    }
    return step;
}

/* ---- What is certain to go on */

const DfaProfile *ak_walk_profile(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    const DfaProfile *profile = atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->profile, memory_order_acquire);
    if (profile) return profile;
    ak_engine_begin(engine, self->fuel);
    profile = ak_dfa_profile(&engine->dfa, state);
    ak_engine_end(engine, self->fuel);
    return profile;
}

const DfaProfile *ak_walk_far_profile(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    const DfaProfile *profile =
        atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->far_profile, memory_order_acquire);
    if (profile) return profile;
    ak_engine_begin(engine, self->fuel);
    profile = ak_dfa_far_profile(&engine->dfa, state);
    ak_engine_end(engine, self->fuel);
    return profile;
}

DfaState ak_walk_lasting(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    DfaState lasting = atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->lasting, memory_order_acquire);
    if (lasting) return lasting;
    ak_engine_begin(engine, self->fuel);
    lasting = ak_dfa_lasting(&engine->dfa, state);
    ak_engine_end(engine, self->fuel);
    return lasting;
}

DfaState ak_walk_uncounted(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    ak_engine_begin(engine, self->fuel);
    DfaState uncounted = ak_dfa_uncounted(&engine->dfa, state);
    ak_engine_end(engine, self->fuel);
    return uncounted;
}

DfaState ak_walk_beyond(Walk *self, DfaState state, bool may_end) {
    Engine *engine = self->engine;
    DfaState beyond = atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->beyond[may_end], memory_order_acquire);
    if (beyond) return beyond;
    ak_engine_begin(engine, self->fuel);
    beyond = ak_dfa_beyond(&engine->dfa, state, may_end);
    ak_engine_end(engine, self->fuel);
    return beyond;
}

DfaState ak_walk_clamped(Engine *engine, DfaState state, Reach reach, Fuel *fuel) {
    DfaState clamped = atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->clamped[reach], memory_order_acquire);
    if (clamped) return clamped;
    ak_engine_begin(engine, fuel);
    clamped = ak_dfa_clamped(&engine->dfa, state, reach);
    ak_engine_end(engine, fuel);
    return clamped;
}

/* ---- Plain walks */

/* Whether everything below the node goes on with the pending lexeme for certain. Finding that out about a state costs
 * as much as some dozen steps. */
static inline bool is_certain(Walk *self, const WalkTrie *trie, const WalkNode *node, DfaState state,
                              const DfaNode *lexer) {
    const DfaProfile *profile = atomic_load_explicit(&lexer->profile, memory_order_acquire);
    if (!profile && node->end_id - node->first_id >= PROFILE_MIN) profile = ak_walk_profile(self, state);
    return profile && !(trie->sets[node->below] & ~profile->groups) &&
           profile->limit >= self->vocab->views.reaches[REACH_ALL].longest;
}

/* Enters the point, a byte behind the entry's: most that go round in a loop come to the same one. */
static inline PathEntry *enter_below(PathEntry *from, Point point, const DfaNode *lexer) {
    PathEntry *entry = from + 1;
    enter(entry, point, lexer);
    if (!lexer->ending) {
        entry->closed_known = STEP_DEAD;
    } else if (ak_points_equal(from->point, point)) {
        entry->closed_known = from->closed_known;
        entry->closed = from->closed, entry->closed_next = from->closed_next;
    }
    return entry;
}

Outcome ak_walk_plain(Walk *self, const WalkTrie *trie, uint32_t at, uint32_t end, uint32_t depth) {
    PathEntry *top = &self->room->path[depth - 1], *from = top;
    for (Point to;;) {
        if (at == end) {
            if (from == top) return WALK_DONE;
            from--, at = from->at, end = from->end;
            continue;
        }
        const WalkNode *node = &trie->nodes[at++];
        if (self->budget-- == 0) return WALK_TOO_FAR;
        Step step = advance(self, from, node->byte, &to);
        if (step == STEP_DEAD) continue;
        if (step == STEP_SPENT) return WALK_SPENT;
        const DfaNode *lexer = node->children ? ak_dfa_node(&self->engine->dfa, to.state) : NULL;
        if (!lexer || is_certain(self, trie, node, to.state, lexer)) {
            put_subtree(self, trie, node);
            continue;
        }
        put_own(self, trie, node);
        from->at = at, from->end = end;
        from = enter_below(from, to, lexer);
        at = node->children, end = ak_walk_children_end(node);
    }
}

/* ---- Regions: the part of a trie whose paths are made of certain units only */

static bool look_for_death(Walk *self, Point point, uint64_t groups) {
    PathEntry entry = ak_walk_entry(self, point);
    Point to;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (byte < 0x80 && !(groups & GROUP_BIT(ak_unit_group((uint8_t)byte)))) continue;
        if (ak_walk_advance(self, &entry, (uint8_t)byte, &to) != STEP_DEAD) return false;
    }
    return true;
}

/* The last answer is kept, since all first units of a counted text lead to one end. */
bool ak_walk_dies(Walk *self, Point point, uint64_t groups) {
    if (self->death.groups == groups && ak_points_equal(self->death.point, point)) return self->death.is_certain;
    self->death = (Death){point, groups, look_for_death(self, point, groups)};
    return self->death.is_certain;
}

Region ak_walk_region_at(Walk *self, Point point, const DfaProfile *profile) {
    uint64_t exits = ~profile->groups;
    if (profile->limit >= self->vocab->views.reaches[REACH_ALL].longest)
        return (Region){profile->groups, exits, UINT32_MAX, profile->is_uniform, UINT32_MAX};
    bool ends =
        profile->groups && profile->spent && ak_walk_dies(self, (Point){point.node, profile->spent}, profile->groups);
    if (!ends && profile->groups && profile->limit >= SHORT_UNITS)
        return (Region){profile->groups, exits, UINT32_MAX, false, profile->limit};
    return (Region){ends ? profile->groups : 0, exits, profile->limit, false, UINT32_MAX};
}

bool ak_walk_begin_wide(PathEntry *entry, uint8_t lead) {
    const WidePattern *wide = ak_wide_pattern(lead);
    if (wide) entry->missing = wide->length - 1, entry->low = wide->second[0], entry->high = wide->second[1];
    return wide;
}

/* Whether a path that is in the region stays there; sets what `entry`, one byte further, is to know. */
static bool stays_inside(const PathEntry *from, uint8_t byte, uint64_t groups, PathEntry *entry) {
    *entry = (PathEntry){.is_inside = true};
    if (!from->is_inside) return false;
    if (from->missing) {
        entry->missing = from->missing - 1, entry->low = 0x80, entry->high = 0xBF;
        return byte >= from->low && byte <= from->high;
    }
    if (byte < 0x80) return groups & GROUP_BIT(ak_unit_groups[byte]);
    return groups & GROUP_BIT(ak_unit_group(byte)) && ak_walk_begin_wide(entry, byte);
}

Outcome ak_walk_region(Walk *self, const WalkTrie *trie, uint32_t at, uint32_t end, uint32_t depth, Region region) {
    PathEntry *top = &self->room->path[depth - 1], *from = top;
    for (;;) {
        if (at == end) {
            if (from == top) return WALK_DONE;
            from--, at = from->at, end = from->end;
            continue;
        }
        const WalkNode *node = &trie->nodes[at++];
        PathEntry next;
        if (!stays_inside(from, node->byte, region.groups, &next)) { /* out of it, with the whole subtree */
            Outcome outcome = ak_walk_plain(self, trie, at - 1, at, (uint32_t)(from - self->room->path) + 1);
            if (outcome != WALK_DONE) return outcome;
            continue;
        }
        if (!node->children || (!next.missing && !(trie->sets[node->below] & region.exits))) continue;
        if (region.is_uniform && node->byte < 0x80) {
            next = *from;
        } else {
            Step step = ak_walk_advance(self, from, node->byte, &next.point);
            if (step == STEP_SPENT) return WALK_SPENT;
            if (step == STEP_DEAD) continue;
            next.closed_known = STEP_SPENT, next.next = ak_dfa_node(&self->engine->dfa, next.point.state)->next;
        }
        from->at = at, from->end = end;
        *++from = next;
        at = node->children, end = ak_walk_children_end(node);
    }
}

/* ---- Words */

static void clear_subtree(Walk *self, const WalkTrie *trie, const WalkNode *node) {
    for (uint32_t i = node->first_id; i < node->end_id; i++) ak_bits_clear(self->room->row, trie->ids[i]);
}

Outcome ak_walk_words(Walk *self, const WalkNode *first, Point word, Region region) {
    const WalkTrie *trie = &self->vocab->views.trie;
    PathEntry *top = &self->room->path[1], *from = top;
    uint32_t at = first->children, end = ak_walk_children_end(first);
    if (ak_points_equal(top->point, word)) return WALK_DONE;
    for (Point to;;) {
        if (at == end) {
            if (from == top) return WALK_DONE;
            from--, at = from->at, end = from->end;
            continue;
        }
        const WalkNode *node = &trie->nodes[at++];
        if (node->byte >= 0x80 || !(region.groups & GROUP_BIT(ak_unit_groups[node->byte]))) {
            clear_subtree(self, trie, node);
            Outcome outcome = ak_walk_plain(self, trie, at - 1, at, (uint32_t)(from - self->room->path) + 1);
            if (outcome != WALK_DONE) return outcome;
            continue;
        }
        if (!node->children || !(trie->sets[node->below] & ~region.groups)) continue;
        Step step = ak_walk_advance(self, from, node->byte, &to);
        if (step == STEP_SPENT) return WALK_SPENT;
        assert(step == STEP_ALIVE);
        if (ak_points_equal(to, word)) continue;
        from->at = at, from->end = end;
        *++from = ak_walk_entry(self, to);
        at = node->children, end = ak_walk_children_end(node);
    }
}
