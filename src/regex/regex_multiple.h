/* Multiples: the texts whose decimal number a divisor divides, as one kind of expression (EXPR_MULTIPLE).
 *
 * The divisor is modulus / 10^places. A state of the automaton is the remainder of the digits so far, and how many digits may still come behind the
 * point, where zeros may follow these, and nothing else. In front of the point bytes that are no digits are passed over, so intersect with the form that
 * numbers are to have: this says nothing of signs, leading zeros or missing digits. */
#ifndef AK_REGEX_REGEX_MULTIPLE_H
#define AK_REGEX_REGEX_MULTIPLE_H

#include "regex/regex_expr.h"

enum { AK_MODULUS_MAX = 1000000000 };

/* How EXPR_MULTIPLE lies in its node's words. */
typedef struct Multiple {
    uint32_t modulus;   /* 1 … AK_MODULUS_MAX */
    uint32_t remainder; /* of the digits so far; below the modulus */
    uint32_t places;    /* digits that count, behind the point; when it is there: that are still to come, never 0 */
    uint32_t has_point; /* 1: the point was there */
} Multiple;

enum { AK_MULTIPLE_WORDS = sizeof(Multiple) / sizeof(uint32_t) };

/* The texts that are a multiple of modulus / 10^places. */
Expr ak_expr_multiple(Exprs *self, uint32_t modulus, uint32_t places);

/* For the expression store. */
Multiple ak_multiple_read(const uint32_t *words);
/* Is what was read so far a multiple, nothing more coming? */
bool ak_multiple_is_whole(const Multiple *self);
/* What may follow `byte`. */
Expr ak_multiple_derive(Exprs *exprs, const Multiple *self, uint8_t byte);
/* Which bytes have derivatives of their own: bytes with the same number, below AK_MULTIPLE_PARTS, do not differ. */
uint8_t ak_multiple_part(uint8_t byte);
enum { AK_MULTIPLE_PARTS = 12 };
/* Can this be the node of an expression? For files. */
bool ak_multiple_is_sound(const Multiple *self);
/* Is it plain to see that the expression, an intersection with a multiple or a union of such, has a text, or that it has none? Counts of digits tell,
 * where looking for a text would try all of them. */
bool ak_multiple_is_met(const Exprs *exprs, Expr expr);
bool ak_multiple_is_missed(Exprs *exprs, Expr expr);

#endif
