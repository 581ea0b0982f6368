/* A signal that comes just before read() would not end it: the wait is poll(), in slices, and the flag is looked at between them. */
#include "cli/lines.h"
#include "cli/failure.h"
#include "cli/interrupt.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SLICE_MS = 100, FIRST_CAPACITY = 1 << 16 };

static bool wait_for_input(const Lines *lines, ananke_error *err) {
    for (;;) {
        struct pollfd ready = {.fd = lines->from, .events = POLLIN};
        int count = poll(&ready, 1, SLICE_MS);
        if (cli_interrupted(NULL)) return cli_fail(err, ANANKE_ERROR_CANCELLED, "interrupted");
        if (count > 0) return true;
        if (count < 0 && errno != EINTR)
            return cli_fail(err, ANANKE_ERROR_IO, "standard input cannot be read: %s", strerror(errno));
    }
}

static bool make_room(Lines *lines, ananke_error *err) {
    if (lines->at) memmove(lines->buffer, lines->buffer + lines->at, lines->end - lines->at);
    lines->end -= lines->at, lines->at = 0;
    if (lines->end < lines->capacity) return true;
    size_t capacity = lines->capacity ? lines->capacity * 2 : FIRST_CAPACITY;
    char *grown = realloc(lines->buffer, capacity + 1); /* one byte for the NUL behind a last line without newline */
    if (!grown) return cli_fail_memory(err);
    lines->buffer = grown, lines->capacity = capacity;
    return true;
}

static bool read_more(Lines *lines, ananke_error *err) {
    if (!make_room(lines, err) || !wait_for_input(lines, err)) return false;
    ssize_t got = read(lines->from, lines->buffer + lines->end, lines->capacity - lines->end);
    if (got < 0 && errno != EINTR)
        return cli_fail(err, ANANKE_ERROR_IO, "standard input cannot be read: %s", strerror(errno));
    if (got > 0) lines->end += (size_t)got;
    lines->is_done = got == 0;
    return true;
}

char *cli_lines_next(Lines *lines, size_t *length, ananke_error *err) {
    size_t searched = 0;
    char *newline = NULL;
    for (;;) {
        size_t left = lines->end - lines->at;
        if (left > searched) newline = memchr(lines->buffer + lines->at + searched, '\n', left - searched);
        if (newline || lines->is_done) break;
        searched = left;
        if (!read_more(lines, err)) return NULL;
    }
    if (lines->at == lines->end) return NULL;
    char *line = lines->buffer + lines->at, *end = newline ? newline : lines->buffer + lines->end;
    *length = (size_t)(end - line);
    *end = '\0';
    lines->at = (size_t)(end - lines->buffer) + (newline ? 1 : 0);
    lines->number++;
    return line;
}

void cli_lines_close(Lines *lines) {
    free(lines->buffer);
    *lines = (Lines){0};
}
