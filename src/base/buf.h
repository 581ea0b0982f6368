/* Growable byte buffers in an arena. Failure is the arena's: appending to a buffer after it does nothing, so check ak_arena_ok once at the end.
 * The text is kept NUL-terminated behind its length. A buffer made with {.arena = a} is empty and ready. */
#ifndef AK_BASE_BUF_H
#define AK_BASE_BUF_H

#include "base/arena.h"

typedef struct Buf {
    Arena *arena;
    char *data; /* NULL while empty */
    size_t length;
    size_t capacity; /* bytes, the NUL's place included */
} Buf;

void ak_buf_bytes(Buf *buf, const void *bytes, size_t length);
void ak_buf_str(Buf *buf, Str text);
void ak_buf_text(Buf *buf, const char *text);
void ak_buf_byte(Buf *buf, char byte);
void ak_buf_repeat(Buf *buf, char byte, size_t count);
void ak_buf_format(Buf *buf, const char *format, ...) ANANKE_PRINTF(2, 3);
/* What is in it; lives as long as the arena and the next append. */
Str ak_buf_view(const Buf *buf);

#endif
