/* Mining: the rules that a code base already follows.
 *
 * Every way of filling the enum parameters of a kind is a candidate; a judge counts where the code follows it and where it does not. A candidate becomes
 * a rule when the lower end of the Wilson interval of followed / seen is high enough, and, of those with the same id, when the code follows it most.
 * Test files are not looked at, and the rule's scope says so. Sets of modules are mined from what is seen (mine_modules). */
#ifndef AK_CLEW_MINE_H
#define AK_CLEW_MINE_H

#include "clew/facts.h"
#include "clew/judge.h"
#include "model/constraint_set.h"

typedef struct MineOptions {
    double min_confidence;
    uint32_t min_support;
} MineOptions;

/* Makes the document of a constraint set, in the arena. NULL and `err` on failure. */
yyjson_mut_doc *ak_mine(Arena *arena, const Kinds *kinds, const Reader *reader, const Facts *facts, size_t count,
                        MineOptions options, ananke_error *err);

/* Lower end of the Wilson score interval of `good` of `all`, for 95 %: how often the rule holds, given what was seen. 0 of 0 is 0. */
double ak_wilson(uint64_t good, uint64_t all);

#endif
