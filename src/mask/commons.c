/* Nodes are found by the hash of what they are, and by the next free key where two share one. */
#include "mask/commons.h"
#include "vocab/vocab.h"
#include <stddef.h>

static void leave(VocabGuest *guest) {
    ak_commons_free((Commons *)guest);
}

Commons *ak_commons_new(const ananke_vocab *vocab, const ananke_allocator *allocator) {
    ananke_context context = {.allocator = allocator, .memory_limit = COMMONS_BYTES};
    Commons *self = ak_object_new(&context, sizeof *self, offsetof(Commons, arena));
    if (!self) return NULL;
    self->guest.leave = leave;
    pthread_mutex_init(&self->lock, NULL);
    atomic_init(&self->is_full, false);
    atomic_init(&self->is_roomy, true);
    if (ak_paged_push(&self->arena, &self->nodes, (CommonNode){0}) && ak_traces_init(&self->traces, &self->arena) &&
        ak_mask_pool_init(&self->masks, &self->arena, vocab, UINT32_MAX))
        return self;
    ak_commons_free(self);
    return NULL;
}

void ak_commons_free(Commons *self) {
    if (!self) return;
    pthread_mutex_destroy(&self->lock);
    ak_object_free(self, sizeof *self, offsetof(Commons, arena));
}

Commons *ak_commons_of(const ananke_vocab *vocab) {
    VocabGuest *there = atomic_load_explicit(vocab->guest, memory_order_acquire);
    if (there) return (Commons *)there;
    Commons *made = ak_commons_new(vocab, &vocab->arena.allocator);
    if (!made || atomic_compare_exchange_strong_explicit(vocab->guest, &there, &made->guest, memory_order_acq_rel,
                                                         memory_order_acquire))
        return made;
    ak_commons_free(made);
    return (Commons *)there;
}

/* ---- Writing */

static bool begin(Commons *self) {
    if (atomic_load_explicit(&self->is_full, memory_order_relaxed)) return false;
    pthread_mutex_lock(&self->lock);
    return true;
}

static void end(Commons *self) {
    if (self->arena.used > COMMONS_BYTES / 4) atomic_store_explicit(&self->is_roomy, false, memory_order_relaxed);
    if (self->arena.failed || self->nodes.count >= COMMON_NUMBERS_MAX)
        atomic_store_explicit(&self->is_full, true, memory_order_relaxed);
    pthread_mutex_unlock(&self->lock);
}

/* ---- Numbers */

/* Also finds the first key that is free. */
static uint32_t find(const Commons *self, const CommonNode *node, uint64_t *key) {
    *key = (ak_str_hash((Str){(const char *)node->words, node->count * sizeof *node->words}) +
            (node->kind + UINT64_C(1)) * UINT64_C(0x9E3779B97F4A7C15)) |
           1;
    for (uint32_t number; (number = ak_table_find(&self->numbers, *key)); *key += 2) {
        const CommonNode *there = ak_paged_at(&self->nodes, number);
        if (there->kind == node->kind && there->count == node->count &&
            (!node->count || memcmp(there->words, node->words, node->count * sizeof *node->words) == 0))
            return number;
    }
    return COMMON_NONE;
}

static uint32_t add(Commons *self, CommonNode node, uint64_t key) {
    uint32_t *words = ak_new_array(&self->arena, uint32_t, node.count), number = self->nodes.count;
    if (number >= COMMON_NUMBERS_MAX || !words) return COMMON_NONE;
    if (node.count) memcpy(words, node.words, node.count * sizeof *words);
    node.words = words;
    if (!ak_paged_push(&self->arena, &self->nodes, node)) return COMMON_NONE;
    return ak_table_add(&self->numbers, &self->arena, key, number) ? number : COMMON_NONE;
}

uint32_t ak_commons_number(Commons *self, uint32_t kind, const uint32_t *words, size_t count, bool may_add) {
    CommonNode node = {words, kind, (uint32_t)count};
    uint64_t key;
    uint32_t number = find(self, &node, &key);
    if (number || !may_add || !begin(self)) return number;
    number = find(self, &node, &key); /* another thread was faster */
    if (!number) number = add(self, node, key);
    end(self);
    return number;
}

/* Which hash is remembered does not matter much: what engines share comes again and again. */
bool ak_commons_takes(Commons *self, uint64_t hash) {
    if (ak_commons_is_full(self)) return false;
    if (atomic_load_explicit(&self->is_roomy, memory_order_relaxed)) return true;
    return atomic_exchange_explicit(&self->met[hash % COMMONS_MET], hash, memory_order_relaxed) == hash;
}

void ak_commons_add_state(Commons *self, uint64_t hash, uint32_t number) {
    if (!begin(self)) return;
    if (!ak_table_find(&self->states, hash)) ak_table_add(&self->states, &self->arena, hash, number);
    end(self);
}

void ak_commons_add_mask(Commons *self, uint64_t key, const Asked *asked, size_t count, Mask mask, uint32_t kind) {
    if (!begin(self)) return;
    uint32_t number = ak_mask_intern(&self->masks, mask, kind ? kind : MASK_KIND_WHOLE);
    if (number) ak_traces_add(&self->traces, key, asked, count, number);
    end(self);
}
