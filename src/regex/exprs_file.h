/* Expression stores as arrays of plain data, for files: what the nodes are made of, the derivatives that are known, the byte classes.
 *
 * All else in a store follows from that and is worked out anew, which costs little more than checking it would. So whatever the arrays say, the store
 * that comes of them is sound: operands come before what they are in, equal expressions are one, classes are those of the sets. Only derivatives and
 * what is known of emptiness are believed: where they lie, the program is a wrong one, but no less safe. */
#ifndef AK_REGEX_EXPRS_FILE_H
#define AK_REGEX_EXPRS_FILE_H

#include "regex/regex_expr.h"

typedef struct ExprRecord {
    uint8_t kind, emptiness; /* as in ExprNode */
    uint16_t zero;
    uint32_t count; /* of the operands, which lie behind those of the record before */
} ExprRecord;

typedef struct FlatExprs {
    const ExprRecord *records; /* records[i] is expression i + 1 */
    const uint32_t *words;
    const DerivativeSlot *memo; /* in no order, none of them free */
    const uint8_t *classes;     /* 256 */
    size_t record_count, word_count, memo_count;
} FlatExprs;

typedef enum FlatExprsPart { FLAT_EXPRS_RECORDS, FLAT_EXPRS_MEMO, FLAT_EXPRS_CLASSES } FlatExprsPart;

/* What is wrong in the arrays, and where. */
typedef struct FlatExprsProblem {
    const char *what; /* NULL: memory ran out */
    FlatExprsPart part;
    size_t index;
} FlatExprsProblem;

/* A sealed store as arrays that borrow from it and from `arena`. False when memory runs out. */
bool ak_exprs_flatten(const Exprs *self, Arena *arena, FlatExprs *flat);
/* The store of the arrays, sealed, in `arena`. */
bool ak_exprs_unflatten(Exprs *self, const FlatExprs *flat, Arena *arena, FlatExprsProblem *problem);

#endif
