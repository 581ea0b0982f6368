/* Which byte classes an expression tells apart: all classes of one part have the same derivative.
 *
 * A lexeme's rest usually tells a few parts of the alphabet apart, where the whole grammar has dozens of classes: the
 * next letter of a name, a quote, a backslash, everything else. So a state is derived once a part and not once a
 * class. The parts are found from the expression's form without deriving (S. Owens, J. Reppy, A. Turon,
 * https://doi.org/10.1017/S0956796808007090, section 4.2); they may be finer than need be, never coarser. Found once for
 * every expression; the store must be sealed and may grow. One owner. */
#ifndef AK_MASK_EXPR_PARTITION_H
#define AK_MASK_EXPR_PARTITION_H

#include "mask/regex_expr.h"

typedef struct Partition {
    uint32_t count;
    uint8_t of[]; /* by byte class: the number of its part */
} Partition;

typedef struct Partitions {
    Arena *arena;
    const Exprs *exprs;
    VEC(const Partition *) known; /* by expression; NULL: not asked yet */
} Partitions;

/* One part, to begin with; NULL when out of memory, as the other one. */
Partition *ak_partition_new(const Partitions *self);
/* Those of one expression; lives as long as the arena. */
const Partition *ak_partition_of(Partitions *self, Expr expr);
/* Splits the parts of `partition` until they tell apart what `other` does. */
void ak_partition_meet(const Partitions *self, Partition *partition, const Partition *other);

#endif
