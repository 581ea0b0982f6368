/* A schema object being read: its keywords, and where it stands. */
#ifndef AK_MASK_JSON_SCHEMA_READING_H
#define AK_MASK_JSON_SCHEMA_READING_H

#include "mask/json_schema.h"

typedef struct Reading {
    SchemaReader *self;
    yyjson_val *object;
    const char *pointer;
} Reading;

/* The value of a keyword; NULL when it is not there, or none in the draft that holds here. */
static inline yyjson_val *ak_reading_get(const Reading *at, const char *keyword) {
    yyjson_val *value = yyjson_obj_get(at->object, keyword);
    return value && ak_draft_has(ak_schema_draft(at->self), keyword) ? value : NULL;
}

/* False, and the error names the keyword. */
bool ak_reading_refuse(const Reading *at, ananke_error_code code, const char *keyword, const char *what);
bool ak_reading_malformed(const Reading *at, const char *keyword, const char *wanted);
/* The pointer of what is under a keyword (`key.data` NULL) or of a member there; in the arena, NULL when out of memory. */
const char *ak_reading_child(const Reading *at, const char *keyword, Str key);
const char *ak_reading_child_at(const Reading *at, const char *keyword, size_t index);
/* The schema under a keyword, of the value itself or of an inner one; `missing` when there is none, NULL on failure. */
const Schema *ak_reading_member(const Reading *at, const char *keyword, const Schema *missing);
const Schema *ak_reading_inner(const Reading *at, const char *keyword, const Schema *missing);
/* A count; `*count` stays as it is when the keyword is not there. */
bool ak_reading_count(const Reading *at, const char *keyword, uint64_t *count);
/* Whether the keyword is no list of schemas: an error then. One that is not there is fine. */
bool ak_reading_check_list(const Reading *at, const char *keyword);

/* Is a `$ref` all that counts here? */
static inline bool ak_reading_is_ref_alone(const Reading *at) {
    return ak_draft_ref_is_alone(ak_schema_draft(at->self)) && ak_reading_get(at, "$ref");
}
/* json_schema_read.c: refuses what is not supported. */
bool ak_reading_check(const Reading *at);
/* What the schema object says of each type by itself, and its fixed values; NULL on failure. */
const Schema *ak_reading_own(const Reading *at);
/* What a keyword refers to, everything when it is not there; NULL on failure. */
const Schema *ak_reading_ref(const Reading *at, const char *keyword);

/* json_schema_object.c: the objects that `properties` and its companions let through, added to the schema. */
bool ak_reading_objects(const Reading *at, Schema *schema);
/* The names that a pattern of patternProperties matches, as of a NameClass; FAILED where it cannot be held: it is left out then. False on failure. */
bool ak_reading_pattern(const Reading *at, Str pattern, const char *pointer, Expr *names);
/* What is left of the schema by propertyNames and by dependencies; NULL on failure. */
const Schema *ak_reading_with_names(const Reading *at, const Schema *schema);
const Schema *ak_reading_with_dependencies(const Reading *at, const Schema *schema);
/* The same by one dependency. */
const Schema *ak_reading_with_dependency(const Reading *at, const char *keyword, Str name, yyjson_val *dependency,
                                         const Schema *schema);
/* The keywords that have dependencies; NULL is behind the last. */
extern const char *const ak_reading_dependencies[];
/* Objects that have the property; everything but those. */
const Schema *ak_reading_having(const Reading *at, Str name);
const Schema *ak_reading_lacking(const Reading *at, Str name);

/* json_schema_logic.c: what is left of the schema by allOf, anyOf, oneOf, not, and if with then and else; NULL on failure. */
const Schema *ak_reading_with_logic(const Reading *at, const Schema *schema);
/* The same by `not` alone. */
const Schema *ak_reading_with_not(const Reading *at, const Schema *schema);

#endif
