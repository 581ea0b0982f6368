/* llguidance's JSON container: several grammars, Lark or JSON Schema, that refer to each other by `@name`.
 *
 *     {"grammars": [{"name": "...", "lark_grammar": "..."}, {"name": "...", "json_schema": {...}}, ...], "max_tokens": 9}
 *
 * The first one is the text's; of the others those are built that it comes to. `max_tokens` is how many tokens a text
 * may have. */
#ifndef AK_MASK_CONTAINER_H
#define AK_MASK_CONTAINER_H

#include "mask/grammar.h"

/* Builds what `text` is: a container when it begins with '{', else one Lark grammar. */
bool ak_llguidance_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

#endif
