/* Word lists as regular expressions: a text that is exactly one of many. */
#ifndef AK_REGEX_REGEX_WORDS_H
#define AK_REGEX_REGEX_WORDS_H

#include "regex/regex_expr.h"

/* One of the words; of none, nothing matches. The array is sorted in place. */
Expr ak_expr_words(Exprs *exprs, Str *words, size_t count);
/* Adds to `more` every byte that goes on from a whole word, not the empty one, towards a longer word. The array is
 * sorted in place. False when out of memory. */
bool ak_words_extensions(Str *words, size_t count, Arena *arena, ByteSet *more);

#endif
