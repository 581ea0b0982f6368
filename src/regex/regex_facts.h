/* What is known of an expression from the day it is made. */
#ifndef AK_REGEX_REGEX_FACTS_H
#define AK_REGEX_REGEX_FACTS_H

#include "regex/regex_expr.h"

/* Fills in is_nullable to counts of a node whose kind and count are set and whose operands are `words`. */
void ak_expr_find_facts(const Exprs *exprs, ExprNode *node, const uint32_t *words);

#endif
