/* Clamped expressions against the exact ones, along all texts that they may be asked about. */
#include "../test.h"
#include "regex/regex_clamp.h"

enum { LETTERS = 3, LONGEST = 7, ROUNDS = 4000 };

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static Expr random_expr(Exprs *exprs, int depth) {
    uint32_t roll = dice(depth > 0 ? 10 : 2);
    if (roll == 0) return ak_expr_byte_range(exprs, 'a', (uint8_t)('a' + dice(LETTERS)));
    if (roll == 1) return ak_expr_byte(exprs, (uint8_t)('a' + dice(LETTERS)));
    Expr left = random_expr(exprs, depth - 1);
    if (roll < 6) {
        uint32_t min = dice(3) ? dice(3) : dice(40), max = min + dice(3) + (dice(2) ? dice(60) : 0);
        return ak_expr_repeat(exprs, left, min, dice(5) ? max : AK_REPEAT_MANY);
    }
    Expr right = random_expr(exprs, depth - 1);
    if (roll < 8) return ak_expr_concat(exprs, left, right);
    return roll == 8 ? ak_expr_or(exprs, left, right)
                     : ak_expr_and(exprs, left, dice(4) ? right : ak_expr_not(exprs, right));
}

/* A few texts, and how far they go. */
typedef struct Texts {
    char items[40][LONGEST + 1];
    ClampReach reach;
} Texts;

static void random_texts(Texts *self) {
    memset(self, 0, sizeof *self);
    for (size_t i = 0; i < sizeof self->items / sizeof *self->items; i++) {
        uint32_t length = 1 + dice(LONGEST);
        char run = (char)('a' + dice(LETTERS));
        for (uint32_t k = 0; k < length; k++) {
            char letter = dice(3) ? run : (char)('a' + dice(LETTERS));
            uint32_t *before = &self->reach.before[(uint8_t)letter];
            self->items[i][k] = letter;
            if (k > *before) *before = k;
        }
        if (length > self->reach.longest) self->reach.longest = length;
    }
}

static void compare(Exprs *exprs, Expr exact, Expr clamped, const char *text) {
    for (size_t i = 0;; i++) {
        bool is_empty = ak_expr_is_empty(exprs, exact);
        assert_true(ak_exprs_ok(exprs, NULL));
        assert_int_equal(is_empty, ak_expr_is_empty(exprs, clamped));
        if (is_empty || !text[i]) return;
        assert_int_equal(ak_expr_is_nullable(exprs, exact), ak_expr_is_nullable(exprs, clamped));
        uint8_t class = exprs->classes[(uint8_t)text[i]];
        exact = ak_expr_derivative(exprs, exact, class), clamped = ak_expr_derivative(exprs, clamped, class);
    }
}

TEST(short_texts_cannot_tell_clamped_expressions_from_exact_ones) {
    IGNORE_STATE;
    int changed = 0, beside_intersections = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        seed = round;
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        Texts texts;
        uint64_t fuel = 1000000;
        assert_true(ak_exprs_init(&exprs, &arena, 100000000));
        Expr exact = random_expr(&exprs, 4);
        ak_exprs_seal(&exprs);
        random_texts(&texts);
        Partitions partitions = {.arena = &arena, .exprs = &exprs};
        Expr clamped = ak_expr_clamp(&exprs, &partitions, exact, &texts.reach, &fuel);
        changed += clamped != exact;
        beside_intersections += clamped != exact && !ak_expr_node(&exprs, exact)->is_positive;
        for (size_t i = 0; i < sizeof texts.items / sizeof *texts.items; i++)
            compare(&exprs, exact, clamped, texts.items[i]);
        ak_arena_free(&arena);
    }
    assert_true(changed > ROUNDS / 10);
    assert_true(beside_intersections > ROUNDS / 100);
}

static Expr parse(Exprs *exprs, uint32_t min, uint32_t max) {
    return ak_expr_concat(exprs, ak_expr_repeat(exprs, ak_expr_byte_range(exprs, 'a', 'z'), min, max),
                          ak_expr_byte(exprs, '"'));
}

/* A text of fifty letters before a quote, of which tokens have five at most. */
TEST(far_counts_are_alike) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    uint64_t fuel = 1000000;
    assert_true(ak_exprs_init(&exprs, &arena, 1000000));
    ClampReach reach = {.longest = 20, .before = {['"'] = 5}};
    for (int byte = 'a'; byte <= 'z'; byte++) reach.before[byte] = 19;
    Expr exact = parse(&exprs, 50, 100), other = parse(&exprs, 30, 45), near = parse(&exprs, 6, AK_REPEAT_MANY);
    Expr close = parse(&exprs, 0, 20);
    ak_exprs_seal(&exprs);
    Partitions partitions = {.arena = &arena, .exprs = &exprs};
    assert_int_equal(ak_expr_clamp(&exprs, &partitions, exact, &reach, &fuel), near);
    assert_int_equal(ak_expr_clamp(&exprs, &partitions, other, &reach, &fuel), near);
    assert_int_equal(ak_expr_clamp(&exprs, &partitions, near, &reach, &fuel), near);
    assert_int_equal(ak_expr_clamp(&exprs, &partitions, close, &reach, &fuel), close);
    ak_arena_free(&arena);
}

/* Nothing is lost when there are no steps left for it. */
TEST(without_fuel_all_stays) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    uint64_t fuel = 1;
    assert_true(ak_exprs_init(&exprs, &arena, 1000000));
    ClampReach reach = {.longest = 20};
    Expr exact = parse(&exprs, 50, 100);
    ak_exprs_seal(&exprs);
    Partitions partitions = {.arena = &arena, .exprs = &exprs};
    assert_int_equal(ak_expr_clamp(&exprs, &partitions, exact, &reach, &fuel), exact);
    assert_int_equal(fuel, 0);
    assert_true(ak_exprs_ok(&exprs, NULL));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(short_texts_cannot_tell_clamped_expressions_from_exact_ones),
                                       cmocka_unit_test(far_counts_are_alike),
                                       cmocka_unit_test(without_fuel_all_stays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
