/* The lexer that all matchers of a program share: which lexemes may be under way, byte by byte.
 *
 * The same automaton as lexer.h's, built by need like it, but append-only: whoever knows a state may read its row of
 * transitions without a lock, and only a transition that nobody has taken before is worked out by the one writer.
 * States come in two sorts. A start state is a set of lexemes, none of which has a byte yet; its transitions are
 * taken from those of all lexemes together, which are derived once. Any other state is the set of lexemes that the
 * bytes since the last lexeme's end can still become, each with the expression that its rest must match.
 *
 * Shadows are lexemes that may not stand where they are looked for: a text of theirs is not taken for several shorter ones. They never end, and
 * where nothing but shadows is left no text goes on, not even with another lexeme behind one that has ended. */
#ifndef AK_MASK_DFA_H
#define AK_MASK_DFA_H

#include "base/paged.h"
#include "base/table.h"
#include "mask/lexer.h"
#include "regex/expr_partition.h"
#include "regex/regex_clamp.h"
#include "vocab/unit.h"

typedef uint32_t DfaState;

/* DFA_DEAD: nothing is pending, or the pending lexeme does not go on; DFA_DOOMED: nor may another one follow. */
enum { DFA_UNKNOWN = 0, DFA_DOOMED = 1, DFA_DEAD = 2, DFA_STATES_MAX = 250000 };

/* Units (unit.h) that are certain to go on with the pending lexeme. */
typedef struct DfaProfile {
    uint64_t groups; /* any number of units of these groups keep a lexeme pending; 0: none do */
    uint32_t limit;  /* or up to so many; UINT32_MAX: any number */
    bool is_uniform; /* and what may come behind them does not depend on them */
    uint32_t spent;  /* where there is a limit: state after so many units, unless one more may follow there; from
                      * SHORT_UNITS on it may be DFA_UNKNOWN */
} DfaProfile;

/* What a state has to do with arrays whose items differ: one of its lexemes is an item; an item, or an opening, may end here; all that it has is an item
 * that repeats pieces of AK_PIECE_MAX bytes at most, and then its last byte. */
enum { DFA_HAS_ITEM = 1, DFA_ENDS_ITEM = 2, DFA_ENDS_OPENING = 4, DFA_REPEATS_ITEM = 8, AK_PIECE_MAX = 12 };

typedef struct DfaNode {
    _Atomic DfaState *next; /* by byte class; DFA_UNKNOWN: not worked out yet */
    uint32_t first, count;  /* its parts */
    uint32_t ending;        /* number of the set of lexemes that may end here; 0: none does */
    uint8_t roles;          /* DFA_HAS_ITEM and so on */
    uint32_t
        item_longest; /* bytes of the longest text of an item that is all that it has; UINT32_MAX: no bound; 0: not known */
    uint32_t limit;         /* tokens that use the first of its lexemes up; 0: any number may come */
    const uint32_t *starts; /* a start state's lexemes; NULL: another state */
    const Partition *alike; /* classes that lead to one state; NULL: none was asked about yet */
    /* what others have found out about the state; NULL, DFA_UNKNOWN: nobody has asked yet */
    _Atomic(const DfaProfile *) profile, far_profile;
    _Atomic DfaState lasting;                          /* ak_dfa_lasting */
    _Atomic DfaState beyond[2];                        /* ak_dfa_beyond */
    _Atomic(const struct WideTokens *) wide_tokens[2]; /* mask_wide.c: by view */
    _Atomic DfaState clamped[REACHES];                 /* ak_dfa_clamped */
    _Atomic(const struct CommonState *) common;        /* common_state.h */
    _Atomic uint32_t given_up;                         /* mask_find.c: parts for which a plain walk was, as bits */
    _Atomic uint32_t texts, texts_tried;               /* state_texts.c */
} DfaNode;

/* All lexemes after one byte of a class: what start states' transitions are taken from. */
typedef struct DfaFirst {
    const LexerPart *parts;
    uint32_t count;
    bool is_known;
} DfaFirst;

/* Byte classes that occur in a range of bytes, each once. */
typedef struct RangeClasses {
    uint8_t count, classes[64];
} RangeClasses;

typedef struct Dfa {
    Arena *arena;
    Exprs exprs; /* its own copy: deriving adds to it */
    const Expr *lexemes;
    uint32_t lexeme_count;
    const uint32_t *lazy;       /* set of lexemes */
    const uint32_t *max_tokens; /* by lexeme, as the tables have it. NULL, as after ak_dfa_init: none has a limit */
    const uint8_t *roles;       /* by lexeme, likewise */
    uint32_t shadows;           /* lexemes from here on are shadows; 0, as after ak_dfa_init: there are none */
    const ClampReach *reaches;  /* of the tokens, by Reach; NULL, as after ak_dfa_init: counts are not clamped */
    uint64_t clamp_fuel;        /* steps that may still be taken for that */
    ByteSet *lexeme_firsts;     /* bytes that each may begin with */
    uint32_t *endless;          /* set of lexemes without a longest text */
    Partitions partitions;
    RangeClasses wide_leads[WIDE_PATTERNS], wide_seconds[WIDE_PATTERNS], further; /* unit.h's patterns */
    uint64_t class_groups[256]; /* by byte class: groups of its ASCII bytes */
    PAGED(DfaNode) nodes;
    VEC(LexerPart) parts;
    VEC(Ending) endings; /* all different; endings.items[0] is empty */
    VEC(uint32_t) ended;
    Table ending_numbers; /* by hash */
    uint32_t *slots;      /* hash table of the states */
    uint8_t *tags;        /* by slot: 0 is free, else some bits of the hash, so that few other states are looked at */
    size_t slot_count;
    DfaFirst firsts[256];
    ByteSet open;        /* of the last state that went on with many bytes: those bytes */
    uint8_t closed[256]; /* the classes that have none of them */
    uint32_t closed_count;
    VEC(LexerPart) scratch;
} Dfa;

/* The writer's functions; the caller has the lock. */

/* False when out of memory. `exprs` must be sealed; `lazy` may be NULL: no lexeme is. */
bool ak_dfa_init(Dfa *self, Arena *arena, const Exprs *exprs, const Expr *lexemes, uint32_t lexeme_count,
                 const uint32_t *lazy);
/* The state before the first byte of a lexeme when the lexemes in the bit set `allowed` may begin; DFA_DEAD when it
 * is empty. DFA_UNKNOWN when memory or fuel (exprs.fuel) runs out, or there are too many states. */
DfaState ak_dfa_start(Dfa *self, const uint32_t *allowed);
/* The state with these parts, sorted by lexeme, none of them empty; DFA_DEAD when there are none, DFA_DOOMED when all are shadows; `parts` must not lie in self->parts. Where lazy
 * lexemes may end, these must be all (ak_lexer_end_lazily). */
DfaState ak_dfa_intern(Dfa *self, const LexerPart *parts, uint32_t count);
/* Works a transition out and publishes it. */
DfaState ak_dfa_derive(Dfa *self, DfaState state, uint32_t class);
/* What is certain to go on in `state`, as far as its expressions' form tells. NULL when memory or fuel runs out. */
const DfaProfile *ak_dfa_profile(Dfa *self, DfaState state);
/* The same; where that is nothing, the states behind it are looked at too, SHORT_UNITS of them, which costs more. */
const DfaProfile *ak_dfa_far_profile(Dfa *self, DfaState state);
/* What profiles need to know of byte classes; once, before any is asked for. */
void ak_dfa_profile_init(Dfa *self);
/* The state that texts come to from `state` when those of its lexemes last that repeat something without an end, and
 * all others have died: identifiers, when the keywords are out of the way. Such texts never die. DFA_DEAD: no lexeme
 * lasts; DFA_UNKNOWN: memory or fuel ran out. */
DfaState ak_dfa_lasting(Dfa *self, DfaState state);
/* The state with those lexemes only that may go on with a code point of several bytes or, if `may_end`, end: such texts follow it as they follow `state`, or
 * until a lexeme ends. Many states have it in common. DFA_UNKNOWN: memory or fuel ran out. */
DfaState ak_dfa_beyond(Dfa *self, DfaState state, bool may_end);
/* Of a state whose profile has a limit: the same without that limit, clamped; the state itself when it cannot be had in this form, DFA_UNKNOWN when
 * memory or fuel runs out. */
DfaState ak_dfa_uncounted(Dfa *self, DfaState state);
/* A state that the same tokens may follow, those within the reach, with the same ends of lexemes in them: its expressions' counts are clamped (regex_clamp.h);
 * those that only very long tokens meet, only beside intersections, where they cost most. The state itself when there is nothing to clamp; DFA_UNKNOWN: memory
 * or fuel ran out. */
DfaState ak_dfa_clamped(Dfa *self, DfaState state, Reach reach);
/* Of the groups of code points of several bytes, those all of which lead from one state to the other. */
uint64_t ak_dfa_wide_groups(Dfa *self, DfaState from, DfaState to);
/* The lexemes of an ending. */
static inline const uint32_t *ak_dfa_ended(const Dfa *self, uint32_t ending, uint32_t *count) {
    *count = self->endings.items[ending].count;
    return self->ended.items + self->endings.items[ending].first;
}
/* The number of the ending of these lexemes, sorted and at least one. 0 when out of memory. */
uint32_t ak_dfa_ending_of(Dfa *self, const uint32_t *lexemes, uint32_t count);
/* The state without the lexemes that so many tokens use up; DFA_DEAD: all are. */
DfaState ak_dfa_unlimited(Dfa *self, DfaState state, uint32_t tokens);
/* The state with those lexemes only that are in the bit set `allowed`; DFA_DEAD: none is. */
DfaState ak_dfa_among(Dfa *self, DfaState state, const uint32_t *allowed);
/* The number of the ending of all lexemes of a state that is no start state but those that are given up, whether they match or not; 0 when out of memory, or
 * when there are none. */
uint32_t ak_dfa_cut(Dfa *self, DfaState state);
/* Adds the lexemes of a state to a bit set. */
void ak_dfa_pending(const Dfa *self, DfaState state, uint32_t *set);
/* Adds to a bit set the lexemes that more bytes could belong to. */
void ak_dfa_growing(const Dfa *self, DfaState state, uint32_t *set);

/* Whether a lazy lexeme is, or may be, under way. Any thread's, as what follows. */
bool ak_dfa_has_lazy(const Dfa *self, DfaState state);
static inline const DfaNode *ak_dfa_node(const Dfa *self, DfaState state) {
    return ak_paged_at(&self->nodes, state);
}
/* DFA_UNKNOWN: ask the writer. */
static inline DfaState ak_dfa_next(const Dfa *self, DfaState state, uint32_t class) {
    return atomic_load_explicit(&ak_dfa_node(self, state)->next[class], memory_order_acquire);
}

#endif
