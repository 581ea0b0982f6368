/* The parser: Earley rows over lexemes.
 *
 * A row says what the lexemes so far can be: items (rule with a dot, and the row where the rule began). Rows are a
 * stack whose top part may be a tree: ak_earley_scan adds a row after any row and remembers it there, so that asking
 * again is cheap, and ak_earley_truncate forgets the newest. Kept small after Aycock and Horspool
 * (https://doi.org/10.1093/comjnl/45.6.620): a row stores its kernel, the items with something before the dot that
 * still wait for a symbol; what they predict depends on the waited-for rules only and is the bit set `predicted`.
 * Nullable rules are stepped over when an item is added, so no completion ever begins and ends in the same row. The
 * tables are immutable and shared; the chart belongs to one matcher. */
#ifndef AK_MASK_EARLEY_H
#define AK_MASK_EARLEY_H

#include "mask/roster_dots.h"

/* What waiting for a rule predicts; takes room quadratic in the rules, so the chart makes it for itself. */
typedef struct Predictions {
    uint32_t *rules;   /* rule_words words a rule: the rules predicted where it is waited for, itself included */
    uint32_t *lexemes; /* lexeme_words words a rule: the lexemes that a prediction of this one rule allows */
} Predictions;

typedef uint32_t Row;

enum { ROW_FAILED = UINT32_MAX, ROW_NONE = UINT32_MAX - 1 };

typedef struct Item {
    Dot dot;
    Row origin;
} Item;

/* The text of a rule that began at a row. */
typedef struct Begun {
    Row row;
    uint32_t rule;
} Begun;

typedef VEC(Begun) BegunList;

typedef struct RowNode {
    uint32_t items, item_count; /* the kernel: items that wait for a symbol */
    bool is_accepting;          /* the text may end here */
    bool follows_ignored;       /* comes after ignored text */
    uint32_t lexer_start;       /* kept here for the lexer's user: 0 when not known */
    uint32_t tokens;            /* that had ended before it; kept here, too */
    Row child, sibling;         /* rows made from this one; the next row of the same parent */
    uint32_t cause;             /* scan that made it: a number that the caller chose */
} RowNode;

typedef struct Chart {
    Arena *arena;
    const GrammarTables *tables;
    Predictions predictions;
    VEC(RowNode) rows;
    VEC(Item) items;
    VEC(uint32_t) bits; /* a row has its predicted rules and its allowed lexemes here */
    VEC(Item) agenda;   /* the row under construction, completed items included */
    uint64_t *seen;     /* hash set of the agenda's items: generation and index */
    size_t seen_slots;
    uint32_t generation;
    RosterDots roster_dots;
    uint32_t tokens;         /* what rows that are made now have */
    BegunList barred;        /* rules that are predicted at their row no longer */
    VEC(uint32_t) under_way; /* sets of rules by row, scratch */
    VEC(uint32_t) rules;     /* a stack */
    uint64_t fuel;           /* items that may still be made */
} Chart;

/* The least sets; false when memory runs out or they would take hundreds of megabytes. */
bool ak_predictions_build(Predictions *self, const GrammarTables *tables, Arena *arena);

/* A chart with row 0. False when out of memory. */
bool ak_earley_init(Chart *self, const GrammarTables *tables, Arena *arena);
/* The row after `row` when one of `lexemes` was read, each of which `row` allows; asked twice with the same `cause`
 * it is the same row. ROW_FAILED when memory or fuel is spent. */
Row ak_earley_scan(Chart *self, Row row, const uint32_t *lexemes, uint32_t count, uint32_t cause);
/* Lists the texts of rules with limits in which something is under way at the newest row: in what waits for one of the
 * lexemes of a set or, when that is NULL, in anything; and that have had as many tokens as they may, or more. False
 * when memory or fuel is spent. */
bool ak_earley_used(Chart *self, const uint32_t *lexemes, BegunList *used);
/* Takes out of all rows what is under way in these texts only. False when memory or fuel is spent. */
bool ak_earley_leave(Chart *self, const BegunList *used);
/* The row behind these texts, as if they ended at the newest row, and behind the lexemes. ROW_FAILED. */
Row ak_earley_cut(Chart *self, const BegunList *used, const uint32_t *lexemes, uint32_t count);
/* Forgets all rows but the first `count`, and what the last of those remembers. */
void ak_earley_truncate(Chart *self, uint32_t count);

static inline const uint32_t *ak_earley_predicted(const Chart *self, Row row) {
    return self->bits.items + (size_t)row * (self->tables->rule_words + self->tables->lexeme_words);
}
/* The lexemes that may begin after `row`, ignored text included. */
static inline const uint32_t *ak_earley_allowed(const Chart *self, Row row) {
    return ak_earley_predicted(self, row) + self->tables->rule_words;
}

#endif
