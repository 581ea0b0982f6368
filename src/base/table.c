/* Tables that are read while they are written: a slot's value is there before its key. */
#include "base/table.h"
#include <assert.h>

enum { FIRST_SLOTS = 64 };

static void put(TableSlots *table, uint64_t key, uint32_t value) {
    size_t at = ak_table_hash(key) & table->mask;
    while (atomic_load_explicit(&table->slots[at].key, memory_order_relaxed)) at = (at + 1) & table->mask;
    table->slots[at].value = value;
    atomic_store_explicit(&table->slots[at].key, key, memory_order_release);
}

static TableSlots *grow(Table *self, Arena *arena, const TableSlots *old) {
    size_t slots = old ? (old->mask + 1) * 2 : FIRST_SLOTS;
    TableSlots *table = ak_arena_alloc(arena, 1, sizeof *table + slots * sizeof *table->slots);
    if (!table) return NULL;
    table->mask = slots - 1;
    for (size_t i = 0; old && i <= old->mask; i++) {
        uint64_t key = atomic_load_explicit(&((TableSlot *)old->slots)[i].key, memory_order_relaxed);
        if (key) put(table, key, old->slots[i].value);
    }
    atomic_store_explicit(&self->slots, table, memory_order_release);
    return table;
}

bool ak_table_add(Table *self, Arena *arena, uint64_t key, uint32_t value) {
    assert(key && value && !ak_table_find(self, key));
    TableSlots *table = atomic_load_explicit(&self->slots, memory_order_relaxed);
    if (!table || self->count * 2 > table->mask) table = grow(self, arena, table);
    if (!table) return false;
    put(table, key, value);
    self->count++;
    return true;
}
