/* Rows of bits as blocks, each different block being stored once.
 *
 * Masks of a whole vocabulary are rows of many kilobytes, and most of one differ from others in a few tokens here and there: a row takes a
 * seventh of its room as the numbers of its blocks. One writer adds; a row's numbers are read by any thread. */
#ifndef AK_MASK_MASK_BLOCKS_H
#define AK_MASK_MASK_BLOCKS_H

#include "base/paged.h"
#include "base/table.h"

/* Pages are of one size, so that little is to be reckoned where a row's blocks are put together. */
enum { BLOCK_WORDS = 32, BLOCK_PAGE_BITS = 10, BLOCK_PAGES = 1 << 13 };

typedef struct MaskBlock {
    uint32_t words[BLOCK_WORDS]; /* behind the end of a row, 0 */
} MaskBlock;

typedef struct MaskBlocks {
    Arena *arena;
    uint32_t words, per_row; /* of a row; blocks of a row */
    MaskBlock **pages;       /* NULL: there is no row yet; block 0 is empty */
    uint32_t count;          /* blocks; the writer's */
    Table numbers;           /* by hash */
    uint32_t *recent; /* by place in a row: the block that the last row has there, which the next is likely to have */
} MaskBlocks;

/* Allocates nothing yet. */
void ak_mask_blocks_init(MaskBlocks *self, Arena *arena, uint32_t words);
/* The numbers of a row's blocks; NULL when out of memory. The writer. */
const uint32_t *ak_mask_blocks_add(MaskBlocks *self, const uint32_t *row);
/* Whether the row is of these blocks. Any thread, as the next. */
bool ak_mask_blocks_equal(const MaskBlocks *self, const uint32_t *numbers, const uint32_t *row);
/* Writes a row, adds it to another one, and adds those of its bits that are in `within`. */
void ak_mask_blocks_copy(const MaskBlocks *self, const uint32_t *numbers, uint32_t *row);
void ak_mask_blocks_or(const MaskBlocks *self, const uint32_t *numbers, uint32_t *row);
void ak_mask_blocks_or_within(const MaskBlocks *self, const uint32_t *numbers, const uint32_t *within, uint32_t *row);

#endif
