/* Lark grammars, in llguidance's dialect (https://github.com/guidance-ai/llguidance/blob/main/docs/syntax.md).
 *
 * Reading makes a tree of definitions (lark_tree.h), building turns what the rule `start` comes to into a Grammar.
 * What the dialect has and this does not (special tokens, lazy lexemes, templates, …) is an error that names it. */
#ifndef AK_MASK_LARK_H
#define AK_MASK_LARK_H

#include "mask/grammar.h"

/* Builds the grammar of `text`; `*start` is the rule `start`. False and `err` with the place in `file` on failure. */
bool ak_lark_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

#endif
