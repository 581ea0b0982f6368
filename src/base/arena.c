/* Arenas: chunks of doubling size in a list, newest first. A request that does not fit opens a new chunk; the open chunk's tail is wasted then, unless the
 * request is a large one, which has a chunk of its own beside the open one: so a part in LARGE of it is wasted at most. Memory is zeroed when handed out, so a rewound chunk gives clean memory again. */
#include "base/arena.h"
#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

struct ArenaChunk {
    ArenaChunk *older;
    size_t capacity; /* bytes behind the header */
    size_t at;       /* bytes of those in use */
};

enum { FIRST_CHUNK = 4096, LARGEST_CHUNK = 1 << 20, LARGE = 8, ALIGN = alignof(max_align_t) };

/* Steps between two polls: some tenths of a millisecond, beside which even a slow cancel function costs little. */
enum { PATIENCE = 4096 };

#define HEADER ((sizeof(ArenaChunk) + ALIGN - 1) / ALIGN * ALIGN)

static char *chunk_data(ArenaChunk *chunk) {
    return (char *)chunk + HEADER;
}

static void *default_resize(void *data, void *pointer, size_t old_size, size_t new_size) {
    (void)data, (void)old_size;
    if (new_size == 0) {
        free(pointer);
        return NULL;
    }
    return realloc(pointer, new_size);
}

ananke_allocator ak_allocator_default(void) {
    return (ananke_allocator){.resize = default_resize};
}

Arena ak_arena(const ananke_context *context) {
    Arena arena = {.allocator = ak_allocator_default(), .limit = SIZE_MAX};
    if (context && context->allocator) arena.allocator = *context->allocator;
    if (context && context->memory_limit) arena.limit = context->memory_limit;
    return arena;
}

static void drop_chunk(Arena *arena) {
    ArenaChunk *chunk = arena->chunk;
    arena->chunk = chunk->older;
    size_t size = HEADER + chunk->capacity;
    arena->used -= size;
    arena->allocator.resize(arena->allocator.data, chunk, size, 0);
}

void ak_arena_free(Arena *arena) {
    while (arena->chunk) drop_chunk(arena);
    arena->open = NULL;
}

static void *fail(Arena *arena, bool over_budget) {
    arena->failed = true;
    arena->over_budget = over_budget;
    return NULL;
}

static ArenaChunk *add_chunk(Arena *arena, size_t capacity) {
    ArenaChunk *chunk = arena->allocator.resize(arena->allocator.data, NULL, 0, HEADER + capacity);
    if (!chunk) return fail(arena, false);
    *chunk = (ArenaChunk){.older = arena->chunk, .capacity = capacity};
    arena->used += HEADER + capacity;
    return arena->chunk = chunk;
}

/* A chunk with room for so many bytes. */
static ArenaChunk *open_chunk(Arena *arena, size_t need) {
    size_t capacity = arena->open ? arena->open->capacity * 2 : FIRST_CHUNK;
    if (capacity > LARGEST_CHUNK) capacity = LARGEST_CHUNK;
    bool is_large = arena->open && need > LARGEST_CHUNK / LARGE;
    if (is_large || capacity < need) capacity = need;
    if (capacity > SIZE_MAX - HEADER - arena->used) return fail(arena, true);
    if (arena->used + HEADER + capacity > arena->limit) {
        capacity = need;
        if (arena->used + HEADER + capacity > arena->limit) return fail(arena, true);
    }
    ArenaChunk *chunk = add_chunk(arena, capacity);
    if (chunk && !is_large) arena->open = chunk;
    return chunk;
}

/* Bytes rounded up to the alignment; SIZE_MAX when that overflows. */
static size_t rounded(size_t count, size_t size) {
    if (size && count > (SIZE_MAX - ALIGN) / size) return SIZE_MAX;
    return (count * size + ALIGN - 1) / ALIGN * ALIGN;
}

void ak_arena_obey(Arena *arena, const ananke_context *context) {
    arena->asked = context && context->cancelled ? context : NULL;
    arena->patience = 0;
}

static bool poll(Arena *arena) {
    arena->patience = PATIENCE;
    arena->cancelled = arena->asked->cancelled(arena->asked->cancelled_data);
    return arena->cancelled ? fail(arena, false) != NULL : true;
}

bool ak_arena_step(Arena *arena, uint64_t steps) {
    if (arena->failed) return false;
    if (!arena->asked) return true;
    if (arena->patience < steps) return poll(arena);
    arena->patience -= steps;
    return true;
}

/* Memory with anything in it, `*taken` bytes. */
static void *take(Arena *arena, size_t count, size_t size, size_t *taken) {
    if (!ak_arena_step(arena, 1)) return NULL;
    size_t need = rounded(count, size);
    if (need == SIZE_MAX || need > SIZE_MAX / 4) return fail(arena, true);
    if (need == 0) need = ALIGN;
    ArenaChunk *chunk = arena->open;
    if ((!chunk || chunk->capacity - chunk->at < need) && !(chunk = open_chunk(arena, need))) return NULL;
    void *memory = chunk_data(chunk) + chunk->at;
    chunk->at += need;
    return *taken = need, memory;
}

void *ak_arena_alloc(Arena *arena, size_t count, size_t size) {
    size_t taken;
    void *memory = take(arena, count, size, &taken);
    return memory ? memset(memory, 0, taken) : NULL;
}

void *ak_arena_copy(Arena *arena, const void *bytes, size_t size) {
    size_t taken;
    char *memory = take(arena, size, 1, &taken);
    if (!memory) return NULL;
    if (size) memcpy(memory, bytes, size);
    return memset(memory + size, 0, taken - size), memory;
}

/* Extends the newest allocation where it lies, when `old` is that one and the chunk has room. */
static bool extend(Arena *arena, void *old, size_t old_need, size_t need) {
    ArenaChunk *chunk = arena->open;
    if (!old || !chunk || arena->failed || need == SIZE_MAX) return false;
    if ((char *)old + old_need != chunk_data(chunk) + chunk->at || chunk->capacity - chunk->at < need - old_need)
        return false;
    memset((char *)old + old_need, 0, need - old_need);
    chunk->at += need - old_need;
    return true;
}

void *ak_arena_grow(Arena *arena, void *old, size_t old_count, size_t count, size_t size) {
    assert(count >= old_count);
    if (extend(arena, old, rounded(old_count, size), rounded(count, size))) return old;
    size_t taken, kept = old_count * size;
    char *memory = take(arena, count, size, &taken);
    if (!memory) return NULL;
    if (kept) memcpy(memory, old, kept);
    return memset(memory + kept, 0, taken - kept), memory;
}

Str ak_arena_str(Arena *arena, Str text) {
    char *copy = ak_arena_alloc(arena, text.length + 1, 1);
    if (!copy) return (Str){0};
    if (text.length) memcpy(copy, text.data, text.length);
    return (Str){copy, text.length};
}

Str ak_arena_format_list(Arena *arena, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) return (Str){0};
    char *text = ak_arena_alloc(arena, (size_t)length + 1, 1);
    if (!text) return (Str){0};
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return (Str){text, (size_t)length};
}

Str ak_arena_format(Arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    Str text = ak_arena_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

ArenaMark ak_arena_mark(const Arena *arena) {
    return (ArenaMark){arena->chunk, arena->open, arena->open ? arena->open->at : 0};
}

void ak_arena_rewind(Arena *arena, ArenaMark mark) {
    while (arena->chunk != mark.chunk) drop_chunk(arena);
    arena->open = mark.open;
    if (arena->open) arena->open->at = mark.at;
}

void *ak_object_new(const ananke_context *context, size_t size, size_t arena_offset) {
    Arena arena = ak_arena(context);
    char *object = arena.allocator.resize(arena.allocator.data, NULL, 0, size);
    if (!object) return NULL;
    memset(object, 0, size);
    memcpy(object + arena_offset, &arena, sizeof arena);
    return object;
}

void ak_object_free(void *object, size_t size, size_t arena_offset) {
    if (!object) return;
    Arena arena;
    memcpy(&arena, (char *)object + arena_offset, sizeof arena);
    ak_arena_free(&arena);
    arena.allocator.resize(arena.allocator.data, object, size, 0);
}
