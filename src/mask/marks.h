/* Fixed texts with special tokens in them, "<tool_call>\n{": a mark that the vocabulary has as a special or added token is that token, any other is
 * text. */
#ifndef AK_MASK_MARKS_H
#define AK_MASK_MARKS_H

#include "mask/grammar.h"

typedef struct Marks {
    Grammar *grammar;
    const Str *names; /* of the tokens, as texts spell them */
    size_t count;
} Marks;

/* How long the token's name is that `text` begins with; 0: it begins with text. */
size_t ak_marks_token(const Marks *self, Str text);
/* Where the first token in `text` is; its length when there is none. */
size_t ak_marks_find(const Marks *self, Str text);
/* A symbol for the whole text. AK_SYMBOL_FAILED when memory or fuel has run out. */
Symbol ak_marks_symbol(const Marks *self, Str text);

#endif
