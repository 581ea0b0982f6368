/* Masks of programming languages against single steps, byte by byte, which the reader in turn is compared with. */
#include "base/bitset.h"
#include "mask/mask_find.h"
#include "syntax/language_program.h"
#include "syntax_fixture.h"
#include <ananke/matcher.h>

enum { TOKENS = 700, BYTES_MAX = 12, WORDS = (TOKENS + 31) / 32 };

static const char script[] =
    "%word name\n%reserved if else return\n%spelled key\n%extras blank newline comment\n%newlines newline\n%inserted semicolon\n%closing \"}\"\n"
    "%greedy \"[\"\n%munched number\n%fragments call statement type\n%spaces blank newline\n%fence toy\n"
    "program = statement*\n"
    "statement = call (semicolon | \";\") | \"return\" (semicolon | \";\") | \"return\"^ call (semicolon | \";\") | \"{\" statement* \"}\"\n"
    "  | \"if\" \"(\" call \")\" statement | \"type\"^ type (semicolon | \";\")\n"
    "call = name | number | call \".\" name -> key | call \"(\" call? \")\" | call \">\" %now(\">\") call | call \"++\" | regex | call \"/\" call | call \"[\" call \"]\"\n"
    "type = name | name \"<\" type \">\" | type ^\"[\" \"]\"\n"
    "regex = /\\/[a-z]+\\//\nname = /[a-z\\u00e0-\\u00ff\\u4e00-\\u4fff]+/\nnumber = /[0-9]+/\nblank = / +/\nnewline = /\\n\\s*/\ncomment = /#[^\\n]*/\n";

/* Where columns count. */
static const char lines[] =
    "%word name\n%reserved if\n%extras blank join\n%newlines join\n%spaces blank\n%layout _line _indent _dedent\n%margin _space _tab _feed _break _comment\n"
    "%opens \"(\" \"[\"\n%closes \")\" \"]\"\n%fragments block statement\n%fence toy\n"
    "program = statement*\nstatement = call _line | \"if\" call \":\" (call _line | _line block)\nblock = _indent statement+ _dedent\n"
    "call = name | call \"(\" call? \")\" | call \".\" name | \"[\" call \"]\"\n"
    "name = /[a-z]+/\nblank = /[ \\t]+/\njoin = /\\\\\\n/\n_line = /\\n/\n_break = /\\n/\n_space = \" \"\n_tab = /\\t/\n_feed = /\\f/\n"
    "_comment = /#[^\\n]*/\n";

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static ananke_vocab *make_vocab(void) {
    static const char *const units[] = {
        "a",        "if",       "return", "type",     "else", "(",       ")",   "{",
        "}",        ";",        ".",      ">",        ">>",   "++",      "/",   "/a/",
        "[",        "]",        "<",      "\n",       " ",    "# a",     "7",   "\xC3\xA9",
        "x",        "()",       ");",     "\n}",      "a.",   "b",       "",    "\xE4\xB8\xAD",
        "\xC3\xA9", "\xE4\xB8", "```",    "```toy\n", "`",    "\n```\n", "toy", ":",
        "\n ",      "\n  ",     "  ",     ":\n ",     "\n\n", "\n\t"};
    static uint8_t bytes[TOKENS][64];
    const uint8_t *places[TOKENS];
    size_t lengths[TOKENS];
    ananke_error err = {0};
    for (uint32_t id = 0; id < TOKENS; id++) {
        places[id] = bytes[id], lengths[id] = 0;
        if (id < 128) bytes[id][lengths[id]++] = (uint8_t)id;
        for (uint32_t count = id < 128 ? 0 : 1 + dice(4); count; count--) {
            const char *unit = units[dice(sizeof units / sizeof *units)];
            memcpy(bytes[id] + lengths[id], unit, strlen(unit));
            lengths[id] += strlen(unit);
        }
        if (!lengths[id]) bytes[id][lengths[id]++] = 'y';
    }
    ananke_vocab *vocab = ananke_vocab_from_tokens(places, lengths, TOKENS, &(uint32_t){0}, 1, NULL, &err);
    if (!vocab) fail_msg("%s", err.message);
    return vocab;
}

typedef struct Fixture {
    LangFixture language;
    ananke_vocab *vocab;
    ananke_program *program;
    Engine *engine; /* held */
} Fixture;

/* For texts that are the fragment; NULL: a file. */
static void open_program_of(Fixture *self, const char *overlay, const char *fragment) {
    open_reader(&self->language, overlay);
    if (fragment) choose_fragment(&self->language, &self->language.syntax, fragment);
    self->vocab = make_vocab();
    const ananke_program_options options = {.fragment = fragment};
    self->program =
        ak_language_program(&self->language.syntax, &self->language.tables, self->vocab, &options, &self->language.err);
    if (!self->program) fail_msg("%s", self->language.err.message);
    assert_non_null(self->engine = ak_program_engine(self->program, &self->language.err));
}

static void open_program(Fixture *self, const char *fragment) {
    open_program_of(self, script, fragment);
}

static void close_program(Fixture *self) {
    ak_engine_drop(self->engine);
    ananke_program_free(self->program);
    ananke_vocab_free(self->vocab);
    close_fixture(&self->language);
}

/* Goes on by the bytes, in the engine and in the reader alike. */
static bool is_alive(Fixture *self, Point *point, Reading *reading, Str text) {
    Fuel fuel = {.lexer = UINT64_MAX, .parser = UINT64_MAX};
    for (size_t i = 0; i < text.length; i++) {
        bool is_alive = ak_engine_step(self->engine, point, (uint8_t)text.data[i], &fuel) == STEP_ALIVE;
        *reading = ak_reader_step(&self->language.reader, *reading, (uint8_t)text.data[i]);
        assert_int_equal(is_alive, reading->site != NODE_NONE);
        if (!is_alive) return false;
    }
    return true;
}

/* Compares the point's mask; puts a random token that it allows into `*token`, false when it allows none but the end. */
static bool compare(Fixture *self, Point point, Reading reading, uint32_t *token) {
    Engine *engine = self->engine;
    Fuel fuel = {.lexer = UINT64_MAX, .parser = UINT64_MAX};
    uint32_t row[WORDS], met = 0, mask = ak_mask_of(engine, point, &fuel);
    assert_true(mask);
    ak_mask_copy(&engine->masks, ak_mask_get(&engine->masks, mask), row);
    for (uint32_t id = 1; id < TOKENS; id++) {
        Point at = point;
        Reading read = reading;
        bool expected = is_alive(self, &at, &read, ak_vocab_str(self->vocab, id));
        if (ak_bits_get(row, id) != expected) fail_msg("token %u is %sallowed", id, expected ? "not " : "");
        if (expected && dice(++met) == 0) *token = id;
    }
    assert_int_equal(ak_bits_get(row, 0), ak_reader_may_end(&self->language.reader, reading));
    return met;
}

/* Compares masks along random texts; how many. */
static size_t compare_along_texts(Fixture *self, int texts) {
    size_t compared = 0;
    for (int text = 0; text < texts; text++) {
        Point point = ak_engine_start(self->engine);
        Reading reading = ak_reader_start(&self->language.reader, self->language.fragment);
        uint32_t token = 0;
        for (int i = 0; i < 25 && compare(self, point, reading, &token); i++, compared++)
            assert_true(is_alive(self, &point, &reading, ak_vocab_str(self->vocab, token)));
    }
    return compared;
}

TEST(masks_are_those_of_single_steps) {
    IGNORE_STATE;
    static const char *const fragments[] = {NULL, "call", "statement", "type", "markdown"};
    size_t compared = 0;
    for (uint32_t round = 1; round <= 20; round++) {
        Fixture self;
        seed = round;
        open_program(&self, fragments[round % 2 ? 0 : round / 2 % 5]);
        compared += compare_along_texts(&self, 8);
        close_program(&self);
    }
    assert_true(compared > 1000);
}

TEST(masks_are_those_of_single_steps_where_columns_count) {
    IGNORE_STATE;
    static const char *const fragments[] = {NULL, "block", "statement", "markdown"};
    size_t compared = 0;
    for (uint32_t round = 1; round <= 24; round++) {
        Fixture self;
        seed = round;
        open_program_of(&self, lines, fragments[round % 2 ? 0 : round / 2 % 4]);
        compared += compare_along_texts(&self, 8);
        close_program(&self);
    }
    assert_true(compared > 1000);
}

TEST(programs_of_one_vocabulary_do_not_mislead_each_other) {
    IGNORE_STATE;
    Fixture self;
    seed = 9;
    open_program(&self, NULL);
    compare_along_texts(&self, 12);
    Engine *first = self.engine;
    ananke_program *second =
        ak_language_program(&self.language.syntax, &self.language.tables, self.vocab, NULL, &self.language.err);
    assert_non_null(second);
    assert_non_null(self.engine = ak_program_engine(second, &self.language.err));
    assert_true(compare_along_texts(&self, 12) > 100);
    ak_engine_drop(self.engine);
    ananke_program_free(second);
    self.engine = first;
    close_program(&self);
}

TEST(a_matcher_follows_a_language) {
    IGNORE_STATE;
    Fixture self;
    seed = 3;
    open_program(&self, NULL);
    ananke_error err = {0};
    ananke_matcher *matcher = ananke_matcher_new(self.program, &err);
    assert_non_null(matcher);
    static const char good[] = "if (a) { b.if\nreturn\n}";
    for (size_t i = 0; good[i]; i++) assert_true(ananke_matcher_consume(matcher, (uint32_t)good[i], &err));
    assert_true(ananke_matcher_is_accepting(matcher));
    assert_false(ananke_matcher_consume(matcher, ')', &err));
    assert_int_equal(err.code, ANANKE_ERROR_REFUSED);
    assert_true(ananke_matcher_is_accepting(matcher)); /* it stays where it was */
    ananke_matcher_free(matcher);
    close_program(&self);
}

TEST(texts_that_were_begun_are_completed) {
    IGNORE_STATE;
    Fixture self;
    seed = 5;
    open_program(&self, NULL);
    ananke_error err = {0};
    static const char *const begun[] = {
        "if", "if (a.b(c", "{ a\n{ return 7", "type a<b<c", "a = ", "retur", "{{{{{a(b[c", "a[7]\n(", "return /a"};
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        ananke_matcher *matcher = ananke_matcher_new(self.program, &err);
        size_t length = strlen(begun[i]);
        uint8_t rest[200];
        bool is_good = ananke_matcher_consume_bytes(matcher, (const uint8_t *)begun[i], length, NULL);
        assert_int_equal(is_good, i != 4); /* there is no such mark */
        if (is_good) {
            size_t got = ananke_matcher_completion(matcher, rest, sizeof rest);
            if (got == SIZE_MAX || got > 20) fail_msg("%s: %zu bytes", begun[i], got);
            assert_true(ananke_matcher_consume_bytes(matcher, rest, got, &err));
            assert_true(ananke_matcher_is_accepting(matcher));
        }
        ananke_matcher_free(matcher);
    }
    close_program(&self);
}

static void complete_random_texts(const char *overlay) {
    Fixture self;
    seed = 6;
    open_program_of(&self, overlay, NULL);
    for (int text = 0; text < 60; text++) {
        ananke_error err = {0};
        ananke_matcher *matcher = ananke_matcher_new(self.program, &err);
        uint32_t row[WORDS];
        uint8_t rest[1000];
        for (int i = 0; i < 20; i++) {
            uint32_t token = 0, met = 0;
            assert_true(ananke_matcher_fill_mask(matcher, row, WORDS, &err));
            for (uint32_t id = 1; id < TOKENS; id++) {
                if (ak_bits_get(row, id) && dice(++met) == 0) token = id;
            }
            if (!met) break;
            assert_true(ananke_matcher_consume(matcher, token, &err));
        }
        size_t got = ananke_matcher_completion(matcher, rest, sizeof rest);
        assert_int_not_equal(got, SIZE_MAX);
        assert_true(ananke_matcher_consume_bytes(matcher, rest, got, &err));
        assert_true(ananke_matcher_is_accepting(matcher));
        ananke_matcher_free(matcher);
    }
    close_program(&self);
}

/* Whatever the masks let through can be ended. */
TEST(random_texts_are_completed) {
    IGNORE_STATE;
    complete_random_texts(script);
    complete_random_texts(lines);
}

/* ---- Several threads on one program: what they learn is one thread's, and is read by all */

typedef struct Writer {
    const Fixture *fixture;
    uint32_t seed;
    bool failed;
} Writer;

/* Random texts, each token being one that the mask has; all of them are completed. */
static void *write_texts(void *data) {
    Writer *self = data;
    ananke_matcher *matcher = ananke_matcher_new(self->fixture->program, NULL);
    uint32_t row[WORDS];
    for (int text = 0; matcher && !self->failed && text < 10; text++) {
        uint8_t rest[1000];
        ananke_matcher_reset(matcher);
        for (int i = 0; !self->failed && i < 15; i++) {
            uint32_t token = 0, met = 0;
            self->failed = !ananke_matcher_fill_mask(matcher, row, WORDS, NULL);
            for (uint32_t id = 1; id < TOKENS; id++) {
                if (!ak_bits_get(row, id)) continue;
                self->seed = self->seed * 1664525 + 1013904223;
                if ((self->seed >> 8) % ++met == 0) token = id;
            }
            if (met && !ananke_matcher_consume(matcher, token, NULL)) self->failed = true;
        }
        size_t got = ananke_matcher_completion(matcher, rest, sizeof rest);
        if (got == SIZE_MAX || !ananke_matcher_consume_bytes(matcher, rest, got, NULL)) self->failed = true;
    }
    ananke_matcher_free(matcher);
    self->failed |= !matcher;
    return NULL;
}

TEST(threads_share_what_is_learnt) {
    IGNORE_STATE;
    enum { THREADS = 4 };
    Fixture self;
    Writer writers[THREADS];
    pthread_t threads[THREADS];
    seed = 9;
    open_program(&self, NULL);
    for (uint32_t i = 0; i < THREADS; i++) {
        writers[i] = (Writer){&self, i + 1, false};
        assert_int_equal(pthread_create(&threads[i], NULL, write_texts, &writers[i]), 0);
    }
    for (uint32_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (uint32_t i = 0; i < THREADS; i++) assert_false(writers[i].failed);
    close_program(&self);
}

TEST(a_matcher_follows_a_fragment) {
    IGNORE_STATE;
    Fixture self;
    seed = 3;
    open_program(&self, "call");
    ananke_error err = {0};
    ananke_matcher *matcher = ananke_matcher_new(self.program, &err);
    assert_non_null(matcher);
    static const char good[] = " a.if ( b\n)";
    assert_false(ananke_matcher_consume(matcher, '{', &err));
    for (size_t i = 0; good[i]; i++) {
        assert_false(ananke_matcher_is_accepting(matcher) && i < 2);
        assert_true(ananke_matcher_consume(matcher, (uint32_t)good[i], &err));
    }
    assert_true(ananke_matcher_is_accepting(matcher));
    assert_false(ananke_matcher_consume(matcher, ';', &err));
    ananke_matcher_free(matcher);
    err = (ananke_error){0};
    const ananke_program_options unknown = {.fragment = "calls"};
    assert_null(ak_language_program(&self.language.syntax, &self.language.tables, self.vocab, &unknown, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    assert_string_equal(err.hint, "fragments of the language: file, call, statement, type, markdown");
    close_program(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(masks_are_those_of_single_steps),
                                       cmocka_unit_test(a_matcher_follows_a_language),
                                       cmocka_unit_test(texts_that_were_begun_are_completed),
                                       cmocka_unit_test(random_texts_are_completed),
                                       cmocka_unit_test(threads_share_what_is_learnt),
                                       cmocka_unit_test(masks_are_those_of_single_steps_where_columns_count),
                                       cmocka_unit_test(programs_of_one_vocabulary_do_not_mislead_each_other),
                                       cmocka_unit_test(a_matcher_follows_a_fragment)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
