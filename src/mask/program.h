/* Programs inside: the tables that matchers read, which never change, and the engine that they fill together. */
#ifndef AK_MASK_PROGRAM_H
#define AK_MASK_PROGRAM_H

#include "mask/engine.h"
#include "vocab/vocab.h"
#include <ananke/program.h>

struct ananke_program {
    Arena arena;
    const ananke_vocab *vocab;
    size_t memory_limit; /* for each matcher; 0: the default */
    Exprs exprs;         /* sealed; engines copy it */
    GrammarTables tables;
    PushdownSource parser; /* zeros: of the tables */
    ananke_unenforced *unenforced;
    size_t unenforced_count;
    struct ProgramEngine *current;
};

/* The engine that new matchers get, and old ones move to when theirs is full. */
typedef struct ProgramEngine {
    pthread_mutex_t lock;
    Engine *engine; /* held */
    uint32_t serial;
} ProgramEngine;

/* A program without anything in it yet; NULL and `err` when out of memory. */
ananke_program *ak_program_new(const ananke_vocab *vocab, const ananke_context *context, ananke_error *err);
/* Makes the first engine, when tables and expressions are there. */
bool ak_program_start(ananke_program *self, ananke_error *err);

/* The engine for a matcher, held for it: a fresh one when the one before is full. NULL and `err` when out of memory.
 * Any thread. */
Engine *ak_program_engine(const ananke_program *program, ananke_error *err);

/* A front end: reads `text` into `grammar` and finds the start symbol. */
typedef bool BuildGrammar(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);
/* One whose source is no text but something of its own. */
typedef bool BuildGrammarFrom(Grammar *grammar, const void *source, const char *file, Symbol *start, ananke_error *err);

/* Compiles what a front end makes of `text`. */
ananke_program *ak_program_build(BuildGrammar *build, Str text, const ananke_vocab *vocab,
                                 const ananke_program_options *options, ananke_error *err);
/* Compiles what a front end makes of `source`, which is borrowed for the call. */
ananke_program *ak_program_build_from(BuildGrammarFrom *build, const void *source, const ananke_vocab *vocab,
                                      const ananke_program_options *options, ananke_error *err);

#endif
