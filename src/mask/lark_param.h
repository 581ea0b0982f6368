/* Parameters of Lark rules (https://github.com/guidance-ai/llguidance/blob/main/docs/parametric.md): one 64-bit
 * number, expressions that make the next one, and conditions over it. */
#ifndef AK_MASK_LARK_PARAM_H
#define AK_MASK_LARK_PARAM_H

#include <stdbool.h>
#include <stdint.h>

/* The bits [low:high) of the parameter; `_` is all 64. */
typedef struct LarkBits {
    uint8_t low, high;
} LarkBits;

typedef struct LarkParam {
    enum { PARAM_CONST, PARAM_SELF, PARAM_OR, PARAM_AND, PARAM_INCR, PARAM_DECR } kind;
    uint64_t value; /* CONST, OR, AND */
    LarkBits bits;  /* INCR, DECR */
} LarkParam;

typedef struct LarkCondition LarkCondition;
struct LarkCondition {
    enum {
        CONDITION_TRUE,
        CONDITION_AND,
        CONDITION_OR,
        CONDITION_NOT,
        CONDITION_EQ,
        CONDITION_NE,
        CONDITION_LT,
        CONDITION_LE,
        CONDITION_GT,
        CONDITION_GE, /* value of the bits */
        CONDITION_COUNT_EQ,
        CONDITION_COUNT_NE,
        CONDITION_COUNT_LT,
        CONDITION_COUNT_LE,
        CONDITION_COUNT_GT,
        CONDITION_COUNT_GE /* how many are set */
    } kind;
    LarkBits bits;
    uint64_t value;
    const LarkCondition *left, *right;
};

uint64_t ak_lark_param(const LarkParam *param, uint64_t self);
bool ak_lark_holds(const LarkCondition *condition, uint64_t self);
static inline uint64_t ak_lark_ones(LarkBits bits) {
    return bits.high - bits.low == 64 ? UINT64_MAX : (UINT64_C(1) << (bits.high - bits.low)) - 1;
}

#endif
