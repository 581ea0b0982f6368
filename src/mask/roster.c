/* States of rosters: an entry comes where its seat is free, and where the others that must come still can. */
#include "mask/roster.h"
#include "base/bitset.h"
#include <assert.h>

_Static_assert((1 << AK_ROSTER_DEMANDS_MAX) <= 16, "a set of sets of demands has 16 bits");

static bool is_bounded(const RosterRules *rules) {
    return rules->min > 1 || rules->max != AK_ROSTER_MANY;
}

static bool is_sound_entry(const RosterRules *rules, RosterEntry entry) {
    return (entry.seat < rules->seats || entry.seat == AK_ROSTER_NO_SEAT) && entry.demands >> rules->demands == 0;
}

bool ak_roster_is_sound(const RosterRules *rules, const RosterEntry *entries, size_t count) {
    if (rules->seats >= AK_ROSTER_NO_SEAT || rules->required > rules->seats) return false;
    if (rules->demands > AK_ROSTER_DEMANDS_MAX || (rules->demands && is_bounded(rules))) return false;
    if (rules->max > AK_ROSTER_MANY || rules->min > AK_ROSTER_MANY) return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_sound_entry(rules, entries[i])) return false;
    }
    return true;
}

bool ak_roster_prepare(Roster *self, Arena *arena) {
    uint32_t seats = self->rules.seats;
    uint16_t *ways = ak_new_array(arena, uint16_t, seats + (size_t)1);
    uint32_t *fillable = ak_new_array(arena, uint32_t, ak_bits_words(seats));
    if (!ak_arena_ok(arena)) return false;
    for (uint32_t i = 0; i < self->count; i++) {
        RosterEntry entry = self->entries[i];
        uint32_t seat = entry.seat == AK_ROSTER_NO_SEAT ? seats : entry.seat;
        ways[seat] |= (uint16_t)(1u << entry.demands);
        if (seat < seats) ak_bits_set(fillable, seat);
    }
    self->ways = ways, self->fillable = fillable;
    return true;
}

size_t ak_roster_words(const Roster *self) {
    return AK_ROSTER_SEATS + ak_bits_words(self->rules.seats);
}

/* ---- Is there a way to the closing? */

/* The word of the set of required seats. */
static uint32_t required_word(const RosterRules *rules, size_t word) {
    if (rules->required >= (word + 1) * 32) return UINT32_MAX;
    return rules->required <= word * 32 ? 0 : (UINT32_C(1) << rules->required % 32) - 1;
}

/* How many required seats, and how many others that can be taken, are free; false when one of the former cannot be taken. */
static bool count_free(const Roster *self, const uint32_t *taken, uint64_t *needed, uint64_t *others) {
    *needed = *others = 0;
    for (size_t word = 0; word < ak_bits_words(self->rules.seats); word++) {
        uint32_t required = required_word(&self->rules, word), needs = required & ~taken[word],
                 more = self->fillable[word] & ~required & ~taken[word];
        if (needs & ~self->fillable[word]) return false;
        *needed += ak_bits_count(&needs, 1), *others += ak_bits_count(&more, 1);
    }
    return true;
}

/* The sets of demands that may be met when one was in `before` and an entry in one of the `ways` comes. */
static uint16_t meet(uint16_t before, uint16_t ways) {
    uint16_t after = 0;
    if (ways == 1) return before; /* it meets none */
    for (uint32_t met = 0; met < 16; met++) {
        for (uint32_t now = 0; before >> met & 1 && now < 16; now++) {
            if (ways >> now & 1 && !(met & now)) after |= (uint16_t)(1u << (met | now));
        }
    }
    return after;
}

/* Whether free seats can be taken so that all demands are met: an entry for every required one, at most one for any other. */
static bool can_meet(const Roster *self, const uint32_t *state) {
    const RosterRules *rules = &self->rules;
    uint16_t reach = (uint16_t)(1u << state[AK_ROSTER_MET]);
    for (uint32_t seat = 0; seat < rules->seats; seat++) {
        bool is_taken = ak_bits_get(state + AK_ROSTER_SEATS, seat);
        if (!is_taken) reach = meet(reach, self->ways[seat] | (seat >= rules->required));
    }
    for (uint32_t i = 0; i < rules->demands; i++) reach = meet(reach, self->ways[rules->seats] | 1);
    return reach >> ((1u << rules->demands) - 1) & 1;
}

static bool can_close(const Roster *self, const uint32_t *state) {
    const RosterRules *rules = &self->rules;
    uint64_t needed, others;
    if (!count_free(self, state + AK_ROSTER_SEATS, &needed, &others)) return false;
    if (rules->demands) return can_meet(self, state);
    uint64_t least = state[AK_ROSTER_COUNT] + needed, max = rules->max == AK_ROSTER_MANY ? UINT64_MAX : rules->max;
    if (self->ways[rules->seats]) others = UINT32_MAX; /* some may come again and again */
    return !is_bounded(rules) || (least <= max && least + others >= rules->min);
}

/* ---- States */

bool ak_roster_is_whole(const Roster *self, const uint32_t *state) {
    uint64_t needed, others;
    return count_free(self, state + AK_ROSTER_SEATS, &needed, &others) && needed == 0 &&
           state[AK_ROSTER_MET] == (1u << self->rules.demands) - 1 &&
           (!is_bounded(&self->rules) || state[AK_ROSTER_COUNT] >= self->rules.min);
}

/* Counts one more, as far as it matters; false when it is one too many. */
static bool count_one(const RosterRules *rules, uint32_t *count) {
    if (!is_bounded(rules)) return true;
    if (rules->max != AK_ROSTER_MANY) return ++*count <= rules->max;
    if (*count < rules->min) ++*count;
    return true;
}

bool ak_roster_take(const Roster *self, const uint32_t *from, uint32_t entry, uint32_t *to) {
    RosterEntry it = self->entries[entry];
    assert(entry < self->count);
    if (it.demands & from[AK_ROSTER_MET]) return false;
    if (it.seat != AK_ROSTER_NO_SEAT && ak_bits_get(from + AK_ROSTER_SEATS, it.seat)) return false;
    memcpy(to, from, ak_roster_words(self) * sizeof *to);
    if (it.seat != AK_ROSTER_NO_SEAT) ak_bits_set(to + AK_ROSTER_SEATS, it.seat);
    to[AK_ROSTER_MET] |= it.demands;
    return count_one(&self->rules, &to[AK_ROSTER_COUNT]) && can_close(self, to);
}

bool ak_roster_has_more(const Roster *self, const uint32_t *state, uint32_t *behind) {
    bool may_come = false;
    for (uint32_t entry = 0; entry < self->count && !may_come; entry++)
        may_come = ak_roster_take(self, state, entry, behind);
    return may_come;
}
