/* Extraction: reads a code base and mines the rules that it follows. */
#ifndef ANANKE_EXTRACT_H
#define ANANKE_EXTRACT_H

#include <ananke/constraints.h>
#include <ananke/context.h>
#include <ananke/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_extract_options {
    const ananke_context *context;
    double min_confidence; /* rules below are left out; 0: 0.9 */
    uint32_t min_support;  /* rules seen in fewer places are left out; 0: 10 */
    size_t max_file_bytes; /* larger files are skipped and counted; 0: 4 MiB */
} ananke_extract_options;

/* What was read. */
typedef struct ananke_extract_summary {
    uint64_t files; /* parsed */
    uint64_t bytes; /* in them */
    uint64_t
        error_bytes; /* of those, under ERROR nodes: what the parser did not understand; a missing token counts as one */
    uint64_t skipped;  /* files and folders left out: too large, binary, unreadable, a symlink loop */
    uint64_t parse_us; /* time in the parser, all threads added up */
    uint64_t wall_us;  /* time of the whole call */
} ananke_extract_summary;

/* Extracts from files and folders (folders recursively: hidden ones, node_modules, build products and what .gitignore at their root names are left
 * out). Fails when nothing could be read at all; skipped files are counted and logged as warnings. `summary` may be NULL. The parser (tree-sitter)
 * takes its memory from malloc, not from the context's allocator, and gives it back before the call returns. */
ANANKE_API ananke_constraints *ananke_extract(const char *const *paths, size_t path_count,
                                              const ananke_extract_options *options, ananke_extract_summary *summary,
                                              ananke_error *err);

#ifdef __cplusplus
}
#endif
#endif
