/* What a call may use and whom it may tell: allocator, budget, threads, cancel, progress, log.
 *
 * Every long-running function takes a `const ananke_context *` (NULL: all defaults). It is borrowed for the call, or, where an object keeps it
 * (said there), for the object's life. A zeroed struct is valid: each field's zero means its default. The functions in it may be called from
 * several threads at once. */
#ifndef ANANKE_CONTEXT_H
#define ANANKE_CONTEXT_H

#include <ananke/export.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Memory for an object and everything in it. `resize(data, NULL, 0, n)` allocates, `resize(data, p, old, 0)` frees and returns NULL; a failure
 * returns NULL and leaves `p` alone. Must be thread-safe. Memory is aligned as malloc's is. */
typedef struct ananke_allocator {
    void *(*resize)(void *data, void *pointer, size_t old_size, size_t new_size);
    void *data;
} ananke_allocator;

typedef enum ananke_log_level {
    ANANKE_LOG_OFF = 0,
    ANANKE_LOG_ERROR,
    ANANKE_LOG_WARNING,
    ANANKE_LOG_INFO,
    ANANKE_LOG_DEBUG
} ananke_log_level;

/* One log record. `fields` is a JSON object text ("{}" when there are none). All strings are borrowed for the call. */
typedef struct ananke_log_record {
    ananke_log_level level;
    const char *room;     /* who speaks: "clew", "braid", … */
    const char *message;  /* one line */
    const char *fields;   /* JSON object */
    const char *trace_id; /* the context's, "" when none */
    int64_t time_us;      /* microseconds since the Unix epoch */
} ananke_log_record;

typedef struct ananke_progress {
    const char *stage; /* what is being done: "parse", "load model", … static string */
    uint64_t done;     /* items or bytes done so far */
    uint64_t total;    /* 0 when unknown */
} ananke_progress;

typedef struct ananke_context {
    const ananke_allocator *allocator; /* NULL: malloc and free */
    size_t memory_limit;               /* bytes that one result may hold; 0: no limit */
    uint32_t threads;                  /* 0: as many as there are processors */
    bool (*cancelled)(void *data);     /* polled; true stops the call with ANANKE_ERROR_CANCELLED; NULL: never */
    void *cancelled_data;
    void (*progress)(void *data, const ananke_progress *progress);
    void *progress_data;
    void (*log)(void *data, const ananke_log_record *record); /* NULL: nothing is logged */
    void *log_data;
    ananke_log_level log_level; /* records above this level are not made */
    const char *trace_id;       /* carried into every record; NULL: none */
} ananke_context;

/* Formats a record as one line: JSON when `json`, else `LEVEL room: message {fields}`. Returns the whole length, as snprintf does. */
ANANKE_API size_t ananke_log_format(const ananke_log_record *record, bool json, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif
#endif
