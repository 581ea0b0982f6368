/* Why no value is valid: the place, and the keywords there that suffice for it.
 *
 * Which keywords those are is found by leaving them out, one after the other, as long as no value becomes valid (Zeller, Hildebrandt: Simplifying and
 * isolating failure-inducing input, 2002); members of `allOf` count as keywords. Where they are one inner schema and what makes it obligatory, that
 * schema is looked at instead. */
#ifndef AK_MASK_JSON_SCHEMA_BLAME_H
#define AK_MASK_JSON_SCHEMA_BLAME_H

#include "mask/json_schema.h"

/* Says in self->err why nothing is in the schema, which has been found out before: ANANKE_ERROR_CONFLICT. Reading is at an end then. */
void ak_schema_blame(SchemaReader *self, const SchemaRef *whole);

#endif
