/* Decimals and their ranges against plain comparison of decimals. */
#include "../test.h"
#include "mask/json_schema_number.h"
#include <stdio.h>

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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(decimals_are_read_in_plain_form),
                                       cmocka_unit_test(ranges_agree_with_comparison)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
