/* Chunks point to the one before. A chunk that is shared is not written to: the next step begins a new one. */
#include "mask/history.h"
#include <assert.h>

enum { CHUNK_STEPS = 60 };

/* Bytes of a step that has no token. */
typedef struct HistoryBytes HistoryBytes;
struct HistoryBytes {
    HistoryBytes *next;
    size_t length;
    uint32_t step; /* in its chunk */
    char data[];
};

struct HistoryChunk {
    HistoryChunk *before; /* held */
    uint32_t before_used; /* steps of it that come before this chunk */
    atomic_uint holders;
    HistoryBytes *bytes;
    HistoryStep steps[CHUNK_STEPS];
};

static HistoryBytes *drop_bytes(HistoryBytes *bytes, const ananke_allocator *allocator) {
    HistoryBytes *next = bytes->next;
    allocator->resize(allocator->data, bytes, sizeof *bytes + bytes->length, 0);
    return next;
}

static void release(HistoryChunk *chunk, const ananke_allocator *allocator) {
    while (chunk && atomic_fetch_sub_explicit(&chunk->holders, 1, memory_order_acq_rel) == 1) {
        HistoryChunk *before = chunk->before;
        while (chunk->bytes) chunk->bytes = drop_bytes(chunk->bytes, allocator);
        allocator->resize(allocator->data, chunk, sizeof *chunk, 0);
        chunk = before;
    }
}

static void hold(HistoryChunk *chunk) {
    if (chunk) atomic_fetch_add_explicit(&chunk->holders, 1, memory_order_relaxed);
}

void ak_history_share(History *to, const History *from) {
    assert(!to->newest);
    *to = *from;
    hold(to->newest);
}

void ak_history_clear(History *self, const ananke_allocator *allocator) {
    release(self->newest, allocator);
    *self = (History){0};
}

static bool begin_chunk(History *self, const ananke_allocator *allocator) {
    HistoryChunk *chunk = allocator->resize(allocator->data, NULL, 0, sizeof *chunk);
    if (!chunk) return false;
    chunk->before = self->newest, chunk->before_used = self->used, chunk->bytes = NULL;
    atomic_init(&chunk->holders, 1);
    self->newest = chunk, self->used = 0;
    return true;
}

bool ak_history_push(History *self, const ananke_allocator *allocator, HistoryStep step, Str bytes) {
    bool is_ours = self->newest && self->used < CHUNK_STEPS &&
                   atomic_load_explicit(&self->newest->holders, memory_order_acquire) == 1;
    if (!is_ours && !begin_chunk(self, allocator)) return false;
    HistoryChunk *chunk = self->newest;
    while (chunk->bytes && chunk->bytes->step >= self->used) chunk->bytes = drop_bytes(chunk->bytes, allocator);
    if (bytes.length) {
        HistoryBytes *copy = allocator->resize(allocator->data, NULL, 0, sizeof *copy + bytes.length);
        if (!copy) return false;
        copy->next = chunk->bytes, copy->length = bytes.length, copy->step = self->used;
        memcpy(copy->data, bytes.data, bytes.length);
        chunk->bytes = copy;
    }
    chunk->steps[self->used++] = step;
    self->count++;
    return true;
}

HistoryStep ak_history_back(History *self, const ananke_allocator *allocator, size_t count) {
    assert(count && count <= self->count);
    self->count -= count;
    while (count > self->used) {
        HistoryChunk *chunk = self->newest;
        count -= self->used;
        self->newest = chunk->before, self->used = chunk->before_used;
        hold(self->newest);
        release(chunk, allocator);
    }
    self->used -= (uint32_t)count;
    return self->newest->steps[self->used];
}

const HistoryStep *ak_history_last(const History *self) {
    const HistoryChunk *chunk = self->newest;
    uint32_t used = self->used;
    while (chunk && !used) used = chunk->before_used, chunk = chunk->before;
    return chunk ? &chunk->steps[used - 1] : NULL;
}

static Str bytes_of(const HistoryChunk *chunk, uint32_t step) {
    const HistoryBytes *bytes = chunk->bytes;
    while (bytes && bytes->step != step) bytes = bytes->next;
    return bytes ? (Str){bytes->data, bytes->length} : (Str){0};
}

/* The chunk that comes after `earlier`, NULL being before the oldest, and how many of its steps are ours. Looked for
 * from the newest on: histories are visited seldom. */
static const HistoryChunk *chunk_after(const History *self, const HistoryChunk *earlier, uint32_t *used) {
    const HistoryChunk *chunk = self->newest;
    *used = self->used;
    while (chunk && chunk->before != earlier) *used = chunk->before_used, chunk = chunk->before;
    return chunk;
}

bool ak_history_visit(const History *self, HistoryVisit *visit, void *data) {
    uint32_t used;
    for (const HistoryChunk *chunk = NULL; chunk != self->newest;) {
        chunk = chunk_after(self, chunk, &used);
        for (uint32_t i = 0; i < used; i++) {
            if (!visit(data, &chunk->steps[i], bytes_of(chunk, i))) return false;
        }
    }
    return true;
}
