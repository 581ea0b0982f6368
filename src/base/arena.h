/* Arenas: memory that is freed all at once.
 *
 * One arena holds one result. Allocation bumps a pointer in a chunk. Failure is sticky: once the allocator or the budget has refused,
 * every later allocation returns NULL too, so that a run of small allocations may be checked at its end with ak_arena_ok. An arena has one owner.
 *
 * Calling work off is a third refusal: long work passes by its arena all the time, and so needs no other way to hear of it. */
#ifndef AK_BASE_ARENA_H
#define AK_BASE_ARENA_H

#include "base/str.h"
#include <ananke/context.h>
#include <stdarg.h>

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
    ananke_allocator allocator;
    ArenaChunk *chunk;           /* newest; the older ones hang on it */
    ArenaChunk *open;            /* the one that has room left: large requests have chunks of their own */
    size_t used;                 /* bytes taken from the allocator */
    size_t limit;                /* budget in bytes; SIZE_MAX when there is none */
    bool failed;                 /* the allocator refused, or the budget is spent */
    bool over_budget;            /* it was the budget */
    bool cancelled;              /* it was the cancel function */
    const ananke_context *asked; /* whose cancel function is polled, borrowed; NULL: nobody's */
    uint64_t patience;           /* steps until it is polled again */
} Arena;

/* An empty arena; nothing is allocated yet. `context` may be NULL: malloc, no budget. */
Arena ak_arena(const ananke_context *context);
void ak_arena_free(Arena *arena);
/* From now on the context's cancel function is polled: for work that ends with the call that the context was given to. */
void ak_arena_obey(Arena *arena, const ananke_context *context);
/* Says that `steps` of work are about to be done. False when the arena has failed: by being cancelled, for instance. An allocation is a step. */
bool ak_arena_step(Arena *arena, uint64_t steps);

/* Zeroed memory, aligned for any type. NULL on failure, or when count * size overflows. */
void *ak_arena_alloc(Arena *arena, size_t count, size_t size);
/* A copy of these bytes, aligned likewise. */
void *ak_arena_copy(Arena *arena, const void *bytes, size_t size);
/* Grows an array to `count` items: in place when it is the newest allocation, else by copying. The old array stays valid on failure. */
void *ak_arena_grow(Arena *arena, void *old, size_t old_count, size_t count, size_t size);
/* A NUL-terminated copy. {NULL, 0} on failure. */
Str ak_arena_str(Arena *arena, Str text);
/* Formats into the arena; NUL-terminated. {NULL, 0} on failure. */
Str ak_arena_format(Arena *arena, const char *format, ...) ANANKE_PRINTF(2, 3);
Str ak_arena_format_list(Arena *arena, const char *format, va_list arguments);

#define ak_new(arena, Type) ((Type *)ak_arena_alloc((arena), 1, sizeof(Type)))
#define ak_new_array(arena, Type, count) ((Type *)ak_arena_alloc((arena), (count), sizeof(Type)))

static inline bool ak_arena_ok(const Arena *arena) {
    return !arena->failed;
}

/* A mark to come back to: what was allocated since is given up. */
typedef struct ArenaMark {
    ArenaChunk *chunk, *open;
    size_t at; /* in the open one */
} ArenaMark;
ArenaMark ak_arena_mark(const Arena *arena);
void ak_arena_rewind(Arena *arena, ArenaMark mark);

/* malloc and free behind the allocator interface. */
ananke_allocator ak_allocator_default(void);
/* An object that must outlive no arena: its struct and its arena are made together. `arena_offset` is where the Arena field lies in it. */
void *ak_object_new(const ananke_context *context, size_t size, size_t arena_offset);
void ak_object_free(void *object, size_t size, size_t arena_offset);

#endif
