/* Pools: threads that fill the masks of many matchers in one call, as a serving engine does between two steps of a batch. */
#ifndef ANANKE_POOL_H
#define ANANKE_POOL_H

#include <ananke/context.h>
#include <ananke/error.h>
#include <ananke/matcher.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_pool ananke_pool;

/* As many threads as the context says (0: the processors), the calling one counted in. Between calls they watch for the next one for
 * some 50 microseconds (where there are processors for all of them), then they sleep. NULL and `err` when out of memory. Free with ananke_pool_free. May be used by several threads, whose calls wait for each other. */
ANANKE_API ananke_pool *ananke_pool_new(const ananke_context *context, ananke_error *err);
ANANKE_API void ananke_pool_free(ananke_pool *pool);
/* How many threads work, the calling one included. */
ANANKE_API size_t ananke_pool_size(const ananke_pool *pool);

/* Fills `count` rows (row i, of the i-th matcher, at rows + i*stride words), in parallel. Every row is tried: `filled[i]` (may be NULL) says whether it
 * was, and that matcher's error why not. False when any was not; `err` tells of the first. The matchers must be different. */
ANANKE_API bool ananke_pool_fill_masks(ananke_pool *pool, ananke_matcher *const *matchers, size_t count, uint32_t *rows,
                                       size_t stride, bool *filled, ananke_error *err);

#ifdef __cplusplus
}
#endif
#endif
