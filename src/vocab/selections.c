/* A hash table that only grows: whoever makes a row puts it into a free slot, or finds that another thread was faster. */
#include "vocab/selections.h"
#include <string.h>

enum { PROBES = 16 }; /* slots that are looked at */

static size_t size_of(const Views *views) {
    return sizeof(Selection) + views->words * sizeof(uint32_t);
}

static bool keys_equal(const SelectionKey *a, const SelectionKey *b) {
    return a->firsts == b->firsts && a->rests == b->rests && a->limit == b->limit && a->view == b->view;
}

static Selection *make(const Views *views, SelectionKey key, const ananke_allocator *allocator) {
    Selection *made = allocator->resize(allocator->data, NULL, 0, size_of(views));
    if (!made) return NULL;
    made->key = key;
    ak_view_select(views, &views->views[key.view], key.firsts, key.rests, key.limit, made->row);
    return made;
}

const uint32_t *ak_selection(Selections *self, const Views *views, SelectionKey key,
                             const ananke_allocator *allocator) {
    size_t at = ak_str_hash((Str){(const char *)&key, sizeof key});
    Selection *made = NULL;
    for (int probe = 0; probe < PROBES; probe++, at++) {
        _Atomic(Selection *) *slot = &self->slots[at % SELECTIONS_MAX];
        Selection *there = atomic_load_explicit(slot, memory_order_acquire);
        if (!there && !made && !(made = make(views, key, allocator))) return NULL;
        if (!there &&
            atomic_compare_exchange_strong_explicit(slot, &there, made, memory_order_acq_rel, memory_order_acquire))
            return made->row;
        if (!keys_equal(&there->key, &key)) continue;
        if (made) allocator->resize(allocator->data, made, size_of(views), 0);
        return there->row;
    }
    if (made) allocator->resize(allocator->data, made, size_of(views), 0);
    return NULL;
}

void ak_selections_free(Selections *self, const Views *views, const ananke_allocator *allocator) {
    for (size_t i = 0; i < SELECTIONS_MAX; i++) {
        Selection *there = atomic_load_explicit(&self->slots[i], memory_order_relaxed);
        if (there) allocator->resize(allocator->data, there, size_of(views), 0);
    }
}
