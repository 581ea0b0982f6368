/* The engine: a lock around the writers, and single steps through lexer and parser. */
#include "mask/engine.h"
#include "mask/mask_walk.h"
#include <stddef.h>

Engine *ak_engine_new(const GrammarTables *tables, const Exprs *exprs, const ananke_vocab *vocab,
                      const ananke_context *context, ananke_error *err) {
    Engine *self = ak_object_new(context, sizeof *self, offsetof(Engine, arena));
    if (!self) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    self->vocab = vocab;
    self->budget = self->arena.limit / 2 < AK_ENGINE_BUDGET ? self->arena.limit / 2 : AK_ENGINE_BUDGET;
    atomic_init(&self->users, 1);
    atomic_init(&self->is_full, false);
    pthread_mutex_init(&self->lock, NULL);
    if (ak_dfa_init(&self->dfa, &self->arena, exprs, tables->lexemes, tables->lexeme_count, tables->lazy) &&
        ak_parser_init(&self->parser, &self->arena, tables, &self->dfa) &&
        ak_mask_pool_init(&self->masks, &self->arena, vocab) && ak_traces_init(&self->traces, &self->arena))
        return self;
    ak_fail_memory(err, &self->arena);
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
    self->parser.fuel = fuel->parser;
}

void ak_engine_end(Engine *self, Fuel *fuel) {
    fuel->lexer = self->dfa.exprs.exhausted ? 0 : self->dfa.exprs.fuel;
    fuel->parser = self->parser.fuel;
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
    ParserNode next = ak_parser_scan(&self->parser, node, ending);
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
    ParserNode next = ak_parser_find(&self->parser, point.node, lexer->ending);
    if (!next) next = ak_engine_learn_step(self, point.node, lexer->ending, fuel);
    if (!next) return STEP_SPENT;
    *closed = (Point){next, ak_parser_lexer(&self->parser, next)};
    return STEP_ALIVE;
}

Step ak_engine_step(Engine *self, Point *point, uint8_t byte, Fuel *fuel) {
    DfaState next = ak_engine_next(self, point->state, byte, fuel);
    if (next > DFA_DEAD) return point->state = next, STEP_ALIVE;
    if (next == DFA_UNKNOWN) return STEP_SPENT;
    if (ak_dfa_node(&self->dfa, point->state)->starts) return STEP_DEAD;
    Point closed;
    Step result = ak_engine_close(self, *point, &closed, fuel);
    if (result != STEP_ALIVE) return result;
    next = ak_engine_next(self, closed.state, byte, fuel);
    if (next == DFA_UNKNOWN) return STEP_SPENT;
    if (next == DFA_DEAD) return STEP_DEAD;
    *point = (Point){closed.node, next};
    return STEP_ALIVE;
}

Step ak_engine_may_end(Engine *self, Point point, Fuel *fuel) {
    Point closed;
    Step result = ak_engine_close(self, point, &closed, fuel);
    if (result != STEP_ALIVE) return result;
    return ak_parser_kernel(&self->parser, closed.node)->is_accepting ? STEP_ALIVE : STEP_DEAD;
}
