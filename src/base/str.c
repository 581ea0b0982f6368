/* Borrowed byte strings: comparison, search, hashing, and the nearest word for "did you mean". */
#include "base/str.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { NEAREST_MAX = 64 }; /* longer words are not compared: a typing mistake is about a short one */

int ak_str_compare(Str a, Str b) {
    size_t n = a.length < b.length ? a.length : b.length;
    int order = n ? memcmp(a.data, b.data, n) : 0;
    if (order) return order;
    return (a.length > b.length) - (a.length < b.length);
}

size_t ak_str_find_byte(Str s, char byte, size_t from) {
    if (from >= s.length) return SIZE_MAX;
    const char *at = memchr(s.data + from, byte, s.length - from);
    return at ? (size_t)(at - s.data) : SIZE_MAX;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Str ak_str_trim(Str s) {
    while (s.length && is_blank(s.data[0])) s = ak_str_slice(s, 1, s.length);
    while (s.length && is_blank(s.data[s.length - 1])) s.length--;
    return s;
}

bool ak_str_split(Str *rest, char separator, Str *piece) {
    if (!rest->data) return false;
    size_t at = ak_str_find_byte(*rest, separator, 0);
    if (at == SIZE_MAX) {
        *piece = *rest;
        *rest = (Str){0};
        return true;
    }
    *piece = ak_str_slice(*rest, 0, at);
    *rest = (Str){rest->data + at + 1, rest->length - at - 1};
    return true;
}

uint64_t ak_str_hash(Str s) {
    return XXH3_64bits(s.length ? s.data : "", s.length);
}

/* Levenshtein distance, one row at a time. */
static size_t edit_distance(Str a, Str b) {
    size_t row[NEAREST_MAX + 1];
    for (size_t j = 0; j <= b.length; j++) row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t change = diagonal + (a.data[i - 1] != b.data[j - 1]);
            diagonal = row[j];
            size_t insert = row[j - 1] + 1, drop = row[j] + 1;
            row[j] = insert < drop ? insert : drop;
            if (change < row[j]) row[j] = change;
        }
    }
    return row[b.length];
}

Str ak_str_nearest(Str word, const Str *candidates, size_t count) {
    Str best = {0};
    if (word.length == 0 || word.length > NEAREST_MAX) return best;
    size_t limit = word.length / 3 + 1, least = limit + 1;
    for (size_t i = 0; i < count; i++) {
        if (candidates[i].length > NEAREST_MAX) continue;
        size_t distance = edit_distance(word, candidates[i]);
        if (distance < least) least = distance, best = candidates[i];
    }
    return best;
}
