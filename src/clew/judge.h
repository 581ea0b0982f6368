/* Judging: does an observation follow a constraint, break it, or say nothing about it? The miner counts by it and the check finds by it, so that they
 * can never disagree. A judge is immutable; it borrows the kind, the parameters and the vocabulary. */
#ifndef AK_CLEW_JUDGE_H
#define AK_CLEW_JUDGE_H

#include "clew/query.h"
#include "model/kind.h"
#include "model/pattern.h"

typedef enum Verdict { VERDICT_NONE, VERDICT_FOLLOWS, VERDICT_BREAKS } Verdict;

typedef struct Judge Judge;
typedef Verdict JudgeTest(const Judge *judge, const Observation *observation, Str source);

struct Judge {
    JudgeTest *test; /* NULL: this constraint cannot be judged on this language */
    const Language *language;
    uint16_t population;
    bool listed_follow; /* the variants below follow the rule; else they break it */
    const uint16_t *variants;
    size_t variant_count;
    unsigned style, leading; /* NameStyle: what is wanted, what may stand in front */
    const Pattern *pattern;
    yyjson_val *modules; /* list of packages */
    bool standard, relative;
};

/* False and `err` only when memory is out; whether the constraint can be judged is told by `judge->test`. */
bool ak_judge_new(Judge *judge, Arena *arena, const Kind *kind, const KindCase *about, yyjson_val *parameters,
                  const Language *language, const Vocabulary *vocabulary, ananke_error *err);

static inline Verdict ak_judge(const Judge *judge, const Observation *observation, Str source) {
    if (!judge->test || observation->population != judge->population) return VERDICT_NONE;
    return judge->test(judge, observation, source);
}

/* What stands at an observation: its first line, cut after 80 bytes. Borrowed from the source. */
Str ak_observation_text(const Observation *observation, Str source);

#endif
