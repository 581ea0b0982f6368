/* Lines of a file descriptor, read so that Ctrl-C ends the waiting. */
#ifndef ANANKE_CLI_LINES_H
#define ANANKE_CLI_LINES_H

#include <ananke/error.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Lines {
    int from;                 /* file descriptor, borrowed */
    char *buffer;             /* owned: freed by cli_lines_close */
    size_t at, end, capacity; /* what is read and not yet handed out lies in [at, end) */
    bool is_done;             /* the input has ended */
    size_t number;            /* of the line handed out last, from 1 */
} Lines;

/* The next line without its newline, valid until the next call. NULL at the end, and on failure: then err->code is set (cancelled after Ctrl-C). */
char *cli_lines_next(Lines *lines, size_t *length, ananke_error *err);
void cli_lines_close(Lines *lines);

#endif
