/* The parser of programming languages: Tomita's generalised LR (https://aclanthology.org/J87-1004/) over hash-consed stacks.
 *
 * A stack is a state on top of one or more stacks below; a site in a text is a set of such heads, and equal sites are one number, wherever
 * they arise. So nothing speaks of positions, sites are rolled back by remembering a number, and the step from a site over a
 * set of terminals is worked out once. A head stands before the reductions that depend on what comes next: they are made when it has come.
 *
 * Semicolons that are left out: where a head does not allow a terminal that is a closing one, or has a line break before it,
 * the missing semicolon is read first, as ECMAScript has it (https://tc39.es/ecma262/#sec-automatic-semicolon-insertion).
 *
 * Where columns count (Python's layout, https://docs.python.org/3/reference/lexical_analysis.html#indentation) the beginning of a block is a terminal without text,
 * whose entry on the stack has the block's column, so that what is known of a stack's top holds for columns, too. A site in a line's margin is heads behind the
 * last line's end and the column so far; where a terminal begins in it, blocks begin or end first as the column says.
 *
 * What the mask engine calls a node (mask/pushdown.h) is a site here. One writer adds under a lock; known steps and states of the lexer are read without one. */
#ifndef AK_SYNTAX_STACKS_H
#define AK_SYNTAX_STACKS_H

#include "base/paged.h"
#include "mask/pushdown.h"
#include "syntax/lr_tables.h"

/* A set of heads, and what has come since the last terminal: heads << 2 | Gap. NODE_DEAD: no text goes on like this. */
typedef ParserNode Site;
/* GAP_LINE: a line break; GAP_FIRST: and nothing to see behind it, as far as it matters. */
typedef enum Gap { GAP_NONE, GAP_SPACE, GAP_LINE, GAP_FIRST, GAPS } Gap;
typedef uint32_t Stack;
/* One stack, as it is, or with HEADS_SEVERAL beside it the number of a set of stacks. */
typedef uint32_t Heads;
#define HEADS_SEVERAL (UINT32_C(1) << 29)

enum {
    HEADS_NONE = 0x3fffffff,
    HEADS_MAX = 256,
    COLUMN_MAX = 2000,
    MARGIN_FIXED = 2048,
    MARGIN_JOINED = 4096,
    MARGIN_COMMENT = 8191
};

/* What is known of heads behind a gap. */
typedef struct Outlook {
    _Atomic DfaState lexer; /* the state behind it; DFA_UNKNOWN: nobody has asked yet */
    bool may_end;           /* the text may end there; written before the lexer's state, as the next */
    uint32_t low;           /* height of the lowest entry that this depends on */
} Outlook;

/* What is known of heads; of most stacks nobody asks, as they are below others only. */
typedef struct Outlooks {
    Outlook behind[GAPS];
} Outlooks;

typedef struct StackNode {
    LrState state;
    uint16_t column; /* of the block that begins with this entry */
    uint32_t inner;  /* the stack whose top is the last block's beginning, or bracket, that is still open; 0: none is */
    uint32_t count;
    uint32_t below;   /* the stack below, or where they are in `lists` when there are several */
    uint32_t height;  /* above the highest that is below; 0: the bottom */
    uint32_t allowed; /* where the set of terminals that it allows is, + 1; 0: nobody has asked yet */
    uint32_t allowed_low;
    _Atomic uint32_t outlooks; /* when it is the only head; 0: nobody has asked yet */
} StackNode;

typedef struct HeadsNode {
    uint32_t first, count; /* stacks in `lists`, sorted; or one, and a margin */
    uint32_t margin;       /* the column in it, + 1; 0: the site is in none. Or MARGIN_COMMENT */
    Heads settled;         /* behind the blocks that begin or end at that column; HEADS_NONE; 0: nobody has asked yet */
    uint32_t settled_low;
    _Atomic uint32_t outlooks; /* as a StackNode's */
} HeadsNode;

/* A state on top of a stack while a step is under way. */
typedef struct OpenStack {
    LrState state;
    uint16_t column;
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
    PAGED(StackNode) stacks;  /* stack 0 is none, the first are the bottoms, one for each fragment */
    PAGED(HeadsNode) heads;   /* heads 0 are none */
    PAGED(Outlooks) outlooks; /* outlooks 0 are none */
    VEC(uint32_t) lists;
    Table stack_numbers, heads_numbers; /* by hash */
    VEC(uint32_t) sets;                 /* of terminals, all different */
    Table set_numbers;                  /* where they begin in `sets`, + 1, by hash */
    Table semicolons, semicolon_lows;   /* by head: the heads behind a semicolon that is left out */
    Table steps;                        /* site << 32 | ending, to the site behind it */
    uint64_t last;                      /* the step that was made last, as in `steps`, */
    uint32_t last_low;                  /* and the lowest height that it depends on */
    uint32_t low;                       /* of what has been looked at by what is under way */
    uint32_t *munched; /* terminals that have a shadow, the first of which is the lexeme behind the last terminal */
    uint32_t munched_count;
    uint32_t *extras, *newlines, *closing, *textless; /* sets of terminals */
    uint32_t *margin, *in_line;                       /* what is ignored in margins, and in lines */
    uint32_t *barred[GAPS];                           /* and those that may not stand behind a gap */
    uint32_t *raw;            /* a set of terminals: where one of them is allowed nothing is ignored */
    bool has_raw;             /* it is not empty */
    bool has_layout;          /* columns count */
    uint32_t layout[LAYOUTS]; /* the terminals that are something to it */
    uint16_t column;          /* of the block that is begun */
    bool has_first;           /* there are terminals that must be the first on their line */
    VEC(OpenStack) open;      /* of the step under way */
    uint32_t *open_first;     /* by state: the first with it, + 1 */
    Shifts shifted;           /* state << 32 | stack */
    VEC(uint32_t) gathered;
    VEC(OpenSet) open_sets;
    Met met_open, met_sets;     /* of the two */
    uint64_t reductions, scans; /* made so far */
    uint64_t fuel;              /* reductions that may still be made */
} Stacks;

/* The lexemes that sites are read by: the syntax's terminals and behind them, from number `*shadows` on, a shadow of each that is never read as
 * several; `*shadows` is 0 when there are none. NULL when out of memory. */
Expr *ak_stacks_lexemes(const Syntax *syntax, Arena *arena, uint32_t *count, uint32_t *shadows);
/* The DFA is one of these lexemes. It has no fuel at first. False when out of memory, or when there are too many terminals. */
bool ak_stacks_init(Stacks *self, Arena *arena, const Syntax *syntax, const LrTables *tables, Dfa *dfa);
/* The stacks as the mask engine sees them, for texts that are the fragment. */
Pushdown ak_stacks_pushdown(Stacks *self, uint32_t fragment);
/* The site before any text of the fragment; NODE_NONE when memory or fuel is spent. */
Site ak_stacks_start(Stacks *self, uint32_t fragment);
/* The site behind `site` when one of the terminals of the DFA's `ending` was read; NODE_DEAD: none of them is allowed; NODE_NONE: memory
 * or fuel is spent, or there are too many heads. */
Site ak_stacks_scan(Stacks *self, Site site, uint32_t ending);
/* The lowest height that a known step depends on; as mask/pushdown.h has it. */
uint32_t ak_stacks_low(Stacks *self, Site site, uint32_t ending);
/* The state of the lexer behind a site that was reached: those of all terminals that may stand there, and shadows. Any thread's, as the next. */
DfaState ak_stacks_lexer(const Stacks *self, Site site);
bool ak_stacks_may_end(const Stacks *self, Site site);
/* How many heads there are. */
static inline uint32_t ak_stacks_count(const Stacks *self, Site site) {
    Heads heads = site >> 2;
    return heads & HEADS_SEVERAL ? ak_paged_at(&self->heads, heads & ~HEADS_SEVERAL)->count : 1;
}
static inline Stack ak_stacks_head(const Stacks *self, Site site, uint32_t i) {
    Heads heads = site >> 2;
    if (!(heads & HEADS_SEVERAL)) return heads;
    const HeadsNode *node = ak_paged_at(&self->heads, heads & ~HEADS_SEVERAL);
    return node->count == 1 ? node->first : self->lists.items[node->first + i];
}
/* The column of a site in a margin, + 1; 0: it is in none. */
static inline uint32_t ak_stacks_margin(const Stacks *self, Site site) {
    Heads heads = site >> 2;
    return heads & HEADS_SEVERAL ? ak_paged_at(&self->heads, heads & ~HEADS_SEVERAL)->margin : 0;
}

#endif
