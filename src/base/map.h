/* Hash map from byte strings to 64-bit values, in an arena: open addressing, linear probing, no removal. Keys are borrowed: they must live as long
 * as the map. Iteration is in order of insertion, so results do not depend on the hash. */
#ifndef AK_BASE_MAP_H
#define AK_BASE_MAP_H

#include "base/vec.h"

typedef struct MapEntry {
    Str key;
    uint64_t value;
    uint64_t hash;
} MapEntry;

typedef struct Map {
    Arena *arena;
    VEC(MapEntry) entries; /* in order of insertion */
    uint32_t *slots;       /* index + 1 of an entry, 0 when free */
    size_t slot_count;     /* power of two, 0 while empty */
} Map;

/* The value of `key`, or NULL. The pointer is good until the next insertion. */
uint64_t *ak_map_find(const Map *map, Str key);
/* The value of `key`, inserted as 0 when it was not there (`*is_new`, may be NULL, tells). NULL when out of memory. */
uint64_t *ak_map_put(Map *map, Str key, bool *is_new);
/* Room for `extra` more keys, so that the map need not grow meanwhile; false when out of memory. */
bool ak_map_reserve(Map *map, size_t extra);

#endif
