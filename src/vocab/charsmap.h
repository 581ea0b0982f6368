/* SentencePiece's precompiled character map: a double-array trie of what is replaced, and the texts that come in its place.
 *
 * The form, little-endian: the trie's length in bytes (4 bytes), its units (4 bytes each), then texts that end in NUL. A unit has, from the lowest
 * bit, a label (8 bits), whether a key ends here (1), how the offset is scaled (1), the offset (22); the unit of a value has the high bit.
 * (https://github.com/s-yata/darts-clone; J. Aoe, An Efficient Digital Search Algorithm by Using a Double-Array Structure, 1989) */
#ifndef AK_VOCAB_CHARSMAP_H
#define AK_VOCAB_CHARSMAP_H

#include "base/str.h"

typedef struct Charsmap {
    Str units, texts;
} Charsmap;

/* Tells the two parts of `data` apart. False when it is cut off, or its texts are not UTF-8. */
bool ak_charsmap_open(Charsmap *map, Str data);
/* The length of a key that `text` begins with, and what replaces it: the shortest key, or the longest one. 0 when there is none. `text` must be
 * UTF-8. Keys and replacements are whole characters: what a damaged map has besides is passed over. */
size_t ak_charsmap_find(const Charsmap *map, Str text, bool longest, Str *replacement);

#endif
