/* ECMA-262 patterns by recursive descent, straight into expressions.
 *
 * `^` and `$` are asserted, not matched. So each part of a pattern is held as four expressions: free on both sides, held at the start, at the end, at
 * both. Joining two parts keeps the outer sides; what is held in the middle (`a$b`) matches only where its neighbour is empty. In the end a free side is
 * open to any text.
 *
 * A look-ahead is a demand on all of the text that follows it. So sequences are joined from their end; what a look-ahead stands before is held at
 * the end, with any text behind it if it was free, and must match the demand too. A group that a look-ahead is in stays a list of its ways until
 * what stands behind it is known. */
#include "mask/json_schema_pattern.h"
#include "base/utf8.h"
#include "mask/json_schema_text.h"
#include "regex/unicode.h"
#include <stdlib.h>

enum { DEPTH_MAX = 200, REPEAT_MAX = 100000, WRITTEN_OUT_MAX = 16, LAST_POINT = 0x10FFFF };
enum { HELD_START = 1, HELD_END = 2, SIDES = 4 };

typedef struct Sequence Sequence;

/* A part of a pattern: by[s] are its texts that hold the sides `s`. */
typedef struct Part {
    Expr by[SIDES];
    size_t at;      /* where it stands in the pattern */
    Expr demand;    /* of a look-ahead: what the rest of the text must match too; else AK_EXPR_FAILED */
    Sequence *ways; /* of a group that a look-ahead is in, `by` being of no use; NULL: of another part */
    size_t way_count;
} Part;

struct Sequence {
    VEC(Part) parts;
    bool has_look;
};

typedef Points Ranges;

typedef struct Pattern {
    Exprs *exprs;
    Arena *arena;
    Str text;
    size_t at;
    uint32_t depth;
    bool failed;
    ananke_error *err;
} Pattern;

static Part parse_choice(Pattern *self);

static Part part(Expr free) {
    return (Part){.by = {free, AK_EXPR_NOTHING, AK_EXPR_NOTHING, AK_EXPR_NOTHING}};
}

static bool refuse(Pattern *self, ananke_error_code code, size_t at, const char *what) {
    if (!self->failed) ak_fail_at(self->err, code, NULL, self->text, at, "pattern: %s", what);
    self->failed = true;
    return false;
}

static void fail_memory(Pattern *self) {
    if (!self->failed) ak_fail_memory(self->err, self->arena);
    self->failed = true;
}

static bool at_end(const Pattern *self) {
    return self->failed || self->at >= self->text.length;
}

static char peek(const Pattern *self) {
    return at_end(self) ? '\0' : self->text.data[self->at];
}

static bool take(Pattern *self, const char *what) {
    if (self->failed || !ak_str_starts(ak_str_slice(self->text, self->at, self->text.length), ak_str(what)))
        return false;
    self->at += strlen(what);
    return true;
}

/* ---- joining parts */

static Part either(Exprs *exprs, Part a, Part b) {
    for (int sides = 0; sides < SIDES; sides++) a.by[sides] = ak_expr_or(exprs, a.by[sides], b.by[sides]);
    return a;
}

/* What is left of a part that has to be empty. */
static Expr only_empty(const Exprs *exprs, Expr what) {
    return what != AK_EXPR_FAILED && ak_expr_is_nullable(exprs, what) ? AK_EXPR_EMPTY : AK_EXPR_NOTHING;
}

/* `a` and behind it `b`. Where an inner side is held, the neighbour has to be empty, and its outer side is held as well. */
static Part join(Pattern *self, Part a, Part b) {
    Part joined = part(AK_EXPR_NOTHING);
    for (int left = 0; left < SIDES; left++) {
        for (int right = 0; right < SIDES; right++) {
            Expr before = right & HELD_START ? only_empty(self->exprs, a.by[left]) : a.by[left];
            Expr behind = left & HELD_END ? only_empty(self->exprs, b.by[right]) : b.by[right];
            Expr *to = &joined.by[left | right];
            *to = ak_expr_or(self->exprs, *to, ak_expr_concat(self->exprs, before, behind));
        }
    }
    return joined;
}

static Expr any_text(Exprs *exprs) {
    return ak_expr_repeat(exprs, ak_json_any_character(exprs), 0, AK_REPEAT_MANY);
}

/* A look-ahead and what stands behind it. */
static Part look(Exprs *exprs, Expr demand, Part rest) {
    Part both = part(AK_EXPR_NOTHING);
    for (int sides = 0; sides < SIDES; sides++) {
        Expr text = rest.by[sides];
        if (!(sides & HELD_END)) text = ak_expr_concat(exprs, text, any_text(exprs));
        Expr *held = &both.by[sides | HELD_END];
        *held = ak_expr_or(exprs, *held, ak_expr_and(exprs, demand, text));
    }
    return both;
}

static Part join_sequence(Pattern *self, const Sequence *sequence, Part rest);

/* One of a group's ways and what stands behind the group. */
static Part join_ways(Pattern *self, const Part *group, Part rest) {
    Part all = part(AK_EXPR_NOTHING);
    for (size_t i = 0; i < group->way_count && !self->failed; i++)
        all = either(self->exprs, all, join_sequence(self, &group->ways[i], rest));
    return all;
}

/* The parts one after the other, from the end, and what stands behind them. */
static Part join_sequence(Pattern *self, const Sequence *sequence, Part rest) {
    for (size_t i = sequence->parts.count; i-- > 0 && !self->failed;) {
        const Part *first = &sequence->parts.items[i];
        if (first->ways) rest = join_ways(self, first, rest);
        else rest = first->demand ? look(self->exprs, first->demand, rest) : join(self, *first, rest);
        rest.at = first->at;
    }
    return rest;
}

/* A part that nothing stands behind. */
static Part closed(Pattern *self, Part last) {
    return last.ways ? join_ways(self, &last, part(AK_EXPR_EMPTY)) : last;
}

/* ---- classes */

static const PointRange digit_ranges[] = {{'0', '9'}};
static const PointRange word_ranges[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const PointRange space_ranges[] = {{9, 13},          {' ', ' '},       {0xA0, 0xA0},     {0x1680, 0x1680},
                                          {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F},
                                          {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
static const PointRange line_ends[] = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};

static void add_range(Pattern *self, Ranges *ranges, uint32_t first, uint32_t last) {
    if (!ak_vec_push(self->arena, ranges, ((PointRange){first, last}))) fail_memory(self);
}

static int by_first(const void *a, const void *b) {
    const PointRange *left = a, *right = b;
    return left->first < right->first ? -1 : left->first > right->first;
}

/* Adds `count` ranges, or all points that are in none of them. */
static void add_ranges(Pattern *self, Ranges *to, const PointRange *ranges, size_t count, bool is_negated) {
    if (!is_negated) {
        for (size_t i = 0; i < count; i++) add_range(self, to, ranges[i].first, ranges[i].last);
        return;
    }
    uint32_t next = 0;
    for (size_t i = 0; i < count; i++) { /* sorted by their first points */
        if (ranges[i].first > next) add_range(self, to, next, ranges[i].first - 1);
        if (ranges[i].last >= next) next = ranges[i].last + 1;
    }
    if (next <= LAST_POINT) add_range(self, to, next, LAST_POINT);
}

/* Behind `\p` or `\P`. Names are compared as Unicode does it, without case and underscores. */
static bool take_property(Pattern *self, Ranges *ranges, bool is_negated) {
    size_t from = self->at, close = take(self, "{") ? ak_str_find_byte(self->text, '}', self->at) : SIZE_MAX;
    ananke_error inner = {0};
    Points points = {0};
    if (close == SIZE_MAX) return refuse(self, ANANKE_ERROR_SYNTAX, from, "`\\p` needs a property in braces");
    Str name = ak_str_slice(self->text, self->at, close);
    self->at = close + 1;
    if (!ak_unicode_property(self->arena, name, &points, &inner)) return refuse(self, inner.code, from, inner.message);
    ak_points_tidy(&points);
    add_ranges(self, ranges, points.items, points.count, is_negated);
    return true;
}

/* `\d` and its kin behind the backslash; false when it is none of them. */
static bool take_class(Pattern *self, Ranges *ranges) {
    static const struct {
        char name;
        const PointRange *ranges;
        size_t count;
    } classes[] = {
        {'d', digit_ranges, 1}, {'w', word_ranges, 4}, {'s', space_ranges, sizeof space_ranges / sizeof *space_ranges}};
    char c = peek(self);
    if (take(self, "p") || take(self, "P")) return take_property(self, ranges, c == 'P');
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        bool is_negated = c == classes[i].name - 'a' + 'A';
        if (c != classes[i].name && !is_negated) continue;
        self->at++;
        add_ranges(self, ranges, classes[i].ranges, classes[i].count, is_negated);
        return true;
    }
    return false;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* `count` hexadecimal digits; false (and nothing taken) when they are not there. */
static bool take_hex(Pattern *self, size_t count, uint32_t *value) {
    *value = 0;
    if (self->text.length - self->at < count) return false;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_value(self->text.data[self->at + i]);
        if (digit < 0) return false;
        *value = *value * 16 + (uint32_t)digit;
    }
    self->at += count;
    return true;
}

/* Behind `\u`: four digits, a pair of surrogates, or digits in braces. */
static bool take_unicode(Pattern *self, uint32_t *point) {
    size_t from = self->at;
    if (take(self, "{")) {
        size_t close = ak_str_find_byte(self->text, '}', self->at);
        bool is_whole =
            close != SIZE_MAX && close > self->at && close - self->at <= 6 && take_hex(self, close - self->at, point);
        return (is_whole && *point <= LAST_POINT && take(self, "}")) ||
               refuse(self, ANANKE_ERROR_SYNTAX, from, "malformed `\\u{…}`");
    }
    if (!take_hex(self, 4, point))
        return refuse(self, ANANKE_ERROR_SYNTAX, from, "`\\u` needs four hexadecimal digits");
    uint32_t low = 0;
    if (*point < 0xD800 || *point > 0xDFFF) return true;
    if (*point < 0xDC00 && take(self, "\\u") && take_hex(self, 4, &low) && low >= 0xDC00 && low <= 0xDFFF) {
        *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
        return true;
    }
    return refuse(self, ANANKE_ERROR_UNSUPPORTED, from, "a lone surrogate is no character");
}

/* One character behind a backslash. */
static bool take_escape(Pattern *self, uint32_t *point) {
    static const char names[] = "tnvfr0", values[] = "\t\n\v\f\r\0";
    size_t from = self->at;
    if (at_end(self)) return refuse(self, ANANKE_ERROR_SYNTAX, from, "`\\` at the end");
    char c = self->text.data[self->at++];
    const char *known = strchr(names, c);
    if (c && known) {
        if (c == '0' && peek(self) >= '0' && peek(self) <= '9')
            return refuse(self, ANANKE_ERROR_UNSUPPORTED, from, "octal escapes are not supported");
        return *point = (uint8_t)values[known - names], true;
    }
    if (c == 'x')
        return take_hex(self, 2, point) ||
               refuse(self, ANANKE_ERROR_SYNTAX, from, "`\\x` needs two hexadecimal digits");
    if (c == 'u') return take_unicode(self, point);
    if (c == 'c' && ((peek(self) | 0x20) >= 'a' && (peek(self) | 0x20) <= 'z'))
        return *point = (uint32_t)self->text.data[self->at++] % 32, true;
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), is_number = c >= '1' && c <= '9';
    if (is_number || c == 'k') return refuse(self, ANANKE_ERROR_UNSUPPORTED, from, "back references are not supported");
    if (c == 'b' || c == 'B') return refuse(self, ANANKE_ERROR_UNSUPPORTED, from, "word boundaries are not supported");
    if (is_letter) return refuse(self, ANANKE_ERROR_SYNTAX, from, "ECMA-262 has no such escape");
    self->at--;
    size_t length = ak_utf8_decode(ak_str_slice(self->text, self->at, self->text.length), point);
    self->at += length;
    return length > 0 || refuse(self, ANANKE_ERROR_SYNTAX, from, "malformed UTF-8");
}

/* One character of a pattern as it stands, or an escaped one. */
static bool take_point(Pattern *self, bool in_class, uint32_t *point) {
    if (take(self, "\\")) {
        if (in_class && take(self, "b")) return *point = '\b', true;
        if (in_class && take(self, "-")) return *point = '-', true;
        return take_escape(self, point);
    }
    size_t length = ak_utf8_decode(ak_str_slice(self->text, self->at, self->text.length), point);
    self->at += length;
    return length > 0 || refuse(self, ANANKE_ERROR_SYNTAX, self->at, "malformed UTF-8");
}

static bool take_class_escape(Pattern *self, Ranges *ranges) {
    size_t from = self->at;
    if (take(self, "\\") && take_class(self, ranges)) return true;
    self->at = from;
    return false;
}

static Expr points(Pattern *self, Ranges *ranges, bool is_negated) {
    if (self->failed) return AK_EXPR_FAILED;
    if (ranges->count) qsort(ranges->items, ranges->count, sizeof *ranges->items, by_first);
    Ranges all = {0};
    add_ranges(self, &all, ranges->items, ranges->count, is_negated);
    return self->failed ? AK_EXPR_FAILED : ak_json_character(self->exprs, all.items, all.count);
}

/* Behind `[`. */
static Expr parse_class(Pattern *self) {
    size_t from = self->at;
    bool is_negated = take(self, "^");
    Ranges ranges = {0};
    while (!take(self, "]")) {
        uint32_t first = 0, last = 0;
        if (at_end(self)) return refuse(self, ANANKE_ERROR_SYNTAX, from, "`[` is not closed"), AK_EXPR_FAILED;
        if (take_class_escape(self, &ranges)) continue;
        if (!take_point(self, true, &first)) return AK_EXPR_FAILED;
        last = first;
        Str rest = ak_str_slice(self->text, self->at, self->text.length);
        if (rest.length > 1 && rest.data[0] == '-' && rest.data[1] != ']') {
            self->at++;
            if (take_class_escape(self, &ranges)) add_range(self, &ranges, '-', '-');
            else if (!take_point(self, true, &last)) return AK_EXPR_FAILED;
        }
        if (last < first)
            return refuse(self, ANANKE_ERROR_SYNTAX, from, "a range in `[…]` is out of order"), AK_EXPR_FAILED;
        add_range(self, &ranges, first, last);
    }
    return points(self, &ranges, is_negated);
}

/* ---- terms */

/* The rest of a group that begins at `from`. */
static Part parse_inside(Pattern *self, size_t from) {
    if (++self->depth > DEPTH_MAX)
        return refuse(self, ANANKE_ERROR_LIMIT, from, "groups are nested too deeply"), part(AK_EXPR_FAILED);
    Part inner = parse_choice(self);
    self->depth--;
    if (!take(self, ")")) refuse(self, ANANKE_ERROR_SYNTAX, from, "`(` is not closed");
    return inner;
}

/* Does the group at `from` stand right behind a `^`? */
static bool is_behind_start(const Pattern *self, size_t from) {
    return from > 0 && self->text.data[from - 1] == '^' && (from == 1 || self->text.data[from - 2] != '\\');
}

/* Behind `(?=` or `(?!`: the rest of the text begins with what is inside or, where that holds its end, is that. `^` inside holds where one stands before
 * the group, and is not supported elsewhere. */
static Part parse_look(Pattern *self, size_t from, bool is_negative) {
    Exprs *exprs = self->exprs;
    Part inner = closed(self, parse_inside(self, from)), ahead = part(AK_EXPR_EMPTY);
    bool has_start = inner.by[HELD_START] != AK_EXPR_NOTHING || inner.by[HELD_START | HELD_END] != AK_EXPR_NOTHING;
    if (has_start && !is_behind_start(self, from))
        refuse(self, ANANKE_ERROR_UNSUPPORTED, from, "`^` inside of look-ahead is not supported");
    Expr free = ak_expr_or(exprs, inner.by[0], inner.by[HELD_START]),
         held = ak_expr_or(exprs, inner.by[HELD_END], inner.by[HELD_START | HELD_END]);
    ahead.demand = ak_expr_or(exprs, ak_expr_concat(exprs, free, AK_EXPR_ANYTHING), held);
    if (is_negative) ahead.demand = ak_expr_not(exprs, ahead.demand);
    return ahead;
}

/* `(…)`, behind the parenthesis. */
static Part parse_group(Pattern *self) {
    size_t from = self->at - 1;
    if (!take(self, "?") || take(self, ":")) return parse_inside(self, from);
    if (take(self, "=")) return parse_look(self, from, false);
    if (take(self, "!")) return parse_look(self, from, true);
    if (take(self, "<=") || take(self, "<!"))
        return refuse(self, ANANKE_ERROR_UNSUPPORTED, from, "look-behind is not supported"), part(AK_EXPR_FAILED);
    size_t close = take(self, "<") ? ak_str_find_byte(self->text, '>', self->at) : 0;
    if (close == 0) refuse(self, ANANKE_ERROR_SYNTAX, from, "`(?` begins no group that is known");
    if (close == SIZE_MAX) refuse(self, ANANKE_ERROR_SYNTAX, from, "a group's name is not closed");
    if (self->failed) return part(AK_EXPR_FAILED);
    self->at = close + 1;
    return parse_inside(self, from);
}

static Part parse_atom(Pattern *self) {
    uint32_t point = 0;
    Ranges ranges = {0};
    if (take(self, "^")) return (Part){.by = {AK_EXPR_NOTHING, AK_EXPR_EMPTY, AK_EXPR_NOTHING, AK_EXPR_NOTHING}};
    if (take(self, "$")) return (Part){.by = {AK_EXPR_NOTHING, AK_EXPR_NOTHING, AK_EXPR_EMPTY, AK_EXPR_NOTHING}};
    if (take(self, "(")) return parse_group(self);
    if (take(self, "[")) return part(parse_class(self));
    if (take(self, ".")) {
        add_ranges(self, &ranges, line_ends, sizeof line_ends / sizeof *line_ends, true);
        return part(points(self, &ranges, false));
    }
    if (take_class_escape(self, &ranges)) return part(points(self, &ranges, false));
    char c = peek(self);
    if (c == '*' || c == '+' || c == '?') refuse(self, ANANKE_ERROR_SYNTAX, self->at, "nothing to repeat");
    if (self->failed || !take_point(self, false, &point)) return part(AK_EXPR_FAILED);
    return part(ak_json_character(self->exprs, &(PointRange){point, point}, 1));
}

static bool take_number(Pattern *self, uint32_t *number) {
    size_t from = self->at;
    uint64_t value = 0;
    while (peek(self) >= '0' && peek(self) <= '9') {
        value = value * 10 + (uint64_t)(self->text.data[self->at++] - '0');
        if (value > REPEAT_MAX) value = REPEAT_MAX + 1;
    }
    *number = (uint32_t)value;
    return self->at > from;
}

/* `{2}`, `{2,}`, `{2,5}`; anything else that begins with a brace is a plain character, as browsers have it. */
static bool take_counts(Pattern *self, uint32_t *min, uint32_t *max) {
    size_t from = self->at;
    if (take(self, "{") && take_number(self, min)) {
        *max = *min;
        if (take(self, ",") && !take_number(self, max)) *max = AK_REPEAT_MANY;
        if (take(self, "}")) return true;
    }
    self->at = from;
    return false;
}

static bool take_quantifier(Pattern *self, uint32_t *min, uint32_t *max) {
    size_t from = self->at;
    if (take(self, "*")) *min = 0, *max = AK_REPEAT_MANY;
    else if (take(self, "+")) *min = 1, *max = AK_REPEAT_MANY;
    else if (take(self, "?")) *min = 0, *max = 1;
    else if (!take_counts(self, min, max)) return false;
    take(self, "?"); /* a lazy quantifier matches the same texts */
    if (*min > *max) return refuse(self, ANANKE_ERROR_SYNTAX, from, "a repetition's bounds are out of order");
    if (*min > REPEAT_MAX || (*max > REPEAT_MAX && *max != AK_REPEAT_MANY))
        return refuse(self, ANANKE_ERROR_LIMIT, from, "a repetition is too large");
    return true;
}

/* A part that `^` or `$` is in, repeated: what is held at the start can only come first, what is held at the end only last. An empty one among them counts
 * any number of times. */
static Part repeat_held(Pattern *self, const Part *what, uint32_t min, uint32_t max) {
    Exprs *exprs = self->exprs;
    Part all = part(ak_expr_repeat(exprs, what->by[0], min, max));
    const Expr *by = what->by;
    const int both = HELD_START | HELD_END;
    bool is_nullable = false;
    for (int sides = 0; sides < SIDES; sides++)
        is_nullable = is_nullable || (by[sides] && ak_expr_is_nullable(exprs, by[sides]));
    if (max == 0 || self->failed) return all;
    uint32_t one_less = max == AK_REPEAT_MANY ? max : max - 1,
             two_less = one_less == AK_REPEAT_MANY ? max : one_less - 1;
    if (is_nullable) min = 0;
    Expr inner = ak_expr_repeat(exprs, by[0], min > 1 ? min - 1 : 0, one_less);
    all.by[HELD_START] = ak_expr_concat(exprs, by[HELD_START], inner);
    all.by[HELD_END] = ak_expr_concat(exprs, inner, by[HELD_END]);
    if (min <= 1) all.by[both] = by[both];
    if (max < 2) return all;
    inner = ak_expr_concat(exprs, ak_expr_repeat(exprs, by[0], min > 2 ? min - 2 : 0, two_less), by[HELD_END]);
    all.by[both] = ak_expr_or(exprs, all.by[both], ak_expr_concat(exprs, by[HELD_START], inner));
    return all;
}

static bool push_part(Pattern *self, Sequence *sequence, Part what) {
    sequence->has_look = sequence->has_look || what.demand || what.ways;
    if (!ak_vec_push(self->arena, &sequence->parts, what)) fail_memory(self);
    return !self->failed;
}

/* The parts as one, or nothing. */
static Part maybe(Pattern *self, Sequence parts) {
    Sequence *ways = ak_new_array(self->arena, Sequence, 2);
    if (!ways) return fail_memory(self), part(AK_EXPR_FAILED);
    ways[0] = parts;
    return (Part){.ways = ways, .way_count = 2};
}

/* A part that a look-ahead is in, so many times, written out: each stands before another rest. */
static Part write_out(Pattern *self, Part what, uint32_t min, uint32_t max) {
    Sequence all = {0}, more = {0};
    for (uint32_t i = min; i < max; i++) {
        Sequence one = {0};
        if (!push_part(self, &one, what)) break;
        if (more.parts.count && !push_part(self, &one, maybe(self, more))) break;
        more = one;
    }
    for (uint32_t i = 0; i < min && push_part(self, &all, what); i++) continue;
    if (more.parts.count) push_part(self, &all, maybe(self, more));
    Sequence *ways = ak_new_array(self->arena, Sequence, 1);
    if (!ways) return fail_memory(self), part(AK_EXPR_FAILED);
    *ways = all;
    return (Part){.ways = ways, .way_count = 1};
}

/* `(?:(?!a)(?!b).)`: look-ahead and then one character; what has to follow goes to `*demand`. */
static bool is_watched_character(Pattern *self, const Part *what, Expr *demand, Expr *character) {
    if (what->way_count != 1 || what->ways[0].parts.count < 2) return false;
    const Sequence *way = &what->ways[0];
    size_t last = way->parts.count - 1;
    *demand = AK_EXPR_ANYTHING, *character = way->parts.items[last].by[0];
    for (size_t i = 0; i < last; i++) {
        if (!way->parts.items[i].demand) return false;
        *demand = ak_expr_and(self->exprs, *demand, way->parts.items[i].demand);
    }
    const Part *end = &way->parts.items[last];
    for (int sides = 1; sides < SIDES; sides++) {
        if (end->by[sides] != AK_EXPR_NOTHING) return false;
    }
    return !end->demand && !end->ways && ak_expr_within(self->exprs, *character, ak_json_any_character(self->exprs));
}

/* Such characters up to the end of the text: characters, but no tail of these that breaks the demand. */
static Part repeat_watched(Pattern *self, Expr demand, Expr character, uint32_t min, uint32_t max) {
    Exprs *exprs = self->exprs;
    Expr before = ak_expr_repeat(exprs, character, 0, AK_REPEAT_MANY),
         tail = ak_expr_repeat(exprs, character, 1, AK_REPEAT_MANY);
    Expr broken = ak_expr_concat(exprs, before, ak_expr_and(exprs, tail, ak_expr_not(exprs, demand)));
    Part all = part(AK_EXPR_NOTHING);
    all.by[HELD_END] = ak_expr_and(exprs, ak_expr_repeat(exprs, character, min, max), ak_expr_not(exprs, broken));
    return all;
}

static Part repeat_look(Pattern *self, size_t from, Part what, uint32_t min, uint32_t max) {
    Expr demand, character;
    if (max <= WRITTEN_OUT_MAX) return write_out(self, what, min, max);
    bool is_last = ak_str_equal(ak_str_slice(self->text, self->at, self->text.length), STR("$")) && self->depth == 0;
    if (is_last && is_watched_character(self, &what, &demand, &character))
        return repeat_watched(self, demand, character, min, max);
    return refuse(self, ANANKE_ERROR_UNSUPPORTED, from, "look-ahead that is repeated is not supported here"), what;
}

static Part parse_term(Pattern *self) {
    size_t from = self->at;
    Part what = parse_atom(self);
    uint32_t min = 0, max = 0;
    if (self->failed || !take_quantifier(self, &min, &max) || self->failed) return what;
    return what.demand || what.ways ? repeat_look(self, from, what, min, max) : repeat_held(self, &what, min, max);
}

static Sequence parse_sequence(Pattern *self) {
    Sequence sequence = {0};
    while (!at_end(self) && peek(self) != '|' && peek(self) != ')') {
        size_t from = self->at;
        Part term = parse_term(self);
        if (self->failed) break;
        term.at = from;
        push_part(self, &sequence, term);
    }
    return sequence;
}

static Part parse_choice(Pattern *self) {
    VEC(Sequence) ways = {0};
    bool has_look = false;
    do {
        Sequence sequence = parse_sequence(self);
        has_look = has_look || sequence.has_look;
        if (!ak_vec_push(self->arena, &ways, sequence)) fail_memory(self);
    } while (take(self, "|"));
    Part group = {.ways = ways.items, .way_count = ways.count};
    return has_look ? group : closed(self, group);
}

Expr ak_json_pattern(Exprs *exprs, Arena *arena, Str pattern, ananke_error *err) {
    Pattern self = {.exprs = exprs, .arena = arena, .text = pattern, .err = err};
    Part whole = closed(&self, parse_choice(&self));
    if (!at_end(&self)) refuse(&self, ANANKE_ERROR_SYNTAX, self.at, "`)` without `(`");
    if (self.failed) return AK_EXPR_FAILED;
    Expr any = any_text(exprs), all = AK_EXPR_NOTHING;
    for (int sides = 0; sides < SIDES; sides++) {
        Expr text = whole.by[sides];
        if (!(sides & HELD_START)) text = ak_expr_concat(exprs, any, text);
        if (!(sides & HELD_END)) text = ak_expr_concat(exprs, text, any);
        all = ak_expr_or(exprs, all, text);
    }
    if (all == AK_EXPR_FAILED) ak_exprs_ok(exprs, err);
    return all;
}
