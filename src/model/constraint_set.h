/* Sets of constraints: the one model that mined, written and imported rules become.
 *
 * There is one way in: a JSON value (from a JSON file, a YAML file, a miner) is read against the kinds, and every key, kind, parameter and type is
 * verified, with its place when there is a text. There is one way out: the same values are printed. So nothing is lost in between. A set is
 * immutable once it is made; everything lives in its arena. */
#ifndef AK_MODEL_CONSTRAINT_SET_H
#define AK_MODEL_CONSTRAINT_SET_H

#include "model/kind.h"
#include <ananke/constraints.h>

enum { AK_SET_VERSION = 1 }; /* of the file format */

/* A place that is told as an example or an exception. */
typedef struct Instance {
    Str file;              /* NUL-terminated, as all texts here */
    uint32_t line, column; /* 0: not known */
    Str text;              /* what stands there; may be empty */
} Instance;

typedef struct Constraint {
    ananke_constraint view; /* what the public functions show */
    const Kind *kind;
    const KindCase *about;      /* the case of the kind that the parameters chose */
    yyjson_val *parameters;     /* object; ask ak_kind_value for one with its default */
    const Str *paths, *exclude; /* scope: globs; no paths: everywhere */
    size_t path_count, exclude_count;
    const Instance *exceptions; /* at most as many as view.exception_count */
    size_t exceptions_listed;
    const Instance *evidence; /* places where the rule is followed */
    size_t evidence_count;
    int64_t priority; /* the higher wins; 0 when nothing is said */
    yyjson_val *json; /* the constraint as it was read */
} Constraint;

struct ananke_constraints {
    Arena arena;
    Kinds kinds;
    const char *file;  /* where it was read; "" when it was not */
    Constraint *items; /* in the order of the file */
    size_t count;
};

/* A set from a document `{"version": 1, "constraints": [...]}` that was built in memory. NULL and `err` on failure. */
ananke_constraints *ak_constraint_set_from(const yyjson_mut_doc *doc, const ananke_context *context, ananke_error *err);

/* Is a file in the constraint's scope? `paths` look at both names of it, `exclude` only at `relative`: its name below the folder that is looked
 * through. */
bool ak_constraint_covers(const Constraint *constraint, Str path, Str relative);

/* The value of a parameter, its default included; NULL when there is none. */
static inline yyjson_val *ak_constraint_value(const Constraint *constraint, const char *name) {
    return ak_kind_value(constraint->kind, constraint->parameters, ak_str(name));
}

#endif
