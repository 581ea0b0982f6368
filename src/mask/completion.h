/* Completion: a short text after which a matcher accepts. */
#ifndef AK_MASK_COMPLETION_H
#define AK_MASK_COMPLETION_H

#include "mask/matcher.h"

/* The text, in `arena`; {NULL, 0} when none was found within the budget. Leaves rows above the cursor's: tidy
 * afterwards. */
Str ak_completion_find(ananke_matcher *matcher, Arena *arena);

#endif
