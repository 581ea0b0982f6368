/* Arithmetic on the parameter of a Lark rule. */
#include "mask/lark_param.h"
#include <stddef.h>

static uint64_t bits_of(LarkBits bits, uint64_t self) {
    return self >> bits.low & ak_lark_ones(bits);
}

uint64_t ak_lark_param(const LarkParam *param, uint64_t self) {
    switch (param->kind) {
    case PARAM_CONST: return param->value;
    case PARAM_SELF: return self;
    case PARAM_OR: return self | param->value;
    case PARAM_AND: return self & param->value;
    case PARAM_INCR:
        return bits_of(param->bits, self) == ak_lark_ones(param->bits) ? self : self + (UINT64_C(1) << param->bits.low);
    case PARAM_DECR: return bits_of(param->bits, self) == 0 ? self : self - (UINT64_C(1) << param->bits.low);
    }
    return self;
}

static uint64_t count_ones(uint64_t value) {
    uint64_t count = 0;
    for (; value; value &= value - 1) count++;
    return count;
}

/* Recursion is bounded by the reader's limit on nesting. */
bool ak_lark_holds(const LarkCondition *condition, uint64_t self) {
    if (!condition) return true;
    uint64_t value = bits_of(condition->bits, self), count = count_ones(value);
    switch (condition->kind) {
    case CONDITION_TRUE: return true;
    case CONDITION_AND: return ak_lark_holds(condition->left, self) && ak_lark_holds(condition->right, self);
    case CONDITION_OR: return ak_lark_holds(condition->left, self) || ak_lark_holds(condition->right, self);
    case CONDITION_NOT: return !ak_lark_holds(condition->left, self);
    case CONDITION_EQ: return value == condition->value;
    case CONDITION_NE: return value != condition->value;
    case CONDITION_LT: return value < condition->value;
    case CONDITION_LE: return value <= condition->value;
    case CONDITION_GT: return value > condition->value;
    case CONDITION_GE: return value >= condition->value;
    case CONDITION_COUNT_EQ: return count == condition->value;
    case CONDITION_COUNT_NE: return count != condition->value;
    case CONDITION_COUNT_LT: return count < condition->value;
    case CONDITION_COUNT_LE: return count <= condition->value;
    case CONDITION_COUNT_GT: return count > condition->value;
    case CONDITION_COUNT_GE: return count >= condition->value;
    }
    return false;
}
