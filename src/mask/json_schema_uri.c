/* RFC 3986: appendix B splits, section 5.2 resolves, 5.2.4 removes dots, 5.3 puts together. */
#include "mask/json_schema_uri.h"

/* ---- Splitting */

/* Offset of the first of `stops` at or after `from`; the end when there is none. */
static size_t until(Str text, Str stops, size_t from) {
    while (from < text.length && ak_str_find_byte(stops, text.data[from], 0) == SIZE_MAX) from++;
    return from;
}

static bool is_scheme(Str text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_inner = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!is_letter && (i == 0 || !is_inner)) return false;
    }
    return text.length > 0;
}

Uri ak_uri_split(Str text) {
    Uri uri = {0};
    size_t at = 0, end = until(text, STR(":/?#"), 0);
    if (end < text.length && text.data[end] == ':' && is_scheme(ak_str_slice(text, 0, end)))
        uri.scheme = ak_str_slice(text, 0, end), at = end + 1;
    if (ak_str_starts(ak_str_slice(text, at, text.length), STR("//"))) {
        end = until(text, STR("/?#"), at + 2);
        uri.authority = ak_str_slice(text, at + 2, end), at = end;
    }
    end = until(text, STR("?#"), at);
    uri.path = ak_str_slice(text, at, end), at = end;
    if (at < text.length && text.data[at] == '?') {
        end = until(text, STR("#"), at);
        uri.query = ak_str_slice(text, at + 1, end), at = end;
    }
    if (at < text.length) uri.fragment = ak_str_slice(text, at + 1, text.length);
    return uri;
}

Str ak_uri_without_fragment(Str text) {
    return ak_str_slice(text, 0, until(text, STR("#"), 0));
}

Str ak_uri_fragment(Str text) {
    size_t at = until(text, STR("#"), 0);
    return at < text.length ? ak_str_slice(text, at + 1, text.length) : (Str){0};
}

/* ---- Resolving */

/* Gives up the last segment of `path` behind `start`, with the slash before it. */
static void drop_segment(Buf *path, size_t start) {
    while (path->length > start && path->data[path->length - 1] != '/') path->length--;
    if (path->length > start) path->length--;
}

/* Appends `path` without the segments `.` and `..`. */
static void add_without_dots(Buf *to, Str path) {
    size_t start = to->length;
    bool is_rooted = path.length && path.data[0] == '/';
    for (size_t at = is_rooted; at <= path.length;) {
        size_t end = until(path, STR("/"), at);
        Str segment = ak_str_slice(path, at, end);
        bool is_last = end == path.length, is_up = ak_str_equal(segment, STR(".."));
        bool is_dot = is_up || ak_str_equal(segment, STR("."));
        if (is_up) drop_segment(to, start);
        bool has_slash = is_rooted || to->length > start;
        if ((!is_dot || is_last) && has_slash) ak_buf_byte(to, '/');
        if (!is_dot) ak_buf_str(to, segment);
        at = end + 1;
    }
}

/* `reference` beside the last segment of the base's path. */
static Str merged(Arena *arena, const Uri *base, Str reference) {
    Buf path = {.arena = arena};
    size_t keep = base->path.length;
    while (keep > 0 && base->path.data[keep - 1] != '/') keep--;
    if (base->authority.data && !base->path.length) ak_buf_byte(&path, '/');
    ak_buf_str(&path, ak_str_slice(base->path, 0, keep));
    ak_buf_str(&path, reference);
    return ak_buf_view(&path);
}

static void add_part(Buf *to, const char *before, Str part, const char *behind) {
    if (!part.data) return;
    ak_buf_text(to, before), ak_buf_str(to, part), ak_buf_text(to, behind);
}

Str ak_uri_resolve(Arena *arena, Str base_text, Str reference) {
    Uri base = ak_uri_split(base_text), uri = ak_uri_split(reference);
    bool takes_scheme = !uri.scheme.data, takes_authority = takes_scheme && !uri.authority.data;
    bool takes_path = takes_authority && !uri.path.length;
    bool merges = takes_authority && uri.path.length && uri.path.data[0] != '/';
    Buf buf = {.arena = arena};
    add_part(&buf, "", takes_scheme ? base.scheme : uri.scheme, ":");
    add_part(&buf, "//", takes_authority ? base.authority : uri.authority, "");
    if (takes_path) ak_buf_str(&buf, base.path);
    else add_without_dots(&buf, merges ? merged(arena, &base, uri.path) : uri.path);
    add_part(&buf, "?", takes_path && !uri.query.data ? base.query : uri.query, "");
    add_part(&buf, "#", uri.fragment, "");
    ak_buf_bytes(&buf, "", 0);
    return ak_arena_ok(arena) ? ak_buf_view(&buf) : (Str){0};
}

/* ---- Escapes */

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Str ak_uri_unescape(Arena *arena, Str text) {
    Buf buf = {.arena = arena};
    ak_buf_bytes(&buf, "", 0);
    for (size_t i = 0; i < text.length; i++) {
        int high = -1, low = -1;
        if (text.data[i] == '%' && i + 2 < text.length)
            high = hex_value(text.data[i + 1]), low = hex_value(text.data[i + 2]);
        if (high >= 0 && low >= 0) ak_buf_byte(&buf, (char)(high * 16 + low)), i += 2;
        else ak_buf_byte(&buf, text.data[i]);
    }
    return ak_arena_ok(arena) ? ak_buf_view(&buf) : (Str){0};
}
