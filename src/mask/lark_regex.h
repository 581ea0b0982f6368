/* %regex {…}: expressions that are written as JSON. */
#ifndef AK_MASK_LARK_REGEX_H
#define AK_MASK_LARK_REGEX_H

#include "regex/regex_expr.h"

/* The expression of `json`, an object with one of substring_chunks, substring_words and substring_chars: what chunks,
 * words or characters in a row spell. AK_EXPR_FAILED, and `err` without a place, on failure. */
Expr ak_lark_regex(Exprs *exprs, Str json, ananke_error *err);

#endif
