/* Ranges of decimal numbers as regular expressions, exact: bounds are decimal digits, never binary fractions.
 *
 * A bounded number, or a multiple, is written plainly: sign, whole part, fraction. Exponents are accepted where only the sign decides (bounds at zero). */
#ifndef AK_MASK_JSON_SCHEMA_NUMBER_H
#define AK_MASK_JSON_SCHEMA_NUMBER_H

#include "regex/regex_expr.h"

/* A decimal number in plain form: sign, digits before the point without leading zeros ("0" for none), digits behind it without zeros at the end. */
typedef struct Decimal {
    Str whole, fraction;
    bool is_negative; /* never for zero */
} Decimal;

/* Reads a JSON number. False when its plain form has more than some hundred digits. */
bool ak_decimal_read(Arena *arena, Str number, Decimal *decimal);
/* Less than, equal to or greater than zero. */
int ak_decimal_compare(const Decimal *a, const Decimal *b);
bool ak_decimal_is_zero(const Decimal *decimal);

/* The JSON numbers not below (`is_strict`: above) a bound, and not above (below) it. */
Expr ak_number_from(Exprs *exprs, const Decimal *bound, bool is_strict);
Expr ak_number_to(Exprs *exprs, const Decimal *bound, bool is_strict);
/* The JSON numbers equal to `value`. */
Expr ak_number_equal(Exprs *exprs, const Decimal *value);
/* The plain JSON numbers that `divisor`, which is above zero, divides. False when it has too many digits. */
bool ak_number_multiple(Exprs *exprs, const Decimal *divisor, Expr *multiples);

#endif
