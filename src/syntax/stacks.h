/* The parser of programming languages: Tomita's generalised LR (https://aclanthology.org/J87-1004/) over hash-consed stacks.
 *
 * A stack is a state on top of one or more stacks below; a site in a text is a set of such heads, and equal sites are one number, wherever
 * they arise. So nothing speaks of positions, sites are rolled back by remembering a number, and the step from a site over a
 * set of terminals is worked out once. A head stands before the reductions that depend on what comes next: they are made when it has come.
 *
 * Semicolons that are left out: where a head does not allow a terminal that is a closing one, or has a line break before it,
 * the missing semicolon is read first, as ECMAScript has it (https://tc39.es/ecma262/#sec-automatic-semicolon-insertion).
 *
 * One writer adds under a lock; known steps and states of the lexer are read without one. */
#ifndef AK_SYNTAX_STACKS_H
#define AK_SYNTAX_STACKS_H

#include "base/paged.h"
#include "base/table.h"
#include "mask/dfa.h"
#include "syntax/lr_tables.h"

/* A set of heads, and what has come since the last terminal: heads << 2 | Gap. */
typedef uint32_t Site;
typedef enum Gap { GAP_NONE, GAP_SPACE, GAP_LINE, GAPS } Gap;
typedef uint32_t Stack;
/* One stack, as it is, or with HEADS_SEVERAL beside it the number of a set of stacks. */
typedef uint32_t Heads;
#define HEADS_SEVERAL (UINT32_C(1) << 29)

enum { SITE_NONE = 0, HEADS_NONE = 0x3fffffff, HEADS_MAX = 256 };

typedef struct StackNode {
    LrState state;
    uint16_t count;
    uint32_t below; /* the stack below, or where they are in `lists` when there are several */
    /* of the lexer when it is the only head; DFA_UNKNOWN: nobody has asked yet */
    _Atomic DfaState starts[GAPS];
} StackNode;

typedef struct HeadsNode {
    uint32_t first, count; /* stacks in `lists`, sorted, two at least */
    _Atomic DfaState starts[GAPS];
} HeadsNode;

/* A state on top of a stack while a step is under way. */
typedef struct OpenStack {
    LrState state;
    Stack below;
    uint32_t next; /* one more with this state, + 1 */
} OpenStack;

/* The same while it is worked out what a head allows: for some of the terminals. */
typedef struct OpenSet {
    LrState state;
    Stack below;
    uint32_t set[SET_WORDS];   /* all terminals that came here */
    uint32_t fresh[SET_WORDS]; /* those that have not been gone on with */
} OpenSet;

/* Which pairs of a state and a stack below it have been met since the last round began, and where they are, + 1. */
typedef struct MetSlot {
    uint64_t pair;
    uint32_t at, round;
} MetSlot;
typedef struct Met {
    MetSlot *slots; /* a hash table; what is of another round is free */
    size_t mask;    /* how many there are, a power of two, less one */
    uint32_t count, round;
} Met;

typedef VEC(uint64_t) Shifts;

typedef struct Stacks {
    Arena *arena;
    const Syntax *syntax;
    const LrTables *tables;
    Dfa *dfa;
    PAGED(StackNode) stacks; /* stack 0 is none */
    PAGED(HeadsNode) heads;  /* heads 0 are none */
    VEC(uint32_t) lists;
    Table stack_numbers, heads_numbers; /* by hash */
    VEC(uint32_t) sets;                 /* of terminals, all different */
    Table set_numbers;                  /* where they begin in `sets`, + 1, by hash */
    Table allowed_numbers;              /* and by head: those that it allows */
    Table semicolons;                   /* by head: the heads behind a semicolon that is left out */
    Table steps;                        /* site << 32 | ending, to the site behind it */
    uint32_t *extras, *newlines, *munched, *closing, *textless; /* sets of terminals */
    uint32_t *barred[GAPS];                                     /* and those that may not stand behind a gap */
    uint32_t *raw;        /* a set of terminals: where one of them is allowed nothing is ignored */
    bool has_raw;         /* it is not empty */
    VEC(OpenStack) open;  /* of the step under way */
    uint32_t *open_first; /* by state: the first with it, + 1 */
    Shifts shifted;       /* state << 32 | stack */
    VEC(uint32_t) gathered;
    VEC(OpenSet) open_sets;
    Met met_open, met_sets;     /* of the two */
    uint64_t reductions, scans; /* made so far */
    bool
        is_spent; /* a step had more heads than HEADS_MAX: what was refused since may be none of the grammar's refusing */
} Stacks;

bool ak_stacks_init(Stacks *self, Arena *arena, const Syntax *syntax, const LrTables *tables, Dfa *dfa);
Site ak_stacks_start(const Stacks *self);
/* The site behind `site` when one of the terminals of the DFA's `ending` was read; SITE_NONE: none of them is allowed, or memory is
 * spent (ak_arena_ok tells), or there are too many heads (is_spent). */
Site ak_stacks_scan(Stacks *self, Site site, uint32_t ending);
/* May any of the terminals in the set stand at the site, what is ignored included? */
bool ak_stacks_allows(Stacks *self, Site site, const uint32_t *terminals);
/* The state of the lexer behind the site: those of all terminals that may stand there, and of those that are never read as several. */
DfaState ak_stacks_lexer(Stacks *self, Site site);
bool ak_stacks_may_end(Stacks *self, Site site);
/* How many heads there are. */
static inline uint32_t ak_stacks_count(const Stacks *self, Site site) {
    Heads heads = site >> 2;
    return heads & HEADS_SEVERAL ? ak_paged_at(&self->heads, heads & ~HEADS_SEVERAL)->count : 1;
}

#endif
