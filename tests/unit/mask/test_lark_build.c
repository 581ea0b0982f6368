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

static int count_lazy(const Grammar *grammar) {
    int count = 0;
    for (size_t s = 1; s < grammar->symbols.count; s++)
        count += grammar->symbols.items[s].is_lazy && grammar->symbols.items[s].is_live;
    return count;
}

static void expect_same(const char *text, const char *other) {
    Arena arenas[2];
    Grammar grammars[2];
    Symbol start;
    ananke_error err = {0};
    for (int i = 0; i < 2; i++) {
        bool ok = build(i ? other : text, &arenas[i], &grammars[i], &start, &err);
        if (!ok) print_error("%s: %s\n", i ? other : text, err.message);
        assert_true(ok && ak_grammar_seal(&grammars[i], start, &err));
    }
    assert_int_equal(grammars[0].live_terminals, grammars[1].live_terminals);
    assert_int_equal(grammars[0].live_rules, grammars[1].live_rules);
    assert_int_equal(count_lazy(&grammars[0]), count_lazy(&grammars[1]));
    for (int i = 0; i < 2; i++) ak_arena_free(&arenas[i]);
}

TEST(suffix_and_stop_are_lazy_lexemes) {
    IGNORE_STATE;
    expect_same("start: a\na[suffix=\"<end>\"]: /.*/\n", "start: a\na[lazy]: /.*/ \"<end>\"\n");
    expect_same("start: a\na[lazy, capture]: /.*x/\n", "start: a\na: b\nb[lazy]: /.*x/\n");
    expect_same("start: a\na[suffix=\"x\", lazy, stop_capture=\"s\"]: /.*/\n", "start: a\na: b\nb[lazy]: /.*x/\n");
    expect_same("start: a \"x\"\na[capture, stop=\"x\"]: /.*/\n", "start: a\na: b\nb[lazy]: /.*x/\n");
    expect_same("start: a \"<end>\"\na[stop=\"<end>\"]: /.*/\n", "start: a\na[lazy]: /.*<end>/\n");
    expect_same("start: (a END \"y\")* \"x\"\na[stop=/<end>/]: /.*/\nEND: \"<end>\"\n",
                "start: (a \"y\")* \"x\"\na[lazy]: /.*<end>/\n");
    expect_same("start[stop=\"\"]: /a*/\n", "start: /a*/\n");
    expect_same("start: \"x\" b\nb: a\na[stop=\"\"]: /a*/\n", "start: \"x\" b\nb: a\na: /a*/\n");
}

TEST(nested_grammars_ignore_their_own) {
    IGNORE_STATE;
    Arena arena;
    Grammar grammar;
    Symbol start;
    ananke_error err = {0};
    assert_true(build("start: \"a\" %lark {\n  start: \"b\" x\n  x: \"c\"\n  %ignore /-/ } \"d\" %json {} inner\n"
                      "inner: %lark { start: \"e\"\n%ignore \" \" }\n%ignore \" \"\n",
                      &arena, &grammar, &start, &err));
    assert_true(ak_grammar_seal(&grammar, start, &err));
    assert_int_equal(grammar.ignored.count, 2); /* equal ones are one */
    assert_int_equal(grammar.symbols.items[start].ignored, 1);
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
        {"start: %json {}\n%llguidance {\"ignore_once\": true}\n", "ignore_once", 1, ANANKE_ERROR_UNSUPPORTED},
        {"start: %lark {start: \"a\"\n%llguidance {\"ignore_once\": true}}\n", "inside of another", 2,
         ANANKE_ERROR_UNSUPPORTED},
        {"start: %lark {start: \"a\"\n%llguidance {\"allow_initial_skip\": true}}\n", "allow_initial_skip", 2,
         ANANKE_ERROR_UNSUPPORTED},
        {"start: \"a\"\n | %lark {a: \"a\"}\n", "nested grammar has no rule 'start'", 2, ANANKE_ERROR_SYNTAX},
        {"start: %lark {start: outer}\nouter: \"a\"\n", "'outer' is not defined", 1, ANANKE_ERROR_SYNTAX},
        {"start: A\nA: %regex {\"substring_chunks\": [5]}\n", "list of strings", 2, ANANKE_ERROR_SYNTAX},
        {"start: %regex {\"substring_chars\": 5}\n", "is a string", 1, ANANKE_ERROR_SYNTAX},
        {"start: %regex {\"substring_words\": 5}\n", "is a string", 1, ANANKE_ERROR_SYNTAX},
        {"start: %regex {}\n", "one member", 1, ANANKE_ERROR_SYNTAX},
        {"start: %regex {\"type\": \"number\"}\n", "'type'", 1, ANANKE_ERROR_UNSUPPORTED},
        {"start: @other\n", "no grammar named 'other'", 1, ANANKE_ERROR_SYNTAX},
        {"start: A\nA: @other\n", "cannot be part of a terminal", 2, ANANKE_ERROR_SYNTAX},
        {"start: a\na[lazy]: start\n", "a rule cannot be part of a terminal", 2, ANANKE_ERROR_SYNTAX},
        {"start: a\na[suffix=\"\"]: /a/\n", "never end", 1, ANANKE_ERROR_UNSUPPORTED},
        {"start: a \"c\"\na[stop=\"b\"]: /a*/\n", "directly behind", 1, ANANKE_ERROR_UNSUPPORTED},
        {"start: a? \"b\"\na[stop=\"b\"]: /a*/\n", "directly behind", 1, ANANKE_ERROR_UNSUPPORTED},
        {"start: a\na[stop=B]: /a*/\n", "'B' is not defined", 2, ANANKE_ERROR_SYNTAX},
        {"start: b\nb: a \"b\"\na[stop=\"\"]: /a*/\n", "something stands behind", 2, ANANKE_ERROR_UNSUPPORTED},
        {"start: b b\nb: a\na[stop=\"\"]: /a*/\n", "something stands behind", 2, ANANKE_ERROR_UNSUPPORTED},
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
        {"start: a\na[max_tokens=1]: start\n", "a rule cannot be part of a terminal", 2, ANANKE_ERROR_SYNTAX},
        {"start: a\na[stop=\"b\", max_tokens=1]: /a*/\n", "directly behind", 1, ANANKE_ERROR_UNSUPPORTED},
        {"start: a::1\na::_[max_tokens=0]: \"x\"\n", "no temperature or max_tokens", 2, ANANKE_ERROR_SYNTAX},
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
        cmocka_unit_test(suffix_and_stop_are_lazy_lexemes),  cmocka_unit_test(nested_grammars_ignore_their_own),
        cmocka_unit_test(a_typing_mistake_gets_a_hint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
