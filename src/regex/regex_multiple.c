/* Remainders digit by digit: behind the digit d the remainder r is (10 r + d) mod n. */
#include "regex/regex_multiple.h"
#include <assert.h>

enum { MANY_DIGITS = 9, POWERS = 20 };

/* Texts of so many digits have every remainder of any modulus. */
_Static_assert(AK_MODULUS_MAX <= 1000000000, "10^MANY_DIGITS");

/* ---- arithmetic */

static uint32_t gcd(uint32_t a, uint32_t b) {
    while (b) {
        uint32_t rest = a % b;
        a = b, b = rest;
    }
    return a;
}

/* gcd(modulus, 10^digits) */
static uint32_t common_with_power(uint32_t modulus, uint32_t digits) {
    uint32_t common = 1;
    for (uint32_t step = 0; digits > 0 && step != 1; digits--) {
        step = gcd(modulus / common, 10);
        common *= step;
    }
    return common;
}

/* The least number v that makes the remainder, followed by v in so many digits, a multiple. */
static uint32_t missing(uint32_t modulus, uint32_t remainder, uint32_t digits) {
    uint64_t moved = remainder;
    for (uint32_t i = 0; i < digits && moved; i++) moved = moved * 10 % modulus;
    return (uint32_t)((modulus - moved) % modulus);
}

/* Do any `digits` digits make it a multiple? */
static bool can_end(uint32_t modulus, uint32_t remainder, uint32_t digits) {
    uint32_t power = 1;
    for (uint32_t i = 0; i < digits && i < MANY_DIGITS; i++) power *= 10;
    return missing(modulus, remainder, digits) < power;
}

static uint32_t soonest_end(uint32_t modulus, uint32_t remainder) {
    uint32_t digits = 0;
    while (!can_end(modulus, remainder, digits)) digits++;
    return digits;
}

/* The least remainder with the same continuations, of whole numbers: where `soon` digits are needed at least, what they take away from the remainder
 * makes no difference. So the multiples of 1000 have four states and not a thousand. */
static uint32_t least_alike(uint32_t modulus, uint32_t remainder) {
    uint32_t soon = soonest_end(modulus, remainder), step = modulus / common_with_power(modulus, soon),
             least = remainder % step;
    while (least < remainder && soonest_end(modulus, least) != soon) least += step;
    return least;
}

/* ---- expressions */

static Expr zeros(Exprs *exprs) {
    return ak_expr_repeat(exprs, ak_expr_byte(exprs, '0'), 0, AK_REPEAT_MANY);
}

static Expr make(Exprs *exprs, Multiple self) {
    if (self.has_point && !can_end(self.modulus, self.remainder, self.places)) return AK_EXPR_NOTHING;
    if (self.has_point && self.places == 0) return zeros(exprs);
    if (self.places == 0) self.remainder = least_alike(self.modulus, self.remainder);
    const uint32_t words[AK_MULTIPLE_WORDS] = {self.modulus, self.remainder, self.places, self.has_point};
    return ak_expr_make(exprs, EXPR_MULTIPLE, words, AK_MULTIPLE_WORDS);
}

Expr ak_expr_multiple(Exprs *exprs, uint32_t modulus, uint32_t places) {
    assert(modulus > 0 && modulus <= AK_MODULUS_MAX);
    for (unsigned byte = 0; byte < 256;
         byte++) { /* so that these bytes are classes of their own once the store is sealed */
        if (ak_multiple_part((uint8_t)byte) && !ak_expr_byte(exprs, (uint8_t)byte)) return AK_EXPR_FAILED;
    }
    return make(exprs, (Multiple){.modulus = modulus, .places = places});
}

Multiple ak_multiple_read(const uint32_t *words) {
    return (Multiple){.modulus = words[0], .remainder = words[1], .places = words[2], .has_point = words[3]};
}

bool ak_multiple_is_whole(const Multiple *self) {
    return missing(self->modulus, self->remainder, self->places) == 0;
}

uint8_t ak_multiple_part(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return (uint8_t)(byte - '0' + 1);
    return byte == '.' ? AK_MULTIPLE_PARTS - 1 : 0;
}

Expr ak_multiple_derive(Exprs *exprs, const Multiple *self, uint8_t byte) {
    Multiple next = *self;
    bool is_digit = byte >= '0' && byte <= '9';
    if (self->has_point && !is_digit) return AK_EXPR_NOTHING;
    if (byte == '.') next.has_point = 1;
    if (is_digit) {
        next.remainder = (uint32_t)((self->remainder * UINT64_C(10) + (byte - '0')) % self->modulus);
        next.places -= self->has_point;
    }
    return make(exprs, next);
}

bool ak_multiple_is_sound(const Multiple *self) {
    if (self->modulus == 0 || self->modulus > AK_MODULUS_MAX || self->remainder >= self->modulus) return false;
    if (self->has_point > 1 || (self->has_point && self->places == 0)) return false;
    return !self->has_point || can_end(self->modulus, self->remainder, self->places);
}

/* ---- is there a text?
 *
 * Two questions about forms, with answers that err on the safe side: are all texts of so many digits there, and may one be? */

static bool has_all_digits(const Exprs *exprs, Expr set) {
    const uint32_t digits = UINT32_C(0x3FF) << ('0' % 32);
    return ak_expr_node(exprs, set)->kind == EXPR_SET && (ak_expr_operands(exprs, set)['0' / 32] & digits) == digits;
}

/* Is every text of `count` digits one of the expression? */
static bool holds_digits(const Exprs *exprs, Expr expr, uint32_t count) {
    const ExprNode *node = ak_expr_node(exprs, expr);
    const uint32_t *operands = ak_expr_operands(exprs, expr);
    if (expr == AK_EXPR_ANYTHING || (expr == AK_EXPR_EMPTY && count == 0)) return true;
    if (node->kind == EXPR_SET) return count == 1 && has_all_digits(exprs, expr);
    if (node->kind == EXPR_REPEAT)
        return operands[1] <= count && count <= operands[2] && has_all_digits(exprs, operands[0]);
    if (node->kind == EXPR_CONCAT && count > 0 && has_all_digits(exprs, operands[0]))
        return holds_digits(exprs, operands[1], count - 1);
    if (node->kind == EXPR_CONCAT)
        return ak_expr_is_nullable(exprs, operands[1]) && holds_digits(exprs, operands[0], count);
    for (uint32_t i = 0; node->kind == EXPR_OR && i < node->count; i++) {
        if (holds_digits(exprs, operands[i], count)) return true;
    }
    return false;
}

static bool all_hold_digits(const Exprs *exprs, Expr expr, uint32_t count) {
    for (uint32_t i = 0; i < ak_expr_node(exprs, expr)->count; i++) {
        Expr member = ak_expr_operands(exprs, expr)[i];
        if (ak_expr_node(exprs, member)->kind != EXPR_MULTIPLE && !holds_digits(exprs, member, count)) return false;
    }
    return true;
}

/* The multiple among the members; false when there is none, or more than one. */
static bool only_multiple(const Exprs *exprs, Expr expr, Multiple *found) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < ak_expr_node(exprs, expr)->count; i++) {
        Expr member = ak_expr_operands(exprs, expr)[i];
        if (ak_expr_node(exprs, member)->kind != EXPR_MULTIPLE) continue;
        *found = ak_multiple_read(ak_expr_operands(exprs, member));
        count++;
    }
    return count == 1;
}

bool ak_multiple_is_met(const Exprs *exprs, Expr expr) {
    const ExprNode *node = ak_expr_node(exprs, expr);
    Multiple multiple;
    for (uint32_t i = 0; node->kind == EXPR_OR && i < node->count; i++) {
        if (ak_multiple_is_met(exprs, ak_expr_operands(exprs, expr)[i])) return true;
    }
    if (node->kind != EXPR_AND || !only_multiple(exprs, expr, &multiple)) return false;
    if (multiple.has_point) return all_hold_digits(exprs, expr, multiple.places);
    uint32_t modulus = multiple.modulus / common_with_power(multiple.modulus, multiple.places);
    for (uint32_t count = 0; count < POWERS; count++) {
        if (can_end(modulus, multiple.remainder % modulus, count) && all_hold_digits(exprs, expr, count)) return true;
    }
    return false;
}

static bool is_only_digits(const Exprs *exprs, Expr set) {
    const uint32_t *words = ak_expr_operands(exprs, set), digits = UINT32_C(0x3FF) << ('0' % 32);
    if (ak_expr_node(exprs, set)->kind != EXPR_SET || (words['0' / 32] & ~digits)) return false;
    for (uint32_t i = 0; i < sizeof(ByteSet) / sizeof *words; i++) {
        if (i != '0' / 32 && words[i]) return false;
    }
    return true;
}

/* Nothing, or a point and what is behind it. */
static bool is_behind_digits(Exprs *exprs, Expr tail) {
    ByteSet firsts = {0};
    ak_expr_add_firsts(exprs, tail, &firsts);
    firsts.words['.' / 32] &= ~(UINT32_C(1) << ('.' % 32));
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts.words; i++) {
        if (firsts.words[i]) return false;
    }
    return true;
}

/* May a text of the expression have `count` digits (POWERS: as many or more) in front of a point? */
static bool may_have_digits(Exprs *exprs, Expr expr, uint32_t count) {
    ExprNode node = *ak_expr_node(exprs, expr);
    for (; node.kind == EXPR_CONCAT && is_only_digits(exprs, ak_expr_operands(exprs, expr)[0]);
         count -= count < POWERS) {
        if (count == 0) return false;
        expr = ak_expr_operands(exprs, expr)[1], node = *ak_expr_node(exprs, expr);
    }
    Expr first = node.count ? ak_expr_operands(exprs, expr)[0] : AK_EXPR_NOTHING;
    if (node.kind == EXPR_CONCAT)
        return !is_behind_digits(exprs, ak_expr_operands(exprs, expr)[1]) || may_have_digits(exprs, first, count);
    if (node.kind == EXPR_SET) return !is_only_digits(exprs, expr) || count == 1;
    if (node.kind == EXPR_REPEAT && is_only_digits(exprs, first)) {
        const uint32_t *bounds = ak_expr_operands(exprs, expr) + 1;
        return count <= bounds[1] && (count >= bounds[0] || count == POWERS);
    }
    for (uint32_t i = 0; node.kind == EXPR_OR && i < node.count; i++) {
        if (may_have_digits(exprs, ak_expr_operands(exprs, expr)[i], count)) return true;
    }
    return node.kind != EXPR_OR && (node.kind != EXPR_EMPTY || count == 0);
}

static bool all_may_have_digits(Exprs *exprs, Expr expr, uint32_t count) {
    for (uint32_t i = 0; i < ak_expr_node(exprs, expr)->count; i++) {
        if (!may_have_digits(exprs, ak_expr_operands(exprs, expr)[i], count)) return false;
    }
    return true;
}

bool ak_multiple_is_missed(Exprs *exprs, Expr expr) {
    Multiple multiple;
    if (ak_expr_node(exprs, expr)->kind != EXPR_AND || !only_multiple(exprs, expr, &multiple) || multiple.has_point)
        return false;
    for (uint32_t count = 0; count <= POWERS; count++) {
        bool can = count == POWERS || can_end(multiple.modulus, multiple.remainder, count + multiple.places);
        if (can && all_may_have_digits(exprs, expr, count)) return false;
    }
    return true;
}
