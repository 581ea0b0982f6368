/* Errors: how they are filled in and how they are shown. The place is worked out here, from the text and the byte offset, so that no parser has to
 * count lines. The source line is cut to a window around the place when it is long. */
#include "base/error.h"
#include "base/utf8.h"
#include <errno.h>
#include <stdio.h>

static const char *const names[] = {
    [ANANKE_OK] = "ok",
    [ANANKE_ERROR_USAGE] = "usage",
    [ANANKE_ERROR_IO] = "io",
    [ANANKE_ERROR_SYNTAX] = "syntax",
    [ANANKE_ERROR_UNSUPPORTED] = "unsupported",
    [ANANKE_ERROR_LIMIT] = "limit",
    [ANANKE_ERROR_MEMORY] = "memory",
    [ANANKE_ERROR_CANCELLED] = "cancelled",
    [ANANKE_ERROR_CONFLICT] = "conflict",
    [ANANKE_ERROR_REFUSED] = "refused",
    [ANANKE_ERROR_BACKEND] = "backend",
};

const char *ananke_error_name(ananke_error_code code) {
    return (size_t)code < sizeof names / sizeof *names ? names[code] : "unknown";
}

/* Copies what fits, on one line and in printable form: control bytes become blanks. */
static void copy_line(char *to, size_t size, Str text) {
    size_t length = text.length < size ? text.length : size - 1;
    for (size_t i = 0; i < length; i++)
        to[i] = (unsigned char)text.data[i] < ' ' || text.data[i] == 127 ? ' ' : text.data[i];
    to[length] = '\0';
}

static void set_message(ananke_error *err, const char *format, va_list arguments) {
    char text[sizeof err->message];
    vsnprintf(text, sizeof text, format, arguments);
    copy_line(err->message, sizeof err->message, ak_str(text));
}

static void set_file(ananke_error *err, const char *file) {
    size_t length = file ? strlen(file) : 0, room = sizeof err->file - 1;
    if (length > room) snprintf(err->file, sizeof err->file, "...%s", file + length - (room - 3));
    else if (length) memcpy(err->file, file, length + 1);
}

bool ak_fail(ananke_error *err, ananke_error_code code, const char *format, ...) {
    if (!err) return false;
    *err = (ananke_error){.code = code};
    va_list arguments;
    va_start(arguments, format);
    set_message(err, format, arguments);
    va_end(arguments);
    return false;
}

/* Line, column and the cut source line of `offset`. */
static void set_place(ananke_error *err, Str text, size_t offset) {
    if (offset > text.length) offset = text.length;
    size_t start = 0, line = 1;
    for (size_t i = 0; i < offset; i++) {
        if (text.data[i] == '\n') start = i + 1, line++;
    }
    size_t end = ak_str_find_byte(text, '\n', start);
    if (end == SIZE_MAX) end = text.length;
    err->offset = offset, err->line = (uint32_t)line, err->column = (uint32_t)(offset - start + 1);
    size_t from = offset - start > sizeof err->source / 2 ? offset - sizeof err->source / 2 : start;
    while (from > start && from < end && ((unsigned char)text.data[from] & 0xC0) == 0x80) from--;
    copy_line(err->source, sizeof err->source, ak_str_slice(text, from, end));
    err->source_column = (uint32_t)(offset - from + 1);
}

bool ak_fail_at(ananke_error *err, ananke_error_code code, const char *file, Str text, size_t offset,
                const char *format, ...) {
    if (!err) return false;
    *err = (ananke_error){.code = code};
    set_file(err, file);
    set_place(err, text, offset);
    va_list arguments;
    va_start(arguments, format);
    set_message(err, format, arguments);
    va_end(arguments);
    return false;
}

/* What a user can do about it; NULL when strerror says all. */
static const char *mend_io(int errno_value) {
    switch (errno_value) {
    case ENOENT: return "is the path spelt right?";
    case EACCES: return "`ls -ld` shows who may read and write it";
    case ELOOP: return "a symbolic link on the way leads back to itself: remove it";
    case ENOTDIR: return "a part of the path is a file, not a folder";
    case ENOSPC: return "make room on the disk";
    default: return NULL;
    }
}

bool ak_fail_io(ananke_error *err, const char *file, int errno_value, const char *what) {
    ak_fail(err, ANANKE_ERROR_IO, "%s: %s", what, strerror(errno_value));
    const char *mend = mend_io(errno_value);
    if (mend) ak_hint(err, "%s", mend);
    return ak_fail_in(err, file);
}

static bool fail_cancelled(ananke_error *err) {
    return ak_fail(err, ANANKE_ERROR_CANCELLED, "cancelled");
}

bool ak_fail_memory(ananke_error *err, const Arena *arena) {
    if (arena->cancelled) return fail_cancelled(err);
    if (arena->over_budget)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "the memory budget of %zu bytes is spent", arena->limit);
    return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
}

bool ak_hint(ananke_error *err, const char *format, ...) {
    if (!err) return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->hint, sizeof err->hint, format, arguments);
    va_end(arguments);
    return false;
}

bool ak_fail_in(ananke_error *err, const char *file) {
    if (err && !err->file[0]) set_file(err, file);
    return false;
}

bool ak_is_cancelled(const ananke_context *context, ananke_error *err) {
    if (!context || !context->cancelled || !context->cancelled(context->cancelled_data)) return false;
    fail_cancelled(err);
    return true;
}

/* A writer with snprintf's contract. */
typedef struct Out {
    char *data;
    size_t size, length;
} Out;

ANANKE_PRINTF(2, 3) static void put(Out *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t room = out->length < out->size ? out->size - out->length : 0;
    int length = vsnprintf(room ? out->data + out->length : NULL, room, format, arguments);
    va_end(arguments);
    if (length > 0) out->length += (size_t)length;
}

/* How many columns the text before the caret takes on a terminal, near enough: one per code point. */
static size_t caret_column(const ananke_error *err) {
    return ak_utf8_count(ak_str_slice(ak_str(err->source), 0, err->source_column - 1));
}

size_t ananke_error_format(const ananke_error *err, char *buffer, size_t size) {
    Out out = {buffer, size, 0};
    if (size) buffer[0] = '\0';
    if (err->file[0]) put(&out, "%s:", err->file);
    if (err->line) put(&out, "%u:%u:", (unsigned)err->line, (unsigned)err->column);
    put(&out, "%serror: %s\n", out.length ? " " : "", err->message);
    if (err->source_column) put(&out, "  %s\n  %*s^\n", err->source, (int)caret_column(err), "");
    if (err->hint[0]) put(&out, "hint: %s\n", err->hint);
    return out.length;
}
