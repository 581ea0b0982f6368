/* Growing lists of ids and of bytes, and errors as text: what src/compat has of its own, as it sees nothing but the public headers. Zeroed is
 * empty; free with ak_llg_ids_free, ak_llg_text_free. Appending is false when there is no memory, and the list is then as it was. */
#ifndef AK_COMPAT_LLG_LIST_H
#define AK_COMPAT_LLG_LIST_H

#include <ananke/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Ids {
    uint32_t *items;
    size_t count, capacity;
} Ids;

typedef struct Text {
    uint8_t *bytes; /* a NUL behind them, once there was something */
    size_t length, capacity;
} Text;

bool ak_llg_ids_append(Ids *ids, const uint32_t *more, size_t count);
bool ak_llg_ids_reserve(Ids *ids, size_t more);
void ak_llg_ids_drop_first(Ids *ids, size_t count);
void ak_llg_ids_free(Ids *ids);

bool ak_llg_text_append(Text *text, const void *more, size_t length);
bool ak_llg_text_format(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ak_llg_text_drop_first(Text *text, size_t length);
void ak_llg_text_free(Text *text);

/* Fills `err` and returns false. */
bool ak_llg_fail(ananke_error *err, ananke_error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool ak_llg_fail_memory(ananke_error *err);
/* "LINE:COLUMN: message", cut to `size`; nothing where there is no room at all. */
void ak_llg_error_write(const ananke_error *err, char *buffer, size_t size);

#endif
