/* Are tables that came from outside such that a parser can run on them? What it does may be wrong then, but it is nothing that harms. */
#ifndef AK_SYNTAX_LR_CHECK_H
#define AK_SYNTAX_LR_CHECK_H

#include "syntax/lr_tables.h"

typedef enum LrPart {
    LR_PART_CELL_ROWS,
    LR_PART_CELLS,
    LR_PART_GOTO_ROWS,
    LR_PART_GOTOS,
    LR_PART_DEFAULTS,
    LR_PART_BY,
    LR_PART_FIRSTS,
    LR_PART_CHOICES,
    LR_PART_ALL_CELLS,
    LR_PART_REDUCTIONS
} LrPart;

/* What is wrong in the tables, and where. */
typedef struct LrProblem {
    const char *what; /* NULL: memory ran out */
    LrPart part;
    size_t index;
} LrProblem;

/* The counts, and how long arrays are, must be right; sets must have no terminals that there are none of. */
bool ak_lr_check(const LrTables *self, const ananke_allocator *allocator, LrProblem *problem);

static inline bool ak_lr_is_symbol(const LrTables *self, SyntaxSymbol symbol) {
    return symbol & SYMBOL_RULE ? (symbol & ~SYMBOL_RULE) < self->rule_count : symbol < self->terminal_count;
}

#endif
