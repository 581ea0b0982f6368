/* Tables that are read while they are written: a place's value is there before its key, and a key before what it was moved from is free. */
#include "base/table.h"
#include <assert.h>

/* Buckets at first, and keys for so many buckets: with more of them, too many need further lines. */
enum { FIRST_BUCKETS = 16, KEYS = 7, KEYS_BUCKETS = 2 };

static uint32_t next_of(const TableLine *line) {
    return atomic_load_explicit(&line->next, memory_order_relaxed);
}

static uint64_t key_at(const TableLine *line, int i) {
    return atomic_load_explicit(&line->keys[i], memory_order_relaxed);
}

/* A line that no bucket has; 0 when out of memory. */
static uint32_t take_line(TableLines *self, Arena *arena) {
    uint32_t number = self->unused;
    if (!number) return ak_paged_push(arena, &self->more, (TableLine){0}) ? self->more.count - 1 : 0;
    TableLine *line = ak_paged_at(&self->more, number);
    self->unused = next_of(line);
    atomic_store_explicit(&line->next, 0, memory_order_release);
    return number;
}

/* Puts a key where its bucket has place, or makes place. */
static bool put(TableLines *self, Arena *arena, uint32_t bucket, uint64_t key, uint32_t value) {
    TableLine *line = ak_paged_at(&self->lines, bucket);
    for (;;) {
        for (int i = 0; i < TABLE_LINE; i++) {
            if (key_at(line, i)) continue;
            atomic_store_explicit(&line->values[i], value, memory_order_release);
            atomic_store_explicit(&line->keys[i], key, memory_order_release);
            return true;
        }
        uint32_t next = next_of(line);
        if (!next) {
            if (!(next = take_line(self, arena))) return false;
            atomic_store_explicit(&line->next, next, memory_order_release);
        }
        line = ak_paged_at(&self->more, next);
    }
}

/* Frees the places of keys that are in another bucket now, and gives up lines that are empty then. */
static void drop_moved(TableLines *self, uint32_t bucket, uint32_t buckets) {
    TableLine *before = NULL, *line = ak_paged_at(&self->lines, bucket);
    for (uint32_t number = 0;;) {
        bool is_empty = true;
        for (int i = 0; i < TABLE_LINE; i++) {
            uint64_t key = key_at(line, i);
            if (key && ak_table_bucket(key, buckets) != bucket)
                atomic_store_explicit(&line->keys[i], 0, memory_order_release);
            else is_empty &= !key;
        }
        uint32_t next = next_of(line);
        if (before && is_empty) {
            atomic_store_explicit(&before->next, next, memory_order_release);
            atomic_store_explicit(&line->next, self->unused, memory_order_release);
            self->unused = number;
        } else {
            before = line;
        }
        if (!next) return;
        number = next, line = ak_paged_at(&self->more, number);
    }
}

/* Copies to the new bucket what is its own. */
static bool copy_moved(TableLines *self, Arena *arena, uint32_t from, uint32_t to) {
    TableLine *line = ak_paged_at(&self->lines, from);
    for (uint32_t next = 1; next; line = ak_paged_at(&self->more, next)) {
        for (int i = 0; i < TABLE_LINE; i++) {
            uint64_t key = key_at(line, i);
            uint32_t value = atomic_load_explicit(&line->values[i], memory_order_relaxed);
            if (key && ak_table_bucket(key, to + 1) == to && !put(self, arena, to, key, value)) return false;
        }
        next = next_of(line);
    }
    return true;
}

/* Makes one more bucket, of the one that has its keys. */
static bool split(TableLines *self, Arena *arena) {
    uint32_t to = atomic_load_explicit(&self->buckets, memory_order_relaxed);
    uint32_t from = to & UINT32_MAX >> __builtin_clz(to) >> 1;
    if (!ak_paged_push(arena, &self->lines, (TableLine){0}) || !copy_moved(self, arena, from, to)) return false;
    atomic_store_explicit(&self->buckets, to + 1, memory_order_release);
    return drop_moved(self, from, to + 1), true;
}

static TableLines *begin(Table *self, Arena *arena) {
    TableLines *lines = ak_new(arena, TableLines);
    if (!lines || !ak_paged_push(arena, &lines->more, (TableLine){0})) return NULL;
    for (uint32_t i = 0; i < FIRST_BUCKETS; i++) {
        if (!ak_paged_push(arena, &lines->lines, (TableLine){0})) return NULL;
    }
    atomic_store_explicit(&lines->buckets, FIRST_BUCKETS, memory_order_relaxed);
    atomic_store_explicit(&self->lines, lines, memory_order_release);
    return lines;
}

bool ak_table_add(Table *self, Arena *arena, uint64_t key, uint32_t value) {
    assert(key && value && !ak_table_find(self, key));
    TableLines *lines = atomic_load_explicit(&self->lines, memory_order_relaxed);
    if (!lines && !(lines = begin(self, arena))) return false;
    uint32_t buckets = atomic_load_explicit(&lines->buckets, memory_order_relaxed);
    if (self->count * KEYS_BUCKETS > (size_t)buckets * KEYS && !split(lines, arena)) return false;
    buckets = atomic_load_explicit(&lines->buckets, memory_order_relaxed);
    if (!put(lines, arena, ak_table_bucket(key, buckets), key, value)) return false;
    return self->count++, true;
}
