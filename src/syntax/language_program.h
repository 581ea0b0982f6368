/* Programs whose grammar is a programming language's: the mask engine over stacks. */
#ifndef AK_SYNTAX_LANGUAGE_PROGRAM_H
#define AK_SYNTAX_LANGUAGE_PROGRAM_H

#include "mask/program.h"
#include "syntax/lr_tables.h"

/* Compiles a syntax, which must live as long as the program, as its tables, for texts that are the options' fragment. NULL and `err` when out of memory, when there are too
 * many terminals, or when there is no such fragment. */
ananke_program *ak_language_program(const Syntax *syntax, const LrTables *tables, const ananke_vocab *vocab,
                                    const ananke_program_options *options, ananke_error *err);
/* The same of a language pack's content (pack.h), which must live as long. A pack that is damaged, or another version's, is an error, too. */
ananke_program *ak_pack_program(Str content, const ananke_vocab *vocab, const ananke_program_options *options,
                                ananke_error *err);

#endif
