/* Styles of names: one pass that notes which classes of characters stand where. */
#include "clew/style.h"

static bool is_upper(unsigned char byte) {
    return byte >= 'A' && byte <= 'Z';
}

static bool is_lower(unsigned char byte) {
    return (byte >= 'a' && byte <= 'z') || byte >= 0x80;
}

static bool is_digit(unsigned char byte) {
    return byte >= '0' && byte <= '9';
}

unsigned ak_style_of(Str name) {
    unsigned style = 0;
    for (; name.length && (name.data[0] == '_' || name.data[0] == '$'); name.data++, name.length--) {
        style |= name.data[0] == '_' ? STYLE_UNDERSCORE : STYLE_DOLLAR;
    }
    while (name.length && name.data[name.length - 1] == '_') name.length--;
    if (!name.length) return style | STYLE_EMPTY;
    bool upper = false, lower = false, under = false, other = false, twice = false;
    for (size_t i = 0; i < name.length; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        if (is_upper(byte)) upper = true;
        else if (is_lower(byte)) lower = true;
        else if (byte == '_') under = true, twice = twice || name.data[i - 1] == '_';
        else if (!is_digit(byte)) other = true;
    }
    unsigned char first = (unsigned char)name.data[0];
    if (other || twice) return style;
    if (is_lower(first) && !under) style |= STYLE_CAMEL;
    if (is_upper(first) && !under) style |= STYLE_PASCAL;
    if (is_lower(first) && !upper) style |= STYLE_SNAKE;
    if (is_upper(first) && !lower) style |= STYLE_UPPER;
    return style;
}

unsigned ak_style_from(Str name) {
    static const struct {
        const char *name;
        unsigned style;
    } styles[] = {{"camelCase", STYLE_CAMEL},
                  {"PascalCase", STYLE_PASCAL},
                  {"snake_case", STYLE_SNAKE},
                  {"UPPER_SNAKE", STYLE_UPPER}};
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        if (ak_str_equal(name, ak_str(styles[i].name))) return styles[i].style;
    }
    return 0;
}
