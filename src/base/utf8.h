/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef AK_BASE_UTF8_H
#define AK_BASE_UTF8_H

#include "base/str.h"

/* Decodes the code point at the start of `text` into `*point` and returns its length in bytes (1–4); 0 when it is malformed or cut, or `text` is empty. */
size_t ak_utf8_decode(Str text, uint32_t *point);
/* Writes a code point (1–4 bytes) and returns the length; 0 for surrogates and what lies above U+10FFFF. */
size_t ak_utf8_encode(uint32_t point, char bytes[4]);
/* Offset of the first byte that is not valid UTF-8; SIZE_MAX when all is. */
size_t ak_utf8_invalid(Str text);
/* How many code points a valid text has. */
size_t ak_utf8_count(Str text);

#endif
