/* The engine: a lock around the writers, and single steps through lexer and parser. */
#include "mask/engine.h"
#include "base/bitset.h"
#include "mask/commons.h"
#include "mask/mask_walk.h"
#include "mask/unique.h"
#include <stddef.h>

static bool init_dfa(Engine *self, const GrammarTables *tables, const Exprs *exprs) {
    if (!ak_dfa_init(&self->dfa, &self->arena, exprs, tables->lexemes, tables->lexeme_count, tables->lazy))
        return false;
    self->dfa.max_tokens = tables->max_tokens;
    self->dfa.roles = tables->roles;
    self->dfa.reaches = self->vocab->views.reaches;
    return true;
}

static bool init_parser(Engine *self, const PushdownSource *source) {
    const GrammarTables *tables = self->tables;
    self->dfa.shadows = source->shadows;
    if (source->open)
        return source->open(&self->pushdown, source->source, &self->arena, &self->dfa) &&
               ak_tops_init(&self->tops, &self->arena);
    if (!(self->parser = ak_new(&self->arena, Parser))) return false;
    if (!ak_parser_init(self->parser, &self->arena, tables, &self->dfa)) return false;
    self->pushdown = ak_parser_pushdown(self->parser);
    return ak_tolls_init(&self->tolls, &self->arena, self->parser);
}

static bool init_uniques(Engine *self, const GrammarTables *tables) {
    return !tables->roles || (self->uniques = ak_uniques_new(self)) != NULL;
}

Engine *ak_engine_new(const GrammarTables *tables, const PushdownSource *source, const Exprs *exprs,
                      const ananke_vocab *vocab, const ananke_context *context, ananke_error *err) {
    Engine *self = ak_object_new(context, sizeof *self, offsetof(Engine, arena));
    if (!self) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    self->vocab = vocab, self->tables = tables;
    self->has_limits = tables->max_tokens || tables->rule_limits || tables->text_tokens;
    self->budget = self->arena.limit / 2 < AK_ENGINE_BUDGET ? self->arena.limit / 2 : AK_ENGINE_BUDGET;
    atomic_init(&self->users, 1);
    atomic_init(&self->is_full, false);
    pthread_mutex_init(&self->lock, NULL);
    if (init_dfa(self, tables, exprs) && init_parser(self, source) &&
        ak_mask_pool_init(&self->masks, &self->arena, vocab, MASK_ROWS) &&
        ak_traces_init(&self->traces, &self->arena) && (self->commons = ak_commons_of(vocab)) &&
        init_uniques(self, tables))
        return self;
    if (ak_arena_ok(&self->arena)) ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    else ak_fail_memory(err, &self->arena);
    ak_engine_drop(self);
    return NULL;
}

void ak_engine_hold(Engine *self) {
    atomic_fetch_add_explicit(&self->users, 1, memory_order_relaxed);
}

void ak_engine_drop(Engine *self) {
    if (!self || atomic_fetch_sub_explicit(&self->users, 1, memory_order_acq_rel) != 1) return;
    ak_walk_free_rooms(self);
    pthread_mutex_destroy(&self->lock);
    ak_object_free(self, sizeof *self, offsetof(Engine, arena));
}

/* ---- Learning */

/* Failure is the operation's: with more fuel the same may succeed. */
void ak_engine_begin(Engine *self, const Fuel *fuel) {
    pthread_mutex_lock(&self->lock);
    self->dfa.exprs.fuel = fuel->lexer, self->dfa.exprs.exhausted = false;
    *self->pushdown.fuel = fuel->parser;
}

void ak_engine_end(Engine *self, Fuel *fuel) {
    fuel->lexer = self->dfa.exprs.exhausted ? 0 : self->dfa.exprs.fuel;
    fuel->parser = *self->pushdown.fuel;
    if (self->arena.used > self->budget || self->arena.failed)
        atomic_store_explicit(&self->is_full, true, memory_order_relaxed);
    pthread_mutex_unlock(&self->lock);
}

DfaState ak_engine_learn_next(Engine *self, DfaState state, uint32_t class, Fuel *fuel) {
    ak_engine_begin(self, fuel);
    DfaState next = ak_dfa_derive(&self->dfa, state, class);
    ak_engine_end(self, fuel);
    return next;
}

ParserNode ak_engine_learn_step(Engine *self, ParserNode node, uint32_t ending, Fuel *fuel) {
    ak_engine_begin(self, fuel);
    ParserNode next = ak_pushdown_scan(&self->pushdown, node, ending);
    ak_engine_end(self, fuel);
    return next;
}

bool ak_engine_fail(const Engine *self, const Fuel *fuel, ananke_error *err) {
    if (self->arena.failed) return ak_fail_memory(err, &self->arena);
    if (fuel->lexer == 0) return ak_fail(err, ANANKE_ERROR_LIMIT, "the lexer takes too many steps or states");
    if (fuel->parser == 0)
        return ak_fail(err, ANANKE_ERROR_LIMIT,
                       "the parser takes too many steps: the grammar is too ambiguous for this text");
    return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
}

/* ---- Steps */

Step ak_engine_close(Engine *self, Point point, Point *closed, Fuel *fuel) {
    *closed = point;
    const DfaNode *lexer = ak_dfa_node(&self->dfa, point.state);
    if (lexer->starts || point.state == DFA_DEAD) return STEP_ALIVE; /* DFA_DEAD: nothing at all may follow */
    if (!lexer->ending) return STEP_DEAD;
    ParserNode next = ak_pushdown_find(&self->pushdown, point.node, lexer->ending);
    if (!next) next = ak_engine_learn_step(self, point.node, lexer->ending, fuel);
    if (!next) return STEP_SPENT;
    *closed = (Point){next, ak_pushdown_lexer(&self->pushdown, next)};
    return STEP_ALIVE;
}

Step ak_engine_step(Engine *self, Point *point, uint8_t byte, Fuel *fuel) {
    DfaState next = ak_engine_next(self, point->state, byte, fuel);
    if (next > DFA_DEAD) return point->state = next, STEP_ALIVE;
    if (next == DFA_UNKNOWN) return STEP_SPENT;
    if (next == DFA_DOOMED || ak_dfa_node(&self->dfa, point->state)->starts) return STEP_DEAD;
    Point closed;
    Step result = ak_engine_close(self, *point, &closed, fuel);
    if (result != STEP_ALIVE) return result;
    next = ak_engine_next(self, closed.state, byte, fuel);
    if (next == DFA_UNKNOWN) return STEP_SPENT;
    if (next <= DFA_DEAD) return STEP_DEAD;
    *point = (Point){closed.node, next};
    return STEP_ALIVE;
}

size_t ak_engine_token_set(const Engine *self, DfaState start, size_t from) {
    const GrammarTables *tables = self->tables;
    const uint32_t *starts = ak_dfa_node(&self->dfa, start)->starts;
    if (!tables->tokens || !starts) return SIZE_MAX;
    size_t at = ak_bits_next(starts, tables->terminal_count, from);
    while (at != SIZE_MAX && !tables->tokens[at].count) at = ak_bits_next(starts, tables->terminal_count, at + 1);
    return at;
}

Step ak_engine_takes_tokens(Engine *self, Point point, Fuel *fuel) {
    Point closed;
    if (!self->tables->tokens) return STEP_DEAD;
    Step result = ak_engine_close(self, point, &closed, fuel);
    if (result != STEP_ALIVE) return result;
    return ak_engine_token_set(self, closed.state, 0) == SIZE_MAX ? STEP_DEAD : STEP_ALIVE;
}

/* The number of the first set of tokens from number `from` on that a start state allows and that has the token. */
static size_t set_with(const Engine *self, DfaState start, uint32_t token, size_t from) {
    const TokenSet *sets = self->tables->tokens;
    size_t at = ak_engine_token_set(self, start, from);
    while (at != SIZE_MAX && !ak_token_set_has(&sets[at], token)) at = ak_engine_token_set(self, start, at + 1);
    return at;
}

/* The writer: over the ending of all sets that have the token. */
static ParserNode scan_token(Engine *self, Point closed, uint32_t token) {
    self->taken.count = 0;
    for (size_t t = set_with(self, closed.state, token, 0); t != SIZE_MAX;
         t = set_with(self, closed.state, token, t + 1)) {
        if (!ak_vec_push(&self->arena, &self->taken, (uint32_t)t)) return NODE_NONE;
    }
    uint32_t ending = ak_dfa_ending_of(&self->dfa, self->taken.items, (uint32_t)self->taken.count);
    return ending ? ak_pushdown_scan(&self->pushdown, closed.node, ending) : NODE_NONE;
}

Step ak_engine_step_token(Engine *self, Point *point, uint32_t token, Fuel *fuel) {
    Point closed;
    if (!self->tables->tokens) return STEP_DEAD;
    Step result = ak_engine_close(self, *point, &closed, fuel);
    if (result != STEP_ALIVE) return result;
    if (set_with(self, closed.state, token, 0) == SIZE_MAX) return STEP_DEAD;
    ak_engine_begin(self, fuel);
    ParserNode next = scan_token(self, closed, token);
    ak_engine_end(self, fuel);
    if (!next) return STEP_SPENT;
    *point = (Point){next, ak_pushdown_lexer(&self->pushdown, next)};
    return STEP_ALIVE;
}

Step ak_engine_may_end(Engine *self, Point point, Fuel *fuel) {
    Point closed;
    Step result = ak_engine_close(self, point, &closed, fuel);
    if (result != STEP_ALIVE) return result;
    return ak_pushdown_is_accepting(&self->pushdown, closed.node) ? STEP_ALIVE : STEP_DEAD;
}

/* Moves on by the only byte that may follow: STEP_DEAD when there is none, or another. Byte classes are tried by a
 * byte of each, and count as many bytes as they have. */
static Step only_byte(Engine *self, Point *point, uint8_t *byte, Fuel *fuel) {
    const Exprs *exprs = &self->dfa.exprs;
    uint32_t sizes[256] = {0}, ways = 0;
    Point found = *point;
    for (unsigned b = 0; b < 256; b++) sizes[exprs->classes[b]]++;
    for (uint32_t class = 0; class < exprs->class_count && ways < 2; class ++) {
        Point to = *point;
        Step step = ak_engine_step(self, &to, exprs->samples[class], fuel);
        if (step == STEP_SPENT) return STEP_SPENT;
        if (step == STEP_DEAD) continue;
        ways += sizes[class], found = to, *byte = exprs->samples[class];
    }
    if (ways != 1) return STEP_DEAD;
    *point = found;
    return STEP_ALIVE;
}

Step ak_engine_step_forced(Engine *self, Point *point, uint8_t *byte, Fuel *fuel) {
    Step other = ak_engine_may_end(self, *point, fuel);
    if (other == STEP_DEAD) other = ak_engine_takes_tokens(self, *point, fuel);
    if (other != STEP_DEAD) return other == STEP_SPENT ? STEP_SPENT : STEP_DEAD;
    return only_byte(self, point, byte, fuel);
}
