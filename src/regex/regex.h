/* Regular expressions as text: the dialect of Rust's regex-syntax (https://docs.rs/regex-syntax), over UTF-8.
 *
 * Character classes and \d \w \s are Unicode's unless (?-u) would say otherwise; greediness marks are read and mean
 * nothing, since an expression is a set of texts. `^` and `$` are taken where they change nothing: at the edges.
 * What this cannot be (look-behind, back-references, word boundaries; look-ahead, but for the ends of whole texts) is an
 * error that names it. */
#ifndef AK_REGEX_REGEX_H
#define AK_REGEX_REGEX_H

#include "regex/regex_expr.h"

typedef struct RegexText {
    Str text;          /* the expression */
    const char *flags; /* letters out of "imsux" that hold from the start; NULL: none */
    const char *file;  /* for errors; NULL: none */
    Str source;        /* what `text` is a part of, for the place in errors */
    size_t offset;     /* where `text` begins in `source` */
    bool is_whole;     /* nothing follows in the text that matches: look-ahead may be used */
} RegexText;

/* The expression, or AK_EXPR_FAILED and `err`. */
Expr ak_regex_parse(Exprs *exprs, const RegexText *regex, ananke_error *err);
/* `text` (UTF-8) in either case: ASCII letters and simple case pairs. */
Expr ak_regex_literal_nocase(Exprs *exprs, Str text);

#endif
