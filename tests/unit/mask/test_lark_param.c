/* Parameters of Lark rules: the examples of the manual. */
#include "../test.h"
#include "mask/lark_param.h"

TEST(expressions_make_the_next_value) {
    IGNORE_STATE;
    LarkBits low = {0, 3}, high = {3, 6};
    assert_int_equal(ak_lark_param(&(LarkParam){.kind = PARAM_CONST, .value = 7}, 1), 7);
    assert_int_equal(ak_lark_param(&(LarkParam){.kind = PARAM_SELF}, 5), 5);
    assert_int_equal(ak_lark_param(&(LarkParam){.kind = PARAM_OR, .value = 4}, 1), 5);
    assert_int_equal(ak_lark_param(&(LarkParam){.kind = PARAM_AND, .value = 6}, 5), 4);
    assert_int_equal(ak_lark_param(&(LarkParam){.kind = PARAM_INCR, .bits = high}, 1), 9);
    assert_int_equal(ak_lark_param(&(LarkParam){.kind = PARAM_INCR, .bits = low}, 7), 7); /* saturates */
    assert_int_equal(ak_lark_param(&(LarkParam){.kind = PARAM_DECR, .bits = high}, 9), 1);
    assert_int_equal(ak_lark_param(&(LarkParam){.kind = PARAM_DECR, .bits = high}, 7), 7);
}

static bool holds(int kind, uint64_t value, uint64_t self) {
    LarkCondition condition = {.bits = {1, 4}, .value = value};
    condition.kind = kind;
    return ak_lark_holds(&condition, self);
}

TEST(conditions_look_at_bits) {
    IGNORE_STATE;
    uint64_t self = 0x1A; /* bits 1 to 3 are 101: 5, two of them set */
    assert_true(holds(CONDITION_EQ, 5, self) && holds(CONDITION_LE, 5, self) && holds(CONDITION_GE, 5, self));
    assert_true(holds(CONDITION_NE, 4, self) && holds(CONDITION_LT, 6, self) && holds(CONDITION_GT, 4, self));
    assert_false(holds(CONDITION_LT, 5, self) || holds(CONDITION_GT, 5, self) || holds(CONDITION_NE, 5, self));
    assert_true(holds(CONDITION_COUNT_EQ, 2, self) && holds(CONDITION_COUNT_GE, 1, self) &&
                holds(CONDITION_COUNT_LT, 3, self));
    assert_false(holds(CONDITION_COUNT_NE, 2, self) || holds(CONDITION_COUNT_GT, 2, self) ||
                 holds(CONDITION_COUNT_LE, 1, self));
    LarkCondition yes = {.kind = CONDITION_TRUE}, no = {.kind = CONDITION_NOT, .left = &yes};
    assert_true(ak_lark_holds(NULL, 0) && ak_lark_holds(&yes, 0) && !ak_lark_holds(&no, 0));
    assert_false(ak_lark_holds(&(LarkCondition){.kind = CONDITION_AND, .left = &yes, .right = &no}, 0));
    assert_true(ak_lark_holds(&(LarkCondition){.kind = CONDITION_OR, .left = &no, .right = &yes}, 0));
    assert_int_equal(ak_lark_ones((LarkBits){0, 64}), UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(expressions_make_the_next_value),
                                       cmocka_unit_test(conditions_look_at_bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
