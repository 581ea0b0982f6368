/* Texts with special tokens in them: what is a token there, and what is text. */
#include "mask/marks.h"
#include "unit/mask/marks_fixture.h"

static const Str names[] = {{"<call>", 6}, {"<tag>", 5}, {"<other>", 7}};

TEST(a_name_is_a_token_where_the_vocabulary_has_it) {
    IGNORE_STATE;
    ananke_vocab *vocab = open_marks_vocab();
    Arena arena = ak_arena(NULL);
    Grammar grammar;
    assert_true(ak_grammar_init(&grammar, &arena, 100000));
    Marks marks = {&grammar, names, 3};
    assert_int_equal(ak_marks_token(&marks, STR("<call>x")), 0);
    grammar.vocab = vocab;
    assert_int_equal(ak_marks_token(&marks, STR("<call>x")), 6);
    assert_int_equal(ak_marks_token(&marks, STR("<tag>")), 5);
    assert_int_equal(ak_marks_token(&marks, STR("<other>")), 0);
    assert_int_equal(ak_marks_token(&marks, STR("<end>")), 0);
    assert_int_equal(ak_marks_find(&marks, STR("a<other><tag>")), 8);
    assert_int_equal(ak_marks_find(&marks, STR("abc")), 3);
    ak_arena_free(&arena);
    ananke_vocab_free(vocab);
}

TEST(a_text_is_cut_at_its_tokens) {
    IGNORE_STATE;
    ananke_vocab *vocab = open_marks_vocab();
    Arena arena = ak_arena(NULL);
    Grammar grammar;
    assert_true(ak_grammar_init(&grammar, &arena, 100000));
    grammar.vocab = vocab;
    Marks marks = {&grammar, names, 3};
    Symbol symbol = ak_marks_symbol(&marks, STR("<call>\n<tag><other>"));
    const GrammarBody *body = &grammar.bodies.items[grammar.bodies.count - 1];
    assert_int_equal(body->left, symbol);
    assert_int_equal(body->count, 4);
    static const bool is_token[] = {true, false, true, false};
    for (uint32_t i = 0; i < body->count; i++) {
        const GrammarSymbol *part = &grammar.symbols.items[grammar.parts.items[body->first + i]];
        assert_int_equal(part->tokens != NULL, is_token[i]);
    }
    assert_true(ak_marks_symbol(&marks, STR("")) != AK_SYMBOL_FAILED);
    ak_arena_free(&arena);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_a_token_where_the_vocabulary_has_it),
        cmocka_unit_test(a_text_is_cut_at_its_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
