/* Functions and conditions are rows of two tables: a name, what it comes to, and what it takes. */
#include "mask/lark_condition.h"

static bool read_bit(LarkReader *self, uint64_t limit, uint8_t *bit) {
    size_t at = self->at;
    uint64_t value;
    if (!ak_lark_read_number(self, &value)) return false;
    *bit = (uint8_t)value;
    return value <= limit || ak_lark_syntax(self, at, "bits are numbered 0 to 63");
}

/* `_` or [low:high] */
static bool read_bits(LarkReader *self, LarkBits *bits) {
    size_t at = self->at;
    *bits = (LarkBits){0, 64};
    if (ak_lark_accept(self, "_")) return true;
    if (!ak_lark_expect(self, "[", "bits were expected here: _ or [low:high]") || !read_bit(self, 63, &bits->low))
        return false;
    if (!ak_lark_expect(self, ":", "':' was expected here") || !read_bit(self, 64, &bits->high)) return false;
    if (bits->high <= bits->low) return ak_lark_syntax(self, at, "the upper bit must be above the lower one");
    return ak_lark_expect(self, "]", "']' was expected here");
}

const LarkParam *ak_lark_read_param(LarkReader *self) {
    static const struct {
        const char *name;
        int kind, argument;
    } functions[] = {{"set_bit", PARAM_OR, 1}, {"clear_bit", PARAM_AND, 1}, {"bit_and", PARAM_AND, 2},
                     {"bit_or", PARAM_OR, 2},  {"incr", PARAM_INCR, 3},     {"decr", PARAM_DECR, 3}};
    LarkParam *param = ak_new(self->arena, LarkParam);
    if (!param) return ak_fail_memory(self->err, self->arena), NULL;
    size_t at = self->at;
    if (ak_lark_is_digit(ak_lark_peek(self)))
        return param->kind = PARAM_CONST, ak_lark_read_number(self, &param->value) ? param : NULL;
    if (ak_lark_peek(self) == '_' && !ak_lark_at_name(self))
        return self->at++, ak_lark_skip(self, false), param->kind = PARAM_SELF, param;
    Str name = {0};
    bool is_terminal;
    uint8_t bit;
    if (!ak_lark_read_name(self, &name, &is_terminal) || !ak_lark_expect(self, "(", "'(' was expected here"))
        return NULL;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (!ak_str_equal(name, ak_str(functions[i].name))) continue;
        param->kind = functions[i].kind;
        if (functions[i].argument == 3 && !read_bits(self, &param->bits)) return NULL;
        if (functions[i].argument == 2 && !ak_lark_read_number(self, &param->value)) return NULL;
        if (functions[i].argument == 1) {
            if (!read_bit(self, 63, &bit)) return NULL;
            param->value = param->kind == PARAM_OR ? UINT64_C(1) << bit : ~(UINT64_C(1) << bit);
        }
        return ak_lark_expect(self, ")", "')' was expected here") ? param : NULL;
    }
    return ak_lark_syntax(self, at,
                          "unknown function of a parameter; known are set_bit, clear_bit, bit_and, bit_or, incr, decr"),
           NULL;
}

typedef enum ConditionArguments {
    ARGUMENTS_NONE,
    ARGUMENT_BIT,
    ARGUMENT_BITS,
    ARGUMENTS_COMPARE,
    ARGUMENT_ONE,
    ARGUMENTS_TWO
} ConditionArguments;

static const struct {
    const char *name;
    int kind;
    ConditionArguments arguments;
} conditions[] = {
    {"true", CONDITION_TRUE, ARGUMENTS_NONE},
    {"bit_clear", CONDITION_EQ, ARGUMENT_BIT},
    {"bit_set", CONDITION_NE, ARGUMENT_BIT},
    {"is_ones", CONDITION_GE, ARGUMENT_BITS},
    {"is_zeros", CONDITION_EQ, ARGUMENT_BITS},
    {"eq", CONDITION_EQ, ARGUMENTS_COMPARE},
    {"ne", CONDITION_NE, ARGUMENTS_COMPARE},
    {"lt", CONDITION_LT, ARGUMENTS_COMPARE},
    {"le", CONDITION_LE, ARGUMENTS_COMPARE},
    {"gt", CONDITION_GT, ARGUMENTS_COMPARE},
    {"ge", CONDITION_GE, ARGUMENTS_COMPARE},
    {"bit_count_eq", CONDITION_COUNT_EQ, ARGUMENTS_COMPARE},
    {"bit_count_ne", CONDITION_COUNT_NE, ARGUMENTS_COMPARE},
    {"bit_count_lt", CONDITION_COUNT_LT, ARGUMENTS_COMPARE},
    {"bit_count_le", CONDITION_COUNT_LE, ARGUMENTS_COMPARE},
    {"bit_count_gt", CONDITION_COUNT_GT, ARGUMENTS_COMPARE},
    {"bit_count_ge", CONDITION_COUNT_GE, ARGUMENTS_COMPARE},
    {"and", CONDITION_AND, ARGUMENTS_TWO},
    {"or", CONDITION_OR, ARGUMENTS_TWO},
    {"not", CONDITION_NOT, ARGUMENT_ONE},
};

static bool read_arguments(LarkReader *self, LarkCondition *condition, ConditionArguments arguments) {
    switch (arguments) {
    case ARGUMENTS_NONE: return true;
    case ARGUMENT_BIT:
        if (!read_bit(self, 63, &condition->bits.low)) return false;
        condition->bits.high = (uint8_t)(condition->bits.low + 1);
        return true;
    case ARGUMENT_BITS:
        if (!read_bits(self, &condition->bits)) return false;
        condition->value =
            condition->kind == CONDITION_GE ? ak_lark_ones(condition->bits) : 0; /* is_ones: at least all ones */
        return true;
    case ARGUMENTS_COMPARE:
        return read_bits(self, &condition->bits) && ak_lark_expect(self, ",", "',' was expected here") &&
               ak_lark_read_number(self, &condition->value);
    case ARGUMENT_ONE: return (condition->left = ak_lark_read_condition(self)) != NULL;
    case ARGUMENTS_TWO:
        if (!(condition->left = ak_lark_read_condition(self)) || !ak_lark_expect(self, ",", "',' was expected here"))
            return false;
        return (condition->right = ak_lark_read_condition(self)) != NULL;
    }
    return false;
}

/* The condition of row `i` of the table; its name is read. */
static bool read_named(LarkReader *self, LarkCondition *condition, size_t i) {
    condition->kind = conditions[i].kind;
    condition->bits = (LarkBits){0, 64};
    if (conditions[i].arguments == ARGUMENTS_NONE && ak_lark_peek(self) != '(') return true;
    return ak_lark_expect(self, "(", "'(' was expected here") &&
           read_arguments(self, condition, conditions[i].arguments) &&
           ak_lark_expect(self, ")", "')' was expected here");
}

const LarkCondition *ak_lark_read_condition(LarkReader *self) {
    Str name = {0};
    bool is_terminal;
    size_t at = self->at, i = 0, count = sizeof conditions / sizeof *conditions;
    LarkCondition *condition = ak_new(self->arena, LarkCondition);
    if (!condition) return ak_fail_memory(self->err, self->arena), NULL;
    if (++self->depth > AK_LARK_MAX_DEPTH) return ak_lark_syntax(self, at, "conditions are nested too deeply"), NULL;
    if (!ak_lark_read_name(self, &name, &is_terminal)) return NULL;
    ak_lark_skip(self, false);
    while (i < count && !ak_str_equal(name, ak_str(conditions[i].name))) i++;
    if (i == count) return ak_lark_syntax(self, at, "unknown condition"), NULL;
    if (!read_named(self, condition, i)) return NULL;
    self->depth--;
    return condition;
}
