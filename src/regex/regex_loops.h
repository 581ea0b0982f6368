/* Loops in unions: members that have no text which another one, going on with a loop, has not. After a run of digits that `.*[0-9]{32}.*` has looked
 * at there would be a member for each place where the 32 digits may have begun; only the one that has come farthest matters. */
#ifndef AK_REGEX_REGEX_LOOPS_H
#define AK_REGEX_REGEX_LOOPS_H

#include "regex/regex_expr.h"

/* Leaves out members of a union that others make spare, as far as their form tells; how many stay. */
size_t ak_expr_drop_absorbed(Exprs *self, Expr *members, size_t count);

#endif
