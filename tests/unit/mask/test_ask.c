/* Questions to a language's parser, answered by tops or by steps: nodes that are not made against those that are. */
#include "../syntax/syntax_fixture.h"
#include "mask/ask.h"
#include "syntax/language_program.h"

enum { QUESTIONS = 40, INQUIRIES = 300, BYTES = 128 };

static const char script[] =
    "%word name\n%extras blank newline\n%newlines newline\n%inserted semicolon\n%closing \"}\"\n"
    "program = statement*\n"
    "statement = call (semicolon | \";\") | \"return\" call? (semicolon | \";\") | \"{\" statement* \"}\" | \"if\" \"(\" call \")\" statement\n"
    "call = name | call \".\" name | call \"(\" call? \")\" | call \"+\" call | \"(\" call \")\" | call \"[\" call \"]\"\n"
    "name = /[a-z]+/\nblank = / +/\nnewline = /\\n\\s*/\n";

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

typedef struct Fixture {
    LangFixture language;
    ananke_vocab *vocab;
    ananke_program *program;
    Engine *engine; /* held */
    Arena arena;
    Inquiry inquiry;
    Fuel fuel;
} Fixture;

static void open_engine(Fixture *self) {
    static uint8_t bytes[BYTES];
    const uint8_t *places[BYTES];
    size_t lengths[BYTES];
    for (uint32_t i = 0; i < BYTES; i++) bytes[i] = (uint8_t)i, places[i] = &bytes[i], lengths[i] = 1;
    open_reader(&self->language, script);
    ananke_error *err = &self->language.err;
    self->vocab = ananke_vocab_from_tokens(places, lengths, BYTES, &(uint32_t){0}, 1, NULL, err);
    assert_non_null(self->vocab);
    self->program = ak_language_program(&self->language.syntax, &self->language.tables, self->vocab, NULL, err);
    assert_non_null(self->program);
    assert_non_null(self->engine = ak_program_engine(self->program, err));
    self->arena = ak_arena(NULL);
    self->inquiry = (Inquiry){.arena = &self->arena};
    self->fuel = (Fuel){.lexer = UINT64_MAX, .parser = UINT64_MAX};
}

static void close_engine(Fixture *self) {
    ak_arena_free(&self->arena);
    ak_engine_drop(self->engine);
    ananke_program_free(self->program);
    ananke_vocab_free(self->vocab);
    close_fixture(&self->language);
}

/* A point between two lexemes behind a random text. */
static ParserNode random_node(Fixture *self) {
    static const char letters[] = "ab(){}[].+;\n if(return ";
    Point point = ak_engine_start(self->engine), closed = point;
    for (uint32_t left = dice(60); left; left--) {
        uint8_t byte = (uint8_t)letters[dice(sizeof letters - 1)];
        ak_engine_step(self->engine, &point, byte, &self->fuel); /* bytes that cannot be are left out */
    }
    bool is_closed = ak_engine_close(self->engine, point, &closed, &self->fuel) == STEP_ALIVE;
    return is_closed ? closed.node : point.node;
}

static ParserNode step_of(Fixture *self, ParserNode node, uint32_t ending) {
    ParserNode known = ak_pushdown_find(&self->engine->pushdown, node, ending);
    return known ? known : ak_engine_learn_step(self->engine, node, ending, &self->fuel);
}

/* A path tells what is read of the node. */
static void compare_paths(Fixture *self, uint32_t number, ParserNode node) {
    TopPath read;
    const TopPath *path = ak_ask_path(self->engine, &self->inquiry, number, &self->fuel);
    assert_non_null(path);
    ak_tops_begin(&read, &self->engine->pushdown, node);
    assert_int_equal(path->count, read.count);
    assert_int_equal(path->root, read.root);
    if (!read.count) return;
    assert_memory_equal(path->symbols, read.symbols, read.count * sizeof *read.symbols);
    assert_memory_equal(path->heights, read.heights, read.count * sizeof *read.heights);
}

/* Asks random questions; how many nodes were not made for them. */
static uint32_t ask_all(Fixture *self) {
    Engine *engine = self->engine;
    Inquiry *inquiry = &self->inquiry;
    ParserNode twins[QUESTIONS + 1] = {random_node(self)}; /* by number */
    assert_true(ak_inquiry_begin(inquiry, twins[0]));
    for (int i = 0; i < QUESTIONS; i++) {
        uint32_t number = dice((uint32_t)inquiry->nodes.count), fresh = (uint32_t)inquiry->nodes.count, answer;
        uint32_t ending = 1 + dice((uint32_t)engine->dfa.endings.count - 1);
        if (twins[number] == NODE_DEAD || ak_inquiry_step(inquiry, number, ending)) continue;
        InquiryNode to;
        assert_true(ak_ask_step(engine, inquiry, number, ending, &self->fuel, &to));
        ParserNode expected = step_of(self, twins[number], ending);
        assert_int_equal(to.lexer, ak_pushdown_lexer(&engine->pushdown, expected));
        assert_int_equal(to.may_end, ak_pushdown_is_accepting(&engine->pushdown, expected));
        assert_int_equal(to.is_loop, expected == twins[number]);
        uint32_t reached = ak_inquiry_reach(inquiry, number, to, &answer);
        assert_true(reached == fresh || (reached == number && expected == twins[number]));
        twins[reached] = expected;
        assert_int_equal(ak_ask_end(engine, inquiry, reached), ak_pushdown_is_accepting(&engine->pushdown, expected));
        if (dice(2)) compare_paths(self, reached, expected);
    }
    uint32_t unmade = 0;
    for (uint32_t n = 0; n < inquiry->nodes.count; n++) unmade += !inquiry->nodes.items[n].node;
    for (uint32_t n = 0; n < inquiry->nodes.count; n++) {
        compare_paths(self, n, twins[n]);
        assert_int_equal(ak_ask_node(engine, inquiry, n, &self->fuel), twins[n]);
    }
    return unmade;
}

TEST(nodes_that_are_not_made_are_known_as_those_that_are) {
    IGNORE_STATE;
    Fixture self;
    open_engine(&self);
    seed = 11;
    uint32_t unmade = 0;
    for (int i = 0; i < INQUIRIES; i++) unmade += ask_all(&self);
    assert_true(unmade > 1000);
    close_engine(&self);
}

TEST(without_fuel_nothing_is_known) {
    IGNORE_STATE;
    Fixture self;
    open_engine(&self);
    InquiryNode to;
    self.fuel.parser = 0;
    assert_true(ak_inquiry_begin(&self.inquiry, self.engine->pushdown.start));
    assert_false(ak_ask_step(self.engine, &self.inquiry, 0, 1, &self.fuel, &to));
    close_engine(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_that_are_not_made_are_known_as_those_that_are),
        cmocka_unit_test(without_fuel_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
