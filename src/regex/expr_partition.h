/* Which byte classes an expression tells apart: all classes of one part have the same derivative.
 *
 * A lexeme's rest usually tells a few parts of the alphabet apart, where the whole grammar has dozens of classes: the
 * next letter of a name, a quote, a backslash, everything else. So a state is derived once a part and not once a
 * class. The parts are found from the expression's form without deriving (S. Owens, J. Reppy, A. Turon,
 * https://doi.org/10.1017/S0956796808007090, section 4.2); they may be finer than need be, never coarser. Found once for
 * every expression; the store must be sealed and may grow. One owner. */
#ifndef AK_REGEX_EXPR_PARTITION_H
#define AK_REGEX_EXPR_PARTITION_H

#include "regex/regex_expr.h"

typedef struct Partition {
    uint32_t count;
    int32_t single; /* of two parts one has this class only; -1: it is not so */
    uint8_t of[];   /* by byte class: the number of its part */
} Partition;

typedef struct Partitions {
    Arena *arena;
    const Exprs *exprs;
    VEC(const Partition *) known; /* by expression; NULL: not asked yet */
} Partitions;

/* Parts of several expressions, put together. */
typedef struct Meeting {
    Partition *made;
    uint32_t singles[8]; /* set of classes that are to be parts of their own */
} Meeting;

/* Those of one expression; lives as long as the arena. NULL when out of memory, as the other ones. */
const Partition *ak_partition_of(Partitions *self, Expr expr);
/* What several expressions tell apart together: begin, add each, end. */
bool ak_meeting_begin(const Partitions *self, Meeting *meeting);
bool ak_meeting_add(Partitions *self, Meeting *meeting, Expr expr);
const Partition *ak_meeting_end(const Partitions *self, Meeting *meeting);

#endif
