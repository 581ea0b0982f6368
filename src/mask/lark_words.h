/* The words of Lark: blanks, names, numbers and strings, read straight from the text. Every helper leaves blanks, comments
 * and, inside brackets, line ends behind it skipped, so that `at` stands on the next thing. */
#ifndef AK_MASK_LARK_WORDS_H
#define AK_MASK_LARK_WORDS_H

#include "mask/lark_tree.h"

enum { AK_LARK_MAX_DEPTH = 100 };

typedef struct LarkReader {
    LarkFile *file;
    Arena *arena;
    Str text;
    size_t at;
    int brackets; /* line ends do not count inside */
    int depth;
    ananke_error *err;
} LarkReader;

bool ak_lark_syntax(LarkReader *self, size_t at, const char *what);
bool ak_lark_unsupported(LarkReader *self, size_t at, const char *what);

static inline bool ak_lark_is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
static inline bool ak_lark_is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
static inline bool ak_lark_is_digit(char c) {
    return c >= '0' && c <= '9';
}

static inline bool ak_lark_is_end(const LarkReader *self) {
    return self->at >= self->text.length;
}
static inline char ak_lark_peek_at(const LarkReader *self, size_t ahead) {
    return self->at + ahead < self->text.length ? self->text.data[self->at + ahead] : '\0';
}
static inline char ak_lark_peek(const LarkReader *self) {
    return ak_lark_peek_at(self, 0);
}

bool ak_lark_looking_at(const LarkReader *self, const char *word);
/* Blanks and comments; line ends too with `lines` or inside brackets. */
void ak_lark_skip(LarkReader *self, bool lines);
bool ak_lark_accept(LarkReader *self, const char *word);
bool ak_lark_expect(LarkReader *self, const char *word, const char *message);

/* A name begins here: of a rule (lower case) or a terminal (upper case), perhaps with '_' in front. */
bool ak_lark_at_name(const LarkReader *self);
/* Reads a name without skipping what follows. */
bool ak_lark_read_name(LarkReader *self, Str *name, bool *is_terminal);
bool ak_lark_read_number(LarkReader *self, uint64_t *value);
/* "…" with an optional i; the quote is here. An empty string gets non-NULL data. */
bool ak_lark_read_string(LarkReader *self, Str *text, Str *flags);

#endif
