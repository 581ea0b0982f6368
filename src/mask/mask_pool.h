/* Masks, each stored once, and which one belongs to which point.
 *
 * A mask is a row of bits or, when few tokens are allowed, the list of their ids. Masks that only others are made of are
 * much like each other: most are stored as a row that is there and the few ids in which they differ from it. A pool that has many rows stores
 * more of them as blocks (mask_blocks.h). Looking one up takes no lock; adding is the writer's. Masks are handed out by pointer and live as long as the pool. */
#ifndef AK_MASK_POOL_H
#define AK_MASK_POOL_H

#include "base/paged.h"
#include "base/table.h"
#include "mask/mask_blocks.h"
#include "vocab/vocab.h"

/* A row with ids differs from the mask in them: the first `dropped` are in the row only, the others in the mask only. */
typedef struct Mask {
    const uint32_t *row;    /* NULL: the blocks are stored or, where there are none, the ids */
    const uint32_t *blocks; /* numbers in the pool; the pool's */
    const uint32_t *ids;
    uint32_t count; /* ids; 0 for a row that is handed out */
    uint32_t dropped;
    uint64_t hash; /* of what it allows, as row or list; the pool's */
} Mask;

/* A row that others are compared with. */
typedef struct MaskBase {
    const uint32_t *row; /* NULL: free */
    uint64_t hash;
} MaskBase;

/* Kinds of masks that are like each other; those of kind 0 are handed out, and never stored as changes; those of kind MASK_KIND_ROW are rows, and stored as such. */
enum { MASK_KIND_WHOLE = 14, MASK_KINDS, MASK_KIND_ROW = MASK_KINDS, MASK_BASES = 4, MASK_CHANGES_MAX = 64 };
/* Rows that are stored as such before others are stored as blocks: grammars of which less is asked have the faster ones only. */
enum { MASK_ROWS = 64 };

typedef struct MaskPool {
    Arena *arena;
    uint32_t words;                         /* of a row */
    uint32_t rows_left;                     /* that may be stored as such */
    MaskBlocks blocks;                      /* of the others, and of long lists */
    uint32_t *list_row;                     /* the writer's: room for a list as a row; NULL: none yet */
    PAGED(Mask) masks;                      /* mask 0 is none */
    Table by_key;                           /* what the caller makes of view and point */
    Table by_content;                       /* by hash and kind */
    Table borrowed;                         /* by their numbers in the pool that they are borrowed from */
    MaskBase bases[MASK_KINDS][MASK_BASES]; /* the last rows of a kind, for others to differ from */
    uint32_t turn[MASK_KINDS];              /* which one is replaced next */
} MaskPool;

/* Ids that take no more than a quarter of a row's room are stored as a list. */
static inline uint32_t ak_mask_list_limit(const MaskPool *self) {
    return self->words / 4;
}

/* Longer lists take more room than blocks, where there are such. */
static inline uint32_t ak_mask_short_limit(const MaskPool *self) {
    return self->words / 16;
}

/* Its first `rows` rows are stored as such. */
bool ak_mask_pool_init(MaskPool *self, Arena *arena, const ananke_vocab *vocab, uint32_t rows);
static inline bool ak_mask_is_list(const Mask *mask) {
    return !mask->row && !mask->blocks;
}
/* The mask that is stored under `key`; 0: none is. Any thread. */
static inline uint32_t ak_mask_find(const MaskPool *self, uint64_t key) {
    return ak_table_find(&self->by_key, key);
}
static inline const Mask *ak_mask_get(const MaskPool *self, uint32_t mask) {
    return ak_paged_at(&self->masks, mask);
}
/* Stores a copy of the mask, a row (with the hash that a pool gave it, or 0) or a list, under `key` (0: under none), or finds the equal one of its kind that is there. 0 when out of
 * memory. The writer. */
uint32_t ak_mask_add(MaskPool *self, uint64_t key, Mask mask, uint32_t kind);
/* The same without a key. */
uint32_t ak_mask_intern(MaskPool *self, Mask mask, uint32_t kind);
/* Makes a mask of another pool, for the same vocabulary, one of this pool, too, and of that kind: its row and ids stay
 * where they are, and the other pool has to live longer, and to have no blocks. All that is borrowed is from one pool. 0 when out of memory.
 * The writer. */
uint32_t ak_mask_borrow(MaskPool *self, const MaskPool *from, uint32_t mask, uint32_t kind);
/* Stores a mask that is there under one more key, unless something is. False when out of memory. The writer. */
bool ak_mask_note(MaskPool *self, uint64_t key, uint32_t mask);
/* Writes a mask to a row of `words` words, or adds it to what is there. Any thread. */
void ak_mask_copy(const MaskPool *self, const Mask *mask, uint32_t *row);
void ak_mask_or(const MaskPool *self, const Mask *mask, uint32_t *row);
/* Adds those of its tokens that are in `within` too. */
void ak_mask_or_within(const MaskPool *self, const Mask *mask, const uint32_t *within, uint32_t *row);

#endif
