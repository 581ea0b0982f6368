/* Programs inside: the tables that matchers read. Nothing here changes after it is made. */
#ifndef AK_MASK_PROGRAM_H
#define AK_MASK_PROGRAM_H

#include "mask/earley.h"
#include "mask/vocab.h"
#include <ananke/program.h>

struct ananke_program {
    Arena arena;
    const ananke_vocab *vocab;
    size_t memory_limit; /* for each matcher; 0: the default */
    Exprs exprs;         /* sealed; matchers copy it */
    EarleyTables tables;
};

/* A front end: reads `text` into `grammar` and finds the start symbol. */
typedef bool BuildGrammar(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

/* Compiles what a front end makes of `text`. */
ananke_program *ak_program_build(BuildGrammar *build, Str text, const ananke_vocab *vocab,
                                 const ananke_program_options *options, ananke_error *err);

#endif
