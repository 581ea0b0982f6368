/* Where a parser's dots are when there are rosters among its rules: at a place of the tables (grammar_tables.h), or at one and in a state of its roster.
 * The latter are numbered from place_count on, as a parser comes to them.
 *
 * What lies between an opening or comma and the entries, and behind an entry, takes no text: ak_dots_follow says where it leads. Inside of a roster two
 * places follow each other, an entry or a comma and the one behind it: they are numbered together, so that the dot behind a symbol is always the next
 * number. One owner, who also may ask. */
#ifndef AK_MASK_ROSTER_DOTS_H
#define AK_MASK_ROSTER_DOTS_H

#include "base/table.h"
#include "mask/grammar_tables.h"

/* Two dots: at `place`, and behind it. */
typedef struct RosterRun {
    Dot place;
    uint32_t state; /* offset in `states` */
} RosterRun;

typedef struct RosterDots {
    Arena *arena;
    const GrammarTables *tables;
    VEC(RosterRun) runs;    /* run i is dots place_count + 2 i and the next one */
    VEC(uint32_t) states;   /* the roster's number, then the words; at 0 are zeros, any roster's beginning */
    Table run_numbers;      /* state << 32 | place, to the run's number + 1 */
    Table state_numbers;    /* by the hash of a state and its roster */
    VEC(Dot) found;         /* by ak_dots_follow */
    uint32_t *next, *later; /* states, scratch */
} RosterDots;

/* False when out of memory. */
bool ak_dots_init(RosterDots *self, const GrammarTables *tables, Arena *arena);
/* Finds where a dot at a PLACE_PICK or PLACE_TAKE leads to: the entries that may come; a comma, or the closing. False when out of memory. */
bool ak_dots_follow(RosterDots *self, Dot dot);
/* How many dots are numbered so far. */
static inline uint32_t ak_dots_count(const RosterDots *self) {
    return self->tables->place_count + 2 * (uint32_t)self->runs.count;
}
/* The number of the place that a dot is at. */
static inline Dot ak_dots_base(const RosterDots *self, Dot dot) {
    uint32_t places = self->tables->place_count;
    return dot < places ? dot : self->runs.items[(dot - places) / 2].place + (dot - places) % 2;
}
/* What has come in the roster that the dot is in; good until ak_dots_follow. */
static inline const uint32_t *ak_dots_state(const RosterDots *self, Dot dot) {
    uint32_t places = self->tables->place_count;
    return self->states.items + (dot < places ? 0 : self->runs.items[(dot - places) / 2].state) + 1;
}
static inline Place ak_dots_place(const RosterDots *self, Dot dot) {
    return self->tables->places[ak_dots_base(self, dot)];
}

#endif
