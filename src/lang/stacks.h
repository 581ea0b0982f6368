/* The parser of programming languages: Tomita's generalised LR (https://aclanthology.org/J87-1004/) over hash-consed stacks.
 *
 * A stack is a state on top of one or more stacks below; a place in a text is a set of such heads, and equal places are one number, wherever
 * they arise. So nothing speaks of positions, places are rolled back by remembering a number, and the step from a place over a
 * set of terminals is worked out once. A head stands before the reductions that depend on what comes next: they are made when it has come.
 *
 * Semicolons that are left out: where a terminal is allowed by no head and a line break, or a closing terminal, comes
 * before it, the missing semicolon is read first, as ECMAScript has it (https://tc39.es/ecma262/#sec-automatic-semicolon-insertion).
 *
 * One writer adds under a lock; places that are known, and steps between them, are read without one. */
#ifndef AK_LANG_STACKS_H
#define AK_LANG_STACKS_H

#include "base/paged.h"
#include "base/table.h"
#include "lang/lr_tables.h"
#include "mask/dfa.h"

/* A set of heads, and whether a line break has come since the last terminal: heads << 1 | has a line break. */
typedef uint32_t Place;
typedef uint32_t Heads;
typedef uint32_t Stack;

enum { PLACE_NONE = 0, HEADS_NONE = UINT32_MAX };

typedef struct StackNode {
    LrState state;
    uint16_t count;
    uint32_t below; /* the stack below, or where they are in `lists` when there are several */
} StackNode;

typedef struct HeadsNode {
    uint32_t first, count;      /* stacks in `lists`, sorted; one is `first` itself */
    _Atomic DfaState starts[2]; /* of the lexer, without and with a line break before; DFA_UNKNOWN: nobody has asked yet */
    Heads semicolon;            /* behind a semicolon that is left out; 0: not asked yet; HEADS_NONE */
} HeadsNode;

/* A state on top of a stack while a step is under way. */
typedef struct OpenStack {
    LrState state;
    Stack below;
    uint32_t next; /* one more with this state, + 1 */
} OpenStack;

typedef struct Stacks {
    Arena *arena;
    const Syntax *syntax;
    const LrTables *tables;
    Dfa *dfa;
    PAGED(StackNode) stacks; /* stack 0 is none */
    PAGED(HeadsNode) heads;  /* heads 0 are none */
    VEC(uint32_t) lists;
    Table stack_numbers, heads_numbers; /* by hash */
    Table steps;                        /* place << 32 | ending, to the place behind it */
    uint32_t *extras, *munched, *contextual; /* sets of terminals */
    bool *is_raw;                       /* by state: nothing is ignored there */
    VEC(OpenStack) open;                /* of the step under way */
    uint32_t *open_first;               /* by state: the first with it, + 1 */
    VEC(uint64_t) shifted;              /* state << 32 | stack */
    VEC(uint32_t) gathered;
    uint32_t *allowed; /* scratch */
    uint64_t reductions, scans; /* made so far */
} Stacks;

bool ak_stacks_init(Stacks *self, Arena *arena, const Syntax *syntax, const LrTables *tables, Dfa *dfa);
Place ak_stacks_start(const Stacks *self);
/* The place behind `place` when one of the terminals of the DFA's `ending` was read; PLACE_NONE: none of them is allowed, or memory is
 * spent (ak_arena_ok tells). */
Place ak_stacks_scan(Stacks *self, Place place, uint32_t ending);
/* The same for those heads that none of the terminals in the set `going` is allowed by, and for terminals that may end early. `*is_over`: none
 * of the others may go on. */
Place ak_stacks_split(Stacks *self, Place place, uint32_t ending, const uint32_t *going, bool *is_over);
/* The state of the lexer behind the place. */
DfaState ak_stacks_lexer(Stacks *self, Place place);
bool ak_stacks_may_end(Stacks *self, Place place);
/* How many heads there are. */
static inline uint32_t ak_stacks_count(const Stacks *self, Place place) {
    return ak_paged_at(&self->heads, place >> 1)->count;
}

#endif
