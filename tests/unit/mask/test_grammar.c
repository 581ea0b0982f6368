/* Building and reducing grammars. */
#include "../test.h"
#include "mask/grammar.h"

typedef struct Fixture {
    Arena arena;
    Grammar grammar;
} Fixture;

static void open_grammar(Fixture *self, uint64_t fuel) {
    self->arena = ak_arena(NULL);
    assert_true(ak_grammar_init(&self->grammar, &self->arena, fuel));
}

TEST(equal_terminals_are_one) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self, 100000);
    Symbol a = ak_grammar_literal(&self.grammar, STR("a")), b = ak_grammar_literal(&self.grammar, STR("b"));
    assert_int_not_equal(a, b);
    assert_int_equal(a, ak_grammar_terminal(&self.grammar, STR("A"), ak_expr_byte(&self.grammar.exprs, 'a')));
    ak_arena_free(&self.arena);
}

TEST(dead_symbols_are_removed) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self, 100000);
    Grammar *g = &self.grammar;
    Symbol start = ak_grammar_rule(g, STR("start")), endless = ak_grammar_rule(g, STR("endless")),
           lonely = ak_grammar_rule(g, STR("lonely"));
    Symbol a = ak_grammar_literal(g, STR("a")), b = ak_grammar_literal(g, STR("b")),
           c = ak_grammar_literal(g, STR("c"));
    Symbol never = ak_grammar_terminal(g, STR("never"), AK_EXPR_NOTHING);
    assert_true(ak_grammar_add(g, start, &a, 1) && ak_grammar_add(g, start, (Symbol[]){b, endless}, 2));
    assert_true(ak_grammar_add(g, start, (Symbol[]){b, never}, 2) &&
                ak_grammar_add(g, endless, (Symbol[]){a, endless}, 2));
    assert_true(ak_grammar_add(g, lonely, &c, 1) && ak_grammar_seal(g, start, NULL));
    assert_true(g->symbols.items[start].is_live && g->symbols.items[a].is_live);
    assert_false(g->symbols.items[b].is_live || g->symbols.items[c].is_live || g->symbols.items[never].is_live);
    assert_false(g->symbols.items[endless].is_live || g->symbols.items[lonely].is_live);
    assert_int_equal(g->live_terminals, 1);
    assert_int_equal(g->bodies.count, 1);
    ak_arena_free(&self.arena);
}

TEST(a_grammar_without_texts_is_a_conflict) {
    IGNORE_STATE;
    Fixture self;
    ananke_error err = {0};
    open_grammar(&self, 100000);
    Symbol start = ak_grammar_rule(&self.grammar, STR("start"));
    assert_true(ak_grammar_add(&self.grammar, start, &start, 1));
    assert_false(ak_grammar_seal(&self.grammar, start, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CONFLICT);
    ak_arena_free(&self.arena);
}

TEST(nullable_rules_are_found) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self, 100000);
    Grammar *g = &self.grammar;
    Symbol maybe = ak_grammar_terminal(g, STR("MAYBE"), ak_expr_repeat(&g->exprs, ak_expr_byte(&g->exprs, 'a'), 0, 3));
    Symbol b = ak_grammar_literal(g, STR("b")), list = ak_grammar_repeat(g, b, 0, 5),
           some = ak_grammar_repeat(g, b, 1, 5);
    Symbol both = ak_grammar_sequence(g, (Symbol[]){maybe, list}, 2),
           start = ak_grammar_sequence(g, (Symbol[]){both, some}, 2);
    assert_true(ak_grammar_seal(g, start, NULL));
    assert_true(g->symbols.items[both].is_nullable && g->symbols.items[list].is_nullable &&
                g->symbols.items[maybe].is_nullable);
    assert_false(g->symbols.items[some].is_nullable || g->symbols.items[start].is_nullable);
    ak_arena_free(&self.arena);
}

TEST(counts_cost_their_logarithm) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self, 100000);
    Symbol a = ak_grammar_literal(&self.grammar, STR("a"));
    Symbol many = ak_grammar_repeat(&self.grammar, a, 100000, 900000);
    assert_true(ak_grammar_seal(&self.grammar, many, NULL));
    assert_true(self.grammar.bodies.count < 1000);
    ak_arena_free(&self.arena);
}

TEST(fuel_runs_out_with_words) {
    IGNORE_STATE;
    Fixture self;
    ananke_error err = {0};
    open_grammar(&self, 50);
    Symbol last = AK_SYMBOL_FAILED;
    for (int i = 0; i < 100; i++) last = ak_grammar_rule(&self.grammar, STR("rule"));
    assert_int_equal(last, AK_SYMBOL_FAILED);
    assert_false(ak_grammar_ok(&self.grammar, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_terminals_are_one),
        cmocka_unit_test(dead_symbols_are_removed),
        cmocka_unit_test(a_grammar_without_texts_is_a_conflict),
        cmocka_unit_test(nullable_rules_are_found),
        cmocka_unit_test(counts_cost_their_logarithm),
        cmocka_unit_test(fuel_runs_out_with_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
