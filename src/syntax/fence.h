/* Code in Markdown: text, and in it code between a line "```typescript" and a line "```".
 *
 * Which line ends the code the parser tells: one that begins with the mark where the code may end. So such a line in a comment, or in a string, is of the
 * code. Text around it is free, but that no line of it opens such a fence; fences of other languages are text. */
#ifndef AK_SYNTAX_FENCE_H
#define AK_SYNTAX_FENCE_H

#include "regex/regex_expr.h"
#include "syntax/rule.h"

typedef struct FenceExprs {
    Expr opening;   /* text from its beginning, and the line that opens a fence, with its end */
    Expr closing;   /* the line that closes one, without its end */
    Expr reopening; /* from that end on, the same as `opening` */
    Expr rest;      /* from that end on, text without such a line */
} FenceExprs;

/* False and `err` when memory runs out. `names` are those of the language. */
bool ak_fence_exprs(FenceExprs *self, Exprs *exprs, const Names *names, ananke_error *err);

#endif
