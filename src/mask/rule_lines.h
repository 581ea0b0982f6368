/* Lines of rules: where the only way for a rule to begin is at the end of another one, alone or behind parts that can be empty, it goes back to where that
 * one does. Rows of optional members are long lines; a parser goes from any of their rules to where the line is entered in one step.
 *
 * Several lines may begin with the same rules: together they are trees, whose rules are numbered so that all that are below one follow it. Immutable when made. */
#ifndef AK_MASK_RULE_LINES_H
#define AK_MASK_RULE_LINES_H

#include "mask/grammar_tables.h"

typedef struct RuleLine {
    uint32_t first;      /* of the line up to the rule; itself where none is before it */
    uint32_t place, end; /* its place in the trees, and where what is below it ends */
} RuleLine;

/* By rule, in `arena`. NULL when out of memory. */
const RuleLine *ak_rule_lines(const GrammarTables *tables, Arena *arena);
/* Of the rules of the line up to `rule`, which is predicted, the last one of those waited for or, where none is, the first: those behind it go back to where it
 * does. */
uint32_t ak_rule_lines_entry(const RuleLine *lines, uint32_t rule, const uint32_t *waits, uint32_t count);

#endif
