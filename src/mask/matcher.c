/* The public matcher: steps of the program's engine, with the way back. */
#include "mask/matcher.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "mask/completion.h"
#include "mask/mask_find.h"
#include <stddef.h>
#include <stdio.h>

/* What one operation may spend: seconds of work. */
static const Fuel full_fuel = {.lexer = 100000000, .parser = 200000000};

#define COMPLETION_MEMORY ((size_t)256 << 20)

/* ---- Making and freeing */

static ananke_matcher *allocate(const ananke_program *program, ananke_error *err) {
    ananke_context context = {.allocator = &program->arena.allocator, .memory_limit = program->memory_limit};
    ananke_matcher *self = ak_object_new(&context, sizeof *self, offsetof(ananke_matcher, arena));
    if (!self) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    self->program = program;
    return self;
}

ananke_matcher *ananke_matcher_new(const ananke_program *program, ananke_error *err) {
    ananke_matcher *self = allocate(program, err);
    if (!self) return NULL;
    self->engine = ak_program_engine(program, err);
    if (!self->engine) return ananke_matcher_free(self), NULL;
    self->point = ak_engine_start(self->engine);
    return self;
}

static bool copy_way(ananke_matcher *to, const ananke_matcher *from) {
    if (!ak_vec_reserve(&to->arena, &to->marks, from->marks.count) ||
        !ak_vec_reserve(&to->arena, &to->text, from->text.count))
        return false;
    if (from->marks.count) memcpy(to->marks.items, from->marks.items, from->marks.count * sizeof *from->marks.items);
    if (from->text.count) memcpy(to->text.items, from->text.items, from->text.count);
    to->marks.count = from->marks.count, to->text.count = from->text.count;
    return true;
}

ananke_matcher *ananke_matcher_fork(const ananke_matcher *matcher, ananke_error *err) {
    ananke_matcher *self = allocate(matcher->program, err);
    if (!self) return NULL;
    self->engine = matcher->engine;
    ak_engine_hold(self->engine);
    self->point = matcher->point, self->is_ended = matcher->is_ended;
    self->is_failed = matcher->is_failed, self->error = matcher->error;
    if (copy_way(self, matcher)) return self;
    ak_fail_memory(err, &self->arena);
    ananke_matcher_free(self);
    return NULL;
}

void ananke_matcher_free(ananke_matcher *matcher) {
    if (matcher) ak_engine_drop(matcher->engine);
    ak_object_free(matcher, sizeof *matcher, offsetof(ananke_matcher, arena));
}

static bool fail(ananke_matcher *self, const Fuel *fuel, ananke_error *err) {
    self->error = (ananke_error){0};
    self->is_failed = true;
    if (self->arena.failed) ak_fail_memory(&self->error, &self->arena);
    else ak_engine_fail(self->engine, fuel, &self->error);
    if (err) *err = self->error;
    return false;
}

static bool stopped(const ananke_matcher *self, ananke_error *err) {
    if (self->is_failed && err) *err = self->error;
    return self->is_failed;
}

/* ---- Moving over to a fresh engine */

/* Leads `engine` along the text from `*point`, up to byte `to`. */
static Step replay(const ananke_matcher *self, Engine *engine, Point *point, uint32_t from, uint32_t to) {
    Step step = STEP_ALIVE;
    Fuel fuel = full_fuel;
    for (uint32_t i = from; i < to && step == STEP_ALIVE; i++)
        step = ak_engine_step(engine, point, (uint8_t)self->text.items[i], &fuel);
    return step;
}

/* Finds the place of every mark, and its own, in another engine, and keeps them when `is_moving`. False when that
 * engine runs out of something. */
static bool find_places(ananke_matcher *self, Engine *engine, bool is_moving) {
    Point point = ak_engine_start(engine);
    uint32_t at = 0;
    for (size_t i = 0; i < self->marks.count; i++) {
        Mark *mark = &self->marks.items[i];
        if (replay(self, engine, &point, at, mark->length) != STEP_ALIVE) return false;
        at = mark->length;
        if (is_moving) mark->point = point;
    }
    if (replay(self, engine, &point, at, (uint32_t)self->text.count) != STEP_ALIVE) return false;
    if (is_moving) self->point = point;
    return true;
}

/* Leaves an engine that is full. Where the fresh one cannot be made or filled, the old one still serves. */
static void leave_full(ananke_matcher *self) {
    if (!atomic_load_explicit(&self->engine->is_full, memory_order_relaxed)) return;
    Engine *fresh = ak_program_engine(self->program, NULL), *old = self->engine;
    if (fresh && fresh != old && find_places(self, fresh, false) && find_places(self, fresh, true))
        self->engine = fresh;
    ak_engine_drop(self->engine == fresh ? old : fresh);
}

void ananke_matcher_reset(ananke_matcher *matcher) {
    matcher->marks.count = matcher->text.count = 0;
    leave_full(matcher);
    matcher->is_ended = matcher->is_failed = matcher->arena.failed = false;
    matcher->point = ak_engine_start(matcher->engine);
}

/* ---- Masks */

static void fill_ended(const ananke_vocab *vocab, uint32_t *row) {
    for (size_t i = 0; i < vocab->eos_count; i++) ak_bits_set(row, vocab->eos[i]);
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
    uint32_t mask = ak_mask_of(engine, matcher->point, &fuel);
    if (!mask) memset(row, 0, words * sizeof *row);
    if (!mask) return fail(matcher, &fuel, err);
    ak_mask_copy(&engine->masks, ak_mask_get(&engine->masks, mask), row);
    if (words > engine->masks.words) memset(row + engine->masks.words, 0, (words - engine->masks.words) * sizeof *row);
    return true;
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
    uint32_t number = ak_mask_of(engine, matcher->point, &fuel);
    if (!number) return fail(matcher, &fuel, err);
    const Mask *found = ak_mask_get(&engine->masks, number);
    *mask = (ananke_mask){(uint64_t)engine->serial << 32 | number, found->row, found->row ? NULL : found->ids,
                          found->count};
    return true;
}

/* ---- Moving */

/* Moves over bytes, or not at all; `*taken` is how many were accepted. */
static Step move(ananke_matcher *self, Str bytes, size_t *taken, Fuel *fuel) {
    Point point = self->point;
    Step step = STEP_ALIVE;
    for (*taken = 0; *taken < bytes.length; ++*taken) {
        step = ak_engine_step(self->engine, &point, (uint8_t)bytes.data[*taken], fuel);
        if (step != STEP_ALIVE) return step;
    }
    if (!ak_vec_reserve(&self->arena, &self->text, bytes.length)) return STEP_SPENT;
    if (bytes.length) memcpy(self->text.items + self->text.count, bytes.data, bytes.length);
    self->text.count += bytes.length;
    self->point = point;
    return STEP_ALIVE;
}

static bool is_eos(const ananke_vocab *vocab, uint32_t token) {
    for (size_t i = 0; i < vocab->eos_count; i++) {
        if (vocab->eos[i] == token) return true;
    }
    return false;
}

/* Takes one token without noting it for rollback. */
static Step take(ananke_matcher *self, uint32_t token, Fuel *fuel) {
    const ananke_vocab *vocab = self->engine->vocab;
    Str bytes = ak_vocab_str(vocab, token);
    size_t taken;
    if (bytes.length) return self->is_ended ? STEP_DEAD : move(self, bytes, &taken, fuel);
    if (!is_eos(vocab, token)) return STEP_DEAD;
    Step end = self->is_ended ? STEP_ALIVE : ak_engine_may_end(self->engine, self->point, fuel);
    if (end == STEP_ALIVE) self->is_ended = true;
    return end;
}

static Mark mark_here(const ananke_matcher *self) {
    return (Mark){self->point, (uint32_t)self->text.count, self->is_ended};
}

static void return_to(ananke_matcher *self, Mark mark) {
    self->point = mark.point, self->is_ended = mark.is_ended;
    self->text.count = mark.length;
}

/* Notes where the matcher is before it moves. */
static bool begin_move(ananke_matcher *self, ananke_error *err) {
    if (stopped(self, err)) return false;
    leave_full(self);
    return ak_vec_push(&self->arena, &self->marks, mark_here(self)) || fail(self, &full_fuel, err);
}

bool ananke_matcher_consume(ananke_matcher *matcher, uint32_t token, ananke_error *err) {
    if (!begin_move(matcher, err)) return false;
    Fuel fuel = full_fuel;
    Step step = take(matcher, token, &fuel);
    if (step == STEP_ALIVE) return true;
    matcher->marks.count--;
    if (step == STEP_SPENT) return fail(matcher, &fuel, err);
    return ak_fail(err, ANANKE_ERROR_REFUSED, "token %u is not allowed here", token);
}

bool ananke_matcher_consume_bytes(ananke_matcher *matcher, const uint8_t *bytes, size_t length, ananke_error *err) {
    if (!begin_move(matcher, err)) return false;
    Fuel fuel = full_fuel;
    size_t taken = 0;
    Step step =
        matcher->is_ended && length ? STEP_DEAD : move(matcher, (Str){(const char *)bytes, length}, &taken, &fuel);
    if (step == STEP_ALIVE) return true;
    matcher->marks.count--;
    if (step == STEP_SPENT) return fail(matcher, &fuel, err);
    ak_fail(err, ANANKE_ERROR_REFUSED, "byte %zu (0x%02X) is not allowed here", taken, bytes[taken]);
    if (err) err->offset = taken;
    return false;
}

size_t ananke_matcher_validate(ananke_matcher *matcher, const uint32_t *tokens, size_t count) {
    if (matcher->is_failed) return 0;
    Fuel fuel = full_fuel;
    Mark before = mark_here(matcher);
    size_t accepted = 0;
    Step step = STEP_ALIVE;
    while (accepted < count && (step = take(matcher, tokens[accepted], &fuel)) == STEP_ALIVE) accepted++;
    return_to(matcher, before);
    if (step == STEP_SPENT) fail(matcher, &fuel, NULL);
    return accepted;
}

/* Going back needs no memory, so it also mends a matcher that ran out of something. */
bool ananke_matcher_rollback(ananke_matcher *matcher, size_t steps, ananke_error *err) {
    if (steps > matcher->marks.count) {
        return ak_fail(err, ANANKE_ERROR_USAGE, "cannot undo %zu steps: only %zu were taken", steps,
                       matcher->marks.count);
    }
    if (steps == 0) return true;
    matcher->marks.count -= steps;
    return_to(matcher, matcher->marks.items[matcher->marks.count]);
    matcher->is_failed = matcher->arena.failed = false;
    return true;
}

/* ---- Questions */

bool ananke_matcher_is_accepting(ananke_matcher *matcher) {
    if (matcher->is_failed || matcher->is_ended) return matcher->is_ended;
    Fuel fuel = full_fuel;
    Step end = ak_engine_may_end(matcher->engine, matcher->point, &fuel);
    if (end == STEP_SPENT) fail(matcher, &fuel, NULL);
    return end == STEP_ALIVE;
}

/* Whether the pending lexeme can get longer, or, at a start state, a lexeme can begin. */
static Step can_grow(ananke_matcher *self, DfaState state, Fuel *fuel) {
    Exprs *exprs = &self->engine->dfa.exprs;
    for (uint32_t class = 0; class < exprs->class_count; class ++) {
        DfaState next = ak_engine_next(self->engine, state, exprs->samples[class], fuel);
        if (next == DFA_UNKNOWN) return STEP_SPENT;
        if (next != DFA_DEAD) return STEP_ALIVE;
    }
    return STEP_DEAD;
}

/* Whether any byte may follow: of the pending lexeme, or of one after it. */
static Step can_go_on(ananke_matcher *self, Fuel *fuel) {
    Step step = can_grow(self, self->point.state, fuel);
    Point closed;
    if (step == STEP_DEAD) step = ak_engine_close(self->engine, self->point, &closed, fuel);
    else return step;
    return step == STEP_ALIVE ? can_grow(self, closed.state, fuel) : step;
}

ananke_stop_reason ananke_matcher_stop_reason(ananke_matcher *matcher) {
    if (matcher->is_failed) return ANANKE_STOP_ERROR;
    if (matcher->is_ended) return ANANKE_STOP_EOS;
    Fuel fuel = full_fuel;
    Step more = can_go_on(matcher, &fuel);
    if (more == STEP_SPENT) fail(matcher, &fuel, NULL);
    if (more == STEP_SPENT) return ANANKE_STOP_ERROR;
    return more == STEP_DEAD ? ANANKE_STOP_EXHAUSTED : ANANKE_STOP_NONE;
}

/* Moves on by the only byte that may follow: STEP_DEAD when there is none, or another. Byte classes are tried by a
 * byte of each, and count as many bytes as they have. */
static Step only_byte(Engine *engine, Point *point, uint8_t *byte, Fuel *fuel) {
    const Exprs *exprs = &engine->dfa.exprs;
    uint32_t sizes[256] = {0}, ways = 0;
    Point found = *point;
    for (unsigned b = 0; b < 256; b++) sizes[exprs->classes[b]]++;
    for (uint32_t class = 0; class < exprs->class_count && ways < 2; class ++) {
        Point to = *point;
        Step step = ak_engine_step(engine, &to, exprs->samples[class], fuel);
        if (step == STEP_SPENT) return STEP_SPENT;
        if (step == STEP_DEAD) continue;
        ways += sizes[class], found = to, *byte = exprs->samples[class];
    }
    if (ways != 1) return STEP_DEAD;
    *point = found;
    return STEP_ALIVE;
}

size_t ananke_matcher_forced(ananke_matcher *matcher, uint8_t *buffer, size_t size) {
    enum { LONGEST = 1 << 16 };
    size_t length = 0;
    if (matcher->is_failed || matcher->is_ended) return 0;
    leave_full(matcher);
    Fuel fuel = full_fuel;
    Point point = matcher->point;
    for (uint8_t byte = 0; length < LONGEST; length++) {
        Step step = ak_engine_may_end(matcher->engine, point, &fuel);
        if (step == STEP_DEAD) step = only_byte(matcher->engine, &point, &byte, &fuel);
        else if (step == STEP_ALIVE) break;
        if (step == STEP_SPENT) fail(matcher, &fuel, NULL);
        if (step != STEP_ALIVE) break;
        if (length < size) buffer[length] = byte;
    }
    return length;
}

const ananke_error *ananke_matcher_error(const ananke_matcher *matcher) {
    return matcher->is_failed ? &matcher->error : NULL;
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

/* The reference engine knows the whole way here, which completing needs: it is led along the text. */
size_t ananke_matcher_completion(ananke_matcher *matcher, uint8_t *buffer, size_t size) {
    if (matcher->is_failed) return SIZE_MAX;
    size_t length = SIZE_MAX;
    ananke_context context = {.allocator = &matcher->arena.allocator, .memory_limit = COMPLETION_MEMORY};
    Arena arena = ak_arena(&context);
    Reference *reference = NULL;
    Str text = {matcher->text.items, matcher->text.count};
    if (ananke_matcher_is_accepting(matcher)) {
        length = 0;
    } else if ((reference = ak_reference_new(matcher->program, NULL)) &&
               ak_reference_consume_bytes(reference, text, NULL)) {
        Str rest = ak_completion_find(reference, &arena);
        if (rest.data) length = rest.length;
        if (rest.data && size) memcpy(buffer, rest.data, length < size ? length : size - 1);
    }
    if (size && length != SIZE_MAX) buffer[length < size ? length : size - 1] = '\0';
    ak_reference_free(reference);
    ak_arena_free(&arena);
    return length;
}
