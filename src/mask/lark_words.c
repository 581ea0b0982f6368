/* Names end where their letters do, strings know the escapes of JSON and \xHH. */
#include "mask/lark_words.h"
#include "base/buf.h"
#include "base/utf8.h"

bool ak_lark_syntax(LarkReader *self, size_t at, const char *what) {
    return ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->text, at, "%s", what);
}

bool ak_lark_unsupported(LarkReader *self, size_t at, const char *what) {
    return ak_fail_at(self->err, ANANKE_ERROR_UNSUPPORTED, self->file->name, self->text, at, "%s", what);
}

bool ak_lark_looking_at(const LarkReader *self, const char *word) {
    return ak_str_starts(ak_str_slice(self->text, self->at, self->text.length), ak_str(word));
}

static void skip_comment(LarkReader *self) {
    while (!ak_lark_is_end(self) && ak_lark_peek(self) != '\n') self->at++;
}

void ak_lark_skip(LarkReader *self, bool lines) {
    while (!ak_lark_is_end(self)) {
        char c = ak_lark_peek(self);
        if (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && (lines || self->brackets))) self->at++;
        else if (c == '#' || ak_lark_looking_at(self, "//")) skip_comment(self);
        else return;
    }
}

bool ak_lark_accept(LarkReader *self, const char *word) {
    if (!ak_lark_looking_at(self, word)) return false;
    self->at += strlen(word);
    ak_lark_skip(self, false);
    return true;
}

bool ak_lark_expect(LarkReader *self, const char *word, const char *message) {
    return ak_lark_accept(self, word) || ak_lark_syntax(self, self->at, message);
}

bool ak_lark_at_name(const LarkReader *self) {
    char c = ak_lark_peek(self) == '_' ? ak_lark_peek_at(self, 1) : ak_lark_peek(self);
    return ak_lark_is_lower(c) || ak_lark_is_upper(c);
}

bool ak_lark_read_name(LarkReader *self, Str *name, bool *is_terminal) {
    size_t from = self->at;
    if (!ak_lark_at_name(self)) return ak_lark_syntax(self, from, "a name was expected here");
    if (ak_lark_peek(self) == '_') self->at++;
    *is_terminal = ak_lark_is_upper(ak_lark_peek(self));
    for (char c = ak_lark_peek(self);
         ak_lark_is_digit(c) || c == '_' || c == '-' || (*is_terminal ? ak_lark_is_upper(c) : ak_lark_is_lower(c));
         c = ak_lark_peek(self)) {
        if (c == '-' && ak_lark_peek_at(self, 1) == '>') break;
        self->at++;
    }
    if (ak_lark_is_lower(ak_lark_peek(self)) || ak_lark_is_upper(ak_lark_peek(self))) {
        ak_lark_syntax(self, from, "this name mixes upper and lower case");
        return ak_hint(self->err, "rules are lower_case, terminals UPPER_CASE");
    }
    *name = ak_str_slice(self->text, from, self->at);
    return true;
}

bool ak_lark_read_number(LarkReader *self, uint64_t *value) {
    size_t from = self->at;
    int base = ak_lark_looking_at(self, "0x") || ak_lark_looking_at(self, "0X") ? 16 : 10;
    if (base == 16) self->at += 2;
    *value = 0;
    size_t digits = self->at;
    for (;; self->at++) {
        char c = ak_lark_peek(self);
        uint64_t digit = ak_lark_is_digit(c)                                ? (uint64_t)(c - '0')
                         : base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f' ? (uint64_t)((c | 32) - 'a' + 10)
                                                                            : 99;
        if (digit > 15) break;
        if (*value > (UINT64_MAX - digit) / (uint64_t)base)
            return ak_lark_syntax(self, from, "this number does not fit into 64 bits");
        *value = *value * (uint64_t)base + digit;
    }
    if (self->at == digits) return ak_lark_syntax(self, from, "a number was expected here");
    ak_lark_skip(self, false);
    return true;
}

/* ---- Strings */

static int hex_digit(char c) {
    return ak_lark_is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static bool read_hex(LarkReader *self, int width, uint32_t *value) {
    *value = 0;
    for (int i = 0; i < width; i++, self->at++) {
        if (hex_digit(ak_lark_peek(self)) < 0)
            return ak_lark_syntax(self, self->at, "a hexadecimal digit was expected here");
        *value = *value * 16 + (uint32_t)hex_digit(ak_lark_peek(self));
    }
    return true;
}

/* \uXXXX, and \uXXXX\uXXXX for a pair of surrogates; "\u" is read. */
static bool read_unicode(LarkReader *self, uint32_t *point) {
    size_t from = self->at - 2;
    uint32_t low;
    if (!read_hex(self, 4, point)) return false;
    if (*point >= 0xD800 && *point <= 0xDBFF && ak_lark_looking_at(self, "\\u")) {
        self->at += 2;
        if (!read_hex(self, 4, &low)) return false;
        if (low >= 0xDC00 && low <= 0xDFFF) *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
    }
    return (*point < 0xD800 || *point > 0xDFFF) ||
           ak_lark_syntax(self, from, "this escape is half of a surrogate pair");
}

/* An escape in a string; the backslash is read. */
static bool read_escape(LarkReader *self, Buf *out) {
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char bytes[4], c = ak_lark_peek(self);
    const char *found = c ? strchr(letters, c) : NULL;
    uint32_t point;
    self->at++;
    if (found) return ak_buf_byte(out, values[found - letters]), true;
    if (c == 'x') {
        if (!read_hex(self, 2, &point)) return false;
    } else if (c != 'u') {
        return ak_lark_syntax(self, self->at - 2,
                              "unknown escape in a string; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\xHH \\uHHHH");
    } else if (!read_unicode(self, &point)) {
        return false;
    }
    ak_buf_bytes(out, bytes, ak_utf8_encode(point, bytes));
    return true;
}

bool ak_lark_read_string(LarkReader *self, Str *text, Str *flags) {
    size_t from = self->at++;
    Buf out = {.arena = self->arena};
    while (ak_lark_peek(self) != '"') {
        if (ak_lark_is_end(self) || (unsigned char)ak_lark_peek(self) < 0x20)
            return ak_lark_syntax(self, from, "a string without its closing quote");
        char c = self->text.data[self->at++];
        if (c != '\\') ak_buf_byte(&out, c);
        else if (!read_escape(self, &out)) return false;
    }
    self->at++;
    *text = out.length ? ak_buf_view(&out) : STR("");
    size_t flags_from = self->at;
    if (ak_lark_peek(self) == 'i') self->at++;
    *flags = ak_str_slice(self->text, flags_from, self->at);
    ak_lark_skip(self, false);
    return ak_arena_ok(self->arena) || ak_fail_memory(self->err, self->arena);
}
