/* The public matcher: steps of the program's engine, with the way back. */
#include "mask/matcher.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "mask/capture.h"
#include "mask/completion.h"
#include "mask/limit.h"
#include "mask/mask_find.h"
#include "mask/mask_share.h"
#include "mask/pushdown_completion.h"
#include "mask/unique_mask.h"
#include <stddef.h>
#include <stdio.h>

/* What one operation may spend: less than a second's work. */
static const Fuel full_fuel = {.lexer = 20000000, .parser = 50000000};

#define CAPTURE_MEMORY ((size_t)256 << 20)
#define COMPLETION_MEMORY ((size_t)256 << 20)

/* ---- Making and freeing */

static void *allocate(const ananke_allocator *allocator, size_t size) {
    return allocator->resize(allocator->data, NULL, 0, size);
}

static ananke_matcher *new_matcher(const ananke_program *program, ananke_error *err) {
    const ananke_allocator *allocator = &program->arena.allocator;
    ananke_matcher *self = allocate(allocator, sizeof *self);
    if (!self) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    *self = (ananke_matcher){.allocator = *allocator, .program = program};
    return self;
}

ananke_matcher *ananke_matcher_new(const ananke_program *program, ananke_error *err) {
    ananke_matcher *self = new_matcher(program, err);
    if (!self) return NULL;
    self->engine = ak_program_engine(program, err);
    if (!self->engine) return ananke_matcher_free(self), NULL;
    self->point = ak_engine_start(self->engine);
    return self;
}

static void forget_error(ananke_matcher *self) {
    if (self->error) self->allocator.resize(self->allocator.data, self->error, sizeof *self->error, 0);
    self->error = NULL, self->is_failed = false;
}

/* Keeps an error; where there is no memory for it, that is the error. */
static void keep_error(ananke_matcher *self, const ananke_error *error) {
    self->is_failed = true;
    if (!self->error) self->error = allocate(&self->allocator, sizeof *self->error);
    if (self->error) *self->error = *error;
}

ananke_matcher *ananke_matcher_fork(const ananke_matcher *matcher, ananke_error *err) {
    ananke_matcher *self = new_matcher(matcher->program, err);
    if (!self) return NULL;
    self->engine = matcher->engine;
    ak_engine_hold(self->engine);
    self->point = matcher->point, self->tokens = matcher->tokens, self->place = matcher->place;
    self->is_ended = matcher->is_ended, self->is_failed = matcher->is_failed;
    if (matcher->error) keep_error(self, matcher->error);
    ak_history_share(&self->history, &matcher->history);
    if (!matcher->hole) return self;
    self->hole = ak_hole_new(&self->allocator, matcher->hole->text);
    if (self->hole) return self;
    ananke_matcher_free(self);
    return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
}

void ananke_matcher_free(ananke_matcher *matcher) {
    if (!matcher) return;
    if (matcher->engine) ak_share_offer(matcher->engine);
    ak_engine_drop(matcher->engine);
    ak_history_clear(&matcher->history, &matcher->allocator);
    ak_hole_free(matcher->hole, &matcher->allocator);
    forget_error(matcher);
    ananke_allocator allocator = matcher->allocator;
    size_t words = ak_bits_words(matcher->program->vocab->size);
    if (matcher->row) allocator.resize(allocator.data, matcher->row, words * sizeof *matcher->row, 0);
    allocator.resize(allocator.data, matcher, sizeof *matcher, 0);
}

static const ananke_error does_not_fit = {.code = ANANKE_ERROR_REFUSED,
                                          .message = "nothing may follow, and the suffix does not fit here"};
static const ananke_error no_memory = {.code = ANANKE_ERROR_MEMORY, .message = "out of memory"};

static bool fail(ananke_matcher *self, const Fuel *fuel, ananke_error *err) {
    ananke_error error = {0};
    ak_engine_fail(self->engine, fuel, &error);
    keep_error(self, &error);
    if (err) *err = error;
    return false;
}

static bool stopped(const ananke_matcher *self, ananke_error *err) {
    if (self->is_failed && err) *err = self->error ? *self->error : no_memory;
    return self->is_failed;
}

/* ---- Steps */

/* Where steps lead. */
typedef struct Spot {
    Point point;
    uint32_t tokens, place;
    bool is_ended;
} Spot;

static Spot spot_of(const ananke_matcher *self) {
    return (Spot){self->point, self->tokens, self->place, self->is_ended};
}

/* What a step of the history has of it, besides the point. */
static uint32_t beside(const Engine *engine, const Spot *spot) {
    return engine->uniques ? spot->place : spot->tokens;
}

/* Moves a point over bytes; `*taken` is how many were accepted. */
static Step move_over(Engine *engine, Point *point, Str bytes, size_t *taken, Fuel *fuel) {
    for (*taken = 0; *taken < bytes.length; ++*taken) {
        Step step = ak_engine_step(engine, point, (uint8_t)bytes.data[*taken], fuel);
        if (step != STEP_ALIVE) return step;
    }
    return STEP_ALIVE;
}

/* What moves where items must differ: a walk from the spot's place. */
typedef struct Steps {
    Engine *engine;
    Spot *spot;
    Str bytes;
    bool is_token;
    size_t taken; /* bytes */
    Fuel *fuel;
} Steps;

static Step move_along(Steps *self, UniqueWalk *walk) {
    Point *point = &self->spot->point;
    uint32_t *tokens = &self->spot->tokens;
    if (!self->engine->has_limits) return ak_unique_move(walk, &walk->spot, self->bytes, &self->taken);
    if (self->is_token) return ak_limit_take(self->engine, point, walk, tokens, self->bytes, self->fuel);
    return ak_limit_move(self->engine, point, walk, tokens, self->bytes, &self->taken, self->fuel);
}

static Step move_from_place(Steps *self) {
    UniqueWalk walk;
    Spot *spot = self->spot;
    Step step = ak_unique_begin(&walk, self->engine, spot->point, spot->place, self->fuel);
    if (step == STEP_ALIVE) step = move_along(self, &walk);
    if (step == STEP_ALIVE) step = ak_unique_end(&walk, spot->tokens, &spot->place);
    spot->point = walk.spot.point;
    ak_unique_free(&walk);
    return step;
}

/* Moves over bytes that come from no token. */
static Step take_bytes(Engine *engine, Spot *spot, Str bytes, size_t *taken, Fuel *fuel) {
    Steps steps = {.engine = engine, .spot = spot, .bytes = bytes, .fuel = fuel};
    if (engine->uniques) {
        Step step = move_from_place(&steps);
        return *taken = steps.taken, step;
    }
    if (engine->has_limits) return ak_limit_move(engine, &spot->point, NULL, &spot->tokens, bytes, taken, fuel);
    return move_over(engine, &spot->point, bytes, taken, fuel);
}

/* And over those of one. */
static Step take_text(Engine *engine, Spot *spot, Str bytes, Fuel *fuel) {
    size_t taken;
    if (engine->uniques) return move_from_place(&(Steps){engine, spot, bytes, true, 0, fuel});
    if (engine->has_limits) return ak_limit_take(engine, &spot->point, NULL, &spot->tokens, bytes, fuel);
    return move_over(engine, &spot->point, bytes, &taken, fuel);
}

/* The place behind a token that was read as a whole: no array goes on there. */
static Step place_outside(Engine *engine, Spot *spot, Fuel *fuel) {
    UniqueWalk walk;
    Step step = ak_unique_begin(&walk, engine, spot->point, 0, fuel);
    if (step == STEP_ALIVE) step = ak_unique_end(&walk, spot->tokens, &spot->place);
    ak_unique_free(&walk);
    return step;
}

static bool is_eos(const ananke_vocab *vocab, uint32_t token) {
    for (size_t i = 0; i < vocab->eos_count; i++) {
        if (vocab->eos[i] == token) return true;
    }
    return false;
}

/* Moves over one token. Where the text may end, of a hole or not, an end-of-text id ends it; else a token is what a set of the grammar's
 * takes it for, and text last of all. */
static Step take(Engine *engine, Hole *hole, Spot *spot, uint32_t token, Fuel *fuel) {
    Str bytes = ak_vocab_str(engine->vocab, token);
    Step end = STEP_DEAD;
    if (!bytes.length && is_eos(engine->vocab, token))
        end = spot->is_ended ? STEP_ALIVE : ak_hole_may_end(hole, engine, spot->point, fuel);
    if (end == STEP_ALIVE) spot->is_ended = true;
    if (end != STEP_DEAD || spot->is_ended) return end;
    Step step = engine->has_limits ? ak_limit_take_whole(engine, &spot->point, &spot->tokens, token, fuel)
                                   : ak_engine_step_token(engine, &spot->point, token, fuel);
    if (step == STEP_ALIVE && engine->uniques) return place_outside(engine, spot, fuel);
    return step == STEP_DEAD && bytes.length ? take_text(engine, spot, bytes, fuel) : step;
}

/* Whether a text may have no more than one token behind so many steps: it ends there, whatever the grammar says. */
static bool is_last(const Engine *engine, size_t steps) {
    uint32_t most = engine->tables->text_tokens;
    return most && steps + 1 >= most;
}

/* ---- Moving over to a fresh engine */

typedef struct Move {
    ananke_matcher *matcher;
    Engine *engine;
    Spot spot;
    History history;
} Move;

/* Leads the other engine over one step, and notes it there. */
static bool repeat_step(void *data, const HistoryStep *step, Str bytes) {
    Move *move = data;
    HistoryStep again = {move->spot.point, step->token, step->is_end, beside(move->engine, &move->spot)};
    Fuel fuel = full_fuel;
    size_t taken;
    if (!ak_history_push(&move->history, &move->matcher->allocator, again, bytes)) return false;
    Step result = step->token == AK_TOKEN_NONE
                      ? take_bytes(move->engine, &move->spot, bytes, &taken, &fuel)
                      : take(move->engine, move->matcher->hole, &move->spot, step->token, &fuel);
    move->spot.is_ended = step->is_end;
    return result == STEP_ALIVE;
}

/* Leaves an engine that is full. Where the fresh one cannot be made or runs out of something, the old one still
 * serves. */
static void leave_full(ananke_matcher *self) {
    if (!atomic_load_explicit(&self->engine->is_full, memory_order_relaxed)) return;
    Engine *fresh = ak_program_engine(self->program, NULL), *old = self->engine;
    if (!fresh) return;
    Move move = {.matcher = self, .engine = fresh, .spot = {.point = ak_engine_start(fresh)}};
    if (fresh == old || !ak_history_visit(&self->history, repeat_step, &move)) {
        ak_history_clear(&move.history, &self->allocator);
        ak_engine_drop(fresh);
        return;
    }
    ak_history_clear(&self->history, &self->allocator);
    ak_engine_drop(old);
    self->engine = fresh, self->history = move.history;
    self->point = move.spot.point, self->tokens = move.spot.tokens, self->place = move.spot.place;
}

void ananke_matcher_reset(ananke_matcher *matcher) {
    ak_share_offer(matcher->engine);
    ak_history_clear(&matcher->history, &matcher->allocator);
    leave_full(matcher);
    forget_error(matcher);
    matcher->is_ended = false, matcher->tokens = 0, matcher->place = 0;
    matcher->point = ak_engine_start(matcher->engine);
}

/* ---- Masks */

static void fill_ended(const ananke_vocab *vocab, uint32_t *row) {
    for (size_t i = 0; i < vocab->eos_count; i++) ak_bits_set(row, vocab->eos[i]);
}

/* The number of the mask where the matcher is; 0 when something is spent. */
static uint32_t mask_of(const ananke_matcher *self, Fuel *fuel) {
    uint32_t mask = ak_mask_of(self->engine, self->point, fuel);
    if (!mask || !self->engine->uniques) return mask;
    return ak_unique_mask(self->engine, mask, self->point, self->place, fuel);
}

bool ananke_matcher_fill_mask(ananke_matcher *matcher, uint32_t *row, size_t words, ananke_error *err) {
    leave_full(matcher);
    Engine *engine = matcher->engine;
    if (words < engine->masks.words)
        return ak_fail(err, ANANKE_ERROR_USAGE, "the mask row is shorter than the vocabulary");
    if (matcher->is_failed || matcher->is_ended) {
        memset(row, 0, words * sizeof *row);
        if (matcher->is_ended) fill_ended(engine->vocab, row);
        return !stopped(matcher, err);
    }
    Fuel fuel = full_fuel;
    uint32_t mask = mask_of(matcher, &fuel);
    if (!mask) memset(row, 0, words * sizeof *row);
    if (!mask) return fail(matcher, &fuel, err);
    ak_mask_copy(&engine->masks, ak_mask_get(&engine->masks, mask), row);
    bool is_changed;
    if (matcher->hole && ak_hole_mend(matcher->hole, engine, matcher->point, row, &is_changed, &fuel) == STEP_SPENT) {
        memset(row, 0, words * sizeof *row);
        return fail(matcher, &fuel, err);
    }
    if (words > engine->masks.words) memset(row + engine->masks.words, 0, (words - engine->masks.words) * sizeof *row);
    return true;
}

/* A mask of blocks as a row, which is the matcher's; NULL when out of memory. */
static const uint32_t *row_of(ananke_matcher *self, const Mask *mask) {
    const MaskPool *pool = &self->engine->masks;
    if (!self->row) self->row = allocate(&self->allocator, pool->words * sizeof *self->row);
    if (self->row) ak_mask_copy(pool, mask, self->row);
    return self->row;
}

bool ananke_matcher_mask(ananke_matcher *matcher, ananke_mask *mask, ananke_error *err) {
    *mask = (ananke_mask){0};
    if (stopped(matcher, err)) return false;
    leave_full(matcher);
    Engine *engine = matcher->engine;
    Fuel fuel = full_fuel;
    if (matcher->is_ended) {
        *mask = (ananke_mask){.ids = engine->vocab->eos, .count = (uint32_t)engine->vocab->eos_count};
        return true;
    }
    uint32_t number = mask_of(matcher, &fuel);
    if (number && matcher->hole) number = ak_hole_mask(matcher->hole, engine, number, matcher->point, &fuel);
    if (!number) return fail(matcher, &fuel, err);
    const Mask *found = ak_mask_get(&engine->masks, number);
    mask->id = (uint64_t)engine->serial << 32 | number;
    mask->row = found->blocks ? row_of(matcher, found) : found->row;
    if (found->blocks && !mask->row) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    if (!mask->row) mask->ids = found->ids, mask->count = found->count;
    return true;
}

/* ---- Moving */

/* Goes to where a step led, and notes it for rollback. */
static bool go(ananke_matcher *self, const Spot *spot, uint32_t token, Str bytes, ananke_error *err) {
    const Spot before = spot_of(self);
    HistoryStep step = {self->point, token, spot->is_ended, beside(self->engine, &before)};
    if (!ak_history_push(&self->history, &self->allocator, step, bytes)) {
        keep_error(self, &no_memory);
        return !stopped(self, err);
    }
    self->point = spot->point, self->tokens = spot->tokens, self->place = spot->place, self->is_ended = spot->is_ended;
    return true;
}

bool ananke_matcher_consume(ananke_matcher *matcher, uint32_t token, ananke_error *err) {
    if (stopped(matcher, err)) return false;
    leave_full(matcher);
    Fuel fuel = full_fuel;
    Spot spot = spot_of(matcher);
    Step step = take(matcher->engine, matcher->hole, &spot, token, &fuel);
    if (matcher->engine->has_limits && is_last(matcher->engine, matcher->history.count)) spot.is_ended = true;
    if (step == STEP_ALIVE) return go(matcher, &spot, token, (Str){0}, err);
    if (step == STEP_SPENT) return fail(matcher, &fuel, err);
    return ak_fail(err, ANANKE_ERROR_REFUSED, "token %u is not allowed here", token);
}

bool ananke_matcher_consume_bytes(ananke_matcher *matcher, const uint8_t *bytes, size_t length, ananke_error *err) {
    if (stopped(matcher, err)) return false;
    leave_full(matcher);
    Fuel fuel = full_fuel;
    Spot spot = spot_of(matcher);
    Str text = {(const char *)bytes, length};
    size_t taken = 0;
    Step step = matcher->is_ended && length ? STEP_DEAD : take_bytes(matcher->engine, &spot, text, &taken, &fuel);
    if (step == STEP_ALIVE) return go(matcher, &spot, AK_TOKEN_NONE, text, err);
    if (step == STEP_SPENT) return fail(matcher, &fuel, err);
    ak_fail(err, ANANKE_ERROR_REFUSED, "byte %zu (0x%02X) is not allowed here", taken, bytes[taken]);
    if (err) err->offset = taken;
    return false;
}

size_t ananke_matcher_validate(ananke_matcher *matcher, const uint32_t *tokens, size_t count) {
    if (matcher->is_failed) return 0;
    Fuel fuel = full_fuel;
    Spot spot = spot_of(matcher);
    size_t accepted = 0;
    Step step = STEP_ALIVE;
    for (; accepted < count && step == STEP_ALIVE; accepted += step == STEP_ALIVE) {
        step = take(matcher->engine, matcher->hole, &spot, tokens[accepted], &fuel);
        if (is_last(matcher->engine, matcher->history.count + accepted)) spot.is_ended = true;
    }
    if (step == STEP_SPENT) fail(matcher, &fuel, NULL);
    return accepted;
}

/* Going back needs no memory, so it also mends a matcher that ran out of something. */
bool ananke_matcher_rollback(ananke_matcher *matcher, size_t steps, ananke_error *err) {
    if (steps > matcher->history.count) {
        return ak_fail(err, ANANKE_ERROR_USAGE, "cannot undo %zu steps: only %zu were taken", steps,
                       matcher->history.count);
    }
    if (steps == 0) return true;
    HistoryStep undone = ak_history_back(&matcher->history, &matcher->allocator, steps);
    const bool has_place = matcher->engine->uniques;
    matcher->point = undone.before, matcher->place = has_place ? undone.tokens : 0;
    matcher->tokens = has_place ? ak_unique_tokens(matcher->engine, matcher->place) : undone.tokens;
    const HistoryStep *last = ak_history_last(&matcher->history);
    matcher->is_ended = last && last->is_end;
    forget_error(matcher);
    return true;
}

/* ---- What is behind the text */

static bool has_room(ananke_matcher *self, Hole *hole, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Str text;
    Fuel fuel = full_fuel;
    Step step = ak_hole_fill(hole, self->engine, self->point, &arena, &text, &fuel);
    ak_arena_free(&arena);
    return step != STEP_DEAD || ak_fail(err, ANANKE_ERROR_REFUSED, "the suffix fits behind no text that may follow");
}

bool ananke_matcher_set_suffix(ananke_matcher *matcher, const uint8_t *bytes, size_t length, ananke_error *err) {
    if (stopped(matcher, err)) return false;
    leave_full(matcher);
    if (length > UINT32_MAX) return ak_fail(err, ANANKE_ERROR_USAGE, "the suffix has 4 GiB or more");
    if (matcher->is_ended) return ak_fail(err, ANANKE_ERROR_USAGE, "the text has ended");
    if (length && !ak_hole_is_possible(matcher->engine))
        return ak_fail(err, ANANKE_ERROR_UNSUPPORTED,
                       "no suffix for a grammar that counts tokens or has arrays whose items differ");
    Hole *hole = length ? ak_hole_new(&matcher->allocator, (Str){(const char *)bytes, length}) : NULL;
    if (length && !hole) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    bool is_kept = !hole || has_room(matcher, hole, err);
    ak_hole_free(is_kept ? matcher->hole : hole, &matcher->allocator);
    if (is_kept) matcher->hole = hole;
    return is_kept;
}

/* ---- Questions */

bool ananke_matcher_is_accepting(ananke_matcher *matcher) {
    if (matcher->is_failed || matcher->is_ended) return matcher->is_ended;
    Fuel fuel = full_fuel;
    Step end = ak_hole_may_end(matcher->hole, matcher->engine, matcher->point, &fuel);
    if (end == STEP_SPENT) fail(matcher, &fuel, NULL);
    return end == STEP_ALIVE;
}

/* Whether the pending lexeme can get longer, or, at a start state, a lexeme can begin. */
static Step can_grow(ananke_matcher *self, DfaState state, Fuel *fuel) {
    Exprs *exprs = &self->engine->dfa.exprs;
    for (uint32_t class = 0; class < exprs->class_count; class ++) {
        DfaState next = ak_engine_next(self->engine, state, exprs->samples[class], fuel);
        if (next == DFA_UNKNOWN) return STEP_SPENT;
        if (next > DFA_DEAD) return STEP_ALIVE;
    }
    return STEP_DEAD;
}

/* Whether anything may follow: of the pending lexeme, or of one after it. */
static Step can_go_on(ananke_matcher *self, Fuel *fuel) {
    Step step = ak_engine_takes_tokens(self->engine, self->point, fuel);
    Point closed;
    if (step == STEP_DEAD) step = can_grow(self, self->point.state, fuel);
    if (step == STEP_DEAD) step = ak_engine_close(self->engine, self->point, &closed, fuel);
    else return step;
    return step == STEP_ALIVE ? can_grow(self, closed.state, fuel) : step;
}

ananke_stop_reason ananke_matcher_stop_reason(ananke_matcher *matcher) {
    if (matcher->is_failed) return ANANKE_STOP_ERROR;
    if (matcher->is_ended)
        return is_eos(matcher->engine->vocab, ak_history_last(&matcher->history)->token) ? ANANKE_STOP_EOS
                                                                                         : ANANKE_STOP_TOKENS;
    Fuel fuel = full_fuel;
    Step more = can_go_on(matcher, &fuel);
    if (more == STEP_SPENT) fail(matcher, &fuel, NULL);
    if (more == STEP_SPENT) return ANANKE_STOP_ERROR;
    if (more == STEP_DEAD && matcher->hole && !ananke_matcher_is_accepting(matcher)) {
        if (!matcher->is_failed) keep_error(matcher, &does_not_fit);
        return ANANKE_STOP_ERROR;
    }
    return more == STEP_DEAD ? ANANKE_STOP_EXHAUSTED : ANANKE_STOP_NONE;
}

/* Whether the text has to go on, by whether it may end. */
static Step not_yet(Step end) {
    return end == STEP_SPENT ? end : end == STEP_ALIVE ? STEP_DEAD : STEP_ALIVE;
}

size_t ananke_matcher_forced(ananke_matcher *matcher, uint8_t *buffer, size_t size) {
    enum { LONGEST = 1 << 16 };
    size_t length = 0;
    if (matcher->is_failed || matcher->is_ended) return 0;
    leave_full(matcher);
    Fuel fuel = full_fuel;
    Point point = matcher->point;
    UniqueWalk walk;
    bool has_walk = matcher->engine->uniques != NULL;
    Step step = STEP_ALIVE;
    if (has_walk) step = ak_unique_begin(&walk, matcher->engine, point, matcher->place, &fuel);
    for (uint8_t byte = 0; step == STEP_ALIVE && length < LONGEST; length += step == STEP_ALIVE) {
        if (matcher->hole) step = not_yet(ak_hole_may_end(matcher->hole, matcher->engine, point, &fuel));
        if (step != STEP_ALIVE) break;
        step = has_walk ? ak_unique_step_forced(&walk, &walk.spot, &byte)
                        : ak_engine_step_forced(matcher->engine, &point, &byte, &fuel);
        if (step == STEP_ALIVE && length < size) buffer[length] = byte;
    }
    if (step == STEP_SPENT) fail(matcher, &fuel, NULL);
    if (has_walk) ak_unique_free(&walk);
    return length;
}

/* The highest temperature of the lexemes that a start state allows; 0: none has any. */
static float highest_temperature(const Engine *engine, DfaState start) {
    const GrammarTables *tables = engine->tables;
    const uint32_t *starts = ak_dfa_node(&engine->dfa, start)->starts;
    float highest = 0;
    for (uint32_t t = 0; starts && t < tables->terminal_count; t++) {
        if (ak_bits_get(starts, t) && tables->temperatures[t] > highest) highest = tables->temperatures[t];
    }
    return highest;
}

/* As in llguidance the lexemes are those that began with the pending one or, when that cannot get longer, may come
 * next. */
bool ananke_matcher_temperature(ananke_matcher *matcher, float *temperature) {
    Engine *engine = matcher->engine;
    if (!engine->tables->temperatures || matcher->is_failed || matcher->is_ended) return false;
    Fuel fuel = full_fuel;
    Point point = matcher->point, closed = point;
    Step step = can_grow(matcher, point.state, &fuel);
    if (step == STEP_DEAD) step = ak_engine_close(engine, point, &closed, &fuel);
    if (step == STEP_SPENT) return fail(matcher, &fuel, NULL);
    float highest = highest_temperature(engine, ak_pushdown_lexer(&engine->pushdown, closed.node));
    if (highest > 0) *temperature = highest;
    return highest > 0;
}

const ananke_error *ananke_matcher_error(const ananke_matcher *matcher) {
    if (!matcher->is_failed) return NULL;
    return matcher->error ? matcher->error : &no_memory;
}

static void list_names(const GrammarTables *tables, const uint32_t *set, Buf *list) {
    for (uint32_t t = 0; t < tables->terminal_count; t++) {
        if (!ak_bits_get(set, t)) continue;
        if (list->length) ak_buf_text(list, ", ");
        ak_buf_str(list, tables->terminal_names[t]);
    }
}

/* Adds the lexemes that more bytes at a point could belong to. */
static void note_growing(ananke_matcher *self, Point point, uint32_t *set) {
    pthread_mutex_lock(&self->engine->lock);
    ak_dfa_growing(&self->engine->dfa, point.state, set);
    pthread_mutex_unlock(&self->engine->lock);
}

size_t ananke_matcher_expected(ananke_matcher *matcher, char *buffer, size_t size) {
    Arena arena = ak_arena(NULL);
    Buf list = {.arena = &arena};
    const GrammarTables *tables = &matcher->program->tables;
    uint32_t *set = ak_new_array(&arena, uint32_t, tables->lexeme_words);
    if (set && !matcher->is_failed && !matcher->is_ended) {
        Fuel fuel = full_fuel;
        Point closed;
        note_growing(matcher, matcher->point, set);
        Step step = ak_engine_close(matcher->engine, matcher->point, &closed, &fuel);
        if (step == STEP_ALIVE) note_growing(matcher, closed, set);
        if (step == STEP_SPENT) fail(matcher, &fuel, NULL);
        list_names(tables, set, &list);
    }
    int length = snprintf(buffer, size, "%.*s", STR_ARGS(ak_buf_view(&list)));
    ak_arena_free(&arena);
    return length < 0 ? 0 : (size_t)length;
}

static bool lead_reference(void *data, const HistoryStep *step, Str bytes) {
    if (step->token != AK_TOKEN_NONE) return ak_reference_consume(data, step->token, NULL);
    return ak_reference_consume_bytes(data, bytes, NULL);
}

/* A text that completes the matcher's. The reference engine knows the whole way here, which completing by a grammar's tables needs: it is led along the
 * steps. */
static Str find_completion(ananke_matcher *self, Arena *arena) {
    if (self->program->parser.open)
        return ak_pushdown_completion(self->program, self->engine, self->hole, self->point, arena);
    Str rest = {0};
    Fuel fuel = full_fuel;
    if (self->hole) ak_hole_fill(self->hole, self->engine, self->point, arena, &rest, &fuel);
    if (self->hole) return rest;
    Reference *reference = ak_reference_new(self->program, NULL);
    if (reference && ak_history_visit(&self->history, lead_reference, reference))
        rest = ak_completion_find(reference, arena);
    ak_reference_free(reference);
    return rest;
}

size_t ananke_matcher_completion(ananke_matcher *matcher, uint8_t *buffer, size_t size) {
    if (matcher->is_failed) return SIZE_MAX;
    size_t length = SIZE_MAX;
    ananke_context context = {.allocator = &matcher->allocator, .memory_limit = COMPLETION_MEMORY};
    Arena arena = ak_arena(&context);
    Str rest = ananke_matcher_is_accepting(matcher) ? STR("") : find_completion(matcher, &arena);
    if (rest.data) length = rest.length;
    if (rest.length && size) memcpy(buffer, rest.data, length < size ? length : size - 1);
    if (size && length != SIZE_MAX) buffer[length < size ? length : size - 1] = '\0';
    ak_arena_free(&arena);
    return length;
}

size_t ananke_matcher_captures(ananke_matcher *matcher, ananke_capture *captures, size_t capacity) {
    if (matcher->is_failed) return SIZE_MAX;
    if (!matcher->program->tables.captures) return 0;
    ananke_context context = {.allocator = &matcher->allocator, .memory_limit = CAPTURE_MEMORY};
    Arena arena = ak_arena(&context);
    Captures found = {0};
    Reference *reference = ak_reference_new(matcher->program, NULL);
    bool done = reference && ak_captures_find(&found, reference, &matcher->history, &arena);
    for (size_t i = 0; i < found.count && i < capacity; i++) captures[i] = found.items[i];
    size_t count = done ? found.count : SIZE_MAX;
    ak_reference_free(reference);
    ak_arena_free(&arena);
    return count;
}
