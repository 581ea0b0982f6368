/* Lexer states: which lexemes go on, which end. */
#include "../test.h"
#include "mask/lexer.h"

enum { KEYWORD, NAME, NUMBER, COUNT };

typedef struct Fixture {
    Arena arena;
    Exprs exprs;
    Expr lexemes[COUNT];
    Lexer lexer;
} Fixture;

static void open_lexer(Fixture *self) {
    self->arena = ak_arena(NULL);
    assert_true(ak_exprs_init(&self->exprs, &self->arena, 100000));
    self->lexemes[KEYWORD] = ak_expr_literal(&self->exprs, STR("if"));
    self->lexemes[NAME] = ak_expr_repeat(&self->exprs, ak_expr_byte_range(&self->exprs, 'a', 'z'), 1, AK_REPEAT_MANY);
    self->lexemes[NUMBER] = ak_expr_repeat(&self->exprs, ak_expr_byte_range(&self->exprs, '0', '9'), 2, 3);
    ak_exprs_seal(&self->exprs);
    assert_true(ak_lexer_init(&self->lexer, &self->arena, &self->exprs, self->lexemes, COUNT, NULL));
}

static LexerState read(Lexer *lexer, uint32_t allowed, const char *text) {
    LexerState state = ak_lexer_start(lexer, &allowed);
    for (; *text; text++) state = ak_lexer_next(lexer, state, (uint8_t)*text);
    return state;
}

TEST(all_lexemes_of_the_same_span_end_together) {
    IGNORE_STATE;
    Fixture self;
    uint32_t count, number, other;
    open_lexer(&self);
    const uint32_t *ending = ak_lexer_ending(&self.lexer, read(&self.lexer, 7, "if"), &count, &number);
    assert_int_equal(count, 2);
    assert_int_equal(ending[0], KEYWORD);
    assert_int_equal(ending[1], NAME);
    ending = ak_lexer_ending(&self.lexer, read(&self.lexer, 7, "ifx"), &count, &other);
    assert_int_equal(count, 1);
    assert_int_equal(ending[0], NAME);
    assert_int_not_equal(number, other);
    ak_lexer_ending(&self.lexer, read(&self.lexer, 7, "zz"), &count, &number);
    assert_int_equal(number, other); /* the same set has the same number */
    ak_arena_free(&self.arena);
}

TEST(only_allowed_lexemes_begin) {
    IGNORE_STATE;
    Fixture self;
    open_lexer(&self);
    assert_int_equal(read(&self.lexer, 1 << NUMBER, "a"), LEXER_DEAD);
    assert_int_equal(read(&self.lexer, 1 << KEYWORD, "ix"), LEXER_DEAD);
    assert_int_equal(read(&self.lexer, 0, ""), LEXER_DEAD);
    assert_true(read(&self.lexer, 1 << NUMBER, "123") > LEXER_DEAD);
    assert_int_equal(read(&self.lexer, 1 << NUMBER, "1234"), LEXER_DEAD);
    ak_arena_free(&self.arena);
}

TEST(equal_states_are_one_and_a_copy_goes_its_own_way) {
    IGNORE_STATE;
    Fixture self;
    Lexer copy;
    open_lexer(&self);
    LexerState a = read(&self.lexer, 1 << NAME, "a");
    assert_int_equal(a, read(&self.lexer, 1 << NAME, "bcd"));
    assert_true(ak_lexer_copy(&copy, &self.lexer, &self.arena));
    size_t states = self.lexer.nodes.count;
    assert_int_equal(read(&copy, 1 << NAME, "xyz"), a);
    read(&copy, 1 << NUMBER, "12");
    assert_true(copy.nodes.count > states);
    assert_int_equal(self.lexer.nodes.count, states);
    ak_arena_free(&self.arena);
}

TEST(a_lazy_lexeme_ends_at_once_and_nothing_else_goes_on) {
    IGNORE_STATE;
    Fixture self;
    uint32_t count, number, lazy = 1 << NUMBER | 1 << KEYWORD;
    open_lexer(&self);
    assert_true(ak_lexer_init(&self.lexer, &self.arena, &self.exprs, self.lexemes, COUNT, &lazy));
    assert_int_equal(read(&self.lexer, 7, "ifx"), LEXER_DEAD);
    assert_int_equal(read(&self.lexer, 7, "123"), LEXER_DEAD);
    const uint32_t *ending = ak_lexer_ending(&self.lexer, read(&self.lexer, 7, "if"), &count, &number);
    assert_int_equal(count, 1);
    assert_int_equal(ending[0], KEYWORD);
    assert_true(read(&self.lexer, 1 << NAME, "ifx") > LEXER_DEAD); /* where it may not begin it ends nothing */
    assert_true(read(&self.lexer, 7, "inx") > LEXER_DEAD);
    ak_arena_free(&self.arena);
}

TEST(fuel_runs_out_with_words) {
    IGNORE_STATE;
    Fixture self;
    ananke_error err = {0};
    open_lexer(&self);
    ak_lexer_refuel(&self.lexer, 1);
    assert_int_equal(read(&self.lexer, 7, "if1"), LEXER_FAILED);
    assert_false(ak_lexer_ok(&self.lexer, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_lexemes_of_the_same_span_end_together),
        cmocka_unit_test(only_allowed_lexemes_begin),
        cmocka_unit_test(equal_states_are_one_and_a_copy_goes_its_own_way),
        cmocka_unit_test(a_lazy_lexeme_ends_at_once_and_nothing_else_goes_on),
        cmocka_unit_test(fuel_runs_out_with_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
