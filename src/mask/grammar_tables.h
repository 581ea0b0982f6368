/* A sealed grammar as parsers read it: immutable, shared by all of them.
 *
 * Nullable rules are not entered: a dot in front of one also stands behind it, and an opening skips them. */
#ifndef AK_MASK_GRAMMAR_TABLES_H
#define AK_MASK_GRAMMAR_TABLES_H

#include "mask/grammar.h"

/* Where a dot can be: a place in `places`, in front of a part, or behind the last one. */
typedef uint32_t Dot;

/* At the first two something is waited for. */
typedef enum PlaceKind {
    PLACE_TERMINAL,
    PLACE_RULE,
    PLACE_END,
    PLACE_PICK, /* in a roster, behind its opening or a comma: before what may come (roster_dots.h) */
    PLACE_TAKE  /* and behind an entry that has come */
} PlaceKind;

typedef struct Place {
    uint8_t kind;     /* PlaceKind */
    bool is_nullable; /* the part behind the dot is a rule that can be empty */
    uint16_t ignored; /* number, from 1, of the ignored text that may stand here in this body; 0: none may */
    uint32_t symbol;  /* number of the terminal or rule behind the dot; at the end: of the rule whose body this was;
                         in a roster: its number */
} Place;

/* The body that is a roster lies as: opening PICK comma PICK, entry TAKE for each of the entries, closing END. */
static inline Dot ak_roster_comma(const Roster *self) {
    return self->dot + 2;
}
static inline Dot ak_roster_entry(const Roster *self, uint32_t entry) {
    return self->dot + 4 + 2 * entry;
}
static inline Dot ak_roster_closing(const Roster *self) {
    return ak_roster_entry(self, self->count);
}

/* A way for a predicted rule to begin: in a body of `rule`, after nullable parts only, a symbol leads to `dot`
 * behind it. */
typedef struct Opening {
    uint32_t rule;
    Dot dot;
} Opening;

typedef struct GrammarTables {
    uint32_t terminal_count;
    uint32_t lexeme_count; /* ignored texts are lexemes too: number i, from 1, is lexeme terminal_count + i - 1 */
    uint32_t rule_count;
    uint32_t start_rule; /* an extra rule whose only body is the start symbol; numbered rule_count */
    bool has_initial_ignore, is_ignored_once;
    uint32_t lexeme_words; /* words of a set of lexemes */
    uint32_t rule_words;   /* words of a set of rules */
    uint32_t text_tokens;  /* that a text may have, which then ends; 0: any number */
    Place *places;
    uint32_t place_count;
    Dot start; /* before the start symbol in the extra rule */
    Opening
        *openings; /* openings by terminal t: from terminal_openings[t] to terminal_openings[t+1]; by rule likewise */
    uint32_t *terminal_openings, *rule_openings;
    Dot *bodies; /* first dots: those of rule r from rule_bodies[r] to rule_bodies[r+1] */
    uint32_t *rule_bodies;
    const Str *terminal_names; /* by number */
    Expr *lexemes;             /* by number, the ignored ones included */
    uint32_t *lazy;            /* set of the lexemes that end where they first may */
    Roster *rosters;           /* in the order in which they lie */
    uint32_t roster_count;
    const TokenSet *tokens; /* by number; of a terminal that is no set of tokens: empty. NULL: there is no such set */
    const RuleCapture *captures; /* by rule. NULL: none has a name */
    const float *temperatures;   /* by number; 0: none. NULL: there are none at all */
    const uint32_t *max_tokens;  /* by lexeme: its limit, as Lexeme has it; 0: none. NULL: none has one */
    const uint32_t *rule_limits; /* by rule: tokens that its text may lie on; 0: any number. NULL: none has a limit */
    const uint8_t *roles;        /* by lexeme: a LexemeRole. NULL: none has one */
} GrammarTables;

static inline bool ak_tables_is_limited(const GrammarTables *self, uint32_t rule) {
    return self->rule_limits && self->rule_limits[rule];
}

/* Whether an ending, a sorted list of lexemes, has the ignored text that may stand at `place`: then its rule's lexemes
 * are not read there. As llguidance does, text that can be ignored is ignored, even where it could be a lexeme too. */
static inline bool ak_tables_is_ignored(const GrammarTables *self, Place place, const uint32_t *ending,
                                        uint32_t count) {
    uint32_t wanted = self->terminal_count + place.ignored - 1;
    while (place.ignored && count && ending[count - 1] > wanted) count--;
    return place.ignored && count && ending[count - 1] == wanted;
}

/* Finds the openings of the bodies that are laid, in time linear in them. False: out of memory. */
bool ak_tables_find_openings(GrammarTables *self, Arena *arena);

/* Tables for a sealed grammar, in `arena`. False and `err` on failure. */
bool ak_grammar_tables(GrammarTables *self, Grammar *grammar, Arena *arena, ananke_error *err);

#endif
