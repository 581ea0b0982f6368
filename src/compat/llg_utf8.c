/* The table of well-formed sequences is Unicode's (chapter 3, table 3-7). */
#include "compat/llg_utf8.h"

static const struct {
    uint8_t first, last;          /* of the first byte */
    uint8_t length;               /* of the whole */
    uint8_t second, second_until; /* the second byte; all others are 80 … BF */
} forms[] = {
    {0x00, 0x7F, 1, 0, 0},       {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

size_t ak_llg_utf8_next(const uint8_t *bytes, size_t length, bool *is_valid) {
    *is_valid = false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (bytes[0] < forms[i].first || bytes[0] > forms[i].last) continue;
        for (size_t at = 1; at < forms[i].length; at++) {
            uint8_t from = at == 1 ? forms[i].second : 0x80, until = at == 1 ? forms[i].second_until : 0xBF;
            if (at == length || bytes[at] < from || bytes[at] > until) return at;
        }
        *is_valid = true;
        return forms[i].length;
    }
    return 1;
}

/* As llguidance cuts: by the last byte that is no continuation, whatever the bytes behind it are. */
size_t ak_llg_utf8_whole(const uint8_t *bytes, size_t length) {
    if (length == 0) return 0;
    size_t at = length - 1;
    while (at > 0 && (bytes[at] & 0xC0) == 0x80) at--;
    uint8_t first = bytes[at];
    size_t wanted = (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : (first & 0xF8) == 0xF0 ? 4 : 1;
    return at + wanted <= length ? at + wanted : at;
}

bool ak_llg_utf8_mend(Text *to, const uint8_t *bytes, size_t length) {
    bool is_valid;
    for (size_t at = 0, step; at < length; at += step) {
        step = ak_llg_utf8_next(bytes + at, length - at, &is_valid);
        if (!ak_llg_text_append(to, is_valid ? (const void *)(bytes + at) : "\xEF\xBF\xBD", is_valid ? step : 3))
            return false;
    }
    return true;
}
