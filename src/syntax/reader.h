/* The reader of programming languages: bytes in, whether they can still become a text of the language out.
 *
 * A reading is a site of the parser and a state of the lexer behind it: eight bytes, to be copied and gone back to at will. The lexer reads the longest
 * of the terminals that may stand at the site, which are known exactly; those that are never taken apart (`is_munched`) have shadows (dfa.h) where they
 * may not stand. Marks that are taken
 * apart in some places (`>>` in types) are not terminals: their parts are, the second one being adjacent to the first (%now). So the
 * lexer never has to choose between threads of the parser, and what is alive can become a text. */
#ifndef AK_SYNTAX_READER_H
#define AK_SYNTAX_READER_H

#include "syntax/stacks.h"

typedef struct Reading {
    Site site; /* NODE_NONE: no text begins like this */
    DfaState lexer;
} Reading;

/* It learns as it reads, and has one owner. */
typedef struct Reader {
    Dfa dfa;
    Stacks stacks;
} Reader;

/* The syntax and its tables must live as long. False when out of memory. */
bool ak_reader_init(Reader *self, Arena *arena, const Syntax *syntax, const LrTables *tables);
/* Before a text of the fragment. */
Reading ak_reader_start(Reader *self, uint32_t fragment);
/* The reading a byte further. When memory is spent nothing is left (ak_arena_ok tells). */
Reading ak_reader_step(Reader *self, Reading from, uint8_t byte);
/* May the text end here? */
bool ak_reader_may_end(Reader *self, Reading reading);

#endif
