/* Lark grammars, in llguidance's dialect (https://github.com/guidance-ai/llguidance/blob/main/docs/syntax.md).
 *
 * Reading makes a tree of definitions (lark_tree.h), building turns what the rule `start` comes to into a Grammar.
 * What the dialect has and this does not (special tokens, templates, …) is an error that names it. Each nested grammar,
 * `%lark {…}`, has names of its own, and between its lexemes what it ignores itself. */
#ifndef AK_MASK_LARK_H
#define AK_MASK_LARK_H

#include "mask/grammar.h"

/* The grammars that `@name` may mean. */
typedef struct LarkOthers LarkOthers;
struct LarkOthers {
    const Str *names;
    size_t count;
    /* The rule that is that grammar, with the temperature that terminals get now; AK_SYMBOL_FAILED also when it has
     * another temperature elsewhere. */
    Symbol (*symbol)(LarkOthers *self, size_t index);
};

/* Adds the grammar of `text`, one of several in a container: `*start` is its rule `start`. Options that concern the
 * whole text are taken from the first one only. */
bool ak_lark_add(Grammar *grammar, Str text, const char *file, LarkOthers *others, bool is_first, Symbol *start,
                 ananke_error *err);
/* Builds the grammar of `text`; `*start` is the rule `start`. False and `err` with the place in `file` on failure. */
bool ak_lark_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

#endif
