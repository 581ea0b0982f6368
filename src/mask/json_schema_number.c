/* Ranges of decimal numbers.
 *
 * For magnitudes (no sign) "at least" and "at most" are built digit by digit: a number is larger when it has more whole digits, or agrees with the bound
 * up to some digit and has a larger one there. Signs mirror: -x is at least b when x is at most -b. Both ends of a range are intersected, which needs
 * no cases for how they overlap. */
#include "mask/json_schema_number.h"
#include "mask/json_schema_text.h"
#include "regex/regex_multiple.h"

enum { DIGITS_MAX = 400, EXPONENT_MAX = 1000 };

/* ---- decimals */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The exponent behind `e`, cut to what cannot matter any more. */
static long read_exponent(Str number, size_t at) {
    bool is_negative = false;
    long value = 0;
    if (at < number.length && (number.data[at] == '-' || number.data[at] == '+'))
        is_negative = number.data[at++] == '-';
    for (; at < number.length && is_digit(number.data[at]); at++) {
        if (value < EXPONENT_MAX) value = value * 10 + (number.data[at] - '0');
    }
    return is_negative ? -value : value;
}

bool ak_decimal_read(Arena *arena, Str number, Decimal *decimal) {
    char digits[DIGITS_MAX];
    size_t count = 0, at = 0;
    long point = 0; /* how many of the digits stand before the point */
    bool behind_point = false, is_negative = number.length && number.data[0] == '-';
    for (at = is_negative; at < number.length && (is_digit(number.data[at]) || number.data[at] == '.'); at++) {
        if (number.data[at] == '.') {
            behind_point = true;
            continue;
        }
        if (count == 0 && number.data[at] == '0') {
            point -= behind_point;
            continue;
        }
        if (count == DIGITS_MAX) return false;
        digits[count++] = number.data[at];
        point += !behind_point;
    }
    if (at < number.length) point += read_exponent(number, at + 1);
    while (count > 0 && digits[count - 1] == '0') count--;
    if (count == 0) return *decimal = (Decimal){STR("0"), STR(""), false}, true;
    if (point > DIGITS_MAX || point < -DIGITS_MAX) return false;
    char plain[3 * DIGITS_MAX];
    size_t whole = point > 0 ? (size_t)point : 0, zeros = point < 0 ? (size_t)-point : 0, fraction = 0;
    for (size_t i = 0; i < whole; i++) plain[i] = i < count ? digits[i] : '0';
    for (; fraction < zeros; fraction++) plain[whole + fraction] = '0';
    for (size_t i = whole; i < count; i++) plain[whole + fraction++] = digits[i];
    decimal->whole = whole ? ak_arena_str(arena, (Str){plain, whole}) : STR("0");
    decimal->fraction = ak_arena_str(arena, (Str){plain + whole, fraction});
    decimal->is_negative = is_negative;
    return ak_arena_ok(arena);
}

static int compare_magnitude(const Decimal *a, const Decimal *b) {
    if (a->whole.length != b->whole.length) return a->whole.length < b->whole.length ? -1 : 1;
    int order = ak_str_compare(a->whole, b->whole);
    return order ? order : ak_str_compare(a->fraction, b->fraction);
}

int ak_decimal_compare(const Decimal *a, const Decimal *b) {
    if (a->is_negative != b->is_negative) return a->is_negative ? -1 : 1;
    return a->is_negative ? compare_magnitude(b, a) : compare_magnitude(a, b);
}

bool ak_decimal_is_zero(const Decimal *decimal) {
    return decimal->fraction.length == 0 && ak_str_equal(decimal->whole, STR("0"));
}

/* ---- pieces */

static Expr digit(Exprs *exprs, int first, int last) {
    return first <= last ? ak_expr_byte_range(exprs, (uint8_t)first, (uint8_t)last) : AK_EXPR_NOTHING;
}

static Expr digits(Exprs *exprs, size_t min, uint32_t max) {
    return ak_expr_repeat(exprs, digit(exprs, '0', '9'), (uint32_t)min, max);
}

static Expr zeros(Exprs *exprs, uint32_t min) {
    return ak_expr_repeat(exprs, ak_expr_byte(exprs, '0'), min, AK_REPEAT_MANY);
}

/* Digits of which one at least is not zero. */
static Expr some_digit(Exprs *exprs) {
    Expr tail = ak_expr_concat(exprs, digit(exprs, '1', '9'), digits(exprs, 0, AK_REPEAT_MANY));
    return ak_expr_concat(exprs, zeros(exprs, 0), tail);
}

static Expr behind_point(Exprs *exprs, Expr what) {
    return ak_expr_concat(exprs, ak_expr_byte(exprs, '.'), what);
}

static Expr optional_fraction(Exprs *exprs) {
    return ak_expr_repeat(exprs, behind_point(exprs, digits(exprs, 1, AK_REPEAT_MANY)), 0, 1);
}

/* The first `count` digits of `text`, then `next`. */
static Expr after_prefix(Exprs *exprs, Str text, size_t count, Expr next) {
    return ak_expr_concat(exprs, ak_expr_literal(exprs, ak_str_slice(text, 0, count)), next);
}

/* ---- magnitudes */

/* What may stand behind a whole part equal to the bound's, to be at least (above) it. */
static Expr fraction_from(Exprs *exprs, Str fraction, bool is_strict) {
    if (fraction.length == 0) return is_strict ? behind_point(exprs, some_digit(exprs)) : optional_fraction(exprs);
    Expr expr = after_prefix(exprs, fraction, fraction.length,
                             is_strict ? some_digit(exprs) : digits(exprs, 0, AK_REPEAT_MANY));
    for (size_t i = 0; i < fraction.length; i++) {
        Expr larger = ak_expr_concat(exprs, digit(exprs, fraction.data[i] + 1, '9'), digits(exprs, 0, AK_REPEAT_MANY));
        expr = ak_expr_or(exprs, expr, after_prefix(exprs, fraction, i, larger));
    }
    return behind_point(exprs, expr);
}

static Expr magnitude_from(Exprs *exprs, const Decimal *bound, bool is_strict) {
    Str whole = bound->whole;
    Expr larger = ak_expr_concat(exprs, digit(exprs, '1', '9'), digits(exprs, whole.length, AK_REPEAT_MANY));
    for (size_t i = 0; i < whole.length; i++) {
        size_t left = whole.length - i - 1;
        Expr rest = ak_expr_concat(exprs, digit(exprs, whole.data[i] + 1, '9'), digits(exprs, left, (uint32_t)left));
        larger = ak_expr_or(exprs, larger, after_prefix(exprs, whole, i, rest));
    }
    Expr equal = after_prefix(exprs, whole, whole.length, fraction_from(exprs, bound->fraction, is_strict));
    return ak_expr_or(exprs, ak_expr_concat(exprs, larger, optional_fraction(exprs)), equal);
}

/* What may stand behind a whole part equal to the bound's, to be at most (below) it. */
static Expr fraction_to(Exprs *exprs, Str fraction, bool is_strict) {
    Expr none = AK_EXPR_EMPTY;
    if (fraction.length == 0)
        return is_strict ? AK_EXPR_NOTHING : ak_expr_repeat(exprs, behind_point(exprs, zeros(exprs, 1)), 0, 1);
    Expr expr = is_strict ? AK_EXPR_NOTHING : after_prefix(exprs, fraction, fraction.length, zeros(exprs, 0));
    for (size_t i = 0; i < fraction.length; i++) {
        Expr smaller = ak_expr_concat(exprs, digit(exprs, '0', fraction.data[i] - 1), digits(exprs, 0, AK_REPEAT_MANY));
        expr = ak_expr_or(exprs, expr, after_prefix(exprs, fraction, i, smaller));
        if (i > 0) expr = ak_expr_or(exprs, expr, ak_expr_literal(exprs, ak_str_slice(fraction, 0, i)));
    }
    return ak_expr_or(exprs, none, behind_point(exprs, expr));
}

static Expr magnitude_to(Exprs *exprs, const Decimal *bound, bool is_strict) {
    Str whole = bound->whole;
    Expr smaller = AK_EXPR_NOTHING;
    if (whole.length > 1) {
        Expr fewer = ak_expr_concat(exprs, digit(exprs, '1', '9'), digits(exprs, 0, (uint32_t)whole.length - 2));
        smaller = ak_expr_or(exprs, ak_expr_byte(exprs, '0'), fewer);
    }
    for (size_t i = 0; i < whole.length; i++) {
        size_t left = whole.length - i - 1;
        int first = i == 0 && whole.length > 1 ? '1' : '0';
        Expr rest = ak_expr_concat(exprs, digit(exprs, first, whole.data[i] - 1), digits(exprs, left, (uint32_t)left));
        smaller = ak_expr_or(exprs, smaller, after_prefix(exprs, whole, i, rest));
    }
    Expr equal = after_prefix(exprs, whole, whole.length, fraction_to(exprs, bound->fraction, is_strict));
    return ak_expr_or(exprs, ak_expr_concat(exprs, smaller, optional_fraction(exprs)), equal);
}

/* ---- signs */

static Expr negative(Exprs *exprs, Expr magnitude) {
    return ak_expr_concat(exprs, ak_expr_byte(exprs, '-'), magnitude);
}

static Expr with_exponent(Exprs *exprs, Expr mantissa) {
    Expr e = ak_expr_or(exprs, ak_expr_byte(exprs, 'e'), ak_expr_byte(exprs, 'E'));
    Expr sign = ak_expr_repeat(exprs, ak_expr_or(exprs, ak_expr_byte(exprs, '+'), ak_expr_byte(exprs, '-')), 0, 1);
    Expr exponent = ak_expr_concat(exprs, e, ak_expr_concat(exprs, sign, digits(exprs, 1, AK_REPEAT_MANY)));
    return ak_expr_concat(exprs, mantissa, ak_expr_repeat(exprs, exponent, 0, 1));
}

/* Any magnitude, zero left out when `is_strict`. */
static Expr any_magnitude(Exprs *exprs, bool is_strict) {
    return magnitude_from(exprs, &(Decimal){STR("0"), STR(""), false}, is_strict);
}

static Expr zero_magnitude(Exprs *exprs) {
    return magnitude_to(exprs, &(Decimal){STR("0"), STR(""), false}, false);
}

/* The numbers on one side of zero: where only the sign decides, an exponent changes nothing. */
static Expr one_side(Exprs *exprs, bool above, bool is_strict) {
    Expr side = any_magnitude(exprs, is_strict);
    if (!above) side = negative(exprs, side);
    if (!is_strict) {
        Expr zero = zero_magnitude(exprs);
        side = ak_expr_or(exprs, side, above ? negative(exprs, zero) : zero);
    }
    return with_exponent(exprs, side);
}

Expr ak_number_from(Exprs *exprs, const Decimal *bound, bool is_strict) {
    if (ak_decimal_is_zero(bound)) return one_side(exprs, true, is_strict);
    if (!bound->is_negative) return magnitude_from(exprs, bound, is_strict);
    return ak_expr_or(exprs, any_magnitude(exprs, false), negative(exprs, magnitude_to(exprs, bound, is_strict)));
}

Expr ak_number_to(Exprs *exprs, const Decimal *bound, bool is_strict) {
    if (ak_decimal_is_zero(bound)) return one_side(exprs, false, is_strict);
    if (bound->is_negative) return negative(exprs, magnitude_from(exprs, bound, is_strict));
    return ak_expr_or(exprs, negative(exprs, any_magnitude(exprs, false)), magnitude_to(exprs, bound, is_strict));
}

Expr ak_number_equal(Exprs *exprs, const Decimal *value) {
    if (ak_decimal_is_zero(value))
        return ak_expr_concat(exprs, ak_expr_repeat(exprs, ak_expr_byte(exprs, '-'), 0, 1), zero_magnitude(exprs));
    Expr zeros = ak_expr_repeat(exprs, ak_expr_byte(exprs, '0'), !value->fraction.length, AK_REPEAT_MANY);
    Expr fraction = ak_expr_concat(exprs, ak_expr_byte(exprs, '.'),
                                   ak_expr_concat(exprs, ak_expr_literal(exprs, value->fraction), zeros));
    if (!value->fraction.length) fraction = ak_expr_repeat(exprs, fraction, 0, 1);
    Expr magnitude = ak_expr_concat(exprs, ak_expr_literal(exprs, value->whole), fraction);
    return value->is_negative ? negative(exprs, magnitude) : magnitude;
}

/* ---- multiples */

/* The decimal without its point; false when that is above AK_MODULUS_MAX. */
static bool read_modulus(const Decimal *decimal, uint32_t *modulus) {
    const Str parts[] = {decimal->whole, decimal->fraction};
    uint64_t value = 0;
    for (size_t part = 0; part < 2; part++) {
        for (size_t i = 0; i < parts[part].length; i++) {
            value = value * 10 + (uint64_t)(parts[part].data[i] - '0');
            if (value > AK_MODULUS_MAX) return false;
        }
    }
    return *modulus = (uint32_t)value, true;
}

bool ak_number_multiple(Exprs *exprs, const Decimal *divisor, Expr *multiples) {
    uint32_t modulus = 0;
    if (!read_modulus(divisor, &modulus)) return false;
    Expr sign = ak_expr_repeat(exprs, ak_expr_byte(exprs, '-'), 0, 1),
         plain = ak_expr_concat(exprs, sign, any_magnitude(exprs, false));
    *multiples = ak_expr_and(exprs, plain, ak_expr_multiple(exprs, modulus, (uint32_t)divisor->fraction.length));
    return true;
}
