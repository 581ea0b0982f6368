/* Overlays: what mends a rulebook, as text.
 *
 *     # a comment
 *     %reserved if else while          a list; `%extras`, for instance, replaces the rulebook's
 *     name = "type" x:identifier? (a | b)* -> alias
 *     name += another_alternative
 *     %drop name
 *     %without name keyof infer        a rule that is an identifier, but none of these words
 *     %fragments statement expression  rules that a text may be of by itself
 *     %layout line indent dedent       columns count: a line's end, a block's beginning and end
 *
 * What begins a line begins a statement, indented lines go on with it. In a body stand "texts", /patterns/, names of rules, groups, and behind
 * each of them `?`, `*` or `+`; `field:x` and `x -> alias`; `^x` and `x^` are a token with no line break before, or after it; %token(x),
 * %now(x) (a token with nothing ignored before it), %not("{" "function": x) (an x that does not begin with these), and %left(level: x), %right(level: x), %prec(level: x), a level being a number or a name. */
#ifndef AK_SYNTAX_OVERLAY_H
#define AK_SYNTAX_OVERLAY_H

#include "syntax/rule.h"

/* Applies the overlay; `file` is for errors, NULL: none. The text must live as long as the rulebook. */
bool ak_overlay_apply(Rulebook *self, Str text, const char *file, ananke_error *err);

#endif
