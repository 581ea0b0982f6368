/* Checking: finds the places where code breaks constraints. */
#ifndef ANANKE_CHECK_H
#define ANANKE_CHECK_H

#include <ananke/constraints.h>
#include <ananke/context.h>
#include <ananke/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_findings ananke_findings;

typedef struct ananke_violation {
    ananke_place place;
    const char *constraint; /* id */
    ananke_severity severity;
    const char *message;  /* "function `Do_it` is not camelCase" */
    const char *evidence; /* why the rule is believed: "followed in 412 of 415 places, for example src/a.ts:12" */
} ananke_violation;

typedef struct ananke_check_summary {
    uint64_t files, bytes, error_bytes, skipped;
    uint64_t checked_constraints; /* constraints that could be checked on at least one file */
} ananke_check_summary;

typedef enum ananke_report_format {
    ANANKE_REPORT_TEXT = 0,
    ANANKE_REPORT_JSON,
    ANANKE_REPORT_SARIF
} ananke_report_format;

/* Checks files and folders. NULL only on failure: violations are a result, not an error. Free with ananke_findings_free; the constraints must
 * outlive the findings. */
ANANKE_API ananke_findings *ananke_check(const char *const *paths, size_t path_count,
                                         const ananke_constraints *constraints, const ananke_context *context,
                                         ananke_error *err);
/* Checks one text that is in no file yet; `file` names it in places and decides its language by its ending. */
ANANKE_API ananke_findings *ananke_check_text(const char *file, const char *text, size_t length,
                                              const ananke_constraints *constraints, const ananke_context *context,
                                              ananke_error *err);
ANANKE_API void ananke_findings_free(ananke_findings *findings);

/* Violations in the order of file, line, column. */
ANANKE_API size_t ananke_findings_count(const ananke_findings *findings);
ANANKE_API const ananke_violation *ananke_findings_get(const ananke_findings *findings, size_t index);
ANANKE_API const ananke_check_summary *ananke_findings_summary(const ananke_findings *findings);
/* The findings as a whole report (SARIF is version 2.1.0); free with ananke_text_free. */
ANANKE_API char *ananke_findings_text(const ananke_findings *findings, ananke_report_format format, size_t *length,
                                      ananke_error *err);

#ifdef __cplusplus
}
#endif
#endif
