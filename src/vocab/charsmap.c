/* Walking down a double array. Units are read bytewise: the data may lie anywhere, and says itself where to go next, so every step is checked. */
#include "vocab/charsmap.h"
#include "base/utf8.h"

static bool read_unit(Str units, size_t index, uint32_t *unit) {
    if (index >= units.length / 4) return false;
    const uint8_t *at = (const uint8_t *)units.data + 4 * index;
    *unit = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    return true;
}

static size_t offset_of(uint32_t unit) {
    return (size_t)(unit >> 10) << ((unit & 1u << 9) >> 6);
}

static bool is_boundary(Str text, size_t at) {
    return at >= text.length || ((uint8_t)text.data[at] & 0xC0) != 0x80;
}

static bool take_text(const Charsmap *map, uint32_t at, Str *replacement) {
    if (at > map->texts.length || !is_boundary(map->texts, at)) return false;
    *replacement = ak_str_slice(map->texts, at, ak_str_find_byte(map->texts, '\0', at));
    return true;
}

bool ak_charsmap_open(Charsmap *map, Str data) {
    uint32_t length;
    if (!read_unit(data, 0, &length) || length % 4 || length > data.length - 4) return false;
    map->units = ak_str_slice(data, 4, 4 + (size_t)length);
    map->texts = ak_str_slice(data, 4 + (size_t)length, data.length);
    return ak_utf8_invalid(map->texts) == SIZE_MAX;
}

size_t ak_charsmap_find(const Charsmap *map, Str text, bool longest, Str *replacement) {
    size_t node = 0, found = 0;
    uint32_t unit, value;
    if (!read_unit(map->units, 0, &unit)) return 0;
    node ^= offset_of(unit);
    for (size_t at = 0; at < text.length && (longest || !found); at++) {
        uint8_t byte = (uint8_t)text.data[at];
        node ^= byte;
        if (!read_unit(map->units, node, &unit) || (unit & (1u << 31 | 0xFF)) != byte) break;
        node ^= offset_of(unit);
        if (!(unit >> 8 & 1) || !read_unit(map->units, node, &value) || !is_boundary(text, at + 1)) continue;
        if (take_text(map, value & ~(1u << 31), replacement)) found = at + 1;
    }
    return found;
}
