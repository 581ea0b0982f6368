/* Grammars: a program compiled for a tokenizer, with the users that keep both alive. Immutable. */
#ifndef AK_COMPAT_LLG_GRAMMAR_H
#define AK_COMPAT_LLG_GRAMMAR_H

#include "compat/llg_tokenizer.h"
#include <ananke/program.h>

typedef struct Grammar {
    atomic_uint users;
    TokenTable *table;
    ananke_program *program;
} Grammar;

/* Compiles `data`, a text of this kind. NULL and `err` on failure. */
Grammar *ak_llg_grammar_new(const LlgConstraintInit *init, const char *kind, const char *data, ananke_error *err);
Grammar *ak_llg_grammar_use(Grammar *grammar);
void ak_llg_grammar_leave(Grammar *grammar);

#endif
