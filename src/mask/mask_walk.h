/* Walks through a vocabulary, from where a generation would be: depth first through a trie (views.h), path[d] being the
 * point after d bytes. What a walk allows goes into a list of ids, and into a row of bits when they become many. */
#ifndef AK_MASK_WALK_H
#define AK_MASK_WALK_H

#include "mask/engine.h"
#include "mask/inquiry.h"

typedef struct PathEntry {
    const _Atomic DfaState *next;        /* the transitions of its state */
    Point point;                         /* its node is a number of the inquiry's, as in all points of a walk */
    Point closed;                        /* behind the pending lexeme */
    const _Atomic DfaState *closed_next; /* the transitions there */
    Step closed_known;                   /* whether there is such a point; STEP_SPENT: not asked yet */
    bool is_inside;                      /* of a region: the path so far is made of its units */
    uint8_t missing, low, high; /* there: bytes that the last code point lacks, and what the next of them may be */
    uint32_t at, end;           /* siblings of the next entry that are still to be visited */
} PathEntry;

/* How a long token begins. */
typedef struct LongRun {
    bool is_known, is_whole; /* all of it is made of such units */
    uint16_t units;          /* of certain groups, before any other */
} LongRun;

/* What a walk works in; one after the other uses it. */
struct WalkRoom {
    Arena arena;
    WalkRoom *next; /* in the engine's list of those that nobody uses */
    PathEntry *path;
    uint32_t *row, *ids;
    LongRun *runs; /* of the vocabulary's long tokens, in units of run_groups: mask_longs.c */
    uint64_t run_groups;
    Inquiry inquiry;
};

/* Tokens by their first unit. Masks of points behind a lexeme are made of the words and the others; of masks of points
 * inside of words or blanks, others want only those that go on with them; where line breaks are no part of blanks, each
 * would want the other's without end, were they not told apart. Malformed units are in neither:
 * whether their first byte ends a lexeme has nothing to do with where the group's other bytes lead. PART_WIDE are those that begin with a code
 * point of several bytes, for points whose state has nothing else in it (ak_dfa_beyond). PART_BYTE + b are the tokens that begin with the byte b, for the point behind
 * it. */
typedef enum Part {
    PART_WHOLE,
    PART_WORDS,
    PART_OTHERS,
    PART_BLANKS,
    PART_SPACES,
    PART_NEWLINES,
    PART_WIDE,
    PART_BYTE,
    PART_END = PART_BYTE + 0x80
} Part;
#define GROUPS_OTHER (GROUPS_ALL & ~GROUPS_WORD & ~GROUP_BIT(GROUP_MALFORMED))
#define GROUPS_SPACE (GROUP_BIT(GROUP_SPACE) | GROUP_BIT(GROUP_TAB))
#define GROUPS_NEWLINE (GROUP_BIT(GROUP_NEWLINE) | GROUP_BIT(GROUP_RETURN))
#define GROUPS_BLANK (GROUPS_SPACE | GROUPS_NEWLINE)
static inline uint64_t ak_part_groups(Part part) {
    static const uint64_t groups[] = {GROUPS_ALL,   GROUPS_WORD,    GROUPS_OTHER, GROUPS_BLANK,
                                      GROUPS_SPACE, GROUPS_NEWLINE, GROUPS_WIDE};
    return groups[part];
}

/* What was found out about a point: whether a unit of these groups is dead there. */
typedef struct Death {
    Point point;
    uint64_t groups; /* 0: nothing was */
    bool is_certain;
} Death;

typedef struct Walk {
    Engine *engine;
    const ananke_vocab *vocab;
    const View *view;
    uint32_t view_number;
    Part part;
    uint64_t scope; /* groups of first units that the part has */
    Fuel *fuel;
    WalkRoom *room;
    uint32_t id_count;
    bool is_row;     /* tokens are set in the row; before, their ids are listed */
    uint32_t budget; /* nodes that may still be visited */
    uint32_t given;  /* what the budget was at first */
    uint32_t depth;  /* of masks that are made for this one */
    Death death;
    uint32_t met;  /* WALK_MET: the mask */
    bool has_news; /* other masks were made for this one */
} Walk;

typedef enum Outcome {
    WALK_DONE,
    WALK_SPENT,
    WALK_TOO_FAR,
    WALK_MET /* the mask became known on the way */
} Outcome;

/* Units that go on for certain, from a state that a walk begins in. */
typedef struct Region {
    uint64_t groups;
    uint64_t exits; /* groups whose units may leave it and live */
    uint32_t limit; /* units; what stays inside and is longer dies */
    bool is_uniform;
    uint32_t sure; /* tokens of so many units are as is said here; longer ones want a second look */
} Region;

/* NULL when out of memory. */
WalkRoom *ak_walk_borrow(Engine *engine);
void ak_walk_give_back(Engine *engine, WalkRoom *room);
/* When nobody uses the engine any more. */
void ak_walk_free_rooms(Engine *engine);

void ak_walk_turn_to_row(Walk *self);
void ak_walk_put(Walk *self, const uint32_t *ids, uint32_t count);

PathEntry ak_walk_entry(const Walk *self, Point point);
/* The point a byte behind `from`. */
Step ak_walk_advance(Walk *self, PathEntry *from, uint8_t byte, Point *to);
/* Whether bytes may follow. */
Step ak_walk_text(Walk *self, Point point, Str bytes);
/* The point behind the pending lexeme, as ak_engine_close. */
Step ak_walk_close(Walk *self, Point point, Point *closed);

/* The same for an entry, which keeps what was found. */
Step ak_walk_close_entry(Walk *self, PathEntry *entry);

/* ak_dfa_profile, ak_dfa_far_profile and ak_dfa_lasting. */
const DfaProfile *ak_walk_profile(Walk *self, DfaState state);
const DfaProfile *ak_walk_far_profile(Walk *self, DfaState state);
DfaState ak_walk_lasting(Walk *self, DfaState state);
/* ak_dfa_uncounted, ak_dfa_beyond and ak_dfa_clamped. */
DfaState ak_walk_uncounted(Walk *self, DfaState state);
DfaState ak_walk_beyond(Walk *self, DfaState state, bool may_end);
DfaState ak_walk_clamped(Engine *engine, DfaState state, Reach reach, Fuel *fuel);
/* Whether it is certain that one more unit of the groups is dead at `point`. */
bool ak_walk_dies(Walk *self, Point point, uint64_t groups);
/* The region that begins at `point`: where it has a limit, longer tokens must be dead. */
Region ak_walk_region_at(Walk *self, Point point, const DfaProfile *profile);

/* Visits the siblings from `at` to `end`, which follow path[depth - 1], and all below them. */
Outcome ak_walk_plain(Walk *self, const WalkTrie *trie, uint32_t at, uint32_t end, uint32_t depth);
/* The same from inside of a region: nodes where nothing leaves it any more are left out, tokens that end inside are
 * not put, both being known. */
Outcome ak_walk_region(Walk *self, const WalkTrie *trie, uint32_t at, uint32_t end, uint32_t depth, Region region);
/* Puts into `entry` what the code point that `lead` begins lacks; false when it begins none. */
bool ak_walk_begin_wide(PathEntry *entry, uint8_t lead);
/* Walks along the words behind path[1], made of the region's units, that are not at `word` yet; behind them, what was
 * taken from that point's mask does not hold. */
Outcome ak_walk_words(Walk *self, const WalkNode *first, Point word, Region region);

static inline bool ak_points_equal(Point a, Point b) {
    return a.node == b.node && a.state == b.state;
}

#endif
