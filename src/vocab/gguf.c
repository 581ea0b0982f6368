/* Reading GGUF with a cursor that never passes the end of the file.
 *
 * Head: magic, version, number of tensors, number of key-value pairs; then the pairs, then the tensors' descriptions; then, aligned, their data.
 * Lists here grow with what has been read, never with a count that only claims. Each failure names its byte offset. */
#include "vocab/gguf.h"
#include "base/file.h"
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

enum { DEFAULT_ALIGNMENT = 32, DIMENSIONS = 4, LONGEST_NAME = 63 };

/* Bytes of one value by GgufType; 0: not of fixed size. */
static const uint8_t value_sizes[GGUF_TYPES] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

/* ggml's tensor types by number: values in a block, bytes of a block; 0: retired. A unit test compares this with ggml's own table. */
static const struct {
    uint16_t values, bytes;
} blocks[] = {
    {1, 4},    {1, 2},    {32, 18},   {32, 20},   {0, 0},     {0, 0},     {32, 22},   {32, 24},  {32, 34},
    {32, 36},  {256, 84}, {256, 110}, {256, 144}, {256, 176}, {256, 210}, {256, 292}, {256, 66}, {256, 74},
    {256, 98}, {256, 50}, {32, 18},   {256, 110}, {256, 82},  {256, 136}, {1, 1},     {1, 2},    {1, 4},
    {1, 8},    {1, 8},    {256, 56},  {1, 2},     {0, 0},     {0, 0},     {0, 0},     {256, 54}, {256, 66},
    {0, 0},    {0, 0},    {0, 0},     {32, 17},   {64, 36},   {128, 18},  {64, 18},
};

typedef struct Cursor {
    Gguf *gguf;
    const char *file;
    size_t at;
    ananke_error *err;
} Cursor;

static bool fail(Cursor *cursor, size_t at, const char *what) {
    ak_fail(cursor->err, ANANKE_ERROR_SYNTAX, "GGUF: %s, at byte %zu of %zu", what, at, cursor->gguf->content.length);
    if (cursor->err) cursor->err->offset = at;
    return ak_fail_in(cursor->err, cursor->file);
}

static bool fail_memory(Cursor *cursor) {
    return ak_fail_memory(cursor->err, cursor->gguf->arena);
}

/* ---- Numbers and strings. */

static uint64_t little_endian(const uint8_t *at, size_t size) {
    uint64_t number = 0;
    for (size_t i = size; i-- > 0;) number = number << 8 | at[i];
    return number;
}

static size_t left(const Cursor *cursor) {
    return cursor->gguf->content.length - cursor->at;
}

static const uint8_t *here(const Cursor *cursor) {
    return (const uint8_t *)cursor->gguf->content.data + cursor->at;
}

static bool read_number(Cursor *cursor, size_t size, uint64_t *number) {
    if (left(cursor) < size) return fail(cursor, cursor->at, "the file ends within its head");
    *number = little_endian(here(cursor), size);
    cursor->at += size;
    return true;
}

static bool read_u32(Cursor *cursor, uint32_t *number) {
    uint64_t wide = 0;
    if (!read_number(cursor, 4, &wide)) return false;
    *number = (uint32_t)wide;
    return true;
}

static bool read_string(Cursor *cursor, Str *text) {
    size_t start = cursor->at;
    uint64_t length = 0;
    if (!read_number(cursor, 8, &length)) return false;
    if (length > left(cursor)) return fail(cursor, start, "a string is longer than the file");
    *text = (Str){(const char *)here(cursor), (size_t)length};
    cursor->at += (size_t)length;
    return true;
}

/* ---- Key-value pairs. */

static bool skip_strings(Cursor *cursor, uint64_t count) {
    Str text = {0};
    for (uint64_t i = 0; i < count; i++) {
        if (!read_string(cursor, &text)) return false;
    }
    return true;
}

static bool skip_items(Cursor *cursor, const GgufValue *value) {
    if (value->type == GGUF_STRING) return skip_strings(cursor, value->count);
    size_t size = value_sizes[value->type];
    if (value->count > left(cursor) / size) return fail(cursor, cursor->at, "a value is longer than the file");
    cursor->at += (size_t)value->count * size;
    return true;
}

static bool read_type(Cursor *cursor, GgufType *type) {
    size_t start = cursor->at;
    uint32_t number = 0;
    if (!read_u32(cursor, &number)) return false;
    if (number >= GGUF_TYPES) return fail(cursor, start, "a value has an unknown type");
    *type = (GgufType)number;
    return true;
}

static bool read_value(Cursor *cursor, GgufValue *value) {
    size_t start = cursor->at;
    *value = (GgufValue){.count = 1};
    if (!read_type(cursor, &value->type)) return false;
    if (value->type == GGUF_ARRAY) {
        value->is_array = true;
        if (!read_type(cursor, &value->type) || !read_number(cursor, 8, &value->count)) return false;
        if (value->type == GGUF_ARRAY) return fail(cursor, start, "an array of arrays");
    }
    value->at = here(cursor);
    return skip_items(cursor, value);
}

static bool read_pair(Cursor *cursor) {
    Gguf *gguf = cursor->gguf;
    size_t start = cursor->at;
    Str key = {0};
    GgufValue value = {0};
    if (!read_string(cursor, &key)) return false;
    if (!key.length) return fail(cursor, start, "a key is empty");
    if (!read_value(cursor, &value)) return false;
    bool is_new = false;
    uint64_t *slot = ak_map_put(&gguf->keys, key, &is_new);
    if (!slot) return fail_memory(cursor);
    if (!is_new) return fail(cursor, start, "a key is there twice");
    *slot = gguf->values.count;
    return ak_vec_push(gguf->arena, &gguf->values, value) || fail_memory(cursor);
}

/* ---- Tensors. */

static bool multiply(uint64_t *product, uint64_t factor) {
    if (factor && *product > (uint64_t)INT64_MAX / factor) return false;
    *product *= factor;
    return true;
}

/* Reads dimensions and type: the tensor's size in bytes. */
static bool read_shape(Cursor *cursor, uint64_t *size) {
    size_t start = cursor->at;
    uint32_t dimensions = 0, type = 0;
    uint64_t first = 1, count = 1;
    if (!read_u32(cursor, &dimensions)) return false;
    if (dimensions > DIMENSIONS) return fail(cursor, start, "a tensor has too many dimensions");
    for (uint32_t i = 0; i < dimensions; i++) {
        uint64_t length = 0;
        if (!read_number(cursor, 8, &length)) return false;
        if (i == 0) first = length;
        if (!multiply(&count, length)) return fail(cursor, start, "a tensor is too large");
    }
    start = cursor->at;
    if (!read_u32(cursor, &type)) return false;
    if (type >= sizeof blocks / sizeof *blocks || !blocks[type].values)
        return fail(cursor, start, "a tensor has an unknown type");
    if (first % blocks[type].values) return fail(cursor, start, "a tensor's rows are no whole blocks");
    *size = count / blocks[type].values;
    return multiply(size, blocks[type].bytes) || fail(cursor, start, "a tensor is too large");
}

typedef struct Extent {
    uint64_t from, size;
    size_t at; /* where in the head it is described */
} Extent;

typedef struct Extents {
    VEC(Extent) list;
    Map names;
} Extents;

static bool read_tensor(Cursor *cursor, Extents *extents) {
    Extent extent = {.at = cursor->at};
    Str name = {0};
    if (!read_string(cursor, &name)) return false;
    if (name.length > LONGEST_NAME) return fail(cursor, extent.at, "a tensor's name is too long");
    bool is_new = false;
    if (!ak_map_put(&extents->names, name, &is_new)) return fail_memory(cursor);
    if (!is_new) return fail(cursor, extent.at, "a tensor is there twice");
    if (!read_shape(cursor, &extent.size) || !read_number(cursor, 8, &extent.from)) return false;
    return ak_vec_push(cursor->gguf->arena, &extents->list, extent) || fail_memory(cursor);
}

static bool check_extents(Cursor *cursor, const Extents *extents, uint32_t alignment) {
    Gguf *gguf = cursor->gguf;
    gguf->data = cursor->at + (alignment - cursor->at % alignment) % alignment;
    uint64_t room = gguf->data < gguf->content.length ? gguf->content.length - gguf->data : 0;
    for (size_t i = 0; i < extents->list.count; i++) {
        const Extent *extent = &extents->list.items[i];
        if (extent->from % alignment) return fail(cursor, extent->at, "a tensor's data is not aligned");
        if (extent->from > room || extent->size > room - extent->from)
            return fail(cursor, extent->at, "a tensor's data lies behind the end of the file");
    }
    return true;
}

static bool read_alignment(Cursor *cursor, uint32_t *alignment) {
    const GgufValue *value = ak_gguf_find(cursor->gguf, "general.alignment");
    *alignment = DEFAULT_ALIGNMENT;
    if (!value) return true;
    if (value->type == GGUF_UINT32 && !value->is_array) *alignment = ak_gguf_item32(value, 0);
    else *alignment = 0;
    if (*alignment && !(*alignment & (*alignment - 1))) return true;
    return fail(cursor, (size_t)(value->at - (const uint8_t *)cursor->gguf->content.data),
                "general.alignment is not a power of two");
}

/* ---- The whole head. */

static bool read_head(Cursor *cursor, uint64_t *pairs) {
    enum { SMALLEST_TENSOR = 24, SMALLEST_PAIR = 13 };
    Gguf *gguf = cursor->gguf;
    if (!ak_str_starts(gguf->content, STR("GGUF"))) return fail(cursor, 0, "the magic is missing");
    cursor->at = 4;
    if (!read_u32(cursor, &gguf->version)) return false;
    if (gguf->version != 2 && gguf->version != 3) {
        ak_fail(cursor->err, ANANKE_ERROR_UNSUPPORTED, "GGUF: version %" PRIu32 " is not supported, 2 and 3 are",
                gguf->version);
        return ak_fail_in(cursor->err, cursor->file);
    }
    if (!read_number(cursor, 8, &gguf->tensor_count) || !read_number(cursor, 8, pairs)) return false;
    if (gguf->tensor_count > left(cursor) / SMALLEST_TENSOR)
        return fail(cursor, 8, "more tensors than the file could hold");
    return *pairs <= left(cursor) / SMALLEST_PAIR || fail(cursor, 16, "more keys than the file could hold");
}

bool ak_gguf_read(Gguf *gguf, Arena *arena, Str content, const char *file, ananke_error *err) {
    *gguf = (Gguf){.content = content, .arena = arena, .keys = {.arena = arena}};
    Cursor cursor = {.gguf = gguf, .file = file, .err = err};
    Extents extents = {.names = {.arena = arena}};
    uint64_t pairs = 0;
    uint32_t alignment = 0;
    if (!read_head(&cursor, &pairs)) return false;
    for (uint64_t i = 0; i < pairs; i++) {
        if (!read_pair(&cursor)) return false;
    }
    if (!read_alignment(&cursor, &alignment)) return false;
    for (uint64_t i = 0; i < gguf->tensor_count; i++) {
        if (!read_tensor(&cursor, &extents)) return false;
    }
    return check_extents(&cursor, &extents, alignment);
}

/* ---- Asking. */

const GgufValue *ak_gguf_find(const Gguf *gguf, const char *key) {
    const uint64_t *index = ak_map_find(&gguf->keys, ak_str(key));
    return index ? &gguf->values.items[*index] : NULL;
}

static const GgufValue *find_single(const Gguf *gguf, const char *key) {
    const GgufValue *value = ak_gguf_find(gguf, key);
    return value && !value->is_array ? value : NULL;
}

bool ak_gguf_uint(const Gguf *gguf, const char *key, uint32_t *number) {
    const GgufValue *value = find_single(gguf, key);
    if (!value || value->type == GGUF_FLOAT32 || value->type == GGUF_BOOL || value->type == GGUF_STRING ||
        value->type == GGUF_FLOAT64)
        return false;
    uint64_t wide = little_endian(value->at, value_sizes[value->type]);
    if (wide > UINT32_MAX) return false;
    *number = (uint32_t)wide;
    return true;
}

bool ak_gguf_bool(const Gguf *gguf, const char *key, bool otherwise) {
    const GgufValue *value = find_single(gguf, key);
    return value && value->type == GGUF_BOOL ? *value->at != 0 : otherwise;
}

Str ak_gguf_str(const Gguf *gguf, const char *key) {
    const GgufValue *value = find_single(gguf, key);
    if (!value || value->type != GGUF_STRING) return (Str){0};
    const uint8_t *at = value->at;
    return ak_gguf_next_str(&at);
}

Str ak_gguf_next_str(const uint8_t **at) {
    Str text = {(const char *)*at + 8, (size_t)little_endian(*at, 8)};
    *at += 8 + text.length;
    return text;
}

uint32_t ak_gguf_item32(const GgufValue *value, uint64_t index) {
    return (uint32_t)little_endian(value->at + 4 * index, 4);
}

/* ---- Files. */

bool ak_gguf_is(const char *path) {
    char magic[4];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return false;
    bool is = read(fd, magic, sizeof magic) == sizeof magic && memcmp(magic, "GGUF", sizeof magic) == 0;
    close(fd);
    return is;
}

bool ak_gguf_validate(const char *path, const ananke_context *context, ananke_error *err) {
    FileMap map = {0};
    if (!ak_file_map(&map, path, err)) return false;
    Arena arena = ak_arena(context);
    Gguf gguf;
    bool sound = ak_gguf_read(&gguf, &arena, map.content, path, err);
    ak_arena_free(&arena);
    ak_file_unmap(&map);
    return sound;
}
