/* Reading and asking sets of tokens. */
#include "mask/token_set.h"
#include "base/bitset.h"
#include <stdlib.h>

typedef VEC(TokenRange) Ranges;

static bool fail(ananke_error *err, Str text, const char *what) {
    return ak_fail(err, ANANKE_ERROR_SYNTAX, "the token %.*s: %s", STR_ARGS(text), what);
}

/* ---- Ranges */

static int compare_ranges(const void *a, const void *b) {
    const TokenRange *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

/* Sorts the ranges and joins those without a gap between them. */
static void join(Ranges *ranges) {
    TokenRange *items = ranges->items;
    size_t kept = 0;
    qsort(items, ranges->count, sizeof *items, compare_ranges);
    for (size_t i = 0; i < ranges->count; i++) {
        if (!kept || items[i].first > items[kept - 1].last + 1) items[kept++] = items[i];
        else if (items[i].last > items[kept - 1].last) items[kept - 1].last = items[i].last;
    }
    ranges->count = kept;
}

/* Adds what lies between `set`'s ranges, of the ids below `size`. */
static bool add_gaps(Ranges *gaps, const TokenSet *set, uint32_t size, Arena *arena) {
    uint32_t next = 0; /* the first id that is not dealt with */
    for (size_t i = 0; i < set->count; i++) {
        TokenRange gap = {next, set->ranges[i].first - 1};
        if (set->ranges[i].first > next && !ak_vec_push(arena, gaps, gap)) return false;
        next = set->ranges[i].last + 1;
    }
    return next >= size || ak_vec_push(arena, gaps, ((TokenRange){next, size - 1}));
}

static bool invert(TokenSet *self, uint32_t size, Arena *arena) {
    Ranges gaps = {0};
    if (!add_gaps(&gaps, self, size, arena)) return false;
    *self = (TokenSet){gaps.items, gaps.count};
    return true;
}

bool ak_token_set_others(TokenSet *self, const ananke_vocab *vocab, Arena *arena) {
    Ranges ranges = {0};
    for (size_t i = 0; i < self->count; i++) {
        if (!ak_vec_push(arena, &ranges, self->ranges[i])) return false;
    }
    for (size_t i = 0; i < vocab->eos_count; i++) {
        if (!ak_vec_push(arena, &ranges, ((TokenRange){vocab->eos[i], vocab->eos[i]}))) return false;
    }
    join(&ranges);
    *self = (TokenSet){ranges.items, ranges.count};
    return invert(self, vocab->size, arena);
}

/* ---- Reading */

static bool read_id(Str digits, uint32_t size, uint32_t *id) {
    uint64_t value = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9') return false;
        value = value * 10 + (uint64_t)(digits.data[i] - '0');
        if (value >= size) return false;
    }
    *id = (uint32_t)value;
    return digits.length > 0;
}

static bool fail_id(ananke_error *err, Str text, uint32_t size) {
    fail(err, text, "an id or a range of ids is wanted, each below the size of the vocabulary");
    return ak_hint(err, "ids go from 0 to %u: <[5]>, <[5-7,9]>", size - 1);
}

/* `5,7-9`: commas between ids and ranges. */
static bool read_list(Ranges *ranges, Str list, Str text, uint32_t size, Arena *arena, ananke_error *err) {
    Str rest = list, piece;
    while (ak_str_split(&rest, ',', &piece)) {
        TokenRange range;
        size_t dash = ak_str_find_byte(piece, '-', 0);
        if (!read_id(ak_str_slice(piece, 0, dash), size, &range.first)) return fail_id(err, text, size);
        range.last = range.first;
        if (dash != SIZE_MAX && !read_id(ak_str_slice(piece, dash + 1, piece.length), size, &range.last))
            return fail_id(err, text, size);
        if (range.first > range.last) return fail(err, text, "this range ends before it begins");
        if (!ak_vec_push(arena, ranges, range)) return ak_fail_memory(err, arena);
    }
    if (!ranges->count) return fail_id(err, text, size);
    join(ranges);
    return true;
}

/* What stands in the square brackets. */
static bool read_ids(TokenSet *self, Str inner, Str text, uint32_t size, Arena *arena, ananke_error *err) {
    bool is_negated = ak_str_starts(inner, STR("^"));
    if (is_negated) inner = ak_str_slice(inner, 1, inner.length);
    Ranges ranges = {0};
    if (ak_str_equal(inner, STR("*"))) {
        if (is_negated) return fail(err, text, "no token at all would match");
        if (!ak_vec_push(arena, &ranges, ((TokenRange){0, size - 1}))) return ak_fail_memory(err, arena);
    } else if (!read_list(&ranges, inner, text, size, arena, err)) {
        return false;
    }
    *self = (TokenSet){ranges.items, ranges.count};
    return !is_negated || invert(self, size, arena) || ak_fail_memory(err, arena);
}

static bool fail_name(Str name, const ananke_vocab *vocab, Arena *arena, ananke_error *err) {
    Str *names = ak_new_array(arena, Str, vocab->name_count);
    if (!names) return ak_fail_memory(err, arena);
    for (size_t i = 0; i < vocab->name_count; i++) names[i] = ak_vocab_name(vocab, &vocab->names[i]);
    Str near = ak_str_nearest(name, names, vocab->name_count);
    fail(err, name, "the vocabulary has no token of that name");
    if (near.length) return ak_hint(err, "did you mean %.*s?", STR_ARGS(near));
    return ak_hint(err, "a token can also be named by its id: <[5]>");
}

bool ak_token_set_read(TokenSet *self, Str text, const ananke_vocab *vocab, Arena *arena, ananke_error *err) {
    *self = (TokenSet){0};
    if (!vocab) return fail(err, text, "there is no vocabulary to find it in");
    if (ak_str_starts(text, STR("<[")) && text.length >= 4 && text.data[text.length - 2] == ']')
        return read_ids(self, ak_str_slice(text, 2, text.length - 2), text, vocab->size, arena, err);
    TokenRange *range = ak_new(arena, TokenRange);
    if (!range) return ak_fail_memory(err, arena);
    if (!ananke_vocab_find(vocab, text.data, text.length, &range->first)) return fail_name(text, vocab, arena, err);
    range->last = range->first;
    *self = (TokenSet){range, 1};
    return true;
}

/* ---- Questions */

bool ak_token_set_has(const TokenSet *self, uint32_t token) {
    size_t low = 0, high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (self->ranges[middle].last < token) low = middle + 1;
        else high = middle;
    }
    return low < self->count && self->ranges[low].first <= token;
}

void ak_token_set_fill(const TokenSet *self, uint32_t *row) {
    for (size_t i = 0; i < self->count; i++) {
        for (uint32_t token = self->ranges[i].first; token <= self->ranges[i].last; token++) ak_bits_set(row, token);
    }
}
