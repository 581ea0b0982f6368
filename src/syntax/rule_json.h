/* Rulebooks out of tree-sitter's grammar.json (https://tree-sitter.github.io/tree-sitter/assets/schemas/grammar.schema.json). */
#ifndef AK_SYNTAX_RULE_JSON_H
#define AK_SYNTAX_RULE_JSON_H

#include "syntax/rule.h"

/* Fills an initialised rulebook; `file` is for errors, NULL: none. External tokens have no rules: an overlay gives them some. */
bool ak_rule_json_read(Rulebook *self, Str text, const char *file, ananke_error *err);

#endif
