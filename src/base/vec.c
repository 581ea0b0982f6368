/* Growable arrays: the part that does not depend on the item's type. */
#include "base/vec.h"

void *ak_vec_room(Arena *arena, void *items, size_t count, size_t *capacity, size_t extra, size_t size) {
    if (extra > SIZE_MAX / 4 - count) return ak_arena_alloc(arena, SIZE_MAX, 2);
    size_t grown = *capacity ? *capacity * 2 : 8;
    while (grown < count + extra) grown *= 2;
    void *fresh = ak_arena_grow(arena, items, *capacity, grown, size);
    if (fresh) *capacity = grown;
    return fresh;
}
