/* Regular expressions of ECMA-262, as `pattern` has them, over the characters of a JSON string.
 *
 * A pattern may match anywhere in the string unless `^` and `$` hold it. Assertions other than these two at the edges of an alternative, back references and Unicode
 * properties are ANANKE_ERROR_UNSUPPORTED. Characters may be spelled in any way JSON allows. */
#ifndef AK_MASK_JSON_SCHEMA_PATTERN_H
#define AK_MASK_JSON_SCHEMA_PATTERN_H

#include "regex/regex_expr.h"

/* The bodies of the strings that `pattern` (UTF-8) matches somewhere. AK_EXPR_FAILED and `err` on failure: the offset is in the pattern. */
Expr ak_json_pattern(Exprs *exprs, Arena *arena, Str pattern, ananke_error *err);

#endif
