/* Rosters: what comes in any order. A roster's text is an opening, entries with commas between them, and a closing. An entry takes a seat, which is free
 * only once, or none, and may then come again; it may also meet demands, each of which is met once. The closing may come when the required seats are
 * taken, all demands are met and the entries are neither too few nor too many.
 *
 * This is the bookkeeping: what has come so far is a state of a few words, and nobody ever lists all states, of which there are 2^seats. Nothing is let in
 * that could not be followed up to the closing. How rosters lie among the rules is said in grammar.h and grammar_tables.h; roster_dots.h is for parsers. */
#ifndef AK_MASK_ROSTER_H
#define AK_MASK_ROSTER_H

#include "base/arena.h"

enum {
    AK_ROSTER_NO_SEAT = INT32_MAX,
    AK_ROSTER_DEMANDS_MAX = 4,
    AK_ROSTER_MANY = INT32_MAX, /* no bound */
    /* The words of a state: entries that came, demands met, seats taken. */
    AK_ROSTER_COUNT = 0,
    AK_ROSTER_MET = 1,
    AK_ROSTER_SEATS = 2,
};

typedef struct RosterEntry {
    uint32_t seat;    /* that it takes, or NO_SEAT */
    uint32_t demands; /* set of those that it meets */
} RosterEntry;

typedef struct RosterRules {
    uint32_t seats, required; /* how many there are; the first so many must be taken */
    uint32_t demands;         /* how many there are, all to be met; where there are any, entries are not counted */
    uint32_t min, max;        /* entries, the first one not asked for: a roster without entries has no text */
} RosterRules;

typedef struct Roster {
    RosterRules rules;
    const RosterEntry *entries;
    uint32_t count;
    uint32_t dot;             /* of the opening: where it lies (grammar_tables.h) */
    const uint16_t *ways;     /* by seat: set of the sets of demands that its entries meet; last: without a seat */
    const uint32_t *fillable; /* set of the seats that some entry takes */
} Roster;

/* Are the rules possible, and the entries of them? */
bool ak_roster_is_sound(const RosterRules *rules, const RosterEntry *entries, size_t count);
/* Finds what is known of seats, in `arena`; rules and entries are there already, and sound. False: out of memory. */
bool ak_roster_prepare(Roster *self, Arena *arena);

/* How many words a state has. At the beginning all of them are 0; entries are counted as far as that matters. */
size_t ak_roster_words(const Roster *self);
/* The state behind that entry, in `*to`. False: it cannot come, or there would be no way to the closing. */
bool ak_roster_take(const Roster *self, const uint32_t *from, uint32_t entry, uint32_t *to);
/* May any entry come? `behind` is room for a state. */
bool ak_roster_has_more(const Roster *self, const uint32_t *state, uint32_t *behind);
/* May the closing come, behind the entry that led to the state? */
bool ak_roster_is_whole(const Roster *self, const uint32_t *state);

#endif
