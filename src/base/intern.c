/* Interned strings: a map whose value is the entry's own index. */
#include "base/intern.h"
#include <assert.h>

uint32_t ak_intern_find(const Intern *intern, Str text) {
    const uint64_t *id = ak_map_find(&intern->map, text);
    return id ? (uint32_t)*id : AK_INTERN_NONE;
}

uint32_t ak_intern(Intern *intern, Str text) {
    uint32_t known = ak_intern_find(intern, text);
    if (known != AK_INTERN_NONE) return known;
    Str copy = ak_arena_str(intern->map.arena, text);
    if (!copy.data) return AK_INTERN_NONE;
    uint64_t *id = ak_map_put(&intern->map, copy, NULL);
    if (!id) return AK_INTERN_NONE;
    *id = intern->map.entries.count - 1;
    return (uint32_t)*id;
}

Str ak_intern_str(const Intern *intern, uint32_t id) {
    assert(id < intern->map.entries.count);
    return intern->map.entries.items[id].key;
}
