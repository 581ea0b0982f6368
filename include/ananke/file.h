/* Files as the library reads and writes them, for programs around it: the same errors, and a written file is complete or was never there. */
#ifndef ANANKE_FILE_H
#define ANANKE_FILE_H

#include <ananke/error.h>
#include <ananke/export.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The whole file, with a NUL behind its `*length` bytes (may be NULL). Only regular files, and not more than `limit` bytes (0: no limit).
 * NULL and `err` on failure. Free with ananke_text_free. */
ANANKE_API char *ananke_file_read(const char *path, size_t limit, size_t *length, ananke_error *err);
/* Writes the text to a temporary file beside `path` and renames it into place; on failure the old file is as it was. Pipes and devices are written
 * as they are. */
ANANKE_API bool ananke_file_write(const char *path, const char *text, size_t length, ananke_error *err);

#ifdef __cplusplus
}
#endif
#endif
