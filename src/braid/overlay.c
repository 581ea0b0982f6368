/* Lark text cut into definitions, and definitions into alternatives. */
#include "braid/overlay.h"
#include "base/buf.h"

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_name_start(char c) {
    return is_upper(c) || (c >= 'a' && c <= 'z') || c == '_';
}

static bool is_name_byte(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-';
}

static char byte_at(Str text, size_t at) {
    return at < text.length ? text.data[at] : '\0';
}

bool ak_is_terminal(Str name) {
    return is_upper(byte_at(name, byte_at(name, 0) == '_'));
}

static size_t line_end(Str text, size_t at) {
    size_t end = ak_str_find_byte(text, '\n', at);
    return end == SIZE_MAX ? text.length : end;
}

/* Behind a string or regular expression that begins at `at` and ends at the next such byte without a backslash. */
static size_t quoted_end(Str text, size_t at) {
    char quote = text.data[at++];
    while (at < text.length && text.data[at] != quote && text.data[at] != '\n') at += text.data[at] == '\\' ? 2 : 1;
    return at < text.length ? at + 1 : text.length;
}

/* Behind the thing at `at`: a string, a regular expression, a comment, or one byte. */
static size_t unit_end(Str text, size_t at) {
    char c = text.data[at];
    if (c == '#' || (c == '/' && byte_at(text, at + 1) == '/')) return line_end(text, at);
    return c == '"' || c == '/' ? quoted_end(text, at) : at + 1;
}

static size_t skip_blanks(Str text, size_t at) {
    while (byte_at(text, at) == ' ' || byte_at(text, at) == '\t') at++;
    return at;
}

/* Behind `name::_[attributes]: ` when a definition begins at `at`, else `at`; `*name` is set. */
static size_t head_end(Str text, size_t at, Str *name) {
    size_t from = at;
    while (byte_at(text, from) == '?' || byte_at(text, from) == '!') from++;
    if (!is_name_start(byte_at(text, from))) return at;
    size_t end = from;
    while (is_name_byte(byte_at(text, end))) end++;
    *name = ak_str_slice(text, from, end);
    if (ak_str_starts(ak_str_slice(text, end, text.length), STR("::_"))) end += 3;
    if (byte_at(text, end) == '[') {
        size_t close = ak_str_find_byte(text, ']', end), line = line_end(text, end);
        if (close > line) return at;
        end = close + 1;
    }
    end = skip_blanks(text, end);
    return byte_at(text, end) == ':' ? skip_blanks(text, end + 1) : at;
}

/* The end of a body: of its line, and of the lines after it that start with a bar. */
static size_t body_end(Str text, size_t at) {
    for (;;) {
        size_t end = line_end(text, at), next = end < text.length ? skip_blanks(text, end + 1) : end;
        if (byte_at(text, next) != '|') return end;
        at = next;
    }
}

static bool add_definition(Overlay *self, OverlayPiece piece, ananke_error *err) {
    bool is_new = false;
    uint64_t *slot = ak_map_put(&self->names, piece.name, &is_new);
    if (!slot) return ak_fail_memory(err, self->arena);
    if (!is_new)
        return ak_fail(err, ANANKE_ERROR_SYNTAX, "`%.*s` is defined twice in the grammar", STR_ARGS(piece.name));
    *slot = self->pieces.count;
    return ak_vec_push(self->arena, &self->pieces, piece) || ak_fail_memory(err, self->arena);
}

bool ak_overlay_open(Overlay *self, Arena *arena, Str text, ananke_error *err) {
    *self = (Overlay){.arena = arena, .names = {.arena = arena}};
    for (size_t at = 0; at < text.length;) {
        OverlayPiece piece = {0};
        size_t head = head_end(text, at, &piece.name), end = head == at ? line_end(text, at) : body_end(text, head);
        size_t next = end < text.length ? end + 1 : end;
        piece.tail = ak_str_slice(text, end, next);
        if (head == at) {
            piece.name = (Str){0};
            piece.head = ak_str_slice(text, at, end);
            if (!ak_vec_push(arena, &self->pieces, piece)) return ak_fail_memory(err, arena);
        } else {
            piece.head = ak_str_slice(text, at, head);
            piece.body = ak_str_slice(text, head, end);
            if (!add_definition(self, piece, err)) return false;
        }
        at = next;
    }
    return true;
}

OverlayPiece *ak_overlay_find(const Overlay *self, Str name) {
    const uint64_t *index = ak_map_find(&self->names, name);
    return index ? &self->pieces.items[*index] : NULL;
}

Str ak_overlay_text(const Overlay *self) {
    Buf buf = {.arena = self->arena};
    ak_buf_bytes(&buf, "", 0);
    for (size_t i = 0; i < self->pieces.count; i++) {
        const OverlayPiece *piece = &self->pieces.items[i];
        ak_buf_str(&buf, piece->head);
        ak_buf_str(&buf, piece->body);
        ak_buf_str(&buf, piece->tail);
    }
    return ak_buf_view(&buf);
}

bool ak_alternatives(Arena *arena, Str body, StrList *list) {
    size_t from = 0, depth = 0, at = 0;
    while (at < body.length) {
        char c = body.data[at];
        size_t end = unit_end(body, at);
        if (c == '(' || c == '[' || c == '{') depth++;
        else if ((c == ')' || c == ']' || c == '}') && depth) depth--;
        else if (c == '|' && depth == 0) {
            if (!ak_vec_push(arena, list, ak_str_trim(ak_str_slice(body, from, at)))) return false;
            from = end;
        }
        at = end;
    }
    return ak_vec_push(arena, list, ak_str_trim(ak_str_slice(body, from, body.length)));
}

Str ak_alternatives_join(Arena *arena, const StrList *list) {
    Buf buf = {.arena = arena};
    ak_buf_bytes(&buf, "", 0);
    for (size_t i = 0; i < list->count; i++) {
        if (i) ak_buf_text(&buf, " | ");
        ak_buf_str(&buf, list->items[i]);
    }
    return ak_buf_view(&buf);
}

bool ak_alternatives_has(const StrList *list, Str alternative) {
    for (size_t i = 0; i < list->count; i++) {
        if (ak_str_equal(list->items[i], alternative)) return true;
    }
    return false;
}
