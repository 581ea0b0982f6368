/* LALR(1) tables of a syntax, for a parser that follows all actions of a state at once.
 *
 * States are sets of LR(0) items; look-ahead is DeRemer's and Pennello's (https://doi.org/10.1145/69622.357187). Where a state has
 * several actions for a terminal they are compared as tree-sitter does: by the precedence and associativity that the grammar
 * states, and what binds less is left out. Where nothing is stated all of them stay. Productions of one rule with the same length are one
 * reduction: a recogniser need not tell them apart. */
#ifndef AK_SYNTAX_LR_TABLES_H
#define AK_SYNTAX_LR_TABLES_H

#include "syntax/syntax.h"

typedef uint16_t LrState;

enum {
    LR_START = 1, /* state 0 is none */
    SET_WORDS = 8 /* of a set of terminals, at most */
};

typedef struct LrReduction {
    uint16_t rule, count;
} LrReduction;

/* A reduction of a state, and the set of terminals that it is made before. */
typedef struct LrChoice {
    LrReduction reduction;
    uint32_t set; /* in `sets` */
} LrChoice;

/* What may be done in a state before a terminal; cell 0: nothing. */
typedef struct LrCell {
    LrState shift; /* 0: no shift */
    uint16_t count;
    uint32_t first; /* its reductions */
} LrCell;

typedef struct LrTables {
    Arena *arena;
    uint32_t state_count, terminal_count, rule_count;
    uint16_t *cells;    /* [state * terminal_count + terminal]: number of a cell */
    LrState *gotos;     /* [state * rule_count + rule] */
    uint32_t set_words; /* of a set of terminals */
    uint32_t *shifts;   /* by state, a set of terminals */
    LrReduction
        *defaults; /* by state: all that can be done there, whatever comes next; count 0: there is more, or less */
    uint32_t *first_choices; /* by state, in `choices`; that of the state behind the last is the end */
    VEC(LrChoice) choices;
    VEC(uint32_t) sets; /* those of `choices` */
    uint32_t *by;       /* by state: the symbol that leads to it */
    VEC(LrCell) all_cells;
    VEC(LrReduction) reductions;
    uint32_t conflicts; /* pairs of state and terminal with several actions */
    uint32_t resolved;  /* and those that precedence left with fewer */
} LrTables;

/* False and `err` when out of memory, or when the grammar is too large. */
bool ak_lr_init(LrTables *self, Arena *arena, const Syntax *syntax, ananke_error *err);

static inline const LrCell *ak_lr_cell(const LrTables *self, LrState state, uint32_t terminal) {
    return &self->all_cells.items[self->cells[(size_t)state * self->terminal_count + terminal]];
}
static inline LrState ak_lr_goto(const LrTables *self, LrState state, uint32_t rule) {
    return self->gotos[(size_t)state * self->rule_count + rule];
}
static inline const uint32_t *ak_lr_shifts(const LrTables *self, LrState state) {
    return self->shifts + (size_t)state * self->set_words;
}

#endif
