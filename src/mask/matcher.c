/* The reference matcher: walks the whole vocabulary trie for every mask, one lexer transition a node, one Earley row
 * where a lexeme ends. */
#include "mask/matcher.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "base/queue.h"
#include <assert.h>
#include <stddef.h>
#include <stdio.h>

enum { LEXER_FUEL = 100000000, CHART_FUEL = 200000000 };
#define DEFAULT_MEMORY ((size_t)1 << 30)

/* ---- One byte */

void ak_matcher_refuel(ananke_matcher *self) {
    ak_lexer_refuel(&self->lexer, LEXER_FUEL);
    self->chart.fuel = CHART_FUEL;
}

LexerState ak_matcher_start(ananke_matcher *self, Row row) {
    RowNode *node = &self->chart.rows.items[row];
    if (!node->lexer_start) node->lexer_start = ak_lexer_start(&self->lexer, ak_earley_allowed(&self->chart, row));
    return node->lexer_start;
}

StepResult ak_matcher_close(ananke_matcher *self, Cursor cursor, Cursor *closed) {
    *closed = cursor;
    if (cursor.is_fresh) return STEP_TAKEN;
    uint32_t count, number;
    const uint32_t *lexemes = ak_lexer_ending(&self->lexer, cursor.state, &count, &number);
    if (count == 0) return STEP_REFUSED;
    closed->row = ak_earley_scan(&self->chart, cursor.row, lexemes, count, number);
    if (closed->row == ROW_FAILED) return STEP_FAILED;
    closed->state = ak_matcher_start(self, closed->row);
    return closed->state == LEXER_FAILED ? STEP_FAILED : STEP_TAKEN;
}

StepResult ak_matcher_step(ananke_matcher *self, Cursor *cursor, uint8_t byte) {
    LexerState next = ak_lexer_next(&self->lexer, cursor->state, byte);
    if (next > LEXER_DEAD) {
        cursor->state = next, cursor->is_fresh = false;
        return STEP_TAKEN;
    }
    if (next == LEXER_FAILED) return STEP_FAILED;
    if (cursor->is_fresh) return STEP_REFUSED;
    Cursor closed;
    StepResult result = ak_matcher_close(self, *cursor, &closed);
    if (result != STEP_TAKEN) return result;
    closed.state = ak_lexer_next(&self->lexer, closed.state, byte);
    if (closed.state == LEXER_FAILED) return STEP_FAILED;
    if (closed.state == LEXER_DEAD) return STEP_REFUSED;
    *cursor = closed;
    return STEP_TAKEN;
}

bool ak_matcher_fail(ananke_matcher *self, ananke_error *err) {
    self->error = (ananke_error){0};
    self->is_failed = true;
    if (self->arena.failed) ak_fail_memory(&self->error, &self->arena);
    else if (self->lexer.exprs.exhausted)
        ak_fail(&self->error, ANANKE_ERROR_LIMIT, "the lexer takes too many steps or states");
    else
        ak_fail(&self->error, ANANKE_ERROR_LIMIT,
                "the parser takes too many steps: the grammar is too ambiguous for this text");
    if (err) *err = self->error;
    ak_matcher_tidy(self);
    return false;
}

/* ---- Making and freeing */

static bool begin(ananke_matcher *self) {
    const ananke_program *program = self->program;
    self->cursor = (Cursor){.is_fresh = true};
    self->is_ended = self->is_failed = false;
    if (!ak_lexer_init(&self->lexer, &self->arena, &program->exprs, program->tables.lexemes,
                       program->tables.terminal_count + 1))
        return false;
    if (!ak_earley_init(&self->chart, &program->tables, &self->arena)) return false;
    self->cursor.state = ak_matcher_start(self, 0);
    return self->cursor.state != LEXER_FAILED;
}

static ananke_matcher *allocate(const ananke_program *program, ananke_error *err) {
    ananke_context context = {.allocator = &program->arena.allocator, .memory_limit = program->memory_limit};
    if (!context.memory_limit) context.memory_limit = DEFAULT_MEMORY;
    ananke_matcher *self = ak_object_new(&context, sizeof *self, offsetof(ananke_matcher, arena));
    if (!self) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    self->program = program;
    return self;
}

ananke_matcher *ananke_matcher_new(const ananke_program *program, ananke_error *err) {
    ananke_matcher *self = allocate(program, err);
    if (!self || begin(self)) return self;
    ak_fail_memory(err, &self->arena);
    ananke_matcher_free(self);
    return NULL;
}

static bool copy_marks(ananke_matcher *to, const ananke_matcher *from) {
    if (!ak_vec_reserve(&to->arena, &to->marks, from->marks.count)) return false;
    if (from->marks.count) memcpy(to->marks.items, from->marks.items, from->marks.count * sizeof *from->marks.items);
    to->marks.count = from->marks.count;
    return true;
}

ananke_matcher *ananke_matcher_fork(const ananke_matcher *matcher, ananke_error *err) {
    ananke_matcher *self = allocate(matcher->program, err);
    if (!self) return NULL;
    self->cursor = matcher->cursor, self->is_ended = matcher->is_ended;
    self->is_failed = matcher->is_failed, self->error = matcher->error;
    if (ak_lexer_copy(&self->lexer, &matcher->lexer, &self->arena) &&
        ak_earley_copy(&self->chart, &matcher->chart, &self->arena) && copy_marks(self, matcher))
        return self;
    ak_fail_memory(err, &self->arena);
    ananke_matcher_free(self);
    return NULL;
}

void ananke_matcher_free(ananke_matcher *matcher) {
    ak_object_free(matcher, sizeof *matcher, offsetof(ananke_matcher, arena));
}

/* Keeps what the lexer has learnt, unless that is what failed. */
void ananke_matcher_reset(ananke_matcher *matcher) {
    matcher->marks.count = 0;
    if (!matcher->is_failed) {
        matcher->is_ended = false;
        matcher->cursor = (Cursor){.state = matcher->chart.rows.items[0].lexer_start, .is_fresh = true};
        ak_matcher_tidy(matcher);
        return;
    }
    size_t limit = matcher->arena.limit;
    ananke_context context = {.allocator = &matcher->arena.allocator, .memory_limit = limit};
    ananke_allocator allocator = matcher->arena.allocator;
    ak_arena_free(&matcher->arena);
    context.allocator = &allocator;
    matcher->arena = ak_arena(&context);
    memset(&matcher->marks, 0, sizeof matcher->marks);
    memset(&matcher->path, 0, sizeof matcher->path);
    if (begin(matcher)) return;
    matcher->is_failed = true;
    ak_fail_memory(&matcher->error, &matcher->arena);
}

/* ---- Masks */

static void allow_token(const ananke_vocab *vocab, uint32_t token, uint32_t *row) {
    for (; token != AK_TOKEN_NONE; token = vocab->aliases[token]) ak_bits_set(row, token);
}

/* Depth first through the trie: path[d] is the cursor after the d bytes above the node. A refused byte leaves its
 * whole subtree out. */
static bool walk(ananke_matcher *self, uint32_t *row) {
    const ananke_vocab *vocab = self->program->vocab;
    const Trie *trie = &vocab->trie;
    self->path.count = 0;
    if (!ak_vec_push(&self->arena, &self->path, self->cursor)) return false;
    for (uint32_t at = 0; at < trie->count;) {
        size_t depth = trie->depths[at];
        Cursor cursor = self->path.items[depth - 1];
        StepResult result = ak_matcher_step(self, &cursor, trie->bytes[at]);
        if (result == STEP_FAILED) return false;
        if (result == STEP_REFUSED) {
            at = trie->ends[at];
            continue;
        }
        self->path.count = depth;
        if (!ak_vec_push(&self->arena, &self->path, cursor)) return false;
        allow_token(vocab, trie->tokens[at], row);
        at++;
    }
    return true;
}

/* Whether the text may end at the cursor. */
static StepResult may_end(ananke_matcher *self) {
    Cursor closed;
    StepResult result = ak_matcher_close(self, self->cursor, &closed);
    if (result == STEP_TAKEN && !self->chart.rows.items[closed.row].is_accepting) result = STEP_REFUSED;
    if (result != STEP_FAILED) ak_matcher_tidy(self);
    return result;
}

static bool stopped(const ananke_matcher *self, ananke_error *err) {
    if (self->is_failed && err) *err = self->error;
    return self->is_failed;
}

bool ananke_matcher_fill_mask(ananke_matcher *matcher, uint32_t *row, size_t words, ananke_error *err) {
    const ananke_vocab *vocab = matcher->program->vocab;
    if (words < ak_bits_words(vocab->size))
        return ak_fail(err, ANANKE_ERROR_USAGE, "the mask row is shorter than the vocabulary");
    memset(row, 0, words * sizeof *row);
    if (stopped(matcher, err)) return false;
    ak_matcher_refuel(matcher);
    if (!matcher->is_ended && !walk(matcher, row)) return ak_matcher_fail(matcher, err);
    ak_matcher_tidy(matcher);
    StepResult end = matcher->is_ended ? STEP_TAKEN : may_end(matcher);
    if (end == STEP_FAILED) return ak_matcher_fail(matcher, err);
    for (size_t i = 0; i < vocab->eos_count && end == STEP_TAKEN; i++) ak_bits_set(row, vocab->eos[i]);
    return true;
}

typedef struct Batch {
    ananke_matcher *const *matchers;
    uint32_t *rows;
    size_t stride;
    ananke_error *errors; /* one each; NULL: nobody asks */
} Batch;

static bool fill_one(void *data, size_t index, size_t worker) {
    (void)worker;
    const Batch *batch = data;
    ananke_error *err = batch->errors ? &batch->errors[index] : NULL;
    return ananke_matcher_fill_mask(batch->matchers[index], batch->rows + index * batch->stride, batch->stride, err);
}

bool ananke_matcher_fill_masks(ananke_matcher *const *matchers, size_t count, uint32_t *rows, size_t stride,
                               const ananke_context *context, ananke_error *err) {
    Arena arena = ak_arena(context);
    Batch batch = {.matchers = matchers, .rows = rows, .stride = stride};
    batch.errors = ak_new_array(&arena, ananke_error, count);
    bool ok = batch.errors ? ak_queue_run(ak_queue_workers(context, count), count, fill_one, &batch)
                           : ak_fail_memory(err, &arena);
    for (size_t i = 0; !ok && batch.errors && i < count; i++) {
        if (batch.errors[i].code == ANANKE_OK) continue;
        if (err) *err = batch.errors[i];
        break;
    }
    ak_arena_free(&arena);
    return ok;
}

/* ---- Moving */

/* Moves over bytes, or not at all; `*taken` is how many were accepted. */
static StepResult move(ananke_matcher *self, const uint8_t *bytes, size_t length, size_t *taken) {
    Cursor cursor = self->cursor;
    StepResult result = STEP_TAKEN;
    for (*taken = 0; *taken < length; ++*taken) {
        result = ak_matcher_step(self, &cursor, bytes[*taken]);
        if (result != STEP_TAKEN) break;
    }
    if (result == STEP_TAKEN) self->cursor = cursor;
    if (result != STEP_FAILED) ak_matcher_tidy(self);
    return result;
}

static bool is_eos(const ananke_vocab *vocab, uint32_t token) {
    for (size_t i = 0; i < vocab->eos_count; i++) {
        if (vocab->eos[i] == token) return true;
    }
    return false;
}

/* Takes one token without noting it for rollback. */
static StepResult take(ananke_matcher *self, uint32_t token, size_t *taken) {
    const ananke_vocab *vocab = self->program->vocab;
    *taken = 0;
    if (is_eos(vocab, token)) {
        StepResult end = self->is_ended ? STEP_TAKEN : may_end(self);
        if (end == STEP_TAKEN) self->is_ended = true;
        return end;
    }
    Str bytes = ak_vocab_str(vocab, token);
    if (self->is_ended || bytes.length == 0) return STEP_REFUSED;
    return move(self, (const uint8_t *)bytes.data, bytes.length, taken);
}

static Mark mark_here(const ananke_matcher *self) {
    return (Mark){self->cursor, (uint32_t)self->chart.rows.count, self->is_ended};
}

static void return_to(ananke_matcher *self, Mark mark) {
    self->cursor = mark.cursor, self->is_ended = mark.is_ended;
    ak_earley_truncate(&self->chart, mark.row_count);
}

bool ananke_matcher_consume(ananke_matcher *matcher, uint32_t token, ananke_error *err) {
    if (stopped(matcher, err)) return false;
    ak_matcher_refuel(matcher);
    if (!ak_vec_push(&matcher->arena, &matcher->marks, mark_here(matcher))) return ak_matcher_fail(matcher, err);
    size_t taken;
    StepResult result = take(matcher, token, &taken);
    if (result == STEP_TAKEN) return true;
    matcher->marks.count--;
    if (result == STEP_FAILED) return ak_matcher_fail(matcher, err);
    return ak_fail(err, ANANKE_ERROR_REFUSED, "token %u is not allowed here", token);
}

bool ananke_matcher_consume_bytes(ananke_matcher *matcher, const uint8_t *bytes, size_t length, ananke_error *err) {
    if (stopped(matcher, err)) return false;
    ak_matcher_refuel(matcher);
    if (!ak_vec_push(&matcher->arena, &matcher->marks, mark_here(matcher))) return ak_matcher_fail(matcher, err);
    size_t taken = 0;
    StepResult result = matcher->is_ended && length ? STEP_REFUSED : move(matcher, bytes, length, &taken);
    if (result == STEP_TAKEN) return true;
    matcher->marks.count--;
    if (result == STEP_FAILED) return ak_matcher_fail(matcher, err);
    ak_fail(err, ANANKE_ERROR_REFUSED, "byte %zu (0x%02X) is not allowed here", taken, bytes[taken]);
    if (err) err->offset = taken;
    return false;
}

size_t ananke_matcher_validate(ananke_matcher *matcher, const uint32_t *tokens, size_t count) {
    if (matcher->is_failed) return 0;
    ak_matcher_refuel(matcher);
    Mark before = mark_here(matcher);
    size_t accepted = 0, taken;
    StepResult result = STEP_TAKEN;
    while (accepted < count && (result = take(matcher, tokens[accepted], &taken)) == STEP_TAKEN) accepted++;
    return_to(matcher, before);
    if (result == STEP_FAILED) ak_matcher_fail(matcher, NULL);
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
    matcher->is_failed = matcher->arena.failed = matcher->lexer.exprs.exhausted = false;
    return true;
}

/* ---- Questions */

bool ananke_matcher_is_accepting(ananke_matcher *matcher) {
    if (matcher->is_failed || matcher->is_ended) return matcher->is_ended;
    ak_matcher_refuel(matcher);
    StepResult end = may_end(matcher);
    if (end == STEP_FAILED) ak_matcher_fail(matcher, NULL);
    return end == STEP_TAKEN;
}

/* Whether the pending lexeme can get longer. */
static StepResult can_grow(ananke_matcher *self) {
    for (uint32_t class = 0; class < self->lexer.exprs.class_count; class ++) {
        LexerState next = ak_lexer_next(&self->lexer, self->cursor.state, self->lexer.exprs.samples[class]);
        if (next == LEXER_FAILED) return STEP_FAILED;
        if (next != LEXER_DEAD) return STEP_TAKEN;
    }
    return STEP_REFUSED;
}

/* Whether any byte may follow: of the pending lexeme, or of one after it. */
static StepResult can_go_on(ananke_matcher *self) {
    StepResult result = can_grow(self);
    if (result != STEP_REFUSED) return result;
    Cursor closed;
    result = ak_matcher_close(self, self->cursor, &closed);
    if (result == STEP_TAKEN && closed.state == LEXER_DEAD) result = STEP_REFUSED;
    if (result != STEP_FAILED) ak_matcher_tidy(self);
    return result;
}

ananke_stop_reason ananke_matcher_stop_reason(ananke_matcher *matcher) {
    if (matcher->is_failed) return ANANKE_STOP_ERROR;
    if (matcher->is_ended) return ANANKE_STOP_EOS;
    ak_matcher_refuel(matcher);
    StepResult more = can_go_on(matcher);
    if (more == STEP_FAILED) ak_matcher_fail(matcher, NULL);
    if (more == STEP_FAILED) return ANANKE_STOP_ERROR;
    return more == STEP_REFUSED ? ANANKE_STOP_EXHAUSTED : ANANKE_STOP_NONE;
}

const ananke_error *ananke_matcher_error(const ananke_matcher *matcher) {
    return matcher->is_failed ? &matcher->error : NULL;
}

/* Adds the lexemes that more bytes in `state` could belong to. */
static void note_lexemes(const ananke_matcher *self, LexerState state, uint32_t *set) {
    uint32_t count;
    const LexerPart *parts = ak_lexer_parts(&self->lexer, state, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].rest != AK_EXPR_EMPTY) ak_bits_set(set, parts[i].lexeme);
    }
}

static void list_names(const ananke_matcher *self, const uint32_t *set, Buf *list) {
    const EarleyTables *tables = &self->program->tables;
    for (uint32_t t = 0; t < tables->terminal_count; t++) {
        if (!ak_bits_get(set, t)) continue;
        if (list->length) ak_buf_text(list, ", ");
        ak_buf_str(list, tables->terminal_names[t]);
    }
}

size_t ananke_matcher_expected(ananke_matcher *matcher, char *buffer, size_t size) {
    Arena arena = ak_arena(NULL);
    Buf list = {.arena = &arena};
    uint32_t *set = ak_new_array(&arena, uint32_t, matcher->program->tables.lexeme_words);
    if (set && !matcher->is_failed && !matcher->is_ended) {
        Cursor closed;
        ak_matcher_refuel(matcher);
        note_lexemes(matcher, matcher->cursor.state, set);
        StepResult result = ak_matcher_close(matcher, matcher->cursor, &closed);
        if (result == STEP_TAKEN) note_lexemes(matcher, closed.state, set);
        if (result == STEP_FAILED) ak_matcher_fail(matcher, NULL);
        else ak_matcher_tidy(matcher);
        list_names(matcher, set, &list);
    }
    int length = snprintf(buffer, size, "%.*s", STR_ARGS(ak_buf_view(&list)));
    ak_arena_free(&arena);
    return length < 0 ? 0 : (size_t)length;
}
