/* Tables: look-ahead, and which conflicts precedence ends. */
#include "syntax_fixture.h"

static void open_tables(LangFixture *self, const char *overlay) {
    if (!open_syntax(self, overlay)) fail_msg("%s", self->err.message);
    assert_true(ak_lr_init(&self->tables, &self->arena, &self->syntax, &self->err));
}

static void expect_conflicts(const char *overlay, uint32_t left, uint32_t resolved) {
    LangFixture self;
    open_tables(&self, overlay);
    assert_int_equal(self.tables.conflicts, left);
    assert_int_equal(self.tables.resolved, resolved);
    close_fixture(&self);
}

TEST(a_grammar_that_is_lalr_has_no_conflicts) {
    IGNORE_STATE;
    expect_conflicts("s = l \"=\" r | r\nl = \"*\" r | \"x\"\nr = l", 0, 0); /* it is not SLR(1) */
}

TEST(what_is_ambiguous_keeps_both) {
    IGNORE_STATE;
    expect_conflicts("s = e\ne = e \"+\" e | \"x\"", 1, 0);
}

TEST(precedence_and_associativity_decide) {
    IGNORE_STATE;
    expect_conflicts("s = e\ne = %left(1: e \"+\" e) | %left(2: e \"*\" e) | \"x\"", 0, 4);
    expect_conflicts("s = e\ne = %right(1: e \"+\" e) | \"x\"", 0, 1);
    expect_conflicts("s = e\ne = %prec(1: e \"+\" e) | %left(1: e \"*\" e) | \"x\"", 2,
                     2); /* only the second associates */
}

TEST(steps_and_choices_say_what_cells_say) {
    IGNORE_STATE;
    LangFixture self;
    open_tables(&self, "s = (e \";\")* \nf = \"x\" | \"(\" e \")\"\ne = e \"+\" f | f | f \"!\"");
    const LrTables *tables = &self.tables;
    for (uint32_t at = LR_START; at < tables->state_count; at++) {
        for (uint32_t terminal = 0; terminal < tables->terminal_count; terminal++) {
            const LrCell *cell = ak_lr_cell(tables, (LrState)at, terminal);
            uint32_t count = 0;
            for (uint32_t i = tables->first_choices[at]; i < tables->first_choices[at + 1]; i++)
                count += tables->sets[tables->choices[i].set + terminal / 32] >> (terminal % 32) & 1;
            assert_int_equal(count, cell->count);
            assert_int_equal(ak_lr_shifts(tables, (LrState)at)[terminal / 32] >> (terminal % 32) & 1, cell->shift != 0);
        }
    }
    close_fixture(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grammar_that_is_lalr_has_no_conflicts),
        cmocka_unit_test(what_is_ambiguous_keeps_both),
        cmocka_unit_test(precedence_and_associativity_decide),
        cmocka_unit_test(steps_and_choices_say_what_cells_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
