/* Completion: a short text after which a grammar's text is whole. */
#ifndef AK_MASK_COMPLETION_H
#define AK_MASK_COMPLETION_H

#include "mask/reference.h"

/* The text, in `arena`; {NULL, 0} when none was found within the budget. The reference
 * is of no other use afterwards. */
Str ak_completion_find(Reference *reference, Arena *arena);

#endif
