/* The cases of a schema: the ways in which a value can be in it, each with what it evaluates of the value, properties by their names and items by their
 * places. This is what unevaluatedProperties and unevaluatedItems ask of all that stands beside them.
 *
 * The schema is the union of its cases. They may overlap, but for each value that is in the schema there is one which evaluates all that is evaluated of
 * it. What is not evaluated can therefore be restricted case by case: where several hold, the one that evaluates most asks least.
 *
 * Cases multiply. Where they are too many they become one, which evaluates what any of them does: nothing valid is lost, something invalid may be let
 * through (is_rough). */
#ifndef AK_MASK_JSON_SCHEMA_CASES_H
#define AK_MASK_JSON_SCHEMA_CASES_H

#include "mask/json_schema_reading.h"

typedef struct Evaluated {
    VEC(Str) names;         /* of properties, each once; none where `others` are all */
    Expr others;            /* more names, as of a NameClass */
    uint64_t items;         /* so many at the start; UINT64_MAX: all */
    const Schema *matching; /* and items that are in it */
} Evaluated;

typedef struct SchemaCase {
    const Schema *what;
    Evaluated evaluated;
} SchemaCase;

typedef struct SchemaCases {
    VEC(SchemaCase) list; /* no two evaluate the same; none: nothing is in the schema */
    bool is_rough;        /* they were too many */
    bool is_unsure; /* something is not enforced that decides about what is evaluated: too much may count as such */
} SchemaCases;

/* Nothing is evaluated. */
Evaluated ak_evaluated_nothing(const SchemaReader *self);
bool ak_evaluated_add_name(SchemaReader *self, Evaluated *to, Str name);
void ak_evaluated_add_names(SchemaReader *self, Evaluated *to, Expr names);
bool ak_evaluated_add(SchemaReader *self, Evaluated *to, const Evaluated *from);

/* One more case. */
bool ak_cases_add(SchemaReader *self, SchemaCases *to, const Schema *what, const Evaluated *evaluated);
/* All of both; the same one more case for each pair that can hold. */
bool ak_cases_add_all(SchemaReader *self, SchemaCases *to, const SchemaCases *from);
bool ak_cases_add_product(SchemaReader *self, SchemaCases *to, const SchemaCases *a, const SchemaCases *b);
/* What is in `from`, with one or more of the parts, in every combination. */
bool ak_cases_add_some(SchemaReader *self, SchemaCases *to, const SchemaCases *from, const SchemaCases *parts,
                       size_t count);
/* Makes one of more than so many. */
bool ak_cases_limit(SchemaReader *self, SchemaCases *cases, size_t count);
/* The schema. NULL on failure. */
const Schema *ak_cases_union(SchemaReader *self, const SchemaCases *cases);

/* Everything, but of objects, or of arrays, those whose other properties, or items, are in `rest`. */
const Schema *ak_evaluated_names_or(SchemaReader *self, const Evaluated *evaluated, const Schema *rest,
                                    const char *pointer);
const Schema *ak_evaluated_items_or(SchemaReader *self, const Evaluated *evaluated, const Schema *rest,
                                    const char *pointer);

/* The cases of the schema at `value`, and of what a reference leads to; empty ones to begin with. */
bool ak_schema_read_cases(SchemaReader *self, yyjson_val *value, const char *pointer, SchemaCases *cases);
const SchemaCases *ak_schema_ref_cases(SchemaReader *self, SchemaRef *ref);
/* json_schema_unevaluated.c: those of a schema object. */
bool ak_reading_cases(const Reading *at, SchemaCases *cases);
/* The schema object, by its cases: the keywords beside unevaluatedProperties and unevaluatedItems, and these. NULL on failure. */
const Schema *ak_reading_by_cases(const Reading *at);

#endif
