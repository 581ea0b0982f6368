/* The end of a code block in text that is still growing: where it is, and how much of the text can be shown already. */
#ifndef AK_MAZE_FENCE_H
#define AK_MAZE_FENCE_H

#include "base/str.h"

/* The offset of the closing fence, a line that begins with ```; SIZE_MAX when there is none. */
size_t ak_fence_find(Str text);
/* The offset behind which the text may still turn out to be the closing fence: what comes before will stay. */
size_t ak_fence_safe(Str text);
/* The length without a code point that is not complete yet. Bytes that are no UTF-8 at all stay. */
size_t ak_fence_whole_points(Str text);

#endif
