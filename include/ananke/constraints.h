/* Constraints: rules about code, mined, written or imported, in one model. A set is immutable once it is made. */
#ifndef ANANKE_CONSTRAINTS_H
#define ANANKE_CONSTRAINTS_H

#include <ananke/context.h>
#include <ananke/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_constraints ananke_constraints;

typedef enum ananke_severity {
    ANANKE_SEVERITY_INFO = 1,
    ANANKE_SEVERITY_WARNING,
    ANANKE_SEVERITY_ERROR
} ananke_severity;

/* A place in a file: lines and columns are 1-based, columns in bytes; the end is behind the last byte. */
typedef struct ananke_place {
    const char *file;
    uint32_t line, column, end_line, end_column;
} ananke_place;

/* One constraint, as read. Strings are NUL-terminated UTF-8 and live as long as the set. */
typedef struct ananke_constraint {
    const char *id;         /* unique in the set: "naming.function" */
    const char *kind;       /* a kind of constraints/: "naming" */
    const char *category;   /* syntactic, type, semantic, architectural, operational or security */
    const char *message;    /* what a reader is told: "functions are named in camelCase" */
    const char *parameters; /* JSON object text */
    const char *language;   /* the language it speaks of; "" for all */
    ananke_severity severity;
    uint32_t support;         /* places where the rule could have been broken */
    uint32_t exception_count; /* places where it was */
    double confidence;        /* lower bound of the Wilson interval of followed/support; 1 for written rules */
} ananke_constraint;

typedef enum ananke_format { ANANKE_FORMAT_AUTO = 0, ANANKE_FORMAT_JSON, ANANKE_FORMAT_YAML } ananke_format;

/* Reads a constraints file; AUTO tells YAML from JSON by the file's name, then by its text. Unknown kinds and keys are errors with a place. */
ANANKE_API ananke_constraints *ananke_constraints_load(const char *path, ananke_format format,
                                                       const ananke_context *context, ananke_error *err);
ANANKE_API ananke_constraints *ananke_constraints_parse(const char *text, size_t length, ananke_format format,
                                                        const ananke_context *context, ananke_error *err);
/* Joins several sets, in order; equal ids are an error that names both files. */
ANANKE_API ananke_constraints *ananke_constraints_merge(const ananke_constraints *const *sets, size_t count,
                                                        const ananke_context *context, ananke_error *err);
ANANKE_API void ananke_constraints_free(ananke_constraints *constraints);

ANANKE_API size_t ananke_constraints_count(const ananke_constraints *constraints);
ANANKE_API const ananke_constraint *ananke_constraints_get(const ananke_constraints *constraints, size_t index);

/* The set as text in `format` (AUTO: JSON): NUL-terminated, to be freed with ananke_text_free. `*length` may be NULL. */
ANANKE_API char *ananke_constraints_text(const ananke_constraints *constraints, ananke_format format, size_t *length,
                                         ananke_error *err);
/* Writes that text to `path`: to a temporary file beside it first, then renamed into place, so that a failure leaves the old file as it was. */
ANANKE_API bool ananke_constraints_save(const ananke_constraints *constraints, const char *path, ananke_format format,
                                        ananke_error *err);

/* Frees a text that a function of the library handed out. NULL is fine. */
ANANKE_API void ananke_text_free(char *text);

#ifdef __cplusplus
}
#endif
#endif
