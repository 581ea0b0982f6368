/* Filling many masks: one round of a crew. */
#include "base/crew.h"
#include "base/error.h"
#include <ananke/pool.h>
#include <stdatomic.h>

/* The public name of a crew. */
struct ananke_pool;

static Crew *crew_of(ananke_pool *pool) {
    return (Crew *)pool;
}

ananke_pool *ananke_pool_new(const ananke_context *context, ananke_error *err) {
    Crew *crew = ak_crew_new(context);
    if (!crew) ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    return (ananke_pool *)crew;
}

void ananke_pool_free(ananke_pool *pool) {
    ak_crew_free(crew_of(pool));
}

size_t ananke_pool_size(const ananke_pool *pool) {
    return ak_crew_size((const Crew *)pool);
}

typedef struct Batch {
    ananke_matcher *const *matchers;
    uint32_t *rows;
    size_t stride;
    bool *filled;
    atomic_size_t first_failed;
} Batch;

static bool fill_one(void *data, size_t index, size_t worker) {
    (void)worker;
    Batch *batch = data;
    bool done =
        ananke_matcher_fill_mask(batch->matchers[index], batch->rows + index * batch->stride, batch->stride, NULL);
    if (batch->filled) batch->filled[index] = done;
    size_t first = atomic_load(&batch->first_failed);
    while (!done && index < first && !atomic_compare_exchange_weak(&batch->first_failed, &first, index)) continue;
    return done;
}

bool ananke_pool_fill_masks(ananke_pool *pool, ananke_matcher *const *matchers, size_t count, uint32_t *rows,
                            size_t stride, bool *filled, ananke_error *err) {
    Batch batch = {.matchers = matchers, .rows = rows, .stride = stride, .filled = filled};
    atomic_init(&batch.first_failed, SIZE_MAX);
    if (ak_crew_run(crew_of(pool), count, fill_one, &batch)) return true;
    size_t first =
        atomic_load(&batch.first_failed); /* asked again, it says the same: failure stays, and so does a short row */
    ananke_matcher_fill_mask(matchers[first], rows + first * stride, stride, err);
    return false;
}
