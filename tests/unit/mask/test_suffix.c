/* Suffixes: they fit where the whole text can be read. */
#include "../syntax/pack_fixture.h"
#include "mask/suffix.h"
#include "syntax/language_program.h"
#include <stdio.h>

static const char script[] =
    "%word name\n%reserved if\n%extras blank newline\n%newlines newline\n%inserted semicolon\n%closing \"}\"\n"
    "program = statement*\n"
    "statement = call (semicolon | \";\") | \"{\" statement* \"}\" | \"if\" \"(\" call \")\" statement\n"
    "call = name | call \"(\" call? \")\" | string\n"
    "name = /[a-z]+/\nstring = /`[^`]*`/\nblank = / +/\nnewline = /\\n\\s*/\n";

/* A program by bytes, and suffixes in its engine. */
typedef struct Holes {
    Arena arena;
    ananke_vocab *bytes;
    ananke_program *program;
    Engine *engine;
} Holes;

static void open_holes(Holes *self, const Syntax *syntax, const LrTables *tables) {
    ananke_error err = {0};
    *self = (Holes){.arena = ak_arena(NULL), .bytes = ananke_vocab_load("bytes", NULL, &err)};
    self->program = ak_language_program(syntax, tables, self->bytes, NULL, &err);
    if (!self->program) fail_msg("%s", err.message);
    assert_non_null(self->engine = ak_program_engine(self->program, &err));
}

static void close_holes(Holes *self) {
    ak_engine_drop(self->engine);
    ananke_program_free(self->program);
    ananke_vocab_free(self->bytes);
    ak_arena_free(&self->arena);
}

static bool follow(const Holes *self, const char *text, Point *point) {
    Fuel fuel = {.lexer = UINT64_MAX, .parser = UINT64_MAX};
    *point = ak_engine_start(self->engine);
    for (; *text; text++) {
        if (ak_engine_step(self->engine, point, (uint8_t)*text, &fuel) != STEP_ALIVE) return false;
    }
    return true;
}

static bool fits(const Holes *self, Suffix *suffix, Point point) {
    Fuel fuel = {.lexer = UINT64_MAX, .parser = UINT64_MAX};
    Step step = ak_suffix_fits(suffix, self->engine, point, &fuel);
    assert_int_not_equal(step, STEP_SPENT);
    return step == STEP_ALIVE;
}

TEST(a_suffix_fits_where_the_whole_can_be_read) {
    IGNORE_STATE;
    static const char *const suffixes[] = {
        "", "}", ")", "b)\n}", "f (a) {\n  call(b)\n}\nif (c) {\n}\n", "` }", "a\nb\nc\nd\ne\nf\ng\nh}", "+"};
    static const char *const parts[] = {"{", "}", "(", ")", "a", "i", "if", " ", "\n", ";", "`", "f("};
    LangFixture language;
    Holes self;
    uint32_t seed = 1, fitting = 0;
    open_reader(&language, script);
    open_holes(&self, &language.syntax, &language.tables);
    Suffix all[sizeof suffixes / sizeof *suffixes];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) all[i] = ak_suffix(&self.arena, ak_str(suffixes[i]));
    for (int text = 0; text < 3000; text++) {
        char read[100] = "", whole[200];
        for (int i = 0; i < 12; i++) {
            Point point, next;
            seed = seed * 1103515245 + 12345;
            const char *part = parts[(seed >> 16) % (sizeof parts / sizeof *parts)];
            size_t length = strlen(read);
            assert_true(follow(&self, read, &point));
            for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
                snprintf(whole, sizeof whole, "%s%s", read, suffixes[k]);
                bool expected = accepts(&language, whole);
                if (fits(&self, &all[k], point) != expected) fail_msg("%s|%s", read, suffixes[k]);
                fitting += expected;
            }
            memcpy(read + length, part, strlen(part) + 1);
            if (!follow(&self, read, &next)) read[length] = '\0';
        }
    }
    assert_true(fitting > 5000);
    close_holes(&self);
    close_fixture(&language);
}

/* The second question is about another hole, and the same from its second line on. */
TEST(what_is_known_of_a_suffix_is_not_read_again) {
    IGNORE_STATE;
    static char text[4000];
    LangFixture language;
    Holes self;
    Point first, second;
    open_reader(&language, script);
    open_holes(&self, &language.syntax, &language.tables);
    for (size_t i = 0; i + 1 < sizeof text; i++) text[i] = "a();"[i % 4];
    Suffix suffix = ak_suffix(&self.arena, (Str){text, sizeof text - 4});
    assert_true(follow(&self, "b\n", &first) && follow(&self, "b(c)\n", &second));
    assert_true(fits(&self, &suffix, first));
    size_t kept = suffix.answers.count;
    assert_true(kept > sizeof text / 16);
    assert_true(fits(&self, &suffix, second));
    assert_true(suffix.answers.count < kept + 3);
    suffix.serial--; /* another engine's points are others */
    assert_true(fits(&self, &suffix, second));
    assert_int_equal(suffix.answers.count, kept);
    close_holes(&self);
    close_fixture(&language);
}

TEST(without_fuel_nothing_is_said) {
    IGNORE_STATE;
    LangFixture language;
    Holes self;
    Fuel none = {0};
    open_reader(&language, script);
    open_holes(&self, &language.syntax, &language.tables);
    Suffix suffix = ak_suffix(&self.arena, STR("a { b (c"));
    assert_int_equal(ak_suffix_fits(&suffix, self.engine, ak_engine_start(self.engine), &none), STEP_SPENT);
    assert_false(fits(&self, &suffix, ak_engine_start(self.engine)));
    close_holes(&self);
    close_fixture(&language);
}

TEST(a_hole_in_typescript) {
    IGNORE_STATE;
    static const struct {
        const char *middle;
        bool fits;
    } holes[] = {
        {"", true},         {"a", false},          {"return", true}, {"return `", false}, {"b; if (c)", true},
        {"if (c", false},   {"} {", true},         {"while", false}, {"x.", true},        {"// all of it: ", true},
        {"/* rest", false}, {"const [b] =", true}, {"x =", true}};
    PackFixture typescript;
    Holes self;
    Point point;
    open_pack(&typescript, "typescript");
    open_holes(&self, &typescript.pack->syntax, &typescript.pack->tables);
    Suffix suffix = ak_suffix(&self.arena, STR(" y = (a) => a\n  return y\n}\n\nf(1)\n"));
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        char text[100];
        snprintf(text, sizeof text, "function f(a) {\n  %s", holes[i].middle);
        assert_true(follow(&self, text, &point));
        if (fits(&self, &suffix, point) != holes[i].fits) fail_msg("%s", text);
    }
    close_holes(&self);
    close_pack(&typescript);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_suffix_fits_where_the_whole_can_be_read),
                                       cmocka_unit_test(what_is_known_of_a_suffix_is_not_read_again),
                                       cmocka_unit_test(without_fuel_nothing_is_said),
                                       cmocka_unit_test(a_hole_in_typescript)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
