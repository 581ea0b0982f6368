/* The drafts of JSON Schema: which one a document is written in, and which keywords it has. */
#ifndef AK_MASK_JSON_SCHEMA_DRAFT_H
#define AK_MASK_JSON_SCHEMA_DRAFT_H

#include "base/arena.h"

/* In the order of their appearance. */
typedef enum SchemaDraft {
    AK_DRAFT_ANY, /* nobody has said it: 2020-12, with the keywords of all others */
    AK_DRAFT_3,
    AK_DRAFT_4,
    AK_DRAFT_6,
    AK_DRAFT_7,
    AK_DRAFT_2019,
    AK_DRAFT_2020
} SchemaDraft;

/* By the name that people give it: "4", "2019-09". False when there is no such draft; ak_draft_names lists them. */
bool ak_draft_named(const char *name, SchemaDraft *draft);
const char *ak_draft_names(void);
/* By the address of its metaschema, as `$schema` has it; ANY when it is not known. */
SchemaDraft ak_draft_of(Str metaschema);
/* Is `uri`, without a fragment, that of a known draft's metaschema or of a part of it? */
bool ak_draft_is_metaschema(Str uri);
/* The metaschema at that address, or a part of it, as it is embedded; {NULL, 0} when it is not. */
Str ak_draft_metaschema(Arena *arena, Str uri);
/* Has the draft this keyword? Words that no draft has count as had. */
bool ak_draft_has(SchemaDraft draft, const char *keyword);

/* Are the keywords beside `$ref` ignored? */
static inline bool ak_draft_ref_is_alone(SchemaDraft draft) {
    return draft != AK_DRAFT_ANY && draft <= AK_DRAFT_7;
}

#endif
