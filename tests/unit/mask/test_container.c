/* llguidance's container: grammars that refer to each other, and what is wrong with one. */
#include "../test.h"
#include "mask/container.h"
#include <stdio.h>

typedef struct Fixture {
    Arena arena;
    Grammar grammar;
    Symbol start;
    ananke_error err;
} Fixture;

static bool build(Fixture *self, const char *text) {
    *self = (Fixture){.arena = ak_arena(NULL)};
    assert_true(ak_grammar_init(&self->grammar, &self->arena, 1000000));
    return ak_llguidance_build(&self->grammar, ak_str(text), "g.json", &self->start, &self->err);
}

TEST(what_does_not_begin_with_a_brace_is_lark) {
    IGNORE_STATE;
    Fixture self;
    assert_true(build(&self, "\nstart: \"a\"\n"));
    assert_true(ak_grammar_seal(&self.grammar, self.start, NULL));
    ak_arena_free(&self.arena);
}

TEST(grammars_may_refer_to_each_other_in_a_circle) {
    IGNORE_STATE;
    Fixture self;
    assert_true(build(&self, " {\"grammars\": [{\"name\": \"a\", \"lark_grammar\": \"start: \\\"(\\\" @b \\\")\\\"\"},"
                             "{\"name\": \"b\", \"lark_grammar\": \"start: @a | @c\\n%ignore \\\" \\\"\"},"
                             "{\"name\": \"c\", \"json_schema\": {\"const\": 1}}, {\"json_schema\": 5}]}"));
    assert_true(ak_grammar_seal(&self.grammar, self.start, NULL));
    assert_int_equal(self.grammar.live_terminals, 3);
    assert_int_equal(self.grammar.ignored.count, 1);
    assert_int_equal(self.grammar.symbols.items[self.start].ignored, 0);
    ak_arena_free(&self.arena);
}

TEST(grammars_have_the_temperature_that_they_are_referred_to_with) {
    IGNORE_STATE;
    Fixture self;
    assert_true(build(&self, "{\"grammars\": [{\"lark_grammar\": \"start: a \\\"x\\\" a @c\\na[temperature=0.5]: @b\"},"
                             "{\"name\": \"b\", \"lark_grammar\": \"start: \\\"b\\\" @c\"},"
                             "{\"name\": \"c\", \"json_schema\": {\"const\": 1}}]}"));
    assert_true(ak_grammar_seal(&self.grammar, self.start, NULL));
    for (size_t i = 1; i < self.grammar.symbols.count; i++) {
        const GrammarSymbol *symbol = &self.grammar.symbols.items[i];
        assert_true(symbol->temperature == (ak_str_equal(symbol->name, STR("\"b\"")) ? 0.5f : 0));
    }
    ak_arena_free(&self.arena);
}

TEST(the_first_grammars_options_are_the_texts) {
    IGNORE_STATE;
    Fixture self;
    assert_true(build(&self, "{\"grammars\": [{\"lark_grammar\": \"start: \\\"a\\\"\\n%ignore \\\" \\\"\\n"
                             "%llguidance {\\\"allow_initial_skip\\\": true}\"}], \"max_tokens\": null}"));
    assert_true(self.grammar.has_initial_ignore);
    assert_int_equal(self.grammar.symbols.items[self.start].ignored, 1);
    ak_arena_free(&self.arena);
}

TEST(a_text_may_have_only_so_many_tokens) {
    IGNORE_STATE;
    static const struct {
        const char *number;
        uint32_t tokens;
    } rows[] = {{"null", 0}, {"1", 1}, {"120", 120}, {"123456789012345678901", AK_MAX_TOKENS}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture self;
        char text[200];
        snprintf(text, sizeof text, "{\"max_tokens\": %s, \"grammars\": [{\"json_schema\": {}}]}", rows[i].number);
        assert_true(build(&self, text));
        assert_int_equal(self.grammar.text_tokens, rows[i].tokens);
        ak_arena_free(&self.arena);
    }
}

TEST(errors_say_which_grammar) {
    IGNORE_STATE;
    static const struct {
        const char *text, *word;
        ananke_error_code code;
    } rows[] = {
        {"{\"grammars\": 5}", "/grammars is to be a list", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": []}", "/grammars is to be a list", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [", "", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [5]}", "/grammars/0: a grammar is an object", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{}]}", "either lark_grammar or json_schema", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"lark_grammar\": \"\", \"json_schema\": {}}]}", "either", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"lark_grammar\": 5}]}", "is a string", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"name\": 5, \"json_schema\": {}}]}", "name is a string", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"name\": \"a\", \"json_schema\": 1}, {\"name\": \"a\", \"json_schema\": 1}]}",
         "/grammars/1: another", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"json_schema\": {}, \"nodes\": []}]}", "'nodes'", ANANKE_ERROR_UNSUPPORTED},
        {"{\"grammars\": [{\"json_schema\": {}}], \"max_tokens\": 0}", "from 1 on", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"json_schema\": {}}], \"max_tokens\": 1.5}", "from 1 on", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"json_schema\": {}}], \"max_tokens\": -1}", "from 1 on", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"json_schema\": {}}], \"max_tokens\": \"5\"}", "from 1 on", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"json_schema\": {}}], \"min_tokens\": 5}", "'min_tokens'", ANANKE_ERROR_UNSUPPORTED},
        {"{\"grammars\": [{\"json_schema\": {\"type\": 5}}]}", "/grammars/0/json_schema: ", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"lark_grammar\": \"start: @b\"}]}", "no grammar named 'b'", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"lark_grammar\": \"start: a @b\\na[temperature=1]: @b\"},"
         "{\"name\": \"b\", \"json_schema\": 1}]}",
         "another temperature elsewhere", ANANKE_ERROR_SYNTAX},
        {"{\"grammars\": [{\"name\": \"b\", \"lark_grammar\": \"start: a?\\na[temperature=1]: @b\"}]}",
         "another temperature elsewhere", ANANKE_ERROR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture self;
        assert_false(build(&self, rows[i].text));
        if (!strstr(self.err.message, rows[i].word)) print_error("%s: %s\n", rows[i].text, self.err.message);
        assert_non_null(strstr(self.err.message, rows[i].word));
        assert_int_equal(self.err.code, rows[i].code);
        ak_arena_free(&self.arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_begin_with_a_brace_is_lark),
        cmocka_unit_test(grammars_may_refer_to_each_other_in_a_circle),
        cmocka_unit_test(grammars_have_the_temperature_that_they_are_referred_to_with),
        cmocka_unit_test(the_first_grammars_options_are_the_texts),
        cmocka_unit_test(a_text_may_have_only_so_many_tokens),
        cmocka_unit_test(errors_say_which_grammar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
