/* Formats of strings, as `format` names them. */
#ifndef AK_MASK_JSON_SCHEMA_FORMAT_H
#define AK_MASK_JSON_SCHEMA_FORMAT_H

#include "regex/regex_expr.h"

/* The bodies of the strings that have `format`; AK_EXPR_FAILED when the format is not known, without an error. */
Expr ak_json_format(Exprs *exprs, Arena *arena, Str format);

#endif
