/* A GBNF grammar as a tree: gbnf_read.c makes it, gbnf_shape.c says of every part what its texts look like,
 * gbnf_fuse.c decides which parts are lexemes, and gbnf_build.c takes it. All of it lives in the grammar's arena and
 * borrows the text.
 *
 * No choice has a single alternative and no sequence a single part: the reader gives the inner node instead. */
#ifndef AK_MASK_GBNF_TREE_H
#define AK_MASK_GBNF_TREE_H

#include "base/map.h"
#include "mask/grammar.h"

typedef enum GbnfKind {
    GBNF_CHOICE,   /* its children are alternatives */
    GBNF_SEQUENCE, /* children one after the other; none: the empty text */
    GBNF_REPEAT,   /* its child, min to max times */
    GBNF_NAME,     /* the rule with number `rule` */
    GBNF_LITERAL,  /* `text`, decoded; its children, once it is opened, are its code points */
    GBNF_CLASS,    /* one code point out of `ranges` */
    GBNF_TOKENS    /* one token: `text` is <name> or <[id]>; `is_negated`: any but that */
} GbnfKind;

/* What the texts of a part look like; bytes stand for all code points that begin with them. Only nullability is known
 * of irregular parts. */
typedef struct GbnfShape {
    bool is_regular;  /* one expression can match it: it does not come back to itself, and is not too large */
    bool is_nullable; /* can be empty */
    bool is_point;    /* is always exactly one code point */
    bool is_words;    /* a literal, or a choice of such */
    ByteSet first;    /* how a text begins that is not empty */
    ByteSet more;     /* how a text that is not empty can go on to be a longer one: `b`, of "a" | "ab" */
    uint32_t weight;  /* bounds the states of a lexer that reads it */
    uint32_t depth;   /* of nesting, through rules */
} GbnfShape;

typedef struct GbnfNode GbnfNode;
struct GbnfNode {
    GbnfKind kind;
    size_t offset, end; /* where it stands in the grammar's text; equal when it does not */
    GbnfNode *child, *next;
    Str text;           /* of a literal; of a reference: the rule's name */
    PointRange *ranges; /* of a class: in order, with gaps between them */
    size_t range_count;
    uint32_t min, max; /* of a repetition; max is never 0 */
    uint32_t rule;
    bool is_negated;
    uint32_t height;   /* of the tree below it; bounded, so that walks may recurse */
    bool is_open;      /* must not be one lexeme: its parts may */
    uint32_t position; /* of a lexeme: its number while fusing */
    GbnfShape shape;
};

typedef struct GbnfRule {
    Str name;
    size_t offset;
    GbnfNode *body;
    enum { GBNF_SHAPE_UNKNOWN, GBNF_SHAPE_UNDER_WAY, GBNF_SHAPE_KNOWN } progress;
    Expr expr;     /* once built */
    Symbol symbol; /* once referred to */
} GbnfRule;

typedef struct GbnfFile {
    const char *name;
    Str text;
    VEC(GbnfRule) rules;
    Map by_name; /* index into rules */
    uint32_t root;
} GbnfFile;

typedef VEC(Str) GbnfWords;

/* The texts of a node that `is_words`. False when out of memory. */
bool ak_gbnf_words(const GbnfFile *file, const GbnfNode *node, Arena *arena, GbnfWords *words);
/* What a reference refers to, through rules that are only another name; other nodes are themselves. */
GbnfNode *ak_gbnf_target(const GbnfFile *file, GbnfNode *node);
/* Is the part one lexeme? Code points always are. */
bool ak_gbnf_is_lexeme(const GbnfFile *file, const GbnfNode *node);

/* Reads `text` into `file`, whose `name` and `text` are set; every reference finds its rule. */
bool ak_gbnf_read(GbnfFile *file, Arena *arena, ananke_error *err);
/* Fills the shapes in. False when memory or fuel ran out. */
bool ak_gbnf_shape(GbnfFile *file, Grammar *grammar);
/* Opens the parts that cannot be lexemes. False when memory or fuel ran out. */
bool ak_gbnf_fuse(GbnfFile *file, Grammar *grammar);

#endif
