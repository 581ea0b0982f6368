/* Dots in states of rosters, hash-consed. */
#include "mask/roster_dots.h"
#include <assert.h>

enum { DOTS_MAX = INT32_MAX };

bool ak_dots_init(RosterDots *self, const GrammarTables *tables, Arena *arena) {
    *self = (RosterDots){.arena = arena, .tables = tables};
    size_t words = 0;
    for (uint32_t i = 0; i < tables->roster_count; i++) {
        size_t needed = ak_roster_words(&tables->rosters[i]);
        if (words < needed) words = needed;
    }
    self->next = ak_new_array(arena, uint32_t, words), self->later = ak_new_array(arena, uint32_t, words);
    if (!ak_arena_ok(arena) || !ak_vec_reserve(arena, &self->states, words + 1)) return false;
    memset(self->states.items, 0, (words + 1) * sizeof *self->states.items);
    self->states.count = words + 1;
    return true;
}

/* ---- States */

/* The offset of the state, 0 at the beginning; false when out of memory. */
static bool intern_state(RosterDots *self, uint32_t roster, const uint32_t *state, uint32_t *offset) {
    size_t words = ak_roster_words(&self->tables->rosters[roster]), size = words * sizeof *state;
    *offset = 0;
    if (memcmp(self->states.items + 1, state, size) == 0) return true;
    uint64_t hash = (ak_str_hash((Str){(const char *)state, size}) + roster * UINT64_C(2)) | 1;
    for (; (*offset = ak_table_find(&self->state_numbers, hash)); hash += 2) {
        const uint32_t *there = self->states.items + *offset;
        if (there[0] == roster && memcmp(there + 1, state, size) == 0) return true;
    }
    if (self->states.count > DOTS_MAX || !ak_vec_reserve(self->arena, &self->states, words + 1)) return false;
    *offset = (uint32_t)self->states.count;
    self->states.items[self->states.count] = roster;
    memcpy(self->states.items + self->states.count + 1, state, size);
    self->states.count += words + 1;
    return ak_table_add(&self->state_numbers, self->arena, hash, *offset);
}

/* Puts the dot at `place` in the state among those that were found. */
static bool find(RosterDots *self, Dot place, uint32_t state) {
    uint32_t places = self->tables->place_count;
    uint64_t key = (uint64_t)state << 32 | place;
    if (!state) return ak_vec_push(self->arena, &self->found, place);
    uint32_t run = ak_table_find(&self->run_numbers, key);
    if (!run) {
        if (self->runs.count > (DOTS_MAX - places) / 2 ||
            !ak_vec_push(self->arena, &self->runs, (RosterRun){place, state}))
            return false;
        run = (uint32_t)self->runs.count;
        if (!ak_table_add(&self->run_numbers, self->arena, key, run)) return false;
    }
    return ak_vec_push(self->arena, &self->found, places + 2 * (run - 1));
}

/* ---- Steps that take no text */

/* The entries that may come. */
static bool pick(RosterDots *self, const Roster *roster, const uint32_t *state) {
    uint32_t offset = (uint32_t)(state - 1 - self->states.items);
    for (uint32_t entry = 0; entry < roster->count; entry++) {
        bool may_come = ak_roster_take(roster, state, entry, self->next);
        if (may_come && !find(self, ak_roster_entry(roster, entry), offset)) return false;
    }
    return true;
}

/* An entry has come: the closing may follow, or a comma where something may come behind it. */
static bool take(RosterDots *self, const Roster *roster, const uint32_t *state, uint32_t entry) {
    uint32_t offset;
    bool has_come = ak_roster_take(roster, state, entry, self->next);
    assert(has_come);
    if (ak_roster_is_whole(roster, self->next) && !find(self, ak_roster_closing(roster), 0)) return false;
    if (!has_come || !ak_roster_has_more(roster, self->next, self->later)) return true;
    return intern_state(self, (uint32_t)(roster - self->tables->rosters), self->next, &offset) &&
           find(self, ak_roster_comma(roster), offset);
}

bool ak_dots_follow(RosterDots *self, Dot dot) {
    const Dot place = ak_dots_base(self, dot);
    const uint32_t *state = ak_dots_state(self, dot);
    const Roster *roster = &self->tables->rosters[self->tables->places[place].symbol];
    self->found.count = 0;
    if (self->tables->places[place].kind == PLACE_PICK) return pick(self, roster, state);
    return take(self, roster, state, (place - ak_roster_entry(roster, 0)) / 2);
}
