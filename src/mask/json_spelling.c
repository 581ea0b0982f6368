/* Escapes. */
#include "mask/json_spelling.h"
#include "base/utf8.h"

enum { REPLACEMENT = 0xFFFD, UNIT_STEPS = 6 };

static size_t put(uint32_t point, char *decoded) {
    return ak_utf8_encode(point, decoded);
}

/* A unit of UTF-16 is complete. */
static size_t end_unit(JsonSpelling *self, char *decoded) {
    uint32_t unit = self->unit, high = self->high;
    bool is_high = unit >= 0xD800 && unit < 0xDC00, is_low = unit >= 0xDC00 && unit < 0xE000;
    *self = (JsonSpelling){.high = is_high ? (uint16_t)unit : 0};
    if (is_low && high) return put(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00), decoded);
    size_t length = high ? put(REPLACEMENT, decoded) : 0;
    return is_high ? length : length + put(is_low ? REPLACEMENT : unit, decoded + length);
}

static int digit_of(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f') return (byte | 0x20) - 'a' + 10;
    return -1;
}

static size_t read_digit(JsonSpelling *self, uint8_t byte, char *decoded) {
    int digit = digit_of(byte);
    if (digit < 0) return *self = (JsonSpelling){0}, 0;
    self->unit = (uint16_t)(self->unit << 4 | digit);
    return ++self->step == UNIT_STEPS ? end_unit(self, decoded) : 0;
}

/* Behind a backslash. */
static size_t read_short(JsonSpelling *self, uint8_t byte, char *decoded) {
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (byte == 'u') return self->unit = 0, self->step = 2, 0;
    const char *letter = byte ? strchr(letters, byte) : NULL;
    size_t length = self->high ? put(REPLACEMENT, decoded) : 0;
    *self = (JsonSpelling){0};
    return letter ? length + put((uint8_t)meant[letter - letters], decoded + length) : length;
}

size_t ak_json_spelling_read(JsonSpelling *self, uint8_t byte, char decoded[AK_JSON_DECODED_MAX]) {
    if (self->step > 1) return read_digit(self, byte, decoded);
    if (self->step == 1) return read_short(self, byte, decoded);
    if (byte == '\\') return self->step = 1, 0;
    size_t length = self->high ? put(REPLACEMENT, decoded) : 0;
    self->high = 0;
    decoded[length] = (char)byte;
    return length + 1;
}
