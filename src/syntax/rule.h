/* Rules of a programming language's grammar, as tree-sitter's grammar.json states them: trees over strings, patterns and names.
 *
 * A rulebook is what grammar.json holds, read by rule_json.h, and then mended by an overlay (overlay.h) that replaces rules and says what
 * grammar.json has no words for: which words are reserved, which tokens must stand on the line of what is before them. syntax.h makes
 * a context-free grammar of it. Rules are immutable and live in the rulebook's arena. */
#ifndef AK_SYNTAX_RULE_H
#define AK_SYNTAX_RULE_H

#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"

typedef enum RuleKind {
    RULE_BLANK,
    RULE_STRING,  /* `text` */
    RULE_PATTERN, /* `text`, a regular expression with `flags` */
    RULE_SYMBOL,  /* the rule called `text` */
    RULE_SEQ,
    RULE_CHOICE,
    RULE_REPEAT,    /* any number of times */
    RULE_REPEAT1,   /* at least once */
    RULE_TOKEN,     /* its text is one token */
    RULE_IMMEDIATE, /* the same, and nothing ignored may stand before it */
    RULE_FIELD,     /* its text is called `text` in the rule around it */
    RULE_ALIAS,     /* its text is called `text` wherever it stands */
    RULE_PREC,
    RULE_NOT, /* not beginning with one of the tokens in `names` */
    RULE_LINE /* a token that a line break may not stand before or after, as `lines` says */
} RuleKind;

typedef enum Associativity { ASSOCIATES_NOT, ASSOCIATES_LEFT, ASSOCIATES_RIGHT } Associativity;

/* How tightly a production binds; {0}: nothing is said. */
typedef struct Precedence {
    int32_t level;
    Str name; /* in the rulebook's orders; empty: the level counts */
} Precedence;

/* No line break before it; none behind it; it is the first on its line. */
enum { LINE_BEFORE = 1, LINE_AFTER = 2, LINE_FIRST = 4 };

typedef struct Rule Rule;
struct Rule {
    RuleKind kind;
    Str text, flags;
    Precedence precedence;
    Associativity associativity;
    const Str *names; /* NOT: texts of tokens */
    uint32_t name_count;
    uint8_t lines;        /* LINE_BEFORE | LINE_AFTER */
    bool is_named;        /* an alias that is a name, not a text */
    const Rule **members; /* SEQ, CHOICE; the others' content is members[0] */
    uint32_t count;
};

/* One entry of an order: a level's name, or that of a rule. */
typedef struct OrderEntry {
    Str name;
    bool is_rule;
} OrderEntry;

/* Levels and rules, those that bind tighter first. */
typedef struct Order {
    OrderEntry *entries;
    uint32_t count;
} Order;

typedef struct NamedRule {
    Str name;
    const Rule *rule; /* NULL: taken out */
} NamedRule;

typedef VEC(Str) Names;

/* A rule that is an identifier, but for some words. */
typedef struct Narrowed {
    Str name;
    Names words;
} Narrowed;

typedef struct Rulebook {
    Arena *arena;
    Str name;
    VEC(NamedRule) rules; /* the first is the start */
    Map by_name;          /* index in `rules` */
    Str word;             /* the rule of the token that keywords are taken out of; empty: none */
    VEC(const Rule *) extras;
    VEC(Order) orders;
    Names inlined;
    Names fragments; /* rules that a text may be of by itself, beside the first, which is a file */
    Names reserved;  /* words that are no identifiers */
    VEC(Narrowed) narrowed;
    Names spelled;  /* aliases of identifiers that may be reserved words */
    Names newlines; /* extras with a line break in them */
    Names spaces;   /* extras that are nothing to see: what is behind them may be the first on its line */
    Names fence;    /* languages that a Markdown fence with such code names; none: there is no fragment of Markdown */
    Names greedy;   /* tokens that, standing on the line of what is before them, belong to it where they can */
    Names munched;  /* tokens that are never read as several shorter ones; marks of several bytes are so anyway */
    Names inserted; /* rules of the empty token that stands for a semicolon left out */
    Names raw;      /* tokens that nothing is ignored before, nor where they may stand */
    Names closing;  /* tokens before which it may be left out on the same line */
    Names
        layout; /* where columns count: the rules of a line's end, of the beginning and of the end of a block. None: they do not */
    Names
        margin; /* and the tokens that a line begins with: a space, a tab, a form feed, an empty line's end, a comment */
    Names opens, closes; /* brackets: between them neither lines nor columns count */
} Rulebook;

/* An empty rulebook. */
void ak_rulebook_init(Rulebook *self, Arena *arena);
/* NULL when there is none. */
const Rule *ak_rulebook_find(const Rulebook *self, Str name);
/* Adds a rule, or replaces it. False when out of memory. */
bool ak_rulebook_put(Rulebook *self, Str name, const Rule *rule);
bool ak_names_has(const Names *names, Str name);

/* A rule of this kind; NULL when out of memory, as the others. */
Rule *ak_rule_new(Arena *arena, RuleKind kind, Str text);
/* One with members, which are copied. */
Rule *ak_rule_with(Arena *arena, RuleKind kind, const Rule *const *members, size_t count);

#endif
