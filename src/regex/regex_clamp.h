/* Counts that short texts cannot use up. After three of a thousand characters there may be as many more as after four, as long as it is only asked about
 * tokens: positions in counted texts become one state of the lexer, and have one mask. */
#ifndef AK_REGEX_REGEX_CLAMP_H
#define AK_REGEX_REGEX_CLAMP_H

#include "regex/expr_partition.h"

/* Texts that an expression is asked about. */
typedef struct ClampReach {
    uint32_t longest;     /* bytes of the longest */
    uint32_t before[256]; /* before[b]: of the most bytes that one has before a byte b */
} ClampReach;

/* Tokens that are asked about: all, or all but few that are very long. */
typedef enum Reach { REACH_ALL, REACH_MOST, REACHES } Reach;

/* An expression that those texts cannot tell from `expr`: after each beginning of one of them, something can follow in the one where it can in the other;
 * and where another byte of the text comes behind it, the beginning matches the one where it matches the other. Of x{m,n}, n becomes no bound when no such
 * text has n of x, and m as small as it may when none has m of x and then anything that could come behind. `expr` itself where nothing is known to be
 * that much, or finding out would take more than `*fuel` steps, of which it takes those that it needs. The store must be sealed. AK_EXPR_FAILED when memory runs
 * out. */
Expr ak_expr_clamp(Exprs *self, Partitions *partitions, Expr expr, const ClampReach *reach, uint64_t *fuel);

#endif
