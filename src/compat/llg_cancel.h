/* What a matcher knows of those who may cancel it. */
#ifndef AK_COMPAT_LLG_CANCEL_H
#define AK_COMPAT_LLG_CANCEL_H

#include "compat/llg.h"
#include <stdatomic.h>

typedef struct Cancel {
    atomic_uint users; /* the matcher and its handles */
    atomic_bool asked;
} Cancel;

Cancel *ak_llg_cancel_new(bool asked);
void ak_llg_cancel_leave(Cancel *cancel);
/* A new handle, one more user; NULL when out of memory. */
LlgCancellationHandle *ak_llg_cancel_handle(Cancel *cancel);

static inline bool ak_llg_is_cancelled(const Cancel *cancel) {
    return cancel && atomic_load_explicit(&cancel->asked, memory_order_acquire);
}

#endif
