/* Growing by doubling. */
#include "compat/llg_list.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `count + more` items (and one over, for a NUL); NULL when there is no memory or the sum is too large. */
static void *grow(void *items, size_t count, size_t more, size_t size, size_t *capacity) {
    if (more < *capacity - count) return items;
    if (more > SIZE_MAX / 4 / size - count) return NULL;
    size_t wanted = 2 * (count + more) + 16;
    void *grown = realloc(items, wanted * size);
    if (grown) *capacity = wanted;
    return grown;
}

bool ak_llg_ids_reserve(Ids *ids, size_t more) {
    uint32_t *grown = grow(ids->items, ids->count, more, sizeof *grown, &ids->capacity);
    if (grown) ids->items = grown;
    return grown != NULL;
}

bool ak_llg_ids_append(Ids *ids, const uint32_t *more, size_t count) {
    if (!ak_llg_ids_reserve(ids, count)) return false;
    if (count) memcpy(ids->items + ids->count, more, count * sizeof *more);
    ids->count += count;
    return true;
}

void ak_llg_ids_drop_first(Ids *ids, size_t count) {
    if (!count) return;
    memmove(ids->items, ids->items + count, (ids->count - count) * sizeof *ids->items);
    ids->count -= count;
}

void ak_llg_ids_free(Ids *ids) {
    free(ids->items);
    *ids = (Ids){0};
}

bool ak_llg_text_append(Text *text, const void *more, size_t length) {
    uint8_t *grown = grow(text->bytes, text->length, length, 1, &text->capacity);
    if (!grown) return false;
    text->bytes = grown;
    if (length) memcpy(text->bytes + text->length, more, length);
    text->length += length;
    text->bytes[text->length] = 0;
    return true;
}

bool ak_llg_text_format(Text *text, const char *format, ...) {
    char piece[64]; /* numbers with a few signs around them */
    va_list values;
    va_start(values, format);
    int length = vsnprintf(piece, sizeof piece, format, values);
    va_end(values);
    return length >= 0 && (size_t)length < sizeof piece && ak_llg_text_append(text, piece, (size_t)length);
}

void ak_llg_text_drop_first(Text *text, size_t length) {
    if (!length) return;
    memmove(text->bytes, text->bytes + length, text->length - length + 1);
    text->length -= length;
}

void ak_llg_text_free(Text *text) {
    free(text->bytes);
    *text = (Text){0};
}

bool ak_llg_fail(ananke_error *err, ananke_error_code code, const char *format, ...) {
    *err = (ananke_error){.code = code};
    va_list values;
    va_start(values, format);
    vsnprintf(err->message, sizeof err->message, format, values);
    va_end(values);
    return false;
}

bool ak_llg_fail_memory(ananke_error *err) {
    return ak_llg_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
}

void ak_llg_error_write(const ananke_error *err, char *buffer, size_t size) {
    if (!buffer || !size) return;
    if (err->line) snprintf(buffer, size, "%u:%u: %s", err->line, err->column, err->message);
    else snprintf(buffer, size, "%s", err->message);
}
