/* Groups of units, and the classes made of them. */
#include "vocab/unit.h"
#include <string.h>

const WidePattern ak_wide_patterns[WIDE_PATTERNS] = {
    {{0xC2, 0xC2}, {0x80, 0xBF}, 2, GROUP_WIDE},     {{0xC3, 0xDF}, {0x80, 0xBF}, 2, GROUP_WIDE + 1},
    {{0xE0, 0xE0}, {0xA0, 0xBF}, 3, GROUP_WIDE + 2}, {{0xE1, 0xE1}, {0x80, 0xBF}, 3, GROUP_WIDE + 3},
    {{0xE2, 0xE2}, {0x80, 0xBF}, 3, GROUP_WIDE + 4}, {{0xE3, 0xE3}, {0x80, 0xBF}, 3, GROUP_WIDE + 5},
    {{0xE4, 0xEC}, {0x80, 0xBF}, 3, GROUP_WIDE + 2}, {{0xED, 0xED}, {0x80, 0x9F}, 3, GROUP_WIDE + 2},
    {{0xEE, 0xEE}, {0x80, 0xBF}, 3, GROUP_WIDE + 2}, {{0xEF, 0xEF}, {0x80, 0xBF}, 3, GROUP_WIDE + 6},
    {{0xF0, 0xF0}, {0x90, 0xBF}, 4, GROUP_WIDE + 7}, {{0xF1, 0xF3}, {0x80, 0xBF}, 4, GROUP_WIDE + 7},
    {{0xF4, 0xF4}, {0x80, 0x8F}, 4, GROUP_WIDE + 7},
};

const uint8_t ak_unit_groups[256] = {
    42, 42, 42, 42, 42, 42, 42, 42, 42, 39, 40, 42, 42, 41, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42,
    42, 42, 42, 7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 0,  1,  1,  1,  1,  1,  1,  1,  1,  1,
    23, 24, 25, 26, 27, 28, 29, 4,  4,  4,  4,  4,  4,  5,  5,  5,  5,  5,  5,  5,  5,  5,  5,  5,  5,  5,  5,  5,  5,
    5,  5,  5,  5,  30, 31, 32, 33, 6,  34, 2,  2,  2,  2,  2,  2,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,  3,
    3,  3,  3,  3,  3,  3,  3,  35, 36, 37, 38, 43, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52,
    52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52,
    52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 44, 45, 45, 45, 45, 45, 45, 45, 45,
    45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 46, 47, 48, 49, 46, 46, 46, 46,
    46, 46, 46, 46, 46, 46, 46, 50, 51, 51, 51, 51, 51, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52, 52,
};

const WidePattern *ak_wide_pattern(uint8_t lead) {
    static const uint8_t by_lead[] = {2, 3, 4, 5, 6, 6,  6,  6,  6,  6, 6,
                                      6, 6, 7, 8, 9, 10, 11, 11, 11, 12}; /* from 0xE0 */
    if (lead >= 0xE0) return lead <= 0xF4 ? &ak_wide_patterns[by_lead[lead - 0xE0]] : NULL;
    return lead >= 0xC2 ? &ak_wide_patterns[lead > 0xC2] : NULL;
}

size_t ak_unit_read(const uint8_t *bytes, size_t length, unsigned *group) {
    const WidePattern *wide = bytes[0] < 0x80 ? NULL : ak_wide_pattern(bytes[0]);
    if (!wide) return *group = ak_unit_groups[bytes[0]], 1;
    *group = wide->group;
    uint8_t low = wide->second[0], high = wide->second[1];
    for (size_t at = 1; at < wide->length; at++, low = 0x80, high = 0xBF) {
        if (at == length) return length;
        if (bytes[at] < low || bytes[at] > high) return *group = GROUP_MALFORMED, 1;
    }
    return wide->length;
}

static uint64_t groups_of(const char *text) {
    uint64_t groups = 0;
    for (; *text; text++) groups |= GROUP_BIT(ak_unit_group((uint8_t)*text));
    return groups;
}

uint64_t ak_stock_groups(StockClass class) {
    uint64_t blank = groups_of("\t\n\r") | GROUP_BIT(GROUP_CONTROL), text = GROUPS_ALL & ~GROUP_BIT(GROUP_MALFORMED);
    switch (class) {
    case STOCK_STRING: return text & ~blank & ~groups_of("\"\\");
    case STOCK_QUOTED: return text & ~blank & ~groups_of("'\\");
    case STOCK_LINE: return text & ~groups_of("\n\r");
    case STOCK_PROSE: return GROUPS_WORD | groups_of(" .,-") | GROUPS_WIDE;
    case STOCK_WORD: return GROUPS_WORD;
    case STOCK_LOWER: return groups_of("01ag_");
    case STOCK_COUNT: break;
    }
    return 0;
}
