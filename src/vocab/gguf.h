/* GGUF, the files of llama.cpp and ggml: metadata and the table of tensors, read and checked without trust.
 *
 * Everything points into the file's content, which must stay. Numbers are little-endian; versions 2 and 3. What is read here is whole: every
 * count and offset has been compared with the size of the file, so that what ak_gguf_read accepts can be given to a reader that trusts.
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) */
#ifndef AK_VOCAB_GGUF_H
#define AK_VOCAB_GGUF_H

#include "base/error.h"
#include "base/map.h"

typedef enum GgufType {
    GGUF_UINT8 = 0,
    GGUF_INT8,
    GGUF_UINT16,
    GGUF_INT16,
    GGUF_UINT32,
    GGUF_INT32,
    GGUF_FLOAT32,
    GGUF_BOOL,
    GGUF_STRING,
    GGUF_ARRAY,
    GGUF_UINT64,
    GGUF_INT64,
    GGUF_FLOAT64,
    GGUF_TYPES
} GgufType;

/* A value, or an array of them. */
typedef struct GgufValue {
    GgufType type; /* of the value, or of the items */
    bool is_array;
    uint64_t count;    /* items; 1 for what is no array */
    const uint8_t *at; /* the first item's bytes */
} GgufValue;

typedef struct Gguf {
    Str content;
    Arena *arena; /* of the lists here */
    uint32_t version;
    uint64_t tensor_count;
    uint64_t data;         /* offset of the tensors' data */
    VEC(GgufValue) values; /* by key: the map's values are indices */
    Map keys;
} Gguf;

/* Reads and checks the whole head of a file. `file` names it in errors (NULL: none). */
bool ak_gguf_read(Gguf *gguf, Arena *arena, Str content, const char *file, ananke_error *err);
/* The same for a file on disk, keeping nothing: is it sound? Model loaders ask before they hand it to llama.cpp. */
bool ak_gguf_validate(const char *path, const ananke_context *context, ananke_error *err);

/* The value of a key; NULL when there is none. */
const GgufValue *ak_gguf_find(const Gguf *gguf, const char *key);
/* A whole number from 0 to UINT32_MAX; false when the key is missing or something else. */
bool ak_gguf_uint(const Gguf *gguf, const char *key, uint32_t *number);
bool ak_gguf_bool(const Gguf *gguf, const char *key, bool otherwise);
/* A text; {NULL, 0} when missing or something else. */
Str ak_gguf_str(const Gguf *gguf, const char *key);
/* Walks the strings of an array: `*at` starts as value->at. */
Str ak_gguf_next_str(const uint8_t **at);
/* Item `index` of an array of 4-byte items. */
uint32_t ak_gguf_item32(const GgufValue *value, uint64_t index);

/* Does the file begin with the magic? False for what cannot be opened. */
bool ak_gguf_is(const char *path);

#endif
