/* ConstraintIR inside. There is one way to make one: from its JSON text. Compiling writes that text and reads it back, so that what is compiled and what
 * is loaded are the same by construction, and equal input gives equal bytes. */
#ifndef AK_BRAID_IR_H
#define AK_BRAID_IR_H

#include "base/json.h"
#include <ananke/ir.h>

enum { AK_IR_VERSION = 1 };

struct ananke_ir {
    Arena arena;
    const char *language;
    const char *grammar;             /* "" when there is none */
    Str json_schema;                 /* its text; empty when there is none */
    Str text;                        /* the whole IR as canonical JSON */
    ananke_constraints *constraints; /* owned */
    ananke_enforcement *enforcement;
    size_t enforcement_count;
};

/* Reads an IR from its text; `file` (may be NULL) names it in errors. */
ananke_ir *ak_ir_read(Str text, const char *file, const ananke_context *context, ananke_error *err);

#endif
