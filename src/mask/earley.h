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

#include "mask/grammar.h"

/* Where a dot can be: a place in `places`, in front of a part, or behind the last one. */
typedef uint32_t Dot;

typedef enum PlaceKind { PLACE_TERMINAL, PLACE_RULE, PLACE_END } PlaceKind;

typedef struct Place {
    uint8_t kind;     /* PlaceKind */
    bool is_nullable; /* the part behind the dot is a rule that can be empty */
    uint32_t symbol;  /* number of the terminal or rule behind the dot; at the end: of the rule whose body this was */
} Place;

/* A way for a predicted rule to begin: in a body of `rule`, after nullable parts only, a symbol leads to `dot`
 * behind it. */
typedef struct Opening {
    uint32_t rule;
    Dot dot;
} Opening;

typedef struct EarleyTables {
    uint32_t terminal_count; /* ignored text is one more lexeme, numbered terminal_count */
    uint32_t rule_count;
    uint32_t start_rule; /* an extra rule whose only body is the start symbol; numbered rule_count */
    bool has_ignore, has_initial_ignore, is_ignored_once;
    uint32_t lexeme_words; /* words of a set of lexemes */
    uint32_t rule_words;   /* words of a set of rules */
    Place *places;
    uint32_t place_count;
    Dot start; /* before the start symbol in the extra rule */
    Opening
        *openings; /* openings by terminal t: from terminal_openings[t] to terminal_openings[t+1]; by rule likewise */
    uint32_t *terminal_openings, *rule_openings;
    uint32_t *predictions;   /* rule_words words a rule: the rules predicted where it is waited for, itself included */
    uint32_t *first_lexemes; /* lexeme_words words a rule: the lexemes that a prediction of this one rule allows */
    const Str *terminal_names; /* by number */
    Expr *lexemes;             /* by number, the ignored one included */
} EarleyTables;

typedef uint32_t Row;

enum { ROW_FAILED = UINT32_MAX, ROW_NONE = UINT32_MAX - 1 };

typedef struct Item {
    Dot dot;
    Row origin;
} Item;

typedef struct RowNode {
    uint32_t items, item_count; /* the kernel: items that wait for a symbol */
    bool is_accepting;          /* the text may end here */
    bool follows_ignored;       /* comes after ignored text */
    uint32_t lexer_start;       /* kept here for the lexer's user: 0 when not known */
    Row child, sibling;         /* rows made from this one; the next row of the same parent */
    uint32_t cause;             /* scan that made it: a number that the caller chose */
} RowNode;

typedef struct Chart {
    Arena *arena;
    const EarleyTables *tables;
    VEC(RowNode) rows;
    VEC(Item) items;
    VEC(uint32_t) bits; /* a row has its predicted rules and its allowed lexemes here */
    VEC(Item) agenda;   /* the row under construction, completed items included */
    uint64_t *seen;     /* hash set of the agenda's items: generation and index */
    size_t seen_slots;
    uint32_t generation;
    uint64_t fuel; /* items that may still be made */
} Chart;

/* Tables for a sealed grammar, in `arena`. False and `err` on failure. */
bool ak_earley_tables(EarleyTables *self, Grammar *grammar, Arena *arena, ananke_error *err);

/* A chart with row 0. False when out of memory. */
bool ak_earley_init(Chart *self, const EarleyTables *tables, Arena *arena);
bool ak_earley_copy(Chart *to, const Chart *from, Arena *arena);
/* The row after `row` when one of `lexemes` was read, each of which `row` allows; asked twice with the same `cause`
 * it is the same row. ROW_FAILED when memory or fuel is spent. */
Row ak_earley_scan(Chart *self, Row row, const uint32_t *lexemes, uint32_t count, uint32_t cause);
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
