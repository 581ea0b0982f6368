/* Typed growable arrays in an arena.
 *
 *     typedef VEC(uint32_t) Ids;
 *     Ids ids = {0};
 *     if (!ak_vec_push(arena, &ids, 7)) return ak_fail_memory(err, arena);
 *     for (size_t i = 0; i < ids.count; i++) use(ids.items[i]);
 *
 * Growing doubles; old arrays stay in the arena until it is freed, which wastes at most as much as the array holds. A zeroed vec is empty. */
#ifndef AK_BASE_VEC_H
#define AK_BASE_VEC_H

#include "base/arena.h"

#define VEC(Type)        \
    struct {             \
        Type *items;     \
        size_t count;    \
        size_t capacity; \
    }

/* Room for `extra` more items. Returns the new array, or NULL on failure (the old one is then still good). */
void *ak_vec_room(Arena *arena, void *items, size_t count, size_t *capacity, size_t extra, size_t size);

/* True when there is room for `extra` more items. */
#define ak_vec_reserve(arena, vec, extra)                 \
    ((vec)->capacity - (vec)->count >= (size_t)(extra) || \
     ak_vec_set((void **)&(vec)->items,                   \
                ak_vec_room((arena), (vec)->items, (vec)->count, &(vec)->capacity, (extra), sizeof *(vec)->items)))
/* Appends; false when out of memory. */
#define ak_vec_push(arena, vec, ...) \
    (ak_vec_reserve((arena), (vec), 1) && ((vec)->items[(vec)->count++] = (__VA_ARGS__), true))

static inline bool ak_vec_set(void **items, void *fresh) {
    if (!fresh) return false;
    memcpy(items, &fresh, sizeof fresh);
    return true;
}

#endif
