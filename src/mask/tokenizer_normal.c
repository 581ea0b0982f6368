/* Normalising text. The Unicode forms are utf8proc's; text below U+0300 is composed already and ASCII is in every form, so
 * that source code hardly ever gets there. */
#include "mask/tokenizer_normal.h"
#include "base/buf.h"
#include <assert.h>
#include <utf8proc.h>

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

bool ak_normal_apply(const NormalStep *step, Str *text, Arena *scratch, ananke_error *err) {
    if (!text->length) return true;
    switch (step->kind) {
    case NORMAL_PREPEND_ONCE: return ak_str_starts(*text, step->to) || apply_prepend(step->to, text, scratch, err);
    case NORMAL_PREPEND: return apply_prepend(step->to, text, scratch, err);
    case NORMAL_REPLACE: return apply_replace(step, text, scratch, err);
    default: return apply_form(step->kind, text, scratch, err);
    }
}

bool ak_normals_apply(const Normals *normals, Str *text, Arena *scratch, ananke_error *err) {
    for (size_t i = 0; i < normals->count; i++) {
        if (!ak_normal_apply(&normals->items[i], text, scratch, err)) return false;
    }
    return true;
}
