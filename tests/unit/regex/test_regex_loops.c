/* Members of unions that a loop takes in: the normal form, and the texts beside those of the members one by one. */
#include "../test.h"
#include "regex/regex_loops.h"

enum { MEMBERS_MAX = 5, LENGTH_MAX = 6 };

typedef struct Fixture {
    Arena arena;
    Exprs exprs;
} Fixture;

static void begin(Fixture *self) {
    self->arena = ak_arena(NULL);
    assert_true(ak_exprs_init(&self->exprs, &self->arena, 100000000));
}

static Expr bytes(Fixture *self, char first, char last) {
    return ak_expr_byte_range(&self->exprs, (uint8_t)first, (uint8_t)last);
}

/* x{min,max} rest */
static Expr run(Fixture *self, Expr x, uint32_t min, uint32_t max, Expr rest) {
    return ak_expr_concat(&self->exprs, ak_expr_repeat(&self->exprs, x, min, max), rest);
}

TEST(of_runs_before_a_loop_the_shortest_stays) {
    IGNORE_STATE;
    Fixture self;
    begin(&self);
    Expr a = bytes(&self, 'a', 'a'), all = bytes(&self, 'a', 'c'), end = bytes(&self, ';', ';');
    Expr loop = run(&self, all, 0, AK_REPEAT_MANY, end), one = ak_expr_concat(&self.exprs, a, loop),
         three = run(&self, a, 3, 3, loop), five = run(&self, a, 5, 9, loop),
         whole = run(&self, all, 0, AK_REPEAT_MANY, three);
    assert_int_equal(ak_expr_or(&self.exprs, three, five), three);
    assert_int_equal(ak_expr_or(&self.exprs, one, three), one);
    assert_int_equal(ak_expr_or(&self.exprs, whole, loop), loop);
    assert_int_equal(ak_expr_or(&self.exprs, three, loop), loop);
    Expr others[] = {three, whole, five};
    assert_int_equal(ak_expr_or_all(&self.exprs, others, 3), ak_expr_or(&self.exprs, three, whole));
    Expr b_loop = run(&self, a, 0, AK_REPEAT_MANY, end), b = bytes(&self, 'b', 'b');
    assert_int_not_equal(ak_expr_or(&self.exprs, run(&self, b, 3, 3, b_loop), run(&self, b, 5, 5, b_loop)),
                         run(&self, b, 3, 3, b_loop));
    ak_arena_free(&self.arena);
}

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static Expr random_set(Fixture *self) {
    char first = (char)('a' + dice(3));
    return bytes(self, first, (char)(first + dice((uint32_t)('d' - first))));
}

static Expr random_member(Fixture *self, Expr tail) {
    Expr member = run(self, random_set(self), 0, AK_REPEAT_MANY, tail);
    for (uint32_t i = dice(3); i; i--) {
        uint32_t min = dice(4);
        member = run(self, random_set(self), min, dice(3) ? min + dice(3) : AK_REPEAT_MANY, member);
    }
    return member;
}

static bool matches(Fixture *self, Expr expr, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        expr = ak_expr_derivative(&self->exprs, expr, self->exprs.classes[(uint8_t)text[i]]);
    return ak_expr_is_nullable(&self->exprs, expr);
}

/* Each member has been made alone, so that the twin is their union by what they match. */
TEST(a_union_has_the_texts_of_its_members) {
    IGNORE_STATE;
    for (int round = 0; round < 400; round++) {
        Fixture self;
        begin(&self);
        Expr members[MEMBERS_MAX], tail = dice(2) ? (Expr)AK_EXPR_EMPTY : bytes(&self, 'c', 'd');
        uint32_t count = 2 + dice(MEMBERS_MAX - 1);
        for (uint32_t i = 0; i < count; i++) members[i] = random_member(&self, tail);
        Expr all = ak_expr_or_all(&self.exprs, members, count);
        ak_exprs_seal(&self.exprs);
        for (int t = 0; t < 300; t++) {
            char text[LENGTH_MAX];
            size_t length = dice(LENGTH_MAX + 1);
            bool is_in = false;
            for (size_t i = 0; i < length; i++) text[i] = (char)('a' + dice(4));
            for (uint32_t i = 0; i < count; i++) is_in |= matches(&self, members[i], text, length);
            if (matches(&self, all, text, length) != is_in) fail_msg("round %d: \"%.*s\"", round, (int)length, text);
        }
        ak_arena_free(&self.arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_runs_before_a_loop_the_shortest_stays),
        cmocka_unit_test(a_union_has_the_texts_of_its_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
