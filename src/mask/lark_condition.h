/* Reading what rules with a parameter have: the expression behind `::`, and the condition behind `%if`. */
#ifndef AK_MASK_LARK_CONDITION_H
#define AK_MASK_LARK_CONDITION_H

#include "mask/lark_words.h"

/* NULL and the reader's `err` when what stands here is neither. */
const LarkParam *ak_lark_read_param(LarkReader *self);
const LarkCondition *ak_lark_read_condition(LarkReader *self);

#endif
