/* Growable byte buffers: doubling, in an arena. */
#include "base/buf.h"
#include <stdio.h>

static bool reserve(Buf *buf, size_t extra) {
    if (extra >= SIZE_MAX / 4 - buf->length) return ak_arena_alloc(buf->arena, SIZE_MAX, 2) != NULL;
    size_t need = buf->length + extra + 1;
    if (need <= buf->capacity) return true;
    size_t capacity = buf->capacity ? buf->capacity * 2 : 64;
    while (capacity < need) capacity *= 2;
    char *data = ak_arena_grow(buf->arena, buf->data, buf->capacity, capacity, 1);
    if (!data) return false;
    buf->data = data, buf->capacity = capacity;
    return true;
}

void ak_buf_bytes(Buf *buf, const void *bytes, size_t length) {
    if (!reserve(buf, length)) return;
    if (length) memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void ak_buf_str(Buf *buf, Str text) {
    ak_buf_bytes(buf, text.data, text.length);
}

void ak_buf_text(Buf *buf, const char *text) {
    ak_buf_bytes(buf, text, strlen(text));
}

void ak_buf_byte(Buf *buf, char byte) {
    ak_buf_bytes(buf, &byte, 1);
}

void ak_buf_repeat(Buf *buf, char byte, size_t count) {
    if (!reserve(buf, count)) return;
    memset(buf->data + buf->length, byte, count);
    buf->length += count;
    buf->data[buf->length] = '\0';
}

void ak_buf_format(Buf *buf, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length >= 0 && reserve(buf, (size_t)length)) {
        vsnprintf(buf->data + buf->length, (size_t)length + 1, format, arguments);
        buf->length += (size_t)length;
    }
    va_end(arguments);
}

Str ak_buf_view(const Buf *buf) {
    return (Str){buf->data ? buf->data : "", buf->length};
}
