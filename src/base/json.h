/* JSON through yyjson (https://github.com/ibireme/yyjson), with the arena's memory and our errors.
 *
 * Read with ak_json_parse and yyjson's own getters; write by building a yyjson_mut_doc on ak_json_alc and printing it with ak_json_print. Documents
 * live as long as the arena; nothing of them is freed by hand. */
#ifndef AK_BASE_JSON_H
#define AK_BASE_JSON_H

#include "base/arena.h"
#include "base/error.h"
#include <yyjson.h>

/* yyjson's allocator over an arena. The arena must stay where it is while the result is used. */
yyjson_alc ak_json_alc(Arena *arena);
/* Strict RFC 8259. NULL and `err` (with the place in `text`; `file` may be NULL) on failure. Duplicate keys are for the reader to refuse. */
yyjson_doc *ak_json_parse(Arena *arena, Str text, const char *file, ananke_error *err);
/* The same with numbers as they are written: yyjson_get_raw gives their text. */
yyjson_doc *ak_json_parse_raw(Arena *arena, Str text, const char *file, ananke_error *err);
/* An empty document to build on; NULL when out of memory. */
yyjson_mut_doc *ak_json_new(Arena *arena);
/* Two-space indentation and a final newline when `pretty`. {NULL, 0} and `err` on failure. */
Str ak_json_print(Arena *arena, const yyjson_mut_doc *doc, bool pretty, ananke_error *err);
/* The same for a value of a read document. */
Str ak_json_print_value(Arena *arena, yyjson_val *value, bool pretty, ananke_error *err);

/* A string value as a Str, borrowed from the document; {NULL, 0} when it is none. */
static inline Str ak_json_str(yyjson_val *value) {
    return yyjson_is_str(value) ? (Str){yyjson_get_str(value), yyjson_get_len(value)} : (Str){0};
}
/* Adds a copy of `text` under `key` (which must outlive the document); false when out of memory. */
static inline bool ak_json_put_str(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, Str text) {
    return yyjson_mut_obj_add_strncpy(doc, object, key, text.data ? text.data : "", text.length);
}

#endif
