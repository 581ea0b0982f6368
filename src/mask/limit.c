/* What the engine's lexer tells about each state is when the first of its lexemes is used up, and what its tolls do, whether a
 * rule's text is, so that most tokens cost a comparison or two. */
#include "mask/limit.h"
#include <assert.h>

enum { TOKENS_MAX = AK_MAX_TOKENS }; /* more need not be told apart; histories have 31 bits for them */

static bool has_tolls(const Engine *engine) {
    return engine->tables->rule_limits != NULL;
}

/* Tokens that ended in the pending lexeme. */
static uint32_t pending_tokens(const Engine *engine, uint32_t tokens) {
    return has_tolls(engine) ? ak_toll_node(&engine->tolls, tokens)->tokens : tokens;
}

/* Goes on with the count, as tolls do. */
static Step count(Engine *engine, uint32_t *tokens, uint32_t where, Fuel *fuel) {
    if (!has_tolls(engine)) {
        if (where != TOLL_TOKEN) *tokens = 0;
        else if (*tokens < TOKENS_MAX) ++*tokens;
        return STEP_ALIVE;
    }
    Toll next = ak_toll_find(&engine->tolls, *tokens, where);
    if (next == TOLL_FAILED) {
        ak_engine_begin(engine, fuel);
        next = ak_toll_move(&engine->tolls, *tokens, where);
        ak_engine_end(engine, fuel);
    }
    if (next == TOLL_FAILED) return STEP_SPENT;
    return *tokens = next, STEP_ALIVE;
}

/* Moves over one byte. */
static Step step_over(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, uint8_t byte, Fuel *fuel) {
    bool is_begun = ak_dfa_node(&engine->dfa, point->state)->starts != NULL;
    DfaState next = ak_engine_next(engine, point->state, byte, fuel);
    if (next == DFA_UNKNOWN) return STEP_SPENT;
    Step step = walk ? ak_unique_step(walk, &walk->spot, byte) : ak_engine_step(engine, point, byte, fuel);
    if (walk && step == STEP_ALIVE) *point = walk->spot.point;
    if (step == STEP_ALIVE && is_begun) return count(engine, tokens, TOLL_BEGIN, fuel);
    if (step == STEP_ALIVE && next == DFA_DEAD) return count(engine, tokens, point->node, fuel);
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

/* ---- What is used up */

/* Nothing is, or: */
typedef struct Used {
    bool has_lexemes;
    FrameSet frames; /* of rules; 0: none is */
} Used;

static Step find_used(Engine *engine, Point point, uint32_t tokens, Used *used, Fuel *fuel) {
    uint32_t pending = pending_tokens(engine, tokens), limit = ak_dfa_node(&engine->dfa, point.state)->limit;
    *used = (Used){.has_lexemes = limit && pending >= limit};
    if (!has_tolls(engine)) return STEP_ALIVE;
    if (!ak_toll_node(&engine->tolls, tokens)->is_used_up && pending < engine->tolls.least) return STEP_ALIVE;
    ak_engine_begin(engine, fuel);
    bool is_found = ak_toll_used(&engine->tolls, tokens, point.node, point.state, &used->frames);
    ak_engine_end(engine, fuel);
    return is_found ? STEP_ALIVE : STEP_SPENT;
}

/* Whether nothing is pending. */
static bool is_behind(const Engine *engine, DfaState state) {
    return state == DFA_DEAD || ak_dfa_node(&engine->dfa, state)->starts;
}

/* The writer: the point without the texts of the rules that are used up. */
static bool leave_rules(Engine *engine, Point *point, FrameSet used) {
    point->node = ak_parser_leave(engine->parser, point->node, used);
    if (!point->node) return false;
    DfaState starts = ak_pushdown_lexer(&engine->pushdown, point->node);
    const uint32_t *allowed = ak_dfa_node(&engine->dfa, starts)->starts;
    if (is_behind(engine, point->state)) point->state = starts;
    else point->state = allowed ? ak_dfa_among(&engine->dfa, point->state, allowed) : (DfaState)DFA_DEAD;
    return point->state != DFA_UNKNOWN;
}

/* The writer: the state without the lexemes that are used up. */
static DfaState leave_lexemes(Engine *engine, DfaState state, uint32_t tokens) {
    uint32_t limit = ak_dfa_node(&engine->dfa, state)->limit;
    return limit && tokens >= limit ? ak_dfa_unlimited(&engine->dfa, state, tokens) : state;
}

/* The writer: to what is left, or behind what is cut off when nothing is. `left` is without the rules that are used up, `rest`
 * its state without the lexemes that are. */
static bool go_on(Engine *engine, Point *point, Point left, DfaState rest, FrameSet used, bool *is_cut) {
    *is_cut = rest == DFA_DEAD;
    if (*is_cut && is_behind(engine, point->state)) /* the text may be whole */
        *is_cut = !ak_pushdown_is_accepting(&engine->pushdown, left.node);
    *point = (Point){left.node, rest};
    if (!*is_cut) return true;
    uint32_t ending = left.state != DFA_DEAD ? ak_dfa_cut(&engine->dfa, left.state) : 0;
    if (!used && !ending) return false;
    ParserNode next = used ? ak_parser_cut(engine->parser, left.node, used, ending)
                           : ak_pushdown_scan(&engine->pushdown, left.node, ending);
    if (next) *point = (Point){next, ak_pushdown_lexer(&engine->pushdown, next)};
    return next != NODE_NONE;
}

/* The writer: the count there. */
static uint32_t count_there(Engine *engine, uint32_t tokens, ParserNode node, FrameSet used, bool is_cut) {
    if (used) return ak_toll_leave(&engine->tolls, tokens, used, node, is_cut);
    if (!is_cut) return tokens;
    return has_tolls(engine) ? ak_toll_move(&engine->tolls, tokens, node) : 0;
}

static Step use_up(Engine *engine, Point *point, uint32_t *tokens, FrameSet used, Fuel *fuel) {
    Point left = *point;
    ak_engine_begin(engine, fuel);
    bool done = !used || leave_rules(engine, &left, used);
    DfaState rest = done ? leave_lexemes(engine, left.state, pending_tokens(engine, *tokens)) : (DfaState)DFA_UNKNOWN;
    bool is_cut = false;
    done = rest != DFA_UNKNOWN && go_on(engine, point, left, rest, used, &is_cut);
    if (done) *tokens = count_there(engine, *tokens, point->node, used, is_cut);
    ak_engine_end(engine, fuel);
    return done && *tokens != TOLL_FAILED ? STEP_ALIVE : STEP_SPENT;
}

/* ---- Tokens */

Step ak_limit_take(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, Str bytes, Fuel *fuel) {
    Point from = *point;
    const UniqueSpot spot = walk ? walk->spot : (UniqueSpot){0};
    Used used;
    size_t taken;
    Step step = ak_limit_move(engine, point, walk, tokens, bytes, &taken, fuel);
    if (step == STEP_ALIVE) step = count(engine, tokens, TOLL_TOKEN, fuel);
    if (step == STEP_ALIVE) step = find_used(engine, *point, *tokens, &used, fuel);
    if (step != STEP_ALIVE || !(used.has_lexemes || used.frames)) return step;
    step = is_forced(engine, from, walk, spot, bytes, fuel);
    if (step != STEP_DEAD) return step;
    step = use_up(engine, point, tokens, used.frames, fuel);
    if (walk) ak_unique_lead(walk, &walk->spot, *point);
    return step;
}

Step ak_limit_take_whole(Engine *engine, Point *point, uint32_t *tokens, uint32_t token, Fuel *fuel) {
    Point closed, behind;
    Used used;
    if (!has_tolls(engine)) return ak_engine_step_token(engine, point, token, fuel);
    Step step = ak_engine_takes_tokens(engine, *point, fuel);
    if (step == STEP_ALIVE) step = ak_engine_close(engine, *point, &closed, fuel);
    if (step != STEP_ALIVE) return step;
    behind = closed;
    step = ak_engine_step_token(engine, &behind, token, fuel);
    if (step == STEP_ALIVE)
        step = count(engine, tokens, is_behind(engine, point->state) ? TOLL_BEGIN : closed.node, fuel);
    if (step == STEP_ALIVE) step = count(engine, tokens, behind.node, fuel);
    if (step == STEP_ALIVE) step = count(engine, tokens, TOLL_TOKEN, fuel);
    if (step == STEP_ALIVE) step = count(engine, tokens, TOLL_BEGIN, fuel);
    if (step == STEP_ALIVE) step = find_used(engine, behind, *tokens, &used, fuel);
    if (step != STEP_ALIVE) return step;
    *point = behind;
    return used.frames ? use_up(engine, point, tokens, used.frames, fuel) : STEP_ALIVE;
}
