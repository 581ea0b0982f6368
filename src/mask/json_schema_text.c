/* JSON texts as regular expressions. */
#include "mask/json_schema_text.h"
#include "base/utf8.h"

enum { INDENT_BLANKS = 80, INDENT_TABS = 40, FIRST_ASTRAL = 0x10000, LAST_POINT = 0x10FFFF };

static Expr text(Exprs *exprs, const char *literal) {
    return ak_expr_literal(exprs, ak_str(literal));
}

Expr ak_json_space(Exprs *exprs) {
    Expr blanks = ak_expr_repeat(exprs, ak_expr_byte(exprs, ' '), 0, INDENT_BLANKS);
    Expr tabs = ak_expr_repeat(exprs, ak_expr_byte(exprs, '\t'), 0, INDENT_TABS);
    Expr line = ak_expr_concat(exprs, ak_expr_byte(exprs, '\n'), ak_expr_or(exprs, blanks, tabs));
    return ak_expr_repeat(exprs, ak_expr_or(exprs, ak_expr_byte(exprs, ' '), line), 0, 1);
}

/* One hexadecimal digit between two values, in either case. */
static Expr hex_digit(Exprs *exprs, uint32_t first, uint32_t last) {
    ByteSet set = {0};
    for (uint32_t value = first; value <= last; value++) {
        for (int i = 0; i < 2; i++) {
            uint8_t byte = (uint8_t)(i ? "0123456789ABCDEF" : "0123456789abcdef")[value];
            set.words[byte / 32] |= UINT32_C(1) << (byte % 32);
        }
    }
    return ak_expr_set(exprs, &set);
}

/* The numbers `first` to `last` written with `digits` hexadecimal digits: split at the highest digit into a low edge, whole blocks, a high edge. */
static Expr hex_range(Exprs *exprs, uint32_t first, uint32_t last, uint32_t digits) {
    if (digits == 0) return AK_EXPR_EMPTY;
    uint32_t unit = UINT32_C(1) << (4 * (digits - 1)), low = first / unit, high = last / unit;
    if (low == high)
        return ak_expr_concat(exprs, hex_digit(exprs, low, low),
                              hex_range(exprs, first % unit, last % unit, digits - 1));
    Expr range = AK_EXPR_NOTHING;
    if (first % unit) {
        range = ak_expr_concat(exprs, hex_digit(exprs, low, low), hex_range(exprs, first % unit, unit - 1, digits - 1));
        low++;
    }
    if (last % unit != unit - 1) {
        Expr edge = ak_expr_concat(exprs, hex_digit(exprs, high, high), hex_range(exprs, 0, last % unit, digits - 1));
        range = ak_expr_or(exprs, range, edge);
        high--;
    }
    if (low > high) return range;
    Expr whole = ak_expr_concat(exprs, hex_digit(exprs, low, high), hex_range(exprs, 0, unit - 1, digits - 1));
    return ak_expr_or(exprs, range, whole);
}

static Expr unit_range(Exprs *exprs, uint32_t first, uint32_t last) {
    return ak_expr_concat(exprs, text(exprs, "\\u"), hex_range(exprs, first, last, 4));
}

/* Surrogate pairs for the points first … last, both above U+FFFF: the same splitting with two digits of base 1024. */
static Expr pair_range(Exprs *exprs, uint32_t first, uint32_t last) {
    uint32_t a = first - FIRST_ASTRAL, b = last - FIRST_ASTRAL, low = a / 1024, high = b / 1024;
    const uint32_t lead = 0xD800, trail = 0xDC00;
    if (low == high) {
        return ak_expr_concat(exprs, unit_range(exprs, lead + low, lead + low),
                              unit_range(exprs, trail + a % 1024, trail + b % 1024));
    }
    Expr edge = ak_expr_concat(exprs, unit_range(exprs, lead + low, lead + low),
                               unit_range(exprs, trail + a % 1024, trail + 1023));
    Expr end =
        ak_expr_concat(exprs, unit_range(exprs, lead + high, lead + high), unit_range(exprs, trail, trail + b % 1024));
    Expr range = ak_expr_or(exprs, edge, end);
    if (low + 1 > high - 1) return range;
    Expr whole = ak_expr_concat(exprs, unit_range(exprs, lead + low + 1, lead + high - 1),
                                unit_range(exprs, trail, trail + 1023));
    return ak_expr_or(exprs, range, whole);
}

/* Adds the part of `range` inside [first, last] in its \u form. */
static Expr add_units(Exprs *exprs, Expr expr, PointRange range, uint32_t first, uint32_t last) {
    if (range.first > first) first = range.first;
    if (range.last < last) last = range.last;
    if (first > last) return expr;
    return ak_expr_or(exprs, expr,
                      first < FIRST_ASTRAL ? unit_range(exprs, first, last) : pair_range(exprs, first, last));
}

static bool holds(const PointRange *ranges, size_t count, uint32_t point) {
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].first <= point && point <= ranges[i].last) return true;
    }
    return false;
}

/* The characters that may stand for themselves: neither control, nor quote, nor backslash. */
static Expr plain(Exprs *exprs, const PointRange *ranges, size_t count) {
    static const PointRange parts[] = {{0x20, 0x21}, {0x23, 0x5B}, {0x5D, LAST_POINT}};
    Expr expr = AK_EXPR_NOTHING;
    for (size_t i = 0; i < count; i++) {
        for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
            PointRange both = {ranges[i].first > parts[part].first ? ranges[i].first : parts[part].first,
                               ranges[i].last < parts[part].last ? ranges[i].last : parts[part].last};
            if (both.first <= both.last) expr = ak_expr_or(exprs, expr, ak_expr_points(exprs, &both, 1));
        }
    }
    return expr;
}

static Expr short_escapes(Exprs *exprs, const PointRange *ranges, size_t count) {
    static const struct {
        uint8_t point;
        const char *escape;
    } escapes[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'/', "\\/"},  {'\b', "\\b"},
                   {'\f', "\\f"}, {'\n', "\\n"},  {'\r', "\\r"}, {'\t', "\\t"}};
    Expr expr = AK_EXPR_NOTHING;
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (holds(ranges, count, escapes[i].point)) expr = ak_expr_or(exprs, expr, text(exprs, escapes[i].escape));
    }
    return expr;
}

Expr ak_json_character(Exprs *exprs, const PointRange *ranges, size_t count) {
    Expr expr = ak_expr_or(exprs, plain(exprs, ranges, count), short_escapes(exprs, ranges, count));
    for (size_t i = 0; i < count; i++) {
        expr = add_units(exprs, expr, ranges[i], 0, 0xD7FF);
        expr = add_units(exprs, expr, ranges[i], 0xE000, FIRST_ASTRAL - 1);
        expr = add_units(exprs, expr, ranges[i], FIRST_ASTRAL, LAST_POINT);
    }
    return expr;
}

Expr ak_json_any_character(Exprs *exprs) {
    return ak_json_character(exprs, &(PointRange){0, LAST_POINT}, 1);
}

/* The body of `literal`, `one` giving each character; from its end to its start, since sequences lean right. */
static Expr spell(Exprs *exprs, Str literal, Expr (*one)(Exprs *, uint32_t)) {
    Expr expr = AK_EXPR_EMPTY;
    for (size_t end = literal.length; end > 0;) {
        size_t start = end - 1;
        while (start > 0 && ((uint8_t)literal.data[start] & 0xC0) == 0x80) start--;
        uint32_t point = 0;
        if (!ak_utf8_decode(ak_str_slice(literal, start, end), &point)) return AK_EXPR_NOTHING;
        expr = ak_expr_concat(exprs, one(exprs, point), expr);
        end = start;
    }
    return expr;
}

static Expr any_spelling(Exprs *exprs, uint32_t point) {
    return ak_json_character(exprs, &(PointRange){point, point}, 1);
}

static Expr usual_spelling(Exprs *exprs, uint32_t point) {
    bool is_plain_ascii = point >= 0x20 && point < 0x7F && point != '"' && point != '\\';
    return is_plain_ascii ? ak_expr_byte(exprs, (uint8_t)point) : any_spelling(exprs, point);
}

Expr ak_json_usual_character(Exprs *exprs) {
    static const PointRange others[] = {{0, 0x1F}, {'"', '"'}, {'\\', '\\'}, {0x7F, LAST_POINT}};
    static const PointRange plain_ascii[] = {{0x20, 0x21}, {0x23, 0x5B}, {0x5D, 0x7E}};
    return ak_expr_or(exprs, ak_expr_points(exprs, plain_ascii, 3), ak_json_character(exprs, others, 4));
}

Expr ak_json_literal(Exprs *exprs, Str literal) {
    return spell(exprs, literal, usual_spelling);
}

Expr ak_json_spellings(Exprs *exprs, Str literal) {
    return spell(exprs, literal, any_spelling);
}

Expr ak_json_quoted(Exprs *exprs, Expr body) {
    Expr quote = ak_expr_byte(exprs, '"');
    return ak_expr_concat(exprs, quote, ak_expr_concat(exprs, body, quote));
}

static Expr digits(Exprs *exprs, uint32_t min) {
    return ak_expr_repeat(exprs, ak_expr_byte_range(exprs, '0', '9'), min, AK_REPEAT_MANY);
}

static Expr optional(Exprs *exprs, Expr what) {
    return ak_expr_repeat(exprs, what, 0, 1);
}

Expr ak_json_integer(Exprs *exprs) {
    Expr many = ak_expr_concat(exprs, ak_expr_byte_range(exprs, '1', '9'), digits(exprs, 0));
    return ak_expr_concat(exprs, optional(exprs, ak_expr_byte(exprs, '-')),
                          ak_expr_or(exprs, ak_expr_byte(exprs, '0'), many));
}

Expr ak_json_plain_number(Exprs *exprs) {
    Expr fraction = ak_expr_concat(exprs, ak_expr_byte(exprs, '.'), digits(exprs, 1));
    return ak_expr_concat(exprs, ak_json_integer(exprs), optional(exprs, fraction));
}

Expr ak_json_number(Exprs *exprs) {
    Expr fraction = ak_expr_concat(exprs, ak_expr_byte(exprs, '.'), digits(exprs, 1));
    Expr e = ak_expr_or(exprs, ak_expr_byte(exprs, 'e'), ak_expr_byte(exprs, 'E'));
    Expr sign = optional(exprs, ak_expr_or(exprs, ak_expr_byte(exprs, '+'), ak_expr_byte(exprs, '-')));
    Expr exponent = ak_expr_concat(exprs, e, ak_expr_concat(exprs, sign, digits(exprs, 1)));
    Expr tail = ak_expr_concat(exprs, optional(exprs, fraction), optional(exprs, exponent));
    return ak_expr_concat(exprs, ak_json_integer(exprs), tail);
}
