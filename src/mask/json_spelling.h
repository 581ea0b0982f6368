/* What the body of a JSON string spells, byte by byte: a short escape, \uXXXX, a pair of surrogate escapes, or the bytes themselves. */
#ifndef AK_MASK_JSON_SPELLING_H
#define AK_MASK_JSON_SPELLING_H

#include "base/str.h"

/* An escape under way; zeroed: none is. */
typedef struct JsonSpelling {
    uint16_t high; /* a high surrogate that was read and waits for its low one; 0: none does */
    uint16_t unit; /* the digits of \uXXXX so far */
    uint8_t step;  /* bytes of the escape so far */
} JsonSpelling;

enum { AK_JSON_DECODED_MAX = 8 };

/* Reads one more byte and writes what it completes, UTF-8; how many bytes that is. What is no escape spells nothing, a surrogate without its like U+FFFD. */
size_t ak_json_spelling_read(JsonSpelling *self, uint8_t byte, char decoded[AK_JSON_DECODED_MAX]);

static inline bool ak_json_spelling_is_open(const JsonSpelling *self) {
    return self->step || self->high;
}

#endif
