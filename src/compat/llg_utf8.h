/* UTF-8 where it may be broken. */
#ifndef AK_COMPAT_LLG_UTF8_H
#define AK_COMPAT_LLG_UTF8_H

#include "compat/llg_list.h"

/* How many bytes the next character has; `*is_valid` is false for the longest piece that begins a character and does not end it, or for one byte
 * that begins none. `length` is not 0. */
size_t ak_llg_utf8_next(const uint8_t *bytes, size_t length, bool *is_valid);
/* How many bytes are left when a character that has only begun is cut off the end. */
size_t ak_llg_utf8_whole(const uint8_t *bytes, size_t length);
/* Appends the text with U+FFFD for each piece that is not UTF-8. */
bool ak_llg_utf8_mend(Text *to, const uint8_t *bytes, size_t length);

#endif
