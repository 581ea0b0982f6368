/* Token forms. GPT-2's alphabet: bytes that are printable in Latin-1 stand for themselves, the 68 others for U+0100 onwards, in order. */
#include "vocab/tokenizer_form.h"
#include "base/utf8.h"

/* U+FF5C and U+2581 in DeepSeek's name. */
#define DEEPSEEK_END "<\xEF\xBD\x9C\x65nd\xE2\x96\x81of\xE2\x96\x81sentence\xEF\xBD\x9C>"

const char *const ak_eos_names[] = {
    "<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "<end_of_turn>",         "<|end|>", "<|return|>",
    "<|eom_id|>", "</s>",       "<eos>",           DEEPSEEK_END,    "<|END_OF_TURN_TOKEN|>", "<EOT>",   "[EOS]",
    NULL,
};

static bool stands_for_itself(uint32_t byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
}

size_t ak_form_character(uint8_t byte, char character[4]) {
    uint32_t point = 0x100;
    for (uint32_t other = 0; other < byte; other++) point += !stands_for_itself(other);
    return ak_utf8_encode(stands_for_itself(byte) ? byte : point, character);
}

/* The byte that a character stands for; -1 when it is none of the alphabet. */
static int alphabet_byte(uint32_t point) {
    if (point < 0x100) return stands_for_itself(point) ? (int)point : -1;
    if (point <= 0x120) return (int)point - 0x100;        /* 0x00 … 0x20 */
    if (point <= 0x142) return (int)point - 0x121 + 0x7F; /* 0x7F … 0xA0 */
    return point == 0x143 ? 0xAD : -1;
}

static Str alphabet_bytes(Str key, Arena *arena) {
    char *bytes = ak_arena_alloc(arena, key.length + 1, 1);
    if (!bytes) return (Str){0};
    size_t count = 0;
    for (size_t at = 0, length; at < key.length; at += length) {
        uint32_t point = 0;
        length = ak_utf8_decode(ak_str_slice(key, at, key.length), &point);
        int byte = length ? alphabet_byte(point) : -1;
        if (byte < 0) return key;
        bytes[count++] = (char)byte;
    }
    return (Str){bytes, count};
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of a key like <0x0A>; -1 for others. */
static int byte_token(Str key) {
    if (key.length != 6 || !ak_str_starts(key, STR("<0x")) || key.data[5] != '>') return -1;
    int high = hex_digit(key.data[3]), low = hex_digit(key.data[4]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static Str with_spaces(Str key, Arena *arena) {
    static const Str escape = {"\xE2\x96\x81", 3};
    char *bytes = ak_arena_alloc(arena, key.length + 1, 1);
    if (!bytes) return (Str){0};
    size_t count = 0;
    for (size_t at = 0; at < key.length;) {
        bool is_space = ak_str_starts(ak_str_slice(key, at, key.length), escape);
        bytes[count++] = is_space ? ' ' : key.data[at];
        at += is_space ? escape.length : 1;
    }
    return (Str){bytes, count};
}

static Str single_byte(int value, Arena *arena) {
    char *byte = ak_arena_alloc(arena, 1, 1);
    if (!byte) return (Str){0};
    *byte = (char)value;
    return (Str){byte, 1};
}

Str ak_form_bytes(TokenForm form, Str key, Arena *arena, int *byte) {
    int value = form == FORM_SPACES ? byte_token(key) : -1;
    if (byte) *byte = value;
    switch (form) {
    case FORM_ALPHABET: return alphabet_bytes(key, arena);
    case FORM_SPACES: return value >= 0 ? single_byte(value, arena) : with_spaces(key, arena);
    case FORM_WORDPIECE: return ak_str_starts(key, STR("##")) ? ak_str_slice(key, 2, key.length) : key;
    case FORM_PLAIN: break;
    }
    return key;
}

/* The value of a base64 digit; -1 when it is none. */
static int digit_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

Str ak_form_base64(Str code, Arena *arena) {
    while (code.length && code.data[code.length - 1] == '=') code.length--;
    char *bytes = ak_arena_alloc(arena, code.length + 1, 1);
    uint32_t bits = 0, have = 0;
    size_t count = 0;
    for (size_t i = 0; bytes && i < code.length; i++) {
        int value = digit_value(code.data[i]);
        if (value < 0) return (Str){0};
        bits = bits << 6 | (uint32_t)value, have += 6;
        if (have < 8) continue;
        have -= 8;
        bytes[count++] = (char)(bits >> have);
        bits &= (1u << have) - 1;
    }
    return bits == 0 && have < 6 ? (Str){bytes, bytes ? count : 0} : (Str){0};
}
