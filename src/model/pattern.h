/* Regular expressions that users write: PCRE2, compiled into an arena. A pattern is immutable; matching allocates nothing that outlives it. */
#ifndef AK_MODEL_PATTERN_H
#define AK_MODEL_PATTERN_H

#include "base/arena.h"

typedef struct Pattern Pattern;

/* NULL when the pattern is malformed (`problem`, 128 bytes, says why, and `at` where) or memory is out (`problem` is empty then). */
Pattern *ak_pattern_new(Arena *arena, Str text, char problem[128], size_t *at);
/* Does it match somewhere in `text`? Backtracking is bounded; a match that goes beyond counts as none, as does text that is not UTF-8. */
bool ak_pattern_matches(const Pattern *pattern, Str text);

#endif
