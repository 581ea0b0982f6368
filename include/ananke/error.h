/* Errors. A function that can fail returns NULL or false and fills an `ananke_error` that the caller owns and may leave out (NULL).
 *
 *     ananke_error err = {0};
 *     ananke_ir *ir = ananke_ir_load("constraints.ir.json", NULL, &err);
 *     if (!ir) { char text[2048]; ananke_error_format(&err, text, sizeof text); fputs(text, stderr); }
 *
 * An error is plain data: it may be copied, it owns nothing, and it is not touched when the call succeeds. */
#ifndef ANANKE_ERROR_H
#define ANANKE_ERROR_H

#include <ananke/export.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ananke_error_code {
    ANANKE_OK = 0,
    ANANKE_ERROR_USAGE,  /* the caller asked for something that makes no sense */
    ANANKE_ERROR_IO,     /* a file or the network could not be read or written */
    ANANKE_ERROR_SYNTAX, /* a file or text is malformed: line and column are set */
    ANANKE_ERROR_UNSUPPORTED, /* well-formed, but uses something that this version does not implement: named in the message */
    ANANKE_ERROR_LIMIT,       /* a budget of memory, time or fuel ran out */
    ANANKE_ERROR_MEMORY,    /* the allocator returned NULL */
    ANANKE_ERROR_CANCELLED, /* the caller's cancel function said so */
    ANANKE_ERROR_CONFLICT,  /* constraints contradict each other, or allow nothing */
    ANANKE_ERROR_REFUSED,   /* a token or text is not allowed at this place */
    ANANKE_ERROR_BACKEND    /* a model or server failed */
} ananke_error_code;

typedef struct ananke_error {
    ananke_error_code code;
    size_t offset;          /* byte offset in the text that is wrong; 0 when unknown */
    uint32_t line;          /* 1-based; 0 when there is no place */
    uint32_t column;        /* 1-based, in bytes; 0 when there is no place */
    char file[256];         /* "" when no file is involved; the head is cut when the path is longer */
    char message[512];      /* one line, no trailing newline, always NUL-terminated */
    char hint[256];         /* how to mend it; "" when there is nothing to say */
    char source[160];       /* the line that is wrong, cut around the place; "" when there is none */
    uint32_t source_column; /* 1-based column of the place inside `source`; 0 when there is none */
} ananke_error;

/* Writes `FILE:LINE:COLUMN: error: message`, then the line with a caret below and the hint when there are, each ended by a newline, into
 * `buffer` (always NUL-terminated when `size` > 0). Returns the length that the whole text has, as snprintf does. Thread-safe. */
ANANKE_API size_t ananke_error_format(const ananke_error *err, char *buffer, size_t size);

/* A short lower-case name: "syntax", "io", … Static string. */
ANANKE_API const char *ananke_error_name(ananke_error_code code);

#ifdef __cplusplus
}
#endif
#endif
