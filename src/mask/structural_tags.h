/* Structural tags, as XGrammar, vLLM and SGLang have them: free text in which triggers begin tags, and a schema in each tag.
 *
 *     {"structures": [{"begin": "<f=a>", "schema": {...}, "end": "</f>"}, ...], "triggers": ["<f="]}
 *
 * A trigger in the text begins one of the tags whose `begin` it begins; tags may come in any number and order. */
#ifndef AK_MASK_STRUCTURAL_TAGS_H
#define AK_MASK_STRUCTURAL_TAGS_H

#include "mask/grammar.h"

bool ak_structural_tags_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

#endif
