/* Recursive descent over the text of a regular expression. A part knows whether it begins with `^` or ends with `$`:
 * such a part may only stand where that changes nothing. A look-ahead is a demand on all that follows it, so it may
 * stand only where that is the rest of its own sequence. */
#include "regex/regex.h"
#include "base/bitset.h"
#include "base/utf8.h"
#include "regex/unicode.h"

enum { MAX_DEPTH = 200, MAX_COUNT = 100000 };

typedef struct Flags {
    bool ignore_case, dot_all, multi_line, extended, bytes; /* i s m x and (?-u) */
} Flags;

typedef struct Reader {
    Exprs *exprs;
    Arena *arena;
    const RegexText *regex;
    Str text;
    size_t at;
    Flags flags;
    int depth;
    bool is_ahead; /* inside a look-ahead */
    ananke_error *err;
} Reader;

/* An expression with what its edges demand. */
typedef struct Part {
    Expr expr; /* AK_EXPR_FAILED: `err` is filled */
    bool has_start, has_end;
    bool is_look;  /* a look-ahead: `expr` is what the rest must match too */
    bool has_look; /* one is inside: nothing may follow */
} Part;

static const Part failed_part = {0};

/* ---- Reading */

static Expr fail_at(Reader *self, ananke_error_code code, size_t at, const char *what) {
    const RegexText *regex = self->regex;
    ak_fail_at(self->err, code, regex->file, regex->source, regex->offset + at, "%s", what);
    return AK_EXPR_FAILED;
}

static Expr syntax(Reader *self, size_t at, const char *what) {
    return fail_at(self, ANANKE_ERROR_SYNTAX, at, what);
}

static Expr no_memory(Reader *self) {
    ak_exprs_ok(self->exprs, self->err);
    return AK_EXPR_FAILED;
}

static bool is_end(const Reader *self) {
    return self->at >= self->text.length;
}

static char peek(const Reader *self) {
    return is_end(self) ? '\0' : self->text.data[self->at];
}

static bool looking_at(const Reader *self, const char *word) {
    return ak_str_starts(ak_str_slice(self->text, self->at, self->text.length), ak_str(word));
}

static bool accept(Reader *self, const char *word) {
    if (!looking_at(self, word)) return false;
    self->at += strlen(word);
    return true;
}

/* With flag x, blanks and comments mean nothing. */
static void skip_blanks(Reader *self) {
    while (self->flags.extended && !is_end(self)) {
        if (strchr(" \t\n\r\f\v", peek(self))) {
            self->at++;
        } else if (peek(self) == '#') {
            while (!is_end(self) && peek(self) != '\n') self->at++;
        } else {
            return;
        }
    }
}

/* The next character. The text is valid UTF-8: checked at the beginning. */
static uint32_t next_point(Reader *self) {
    uint32_t point = 0;
    self->at += ak_utf8_decode(ak_str_slice(self->text, self->at, self->text.length), &point);
    return point;
}

static int digit_value(char c, int base) {
    int value = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : 99;
    return value < base ? value : -1;
}

/* `{` hex digits `}`, or exactly `width` of them. */
static bool read_hex(Reader *self, int width, uint32_t *point) {
    size_t at = self->at;
    bool braced = accept(self, "{");
    int count = 0;
    *point = 0;
    while ((braced || count < width) && digit_value(peek(self), 16) >= 0 && count < 8) {
        *point = *point * 16 + (uint32_t)digit_value(peek(self), 16);
        self->at++, count++;
    }
    if (count == 0 || (!braced && count < width) || (braced && !accept(self, "}")))
        return syntax(self, at, "malformed hexadecimal escape") != 0;
    if (*point > 0x10FFFF || (*point >= 0xD800 && *point <= 0xDFFF))
        return syntax(self, at, "this is not a Unicode character") != 0;
    return true;
}

/* ---- Classes */

static bool add_range(Reader *self, Points *points, uint32_t first, uint32_t last) {
    return ak_vec_push(self->arena, points, (PointRange){first, last}) || no_memory(self);
}

/* \d \w \s and their negations, whole Unicode or ASCII only. */
static bool add_perl_class(Reader *self, char letter, Points *points) {
    Points found = {0};
    bool ok = true;
    char kind = letter | 32;
    if (self->flags.bytes) {
        ok = kind == 's' ? add_range(self, &found, 9, 13) && add_range(self, &found, ' ', ' ')
                         : add_range(self, &found, '0', '9');
        if (kind == 'w')
            ok = ok && add_range(self, &found, 'A', 'Z') && add_range(self, &found, '_', '_') &&
                 add_range(self, &found, 'a', 'z');
    } else {
        ok = kind == 's'   ? ak_unicode_space(self->arena, &found) || no_memory(self)
             : kind == 'd' ? ak_unicode_digit(self->arena, &found, self->err)
                           : ak_unicode_word(self->arena, &found, self->err);
    }
    ak_points_tidy(&found);
    if (ok && !(letter & 32)) ok = ak_points_negate(self->arena, &found) || no_memory(self);
    for (size_t i = 0; ok && i < found.count; i++)
        ok = add_range(self, points, found.items[i].first, found.items[i].last);
    return ok;
}

/* \pL \p{…} \p{^…} \P… ; the backslash and the letter are read. */
static bool add_property(Reader *self, bool negated, Points *points) {
    size_t from = self->at;
    Str name;
    if (accept(self, "{")) {
        if (accept(self, "^")) negated = !negated;
        size_t end = ak_str_find_byte(self->text, '}', self->at);
        if (end == SIZE_MAX) return syntax(self, from, "'\\p{' without '}'") != 0;
        name = ak_str_slice(self->text, self->at, end);
        self->at = end + 1;
    } else {
        if (is_end(self)) return syntax(self, from, "'\\p' needs the name of a property") != 0;
        name = ak_str_slice(self->text, self->at, self->at + 1);
        next_point(self);
    }
    ananke_error inner = {0};
    Points found = {0};
    if (!ak_unicode_property(self->arena, name, &found, &inner))
        return fail_at(self, inner.code, from, inner.message) != 0;
    ak_points_tidy(&found);
    if (negated && !ak_points_negate(self->arena, &found)) return no_memory(self) != 0;
    for (size_t i = 0; i < found.count; i++) {
        if (!add_range(self, points, found.items[i].first, found.items[i].last)) return false;
    }
    return true;
}

/* What an escape stands for. */
typedef enum EscapeKind { ESCAPE_FAILED, ESCAPE_POINT, ESCAPE_CLASS, ESCAPE_START, ESCAPE_END } EscapeKind;

static EscapeKind fail_escape(Reader *self, ananke_error_code code, size_t at, const char *what) {
    fail_at(self, code, at, what);
    return ESCAPE_FAILED;
}

/* Reads an escape; the backslash is read. A single character goes into `*point`, a class into `points`. */
static EscapeKind read_escape(Reader *self, uint32_t *point, Points *points) {
    static const char plain[] = "nrtfva0", values[] = "\n\r\t\f\v\a";
    size_t at = self->at - 1;
    if (is_end(self)) return fail_escape(self, ANANKE_ERROR_SYNTAX, at, "a backslash at the end");
    uint32_t c = next_point(self);
    const char *found = c < 0x80 && c ? strchr(plain, (int)c) : NULL;
    if (found && c != '0') return *point = (uint32_t)values[found - plain], ESCAPE_POINT;
    switch (c) {
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 's':
    case 'S': return add_perl_class(self, (char)c, points) ? ESCAPE_CLASS : ESCAPE_FAILED;
    case 'p':
    case 'P': return add_property(self, c == 'P', points) ? ESCAPE_CLASS : ESCAPE_FAILED;
    case 'x': return read_hex(self, 2, point) ? ESCAPE_POINT : ESCAPE_FAILED;
    case 'u': return read_hex(self, 4, point) ? ESCAPE_POINT : ESCAPE_FAILED;
    case 'U': return read_hex(self, 8, point) ? ESCAPE_POINT : ESCAPE_FAILED;
    case 'A': return ESCAPE_START;
    case 'z': return ESCAPE_END;
    case 'b':
    case 'B':
        return fail_escape(self, ANANKE_ERROR_UNSUPPORTED, at,
                           "word boundaries (\\b, \\B) are not supported in grammars");
    default: break;
    }
    if (c >= '0' && c <= '9')
        return fail_escape(self, ANANKE_ERROR_UNSUPPORTED, at, "back-references are not supported in grammars");
    if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return fail_escape(self, ANANKE_ERROR_SYNTAX, at, "unknown escape");
    return *point = c, ESCAPE_POINT;
}

/* [:alpha:] and kin; false without an error when this is none. */
static bool read_posix(Reader *self, Points *points, bool *ok) {
    static const struct {
        const char *name;
        PointRange ranges[4];
        int count;
    } classes[] = {{"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, 3},
                   {"alpha", {{'A', 'Z'}, {'a', 'z'}}, 2},
                   {"ascii", {{0, 0x7F}}, 1},
                   {"blank", {{'\t', '\t'}, {' ', ' '}}, 2},
                   {"cntrl", {{0, 0x1F}, {0x7F, 0x7F}}, 2},
                   {"digit", {{'0', '9'}}, 1},
                   {"graph", {{'!', '~'}}, 1},
                   {"lower", {{'a', 'z'}}, 1},
                   {"print", {{' ', '~'}}, 1},
                   {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, 4},
                   {"space", {{'\t', '\r'}, {' ', ' '}}, 2},
                   {"upper", {{'A', 'Z'}}, 1},
                   {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, 4},
                   {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, 3}};
    size_t before = self->at;
    if (!accept(self, "[:")) return false;
    bool negated = accept(self, "^");
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size_t length = strlen(classes[i].name);
        if (!looking_at(self, classes[i].name) || self->text.length < self->at + length + 2) continue;
        if (memcmp(self->text.data + self->at + length, ":]", 2) != 0) continue;
        self->at += length + 2;
        Points found = {0};
        for (int k = 0; k < classes[i].count; k++)
            *ok = *ok && add_range(self, &found, classes[i].ranges[k].first, classes[i].ranges[k].last);
        if (negated) *ok = *ok && (ak_points_negate(self->arena, &found) || no_memory(self));
        for (size_t k = 0; *ok && k < found.count; k++)
            *ok = add_range(self, points, found.items[k].first, found.items[k].last);
        return true;
    }
    self->at = before;
    return false;
}

static bool read_class(Reader *self, Points *points);

/* One member of a class: a character, a range, an escape, a nested class. */
static bool read_member(Reader *self, Points *points) {
    bool ok = true;
    if (looking_at(self, "[")) {
        if (read_posix(self, points, &ok)) return ok;
        self->at++;
        return read_class(self, points);
    }
    uint32_t first, last;
    size_t at = self->at;
    if (accept(self, "\\")) {
        EscapeKind kind = read_escape(self, &first, points);
        if (kind == ESCAPE_CLASS) return true;
        if (kind == ESCAPE_START || kind == ESCAPE_END) return syntax(self, at, "an anchor cannot be in a class") != 0;
        if (kind == ESCAPE_FAILED) return false;
    } else {
        first = next_point(self);
    }
    last = first;
    skip_blanks(self);
    if (peek(self) == '-' && !looking_at(self, "-]") && !looking_at(self, "--") && self->at + 1 < self->text.length) {
        self->at++;
        skip_blanks(self);
        if (accept(self, "\\")) {
            Points none = {0};
            EscapeKind kind = read_escape(self, &last, &none);
            if (kind == ESCAPE_FAILED) return false;
            if (kind != ESCAPE_POINT) return syntax(self, at, "a range needs a character at each end") != 0;
        } else {
            last = next_point(self);
        }
    }
    if (last < first) return syntax(self, at, "this range ends before it begins") != 0;
    return add_range(self, points, first, last);
}

/* The right side of && -- ~~ : members up to the next operator or the end of the class. */
static bool read_members(Reader *self, Points *points) {
    for (bool is_first = true;; is_first = false) {
        skip_blanks(self);
        if (is_end(self)) return syntax(self, self->at, "a character class without ']'") != 0;
        if (peek(self) == ']' && !is_first) break;
        if (looking_at(self, "&&") || looking_at(self, "--") || looking_at(self, "~~")) break;
        if (peek(self) == ']' && self->text.data[self->at - 1] != '[' && self->text.data[self->at - 1] != '^') break;
        if (!read_member(self, points)) return false;
    }
    if (self->flags.ignore_case && !ak_points_fold(self->arena, points)) return no_memory(self) != 0;
    ak_points_tidy(points);
    return true;
}

static bool combine(Reader *self, Points *left, Points *right, char operator) {
    Points not_left = *left, not_right = *right, rest = *right;
    if (operator== '&') return ak_points_intersect(self->arena, left, right);
    if (!ak_points_negate(self->arena, &not_right) || !ak_points_negate(self->arena, &not_left)) return false;
    if (!ak_points_intersect(self->arena, left, &not_right)) return false;
    if (operator== '-') return true;
    if (!ak_points_intersect(self->arena, &rest, &not_left)) return false;
    for (size_t i = 0; i < rest.count; i++) {
        if (!ak_vec_push(self->arena, left, rest.items[i])) return false;
    }
    ak_points_tidy(left);
    return true;
}

/* The rest of a class behind its '['. */
static bool read_class(Reader *self, Points *points) {
    size_t at = self->at - 1;
    if (++self->depth > MAX_DEPTH) return syntax(self, at, "character classes are nested too deeply") != 0;
    bool negated = accept(self, "^");
    Points left = {0};
    if (!read_members(self, &left)) return false;
    while (peek(self) != ']') {
        char operator= peek(self);
        self->at += 2;
        Points right = {0};
        if (!read_members(self, &right)) return false;
        if (!combine(self, &left, &right, operator)) return no_memory(self) != 0;
    }
    self->at++, self->depth--;
    if (negated && !ak_points_negate(self->arena, &left)) return no_memory(self) != 0;
    for (size_t i = 0; i < left.count; i++) {
        if (!add_range(self, points, left.items[i].first, left.items[i].last)) return false;
    }
    return true;
}

/* Points to an expression, in either case when flag i holds. */
static Expr class_expr(Reader *self, Points *points) {
    if (self->flags.ignore_case && !ak_points_fold(self->arena, points)) return no_memory(self);
    ak_points_tidy(points);
    Expr expr = ak_expr_points(self->exprs, points->items, points->count);
    return expr ? expr : no_memory(self);
}

static Expr point_expr(Reader *self, uint32_t point) {
    Points points = {0};
    return add_range(self, &points, point, point) ? class_expr(self, &points) : (Expr)AK_EXPR_FAILED;
}

/* ---- Groups */

static Part read_choice(Reader *self);

/* Flags as in (?i-s) or (?i:…); reads up to ':' or ')'. */
static bool read_flags(Reader *self) {
    bool on = true;
    for (size_t at = self->at; !is_end(self); at = self->at) {
        char c = self->text.data[self->at++];
        switch (c) {
        case ':':
        case ')': self->at--; return true;
        case '-': on = false; break;
        case 'i': self->flags.ignore_case = on; break;
        case 's': self->flags.dot_all = on; break;
        case 'm': self->flags.multi_line = on; break;
        case 'x': self->flags.extended = on; break;
        case 'u': self->flags.bytes = !on; break;
        case 'U':
        case 'R': break; /* greediness and line ends: without meaning for a set of texts */
        default: return syntax(self, at, "unknown flag") != 0;
        }
    }
    return syntax(self, self->at, "a group without ')'") != 0;
}

static bool read_name(Reader *self, size_t at) {
    size_t from = self->at, end = ak_str_find_byte(self->text, '>', self->at);
    if (end == SIZE_MAX || end == from) return syntax(self, at, "a group's name needs '>'") != 0;
    self->at = end + 1;
    return true;
}

/* What follows "(?": false on errors; `*is_done` when it was flags for the rest of the enclosing group. */
static bool read_group_head(Reader *self, size_t at, bool *is_done) {
    static const struct {
        const char *mark, *what;
    } unsupported[] = {{"=", "look-ahead, (?=…), is not supported in grammars"},
                       {"!", "negative look-ahead, (?!…), is not supported in grammars"},
                       {"<=", "look-behind, (?<=…), is not supported in grammars"},
                       {"<!", "negative look-behind, (?<!…), is not supported in grammars"},
                       {">", "atomic groups, (?>…), are not supported in grammars"},
                       {"P=", "back-references are not supported in grammars"}};
    *is_done = false;
    for (size_t i = 0; i < sizeof unsupported / sizeof *unsupported; i++) {
        if (looking_at(self, unsupported[i].mark))
            return fail_at(self, ANANKE_ERROR_UNSUPPORTED, at, unsupported[i].what) != 0;
    }
    if (accept(self, "P<") || accept(self, "<")) return read_name(self, at);
    if (!read_flags(self)) return false;
    *is_done = peek(self) == ')';
    self->at++;
    return true;
}

/* Behind "(?=" or "(?!": A of the first lets the rest begin with A only, of the second never. */
static Part read_look_ahead(Reader *self, size_t at, bool is_negative) {
    Flags before = self->flags;
    if (self->is_ahead)
        return fail_at(self, ANANKE_ERROR_UNSUPPORTED, at, "look-ahead inside of look-ahead is not supported"),
               failed_part;
    self->is_ahead = true;
    Part part = read_choice(self);
    self->is_ahead = false, self->flags = before;
    if (!part.expr) return failed_part;
    if (!accept(self, ")")) return syntax(self, at, "'(' without ')'"), failed_part;
    if (part.has_start || part.has_end)
        return fail_at(self, ANANKE_ERROR_UNSUPPORTED, at, "anchors inside of look-ahead are not supported"),
               failed_part;
    Expr demand = ak_expr_concat(self->exprs, part.expr, AK_EXPR_ANYTHING);
    if (is_negative) demand = ak_expr_not(self->exprs, demand);
    if (!demand) no_memory(self);
    return (Part){.expr = demand, .is_look = true};
}

/* What (?P<stop>A) matches: as in llguidance it ends as soon as it may. Its texts are those of A that no shorter one
 * begins; that it is hidden means nothing in a lexeme that is not taken back. */
static Part first_stop(Reader *self, Part part, size_t at) {
    if (part.has_look)
        return fail_at(self, ANANKE_ERROR_UNSUPPORTED, at, "look-ahead inside of (?P<stop>…) is not supported"),
               failed_part;
    if (ak_expr_is_nullable(self->exprs, part.expr)) return part.expr = AK_EXPR_EMPTY, part;
    Expr longer = ak_expr_concat(self->exprs, part.expr, ak_expr_not(self->exprs, AK_EXPR_EMPTY));
    part.expr = ak_expr_and(self->exprs, part.expr, ak_expr_not(self->exprs, longer));
    if (!part.expr) no_memory(self);
    return part;
}

/* Behind '('. Flags set inside end with the group, unless it is (?flags). */
static Part read_group(Reader *self) {
    size_t at = self->at - 1;
    Flags before = self->flags;
    bool is_done;
    if (self->regex->is_whole && accept(self, "?=")) return read_look_ahead(self, at, false);
    if (self->regex->is_whole && accept(self, "?!")) return read_look_ahead(self, at, true);
    bool is_stop = looking_at(self, "?P<stop>") || looking_at(self, "?<stop>");
    if (accept(self, "?")) {
        if (!read_group_head(self, at, &is_done)) return failed_part;
        if (is_done) return (Part){.expr = AK_EXPR_EMPTY};
    }
    Part part = read_choice(self);
    self->flags = before;
    if (part.expr && !accept(self, ")")) return syntax(self, at, "'(' without ')'"), failed_part;
    return part.expr && is_stop ? first_stop(self, part, at) : part;
}

/* ---- Atoms, repetition, sequence, choice */

static Part read_atom(Reader *self) {
    size_t at = self->at;
    uint32_t point = next_point(self);
    Points points = {0};
    switch (point) {
    case '(': return read_group(self);
    case '^': return (Part){.expr = AK_EXPR_EMPTY, .has_start = true};
    case '$': return (Part){.expr = AK_EXPR_EMPTY, .has_end = true};
    case '[': return (Part){.expr = read_class(self, &points) ? class_expr(self, &points) : (Expr)AK_EXPR_FAILED};
    case '.':
        if (!self->flags.dot_all && !add_range(self, &points, 0, '\n' - 1)) return failed_part;
        if (!add_range(self, &points, self->flags.dot_all ? 0 : '\n' + 1, 0x10FFFF)) return failed_part;
        return (Part){.expr = class_expr(self, &points)};
    case '*':
    case '+':
    case '?':
    case '{': return syntax(self, at, "nothing to repeat here"), failed_part;
    case '\\': break;
    default: return (Part){.expr = point_expr(self, point)};
    }
    switch (read_escape(self, &point, &points)) {
    case ESCAPE_POINT: return (Part){.expr = point_expr(self, point)};
    case ESCAPE_CLASS: return (Part){.expr = class_expr(self, &points)};
    case ESCAPE_START: return (Part){.expr = AK_EXPR_EMPTY, .has_start = true};
    case ESCAPE_END: return (Part){.expr = AK_EXPR_EMPTY, .has_end = true};
    case ESCAPE_FAILED: break;
    }
    return failed_part;
}

/* A decimal count; false when there is none. */
static bool read_count(Reader *self, uint32_t *count) {
    size_t from = self->at;
    *count = 0;
    while (digit_value(peek(self), 10) >= 0 && *count <= MAX_COUNT)
        *count = *count * 10 + (uint32_t)(self->text.data[self->at++] - '0');
    return self->at > from;
}

/* Behind '{': m} m,} m,n} ,n} */
static bool read_counts(Reader *self, uint32_t *min, uint32_t *max) {
    size_t at = self->at - 1;
    bool has_min = read_count(self, min), has_max = has_min;
    *max = *min;
    if (accept(self, ",") && !read_count(self, max)) *max = AK_REPEAT_MANY, has_max = has_min;
    else has_max = has_max || *max;
    if ((!has_min && !has_max) || !accept(self, "}"))
        return syntax(self, at, "malformed count: use {m}, {m,} or {m,n}") != 0;
    if (*min > *max) return syntax(self, at, "the count's lower end is above its upper end") != 0;
    if (*min > MAX_COUNT || (*max > MAX_COUNT && *max != AK_REPEAT_MANY))
        return syntax(self, at, "a count may be 100000 at most") != 0;
    return true;
}

static Part read_repeat(Reader *self) {
    Part part = read_atom(self);
    for (skip_blanks(self); part.expr && !is_end(self); skip_blanks(self)) {
        size_t at = self->at;
        uint32_t min = 0, max = AK_REPEAT_MANY;
        if (accept(self, "+")) min = 1;
        else if (accept(self, "?")) max = 1;
        else if (accept(self, "{")) {
            if (!read_counts(self, &min, &max)) return failed_part;
        } else if (!accept(self, "*")) break;
        skip_blanks(self);
        accept(self, "?"); /* lazy: the same texts */
        if (part.has_start || part.has_end)
            return fail_at(self, ANANKE_ERROR_UNSUPPORTED, at, "an anchor cannot be repeated"), failed_part;
        if (part.is_look || part.has_look)
            return fail_at(self, ANANKE_ERROR_UNSUPPORTED, at, "look-ahead cannot be repeated"), failed_part;
        part.expr = ak_expr_repeat(self->exprs, part.expr, min, max);
        if (!part.expr) no_memory(self);
    }
    return part;
}

typedef VEC(Part) Parts;

/* The parts one after the other, from the end: so sequences are cheapest to build, and a look-ahead meets the rest. */
static Expr join(Reader *self, const Parts *parts) {
    Expr rest = AK_EXPR_EMPTY;
    for (size_t i = parts->count; i-- > 0;) {
        Part part = parts->items[i];
        rest = part.is_look ? ak_expr_and(self->exprs, part.expr, rest) : ak_expr_concat(self->exprs, part.expr, rest);
    }
    return rest;
}

static Part read_sequence(Reader *self) {
    Parts parts = {0};
    Part whole = {.expr = AK_EXPR_EMPTY};
    bool is_first = true, closed_look = false; /* in a group that has ended */
    for (skip_blanks(self); !is_end(self) && peek(self) != '|' && peek(self) != ')'; skip_blanks(self)) {
        size_t at = self->at;
        Part part = read_repeat(self);
        if (!part.expr) return failed_part;
        if ((part.has_start && !is_first) || (whole.has_end && part.expr != AK_EXPR_EMPTY)) {
            return fail_at(self, ANANKE_ERROR_UNSUPPORTED, at,
                           "anchors are supported at the edges of an expression only"),
                   failed_part;
        }
        if (closed_look && part.expr != AK_EXPR_EMPTY) {
            return fail_at(self, ANANKE_ERROR_UNSUPPORTED, at, "look-ahead does not see what stands behind its group"),
                   failed_part;
        }
        whole.has_start = whole.has_start || part.has_start, whole.has_end = whole.has_end || part.has_end;
        closed_look = closed_look || part.has_look;
        whole.has_look = closed_look || whole.has_look || part.is_look;
        is_first = is_first && part.expr == AK_EXPR_EMPTY;
        if (!ak_vec_push(self->arena, &parts, part)) return no_memory(self), failed_part;
    }
    whole.expr = join(self, &parts);
    if (!whole.expr) no_memory(self);
    return whole;
}

static Part read_choice(Reader *self) {
    VEC(Expr) items = {0};
    Part whole = {.expr = AK_EXPR_EMPTY};
    if (++self->depth > MAX_DEPTH) return syntax(self, self->at, "groups are nested too deeply"), failed_part;
    do {
        Part part = read_sequence(self);
        if (!part.expr) return failed_part;
        whole.has_start = whole.has_start || part.has_start, whole.has_end = whole.has_end || part.has_end;
        whole.has_look = whole.has_look || part.has_look;
        if (!ak_vec_push(self->arena, &items, part.expr)) return no_memory(self), failed_part;
    } while (accept(self, "|"));
    self->depth--;
    whole.expr = ak_expr_or_all(self->exprs, items.items, items.count);
    if (!whole.expr) no_memory(self);
    return whole;
}

static void set_flags(Reader *self, const char *flags) {
    for (; flags && *flags; flags++) {
        self->flags.ignore_case = self->flags.ignore_case || *flags == 'i';
        self->flags.dot_all = self->flags.dot_all || *flags == 's';
        self->flags.multi_line = self->flags.multi_line || *flags == 'm';
        self->flags.extended = self->flags.extended || *flags == 'x';
    }
}

Expr ak_regex_parse(Exprs *exprs, const RegexText *regex, ananke_error *err) {
    Reader self = {.exprs = exprs, .arena = exprs->arena, .regex = regex, .text = regex->text, .err = err};
    ananke_error unwanted = {0};
    if (!err) self.err = &unwanted;
    size_t invalid = ak_utf8_invalid(regex->text);
    if (invalid != SIZE_MAX) return syntax(&self, invalid, "the expression is not valid UTF-8");
    set_flags(&self, regex->flags);
    Part part = read_choice(&self);
    if (part.expr && !is_end(&self)) return syntax(&self, self.at, "')' without '('");
    return part.expr;
}

Expr ak_regex_literal_nocase(Exprs *exprs, Str text) {
    RegexText regex = {.text = text, .source = text};
    ananke_error unwanted = {0};
    Reader self = {.exprs = exprs,
                   .arena = exprs->arena,
                   .regex = &regex,
                   .text = text,
                   .flags = {.ignore_case = true},
                   .err = &unwanted};
    VEC(Expr) items = {0};
    while (!is_end(&self)) {
        if (!ak_vec_push(exprs->arena, &items, point_expr(&self, next_point(&self)))) return AK_EXPR_FAILED;
    }
    return ak_expr_concat_all(exprs, items.items, items.count);
}
