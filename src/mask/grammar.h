/* Grammars as every front end builds them: terminals (one regular expression each), rules (sequences of symbols),
 * what is ignored between the symbols of each rule, and a start symbol.
 *
 * Build: ak_grammar_init, then terminals, rules and bodies in any order, then ak_grammar_seal, which removes what
 * can never be part of a text and makes the grammar ready for a parser. Failure is sticky: after memory or fuel has
 * run out every builder returns AK_SYMBOL_FAILED, so check once with ak_grammar_ok, or let ak_grammar_seal say it. A
 * terminal is one lexeme, never empty: the longest match or, of a lazy one, the shortest. Two terminals with the same
 * expression that are read in the same manner are one. A terminal may also be a set of tokens: one of them is read as a
 * whole, and no text matches it. A rule's body may be a roster instead of a sequence (roster.h): entries in any order. A sealed grammar does not change. */
#ifndef AK_MASK_GRAMMAR_H
#define AK_MASK_GRAMMAR_H

#include "base/map.h"
#include "mask/roster.h"
#include "mask/token_set.h"
#include "regex/regex_expr.h"
#include <ananke/program.h>

typedef uint32_t Symbol;

enum {
    AK_SYMBOL_FAILED = 0,
    AK_ROSTER_ENTRIES = 3,     /* parts of a roster before its entries */
    AK_MAX_TOKENS = 999999999, /* no lexeme's limit is higher */
};

/* What a lexeme is to an array whose items all differ (unique.h). */
typedef enum LexemeRole { ROLE_NONE, ROLE_OPENING, ROLE_ITEM, ROLES } LexemeRole;

typedef struct Lexeme {
    Expr expr;
    bool is_lazy;        /* ends where it first may: whatever else was under way then is not that text */
    float temperature;   /* 0: none */
    uint32_t max_tokens; /* that it may lie on (limit.h), and AK_GIVEN_UP; 0: any number */
    LexemeRole role;
} Lexeme;

/* What the text of a rule is called. */
typedef struct RuleCapture {
    Str name;       /* empty: nothing */
    Str end_name;   /* what the text of `end` is called; empty: nothing */
    Expr body, end; /* of a rule that is one lexeme, `body` and behind it `end`: `name` is the body's; else FAILED */
} RuleCapture;

typedef struct GrammarSymbol {
    Str name; /* for people: of a terminal, a literal in quotes, a rule; "" when a builder made it */
    bool is_terminal;
    bool is_lazy;           /* terminal that ends as soon as it may */
    bool is_nullable;       /* rule that can be empty; good after sealing */
    bool is_live;           /* can be part of a text; good after sealing */
    uint16_t ignored;       /* rule: texts of ignored.items[ignored - 1] may stand between its symbols; 0: none may */
    Expr expr;              /* terminal; never nullable; of a set of tokens: AK_EXPR_NOTHING */
    const TokenSet *tokens; /* terminal that is a set of tokens; NULL: another */
    RuleCapture capture;    /* of a rule */
    float temperature;      /* of a terminal, for sampling; 0: none is said */
    uint32_t max_tokens; /* of a terminal, as Lexeme has it; of a rule: that its text may lie on, 0 being any number */
    LexemeRole role;     /* of a terminal */
    uint32_t number;     /* among the live terminals, or among the live rules; good after sealing */
} GrammarSymbol;

typedef struct GrammarBody {
    Symbol left;
    uint32_t first; /* the right side is symbols[first … first+count-1] of `parts` */
    uint32_t count;
    const Roster *roster; /* NULL: a sequence; else the parts are its opening, comma, closing and entries */
} GrammarBody;

/* The symbols of a roster. */
typedef struct RosterParts {
    Symbol opening, comma, closing; /* all of them there are texts of; the opening is a terminal */
    const Symbol *entries;
} RosterParts;

typedef struct Grammar {
    Arena *arena;
    const ananke_vocab *vocab; /* where names of tokens are looked up; NULL: there are none */
    Exprs exprs;
    VEC(GrammarSymbol) symbols; /* symbols.items[0] is AK_SYMBOL_FAILED */
    VEC(GrammarBody) bodies;
    VEC(Symbol) parts;
    uint32_t *terminal_of; /* hash table: lexeme to terminal */
    size_t terminal_slots, terminal_count;
    VEC(Expr) ignored;       /* all different, after sealing none of them empty */
    uint16_t ignored_now;    /* what new rules get */
    float temperature_now;   /* what new terminals get, whatever is said of them; 0: nothing but that */
    Map token_terminals;     /* ranges, as bytes, to the terminal that is that set of tokens */
    bool has_initial_ignore; /* may ignored text also stand before the first lexeme? */
    bool is_ignored_once;    /* at most one ignored lexeme between two others; for grammars where all rules ignore
                                the same */
    uint32_t text_tokens;    /* that a text may have; 0: any number */
    bool is_strict;          /* nothing may be unenforced */
    const char *schema_folder, *schema_draft; /* as ananke_program_options has them */
    const ananke_json_options *json;          /* for JSON Schemas; NULL: the defaults */
    const char *schema_pointer;               /* of the JSON Schema that the whole grammar is; NULL: it is none */
    VEC(ananke_unenforced) unenforced;
    Symbol start; /* set by sealing, as are the following */
    uint32_t live_terminals, live_rules;
} Grammar;

/* `fuel`: steps that building and sealing may take. False when out of memory. */
bool ak_grammar_init(Grammar *self, Arena *arena, uint64_t fuel);
bool ak_grammar_ok(const Grammar *self, ananke_error *err);

/* A symbol for one lexeme. An expression that also matches the empty text gives an optional lexeme. `name` is
 * copied. */
Symbol ak_grammar_terminal(Grammar *self, Str name, Expr expr);
/* The same, read in a manner of its own. */
Symbol ak_grammar_lexeme(Grammar *self, Str name, Lexeme lexeme);
/* A terminal that is one token of a set. */
Symbol ak_grammar_tokens(Grammar *self, Str name, TokenSet tokens);
/* A terminal for a fixed text, named by it; an empty text gives the empty rule. */
Symbol ak_grammar_literal(Grammar *self, Str text);
/* A rule without bodies so far: no text matches until one is added. */
Symbol ak_grammar_rule(Grammar *self, Str name);
/* Gives the text of `rule` names, which are borrowed. */
void ak_grammar_capture(Grammar *self, Symbol rule, RuleCapture capture);
/* Says how many tokens the text of `rule` may lie on (limit.h), which are some. */
void ak_grammar_limit(Grammar *self, Symbol rule, uint32_t max_tokens);
/* One more body (alternative) of `rule`. */
bool ak_grammar_add(Grammar *self, Symbol rule, const Symbol *parts, size_t count);
/* One more body of `rule`, a roster: `roster` has sound rules and entries, which are copied, parts.entries[i] being the symbol of entry i. */
bool ak_grammar_add_roster(Grammar *self, Symbol rule, RosterParts parts, const Roster *roster);

/* The rule that is empty. */
Symbol ak_grammar_nothing(Grammar *self);
/* One after the other; a single part is returned as it is. */
Symbol ak_grammar_sequence(Grammar *self, const Symbol *parts, size_t count);
/* One of them; none gives a rule that matches nothing at all. */
Symbol ak_grammar_choice(Grammar *self, const Symbol *parts, size_t count);
Symbol ak_grammar_optional(Grammar *self, Symbol what);
/* Between `min` and `max` times (AK_REPEAT_MANY: no bound); lists lean left, counts are shared in powers of a base,
 * so this costs O(log max). */
Symbol ak_grammar_repeat(Grammar *self, Symbol what, uint32_t min, uint32_t max);

/* Between the symbols of rules that are made from now on texts of `expr` may stand; AK_EXPR_NOTHING: none may. The
 * extra rule around the start symbol is as that symbol. */
void ak_grammar_ignore(Grammar *self, Expr expr);

/* Notes that what the source says at `pointer` does not hold in the grammar, whose arena has both texts, once for each pointer. */
bool ak_grammar_leave_out(Grammar *self, const char *pointer, const char *reason, ananke_error *err);
/* Where nothing may be unenforced and something is: false, and `err` names the places. */
bool ak_grammar_holds(const Grammar *self, ananke_error *err);

/* Ends building. A grammar of which no text can be made is ANANKE_ERROR_CONFLICT. */
bool ak_grammar_seal(Grammar *self, Symbol start, ananke_error *err);

#endif
