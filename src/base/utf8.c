/* UTF-8: decode by the well-formed byte sequences of the Unicode Standard, table 3-7. */
#include "base/utf8.h"

static bool is_tail(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

size_t ak_utf8_decode(Str text, uint32_t *point) {
    if (!text.length) return 0;
    const unsigned char *b = (const unsigned char *)text.data;
    if (b[0] < 0x80) return *point = b[0], 1;
    if (b[0] < 0xC2 || b[0] > 0xF4) return 0;
    size_t length = b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    if (text.length < length) return 0;
    uint32_t value = b[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (!is_tail(b[i])) return 0;
        value = value << 6 | (b[i] & 0x3Fu);
    }
    bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || (value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF) return 0;
    return *point = value, length;
}

size_t ak_utf8_encode(uint32_t point, char bytes[4]) {
    if (point < 0x80) return bytes[0] = (char)point, 1;
    if (point < 0x800) {
        bytes[0] = (char)(0xC0 | point >> 6), bytes[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        if (point >= 0xD800 && point <= 0xDFFF) return 0;
        bytes[0] = (char)(0xE0 | point >> 12), bytes[1] = (char)(0x80 | (point >> 6 & 0x3F)),
        bytes[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    if (point > 0x10FFFF) return 0;
    bytes[0] = (char)(0xF0 | point >> 18), bytes[1] = (char)(0x80 | (point >> 12 & 0x3F));
    bytes[2] = (char)(0x80 | (point >> 6 & 0x3F)), bytes[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

size_t ak_utf8_invalid(Str text) {
    for (size_t at = 0; at < text.length;) {
        if ((unsigned char)text.data[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t point;
        size_t length = ak_utf8_decode((Str){text.data + at, text.length - at}, &point);
        if (!length) return at;
        at += length;
    }
    return SIZE_MAX;
}

size_t ak_utf8_count(Str text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) count += !is_tail((unsigned char)text.data[i]);
    return count;
}
