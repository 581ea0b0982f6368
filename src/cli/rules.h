/* Constraints files and IRs, told apart by what is in them. */
#ifndef ANANKE_CLI_RULES_H
#define ANANKE_CLI_RULES_H

#include "cli/terminal.h"
#include <ananke/ir.h>

/* Does the text say that it is an IR: a JSON object with "enforcement" and "grammar"? */
bool cli_rules_is_ir(const char *text, size_t length);
/* Loads and joins constraints files. NULL and `err` on failure. */
ananke_constraints *cli_rules_join(const char *const *paths, size_t count, const ananke_context *context,
                                   ananke_error *err);
/* How a tier is shown: good when it holds the rule. */
static inline Style cli_tier_style(ananke_tier tier) {
    return tier == ANANKE_TIER_MASKED || tier == ANANKE_TIER_CHECKED ? STYLE_GOOD : STYLE_WARNING;
}

#endif
