/* Small GGUF files for tests, put together piece by piece. */
#ifndef TESTS_GGUF_BUILDER_H
#define TESTS_GGUF_BUILDER_H

#include "base/buf.h"
#include "vocab/gguf.h"

static inline void put_number(Buf *out, uint64_t number, size_t size) {
    for (size_t i = 0; i < size; i++) ak_buf_byte(out, (char)(number >> 8 * i));
}

static inline void put_string(Buf *out, Str text) {
    put_number(out, text.length, 8);
    ak_buf_str(out, text);
}

static inline void put_head(Buf *out, uint32_t version, uint64_t tensors, uint64_t pairs) {
    ak_buf_text(out, "GGUF");
    put_number(out, version, 4);
    put_number(out, tensors, 8);
    put_number(out, pairs, 8);
}

static inline void put_key(Buf *out, const char *key, GgufType type) {
    put_string(out, ak_str(key));
    put_number(out, type, 4);
}

static inline void put_u32(Buf *out, const char *key, uint32_t value) {
    put_key(out, key, GGUF_UINT32);
    put_number(out, value, 4);
}

static inline void put_text(Buf *out, const char *key, const char *value) {
    put_key(out, key, GGUF_STRING);
    put_string(out, ak_str(value));
}

static inline void put_array(Buf *out, const char *key, GgufType type, uint64_t count) {
    put_key(out, key, GGUF_ARRAY);
    put_number(out, type, 4);
    put_number(out, count, 8);
}

static inline void put_texts(Buf *out, const char *key, const char *const *values, size_t count) {
    put_array(out, key, GGUF_STRING, count);
    for (size_t i = 0; i < count; i++) put_string(out, ak_str(values[i]));
}

static inline void put_numbers(Buf *out, const char *key, GgufType type, const uint32_t *values, size_t count) {
    put_array(out, key, type, count);
    for (size_t i = 0; i < count; i++) put_number(out, values[i], 4);
}

static inline void put_tensor(Buf *out, const char *name, uint64_t rows, uint64_t columns, uint32_t type,
                              uint64_t offset) {
    put_string(out, ak_str(name));
    put_number(out, 2, 4);
    put_number(out, columns, 8);
    put_number(out, rows, 8);
    put_number(out, type, 4);
    put_number(out, offset, 8);
}

#endif
