/* The steps that a matcher took, with the way back: a list of chunks whose older part may be shared by forks.
 *
 * A step remembers the point before it and what was consumed. Chunks are counted by those who hold them; only the sole
 * holder of the newest chunk writes to it, so forks may go to other threads. Taking a step, going back and forking cost
 * the same whatever the length. */
#ifndef AK_MASK_HISTORY_H
#define AK_MASK_HISTORY_H

#include "mask/engine.h"

typedef struct HistoryStep {
    Point before;
    uint32_t token;      /* AK_TOKEN_NONE: bytes that come from no token */
    uint32_t is_end : 1; /* the text ended with it */
    uint32_t
        tokens : 31; /* of what was under way before it (limit.h); where items must differ, the place (unique.h) instead, which knows them */
} HistoryStep;

typedef struct HistoryChunk HistoryChunk;

typedef struct History {
    HistoryChunk *newest; /* held; NULL while there are no steps */
    uint32_t used;        /* steps of it that are ours */
    size_t count;         /* all our steps */
} History;

/* `to` must be empty. */
void ak_history_share(History *to, const History *from);
void ak_history_clear(History *self, const ananke_allocator *allocator);
/* Adds a step; `bytes` are those of a step without a token. False when out of memory. */
bool ak_history_push(History *self, const ananke_allocator *allocator, HistoryStep step, Str bytes);
/* Takes `count` steps back, of which there must be so many; the first of them. */
HistoryStep ak_history_back(History *self, const ananke_allocator *allocator, size_t count);
/* The last step; NULL: none was taken. */
const HistoryStep *ak_history_last(const History *self);

/* Visits all steps, the first one first; `bytes` is empty for steps with a token. False as soon as `visit` says so. */
typedef bool HistoryVisit(void *data, const HistoryStep *step, Str bytes);
bool ak_history_visit(const History *self, HistoryVisit *visit, void *data);

#endif
