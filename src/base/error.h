/* Filling errors in. Every function takes `err` as it comes (NULL: nobody wants to know) and returns false, so that a failing function can say
 * `return ak_fail(err, …)` in one line. */
#ifndef AK_BASE_ERROR_H
#define AK_BASE_ERROR_H

#include "base/arena.h"
#include <ananke/error.h>

/* An error without a place in a text. */
bool ak_fail(ananke_error *err, ananke_error_code code, const char *format, ...) ANANKE_PRINTF(3, 4);
/* An error at byte `offset` of `text`, which is the content of `file` ("" or NULL: no file): fills line, column and the source line in. */
bool ak_fail_at(ananke_error *err, ananke_error_code code, const char *file, Str text, size_t offset,
                const char *format, ...) ANANKE_PRINTF(6, 7);
/* An I/O error about `file`, with the words of `errno_value`. */
bool ak_fail_io(ananke_error *err, const char *file, int errno_value, const char *what);
/* The arena's own failure: out of memory, its budget spent, or the work in it called off. */
bool ak_fail_memory(ananke_error *err, const Arena *arena);
/* Adds how to mend it. */
bool ak_hint(ananke_error *err, const char *format, ...) ANANKE_PRINTF(2, 3);
/* Names the file of an error that was made without knowing it; an error that has a file keeps it. */
bool ak_fail_in(ananke_error *err, const char *file);
/* Says ANANKE_ERROR_CANCELLED and returns true when the context's owner wants the call to stop. */
bool ak_is_cancelled(const ananke_context *context, ananke_error *err);

#endif
