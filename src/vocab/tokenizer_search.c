/* Searching with PCRE2.
 *
 * Oniguruma and Rust's regex, which tokenizers use, take `\s` as the Unicode property White_Space; PCRE2 adds U+180E to it. So `\s` and `\S`
 * are written out before a pattern is compiled. Nested classes and `&&` mean something else to PCRE2 and are refused by name. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "vocab/tokenizer_search.h"
#include "base/buf.h"
#include <pcre2.h>

#define WHITE_SPACE "\\t-\\r\\x{85}\\p{Z}"

/* ---- Compiling. */

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

static bool compile(TextSearch *search, Arena *arena, Str pattern, uint32_t options, ananke_error *err) {
    pcre2_general_context *general = pcre2_general_context_create(memory_take, memory_give, arena);
    pcre2_compile_context *context = general ? pcre2_compile_context_create(general) : NULL;
    if (!context) return ak_fail_memory(err, arena);
    int problem = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.length, options, &problem, &at, context);
    if (!code) return ak_arena_ok(arena) ? fail_pattern(err, problem, at) : ak_fail_memory(err, arena);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it the interpreter does the work */
    search->code = code;
    if (ak_arena_ok(arena)) return true;
    ak_search_close(search);
    return ak_fail_memory(err, arena);
}

bool ak_search_open(TextSearch *search, Arena *arena, Str pattern, bool is_literal, ananke_error *err) {
    *search = (TextSearch){.pattern = ak_arena_str(arena, pattern), .is_literal = is_literal};
    if (!search->pattern.data) return ak_fail_memory(err, arena);
    if (is_literal) {
        if (!pattern.length) return ak_fail(err, ANANKE_ERROR_SYNTAX, "the pattern is empty");
        return compile(search, arena, search->pattern, PCRE2_UTF | PCRE2_LITERAL, err);
    }
    Buf translated = {.arena = arena};
    if (!translate(&translated, pattern, err)) return false;
    if (!ak_arena_ok(arena)) return ak_fail_memory(err, arena);
    Str view = translated.length ? ak_buf_view(&translated) : STR("");
    return compile(search, arena, view, PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY, err);
}

void ak_search_close(TextSearch *search) {
    pcre2_code_free(search->code);
    search->code = NULL;
}

/* ---- Finding. */

bool ak_finder_open(Finder *finder, const TextSearch *search, Arena *scratch, ananke_error *err) {
    pcre2_general_context *general = pcre2_general_context_create(memory_take, memory_give, scratch);
    pcre2_match_data *match = general ? pcre2_match_data_create(1, general) : NULL;
    *finder = (Finder){search, match, scratch};
    return match || ak_fail_memory(err, scratch);
}

static int run(const Finder *finder, Str text, size_t at) {
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.data ? text.data : "");
    const pcre2_code *code = finder->search->code;
    int found = pcre2_match(code, subject, text.length, at, PCRE2_NO_UTF_CHECK, finder->match, NULL);
    if (found != PCRE2_ERROR_JIT_STACKLIMIT) return found;
    return pcre2_match(code, subject, text.length, at, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, finder->match, NULL);
}

bool ak_finder_next(Finder *finder, Str text, size_t at, Found *found, ananke_error *err) {
    int result = run(finder, text, at);
    *found = (Found){SIZE_MAX, SIZE_MAX};
    if (result == PCRE2_ERROR_NOMATCH) return true;
    if (!ak_arena_ok(finder->scratch)) return ak_fail_memory(err, finder->scratch);
    if (result < 0)
        return ak_fail(err, ANANKE_ERROR_LIMIT,
                       "the tokenizer's pattern gave up at byte %zu of a piece (PCRE2 error %d)", at, result);
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(finder->match);
    *found = (Found){ends[0], ends[1]};
    return true;
}
