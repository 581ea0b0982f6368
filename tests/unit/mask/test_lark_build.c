/* Building grammars from Lark: references, and what is wrong with them. */
#include "../test.h"
#include "mask/lark.h"

static bool build(const char *text, Arena *arena, Grammar *grammar, Symbol *start, ananke_error *err) {
    *arena = ak_arena(NULL);
    assert_true(ak_grammar_init(grammar, arena, 1000000));
    return ak_lark_build(grammar, ak_str(text), "g.lark", start, err);
}

TEST(only_what_start_comes_to_is_built) {
    IGNORE_STATE;
    Arena arena;
    Grammar grammar;
    Symbol start;
    ananke_error err = {0};
    assert_true(
        build("start: a | \"x\"\na: NAME a?\nNAME: /[a-z]/+\nunused: nowhere\n", &arena, &grammar, &start, &err));
    assert_true(ak_grammar_seal(&grammar, start, &err));
    assert_int_equal(grammar.live_terminals, 2);
    assert_true(ak_str_equal(grammar.symbols.items[start].name, STR("start")));
    ak_arena_free(&arena);
}

TEST(each_value_of_a_parameter_is_one_rule) {
    IGNORE_STATE;
    Arena arena;
    Grammar grammar;
    Symbol start;
    ananke_error err = {0};
    assert_true(
        build("start: p::0\np::_: \"a\" p::incr([0:2]) | \"b\" %if eq(_, 3)\n", &arena, &grammar, &start, &err));
    assert_true(ak_grammar_seal(&grammar, start, &err));
    assert_int_equal(grammar.live_rules, 5); /* start and four of p */
    ak_arena_free(&arena);
}

TEST(a_json_schema_is_a_rule) {
    IGNORE_STATE;
    Arena arena;
    Grammar grammar;
    Symbol start;
    ananke_error err = {0};
    assert_true(build("start: \"call\" args\nargs: %json {\"type\": \"array\", \"items\": {\"type\": \"integer\"}}\n",
                      &arena, &grammar, &start, &err));
    assert_true(ak_grammar_seal(&grammar, start, &err));
    ak_arena_free(&arena);
}

TEST(errors_have_words) {
    IGNORE_STATE;
    static const struct {
        const char *text, *word;
        uint32_t line;
        ananke_error_code code;
    } rows[] = {
        {"a: \"x\"\n", "no rule 'start'", 0, ANANKE_ERROR_SYNTAX},
        {"start: item\nitme: \"x\"\n", "'item' is not defined", 1, ANANKE_ERROR_SYNTAX},
        {"start: A\nA: B\nB: A\n", "cannot refer to itself", 3, ANANKE_ERROR_SYNTAX},
        {"start: A\nA: b\nb: \"x\"\n", "a rule cannot be part of a terminal", 2, ANANKE_ERROR_SYNTAX},
        {"start: %json {\"type\": 5}\n", "type", 1, ANANKE_ERROR_SYNTAX},
        {"start: %json {}\n%ignore / /\n", "%json beside %ignore", 1, ANANKE_ERROR_UNSUPPORTED},
        {"start: \"a\" & \"b\"\n", "'&' is for terminals", 1, ANANKE_ERROR_SYNTAX},
        {"start: ~\"a\"\n", "'~' is for terminals", 1, ANANKE_ERROR_SYNTAX},
        {"start: p\np::_: \"x\"\n", "needs a parameter", 1, ANANKE_ERROR_SYNTAX},
        {"start: p::1\np: \"x\"\n", "takes no parameter", 1, ANANKE_ERROR_SYNTAX},
        {"start: p::_\np::_: \"x\"\n", "has no parameter", 1, ANANKE_ERROR_SYNTAX},
        {"start: \"a\" %if true\n", "%if needs a rule with a parameter", 1, ANANKE_ERROR_SYNTAX},
        {"start:\n  | /a(/\n", "without ')'", 2, ANANKE_ERROR_SYNTAX},
        {"start: A\nA: \"a\" <x>\n", "a token cannot be part of a terminal", 2, ANANKE_ERROR_SYNTAX},
        {"start: <x>\n", "no vocabulary", 1, ANANKE_ERROR_SYNTAX},
        {"start: a\na[temperature=1]: start\n", "a rule cannot be part of a terminal", 2, ANANKE_ERROR_SYNTAX},
        {"start: a\na[temperature=1]: <x>\n", "a token cannot be part of a terminal", 2, ANANKE_ERROR_SYNTAX},
        {"start: a\na[temperature=1]: %json {}\n", "temperature of a %json", 2, ANANKE_ERROR_UNSUPPORTED},
        {"start: a::1\na::_[temperature=1]: \"x\"\n", "with a parameter has no temperature", 2, ANANKE_ERROR_SYNTAX},
        {"start: p::0\np::_: \"a\" p::incr(_) | \"\"\n", "too many different values", 2, ANANKE_ERROR_LIMIT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena;
        Grammar grammar;
        Symbol start;
        ananke_error err = {0};
        assert_false(build(rows[i].text, &arena, &grammar, &start, &err));
        if (!strstr(err.message, rows[i].word)) print_error("%s: %s\n", rows[i].text, err.message);
        if (rows[i].code == ANANKE_ERROR_LIMIT) assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
        else assert_non_null(strstr(err.message, rows[i].word));
        assert_int_equal(err.code, rows[i].code);
        if (rows[i].code != ANANKE_ERROR_LIMIT) assert_int_equal(err.line, rows[i].line);
        ak_arena_free(&arena);
    }
}

TEST(a_typing_mistake_gets_a_hint) {
    IGNORE_STATE;
    Arena arena;
    Grammar grammar;
    Symbol start;
    ananke_error err = {0};
    assert_false(build("start: itme\nitem: \"x\"\n", &arena, &grammar, &start, &err));
    assert_non_null(strstr(err.hint, "'item'"));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_start_comes_to_is_built), cmocka_unit_test(each_value_of_a_parameter_is_one_rule),
        cmocka_unit_test(a_json_schema_is_a_rule),           cmocka_unit_test(errors_have_words),
        cmocka_unit_test(a_typing_mistake_gets_a_hint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
