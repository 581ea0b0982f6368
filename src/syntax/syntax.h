/* The syntax of a programming language: a rulebook in normal form.
 *
 * Terminals are byte automata (regular expressions). Productions are plain sequences: choices and optional parts are multiplied out as far as
 * they stand in one rule, repetitions become left-recursive rules of their own, inlined rules vanish, and no production is empty.
 * What a rulebook says of a part, its field and its alias, is kept with the step as its role.
 *
 * Words: the token `word` is every identifier and keyword. An identifier is a word that is not reserved; where its alias is one of
 * those that rulebook.spelled has, any word. A keyword is a terminal of its own, and so a word can be several terminals: which of them it is
 * is for the parser to find out. */
#ifndef AK_SYNTAX_SYNTAX_H
#define AK_SYNTAX_SYNTAX_H

#include "regex/regex_expr.h"
#include "syntax/rule.h"

/* A terminal, or with SYMBOL_RULE beside it a rule. */
typedef uint32_t SyntaxSymbol;
#define SYMBOL_RULE (UINT32_C(1) << 31)

enum {
    TERMINAL_END = 0,       /* of the text */
    TERMINAL_SEMICOLON = 1, /* one that is left out: no text */
    SYNTAX_ROLE_NONE = 0,
    FRAGMENT_FILE = 0, /* the whole */
    FRAGMENTS_MAX = 64
};

/* What a terminal is to the layout, where columns count: a line's end; the beginning and the end of a block, which have no text; brackets; and what a line
 * may begin with. */
typedef enum Layout {
    LAYOUT_NONE,
    LAYOUT_LINE_END,
    LAYOUT_INDENT,
    LAYOUT_DEDENT,
    LAYOUT_SPACE,
    LAYOUT_TAB,
    LAYOUT_FEED,
    LAYOUT_BREAK,   /* the end of an empty line; and a line break between brackets */
    LAYOUT_COMMENT, /* up to the line's end */
    LAYOUT_OPENS,
    LAYOUT_CLOSES,
    LAYOUTS
} Layout;

typedef struct SyntaxTerminal {
    Str name;
    Expr expr;         /* AK_EXPR_NOTHING: it has no text */
    uint8_t lines;     /* LINE_BEFORE: no line break before it; LINE_AFTER: none between it and the next; LINE_FIRST */
    uint8_t layout;    /* Layout */
    bool is_immediate; /* nothing ignored before it */
    bool is_raw;       /* nor anywhere where it may stand */
    bool is_extra;     /* ignored */
    bool is_newline;   /* ignored, and has a line break in it; or ends with one */
    bool is_space;     /* ignored, and nothing but white space */
    bool is_closing;   /* a semicolon may be left out before it on the same line */
    bool is_munched;   /* its text is never taken for several shorter ones, whether it is allowed or not */
    uint32_t twin;     /* a greedy terminal with the same text that no line break may stand before; 0: none */
    const uint32_t *
        marks; /* set of terminals with one short text, no word, that texts of this one go on from; NULL: there are none */
} SyntaxTerminal;

/* What a part of a production is to it. */
typedef struct SyntaxRole {
    Str field, alias;
} SyntaxRole;

typedef struct SyntaxStep {
    SyntaxSymbol symbol;
    uint32_t role; /* SYNTAX_ROLE_NONE: no field, no alias */
    Precedence precedence;
    Associativity associativity;
} SyntaxStep;

typedef struct Production {
    uint32_t left; /* a rule */
    uint32_t first, count;
} Production;

typedef struct SyntaxRule {
    Str name;              /* a fragment's, where it is a start; empty: a repetition */
    uint32_t first, count; /* its productions */
} SyntaxRule;

typedef struct Syntax {
    Arena *arena;
    Exprs exprs; /* sealed */
    VEC(SyntaxTerminal) terminals;
    VEC(SyntaxRule) rules;       /* the first are starts, one for each fragment: it, and TERMINAL_END */
    VEC(Production) productions; /* by rule */
    VEC(SyntaxStep) steps;
    VEC(SyntaxRole) roles;
    Order *orders; /* the rulebook's */
    uint32_t order_count;
    uint32_t fragment_count; /* what a text may be: FRAGMENT_FILE, and others */
} Syntax;

/* Makes the syntax of a rulebook, whose arena must live as long. False and `err` when it has rules that are missing, empty or not regular where they
 * must be. */
bool ak_syntax_init(Syntax *self, Arena *arena, const Rulebook *book, ananke_error *err);
/* The number of the fragment of this name, FRAGMENT_FILE for an empty one; `err` says which there are when it is none. */
bool ak_syntax_fragment(const Syntax *self, Str name, uint32_t *number, ananke_error *err);

#endif
