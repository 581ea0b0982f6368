/* YAML through libyaml, to and from the same values as JSON.
 *
 * The core schema of YAML 1.2: plain scalars that look like null, true, a number are that; all else is text. Anchors and aliases are taken, up to
 * a bound on the copies; tags, several documents and keys that are no scalars are errors with a place. libyaml allocates by malloc, not by the
 * arena's allocator; all of it is freed before the functions return. */
#ifndef AK_MODEL_YAML_H
#define AK_MODEL_YAML_H

#include "base/json.h"

/* Where values stand. A document's values lie one behind the other in the order of the text (keys and values alike; see yyjson's "Data
 * Structures"), so the number of a value is its distance from the root. */
typedef struct Places {
    const size_t *offsets; /* offsets[i]: byte offset of value i */
    size_t count;
} Places;

/* NULL and `err` (with its place in `text`; `file` may be NULL) on failure. */
yyjson_doc *ak_yaml_parse(Arena *arena, Str text, const char *file, Places *places, ananke_error *err);
/* A value as a YAML document in block style. {NULL, 0} and `err` on failure. */
Str ak_yaml_print(Arena *arena, yyjson_val *value, ananke_error *err);

#endif
