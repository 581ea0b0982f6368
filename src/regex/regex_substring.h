/* Texts out of another text, as a regular expression. */
#ifndef AK_REGEX_REGEX_SUBSTRING_H
#define AK_REGEX_REGEX_SUBSTRING_H

#include "regex/regex_expr.h"

/* What any number of chunks that follow each other spell, from none to all of them; empty chunks count for nothing.
 * AK_EXPR_FAILED, and the store exhausted, when they repeat each other in too many ways. */
Expr ak_expr_substring(Exprs *exprs, const Str *chunks, size_t count);

#endif
