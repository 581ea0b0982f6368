/* A flag with users: handles may outlive the matcher. A matcher looks at it before and after each step; steps are short. */
#include "compat/llg_cancel.h"
#include <stdlib.h>

struct LlgCancellationHandle {
    Cancel *cancel;
};

Cancel *ak_llg_cancel_new(bool asked) {
    Cancel *cancel = malloc(sizeof *cancel);
    if (!cancel) return NULL;
    atomic_init(&cancel->users, 1);
    atomic_init(&cancel->asked, asked);
    return cancel;
}

void ak_llg_cancel_leave(Cancel *cancel) {
    if (cancel && atomic_fetch_sub_explicit(&cancel->users, 1, memory_order_acq_rel) == 1) free(cancel);
}

LlgCancellationHandle *ak_llg_cancel_handle(Cancel *cancel) {
    LlgCancellationHandle *handle = malloc(sizeof *handle);
    if (!handle) return NULL;
    atomic_fetch_add_explicit(&cancel->users, 1, memory_order_relaxed);
    handle->cancel = cancel;
    return handle;
}

LlgCancellationHandle *llg_clone_cancellation_handle(const LlgCancellationHandle *handle) {
    return ak_llg_cancel_handle(handle->cancel);
}

void llg_cancel(const LlgCancellationHandle *handle) {
    atomic_store_explicit(&handle->cancel->asked, true, memory_order_release);
}

void llg_free_cancellation_handle(LlgCancellationHandle *handle) {
    if (!handle) return;
    ak_llg_cancel_leave(handle->cancel);
    free(handle);
}
