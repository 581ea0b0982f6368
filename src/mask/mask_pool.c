/* Interned masks: found by the hash of their content, and by the next free key where two share one. */
#include "mask/mask_pool.h"
#include "base/bitset.h"

bool ak_mask_pool_init(MaskPool *self, Arena *arena, const ananke_vocab *vocab) {
    *self = (MaskPool){.arena = arena, .words = (uint32_t)ak_bits_words(vocab->size)};
    return ak_paged_push(arena, &self->masks, (Mask){0});
}

static Str content_of(const MaskPool *self, const Mask *mask) {
    if (mask->row) return (Str){(const char *)mask->row, self->words * sizeof *mask->row};
    return (Str){(const char *)mask->ids, mask->count * sizeof *mask->ids};
}

static uint32_t store(MaskPool *self, const Mask *mask) {
    Str content = content_of(self, mask);
    uint32_t *copy = ak_arena_alloc(self->arena, content.length + 1, 1);
    if (!copy) return 0;
    if (content.length) memcpy(copy, content.data, content.length);
    Mask stored = mask->row ? (Mask){.row = copy} : (Mask){.ids = copy, .count = mask->count};
    return ak_paged_push(self->arena, &self->masks, stored) ? self->masks.count - 1 : 0;
}

uint32_t ak_mask_add(MaskPool *self, uint64_t key, Mask mask) {
    uint32_t known = ak_mask_find(self, key);
    if (known) return known; /* another thread was faster */
    Str content = content_of(self, &mask);
    uint64_t hash = ak_str_hash(content) | 1;
    while ((known = ak_table_find(&self->by_content, hash))) {
        const Mask *there = ak_mask_get(self, known);
        if (!there->row == !mask.row && ak_str_equal(content_of(self, there), content)) break;
        hash += 2;
    }
    if (!known) {
        known = store(self, &mask);
        if (!known || !ak_table_add(&self->by_content, self->arena, hash, known)) return 0;
    }
    return ak_table_add(&self->by_key, self->arena, key, known) ? known : 0;
}

bool ak_mask_note(MaskPool *self, uint64_t key, uint32_t mask) {
    return ak_mask_find(self, key) || ak_table_add(&self->by_key, self->arena, key, mask);
}

void ak_mask_copy(const MaskPool *self, const Mask *mask, uint32_t *row) {
    if (mask->row) {
        memcpy(row, mask->row, self->words * sizeof *row);
        return;
    }
    memset(row, 0, self->words * sizeof *row);
    for (uint32_t i = 0; i < mask->count; i++) ak_bits_set(row, mask->ids[i]);
}

void ak_mask_or(const MaskPool *self, const Mask *mask, uint32_t *row) {
    if (mask->row) ak_bits_or(row, mask->row, self->words);
    for (uint32_t i = 0; i < mask->count; i++) ak_bits_set(row, mask->ids[i]);
}

void ak_mask_or_within(const MaskPool *self, const Mask *mask, const uint32_t *within, uint32_t *row) {
    if (mask->row) ak_bits_or_within(row, mask->row, within, self->words);
    for (uint32_t i = 0; i < mask->count; i++) {
        if (ak_bits_get(within, mask->ids[i])) ak_bits_set(row, mask->ids[i]);
    }
}
