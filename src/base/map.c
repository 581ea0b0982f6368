/* Hash map from byte strings: slots hold indices into the entry array, at most half of them in use. */
#include "base/map.h"

static size_t probe(const Map *map, Str key, uint64_t hash) {
    size_t at = hash & (map->slot_count - 1);
    while (map->slots[at]) {
        const MapEntry *entry = &map->entries.items[map->slots[at] - 1];
        if (entry->hash == hash && ak_str_equal(entry->key, key)) break;
        at = (at + 1) & (map->slot_count - 1);
    }
    return at;
}

uint64_t *ak_map_find(const Map *map, Str key) {
    if (!map->slot_count) return NULL;
    size_t at = probe(map, key, ak_str_hash(key));
    return map->slots[at] ? &map->entries.items[map->slots[at] - 1].value : NULL;
}

/* Moves to `count` slots, a power of two. */
static bool resize(Map *map, size_t count) {
    if (map->entries.count >= UINT32_MAX / 2) return ak_arena_alloc(map->arena, SIZE_MAX, 2) != NULL;
    uint32_t *slots = ak_new_array(map->arena, uint32_t, count);
    if (!slots) return false;
    map->slots = slots, map->slot_count = count;
    for (size_t i = 0; i < map->entries.count; i++) {
        size_t at = map->entries.items[i].hash & (count - 1);
        while (slots[at]) at = (at + 1) & (count - 1);
        slots[at] = (uint32_t)i + 1;
    }
    return true;
}

static bool grow(Map *map) {
    return resize(map, map->slot_count ? map->slot_count * 2 : 16);
}

bool ak_map_reserve(Map *map, size_t extra) {
    size_t want = map->entries.count + extra, slots = 16;
    if (want < extra || want > UINT32_MAX / 2) return ak_arena_alloc(map->arena, SIZE_MAX, 2) != NULL;
    while (slots < want * 2) slots *= 2;
    return ak_vec_reserve(map->arena, &map->entries, extra) && (slots <= map->slot_count || resize(map, slots));
}

uint64_t *ak_map_put(Map *map, Str key, bool *is_new) {
    if (is_new) *is_new = false;
    if (map->entries.count * 2 >= map->slot_count && !grow(map)) return NULL;
    uint64_t hash = ak_str_hash(key);
    size_t at = probe(map, key, hash);
    if (!map->slots[at]) {
        if (!ak_vec_push(map->arena, &map->entries, (MapEntry){.key = key, .hash = hash})) return NULL;
        map->slots[at] = (uint32_t)map->entries.count;
        if (is_new) *is_new = true;
    }
    return &map->entries.items[map->slots[at] - 1].value;
}
