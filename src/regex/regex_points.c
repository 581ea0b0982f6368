/* Ranges of code points as expressions over the bytes of their UTF-8. */
#include "base/utf8.h"
#include "regex/regex_expr.h"

/* Texts of `length` bytes, byte i between low[i] and high[i]. */
static Expr byte_ranges(Exprs *self, const char *low, const char *high, size_t length) {
    Expr expr = AK_EXPR_EMPTY;
    for (size_t i = length; i > 0; i--) {
        expr = ak_expr_concat(self, ak_expr_byte_range(self, (uint8_t)low[i - 1], (uint8_t)high[i - 1]), expr);
    }
    return expr;
}

/* Pushes the expressions of the points first…last (of one encoded length, no surrogates among them) onto the scratch
 * stack. The range is cut where a lower byte is not free: after https://swtch.com/~rsc/regexp/regexp3.html#step3. */
static bool push_points(Exprs *self, uint32_t first, uint32_t last) {
    for (int shift = 6; shift <= 18; shift += 6) {
        uint32_t low_bits = (UINT32_C(1) << shift) - 1;
        if (last < 0x80 || (first & ~low_bits) == (last & ~low_bits)) continue;
        if (first & low_bits)
            return push_points(self, first, first | low_bits) && push_points(self, (first | low_bits) + 1, last);
        if ((last & low_bits) != low_bits)
            return push_points(self, first, (last & ~low_bits) - 1) && push_points(self, last & ~low_bits, last);
    }
    char low[4], high[4];
    size_t length = ak_utf8_encode(first, low);
    ak_utf8_encode(last, high);
    Expr expr = byte_ranges(self, low, high, length);
    return expr && ak_vec_push(self->arena, &self->scratch, expr);
}

Expr ak_expr_points(Exprs *self, const PointRange *ranges, size_t count) {
    static const PointRange lengths[] = {
        {0, 0x7F}, {0x80, 0x7FF}, {0x800, 0xD7FF}, {0xE000, 0xFFFF}, {0x10000, 0x10FFFF}};
    size_t base = self->scratch.count;
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            uint32_t first = ranges[i].first > lengths[k].first ? ranges[i].first : lengths[k].first;
            uint32_t last = ranges[i].last < lengths[k].last ? ranges[i].last : lengths[k].last;
            if (first <= last) ok = ok && push_points(self, first, last);
        }
    }
    Expr result =
        ok ? ak_expr_or_all(self, self->scratch.items + base, self->scratch.count - base) : (Expr)AK_EXPR_FAILED;
    self->scratch.count = base;
    return result;
}

Expr ak_expr_any_point(Exprs *self) {
    return ak_expr_points(self, &(PointRange){0, 0x10FFFF}, 1);
}
