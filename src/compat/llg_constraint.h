/* What llg_parallel.c needs of constraints. */
#ifndef AK_COMPAT_LLG_CONSTRAINT_H
#define AK_COMPAT_LLG_CONSTRAINT_H

#include "compat/llg.h"

/* Computes the mask as llg_compute_mask does and writes it into `dest`, cut or filled up with zeros; the main end-of-text token alone where the
 * text has ended. The constraint keeps any error. */
void ak_llg_constraint_step(LlgConstraint *constraint, uint32_t *dest, size_t bytes);

#endif
