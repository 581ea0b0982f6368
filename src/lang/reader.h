/* The reader of programming languages: bytes in, whether they can still become a text of the language out.
 *
 * A strand is a site of the parser and a state of the lexer behind it. Mostly there is one. Where the threads of the parser take the same bytes for tokens
 * of different lengths (`>>` in types and in expressions) there are several: they are read side by side, and none knows of
 * the others. A reading is a small value: copy it, and go back to it, at will. */
#ifndef AK_LANG_READER_H
#define AK_LANG_READER_H

#include "lang/stacks.h"

enum { STRANDS_MAX = 12 };

typedef struct Strand {
    Site site;
    DfaState lexer;
} Strand;

typedef struct Reading {
    uint32_t count; /* 0: no text begins like this */
    Strand strands[STRANDS_MAX];
} Reading;

/* It learns as it reads, and has one owner. */
typedef struct Reader {
    Dfa dfa;
    Stacks stacks;
} Reader;

/* The syntax and its tables must live as long. False when out of memory. */
bool ak_reader_init(Reader *self, Arena *arena, const Syntax *syntax, const LrTables *tables);
Reading ak_reader_start(Reader *self);
/* Reads a byte. Of more strands than there is room for some are lost; when memory is spent nothing is left (ak_arena_ok tells). */
void ak_reader_step(Reader *self, Reading *reading, uint8_t byte);
/* May the text end here? */
bool ak_reader_may_end(Reader *self, const Reading *reading);

#endif
