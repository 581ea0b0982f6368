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
    uint8_t of[];   /* by byte class: the number of its part; whole blocks, zeros behind the last class */
} Partition;

typedef struct Partitions {
    Arena *arena;
    const Exprs *exprs;
    VEC(const Partition *) known; /* by expression; NULL: not asked yet */
} Partitions;

/* Parts of several expressions, put together. Mostly there is one that tells more apart than a class of its own: it is not copied before it must. */
typedef struct Meeting {
    const Partition *first; /* NULL: none of them does */
    Partition *made;        /* `first` and what others tell apart; NULL: that alone */
    uint32_t singles[8];    /* set of classes that are to be parts of their own */
    bool has_singles;
} Meeting;

/* Whether any of a block of classes, which begins at `from`, is in the part: eight bytes are compared at once, and a byte of zeros is found among them
 * (H. S. Warren, Hacker's Delight, section 6-1). */
enum { AK_PARTITION_BLOCK = 8 };
static inline bool ak_partition_meets(const Partition *self, uint32_t from, uint8_t part) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t block;
    memcpy(&block, self->of + from, sizeof block);
    block ^= ones * part;
    return (block - ones) & ~block & ones << 7;
}

/* Those of one expression; lives as long as the arena. NULL when out of memory, as the other ones. */
const Partition *ak_partition_of(Partitions *self, Expr expr);
/* What several expressions tell apart together: begin with (Meeting){0}, add each, end. */
bool ak_meeting_add(Partitions *self, Meeting *meeting, Expr expr);
const Partition *ak_meeting_end(const Partitions *self, Meeting *meeting);

#endif
