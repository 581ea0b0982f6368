/* What is not in a schema that is being read, for not, if and oneOf: complements multiply, so each is worked out with a loan of fuel. One that grows too
 * large, or whose schema has something left out, is left out itself. */
#ifndef AK_MASK_JSON_SCHEMA_COMPLEMENT_H
#define AK_MASK_JSON_SCHEMA_COMPLEMENT_H

#include "mask/json_schema_reading.h"

/* A schema, and whether something of it was left out. */
typedef struct SchemaMember {
    const Schema *what;
    const Schema *complement; /* NULL: not worked out yet */
    bool is_loose;
} SchemaMember;

/* Fuel for something that may be too much, and what is as it was afterwards. */
typedef struct SchemaLoan {
    uint64_t rest, lent, expr_floor;
    uint32_t depth;
} SchemaLoan;

SchemaLoan ak_schema_borrow(SchemaReader *self);
/* Whether what failed was too much, or beyond what can be said, and nothing else: the error is forgotten then. */
bool ak_schema_give_back(SchemaReader *self, SchemaLoan loan, bool has_failed);

/* What is in `schema` and not in the member; where that is too much, `schema`, and the keyword is left out. NULL on failure. */
const Schema *ak_reading_without(const Reading *at, const char *keyword, const Schema *schema, SchemaMember *member);
/* oneOf: takes from each of the ways, which are of these members, what is in another member, too; where that is too much, or not wanted
 * (coerce_one_of), they stay as they are, and oneOf is left out. */
bool ak_reading_part(const Reading *at, SchemaMember *members, const Schema **ways, size_t count);

#endif
