/* Interned masks: found by the hash of their content, and by the next free key where two share one. */
#include "mask/mask_pool.h"
#include "base/bitset.h"

bool ak_mask_pool_init(MaskPool *self, Arena *arena, const ananke_vocab *vocab, uint32_t rows) {
    *self = (MaskPool){.arena = arena, .words = (uint32_t)ak_bits_words(vocab->size), .rows_left = rows};
    ak_mask_blocks_init(&self->blocks, arena, self->words);
    return ak_paged_push(arena, &self->masks, (Mask){0});
}

static Str content_of(const MaskPool *self, const Mask *mask) {
    if (mask->row) return (Str){(const char *)mask->row, self->words * sizeof *mask->row};
    return (Str){(const char *)mask->ids, mask->count * sizeof *mask->ids};
}

/* ---- Hashes of rows: sums over pairs of words (NH, https://doi.org/10.1007/3-540-48405-1_14), so that a row that is much like
 * another one has its own from that one's */

/* What a pair of words adds to the sum, the first one being the row's word `w`. */
static inline uint64_t pair_sum(uint32_t w, uint32_t first, uint32_t second) {
    return (uint64_t)(first + (w + 1) * 0x9E3779B1u) * (second + (w + 1) * 0x85EBCA77u);
}

static uint64_t row_sum(const MaskPool *self, const uint32_t *row) {
    uint64_t even = 0, odd = 0;
    uint32_t w = 0;
    for (; w + 3 < self->words; w += 4) {
        even += pair_sum(w, row[w], row[w + 1]);
        odd += pair_sum(w + 2, row[w + 2], row[w + 3]);
    }
    for (; w < self->words; w += 2) even += pair_sum(w, row[w], w + 1 < self->words ? row[w + 1] : 0);
    return even + odd;
}

/* ---- Changes */

/* What a row differs in from another one. */
typedef struct Changes {
    const uint32_t *base;                           /* that other one; NULL: there is none like it */
    uint32_t ids[MASK_CHANGES_MAX], count, dropped; /* as in a mask */
    uint32_t added[MASK_CHANGES_MAX], added_count;  /* those that go behind the dropped ones */
    uint64_t hash;                                  /* what it is more by */
} Changes;

/* Adds the bits of word `w`; false when they become too many. */
static bool list_bits(uint32_t bits, uint32_t w, uint32_t *ids, uint32_t *count) {
    for (; bits; bits &= bits - 1) {
        if (*count == MASK_CHANGES_MAX) return false;
        ids[(*count)++] = w * 32 + (uint32_t)__builtin_ctz(bits);
    }
    return true;
}

/* The same of a pair of words: those of the base, and of the row. */
static inline bool compare_pair(Changes *changes, uint32_t w, const uint32_t before[2], const uint32_t after[2]) {
    changes->hash += pair_sum(w, after[0], after[1]) - pair_sum(w, before[0], before[1]);
    return list_bits(before[0] & ~after[0], w, changes->ids, &changes->dropped) &&
           list_bits(after[0] & ~before[0], w, changes->added, &changes->added_count) &&
           list_bits(before[1] & ~after[1], w + 1, changes->ids, &changes->dropped) &&
           list_bits(after[1] & ~before[1], w + 1, changes->added, &changes->added_count);
}

enum { BLOCK = 32 }; /* words: most are passed by as a whole */

static uint32_t block_end(const MaskPool *self, uint32_t from) {
    return self->words - from < BLOCK ? self->words : from + BLOCK;
}

/* Finds the blocks that differ; false when too many words do. */
static bool find_blocks(const MaskPool *self, const uint32_t *row, const uint32_t *base, uint32_t *blocks,
                        uint32_t *count) {
    size_t differing = 0;
    *count = 0;
    for (uint32_t from = 0; from < self->words; from += BLOCK) {
        size_t size = block_end(self, from) - from;
        if (memcmp(row + from, base + from, size * sizeof *row) == 0) continue;
        if ((differing += ak_bits_differing(row + from, base + from, size)) > MASK_CHANGES_MAX) return false;
        blocks[(*count)++] = from;
    }
    return true;
}

/* False when there are too many. */
static bool find_changes(const MaskPool *self, const uint32_t *row, const uint32_t *base, Changes *changes) {
    uint32_t blocks[MASK_CHANGES_MAX], count;
    changes->base = base, changes->dropped = changes->added_count = 0, changes->hash = 0;
    if (!find_blocks(self, row, base, blocks, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t end = block_end(self, blocks[i]);
        for (uint32_t w = blocks[i]; w < end; w += 2) {
            uint32_t before[2] = {base[w], w + 1 < end ? base[w + 1] : 0},
                     after[2] = {row[w], w + 1 < end ? row[w + 1] : 0};
            bool is_same = before[0] == after[0] && before[1] == after[1];
            if (!is_same && !compare_pair(changes, w, before, after)) return false;
        }
    }
    changes->count = changes->dropped + changes->added_count;
    if (changes->count > MASK_CHANGES_MAX) return false;
    memcpy(changes->ids + changes->dropped, changes->added, changes->added_count * sizeof *changes->added);
    return true;
}

/* Finds a row of the kind that this one is like. Those that are handed out are too different. The row's hash, which is `known` unless that
 * is 0. */
static uint64_t compare_with_bases(const MaskPool *self, const uint32_t *row, uint32_t kind, uint64_t known,
                                   Changes *changes) {
    bool is_changed = kind && kind < MASK_KINDS;
    for (int i = 0; is_changed && i < MASK_BASES && self->bases[kind][i].row; i++) {
        const MaskBase *base = &self->bases[kind][i];
        if (find_changes(self, row, base->row, changes)) return base->hash + changes->hash;
    }
    changes->base = NULL;
    return known ? known : row_sum(self, row);
}

/* Whether the mask is the row that is `base` with the changes. */
static bool has_changes(const Mask *mask, const Changes *changes) {
    return mask->count == changes->count && mask->dropped == changes->dropped &&
           (!mask->count || memcmp(mask->ids, changes->ids, mask->count * sizeof *mask->ids) == 0);
}

/* A list as a row; NULL when out of memory. */
static const uint32_t *row_of_list(MaskPool *self, const Mask *list) {
    if (!self->list_row) self->list_row = ak_new_array(self->arena, uint32_t, self->words);
    if (!self->list_row) return NULL;
    memset(self->list_row, 0, self->words * sizeof *self->list_row);
    for (uint32_t i = 0; i < list->count; i++) ak_bits_set(self->list_row, list->ids[i]);
    return self->list_row;
}

static bool equals_blocks(MaskPool *self, const uint32_t *blocks, const Mask *mask) {
    const uint32_t *row = mask->row ? mask->row : row_of_list(self, mask);
    return row && ak_mask_blocks_equal(&self->blocks, blocks, row);
}

/* `changes`: of the mask, if it is a row, from one of its kind. */
static bool equals(MaskPool *self, const Mask *there, const Mask *mask, const Changes *changes) {
    Changes others;
    if (there->blocks) return equals_blocks(self, there->blocks, mask);
    if (!there->row != !mask->row) return false;
    if (there->row && there->row == changes->base) return has_changes(there, changes);
    if (!there->row || !there->count) return ak_str_equal(content_of(self, there), content_of(self, mask));
    return find_changes(self, mask->row, there->row, &others) && has_changes(there, &others);
}

/* ---- Storing */

static uint32_t store_copy(MaskPool *self, Mask mask, Str content, const uint32_t **copy) {
    const uint32_t *room = ak_arena_copy(self->arena, content.data, content.length);
    if (!room) return 0;
    *copy = room;
    if (mask.row && !mask.count) mask.row = room;
    else mask.ids = room;
    return ak_paged_push(self->arena, &self->masks, mask) ? self->masks.count - 1 : 0;
}

static uint32_t store_blocks(MaskPool *self, const Mask *mask) {
    const uint32_t *row = mask->row ? mask->row : row_of_list(self, mask);
    Mask made = {.blocks = row ? ak_mask_blocks_add(&self->blocks, row) : NULL, .hash = mask->hash};
    return made.blocks && ak_paged_push(self->arena, &self->masks, made) ? self->masks.count - 1 : 0;
}

static uint32_t store(MaskPool *self, const Mask *mask, uint32_t kind, const Changes *changes) {
    const uint32_t *copy;
    bool is_row = mask->row && !changes->base && kind != MASK_KIND_ROW;
    if (changes->base && changes->count) {
        Str ids = {(const char *)changes->ids, changes->count * sizeof *changes->ids};
        Mask changed = {.row = changes->base, .count = changes->count, .dropped = changes->dropped, .hash = mask->hash};
        return store_copy(self, changed, ids, &copy);
    }
    bool is_long = is_row || (!mask->row && mask->count > ak_mask_short_limit(self));
    if (is_long && !self->rows_left) return store_blocks(self, mask);
    self->rows_left -= is_row;
    uint32_t made = store_copy(self, *mask, content_of(self, mask), &copy);
    if (made && is_row && kind) self->bases[kind][self->turn[kind]++ % MASK_BASES] = (MaskBase){copy, mask->hash};
    return made;
}

/* The mask that is there; 0, and the hash under which it would be stored, when there is none. */
static uint32_t find_equal(MaskPool *self, const Mask *mask, uint32_t kind, const Changes *changes, uint64_t *hash) {
    *hash = ak_table_hash(mask->hash + kind * UINT64_C(0x9E3779B97F4A7C15)) | 1;
    for (uint32_t known; (known = ak_table_find(&self->by_content, *hash)); *hash += 2) {
        if (equals(self, ak_mask_get(self, known), mask, changes)) return known;
    }
    return 0;
}

uint32_t ak_mask_intern(MaskPool *self, Mask mask, uint32_t kind) {
    Changes changes;
    changes.base = NULL;
    if (mask.row) mask.count = 0, mask.ids = NULL;
    mask.dropped = 0, mask.blocks = NULL;
    mask.hash =
        mask.row ? compare_with_bases(self, mask.row, kind, mask.hash, &changes) : ak_str_hash(content_of(self, &mask));
    uint64_t hash;
    uint32_t known = find_equal(self, &mask, kind, &changes, &hash);
    if (known) return known;
    known = store(self, &mask, kind, &changes);
    return known && ak_table_add(&self->by_content, self->arena, hash, known) ? known : 0;
}

uint32_t ak_mask_add(MaskPool *self, uint64_t key, Mask mask, uint32_t kind) {
    uint32_t known = key ? ak_mask_find(self, key) : 0;
    if (known) return known; /* another thread was faster */
    known = ak_mask_intern(self, mask, kind);
    return known && (!key || ak_table_add(&self->by_key, self->arena, key, known)) ? known : 0;
}

/* Changes are not looked for by what they come to. */
uint32_t ak_mask_borrow(MaskPool *self, const MaskPool *from, uint32_t mask, uint32_t kind) {
    uint32_t known = ak_table_find(&self->borrowed, mask);
    if (known) return known;
    Mask there = *ak_mask_get(from, mask);
    uint64_t hash = 0;
    bool is_whole = !there.row || !there.count;
    known = is_whole ? find_equal(self, &there, kind, &(Changes){.base = NULL}, &hash) : 0;
    if (!known) {
        if (!ak_paged_push(self->arena, &self->masks, there)) return 0;
        known = self->masks.count - 1;
        if (is_whole && !ak_table_add(&self->by_content, self->arena, hash, known)) return 0;
    }
    return ak_table_add(&self->borrowed, self->arena, mask, known) ? known : 0;
}

bool ak_mask_note(MaskPool *self, uint64_t key, uint32_t mask) {
    return ak_mask_find(self, key) || ak_table_add(&self->by_key, self->arena, key, mask);
}

/* ---- Reading */

void ak_mask_copy(const MaskPool *self, const Mask *mask, uint32_t *row) {
    if (mask->row) memcpy(row, mask->row, self->words * sizeof *row);
    else if (mask->blocks) ak_mask_blocks_copy(&self->blocks, mask->blocks, row);
    else memset(row, 0, self->words * sizeof *row);
    for (uint32_t i = 0; i < mask->count; i++) {
        if (i < mask->dropped) ak_bits_clear(row, mask->ids[i]);
        else ak_bits_set(row, mask->ids[i]);
    }
}

/* Of the ids that a mask has not, though its row has, those that are in the row already, as bits. */
static uint64_t dropped_before(const Mask *mask, const uint32_t *row) {
    uint64_t before = 0;
    for (uint32_t i = 0; i < mask->dropped; i++) before |= (uint64_t)ak_bits_get(row, mask->ids[i]) << i;
    return before;
}
_Static_assert(MASK_CHANGES_MAX <= 64, "a bit for each");

static void drop_others(const Mask *mask, uint64_t before, uint32_t *row) {
    for (uint32_t i = 0; i < mask->dropped; i++) {
        if (!(before >> i & 1)) ak_bits_clear(row, mask->ids[i]);
    }
}

void ak_mask_or(const MaskPool *self, const Mask *mask, uint32_t *row) {
    uint64_t before = dropped_before(mask, row);
    if (mask->row) ak_bits_or(row, mask->row, self->words);
    if (mask->blocks) ak_mask_blocks_or(&self->blocks, mask->blocks, row);
    drop_others(mask, before, row);
    for (uint32_t i = mask->dropped; i < mask->count; i++) ak_bits_set(row, mask->ids[i]);
}

void ak_mask_or_within(const MaskPool *self, const Mask *mask, const uint32_t *within, uint32_t *row) {
    uint64_t before = dropped_before(mask, row);
    if (mask->row) ak_bits_or_within(row, mask->row, within, self->words);
    if (mask->blocks) ak_mask_blocks_or_within(&self->blocks, mask->blocks, within, row);
    drop_others(mask, before, row);
    for (uint32_t i = mask->dropped; i < mask->count; i++) {
        if (ak_bits_get(within, mask->ids[i])) ak_bits_set(row, mask->ids[i]);
    }
}
