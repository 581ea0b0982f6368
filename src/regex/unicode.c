/* Properties come out of PCRE2 by letting it find the runs of a property in the text that has every code point once. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "regex/unicode.h"
#include "base/utf8.h"
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Sets */

static int compare_ranges(const void *a, const void *b) {
    const PointRange *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

void ak_points_tidy(Points *points) {
    if (points->count < 2) return;
    qsort(points->items, points->count, sizeof *points->items, compare_ranges);
    size_t kept = 1;
    for (size_t i = 1; i < points->count; i++) {
        PointRange *last = &points->items[kept - 1], range = points->items[i];
        if (range.first > last->last + 1) points->items[kept++] = range;
        else if (range.last > last->last) last->last = range.last;
    }
    points->count = kept;
}

bool ak_points_negate(Arena *arena, Points *points) {
    Points result = {0};
    uint32_t from = 0;
    for (size_t i = 0; i < points->count; i++) {
        PointRange range = points->items[i];
        if (range.first > from && !ak_vec_push(arena, &result, (PointRange){from, range.first - 1})) return false;
        from = range.last + 1;
    }
    if (from <= 0x10FFFF && !ak_vec_push(arena, &result, (PointRange){from, 0x10FFFF})) return false;
    *points = result;
    return true;
}

bool ak_points_intersect(Arena *arena, Points *points, const Points *other) {
    Points result = {0};
    for (size_t i = 0, k = 0; i < points->count && k < other->count;) {
        PointRange a = points->items[i], b = other->items[k];
        PointRange both = {a.first > b.first ? a.first : b.first, a.last < b.last ? a.last : b.last};
        if (both.first <= both.last && !ak_vec_push(arena, &result, both)) return false;
        if (a.last < b.last) i++;
        else k++;
    }
    *points = result;
    return true;
}

/* ---- Case */

/* Upper case first…last; the lower case is `delta` further on. delta 1: upper and lower alternate, upper first. */
static const struct {
    uint32_t first, last, delta;
} case_ranges[] = {
    {'A', 'Z', 32},      {0xC0, 0xD6, 32},    {0xD8, 0xDE, 32},  {0x100, 0x12E, 1},  {0x132, 0x136, 1},
    {0x139, 0x147, 1},   {0x14A, 0x176, 1},   {0x179, 0x17D, 1}, {0x391, 0x3A1, 32}, {0x3A3, 0x3AB, 32},
    {0x400, 0x40F, 80},  {0x410, 0x42F, 32},  {0x460, 0x480, 1}, {0x48A, 0x4BE, 1},  {0x4D0, 0x52E, 1},
    {0x1E00, 0x1E94, 1}, {0x1EA0, 0x1EFE, 1},
};
static const uint32_t case_pairs[][2] = {{0x212A, 'k'},  {0x212A, 'K'},  {0x17F, 's'},  {0x17F, 'S'},
                                         {0x212B, 0xE5}, {0x212B, 0xC5}, {0xB5, 0x3BC}, {0xB5, 0x39C},
                                         {0x178, 0xFF},  {0x3C2, 0x3C3}, {0x3C2, 0x3A3}};

static bool has_point(const Points *points, size_t count, uint32_t point) {
    for (size_t i = 0; i < count; i++) {
        if (points->items[i].first <= point && point <= points->items[i].last) return true;
    }
    return false;
}

bool ak_points_fold(Arena *arena, Points *points) {
    size_t count = points->count;
    for (size_t i = 0; i < sizeof case_ranges / sizeof *case_ranges; i++) {
        uint32_t delta = case_ranges[i].delta, step = delta == 1 ? 2 : 1;
        for (uint32_t upper = case_ranges[i].first; upper <= case_ranges[i].last; upper += step) {
            bool has_upper = has_point(points, count, upper), has_lower = has_point(points, count, upper + delta);
            uint32_t other = has_upper ? upper + delta : upper;
            if (has_upper != has_lower && !ak_vec_push(arena, points, (PointRange){other, other})) return false;
        }
    }
    for (size_t i = 0; i < sizeof case_pairs / sizeof *case_pairs; i++) {
        for (int side = 0; side < 2; side++) {
            uint32_t other = case_pairs[i][!side];
            if (has_point(points, count, case_pairs[i][side]) &&
                !ak_vec_push(arena, points, (PointRange){other, other}))
                return false;
        }
    }
    ak_points_tidy(points);
    return true;
}

/* ---- Properties */

static void *pcre_alloc(PCRE2_SIZE size, void *arena) {
    return ak_arena_alloc(arena, size, 1);
}

static void pcre_free(void *pointer, void *arena) {
    (void)pointer, (void)arena; /* the arena frees all at once */
}

/* Every code point but surrogates, in order. */
static Str all_points(Arena *arena) {
    enum { POINTS_BYTES = 0x80 + 0x780 * 2 + (0xF800 - 0x800) * 3 + 0x100000 * 4 };
    char *text = ak_arena_alloc(arena, POINTS_BYTES, 1);
    size_t length = 0;
    for (uint32_t point = 0; text && point <= 0x10FFFF; point++) length += ak_utf8_encode(point, text + length);
    return (Str){text, length};
}

/* Adds the runs that `code` finds in `text`. */
static bool add_runs(Arena *arena, pcre2_code *code, pcre2_match_data *match, Str text, Points *points) {
    PCRE2_SIZE at = 0;
    while (pcre2_match(code, (PCRE2_SPTR)text.data, text.length, at, PCRE2_NO_UTF_CHECK, match, NULL) > 0) {
        const PCRE2_SIZE *found = pcre2_get_ovector_pointer(match);
        size_t last = found[1] - 1;
        while (((uint8_t)text.data[last] & 0xC0) == 0x80) last--;
        PointRange range = {0};
        ak_utf8_decode(ak_str_slice(text, found[0], found[1]), &range.first);
        ak_utf8_decode(ak_str_slice(text, last, found[1]), &range.last);
        if (range.first < 0xD800 && range.last > 0xDFFF) { /* a run across the surrogates, which are in no text */
            if (!ak_vec_push(arena, points, (PointRange){range.first, 0xD7FF})) return false;
            range.first = 0xE000;
        }
        if (!ak_vec_push(arena, points, range)) return false;
        at = found[1];
    }
    return true;
}

/* Adds the points of a character class that PCRE2 knows; `*is_known` tells whether it does. */
static bool add_class(Arena *arena, const char *pattern, Points *points, bool *is_known) {
    Arena scratch = {.allocator = arena->allocator, .limit = SIZE_MAX};
    int error = 0;
    PCRE2_SIZE error_offset = 0;
    pcre2_general_context *general = pcre2_general_context_create(pcre_alloc, pcre_free, &scratch);
    pcre2_compile_context *compile = general ? pcre2_compile_context_create(general) : NULL;
    pcre2_code *code =
        compile ? pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &error, &error_offset, compile)
                : NULL;
    *is_known = code != NULL;
    bool ok = true;
    if (code) {
        pcre2_match_data *match = pcre2_match_data_create(1, general);
        Str text = match ? all_points(&scratch) : (Str){0};
        ok = text.data && add_runs(arena, code, match, text, points);
    }
    ok = ok && !scratch.failed;
    ak_arena_free(&scratch);
    return ok;
}

/* A pattern of our own making, which PCRE2 knows. */
static bool add_known(Arena *arena, const char *pattern, Points *points, ananke_error *err) {
    bool is_known;
    if (add_class(arena, pattern, points, &is_known) && is_known) return true;
    return arena->failed ? ak_fail_memory(err, arena) : ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
}

bool ak_unicode_word(Arena *arena, Points *points, ananke_error *err) {
    return add_known(arena, "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}]+", points, err);
}

bool ak_unicode_digit(Arena *arena, Points *points, ananke_error *err) {
    return add_known(arena, "\\p{Nd}+", points, err);
}

bool ak_unicode_space(Arena *arena, Points *points) {
    static const PointRange spaces[] = {{9, 13},          {' ', ' '},       {0x85, 0x85},     {0xA0, 0xA0},
                                        {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                                        {0x205F, 0x205F}, {0x3000, 0x3000}};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        if (!ak_vec_push(arena, points, spaces[i])) return false;
    }
    return true;
}

/* General categories by their long names; PCRE2 knows the short ones only. */
static const struct {
    const char *name, *code;
} categories[] = {
    {"letter", "L"},
    {"casedletter", "L&"},
    {"uppercaseletter", "Lu"},
    {"lowercaseletter", "Ll"},
    {"titlecaseletter", "Lt"},
    {"modifierletter", "Lm"},
    {"otherletter", "Lo"},
    {"mark", "M"},
    {"nonspacingmark", "Mn"},
    {"spacingmark", "Mc"},
    {"enclosingmark", "Me"},
    {"number", "N"},
    {"decimalnumber", "Nd"},
    {"digit", "Nd"},
    {"letternumber", "Nl"},
    {"othernumber", "No"},
    {"punctuation", "P"},
    {"connectorpunctuation", "Pc"},
    {"dashpunctuation", "Pd"},
    {"openpunctuation", "Ps"},
    {"closepunctuation", "Pe"},
    {"initialpunctuation", "Pi"},
    {"finalpunctuation", "Pf"},
    {"otherpunctuation", "Po"},
    {"symbol", "S"},
    {"mathsymbol", "Sm"},
    {"currencysymbol", "Sc"},
    {"modifiersymbol", "Sk"},
    {"othersymbol", "So"},
    {"separator", "Z"},
    {"spaceseparator", "Zs"},
    {"lineseparator", "Zl"},
    {"paragraphseparator", "Zp"},
    {"other", "C"},
    {"control", "Cc"},
    {"format", "Cf"},
    {"privateuse", "Co"},
    {"unassigned", "Cn"},
};

/* Lower case, without blanks, dashes and underscores: how Unicode compares names. False for what cannot be a name. */
static bool loose_name(Str name, char *out, size_t size) {
    size_t length = 0;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        if (c == ' ' || c == '-' || c == '_') continue;
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '&') || length + 1 >= size) return false;
        out[length++] = c;
    }
    out[length] = '\0';
    return length > 0;
}

bool ak_unicode_property(Arena *arena, Str name, Points *points, ananke_error *err) {
    size_t equals = ak_str_find_byte(name, '=', 0);
    Str value = equals == SIZE_MAX ? name : ak_str_slice(name, equals + 1, name.length);
    char kind[32] = "", word[64], pattern[96];
    const char *forms[] = {"\\p{sc:%s}+", "\\p{%s}+"};
    if (!loose_name(value, word, sizeof word) ||
        (equals != SIZE_MAX && !loose_name(ak_str_slice(name, 0, equals), kind, sizeof kind)))
        return ak_fail(err, ANANKE_ERROR_SYNTAX, "'%.*s' is not the name of a Unicode property", STR_ARGS(name));
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
        if (strcmp(word, categories[i].name) == 0) snprintf(word, sizeof word, "%s", categories[i].code);
    }
    if (strcmp(word, "any") == 0 && !*kind)
        return ak_vec_push(arena, points, (PointRange){0, 0x10FFFF}) || ak_fail_memory(err, arena);
    if (strcmp(word, "ascii") == 0 && !*kind)
        return ak_vec_push(arena, points, (PointRange){0, 0x7F}) || ak_fail_memory(err, arena);
    if (strcmp(kind, "scx") == 0 || strcmp(kind, "scriptextensions") == 0) forms[0] = "\\p{scx:%s}+";
    for (size_t i = 0; i < 2; i++) {
        bool is_known;
        snprintf(pattern, sizeof pattern, forms[i], word);
        if (!add_class(arena, pattern, points, &is_known))
            return arena->failed ? ak_fail_memory(err, arena) : ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
        if (is_known) return true;
    }
    return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "the Unicode property '%.*s' is not known here", STR_ARGS(name));
}
