/* Views as a cached vocabulary has them: the same rows and tries, one behind the other in a few arrays, so that they can be used where they lie in
 * a file. What is quickly counted from them (children of roots, lengths) is not written but counted again. */
#ifndef AK_VOCAB_VIEWS_FILE_H
#define AK_VOCAB_VIEWS_FILE_H

#include "vocab/views.h"

/* How much of the arrays belongs to a trie. */
typedef struct WalkExtent {
    uint32_t nodes, ids, sets;
} WalkExtent;

typedef struct FlatViews {
    const uint32_t *longer_counts; /* of each view; view_count tells how many views there are */
    const uint32_t *rows;          /* view by view */
    const uint32_t *longer;        /* ids, view by view */
    const uint16_t *longer_units;
    const WalkExtent *tries; /* the vocabulary's, then those of each view */
    const WalkNode *nodes;
    const uint32_t *ids;
    const uint64_t *sets;
    size_t view_count, row_words, longer_count, unit_count, trie_count, node_count, id_count, set_count;
} FlatViews;

/* Copies the views into arrays in `arena`. False when out of memory. */
bool ak_views_flatten(const Views *self, Arena *arena, FlatViews *flat);
/* Views that point into the arrays. `size`: ids of the vocabulary. False when memory runs out in `scratch`, or with `*problem` when the arrays are not
 * what a vocabulary of this size can have: every index is compared with what it points into, and every trie is a tree. */
bool ak_views_unflatten(Views *self, const FlatViews *flat, const Trie *trie, uint32_t size, Arena *scratch,
                        const char **problem);

#endif
