/* What waiting for a rule predicts, for a small grammar. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/earley.h"

TEST(predictions_are_closed_and_see_through_nullable_rules) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Grammar g;
    GrammarTables tables;
    Predictions all;
    assert_true(ak_grammar_init(&g, &arena, 100000));
    Symbol start = ak_grammar_rule(&g, STR("start")), maybe = ak_grammar_rule(&g, STR("maybe")),
           item = ak_grammar_rule(&g, STR("item"));
    Symbol a = ak_grammar_literal(&g, STR("a")), b = ak_grammar_literal(&g, STR("b")),
           c = ak_grammar_literal(&g, STR("c"));
    assert_true(ak_grammar_add(&g, start, (Symbol[]){maybe, item, c}, 3)); /* may begin with maybe, or with item */
    assert_true(ak_grammar_add(&g, maybe, NULL, 0) && ak_grammar_add(&g, maybe, &a, 1) &&
                ak_grammar_add(&g, item, &b, 1));
    assert_true(ak_grammar_seal(&g, start, NULL) && ak_grammar_tables(&tables, &g, &arena, NULL) &&
                ak_predictions_build(&all, &tables, &arena));
    assert_int_equal(tables.rule_count, 3);
    assert_int_equal(tables.terminal_count, 3);
    const uint32_t *predicted = all.rules + g.symbols.items[start].number * tables.rule_words;
    const uint32_t *lexemes = all.lexemes + g.symbols.items[start].number * tables.lexeme_words;
    assert_int_equal(ak_bits_count(predicted, tables.rule_words), 3);
    assert_true(ak_bits_get(lexemes, g.symbols.items[a].number) && ak_bits_get(lexemes, g.symbols.items[b].number));
    assert_false(ak_bits_get(lexemes, g.symbols.items[c].number));
    lexemes = all.lexemes + g.symbols.items[item].number * tables.lexeme_words;
    assert_int_equal(ak_bits_count(lexemes, tables.lexeme_words), 1);
    assert_int_equal(tables.places[tables.start].kind, PLACE_RULE);
    assert_int_equal(tables.places[tables.start + 1].symbol, tables.start_rule);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(predictions_are_closed_and_see_through_nullable_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
