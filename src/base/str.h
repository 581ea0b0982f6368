/* Borrowed byte strings: a pointer and a length. A Str owns nothing and need not be NUL-terminated; who holds the bytes is said where it is made. */
#ifndef AK_BASE_STR_H
#define AK_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
    const char *data;
    size_t length;
} Str;

#define STR(literal) ((Str){"" literal, sizeof(literal) - 1})
/* For printf's "%.*s". */
#define STR_ARGS(s) (int)(s).length, (s).data

static inline Str ak_str(const char *text) {
    return text ? (Str){text, strlen(text)} : (Str){0};
}

static inline bool ak_str_equal(Str a, Str b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static inline bool ak_str_starts(Str s, Str head) {
    return s.length >= head.length && (head.length == 0 || memcmp(s.data, head.data, head.length) == 0);
}

static inline bool ak_str_ends(Str s, Str tail) {
    return s.length >= tail.length &&
           (tail.length == 0 || memcmp(s.data + s.length - tail.length, tail.data, tail.length) == 0);
}

/* The part [from, to), cut to what there is. */
static inline Str ak_str_slice(Str s, size_t from, size_t to) {
    if (to > s.length) to = s.length;
    if (from > to) from = to;
    return (Str){s.data ? s.data + from : NULL, to - from};
}

/* Byte order; a prefix comes first. */
int ak_str_compare(Str a, Str b);
/* Offset of the first `byte` at or after `from`; SIZE_MAX when there is none. */
size_t ak_str_find_byte(Str s, char byte, size_t from);
/* Without blanks (space, tab, CR, LF) at both ends. */
Str ak_str_trim(Str s);
/* The next piece of `*rest` before `separator`; false when nothing is left. An empty piece between two separators counts. */
bool ak_str_split(Str *rest, char separator, Str *piece);
/* XXH3 with 64 bits. */
uint64_t ak_str_hash(Str s);
/* The candidate with the smallest edit distance to `word`, when it is near enough to be a typing mistake; else an empty Str. */
Str ak_str_nearest(Str word, const Str *candidates, size_t count);

#endif
