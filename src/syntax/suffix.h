/* The text behind a hole: does it fit behind what has been written into the hole so far?
 *
 * That is asked wherever the hole might end, so what was found out is kept, for readings at some places of the suffix: readings that differ at
 * its beginning are mostly the same one a few tokens on, and that one is known. */
#ifndef AK_SYNTAX_SUFFIX_H
#define AK_SYNTAX_SUFFIX_H

#include "syntax/reader.h"

/* It learns, with the reader, and has its owner. */
typedef struct Suffix {
    Reader *reader;
    Str text;
    Table readings;      /* site << 32 | lexer, to a number */
    Table answers;       /* number << 32 | place, to what was found */
    uint32_t count;      /* of readings */
    VEC(uint64_t) asked; /* keys in `answers` that the question under way has come by */
} Suffix;

/* The reader and the text must live as long. */
static inline Suffix ak_suffix(Reader *reader, Str text) {
    return (Suffix){.reader = reader, .text = text};
}
/* Is it a whole text, from the reading's start on, when the suffix follows? When memory is spent it is not (ak_arena_ok tells). */
bool ak_suffix_fits(Suffix *self, Reading reading);

#endif
