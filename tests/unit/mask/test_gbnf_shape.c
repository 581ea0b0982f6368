/* Shapes: how the texts of a part begin, and how they can go on. */
#include "../test.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "mask/gbnf_tree.h"

typedef struct Row {
    const char *body, *first, *more;
    bool is_regular, is_nullable;
} Row;

static bool has_only(const ByteSet *set, const char *bytes) {
    for (size_t byte = 0; byte < 256; byte++) {
        bool is_wanted = byte && strchr(bytes, (int)byte) != NULL;
        if (ak_bits_get(set->words, byte) != is_wanted) return false;
    }
    return true;
}

/* The shape of the rule `root`, whose body is given, beside some other rules. */
static GbnfShape shape_of(const char *body) {
    Arena arena = ak_arena(NULL);
    Grammar grammar;
    ananke_error err = {0};
    assert_true(ak_grammar_init(&grammar, &arena, 10000000));
    GbnfFile file = {.text = ak_arena_format(&arena, "root ::= %s\nword ::= [a-c]+\nagain ::= \"x\" again?\n", body)};
    if (!ak_gbnf_read(&file, &arena, &err)) print_error("%s: %s\n", body, err.message);
    assert_true(ak_gbnf_shape(&file, &grammar));
    GbnfShape shape = file.rules.items[file.root].body->shape;
    ak_arena_free(&arena);
    return shape;
}

static void check(const Row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        GbnfShape shape = shape_of(rows[i].body);
        bool is_right = shape.is_regular == rows[i].is_regular && shape.is_nullable == rows[i].is_nullable &&
                        (!shape.is_regular || has_only(&shape.first, rows[i].first)) &&
                        (!shape.is_regular || has_only(&shape.more, rows[i].more));
        if (!is_right) print_error("%s\n", rows[i].body);
        assert_true(is_right);
    }
}

TEST(what_a_text_begins_with_and_how_it_goes_on) {
    IGNORE_STATE;
    static const Row rows[] = {
        {"\"ab\"", "a", "", true, false},
        {"\"\"", "", "", true, true},
        {"[ab]", "ab", "", true, false},
        {"\"a\" \"b\"?", "a", "b", true, false},
        {"\"a\"? \"b\"?", "ab", "b", true, true},
        {"\"a\"? \"b\"", "ab", "", true, false},
        {"\"a\" | \"bc\"", "ab", "", true, false},
        {"\"a\"+", "a", "a", true, false},
        {"\"a\"*", "a", "a", true, true},
        {"\"a\"{3}", "a", "", true, false},
        {"\"a\"{2,3}", "a", "a", true, false},
        {"(\"a\"?){3}", "a", "a", true, true},
        {"(\"a\" \"b\"?){3}", "a", "b", true, false},
        {"\"\\\"\" (word \" \"?)? \"\\\"\"", "\"", "", true, false},
        {"word (\"-\" word)*", "abc", "abc-", true, false},
        {"word \"-\" | \"x\"", "abcx", "", true, false},
        {"[à-ü]", "\xC3", "", true, false},
        {"[a\\U0010FFFF]", "a\xF4", "", true, false},
        {"\"x\" | again", "", "", false, false},
        {"\"x\"? | again", "", "", false, true},
    };
    check(rows, sizeof rows / sizeof *rows);
}

/* What begins alike is left to the parser, since how it goes on would be guessed. */
TEST(what_begins_alike_is_irregular) {
    IGNORE_STATE;
    static const Row rows[] = {
        {"\"a\" [x] | \"a\" [y]", "", "", false, false},
        {"\"a\" \"b\"* \"bc\"", "", "", false, false},
        {"\"b\"* \"b\"", "", "", false, false},
        {"word word", "", "", false, false},
        {"word+", "", "", false, false},
        {"(word \" \"?){2}", "", "", false, false},
        {"(word \" \")+", "abc", "abc", true, false},
        {"[à-ï] \"x\" | [ð-ü]", "", "", false, false},
    };
    check(rows, sizeof rows / sizeof *rows);
}

TEST(code_points_and_words_may_begin_alike) {
    IGNORE_STATE;
    static const Row rows[] = {
        {"[a-c] | [b-d] | \"b\"", "abcd", "", true, false},
        {"\"a\" | \"abc\" | \"abd\" | \"ax\" | \"b\"", "ab", "bx", true, false},
        {"\"abc\" | \"abd\"", "a", "", true, false},
        {"\"\" | \"ab\" | \"a\"", "a", "b", true, true},
        {"(\"ab\" | \"ac\") (\"x\" | \"xy\")", "a", "y", true, false},
        {"(\"ab\" | (\"abc\" | \"abd\"))", "a", "cd", true, false},
    };
    check(rows, sizeof rows / sizeof *rows);
    assert_true(shape_of("[a] | \"b\" | [à-ü]").is_point);
    assert_false(shape_of("[a] | \"bc\"").is_point);
    assert_true(shape_of("\"a\" | (\"bc\" | \"\")").is_words);
    assert_false(shape_of("[a] | \"b\"").is_words);
}

/* Each count multiplies what the lexer may have to remember. */
TEST(what_is_too_large_is_irregular) {
    IGNORE_STATE;
    assert_true(shape_of("[a-z]{1,1000}").is_regular);
    assert_false(shape_of("[a-z]{1,1000000}").is_regular);
    assert_false(shape_of("(([a-z]{1,1000} \",\"){1,1000} \";\")*").is_regular);
}

/* One too deep for recursion is looked at in pieces. */
TEST(chains_of_rules_may_be_long) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Grammar grammar;
    Buf text = {.arena = &arena};
    ak_buf_text(&text, "root ::= r0 \"b\"\n");
    for (int i = 0; i < 30000; i++) ak_buf_format(&text, "r%d ::= r%d\n", i, i + 1);
    ak_buf_text(&text, "r30000 ::= \"a\"?\n");
    assert_true(ak_grammar_init(&grammar, &arena, 10000000));
    GbnfFile file = {.text = ak_buf_view(&text)};
    assert_true(ak_gbnf_read(&file, &arena, NULL) && ak_gbnf_shape(&file, &grammar));
    assert_true(file.rules.items[1].body->shape.is_nullable);
    assert_true(file.rules.items[30001].body->shape.is_regular);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_text_begins_with_and_how_it_goes_on),
        cmocka_unit_test(what_begins_alike_is_irregular),
        cmocka_unit_test(code_points_and_words_may_begin_alike),
        cmocka_unit_test(what_is_too_large_is_irregular),
        cmocka_unit_test(chains_of_rules_may_be_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
