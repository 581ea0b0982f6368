/* How vocabulary files write the bytes of a token, and the names that end-of-text tokens have. */
#ifndef AK_VOCAB_TOKENIZER_FORM_H
#define AK_VOCAB_TOKENIZER_FORM_H

#include "base/arena.h"

typedef enum TokenForm {
    FORM_PLAIN,    /* as they are, in UTF-8 */
    FORM_ALPHABET, /* one printable character a byte, as GPT-2 does */
    FORM_SPACES,   /* UTF-8 with U+2581 for a space, and <0x0A> for a byte */
    FORM_WORDPIECE /* UTF-8; "##" marks what goes on within a word */
} TokenForm;

/* The bytes that `key` stands for: `key` itself, or a text in `arena`; {NULL, 0} when out of memory. A key that is not of the form stands for
 * itself. `*byte` (may be NULL) becomes the value of a <0x0A>, -1 for other keys. */
Str ak_form_bytes(TokenForm form, Str key, Arena *arena, int *byte);
/* The character of FORM_ALPHABET for a byte; returns its length. */
size_t ak_form_character(uint8_t byte, char character[4]);

/* Decodes base64 with its padding (or without); {NULL, 0} when malformed or out of memory. */
Str ak_form_base64(Str code, Arena *arena);

/* Known names of tokens that end a text or a turn, NULL at the end: what is looked for where no configuration says. */
extern const char *const ak_eos_names[];

#endif
