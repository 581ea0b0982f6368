/* The chart: rows, undo, and the room that recursion takes. Correctness against a twin is test_matcher_brute.c's. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/earley.h"

enum { A = 0, B = 1 }; /* terminals, in the order of their making */

typedef struct Fixture {
    Arena arena;
    Grammar grammar;
    GrammarTables tables;
    Chart chart;
} Fixture;

/* start: <left> over terminals a and b, as given. */
static void open_list(Fixture *self, bool is_left_recursive) {
    self->arena = ak_arena(NULL);
    Grammar *g = &self->grammar;
    assert_true(ak_grammar_init(g, &self->arena, 100000));
    Symbol a = ak_grammar_literal(g, STR("a")), b = ak_grammar_literal(g, STR("b")),
           start = ak_grammar_rule(g, STR("start"));
    assert_true(ak_grammar_add(g, start, is_left_recursive ? (Symbol[]){start, a} : (Symbol[]){a, start}, 2));
    assert_true(ak_grammar_add(g, start, &b, 1) && ak_grammar_seal(g, start, NULL));
    assert_true(ak_grammar_tables(&self->tables, g, &self->arena, NULL));
    assert_true(ak_earley_init(&self->chart, &self->tables, &self->arena));
}

static Row scan(Fixture *self, Row row, uint32_t terminal) {
    return ak_earley_scan(&self->chart, row, &terminal, 1, terminal + 1);
}

TEST(rows_say_what_may_follow) {
    IGNORE_STATE;
    Fixture self;
    open_list(&self, true);
    assert_true(ak_bits_get(ak_earley_allowed(&self.chart, 0), B));
    assert_false(ak_bits_get(ak_earley_allowed(&self.chart, 0), A));
    Row row = scan(&self, 0, B);
    assert_true(self.chart.rows.items[row].is_accepting);
    assert_false(self.chart.rows.items[0].is_accepting);
    assert_true(ak_bits_get(ak_earley_allowed(&self.chart, row), A));
    ak_arena_free(&self.arena);
}

TEST(asking_again_gives_the_same_row_until_it_is_forgotten) {
    IGNORE_STATE;
    Fixture self;
    open_list(&self, false);
    Row a = scan(&self, 0, A), b = scan(&self, 0, B);
    assert_int_equal(a, scan(&self, 0, A));
    assert_int_not_equal(a, b);
    assert_int_equal(scan(&self, a, B), 3);
    ak_earley_truncate(&self.chart, 1);
    assert_int_equal(self.chart.rows.count, 1);
    assert_int_equal(scan(&self, 0, B), 1);
    assert_true(self.chart.rows.items[1].is_accepting);
    ak_arena_free(&self.arena);
}

TEST(left_recursion_is_linear) {
    IGNORE_STATE;
    Fixture self;
    open_list(&self, true);
    Row row = scan(&self, 0, B);
    for (int i = 0; i < 10000; i++) row = scan(&self, row, A);
    assert_true(self.chart.items.count < 4 * self.chart.rows.count);
    ak_arena_free(&self.arena);
}

TEST(right_recursion_stores_little) {
    IGNORE_STATE;
    Fixture self;
    open_list(&self, false);
    Row row = 0;
    for (int i = 0; i < 2000; i++) row = scan(&self, row, A);
    row = scan(&self, row, B);
    assert_true(self.chart.rows.items[row].is_accepting);
    assert_true(self.chart.items.count < 4 * self.chart.rows.count);
    ak_arena_free(&self.arena);
}

TEST(fuel_bounds_a_row) {
    IGNORE_STATE;
    Fixture self;
    open_list(&self, true);
    self.chart.fuel = 1;
    assert_int_equal(scan(&self, 0, B), ROW_FAILED);
    self.chart.fuel = 1000;
    assert_int_equal(scan(&self, 0, B), 1);
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_say_what_may_follow),
        cmocka_unit_test(asking_again_gives_the_same_row_until_it_is_forgotten),
        cmocka_unit_test(left_recursion_is_linear),
        cmocka_unit_test(right_recursion_stores_little),
        cmocka_unit_test(fuel_bounds_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
