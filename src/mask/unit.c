/* Groups of units, and the classes made of them. */
#include "mask/unit.h"
#include <string.h>

const WidePattern ak_wide_patterns[WIDE_PATTERNS] = {
    {{0xC2, 0xDF}, {0x80, 0xBF}, 2}, {{0xE0, 0xE0}, {0xA0, 0xBF}, 3}, {{0xE1, 0xEC}, {0x80, 0xBF}, 3},
    {{0xED, 0xED}, {0x80, 0x9F}, 3}, {{0xEE, 0xEF}, {0x80, 0xBF}, 3}, {{0xF0, 0xF0}, {0x90, 0xBF}, 4},
    {{0xF1, 0xF3}, {0x80, 0xBF}, 4}, {{0xF4, 0xF4}, {0x80, 0x8F}, 4}};

/* Punctuation in the order of its groups, from GROUP_SPACE + 1. */
static const char punctuation[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~";
_Static_assert(sizeof punctuation - 1 == GROUP_TAB - GROUP_SPACE - 1, "a group for each character");

unsigned ak_unit_group(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte > '0';
    if (byte >= 'a' && byte <= 'z') return byte <= 'f' ? 2 : 3;
    if (byte >= 'A' && byte <= 'Z') return byte <= 'F' ? 4 : 5;
    switch (byte) {
    case '_': return GROUP_UNDERSCORE;
    case ' ': return GROUP_SPACE;
    case '\t': return GROUP_TAB;
    case '\n': return GROUP_NEWLINE;
    case '\r': return GROUP_RETURN;
    case 0x7F: return GROUP_DELETE;
    default: break;
    }
    if (byte < ' ') return GROUP_CONTROL;
    if (byte >= 0x80) return GROUP_MALFORMED;
    return GROUP_SPACE + 1 + (unsigned)(strchr(punctuation, byte) - punctuation);
}

const WidePattern *ak_wide_pattern(uint8_t lead) {
    for (int i = 0; i < WIDE_PATTERNS; i++) {
        if (lead >= ak_wide_patterns[i].lead[0] && lead <= ak_wide_patterns[i].lead[1]) return &ak_wide_patterns[i];
    }
    return NULL;
}

size_t ak_unit_read(const uint8_t *bytes, size_t length, unsigned *group) {
    const WidePattern *wide = bytes[0] < 0x80 ? NULL : ak_wide_pattern(bytes[0]);
    if (!wide) return *group = ak_unit_group(bytes[0]), 1;
    *group = GROUP_WIDE;
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
    case STOCK_PROSE: return GROUPS_WORD | groups_of(" .,-") | GROUP_BIT(GROUP_WIDE);
    case STOCK_WORD: return GROUPS_WORD;
    case STOCK_LOWER: return groups_of("01ag_");
    case STOCK_COUNT: break;
    }
    return 0;
}
