/* Blocks are found by the hash of their words, and by the next odd number where two share one. */
#include "mask/mask_blocks.h"
#include "base/bitset.h"

enum { EMPTY = 0 };

void ak_mask_blocks_init(MaskBlocks *self, Arena *arena, uint32_t words) {
    *self = (MaskBlocks){.arena = arena, .words = words, .per_row = (words + BLOCK_WORDS - 1) / BLOCK_WORDS};
}

static const uint32_t *block_at(const MaskBlocks *self, uint32_t number) {
    return self->pages[number >> BLOCK_PAGE_BITS][number & ((1u << BLOCK_PAGE_BITS) - 1)].words;
}

/* Words of a row that its block `b` has. */
static uint32_t words_of(const MaskBlocks *self, uint32_t b) {
    uint32_t left = self->words - b * BLOCK_WORDS;
    return left < BLOCK_WORDS ? left : BLOCK_WORDS;
}

/* ---- Adding */

/* Room for one more block; NULL when out of memory. */
static MaskBlock *push(MaskBlocks *self) {
    uint32_t page = self->count >> BLOCK_PAGE_BITS, at = self->count & ((1u << BLOCK_PAGE_BITS) - 1);
    if (page == BLOCK_PAGES) return NULL;
    if (!at && !(self->pages[page] = ak_new_array(self->arena, MaskBlock, 1u << BLOCK_PAGE_BITS))) return NULL;
    return self->count++, &self->pages[page][at];
}

static uint32_t intern(MaskBlocks *self, const uint32_t *words, uint32_t count) {
    MaskBlock block = {{0}};
    memcpy(block.words, words, count * sizeof *words);
    uint64_t hash = ak_str_hash((Str){(const char *)block.words, sizeof block.words}) | 1;
    for (uint32_t known; (known = ak_table_find(&self->numbers, hash)); hash += 2) {
        if (memcmp(block_at(self, known), block.words, sizeof block.words) == 0) return known;
    }
    MaskBlock *made = push(self);
    if (!made) return 0;
    *made = block;
    return ak_table_add(&self->numbers, self->arena, hash, self->count - 1) ? self->count - 1 : 0;
}

static bool begin(MaskBlocks *self) {
    self->recent = ak_new_array(self->arena, uint32_t, self->per_row);
    self->pages = ak_new_array(self->arena, MaskBlock *, BLOCK_PAGES);
    return self->recent && self->pages && push(self);
}

const uint32_t *ak_mask_blocks_add(MaskBlocks *self, const uint32_t *row) {
    if (!self->pages && !begin(self)) return NULL;
    uint32_t *numbers = ak_new_array(self->arena, uint32_t, self->per_row);
    for (uint32_t b = 0; numbers && b < self->per_row; b++) {
        const uint32_t *words = row + (size_t)b * BLOCK_WORDS;
        uint32_t count = words_of(self, b), *recent = &self->recent[b];
        bool is_recent = memcmp(block_at(self, *recent), words, count * sizeof *words) == 0,
             is_empty = !is_recent && memcmp(block_at(self, EMPTY), words, count * sizeof *words) == 0;
        if (is_empty) *recent = EMPTY;
        else if (!is_recent && !(*recent = intern(self, words, count))) return NULL;
        numbers[b] = *recent;
    }
    return numbers;
}

/* ---- Reading */

bool ak_mask_blocks_equal(const MaskBlocks *self, const uint32_t *numbers, const uint32_t *row) {
    for (uint32_t b = 0; b < self->per_row; b++) {
        const uint32_t *words = row + (size_t)b * BLOCK_WORDS;
        if (memcmp(block_at(self, numbers[b]), words, words_of(self, b) * sizeof *words) != 0) return false;
    }
    return true;
}

void ak_mask_blocks_copy(const MaskBlocks *self, const uint32_t *numbers, uint32_t *row) {
    uint32_t whole = self->words / BLOCK_WORDS;
    for (uint32_t b = 0; b < whole; b++)
        memcpy(row + (size_t)b * BLOCK_WORDS, block_at(self, numbers[b]), sizeof(MaskBlock));
    if (whole == self->per_row) return;
    memcpy(row + (size_t)whole * BLOCK_WORDS, block_at(self, numbers[whole]), words_of(self, whole) * sizeof *row);
}

void ak_mask_blocks_or(const MaskBlocks *self, const uint32_t *numbers, uint32_t *row) {
    for (uint32_t b = 0; b < self->per_row; b++) {
        if (numbers[b]) ak_bits_or(row + (size_t)b * BLOCK_WORDS, block_at(self, numbers[b]), words_of(self, b));
    }
}

void ak_mask_blocks_or_within(const MaskBlocks *self, const uint32_t *numbers, const uint32_t *within, uint32_t *row) {
    for (uint32_t b = 0; b < self->per_row; b++) {
        size_t at = (size_t)b * BLOCK_WORDS;
        if (numbers[b]) ak_bits_or_within(row + at, block_at(self, numbers[b]), within + at, words_of(self, b));
    }
}
