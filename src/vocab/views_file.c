/* Laying views out one behind the other, and finding them again. Rows and tries of a view are numbered, so that both ways go through the same. */
#include "vocab/views_file.h"
#include "base/bitset.h"
#include "base/vec.h"

enum {
    ROWS_OF_GROUPS = GROUP_COUNT + GROUP_SETS,
    VIEW_ROWS = 1 + 2 * ROWS_OF_GROUPS + SHORT_UNITS,
    VIEW_TRIES = STOCK_COUNT + 2,
};
/* A field that is new there needs its place here. */
_Static_assert(sizeof(View) == 8 + 256 * 4 + VIEW_ROWS * sizeof(void *) + (GROUP_COUNT + 1) / 2 * 8 +
                                   3 * sizeof(void *) + VIEW_TRIES * sizeof(WalkTrie),
               "all of a view is written or counted again");

static const uint32_t **row_at(View *view, size_t number) {
    if (number == 0) return &view->all;
    if (--number < ROWS_OF_GROUPS) return &view->firsts[number];
    if ((number -= ROWS_OF_GROUPS) < ROWS_OF_GROUPS) return &view->rests[number];
    return &view->shorter[number - ROWS_OF_GROUPS];
}

static WalkTrie *trie_at(Views *views, size_t number) {
    if (number-- == 0) return &views->trie;
    View *view = &views->views[number / VIEW_TRIES];
    if ((number %= VIEW_TRIES) < STOCK_COUNT) return &view->suffixes[number];
    return number == STOCK_COUNT ? &view->tails : &view->malformed;
}

/* ---- Into arrays. */

typedef VEC(uint32_t) Words32;
typedef VEC(uint64_t) Words64;
typedef VEC(uint16_t) Words16;
typedef VEC(WalkNode) WalkNodes;
typedef VEC(WalkExtent) WalkExtents;

#define APPEND(arena, vec, from, number)                                                                        \
    (ak_vec_reserve((arena), (vec), (number)) &&                                                                \
     ((number) == 0 || memcpy((vec)->items + (vec)->count, (from), (number) * sizeof *(vec)->items) != NULL) && \
     ((vec)->count += (number), true))

/* Children lie behind their parents, so the last ones tell how many nodes there are. */
static WalkExtent measure(const WalkTrie *trie) {
    WalkExtent extent = {.nodes = 1, .ids = trie->nodes[0].end_id, .sets = 1};
    for (uint32_t i = 0; i < extent.nodes; i++) {
        uint32_t end = ak_walk_children_end(&trie->nodes[i]);
        if (end > extent.nodes) extent.nodes = end;
        if (trie->nodes[i].below >= extent.sets) extent.sets = trie->nodes[i].below + 1u;
    }
    return extent;
}

typedef struct Flat {
    Words32 counts, rows, longer, ids;
    Words16 units;
    Words64 sets;
    WalkNodes nodes;
    WalkExtents tries;
} Flat;

static bool flatten_view(View *view, uint32_t words, Arena *arena, Flat *flat) {
    for (size_t i = 0; i < VIEW_ROWS; i++) {
        if (!APPEND(arena, &flat->rows, *row_at(view, i), words)) return false;
    }
    return APPEND(arena, &flat->longer, view->longer, view->longer_count) &&
           APPEND(arena, &flat->units, view->longer_units, view->longer_count) &&
           ak_vec_push(arena, &flat->counts, view->longer_count);
}

static bool flatten_trie(const WalkTrie *trie, Arena *arena, Flat *flat) {
    WalkExtent extent = measure(trie);
    return APPEND(arena, &flat->nodes, trie->nodes, extent.nodes) && APPEND(arena, &flat->ids, trie->ids, extent.ids) &&
           APPEND(arena, &flat->sets, trie->sets, extent.sets) && ak_vec_push(arena, &flat->tries, extent);
}

bool ak_views_flatten(const Views *self, Arena *arena, FlatViews *result) {
    Views views = *self; /* a copy that may be pointed into */
    Flat flat = {0};
    for (uint32_t i = 0; i < views.count; i++) {
        if (!flatten_view(&views.views[i], views.words, arena, &flat)) return false;
    }
    for (size_t i = 0; i < 1 + (size_t)views.count * VIEW_TRIES; i++) {
        if (!flatten_trie(trie_at(&views, i), arena, &flat)) return false;
    }
    *result = (FlatViews){flat.counts.items, flat.rows.items,  flat.longer.items, flat.units.items,
                          flat.tries.items,  flat.nodes.items, flat.ids.items,    flat.sets.items,
                          flat.counts.count, flat.rows.count,  flat.longer.count, flat.units.count,
                          flat.tries.count,  flat.nodes.count, flat.ids.count,    flat.sets.count};
    return true;
}

/* ---- Out of arrays. */

/* Is it a tree, each child behind its parent, whose nodes' ids follow each other in the order of a walk? `depths` (all 0) has room for the nodes. */
static bool is_tree(const WalkTrie *trie, const WalkExtent *extent, uint32_t longest, uint32_t *depths) {
    const WalkNode *nodes = trie->nodes;
    if (!extent->nodes || nodes[0].first_id != 0 || nodes[0].end_id != extent->ids) return false;
    for (uint32_t i = 0; i < extent->nodes; i++) {
        const WalkNode *node = &nodes[i];
        if ((i && !depths[i]) || node->below >= extent->sets || node->first_id > node->end_id) return false;
        if (!node->children) continue;
        uint64_t end = (uint64_t)node->children + node->child_count + 1;
        if (node->children <= i || end > extent->nodes || depths[i] >= longest) return false;
        uint32_t at = nodes[node->children].first_id;
        if (at < node->first_id) return false;
        for (uint32_t child = node->children; child < end; at = nodes[child++].end_id) {
            if (depths[child] || nodes[child].first_id != at || nodes[child].end_id < at) return false;
            depths[child] = depths[i] + 1;
        }
        if (at != node->end_id) return false;
    }
    return true;
}

static bool are_ids(const uint32_t *ids, size_t count, uint32_t size) {
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) wrong += ids[i] >= size;
    return wrong == 0;
}

/* Finds the tries in the arrays, all of which they must use up. */
static bool find_tries(Views *self, const FlatViews *flat, uint32_t size, Arena *scratch) {
    size_t node = 0, id = 0, set = 0;
    for (size_t i = 0; i < flat->trie_count; i++) {
        const WalkExtent *extent = &flat->tries[i];
        if (extent->nodes > flat->node_count - node || extent->ids > flat->id_count - id || extent->ids > size ||
            extent->sets > flat->set_count - set)
            return false;
        WalkTrie *trie = trie_at(self, i);
        *trie = (WalkTrie){flat->nodes + node, flat->ids + id, flat->sets + set};
        node += extent->nodes, id += extent->ids, set += extent->sets;
        ArenaMark mark = ak_arena_mark(scratch);
        uint32_t *depths = ak_new_array(scratch, uint32_t, extent->nodes);
        bool done = depths && is_tree(trie, extent, self->reaches[REACH_ALL].longest, depths);
        ak_arena_rewind(scratch, mark);
        if (!done) return false;
    }
    return node == flat->node_count && id == flat->id_count && set == flat->set_count;
}

static bool find_rows(Views *self, const FlatViews *flat, uint32_t size) {
    uint32_t last_bits = size % 32 ? UINT32_MAX << size % 32 : 0;
    const uint32_t *row = flat->rows;
    for (size_t i = 0; i < self->count * (size_t)VIEW_ROWS; i++, row += self->words) {
        if (row[self->words - 1] & last_bits) return false;
        *row_at(&self->views[i / VIEW_ROWS], i % VIEW_ROWS) = row;
    }
    return true;
}

/* The node of each first byte below a trie's node. */
static void index_children(const WalkTrie *trie, uint32_t root, uint32_t child[256]) {
    const WalkNode *node = &trie->nodes[root];
    for (uint32_t at = node->children; at < ak_walk_children_end(node); at++) child[trie->nodes[at].byte] = at;
}

static bool finish_view(Views *self, View *view, const FlatViews *flat, size_t *longer) {
    uint32_t count = flat->longer_counts[view - self->views];
    if (count > flat->longer_count - *longer) return false;
    view->longer = flat->longer + *longer, view->longer_units = flat->longer_units + *longer;
    view->longer_count = count;
    *longer += count;
    index_children(&self->trie, view->root, view->child);
    for (int group = 0; group < GROUP_COUNT; group++)
        view->first_counts[group] = (uint32_t)ak_bits_count(view->firsts[group], self->words);
    return true;
}

static bool have_right_lengths(const Views *self, const FlatViews *flat) {
    return flat->view_count >= 1 && flat->view_count <= VIEW_COUNT && flat->longer_count == flat->unit_count &&
           flat->trie_count == 1 + flat->view_count * VIEW_TRIES &&
           flat->row_words == flat->view_count * VIEW_ROWS * self->words;
}

bool ak_views_unflatten(Views *self, const FlatViews *flat, const Trie *trie, uint32_t size, Arena *scratch,
                        const char **problem) {
    *self = (Views){.count = (uint32_t)flat->view_count, .words = (uint32_t)ak_bits_words(size)};
    ak_views_reach(self, trie);
    *problem = "the views are not this vocabulary's";
    if (!have_right_lengths(self, flat) || !are_ids(flat->ids, flat->id_count, size) ||
        !are_ids(flat->longer, flat->longer_count, size))
        return false;
    if (!find_tries(self, flat, size, scratch) || !find_rows(self, flat, size)) return false;
    uint32_t child[256] = {0};
    index_children(&self->trie, 0, child);
    self->space = child[' '];
    if (self->count > VIEW_SPACE) self->views[VIEW_SPACE].root = self->space, self->views[VIEW_SPACE].depth = 1;
    size_t longer = 0;
    for (uint32_t i = 0; i < self->count; i++) {
        if (!finish_view(self, &self->views[i], flat, &longer)) return false;
    }
    return longer == flat->longer_count && (self->count == 1 || self->space);
}
