/* Many masks at once. The threads live for one call: nothing is kept between calls, so nothing has to be set up or torn down, and two callers do not
 * wait for each other. Where a thread cannot be had, the work is done by those that are there. */
#include "compat/llg_constraint.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

typedef struct Batch {
    LlgConstraintStep *steps;
    size_t count;
    atomic_size_t next; /* the first step that nobody has taken */
    const void *user_data;
    LlgCallback done;
} Batch;

static void *work(void *data) {
    Batch *batch = data;
    for (;;) {
        size_t i = atomic_fetch_add_explicit(&batch->next, 1, memory_order_relaxed);
        if (i >= batch->count) return NULL;
        const LlgConstraintStep *step = &batch->steps[i];
        if (step->constraint) ak_llg_constraint_step(step->constraint, step->mask_dest, step->mask_byte_len);
    }
}

static size_t count_threads(const Batch *batch) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = processors < 1 ? 1 : processors > MOST_THREADS ? MOST_THREADS : (size_t)processors;
    return batch->count < most ? batch->count : most;
}

/* The calling thread works, too. */
static void run_batch(Batch *batch) {
    pthread_t threads[MOST_THREADS];
    size_t helpers = 0, wanted = count_threads(batch);
    while (helpers + 1 < wanted && pthread_create(&threads[helpers], NULL, work, batch) == 0) helpers++;
    work(batch);
    while (helpers) pthread_join(threads[--helpers], NULL);
}

static void *run_batch_and_tell(void *data) {
    Batch *batch = data;
    run_batch(batch);
    LlgCallback done = batch->done;
    const void *user_data = batch->user_data;
    free(batch->steps);
    free(batch);
    if (done) done(user_data);
    return NULL;
}

static bool start_detached(Batch *batch) {
    pthread_attr_t detached;
    pthread_t thread;
    if (pthread_attr_init(&detached) != 0) return false;
    bool started = pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED) == 0 &&
                   pthread_create(&thread, &detached, run_batch_and_tell, batch) == 0;
    pthread_attr_destroy(&detached);
    return started;
}

static Batch *copy_steps(const LlgConstraintStep *steps, size_t count) {
    if (!steps && count) return NULL;
    Batch *batch = calloc(1, sizeof *batch);
    LlgConstraintStep *copy = calloc(count + 1, sizeof *copy);
    if (!batch || !copy) return free(batch), free(copy), NULL;
    if (count) memcpy(copy, steps, count * sizeof *copy);
    batch->steps = copy, batch->count = count;
    return batch;
}

void llg_par_compute_mask(const LlgConstraintStep *steps, size_t count, const void *user_data, LlgCallback done) {
    Batch *batch = copy_steps(steps, count);
    if (!batch) { /* nothing is computed, but nobody waits for ever */
        if (done) done(user_data);
        return;
    }
    batch->user_data = user_data, batch->done = done;
    if (!done || !start_detached(batch)) run_batch_and_tell(batch);
}
