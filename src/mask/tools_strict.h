/* What OpenAI demands of the schema of a tool that is "strict": every object in it says "additionalProperties": false and requires all its properties. */
#ifndef AK_MASK_TOOLS_STRICT_H
#define AK_MASK_TOOLS_STRICT_H

#include "base/members.h"

/* False and self->err, with the pointer of the first schema that breaks it, which begins with `pointer`, the pointer of `schema`. */
bool ak_tools_strict(MemberReader *self, yyjson_val *schema, const char *pointer);

#endif
