/* Normalising text. The Unicode forms are utf8proc's; text below U+0300 is composed already and ASCII is in every form, so
 * that source code hardly ever gets there. */
#include "vocab/tokenizer_normal.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "vocab/charsmap.h"
#include <assert.h>
#include <utf8proc.h>

/* ---- Unicode forms. */

static bool is_below(Str text, uint8_t lead) {
    for (size_t i = 0; i < text.length; i++) {
        if ((uint8_t)text.data[i] >= lead) return false;
    }
    return true;
}

static utf8proc_option_t form_options(NormalKind kind) {
    switch (kind) {
    case NORMAL_NFC: return UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    case NORMAL_NFD: return UTF8PROC_STABLE | UTF8PROC_DECOMPOSE;
    case NORMAL_NFKC: return UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    default: return UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
    }
}

/* utf8proc works in a buffer of code points and writes UTF-8 over it. */
static bool apply_form(NormalKind kind, Str *text, Arena *scratch, ananke_error *err) {
    enum { FIRST_OF_U0300 = 0xCC, FIRST_OF_U0080 = 0x80 };
    if (is_below(*text, kind == NORMAL_NFC ? FIRST_OF_U0300 : FIRST_OF_U0080)) return true;
    utf8proc_option_t options = form_options(kind);
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text->data;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, (utf8proc_ssize_t)text->length, NULL, 0, options);
    if (count < 0) return ak_fail(err, ANANKE_ERROR_SYNTAX, "text cannot be normalised: %s", utf8proc_errmsg(count));
    utf8proc_int32_t *points = ak_new_array(scratch, utf8proc_int32_t, (size_t)count + 1);
    if (!points) return ak_fail_memory(err, scratch);
    count = utf8proc_decompose(bytes, (utf8proc_ssize_t)text->length, points, count, options);
    utf8proc_ssize_t length = count < 0 ? count : utf8proc_reencode(points, count, options);
    if (length < 0) return ak_fail(err, ANANKE_ERROR_SYNTAX, "text cannot be normalised: %s", utf8proc_errmsg(length));
    *text = (Str){(const char *)points, (size_t)length};
    return true;
}

/* ---- Texts. */

static bool apply_prepend(Str head, Str *text, Arena *scratch, ananke_error *err) {
    Buf out = {.arena = scratch};
    ak_buf_str(&out, head);
    ak_buf_str(&out, *text);
    *text = ak_buf_view(&out);
    return ak_arena_ok(scratch) || ak_fail_memory(err, scratch);
}

static bool apply_replace(const NormalStep *step, Str *text, Arena *scratch, ananke_error *err) {
    assert(step->from.length > 0);
    Buf out = {.arena = scratch};
    size_t done = 0;
    for (size_t at = 0; at < text->length;) {
        if (!ak_str_starts(ak_str_slice(*text, at, text->length), step->from)) {
            at++;
            continue;
        }
        ak_buf_str(&out, ak_str_slice(*text, done, at));
        ak_buf_str(&out, step->to);
        done = at += step->from.length;
    }
    if (done == 0) return true;
    ak_buf_str(&out, ak_str_slice(*text, done, text->length));
    *text = ak_buf_view(&out);
    return ak_arena_ok(scratch) || ak_fail_memory(err, scratch);
}

static bool apply_pattern(const NormalStep *step, Str *text, Arena *scratch, ananke_error *err) {
    Finder finder;
    Buf out = {.arena = scratch};
    size_t done = 0;
    if (!ak_finder_open(&finder, &step->search, scratch, err)) return false;
    for (Found found; done < text->length; done = found.to) {
        if (!ak_finder_next(&finder, *text, done, &found, err)) return false;
        if (found.from == SIZE_MAX) break;
        if (found.to <= found.from)
            return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "the normalizer replaces what is empty");
        ak_buf_str(&out, ak_str_slice(*text, done, found.from));
        ak_buf_str(&out, step->to);
    }
    if (done == 0) return true;
    ak_buf_str(&out, ak_str_slice(*text, done, text->length));
    *text = ak_buf_view(&out);
    return ak_arena_ok(scratch) || ak_fail_memory(err, scratch);
}

/* ---- Character by character: each goes into `out` as itself, as something else, or not at all. */

static void put_point(Buf *out, uint32_t point) {
    char bytes[4];
    ak_buf_bytes(out, bytes, ak_utf8_encode(point, bytes));
}

static utf8proc_category_t category(uint32_t point) {
    return utf8proc_category((utf8proc_int32_t)point);
}

/* U+0130 is the one character whose lower case is two. */
static void put_lower(Buf *out, uint32_t point) {
    if (point == 0x130) ak_buf_text(out, "i\xCC\x87");
    else put_point(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)point));
}

static void put_unless_accent(Buf *out, uint32_t point) {
    if (category(point) != UTF8PROC_CATEGORY_MN) put_point(out, point);
}

static void put_unless_mark(Buf *out, uint32_t point) {
    utf8proc_category_t of = category(point);
    if (of != UTF8PROC_CATEGORY_MN && of != UTF8PROC_CATEGORY_MC && of != UTF8PROC_CATEGORY_ME) put_point(out, point);
}

/* The property White_Space. */
static bool is_white(uint32_t point) {
    utf8proc_category_t of = point < 0x80 ? UTF8PROC_CATEGORY_CN : category(point);
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 || of == UTF8PROC_CATEGORY_ZS ||
           of == UTF8PROC_CATEGORY_ZL || of == UTF8PROC_CATEGORY_ZP;
}

static void put_clean(Buf *out, uint32_t point) {
    utf8proc_category_t of = category(point);
    bool is_blank = point == '\t' || point == '\n' || point == '\r';
    bool is_control = of == UTF8PROC_CATEGORY_CC || of == UTF8PROC_CATEGORY_CF || of == UTF8PROC_CATEGORY_CO;
    if ((is_control && !is_blank) || point == 0xFFFD) return;
    put_point(out, is_white(point) ? ' ' : point);
}

static bool is_among(uint32_t point, const uint32_t (*ranges)[2], size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (point >= ranges[i][0] && point <= ranges[i][1]) return true;
    }
    return false;
}

static void put_spaced_chinese(Buf *out, uint32_t point) {
    static const uint32_t chinese[][2] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},  {0x20000, 0x2A6DF},
                                          {0x2A700, 0x2B81F}, {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F}};
    bool is_chinese = is_among(point, chinese, sizeof chinese / sizeof *chinese);
    if (is_chinese) ak_buf_byte(out, ' ');
    put_point(out, point);
    if (is_chinese) ak_buf_byte(out, ' ');
}

static void put_nmt(Buf *out, uint32_t point) {
    static const uint32_t gone[][2] = {{0x01, 0x08}, {0x0B, 0x0B}, {0x0E, 0x1F},
                                       {0x7F, 0x7F}, {0x8F, 0x8F}, {0x9F, 0x9F}};
    static const uint32_t blank[][2] = {{0x09, 0x0A},     {0x0C, 0x0D},     {0x1680, 0x1680}, {0x200B, 0x200F},
                                        {0x2028, 0x2029}, {0x2581, 0x2581}, {0xFEFF, 0xFEFF}, {0xFFFD, 0xFFFD}};
    if (is_among(point, gone, sizeof gone / sizeof *gone)) return;
    put_point(out, is_among(point, blank, sizeof blank / sizeof *blank) ? ' ' : point);
}

static bool apply_points(void (*put)(Buf *out, uint32_t point), Str *text, Arena *scratch, ananke_error *err) {
    Buf out = {.arena = scratch};
    for (size_t at = 0, length; at < text->length; at += length) {
        uint32_t point;
        length = ak_utf8_decode(ak_str_slice(*text, at, text->length), &point);
        assert(length > 0);
        put(&out, point);
    }
    *text = ak_buf_view(&out);
    return ak_arena_ok(scratch) || ak_fail_memory(err, scratch);
}

/* ---- Ends. */

static Str strip_left(Str text) {
    for (uint32_t point; text.length;) {
        size_t length = ak_utf8_decode(text, &point);
        if (!is_white(point)) break;
        text = ak_str_slice(text, length, text.length);
    }
    return text;
}

static Str strip_right(Str text) {
    while (text.length) {
        size_t start = text.length - 1;
        while (start > 0 && ((uint8_t)text.data[start] & 0xC0) == 0x80) start--;
        uint32_t point;
        ak_utf8_decode(ak_str_slice(text, start, text.length), &point);
        if (!is_white(point)) break;
        text.length = start;
    }
    return text;
}

/* At the end U+2581 goes, too: SentencePiece takes it for a blank that was written so already. */
static bool strip_blanks(Str *text, Arena *scratch, ananke_error *err) {
    static const Str mark = {"\xE2\x96\x81", 3};
    Buf out = {.arena = scratch};
    for (size_t i = 0; i < text->length; i++) {
        bool is_extra = text->data[i] == ' ' && (out.length == 0 || out.data[out.length - 1] == ' ');
        if (!is_extra) ak_buf_byte(&out, text->data[i]);
    }
    if (!ak_arena_ok(scratch)) return ak_fail_memory(err, scratch);
    *text = ak_buf_view(&out);
    while (ak_str_ends(*text, STR(" ")) || ak_str_ends(*text, mark))
        text->length -= ak_str_ends(*text, mark) ? mark.length : 1;
    return true;
}

/* ---- Character maps. */

static bool apply_longest(const Charsmap *map, Str *text, Arena *scratch, ananke_error *err) {
    Buf out = {.arena = scratch};
    for (size_t at = 0, length; at < text->length; at += length) {
        uint32_t point;
        Str rest = ak_str_slice(*text, at, text->length), replacement;
        length = ak_charsmap_find(map, rest, true, &replacement);
        if (!length) length = ak_utf8_decode(rest, &point), replacement = ak_str_slice(rest, 0, length);
        ak_buf_str(&out, replacement);
    }
    *text = ak_buf_view(&out);
    return ak_arena_ok(scratch) || ak_fail_memory(err, scratch);
}

/* The bytes of the first grapheme cluster. */
static size_t cluster_length(Str text) {
    utf8proc_int32_t state = 0;
    uint32_t last, point;
    size_t at = ak_utf8_decode(text, &last);
    for (size_t length; at < text.length; at += length, last = point) {
        length = ak_utf8_decode(ak_str_slice(text, at, text.length), &point);
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)last, (utf8proc_int32_t)point, &state)) break;
    }
    return at;
}

/* `tokenizers` looks a short cluster up as a whole, then character by character; the shortest key counts, and what is behind it goes with it. */
static void put_cluster(const Charsmap *map, Str cluster, Buf *out) {
    enum { LONGEST_CLUSTER = 5 };
    Str replacement;
    if (cluster.length <= LONGEST_CLUSTER && ak_charsmap_find(map, cluster, false, &replacement)) {
        ak_buf_str(out, replacement);
        return;
    }
    for (size_t at = 0, length; at < cluster.length; at += length) {
        uint32_t point;
        length = ak_utf8_decode(ak_str_slice(cluster, at, cluster.length), &point);
        Str character = ak_str_slice(cluster, at, at + length);
        ak_buf_str(out, ak_charsmap_find(map, character, false, &replacement) ? replacement : character);
    }
}

static bool apply_clusters(const Charsmap *map, Str *text, Arena *scratch, ananke_error *err) {
    Buf out = {.arena = scratch};
    for (size_t at = 0, length; at < text->length; at += length) {
        length = cluster_length(ak_str_slice(*text, at, text->length));
        put_cluster(map, ak_str_slice(*text, at, at + length), &out);
    }
    *text = ak_buf_view(&out);
    return ak_arena_ok(scratch) || ak_fail_memory(err, scratch);
}

static bool apply_charsmap(const NormalStep *step, Str *text, Arena *scratch, ananke_error *err) {
    Charsmap map = {step->from, step->to};
    return (step->kind == NORMAL_CHARSMAP ? apply_clusters : apply_longest)(&map, text, scratch, err);
}

bool ak_normal_apply(const NormalStep *step, Str *text, Arena *scratch, ananke_error *err) {
    if (!text->length) return true;
    switch (step->kind) {
    case NORMAL_PREPEND_ONCE: return ak_str_starts(*text, step->to) || apply_prepend(step->to, text, scratch, err);
    case NORMAL_PREPEND: return apply_prepend(step->to, text, scratch, err);
    case NORMAL_REPLACE: return apply_replace(step, text, scratch, err);
    case NORMAL_REPLACE_PATTERN: return apply_pattern(step, text, scratch, err);
    case NORMAL_LOWERCASE: return apply_points(put_lower, text, scratch, err);
    case NORMAL_STRIP_ACCENTS: return apply_points(put_unless_accent, text, scratch, err);
    case NORMAL_STRIP_MARKS: return apply_points(put_unless_mark, text, scratch, err);
    case NORMAL_STRIP_LEFT: return *text = strip_left(*text), true;
    case NORMAL_STRIP_RIGHT: return *text = strip_right(*text), true;
    case NORMAL_STRIP_BLANKS: return strip_blanks(text, scratch, err);
    case NORMAL_CLEAN: return apply_points(put_clean, text, scratch, err);
    case NORMAL_SPACE_CHINESE: return apply_points(put_spaced_chinese, text, scratch, err);
    case NORMAL_NMT: return apply_points(put_nmt, text, scratch, err);
    case NORMAL_CHARSMAP:
    case NORMAL_CHARSMAP_LONGEST: return apply_charsmap(step, text, scratch, err);
    case NORMAL_NFC:
    case NORMAL_NFD:
    case NORMAL_NFKC:
    case NORMAL_NFKD: break;
    }
    return apply_form(step->kind, text, scratch, err);
}

bool ak_normals_apply(const Normals *normals, Str *text, Arena *scratch, ananke_error *err) {
    for (size_t i = 0; i < normals->count; i++) {
        if (!ak_normal_apply(&normals->items[i], text, scratch, err)) return false;
    }
    return true;
}

void ak_normals_close(Normals *normals) {
    for (size_t i = 0; i < normals->count; i++) ak_search_close(&normals->items[i].search);
    normals->count = 0;
}
