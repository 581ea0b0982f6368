/* Lexemes of GBNF grammars: as much as possible is one, but nothing that greed would read otherwise. */
#include "../test.h"
#include "base/buf.h"
#include "mask/gbnf.h"

/* The names of the lexemes of a grammar, joined by blanks. */
static void lexemes(const char *text, char *names, size_t size) {
    Arena arena = ak_arena(NULL);
    Grammar grammar;
    Symbol start = AK_SYMBOL_FAILED;
    ananke_error err = {0};
    Buf list = {.arena = &arena};
    assert_true(ak_grammar_init(&grammar, &arena, 10000000));
    assert_true(ak_gbnf_build(&grammar, ak_str(text), "g.gbnf", &start, &err));
    assert_true(ak_grammar_seal(&grammar, start, &err));
    for (size_t i = 1; i < grammar.symbols.count; i++) {
        const GrammarSymbol *symbol = &grammar.symbols.items[i];
        if (symbol->is_terminal && symbol->is_live)
            ak_buf_format(&list, "%s%.*s", list.length ? " " : "", STR_ARGS(symbol->name));
    }
    assert_true(list.length < size);
    memcpy(names, list.data ? list.data : "", list.length + 1);
    ak_arena_free(&arena);
}

static void check(const char *text, const char *wanted) {
    char names[2000];
    lexemes(text, names, sizeof names);
    assert_string_equal(names, wanted);
}

TEST(a_regular_grammar_is_one_lexeme) {
    IGNORE_STATE;
    check("root ::= \"a\" [0-9]+ (\";\" word)*\nword ::= [a-z]+\n", "root");
}

TEST(rules_that_do_not_recur_are_lexemes) {
    IGNORE_STATE;
    check("root ::= \"(\" (root | string | number) \")\"\n"
          "string ::= \"'\" ([^'] | \"''\") \"'\"\nnumber ::= [0-9]+ (\".\" [0-9]+)?\n",
          "\"(\" string number \")\"");
}

/* [a-z]* would swallow the end. */
TEST(what_would_swallow_what_follows_is_opened) {
    IGNORE_STATE;
    check("root ::= [a-z]* \"end\" root?\n", "[a-z] \"e\" \"n\" \"d\"");
    check("root ::= [a-y]* \"zend\" root?\n", "[a-y]* \"zend\"");
    check("root ::= word \"!\" root?\nword ::= [a-z]+\n", "word \"!\"");
    check("root ::= word root?\nword ::= [a-z]{2}\n", "word");
}

/* With `if` as a lexeme of its own, `ifx` would not be a word. */
TEST(rivals_that_begin_alike_are_opened) {
    IGNORE_STATE;
    check("root ::= (\"if\" | word) \" \" root?\nword ::= [a-z]+\n", "\"i\" \"f\" \" \" [a-z]");
    check("root ::= (\"if\" | word) \" \" root?\nword ::= [A-Z]+\n", "\"if\" | word \" \"");
}

TEST(literals_may_begin_alike_but_not_each_other) {
    IGNORE_STATE;
    check("root ::= \"abc\" \"x\" root? | \"abd\" \"y\"\n", "\"abc\" \"x\" \"abd\" \"y\"");
    check("root ::= \"ab\" \"x\" root? | \"abd\" \"y\"\n", "\"a\" \"b\" \"x\" \"d\" \"y\"");
}

TEST(the_same_lexeme_may_lead_to_different_places) {
    IGNORE_STATE;
    check("root ::= [a-z]+ \"=\" root | [a-z]+ \";\" \"!\"? root?\n", "[a-z]+ \"=\" \";\" \"!\"");
}

/* A rival may come from far: the first `a` could be of either rule, and then `b` meets a run of letters. */
TEST(rivals_are_followed_over_several_lexemes) {
    IGNORE_STATE;
    check("root ::= x root? | y\nx ::= [a] \"b;\"\ny ::= [a-c] [a-z]+ \"!\"\n", "[a] \"b\" \";\" [a-c] [a-z] \"!\"");
}

/* What a string may contain is no rival of what follows a string, though some of it looks the same. */
TEST(the_inside_of_strings_is_a_world_of_its_own) {
    IGNORE_STATE;
    check("root ::= \"[\" (item (\",\" item)*)? \"]\"\nitem ::= root | string ws | (\"true\" | \"false\") ws\n"
          "string ::= \"\\\"\" [^\"]* \"\\\"\"\nws ::= [ ] ws | \"\"\n",
          "\"[\" \",\" \"]\" string \"true\" | \"false\" [ ]");
}

TEST(bytes_decide_not_code_points) {
    IGNORE_STATE;
    check("root ::= [à-ç]* [é] root?\n", "[à-ç] [é]");
}

TEST(a_grammar_too_large_to_analyse_has_code_points_only) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf text = {.arena = &arena};
    char names[2000];
    ak_buf_text(&text, "root ::= \"ab\" root? [a-z]+ |\n");
    for (int i = 0; i < 5000; i++) ak_buf_text(&text, "\"c\" root |\n");
    ak_buf_text(&text, "\"d\"");
    lexemes(text.data, names, sizeof names);
    assert_string_equal(names, "\"a\" \"b\" [a-z] \"c\" \"d\"");
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_regular_grammar_is_one_lexeme),
        cmocka_unit_test(rules_that_do_not_recur_are_lexemes),
        cmocka_unit_test(what_would_swallow_what_follows_is_opened),
        cmocka_unit_test(rivals_that_begin_alike_are_opened),
        cmocka_unit_test(literals_may_begin_alike_but_not_each_other),
        cmocka_unit_test(the_same_lexeme_may_lead_to_different_places),
        cmocka_unit_test(rivals_are_followed_over_several_lexemes),
        cmocka_unit_test(the_inside_of_strings_is_a_world_of_its_own),
        cmocka_unit_test(bytes_decide_not_code_points),
        cmocka_unit_test(a_grammar_too_large_to_analyse_has_code_points_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
