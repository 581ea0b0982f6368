/* The lexer: which lexemes may be under way, byte by byte.
 *
 * A state is the set of lexemes that the bytes since the last lexeme's end can still become, each with the
 * expression (a derivative) that its rest must match. States are hash-consed and their transitions are computed when
 * first asked for. A lexeme ends where no transition goes on: longest match, decided by the one byte that does not
 * fit; all lexemes that end there are reported together. A lazy lexeme ends where it first may, and then no other goes
 * on: a state that one may end in keeps only such, and nothing may follow. A lexer belongs to one matcher. */
#ifndef AK_MASK_LEXER_H
#define AK_MASK_LEXER_H

#include "regex/regex_expr.h"

/* Beside a lexeme's limit: used up, it is given up, and the text is taken for the others that are used up with it. */
#define AK_GIVEN_UP (UINT32_C(1) << 31)

typedef uint32_t LexerState;

enum {
    LEXER_FAILED = 0, /* out of memory or fuel; ak_lexer_ok says which */
    LEXER_DEAD = 1    /* no lexeme goes on */
};

/* One lexeme under way. */
typedef struct LexerPart {
    uint32_t lexeme;
    Expr rest;
} LexerPart;

typedef struct LexerNode {
    uint32_t first, count; /* its parts, sorted by lexeme */
    uint32_t ending;       /* number of the set of lexemes that may end here; 0: none does */
} LexerNode;

/* A set of lexemes that end at the same place. */
typedef struct Ending {
    uint32_t first, count; /* in `ended`, sorted */
} Ending;

typedef struct Lexer {
    Arena *arena;
    Exprs exprs;         /* its own copy: deriving adds to it */
    const Expr *lexemes; /* the program's; lexeme i matches lexemes[i] */
    uint32_t lexeme_count;
    const uint32_t *lazy; /* set of lexemes, the program's */
    VEC(LexerNode) nodes;
    VEC(LexerPart) parts;
    VEC(Ending) endings; /* all different; endings.items[0] is empty */
    VEC(uint32_t) ended;
    VEC(LexerState) next; /* next[state * class_count + class]; LEXER_FAILED: not known yet */
    uint32_t *slots;      /* hash table of the states: 0 is free */
    size_t slot_count;
    VEC(LexerPart) scratch;
} Lexer;

/* False when out of memory. `exprs` must be sealed; `lazy` may be NULL: no lexeme is. */
bool ak_lexer_init(Lexer *self, Arena *arena, const Exprs *exprs, const Expr *lexemes, uint32_t lexeme_count,
                   const uint32_t *lazy);
bool ak_lexer_copy(Lexer *to, const Lexer *from, Arena *arena);
/* Steps that may be taken from now on. */
void ak_lexer_refuel(Lexer *self, uint64_t fuel);
bool ak_lexer_ok(const Lexer *self, ananke_error *err);

/* The state before the first byte of a lexeme when the lexemes in the bit set `allowed` may begin. Nothing ends
 * there: lexemes are not empty. */
LexerState ak_lexer_start(Lexer *self, const uint32_t *allowed);
/* The same, but items (grammar.h) are no texts of `but`, by lexeme being `roles`. */
LexerState ak_lexer_start_but(Lexer *self, const uint32_t *allowed, const uint8_t *roles, Expr but);
/* Where lazy lexemes may end, only these are left, and end: how many parts that are. */
uint32_t ak_lexer_end_lazily(const Exprs *exprs, const uint32_t *lazy, LexerPart *parts, uint32_t count);
/* The state without the lexemes that `tokens` tokens use up, `max_tokens` being by lexeme (AK_GIVEN_UP may be beside it) and 0: any number. LEXER_DEAD:
 * all are. Where a lazy lexeme ends nothing is used up. */
LexerState ak_lexer_unlimited(Lexer *self, LexerState state, const uint32_t *max_tokens, uint32_t tokens);
/* The state with those lexemes only that are in the bit set `allowed`. LEXER_DEAD: none is. */
LexerState ak_lexer_among(Lexer *self, LexerState state, const uint32_t *allowed);
/* All lexemes of a state but those that are given up, as if they ended there; `*number` as for ak_lexer_ending. NULL when out of memory, or when
 * there are none. */
const uint32_t *ak_lexer_cut(Lexer *self, LexerState state, const uint32_t *max_tokens, uint32_t *count,
                             uint32_t *number);
/* Fills a missing transition in. */
LexerState ak_lexer_derive(Lexer *self, LexerState state, uint32_t class);

static inline LexerState ak_lexer_next(Lexer *self, LexerState state, uint8_t byte) {
    uint32_t class = self->exprs.classes[byte];
    LexerState next = self->next.items[(size_t)state * self->exprs.class_count + class];
    return next ? next : ak_lexer_derive(self, state, class);
}

/* The lexemes that may end in `state`; `*number` is the same for the same set. */
static inline const uint32_t *ak_lexer_ending(const Lexer *self, LexerState state, uint32_t *count, uint32_t *number) {
    *number = self->nodes.items[state].ending;
    *count = self->endings.items[*number].count;
    return self->ended.items + self->endings.items[*number].first;
}
static inline const LexerPart *ak_lexer_parts(const Lexer *self, LexerState state, uint32_t *count) {
    const LexerNode *node = &self->nodes.items[state];
    *count = node->count;
    return self->parts.items + node->first;
}

#endif
