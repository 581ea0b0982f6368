/* GBNF, the grammar format of llama.cpp (https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md).
 *
 * Such a grammar says what texts are made of code point by code point, without lexemes. Reading makes a tree of rules
 * (gbnf_tree.h); gbnf_shape.c and gbnf_fuse.c find the parts that can be one lexeme each without changing what the
 * grammar allows, and building turns what the rule `root` comes to into a Grammar. Left recursion is allowed. Tokens,
 * <name> and <[id]>, are an error that names them. */
#ifndef AK_MASK_GBNF_H
#define AK_MASK_GBNF_H

#include "mask/grammar.h"

/* Builds the grammar of `text`; `*start` is what `root` is. False and `err` with the place in `file` on failure. */
bool ak_gbnf_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

#endif
