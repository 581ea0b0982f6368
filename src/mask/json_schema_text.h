/* JSON texts as regular expressions over bytes: white space, numbers, strings and what a decoded character may look like inside a string.
 *
 * A string's body is what stands between its quotes. Unless said otherwise every spelling that RFC 8259 allows for a character is accepted: itself,
 * its short escape, \uXXXX, a pair of surrogate escapes. Lone surrogates are not: they decode to no character. White space is bounded: one blank, or one
 * newline with indentation. */
#ifndef AK_MASK_JSON_SCHEMA_TEXT_H
#define AK_MASK_JSON_SCHEMA_TEXT_H

#include "regex/regex_expr.h"

/* Nothing, a blank, or a newline with its indentation. */
Expr ak_json_space(Exprs *exprs);
/* One character out of the ranges, in any spelling. */
Expr ak_json_character(Exprs *exprs, const PointRange *ranges, size_t count);
Expr ak_json_any_character(Exprs *exprs);
/* Any character as ak_json_literal spells it: plain ASCII as itself, the others in any spelling. */
Expr ak_json_usual_character(Exprs *exprs);
/* The body of one fixed string (UTF-8), each character as itself, or, where it has to be or is not ASCII, in any spelling. */
Expr ak_json_literal(Exprs *exprs, Str text);
/* The body of one fixed string in all its spellings. */
Expr ak_json_spellings(Exprs *exprs, Str text);
/* The quotes around a body. */
Expr ak_json_quoted(Exprs *exprs, Expr body);

/* -?(0|[1-9][0-9]*), the same with a fraction, and with an exponent. */
Expr ak_json_integer(Exprs *exprs);
Expr ak_json_plain_number(Exprs *exprs);
Expr ak_json_number(Exprs *exprs);

#endif
