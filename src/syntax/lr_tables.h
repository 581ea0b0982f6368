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
    LR_START = 1,  /* of the first fragment, the others' are behind it; state 0 is none */
    SET_WORDS = 8, /* of a set of terminals, at most */
    LR_RULES_MAX = 4096
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

/* All of it is plain arrays of numbers that nobody changes: in an arena, or where a language pack is mapped. */
typedef struct LrTables {
    uint32_t state_count, terminal_count, rule_count, start_count;
    uint32_t set_words;            /* of a set of terminals */
    uint32_t cell_rows, goto_rows; /* how many there are: equal rows are one */
    const uint16_t *row_of_cells;  /* by state */
    const uint16_t *cells;         /* [row * terminal_count + terminal]: number of a cell */
    const uint16_t *row_of_gotos;  /* by state */
    const LrState *gotos;          /* [row * rule_count + rule] */
    const uint32_t *shifts;        /* by state, a set of terminals */
    const LrReduction *defaults; /* by state: all that can be done there, whatever comes next; count 0: more, or less */
    const uint32_t *first_choices; /* by state, in `choices`; that of the state behind the last is the end */
    const uint32_t *by;            /* by state: the symbol that leads to it */
    const LrChoice *choices;
    const uint32_t *sets; /* those of `choices` */
    const LrCell *all_cells;
    const LrReduction *reductions;
    uint32_t choice_count, set_count, all_cell_count, reduction_count; /* set_count: words of `sets` */
    uint32_t conflicts; /* pairs of state and terminal with several actions */
    uint32_t resolved;  /* and those that precedence left with fewer */
} LrTables;

/* False and `err` when out of memory, or when the grammar is too large. */
bool ak_lr_init(LrTables *self, Arena *arena, const Syntax *syntax, ananke_error *err);

static inline const LrCell *ak_lr_cell(const LrTables *self, LrState state, uint32_t terminal) {
    return &self->all_cells[self->cells[(size_t)self->row_of_cells[state] * self->terminal_count + terminal]];
}
static inline LrState ak_lr_goto(const LrTables *self, LrState state, uint32_t rule) {
    return self->gotos[(size_t)self->row_of_gotos[state] * self->rule_count + rule];
}
static inline const uint32_t *ak_lr_shifts(const LrTables *self, LrState state) {
    return self->shifts + (size_t)state * self->set_words;
}

#endif
