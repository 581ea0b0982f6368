/* A Lark grammar as a tree: what lark_read.c makes and lark_build.c takes. All of it lives in the grammar's arena
 * and borrows the text. */
#ifndef AK_MASK_LARK_TREE_H
#define AK_MASK_LARK_TREE_H

#include "base/error.h"
#include "base/map.h"
#include "mask/lark_param.h"
#include "regex/regex_expr.h"

typedef enum LarkKind {
    LARK_CHOICE,   /* its children are alternatives */
    LARK_BOTH,     /* A & B: terminals that match what all children match */
    LARK_SEQUENCE, /* children one after the other */
    LARK_REPEAT,   /* its child, min to max times */
    LARK_NOT,      /* ~A: terminal that matches what its child does not */
    LARK_NAME,     /* a rule or terminal, by `text` */
    LARK_STRING,   /* `text` is decoded; `flags` may be "i" */
    LARK_RANGE,    /* the code points min to max */
    LARK_REGEX,    /* `text` between the slashes, with `flags` */
    LARK_PIECES,   /* %regex: `text` is a JSON object (lark_regex.h) */
    LARK_TOKENS,   /* <name> or <[ids]>: `text` has the brackets too */
    LARK_JSON,     /* %json: `text` is a JSON Schema */
    LARK_GRAMMAR,  /* %lark: `grammar` */
    LARK_OTHER     /* @name: the grammar `text` of those that this one stands among */
} LarkKind;

typedef struct LarkNode LarkNode;
typedef struct LarkFile LarkFile;
struct LarkNode {
    LarkKind kind;
    size_t offset; /* in the grammar's text */
    LarkNode *child, *next;
    Str text, flags;
    uint32_t min, max;
    const LarkParam *param;         /* of a name: name::param; NULL: none */
    const LarkCondition *condition; /* of an alternative: %if; NULL: always */
    LarkFile *grammar;
};

/* How the one lexeme that a rule is then ends. */
typedef struct LarkEnd {
    enum {
        END_LONGEST, /* the rule has no such attribute */
        END_LAZY,    /* [lazy]: as soon as it may */
        END_SUFFIX,  /* [suffix=X]: lazily, behind X */
        END_STOP     /* [stop=X]: lazily, before X, which is dropped */
    } kind;
    size_t offset;        /* of the attribute */
    const LarkNode *what; /* X */
} LarkEnd;

typedef struct LarkDefinition {
    Str name;
    size_t offset;
    bool is_terminal, is_parametric;
    Str capture;       /* of a rule: what its text is called; empty: nothing */
    Str stop_capture;  /* of a rule with an end: what the text of that is called; empty: nothing */
    float temperature; /* of a rule that is one terminal or one grammar; below 0: none is said */
    bool has_max_tokens;
    uint32_t max_tokens; /* of a rule that is one terminal, or one grammar */
    bool is_under_way;   /* a terminal that is being built: meeting it again is a recursion */
    Expr expr;           /* a terminal, once built */
    LarkEnd end;
    LarkNode *body;
} LarkDefinition;

struct LarkFile {
    const char *name;
    Str text;
    VEC(LarkDefinition) definitions;
    Map by_name; /* index into definitions */
    VEC(LarkNode *) ignored;
    bool has_initial_ignore, is_ignored_once;
    size_t options_offset; /* of the last %llguidance */
};

/* Whether it is "", which as a suffix or stop means none. */
static inline bool ak_lark_is_empty_string(const LarkNode *node) {
    return node->kind == LARK_STRING && node->text.length == 0;
}

/* Reads `text` into `file`, whose `name` and `text` are set. */
bool ak_lark_read(LarkFile *file, Arena *arena, ananke_error *err);
/* The regular expression of `common.NAME`; {NULL, 0} when there is none of that name. */
Str ak_lark_common(Str name);

#endif
