/* Decimals and their ranges against plain comparison of decimals. */
#include "../test.h"
#include "mask/json_schema_number.h"
#include "regex/regex_multiple.h"
#include <stdio.h>
#include <stdlib.h>

static const char *const numbers[] = {"0",     "-0",    "0.0",  "1",  "-1",    "9",     "10",   "10.0", "0.1",  "0.10",
                                      "0.09",  "0.11",  "-0.1", "99", "100",   "101",   "-99",  "-100", "12.5", "12.49",
                                      "12.51", "-12.5", "5",    "50", "500.5", "0.001", "1000", "1.001"};
enum { COUNT = sizeof numbers / sizeof *numbers };

TEST(decimals_are_read_in_plain_form) {
    IGNORE_STATE;
    static const struct {
        const char *text, *whole, *fraction;
        bool is_negative;
    } cases[] = {{"1e2", "100", "", false}, {"-12.50", "12", "5", true},     {"0.00120e1", "0", "012", false},
                 {"-0.0", "0", "", false},  {"123e-5", "0", "00123", false}, {"1.5E+3", "1500", "", false}};
    Arena arena = ak_arena(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Decimal decimal;
        assert_true(ak_decimal_read(&arena, ak_str(cases[i].text), &decimal));
        assert_true(ak_str_equal(decimal.whole, ak_str(cases[i].whole)));
        assert_true(ak_str_equal(decimal.fraction, ak_str(cases[i].fraction)));
        assert_int_equal(decimal.is_negative, cases[i].is_negative);
    }
    Decimal huge;
    assert_false(ak_decimal_read(&arena, STR("1e999999"), &huge));
    ak_arena_free(&arena);
}

TEST(ranges_agree_with_comparison) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 100000000));
    Expr from[COUNT][2], to[COUNT][2], equal[COUNT];
    Decimal decimals[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(ak_decimal_read(&arena, ak_str(numbers[i]), &decimals[i]));
        for (int strict = 0; strict < 2; strict++) {
            from[i][strict] = ak_number_from(&exprs, &decimals[i], strict);
            to[i][strict] = ak_number_to(&exprs, &decimals[i], strict);
        }
        equal[i] = ak_number_equal(&exprs, &decimals[i]);
    }
    ak_exprs_seal(&exprs);
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COUNT; j++) {
            int order = ak_decimal_compare(&decimals[j], &decimals[i]);
            Str text = ak_str(numbers[j]);
            bool agrees = ak_expr_matches(&exprs, from[i][0], text) == (order >= 0) &&
                          ak_expr_matches(&exprs, from[i][1], text) == (order > 0) &&
                          ak_expr_matches(&exprs, to[i][0], text) == (order <= 0) &&
                          ak_expr_matches(&exprs, to[i][1], text) == (order < 0) &&
                          ak_expr_matches(&exprs, equal[i], text) == (order == 0);
            if (!agrees) fail_msg("%s and the bound %s", numbers[j], numbers[i]);
        }
    }
    ak_arena_free(&arena);
}

/* ---- multiples */

enum { UNITS = 100000000, PLACES = 8, TRIES = 400 };

/* A number of hundred-millionths as a decimal, with more or fewer of the zeros behind it. */
static Str spell(Arena *arena, int64_t units) {
    Str text = ak_arena_format(arena, "%s%lld.%08lld", units < 0 ? "-" : "", (long long)llabs(units) / UNITS,
                               (long long)llabs(units) % UNITS);
    while (text.data[text.length - 1] == '0' && rand() % 8) text.length--;
    if (text.data[text.length - 1] == '.') text.length--;
    return text;
}

/* Some that are multiples, some that are near to one, some with fewer places than others. */
static int64_t random_units(int64_t divisor) {
    int64_t most = INT64_MAX / 4 / divisor, times = most < 1000 ? most : 1000;
    int64_t units = rand() % 2 ? divisor * (rand() % (2 * times) - times) : (int64_t)rand() % (divisor * 3 + 1);
    if (rand() % 3 == 0) units += rand() % 3 - 1;
    if (rand() % 3 == 0) units = units / 1000000 * 1000000;
    return units;
}

TEST(multiples_agree_with_integer_arithmetic) {
    IGNORE_STATE;
    static const char *const divisors[] = {"0.01",   "0.1",   "2.5",      "1",      "3",          "7",         "100",
                                           "1e-8",   "1e3",   "0.0001",   "123.45", "0.25",       "0.00375",   "12.5",
                                           "999983", "1.024", "8",        "0.3",    "64",         "1e6",       "524288",
                                           "0.75",   "60",    "0.123456", "1e9",    "5.36870912", "0.00999983"};
    srand(7);
    for (size_t i = 0; i < sizeof divisors / sizeof *divisors; i++) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        Decimal decimal;
        Expr multiples;
        assert_true(ak_exprs_init(&exprs, &arena, 100000000));
        assert_true(ak_decimal_read(&arena, ak_str(divisors[i]), &decimal));
        assert_true(ak_number_multiple(&exprs, &decimal, &multiples));
        ak_exprs_seal(&exprs);
        int64_t divisor = (int64_t)(strtold(divisors[i], NULL) * UNITS + 0.5L);
        for (int t = 0; t < TRIES; t++) {
            int64_t units = random_units(divisor);
            Str text = spell(&arena, units);
            if (ak_expr_matches(&exprs, multiples, text) != (units % divisor == 0))
                fail_msg("%.*s and the divisor %s", STR_ARGS(text), divisors[i]);
        }
        ak_arena_free(&arena);
    }
}

TEST(multiples_within_bounds_are_seen_to_be_or_not_to_be) {
    IGNORE_STATE;
    static const struct {
        const char *from, *to, *divisor;
        bool is_empty;
    } cases[] = {{"1", "999982", "999983", true},
                 {"1", "999983", "999983", false},
                 {"8", "13", "7", true},
                 {"8", "14", "7", false},
                 {"0.001", "0.009", "0.01", true},
                 {"0.001", "0.01", "0.01", false},
                 {"1e15", "2e15", "999983", false},
                 {"7000001", "7999861", "999983", true},
                 {"7000001", "7999864", "999983", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        Decimal from, to, divisor;
        Expr all;
        assert_true(ak_exprs_init(&exprs, &arena, 100000000));
        assert_true(ak_decimal_read(&arena, ak_str(cases[i].from), &from));
        assert_true(ak_decimal_read(&arena, ak_str(cases[i].to), &to));
        assert_true(ak_decimal_read(&arena, ak_str(cases[i].divisor), &divisor));
        assert_true(ak_number_multiple(&exprs, &divisor, &all));
        all = ak_expr_and(&exprs, all, ak_number_from(&exprs, &from, false));
        all = ak_expr_and(&exprs, all, ak_number_to(&exprs, &to, false));
        ak_exprs_seal(&exprs);
        if (ak_expr_is_empty(&exprs, all) != cases[i].is_empty)
            fail_msg("%s, %s, %s", cases[i].from, cases[i].to, cases[i].divisor);
        ak_arena_free(&arena);
    }
}

/* States of the automaton that digits lead to. */
static size_t count_states(Exprs *exprs, Expr from) {
    VEC(Expr) states = {0};
    assert_true(ak_vec_push(exprs->arena, &states, from));
    for (size_t at = 0; at < states.count; at++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            Expr to = ak_expr_derivative(exprs, states.items[at], exprs->classes[(uint8_t)digit]);
            size_t i = 0;
            while (i < states.count && states.items[i] != to) i++;
            if (i == states.count) assert_true(ak_vec_push(exprs->arena, &states, to));
        }
    }
    return states.count;
}

TEST(remainders_with_the_same_continuations_are_one_state) {
    IGNORE_STATE;
    static const struct {
        uint32_t modulus, states;
    } cases[] = {{1, 1}, {10, 2}, {1000, 4}, {1000000000, 10}, {8, 5}, {7, 7}, {2, 2}, {4, 3}, {30, 4}, {25, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        assert_true(ak_exprs_init(&exprs, &arena, 100000000));
        Expr multiples = ak_expr_multiple(&exprs, cases[i].modulus, 0);
        ak_exprs_seal(&exprs);
        assert_int_equal(count_states(&exprs, multiples), cases[i].states);
        ak_arena_free(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_in_plain_form),
        cmocka_unit_test(ranges_agree_with_comparison),
        cmocka_unit_test(multiples_agree_with_integer_arithmetic),
        cmocka_unit_test(multiples_within_bounds_are_seen_to_be_or_not_to_be),
        cmocka_unit_test(remainders_with_the_same_continuations_are_one_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
