/* Builds a precompiled character map for tests: a double array over a few keys, by trying bases until one fits. */
#ifndef AK_TEST_CHARSMAP_BUILDER_H
#define AK_TEST_CHARSMAP_BUILDER_H

#include "base/buf.h"
#include "vocab/charsmap.h"

enum { UNITS = 4096 };

typedef struct MapBuilder {
    const char *const (*pairs)[2]; /* key and replacement */
    size_t count;
    uint32_t units[UNITS], offsets[16]; /* offsets: of the replacements */
    bool is_used[UNITS], is_base[UNITS];
} MapBuilder;

/* Do keys [from, to), which share `depth` bytes, fit at `base`? */
static inline bool fits(const MapBuilder *builder, size_t from, size_t to, size_t depth, uint32_t base) {
    for (size_t i = from; i < to; i++) {
        uint8_t label = (uint8_t)builder->pairs[i][0][depth];
        if (base + 256 >= UNITS || builder->is_used[base ^ label]) return false;
    }
    return !builder->is_base[base];
}

/* Places the children of the node at `at`: keys are sorted, so those of one child lie together. */
static inline void place(MapBuilder *builder, size_t from, size_t to, size_t depth, uint32_t at) {
    uint32_t base = 1;
    while (!fits(builder, from, to, depth, base)) base++;
    builder->is_base[base] = true;
    builder->units[at] |= (at ^ base) << 10;
    for (size_t i = from; i < to; i++) builder->is_used[base ^ (uint8_t)builder->pairs[i][0][depth]] = true;
    for (size_t i = from, next; i < to; i = next) {
        uint8_t label = (uint8_t)builder->pairs[i][0][depth];
        for (next = i + 1; next < to && (uint8_t)builder->pairs[next][0][depth] == label;) next++;
        if (label) builder->units[base ^ label] = label, place(builder, i, next, depth + 1, base ^ label);
        else builder->units[at] |= 1u << 8, builder->units[base] = builder->offsets[i] | 1u << 31;
    }
}

static inline void put_u32(Buf *out, uint32_t number) {
    for (int i = 0; i < 4; i++) ak_buf_byte(out, (char)(number >> 8 * i));
}

/* The map of sorted keys; nothing replaced is longer than the arena holds. */
static inline Str build_map(Arena *arena, const char *const (*pairs)[2], size_t count) {
    MapBuilder *builder = ak_new(arena, MapBuilder);
    Buf texts = {.arena = arena}, out = {.arena = arena};
    *builder = (MapBuilder){.pairs = pairs, .count = count, .is_used = {true}};
    for (size_t i = 0; i < count; i++) {
        builder->offsets[i] = (uint32_t)texts.length;
        ak_buf_bytes(&texts, pairs[i][1], strlen(pairs[i][1]) + 1);
    }
    place(builder, 0, count, 0, 0);
    put_u32(&out, 4 * UNITS);
    for (size_t i = 0; i < UNITS; i++) put_u32(&out, builder->units[i]);
    ak_buf_str(&out, ak_buf_view(&texts));
    return ak_buf_view(&out);
}

#endif
