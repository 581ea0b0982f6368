/* Hash tables from 64-bit keys to 32-bit values, both not zero, that are read without a lock while one writer adds.
 *
 * A bucket is a line of the cache, and further lines where that is full. The table grows a bucket at a time (linear hashing,
 * Litwin, VLDB 1980): a bucket is split, and what is of the new one is put there before it is published, and then taken away from where it
 * was. So nothing is outgrown, and no addition takes long. A reader that finds nothing looks again if the table has grown meanwhile;
 * one that misses what is being added must ask again under the writer's lock. */
#ifndef AK_BASE_TABLE_H
#define AK_BASE_TABLE_H

#include "base/paged.h"
#include <stdatomic.h>

enum { TABLE_LINE = 5 }; /* keys in a line */

/* A key that is taken away leaves its place free, and may be followed by others. */
typedef struct TableLine {
    _Atomic uint64_t keys[TABLE_LINE]; /* 0: free */
    _Atomic uint32_t values[TABLE_LINE];
    _Atomic uint32_t next; /* in `more`; 0: none */
} TableLine;
_Static_assert(sizeof(TableLine) == AK_LINE, "of the cache");

typedef struct TableLines {
    _Atomic uint32_t buckets; /* that readers look into */
    uint32_t unused;          /* in `more`: the first of those that no bucket has now */
    PAGED(TableLine) lines;   /* a bucket's first */
    PAGED(TableLine) more;    /* more.pages[0][0] is none */
} TableLines;

typedef struct Table {
    _Atomic(TableLines *) lines; /* NULL while empty */
    size_t count;                /* the writer's */
} Table;

/* A hash for tables of others; keys that differ in their last two bits only are neighbours. */
static inline uint64_t ak_table_hash(uint64_t key) {
    uint64_t hash = (key >> 2) * UINT64_C(0x9E3779B97F4A7C15);
    return (hash ^ hash >> 32) << 2 | (key & 3);
}

/* The key's bucket: by as many bits of its hash as number all buckets or, where there is none with that number yet, by one less. */
static inline uint32_t ak_table_bucket(uint64_t key, uint32_t buckets) {
    uint64_t hash = key * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t mask = UINT32_MAX >> __builtin_clz(buckets), bucket = (uint32_t)(hash >> 32 ^ hash) & mask;
    return bucket < buckets ? bucket : bucket & mask >> 1;
}

/* Where in the line the key is, as bits: without a branch for each place. */
static inline uint32_t ak_table_places(TableLine *line, uint64_t key) {
    uint32_t places = 0;
#pragma GCC unroll 5
    for (uint32_t i = 0; i < TABLE_LINE; i++)
        places |= (uint32_t)(atomic_load_explicit(&line->keys[i], memory_order_acquire) == key) << i;
    return places;
}

/* The key's value, 0 when it is not there. Any thread. */
static inline uint32_t ak_table_find(const Table *self, uint64_t key) {
    TableLines *lines = atomic_load_explicit(&((Table *)self)->lines, memory_order_acquire);
    uint32_t buckets = lines ? atomic_load_explicit(&lines->buckets, memory_order_acquire) : 0, before = 0;
    while (buckets != before) {
        TableLine *line = ak_paged_at(&lines->lines, ak_table_bucket(key, buckets));
        for (uint32_t next = 1; next; line = ak_paged_at(&lines->more, next)) {
            uint32_t places = ak_table_places(line, key);
            if (places) {
                int i = __builtin_ctz(places);
                uint32_t value = atomic_load_explicit(&line->values[i], memory_order_acquire);
                /* another one's, if the key was taken away: then it is elsewhere */
                if (atomic_load_explicit(&line->keys[i], memory_order_relaxed) == key) return value;
            }
            next = atomic_load_explicit(&line->next, memory_order_acquire);
        }
        before = buckets, buckets = atomic_load_explicit(&lines->buckets, memory_order_acquire);
    }
    return 0;
}

/* Adds a key that is not there. False when out of memory. The writer only. */
bool ak_table_add(Table *self, Arena *arena, uint64_t key, uint32_t value);

#endif
