/* Hash tables from 64-bit keys to 32-bit values, both not zero, that are read without a lock while one writer adds.
 *
 * Open addressing, linear probing, no removal. A grown table is published whole; the smaller ones stay in the arena,
 * where late readers still find them. A reader that misses what is being added must ask again under the writer's
 * lock. */
#ifndef AK_BASE_TABLE_H
#define AK_BASE_TABLE_H

#include "base/arena.h"
#include <stdatomic.h>

typedef struct TableSlot {
    _Atomic uint64_t key; /* 0: free */
    uint32_t value;
} TableSlot;

typedef struct TableSlots {
    size_t mask; /* how many slots there are, a power of two, less one */
    TableSlot slots[];
} TableSlots;

typedef struct Table {
    _Atomic(TableSlots *) slots; /* NULL while empty */
    size_t count;                /* the writer's */
} Table;

/* Keys that differ in their last two bits only are neighbours: a node's steps, asked for together, are in a line or two of
 * the cache. */
static inline uint64_t ak_table_hash(uint64_t key) {
    uint64_t hash = (key >> 2) * UINT64_C(0x9E3779B97F4A7C15);
    return (hash ^ hash >> 32) << 2 | (key & 3);
}

/* The key's value, 0 when it is not there. Any thread. */
static inline uint32_t ak_table_find(const Table *self, uint64_t key) {
    const TableSlots *table = atomic_load_explicit(&((Table *)self)->slots, memory_order_acquire);
    if (!table) return 0;
    for (size_t at = ak_table_hash(key) & table->mask;; at = (at + 1) & table->mask) {
        uint64_t there = atomic_load_explicit(&((TableSlot *)table->slots)[at].key, memory_order_acquire);
        if (there == key) return table->slots[at].value;
        if (!there) return 0;
    }
}

/* Adds a key that is not there. False when out of memory. The writer only. */
bool ak_table_add(Table *self, Arena *arena, uint64_t key, uint32_t value);

#endif
