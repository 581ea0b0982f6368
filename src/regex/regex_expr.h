/* Regular expressions over bytes, as hash-consed values: equal expressions are equal numbers.
 *
 * An Expr is an index into an Exprs store. Constructors simplify (a union is flat, sorted, without doubles; the
 * empty set swallows a sequence; …), so that derivatives stay few. The store only grows; it lives in an arena and
 * has one owner. Failure is sticky: when memory or fuel runs out every constructor returns AK_EXPR_FAILED from then
 * on, a failed operand gives a failed result, and ak_exprs_ok says why at the end. Derivatives are Brzozowski's:
 * https://doi.org/10.1145/321239.321249. */
#ifndef AK_REGEX_REGEX_EXPR_H
#define AK_REGEX_REGEX_EXPR_H

#include "base/error.h"
#include "base/vec.h"

typedef uint32_t Expr;

enum {
    AK_EXPR_FAILED = 0,  /* out of memory or fuel */
    AK_EXPR_NOTHING = 1, /* the empty set: no text matches */
    AK_EXPR_EMPTY = 2,   /* the empty text */
    AK_EXPR_ANYTHING = 3 /* every text, valid UTF-8 or not */
};
#define AK_REPEAT_MANY UINT32_MAX /* no upper bound */

typedef enum ExprKind {
    EXPR_NOTHING,
    EXPR_EMPTY,
    EXPR_SET,
    EXPR_CONCAT,
    EXPR_OR,
    EXPR_AND,
    EXPR_NOT,
    EXPR_REPEAT,
    EXPR_MULTIPLE /* regex_multiple.h */
} ExprKind;

typedef struct ByteSet {
    uint32_t words[8];
} ByteSet;

/* A range of code points, both ends included. */
typedef struct PointRange {
    uint32_t first, last;
} PointRange;

/* What is counted inside of an expression, outside of NOT, farther than short words go: nothing; anything; texts that may be of any length themselves. */
typedef enum ExprCounts { COUNTS_NONE, COUNTS_UNITS, COUNTS_RUNS } ExprCounts;

typedef struct ExprNode {
    uint8_t kind;      /* ExprKind */
    bool is_nullable;  /* matches the empty text */
    bool is_positive;  /* no AND or NOT inside: something matches */
    uint8_t counts;    /* ExprCounts */
    uint8_t emptiness; /* what ak_expr_is_empty has found so far */
    uint8_t nearness;  /* and regex_clamp.c */
    uint32_t mark;     /* the last search that came by */
    uint32_t depth;    /* of nesting; bounded, so that walks may recurse */
    uint32_t longest;  /* bytes of the longest text, or more, where there is an AND inside; UINT32_MAX: no bound */
    uint32_t shortest; /* bytes of the shortest text, or fewer, where there is an AND or NOT inside */
    uint32_t bound;    /* bytes of the highest upper bound inside, outside of NOT; UINT32_MAX: more may be clamped */
    uint32_t
        first; /* operands: words[first … first+count-1]: the set; {head, tail}; members; {what}; {what, min, max}; a Multiple */
    uint32_t count;
} ExprNode;

typedef struct DerivativeSlot {
    Expr from;
    Expr to; /* AK_EXPR_FAILED: the slot is free */
    uint32_t class;
} DerivativeSlot;

/* An expression on the way of a search, and how many byte classes have been tried from it. */
typedef struct ExprSearch {
    Expr expr;
    uint32_t tried;
} ExprSearch;

typedef struct Exprs {
    Arena *arena;
    uint64_t fuel; /* steps left; every node looked at while building or deriving takes one */
    bool exhausted;
    VEC(ExprNode) nodes;
    VEC(uint32_t) words;
    uint32_t *slots; /* hash table of the nodes */
    uint8_t *tags;   /* by slot: 0 is free, else some bits of the hash, so that few other nodes are looked at */
    size_t slot_count;
    DerivativeSlot *memo; /* hash table of derivatives */
    uint8_t *memo_tags;   /* likewise */
    size_t memo_slots, memo_count;
    VEC(Expr) scratch;      /* a stack for the members of unions and intersections; never without memory */
    VEC(ExprSearch) search; /* a stack */
    VEC(uint64_t) factors;  /* a stack for the sequences in unions: head << 32 | sequence */
    uint32_t factoring;     /* unions under way whose sequences are being factored, one inside the other */
    VEC(ByteSet) firsts;    /* by expression, all zeros where it is not known */
    Expr bytes[256];        /* by byte: the expression that is this byte; 0: not made yet */
    uint8_t classes
        [256]; /* classes[b]: byte class of b; bytes of one class are in the same sets; good after ak_exprs_seal */
    uint8_t samples[256]; /* samples[c]: the prettiest byte of class c */
    uint8_t pretty[256];  /* the classes, those with the prettiest samples first */
    uint32_t class_count; /* 0 before ak_exprs_seal */
    size_t sealed_count;  /* of the expressions, those that the classes were computed of */
    uint32_t mark;        /* number of the newest search */
} Exprs;

/* An empty store. False when out of memory. */
bool ak_exprs_init(Exprs *self, Arena *arena, uint64_t fuel);
/* A copy in another arena, with derivatives and classes. */
bool ak_exprs_copy(Exprs *to, const Exprs *from, Arena *arena, uint64_t fuel);
/* Takes `steps` of the fuel; false when it is spent, or the arena has failed. */
bool ak_exprs_burn(Exprs *self, uint64_t steps);
/* False and `err` once memory or fuel has run out. */
bool ak_exprs_ok(const Exprs *self, ananke_error *err);

/* For exprs_file.h: the expression with these operands as they are, nothing simplified. */
Expr ak_expr_make(Exprs *self, ExprKind kind, const uint32_t *words, size_t count);

Expr ak_expr_set(Exprs *self, const ByteSet *set);
Expr ak_expr_byte(Exprs *self, uint8_t byte);
Expr ak_expr_byte_range(Exprs *self, uint8_t first, uint8_t last);
/* The bytes of `text`, one after the other. */
Expr ak_expr_literal(Exprs *self, Str text);
/* One code point out of the ranges, UTF-8 encoded; ranges may overlap and come in any order; surrogates are left
 * out. */
Expr ak_expr_points(Exprs *self, const PointRange *ranges, size_t count);
/* Any one code point but surrogates. */
Expr ak_expr_any_point(Exprs *self);

Expr ak_expr_concat(Exprs *self, Expr head, Expr tail);
Expr ak_expr_concat_all(Exprs *self, const Expr *items, size_t count);
Expr ak_expr_or(Exprs *self, Expr a, Expr b);
Expr ak_expr_or_all(Exprs *self, const Expr *items, size_t count);
Expr ak_expr_and(Exprs *self, Expr a, Expr b);
Expr ak_expr_and_all(Exprs *self, const Expr *items, size_t count);
Expr ak_expr_not(Exprs *self, Expr what);
/* Between `min` and `max` times (AK_REPEAT_MANY: no bound). */
Expr ak_expr_repeat(Exprs *self, Expr what, uint32_t min, uint32_t max);

/* Computes the byte classes of everything built so far. What is built from these expressions later by deriving and
 * combining keeps to them; a new byte set does not: seal again. */
void ak_exprs_seal(Exprs *self);

static inline const ExprNode *ak_expr_node(const Exprs *self, Expr expr) {
    return &self->nodes.items[expr];
}
/* Good until the store grows. */
static inline const uint32_t *ak_expr_operands(const Exprs *self, Expr expr) {
    return self->words.items + self->nodes.items[expr].first;
}
static inline bool ak_expr_is_nullable(const Exprs *self, Expr expr) {
    return self->nodes.items[expr].is_nullable;
}

/* Adds to `set` the bytes that a text may begin with, and maybe others. Remembered for each expression, when there is
 * memory. */
void ak_expr_add_firsts(Exprs *self, Expr expr, ByteSet *set);
/* An expression taken apart as x{min,max} tail. */
typedef struct ExprRepeat {
    Expr what, tail;
    uint32_t min, max;
} ExprRepeat;
/* False when it does not begin with a repetition. */
bool ak_expr_as_repeat(const Exprs *self, Expr expr, ExprRepeat *repeat);
/* Whether each text of `inner` is one of `outer`, told by comparing members of unions and parts of sequences: never
 * yes where it is not so. */
bool ak_expr_within(const Exprs *self, Expr inner, Expr outer);
/* An expression x* tail such that every beginning of a text of x* is one of a text of `expr` too: `expr` itself, but for
 * how often x must come, or what an intersection in it takes finitely many texts away from, or, when `may_choose`, a member of a union in it.
 * AK_EXPR_NOTHING: none was found. */
Expr ak_expr_lasting(Exprs *self, Expr expr, bool may_choose);

/* These need a sealed store. */
/* What may follow a byte of class `class`. */
Expr ak_expr_derivative(Exprs *self, Expr expr, uint32_t class);
/* Notes a derivative, so that it is not worked out again; nothing is noted when there is no memory. */
void ak_expr_remember(Exprs *self, Expr expr, uint32_t class, Expr to);
/* Does no text match? Exact; AND and NOT are explored. Out of fuel counts as false: check ak_exprs_ok. */
bool ak_expr_is_empty(Exprs *self, Expr expr);
/* Does it match exactly this text? */
bool ak_expr_matches(Exprs *self, Expr expr, Str text);
/* A shortest matching text, printable where that is possible; {NULL, 0} when nothing matches or the budget ends. In
 * `arena`. */
Str ak_expr_shortest(Exprs *self, Expr expr, Arena *arena);

#endif
