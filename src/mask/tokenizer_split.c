/* Cutting text into pieces with PCRE2.
 *
 * Oniguruma and Rust's regex, which tokenizers use, take `\s` as the Unicode property White_Space; PCRE2 adds U+180E to it. So `\s` and `\S`
 * are written out before a pattern is compiled. Nested classes and `&&` mean something else to PCRE2 and are refused by name.
 * The pieces of one step are what the next one cuts; an empty piece is never kept. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "mask/tokenizer_split.h"
#include "base/buf.h"
#include <pcre2.h>

#define WHITE_SPACE "\\t-\\r\\x{85}\\p{Z}"

/* ---- Patterns. */

static void *memory_take(size_t size, void *arena) {
    return ak_arena_alloc(arena, size, 1);
}

static void memory_give(void *pointer, void *arena) {
    (void)pointer, (void)arena; /* goes with the arena */
}

/* Copies one escape (`at` is on the backslash), with white space written out. */
static size_t copy_escape(Buf *out, Str pattern, size_t at, bool in_class) {
    char letter = at + 1 < pattern.length ? pattern.data[at + 1] : '\0';
    if (letter == 's') ak_buf_text(out, in_class ? WHITE_SPACE : "[" WHITE_SPACE "]");
    else if (letter == 'S' && !in_class) ak_buf_text(out, "[^" WHITE_SPACE "]");
    else ak_buf_str(out, ak_str_slice(pattern, at, at + 2));
    return at + 2;
}

/* A bracket in a class that is not the start of [:name:] would open a class in a class. */
static bool is_nesting(Str pattern, size_t at) {
    Str rest = ak_str_slice(pattern, at, pattern.length);
    return ak_str_starts(rest, STR("&&")) || (ak_str_starts(rest, STR("[")) && !ak_str_starts(rest, STR("[:")));
}

/* The pattern as PCRE2 is to see it. */
static bool translate(Buf *out, Str pattern, ananke_error *err) {
    bool in_class = false;
    for (size_t at = 0; at < pattern.length;) {
        char c = pattern.data[at];
        if (c == '\\') {
            at = copy_escape(out, pattern, at, in_class);
            continue;
        }
        if (in_class && is_nesting(pattern, at)) {
            return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "the pattern has a class in a class at byte %zu", at);
        }
        ak_buf_byte(out, c);
        at++;
        if (!in_class && c == '[') {
            in_class = true;
            if (at < pattern.length && pattern.data[at] == '^') ak_buf_byte(out, pattern.data[at++]);
            if (at < pattern.length && pattern.data[at] == ']') ak_buf_byte(out, pattern.data[at++]);
        } else if (in_class && c == ']') {
            in_class = false;
        }
    }
    return true;
}

static bool fail_pattern(ananke_error *err, int problem, size_t at) {
    PCRE2_UCHAR words[120];
    if (pcre2_get_error_message(problem, words, sizeof words) < 0) words[0] = '\0';
    return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "the pattern cannot be used: %s at byte %zu of it",
                   (const char *)words, at);
}

/* Compiles `pattern` into the step, which keeps what is to be known of it. */
static bool add_compiled(Splits *splits, Arena *arena, SplitStep step, Str pattern, uint32_t options,
                         ananke_error *err) {
    pcre2_general_context *general = pcre2_general_context_create(memory_take, memory_give, arena);
    pcre2_compile_context *context = general ? pcre2_compile_context_create(general) : NULL;
    step.pattern = ak_arena_str(arena, step.pattern);
    if (!context || !step.pattern.data) return ak_fail_memory(err, arena);
    int problem = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.length, options, &problem, &at, context);
    if (!code) return ak_arena_ok(arena) ? fail_pattern(err, problem, at) : ak_fail_memory(err, arena);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it the interpreter does the work */
    step.code = code;
    if (ak_arena_ok(arena) && ak_vec_push(arena, splits, step)) return true;
    pcre2_code_free(code);
    return ak_fail_memory(err, arena);
}

bool ak_splits_add(Splits *splits, Arena *arena, Str pattern, SplitBehavior behavior, bool invert, ananke_error *err) {
    Buf translated = {.arena = arena};
    if (!translate(&translated, pattern, err)) return false;
    if (!ak_arena_ok(arena)) return ak_fail_memory(err, arena);
    Str view = translated.length ? ak_buf_view(&translated) : STR("");
    SplitStep step = {.pattern = pattern, .behavior = behavior, .invert = invert};
    return add_compiled(splits, arena, step, view, PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY, err);
}

bool ak_splits_add_literal(Splits *splits, Arena *arena, Str literal, SplitBehavior behavior, bool invert,
                           ananke_error *err) {
    if (!literal.length) return ak_fail(err, ANANKE_ERROR_SYNTAX, "the pattern is empty");
    SplitStep step = {.pattern = literal, .is_literal = true, .behavior = behavior, .invert = invert};
    return add_compiled(splits, arena, step, literal, PCRE2_UTF | PCRE2_LITERAL, err);
}

void ak_splits_close(Splits *splits) {
    for (size_t i = 0; i < splits->count; i++) pcre2_code_free(splits->items[i].code);
    splits->count = 0;
}

/* ---- Cutting. */

typedef struct Cut {
    const SplitStep *step;
    pcre2_match_data *match;
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

static int run_pattern(const Cut *cut, Str text, size_t at) {
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.data ? text.data : "");
    int found = pcre2_match(cut->step->code, subject, text.length, at, PCRE2_NO_UTF_CHECK, cut->match, NULL);
    if (found != PCRE2_ERROR_JIT_STACKLIMIT) return found;
    return pcre2_match(cut->step->code, subject, text.length, at, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, cut->match, NULL);
}

static size_t next_char(Str text, size_t at) {
    do at++;
    while (at < text.length && ((uint8_t)text.data[at] & 0xC0) == 0x80);
    return at;
}

static bool fail_match(const Cut *cut, int problem, size_t at, ananke_error *err) {
    if (!ak_arena_ok(cut->scratch)) return ak_fail_memory(err, cut->scratch);
    return ak_fail(err, ANANKE_ERROR_LIMIT, "the tokenizer's pattern gave up at byte %zu of a piece (PCRE2 error %d)",
                   at, problem);
}

static bool cut_piece(Cut *cut, Str text, ananke_error *err) {
    cut->first = cut->out->count, cut->begin = SIZE_MAX, cut->last_match = false;
    size_t done = 0; /* what lies before is in parts */
    for (size_t at = 0; at < text.length;) {
        int found = run_pattern(cut, text, at);
        if (found == PCRE2_ERROR_NOMATCH) break;
        if (found < 0) return fail_match(cut, found, at, err);
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(cut->match);
        size_t from = ends[0], to = ends[1];
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
    pcre2_general_context *general = pcre2_general_context_create(memory_take, memory_give, scratch);
    pcre2_match_data *match = general ? pcre2_match_data_create(1, general) : NULL;
    if (!match) return ak_fail_memory(err, scratch);
    Cut cut = {.step = step, .match = match, .scratch = scratch, .out = out};
    for (size_t i = 0; i < in->count; i++) {
        if (!cut_piece(&cut, in->items[i], err)) return false;
    }
    return true;
}

bool ak_splits_cut(const Splits *splits, Str text, Arena *scratch, Pieces *pieces, ananke_error *err) {
    *pieces = (Pieces){0};
    if (text.length && !ak_vec_push(scratch, pieces, text)) return ak_fail_memory(err, scratch);
    for (size_t i = 0; i < splits->count; i++) {
        Pieces parts = {0};
        if (!cut_step(&splits->items[i], pieces, scratch, &parts, err)) return false;
        *pieces = parts;
    }
    return true;
}
