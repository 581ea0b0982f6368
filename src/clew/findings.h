/* What a check found: violations in order, a summary, and which constraints could be checked at all. */
#ifndef AK_CLEW_FINDINGS_H
#define AK_CLEW_FINDINGS_H

#include "base/buf.h"
#include "base/vec.h"
#include "model/constraint_set.h"
#include <ananke/check.h>

typedef struct Violation {
    ananke_violation view;
    const Constraint *constraint;
    uint32_t column_points, end_column_points; /* columns in code points, as SARIF counts */
} Violation;

struct ananke_findings {
    Arena arena;
    const ananke_constraints *constraints; /* borrowed */
    VEC(Violation) items;
    ananke_check_summary summary;
    bool *is_checked; /* by constraint: it was judged on at least one file */
};

/* Appends the report in SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). */
void ak_sarif_write(Buf *buf, const ananke_findings *findings);

#endif
