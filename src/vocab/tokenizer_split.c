/* Cutting text into pieces. The pieces of one step are what the next one works on; an empty piece is never kept. */
#include "vocab/tokenizer_split.h"

bool ak_splits_add(Splits *splits, Arena *arena, Str pattern, bool is_literal, SplitBehavior behavior, bool invert,
                   ananke_error *err) {
    SplitStep step = {.behavior = behavior, .invert = invert};
    if (!ak_search_open(&step.search, arena, pattern, is_literal, err)) return false;
    if (ak_vec_push(arena, splits, step)) return true;
    ak_search_close(&step.search);
    return ak_fail_memory(err, arena);
}

bool ak_splits_add_change(Splits *splits, Arena *arena, NormalStep change, ananke_error *err) {
    return ak_vec_push(arena, splits, (SplitStep){.change = change}) || ak_fail_memory(err, arena);
}

void ak_splits_close(Splits *splits) {
    for (size_t i = 0; i < splits->count; i++) ak_search_close(&splits->items[i].search);
    splits->count = 0;
}

/* ---- Cutting. */

typedef struct Cut {
    const SplitStep *step;
    Finder finder;
    Arena *scratch;
    Pieces *out;
    size_t first;    /* index in `out` of this piece's first part */
    size_t begin;    /* where an open part that waits for its rest begins; SIZE_MAX when none */
    bool last_match; /* whether the last part was a match */
} Cut;

static bool keep(Cut *cut, Str text, size_t from, size_t to) {
    return from == to || ak_vec_push(cut->scratch, cut->out, ak_str_slice(text, from, to));
}

static bool has_part(const Cut *cut) {
    return cut->out->count > cut->first;
}

/* Lengthens the last part up to `to`. */
static bool extend(Cut *cut, Str text, size_t to) {
    Str *last = &cut->out->items[cut->out->count - 1];
    last->length = (size_t)(text.data + to - last->data);
    return true;
}

/* Takes the next part [from, to) of the piece; parts come in order and are not empty. */
static bool take_part(Cut *cut, Str text, size_t from, size_t to, bool is_match) {
    is_match = is_match != cut->step->invert;
    bool was_match = cut->last_match;
    cut->last_match = is_match;
    switch (cut->step->behavior) {
    case SPLIT_ISOLATED: return keep(cut, text, from, to);
    case SPLIT_REMOVED: return is_match || keep(cut, text, from, to);
    case SPLIT_CONTIGUOUS:
        return has_part(cut) && was_match == is_match ? extend(cut, text, to) : keep(cut, text, from, to);
    case SPLIT_MERGED_WITH_PREVIOUS:
        return is_match && !was_match && has_part(cut) ? extend(cut, text, to) : keep(cut, text, from, to);
    case SPLIT_MERGED_WITH_NEXT: {
        if (!is_match) {
            size_t begin = cut->begin == SIZE_MAX ? from : cut->begin;
            cut->begin = SIZE_MAX;
            return keep(cut, text, begin, to);
        }
        size_t waiting = cut->begin;
        cut->begin = from;
        return waiting == SIZE_MAX || keep(cut, text, waiting, from);
    }
    }
    return false;
}

static size_t next_char(Str text, size_t at) {
    do at++;
    while (at < text.length && ((uint8_t)text.data[at] & 0xC0) == 0x80);
    return at;
}

static bool cut_piece(Cut *cut, Str text, ananke_error *err) {
    cut->first = cut->out->count, cut->begin = SIZE_MAX, cut->last_match = false;
    size_t done = 0; /* what lies before is in parts */
    for (size_t at = 0; at < text.length;) {
        Found found;
        if (!ak_finder_next(&cut->finder, text, at, &found, err)) return false;
        if (found.from == SIZE_MAX) break;
        size_t from = found.from, to = found.to;
        if (to <= from) { /* an empty match cuts what is before it and is itself no part */
            if (from > done && from < text.length && !take_part(cut, text, done, from, false))
                return ak_fail_memory(err, cut->scratch);
            if (from > done && from < text.length) done = from;
            at = next_char(text, from);
            continue;
        }
        if (from > done && !take_part(cut, text, done, from, false)) return ak_fail_memory(err, cut->scratch);
        if (!take_part(cut, text, from, to, true)) return ak_fail_memory(err, cut->scratch);
        at = done = to;
    }
    if (done < text.length && !take_part(cut, text, done, text.length, false)) return ak_fail_memory(err, cut->scratch);
    if (cut->begin != SIZE_MAX && !keep(cut, text, cut->begin, text.length)) return ak_fail_memory(err, cut->scratch);
    return true;
}

static bool cut_step(const SplitStep *step, const Pieces *in, Arena *scratch, Pieces *out, ananke_error *err) {
    Cut cut = {.step = step, .scratch = scratch, .out = out};
    if (!ak_finder_open(&cut.finder, &step->search, scratch, err)) return false;
    for (size_t i = 0; i < in->count; i++) {
        if (!cut_piece(&cut, in->items[i], err)) return false;
    }
    return true;
}

static bool change_step(const NormalStep *change, Pieces *pieces, Arena *scratch, ananke_error *err) {
    for (size_t i = 0; i < pieces->count; i++) {
        if (!ak_normal_apply(change, &pieces->items[i], scratch, err)) return false;
    }
    return true;
}

bool ak_splits_cut(const Splits *splits, Str text, Arena *scratch, Pieces *pieces, ananke_error *err) {
    *pieces = (Pieces){0};
    if (text.length && !ak_vec_push(scratch, pieces, text)) return ak_fail_memory(err, scratch);
    for (size_t i = 0; i < splits->count; i++) {
        const SplitStep *step = &splits->items[i];
        Pieces parts = {0};
        if (step->search.code ? !cut_step(step, pieces, scratch, &parts, err)
                              : !change_step(&step->change, pieces, scratch, err))
            return false;
        if (step->search.code) *pieces = parts;
    }
    return true;
}
