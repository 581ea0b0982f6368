/* The engine that matchers share: its steps, and matchers that move over from full ones, which must not show. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/matcher.h"
#include <stdlib.h>

/* An allocator that counts what is out, for one thread. */
typedef struct Meter {
    size_t out, most;
} Meter;

static void *metered(void *data, void *pointer, size_t old_size, size_t new_size) {
    Meter *meter = data;
    void *fresh = NULL;
    if (new_size == 0) free(pointer);
    else if (!(fresh = realloc(pointer, new_size))) return NULL;
    meter->out = meter->out - (pointer ? old_size : 0) + new_size;
    if (meter->out > meter->most) meter->most = meter->out;
    return fresh;
}

static const char grammar[] =
    "start: statement+\n"
    "statement: \"if\" \"(\" value \")\" statement | NAME \"=\" value \";\" | \"{\" statement* \"}\"\n"
    "value: value \"+\" item | item\n"
    "item: NAME | number | STRING | hex \"#\" | \"(\" value \")\" | \"=\" sum \";\"\n"
    "sum[max_tokens=4]: %lark {\nstart: start \"+\" part | part\npart: /[0-9]+/ | \"(\" start \")\" | short\n"
    "short[max_tokens=2]: %lark {\nstart: (\"a\" | /[0-9]+/)+\n}\n}\n"
    "number[max_tokens=2]: /[0-9]{1,6}/\n"
    "hex[stop=\"#\", max_tokens=3]: /@[a-f0-9 ]+/\n"
    "NAME: /[a-z]+/ & ~(\"if\" | \"in\")\n"
    "STRING: /\"([^\"\\\\]|\\\\.)*\"/\n"
    "%ignore /[ \\n]+/\n";

typedef struct Fixture {
    Meter meter;
    ananke_allocator allocator;
    ananke_context context;
    ananke_vocab *vocab;
    ananke_program *program, *twin_program; /* the twin's engine is never full */
} Fixture;

/* All bytes, some pieces of text, and end of text. */
static ananke_vocab *make_vocab(void) {
    static const char *const pieces[] = {"if",  " (",     "if (", ") {",      "abc",   " = ", "12",   "345",
                                         "\"a", "b\"",    ";\n",  "; }",      "in",    "ix",  " +",   "(x",
                                         "))",  "= \"\"", "\\\"", "\xC3\xA9", " abc",  "x1",  "0000", "}\n",
                                         "{ {", "+ 1;",   "\n ",  " if",      "+(12)", "iff"};
    enum { PIECES = sizeof pieces / sizeof *pieces, COUNT = 256 + PIECES + 1 };
    static uint8_t bytes[256];
    const uint8_t *tokens[COUNT];
    size_t lengths[COUNT] = {0};
    for (size_t i = 0; i < 256; i++) bytes[i] = (uint8_t)i, tokens[i] = &bytes[i], lengths[i] = 1;
    for (size_t i = 0; i < PIECES; i++)
        tokens[256 + i] = (const uint8_t *)pieces[i], lengths[256 + i] = strlen(pieces[i]);
    tokens[COUNT - 1] = bytes;
    return ananke_vocab_from_tokens(tokens, lengths, COUNT, &(uint32_t){COUNT - 1}, 1, NULL, NULL);
}

static void open_programs(Fixture *self) {
    *self = (Fixture){.allocator = {metered, &self->meter}, .context = {.allocator = &self->allocator}};
    ananke_program_options options = {.context = &self->context};
    ananke_error err = {0};
    assert_non_null(self->vocab = make_vocab());
    self->program = ananke_program_from_lark(grammar, sizeof grammar - 1, self->vocab, &options, &err);
    self->twin_program = ananke_program_from_lark(grammar, sizeof grammar - 1, self->vocab, NULL, &err);
    if (!self->program) print_error("%s\n", err.message);
    assert_true(self->program && self->twin_program);
}

static void close_programs(Fixture *self) {
    ananke_program_free(self->program);
    ananke_program_free(self->twin_program);
    ananke_vocab_free(self->vocab);
    assert_int_equal(self->meter.out, 0); /* every engine is freed */
}

static Point walk(Engine *engine, const char *text) {
    Point point = ak_engine_start(engine);
    Fuel fuel = {UINT64_MAX, UINT64_MAX};
    for (; *text; text++) assert_int_equal(ak_engine_step(engine, &point, (uint8_t)*text, &fuel), STEP_ALIVE);
    return point;
}

/* ---- Steps */

TEST(a_byte_that_cannot_be_leaves_the_point) {
    IGNORE_STATE;
    Fixture self;
    Fuel fuel = {UINT64_MAX, UINT64_MAX};
    open_programs(&self);
    Engine *engine = self.twin_program->current->engine;
    Point point = walk(engine, "x = 1"), before = point;
    assert_int_equal(ak_engine_step(engine, &point, '=', &fuel), STEP_DEAD);
    assert_memory_equal(&point, &before, sizeof point);
    assert_int_equal(ak_engine_step(engine, &point, ';', &fuel), STEP_ALIVE);
    close_programs(&self);
}

TEST(equal_situations_are_one_point) {
    IGNORE_STATE;
    Fixture self;
    open_programs(&self);
    Engine *engine = self.twin_program->current->engine;
    Point a = walk(engine, "abc = 1 + x"), b = walk(engine, "y = z + (1) + yy");
    assert_memory_equal(&a, &b, sizeof a);
    close_programs(&self);
}

TEST(closing_ends_the_pending_lexeme) {
    IGNORE_STATE;
    Fixture self;
    Fuel fuel = {UINT64_MAX, UINT64_MAX};
    Point closed, again;
    open_programs(&self);
    Engine *engine = self.twin_program->current->engine;
    assert_int_equal(ak_engine_close(engine, walk(engine, "x = \"ab"), &closed, &fuel), STEP_DEAD);
    assert_int_equal(ak_engine_close(engine, walk(engine, "x = \"ab\""), &closed, &fuel), STEP_ALIVE);
    assert_int_equal(closed.state, ak_pushdown_lexer(&engine->pushdown, closed.node));
    assert_int_equal(ak_engine_close(engine, closed, &again, &fuel), STEP_ALIVE);
    assert_memory_equal(&closed, &again, sizeof closed);
    assert_int_equal(ak_engine_may_end(engine, walk(engine, "x = 1;"), &fuel), STEP_ALIVE);
    assert_int_equal(ak_engine_may_end(engine, walk(engine, "x = 1"), &fuel), STEP_DEAD);
    close_programs(&self);
}

TEST(without_fuel_nothing_is_learnt_but_what_is_known_is_used) {
    IGNORE_STATE;
    Fixture self;
    ananke_error err = {0};
    open_programs(&self);
    Engine *engine = self.twin_program->current->engine;
    Point point = ak_engine_start(engine), before = point;
    Fuel none = {0}, enough = {100000, 100000};
    assert_int_equal(ak_engine_step(engine, &point, 'x', &none), STEP_SPENT);
    assert_memory_equal(&point, &before, sizeof point);
    assert_false(ak_engine_fail(engine, &none, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    assert_int_equal(ak_engine_step(engine, &point, 'x', &enough), STEP_ALIVE);
    assert_true(enough.lexer < 100000);
    point = before, none = (Fuel){0};
    assert_int_equal(ak_engine_step(engine, &point, 'x', &none), STEP_ALIVE);
    close_programs(&self);
}

/* ---- Full engines */

/* Whatever is learnt next makes the program's engine full. */
static void squeeze(const Fixture *self) {
    self->program->current->engine->budget = 0;
}

TEST(a_full_engine_is_left_and_freed_by_the_last_one) {
    IGNORE_STATE;
    Fixture self;
    ananke_error err = {0};
    open_programs(&self);
    ananke_matcher *a = ananke_matcher_new(self.program, &err), *b = ananke_matcher_fork(a, &err);
    Engine *old = self.program->current->engine;
    assert_int_equal(atomic_load(&old->users), 3);
    squeeze(&self);
    assert_true(ananke_matcher_consume(a, 'x', &err));
    assert_true(atomic_load(&old->is_full));
    assert_ptr_equal(a->engine, old); /* until the next move */
    assert_true(ananke_matcher_consume(a, 'y', &err));
    assert_ptr_not_equal(a->engine, old);
    assert_ptr_equal(a->engine, self.program->current->engine);
    assert_int_equal(atomic_load(&old->users), 1);
    size_t out = self.meter.out;
    ananke_matcher_reset(b);
    assert_ptr_equal(b->engine, a->engine);
    assert_true(self.meter.out < out);
    ananke_matcher_free(a);
    ananke_matcher_free(b);
    close_programs(&self);
}

/* Every step remembers the point that its engine is at behind the bytes before it. */
typedef struct Visit {
    Engine *engine;
    char text[64];
    size_t length;
} Visit;

static bool check_step(void *data, const HistoryStep *step, Str bytes) {
    Visit *visit = data;
    assert_int_equal(bytes.length, 0);
    Point point = walk(visit->engine, visit->text);
    assert_memory_equal(&step->before, &point, sizeof point);
    visit->text[visit->length++] = (char)step->token;
    return true;
}

TEST(places_for_rollback_are_found_again) {
    IGNORE_STATE;
    Fixture self;
    ananke_error err = {0};
    open_programs(&self);
    ananke_matcher *matcher = ananke_matcher_new(self.program, &err);
    for (const char *at = "if (abc + 1) { x = \"y\"; }"; *at; at++) {
        squeeze(&self);
        assert_true(ananke_matcher_consume(matcher, (uint8_t)*at, &err));
    }
    assert_true(self.program->current->serial > 5);
    Visit visit = {.engine = matcher->engine};
    assert_true(ak_history_visit(&matcher->history, check_step, &visit));
    assert_string_equal(visit.text, "if (abc + 1) { x = \"y\"; }");
    ananke_matcher_free(matcher);
    close_programs(&self);
}

/* ---- A random life beside one whose engine is never full */

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

typedef struct Pair {
    ananke_matcher *matcher, *twin;
    uint32_t steps;
} Pair;

enum { WORDS = 9 };

/* Compares everything that can be asked; a random token that is allowed, UINT32_MAX when none is. */
static uint32_t compare(const Fixture *self, const Pair *pair) {
    uint32_t row[WORDS], twin_row[WORDS], size = ananke_vocab_size(self->vocab);
    ananke_error err = {0};
    squeeze(self);
    assert_true(ananke_matcher_fill_mask(pair->matcher, row, WORDS, &err));
    assert_true(ananke_matcher_fill_mask(pair->twin, twin_row, WORDS, &err));
    assert_memory_equal(row, twin_row, sizeof row);
    squeeze(self);
    assert_int_equal(ananke_matcher_is_accepting(pair->matcher), ananke_matcher_is_accepting(pair->twin));
    assert_int_equal(ananke_matcher_stop_reason(pair->matcher), ananke_matcher_stop_reason(pair->twin));
    if (ak_bits_count(row, WORDS) == 0) return UINT32_MAX;
    for (;;) {
        uint32_t token = dice(size);
        if (ak_bits_get(row, token)) return token;
    }
}

static void fork_pair(Pair *pair) {
    Pair fork = {ananke_matcher_fork(pair->matcher, NULL), ananke_matcher_fork(pair->twin, NULL), pair->steps};
    assert_true(fork.matcher && fork.twin);
    if (dice(2)) { /* the fork goes on, or it is forgotten */
        Pair old = *pair;
        *pair = fork, fork = old;
    }
    ananke_matcher_free(fork.matcher);
    ananke_matcher_free(fork.twin);
}

static void consume(Pair *pair, uint32_t token) {
    ananke_error err = {0};
    assert_true(ananke_matcher_consume(pair->matcher, token, &err));
    assert_true(ananke_matcher_consume(pair->twin, token, &err));
    pair->steps++;
}

static void roll_back(Pair *pair) {
    uint32_t steps = dice(pair->steps + 1);
    assert_true(ananke_matcher_rollback(pair->matcher, steps, NULL));
    assert_true(ananke_matcher_rollback(pair->twin, steps, NULL));
    pair->steps -= steps;
}

static void live(const Fixture *self, Pair *pair, int moves) {
    for (int move = 0; move < moves; move++) {
        uint32_t token = compare(self, pair), what = dice(12);
        uint32_t tokens[] = {token, dice(256)};
        assert_int_equal(ananke_matcher_validate(pair->matcher, tokens, 2),
                         ananke_matcher_validate(pair->twin, tokens, 2));
        squeeze(self);
        if (what == 0) roll_back(pair);
        else if (what == 1) fork_pair(pair);
        else if (what == 2 || token == UINT32_MAX || pair->steps > 40)
            ananke_matcher_reset(pair->matcher), ananke_matcher_reset(pair->twin), pair->steps = 0;
        else consume(pair, token);
    }
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { MOVES = 400 };
#else
enum { MOVES = 4000 };
#endif

TEST(nobody_sees_that_engines_become_full_all_the_time) {
    IGNORE_STATE;
    Fixture self;
    open_programs(&self);
    Pair pair = {ananke_matcher_new(self.program, NULL), ananke_matcher_new(self.twin_program, NULL), 0};
    assert_true(pair.matcher && pair.twin);
    live(&self, &pair, MOVES / 4);
    size_t most = self.meter.most;
    live(&self, &pair, MOVES);
    assert_true(self.program->current->serial > MOVES / 2);
    assert_int_equal(self.twin_program->current->serial, 0);
    assert_true(self.meter.most < 2 * most); /* old engines do not pile up */
    ananke_matcher_free(pair.matcher);
    ananke_matcher_free(pair.twin);
    close_programs(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byte_that_cannot_be_leaves_the_point),
        cmocka_unit_test(equal_situations_are_one_point),
        cmocka_unit_test(closing_ends_the_pending_lexeme),
        cmocka_unit_test(without_fuel_nothing_is_learnt_but_what_is_known_is_used),
        cmocka_unit_test(a_full_engine_is_left_and_freed_by_the_last_one),
        cmocka_unit_test(places_for_rollback_are_found_again),
        cmocka_unit_test(nobody_sees_that_engines_become_full_all_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
