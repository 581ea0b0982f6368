/* What the engine's lexer tells about each state is when the first of its lexemes is used up, so that most tokens cost
 * a comparison. */
#include "mask/limit.h"
#include <assert.h>

enum { TOKENS_MAX = AK_MAX_TOKENS }; /* more need not be told apart; histories have 31 bits for them */

/* Moves over one byte. */
static Step step_over(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, uint8_t byte, Fuel *fuel) {
    bool is_begun = ak_dfa_node(&engine->dfa, point->state)->starts != NULL;
    DfaState next = ak_engine_next(engine, point->state, byte, fuel);
    if (next == DFA_UNKNOWN) return STEP_SPENT;
    Step step = walk ? ak_unique_step(walk, &walk->spot, byte) : ak_engine_step(engine, point, byte, fuel);
    if (walk && step == STEP_ALIVE) *point = walk->spot.point;
    if (is_begun || next == DFA_DEAD) *tokens = 0;
    return step;
}

Step ak_limit_move(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, Str bytes, size_t *taken,
                   Fuel *fuel) {
    for (*taken = 0; *taken < bytes.length; ++*taken) {
        Step step = step_over(engine, point, walk, tokens, (uint8_t)bytes.data[*taken], fuel);
        if (step != STEP_ALIVE) return step;
    }
    return STEP_ALIVE;
}

/* Whether the bytes, which may follow, are all that may. */
static Step is_forced(Engine *engine, Point point, UniqueWalk *walk, UniqueSpot spot, Str bytes, Fuel *fuel) {
    Step step = STEP_ALIVE;
    for (size_t i = 0; i < bytes.length && step == STEP_ALIVE; i++) {
        uint8_t byte;
        step = walk ? ak_unique_step_forced(walk, &spot, &byte) : ak_engine_step_forced(engine, &point, &byte, fuel);
        assert(step != STEP_ALIVE || byte == (uint8_t)bytes.data[i]);
    }
    return step;
}

static Step use_up(Engine *engine, Point *point, uint32_t *tokens, Fuel *fuel) {
    ParserNode next = NODE_NONE;
    ak_engine_begin(engine, fuel);
    DfaState rest = ak_dfa_unlimited(&engine->dfa, point->state, *tokens);
    uint32_t ending = rest == DFA_DEAD ? ak_dfa_cut(&engine->dfa, point->state) : 0;
    if (ending) next = ak_parser_scan(&engine->parser, point->node, ending);
    ak_engine_end(engine, fuel);
    if (rest > DFA_DEAD) return point->state = rest, STEP_ALIVE;
    if (!next) return STEP_SPENT;
    *point = (Point){next, ak_parser_lexer(&engine->parser, next)}, *tokens = 0;
    return STEP_ALIVE;
}

Step ak_limit_take(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, Str bytes, Fuel *fuel) {
    Point from = *point;
    const UniqueSpot spot = walk ? walk->spot : (UniqueSpot){0};
    size_t taken;
    Step step = ak_limit_move(engine, point, walk, tokens, bytes, &taken, fuel);
    if (step != STEP_ALIVE) return step;
    if (*tokens < TOKENS_MAX) ++*tokens;
    uint32_t limit = ak_dfa_node(&engine->dfa, point->state)->limit;
    if (!limit || *tokens < limit) return STEP_ALIVE;
    step = is_forced(engine, from, walk, spot, bytes, fuel);
    if (step != STEP_DEAD) return step;
    step = use_up(engine, point, tokens, fuel);
    if (walk) ak_unique_lead(walk, &walk->spot, *point);
    return step;
}
