/* What the mask engine knows of a vocabulary beyond its trie.
 *
 * A view is the vocabulary, or the part of it that begins with a space, that space taken off: nearly half of a
 * vocabulary are words with a space before them, and behind the space they are words again. A view has rows of the
 * tokens whose first unit (unit.h) is of a group, and of those that hold a group's unit behind the first: from them
 * come, by a few operations on whole rows, the tokens of any set of groups alone. For every stock class there is
 * also a trie of suffixes: a token u·w, u (not empty) being of the class and w beginning with the first unit that is
 * not, is listed under w. In a state that every unit of the class leaves as it is, u does not matter. Immutable, made with
 * the vocabulary. */
#ifndef AK_VOCAB_VIEWS_H
#define AK_VOCAB_VIEWS_H

#include "regex/regex_clamp.h"
#include "vocab/trie.h"
#include "vocab/unit.h"

/* A node of a trie as walks read it. The children of a node lie side by side, in the order of their bytes, so that a
 * walk that passes most of them by stays in a few cache lines. */
typedef struct WalkNode {
    uint32_t children;   /* the first child; 0: there is none */
    uint32_t first_id;   /* the tokens that end here are ids[first_id] up to the first child's, or up to end_id */
    uint32_t end_id;     /* those of the whole subtree: up to ids[end_id] */
    uint16_t below;      /* index of the set of groups that units behind the node are of */
    uint8_t child_count; /* less one */
    uint8_t byte;
} WalkNode;
_Static_assert(sizeof(WalkNode) == 16, "four nodes to a cache line");

typedef struct WalkTrie {
    const WalkNode *nodes; /* nodes[0] is the root */
    const uint32_t *ids;   /* depth first: the node's own tokens, then those of its children */
    const uint64_t *sets;  /* sets[0]: all groups, for nodes inside of a unit, and where there are too many sets */
} WalkTrie;

static inline uint32_t ak_walk_children_end(const WalkNode *node) {
    return node->children ? node->children + node->child_count + 1u : 0;
}
/* Where the tokens that end at the node itself end among the ids. */
static inline uint32_t ak_walk_own_end(const WalkTrie *trie, const WalkNode *node) {
    return node->children ? trie->nodes[node->children].first_id : node->end_id;
}

/* Sets of groups that have rows of their own: one operation instead of many. */
enum { GROUP_SETS = 7 };
extern const uint64_t ak_group_sets[GROUP_SETS];

enum { VIEW_WHOLE, VIEW_SPACE, VIEW_COUNT };

enum { SHORT_BYTES = 32 };

typedef struct View {
    uint32_t root;       /* its node in the vocabulary's trie */
    uint32_t depth;      /* bytes taken off: 0 or 1 */
    uint32_t child[256]; /* child[b]: node of the trie behind the view's first byte b; 0: none */
    const uint32_t *all; /* row: its tokens */
    /* rows: tokens whose first unit is of the group (then: of the set); that hold a unit of it behind the first */
    const uint32_t *firsts[GROUP_COUNT + GROUP_SETS], *rests[GROUP_COUNT + GROUP_SETS];
    uint32_t first_counts[GROUP_COUNT];   /* how many tokens firsts[g] has */
    const uint32_t *shorter[SHORT_UNITS]; /* shorter[n]: row of the tokens with n + 1 units at most */
    const uint32_t *longer;               /* ids of the other ones, those with the most units first */
    const uint16_t *longer_units;         /* how many each has */
    uint32_t longer_count;
    WalkTrie suffixes[STOCK_COUNT];
    WalkTrie tails;     /* of the longer tokens, each listed under what follows its first SHORT_UNITS units */
    WalkTrie malformed; /* of the tokens whose first unit is malformed, whatever code point their first byte promises */
} View;

typedef struct Views {
    View views[VIEW_COUNT];
    WalkTrie trie;         /* of the whole vocabulary */
    uint32_t count;        /* without enough tokens behind a space there is only the first */
    uint32_t space;        /* the space's node in the trie; 0: none */
    uint32_t words;        /* of a row */
    const uint32_t *longs; /* ids of the tokens of more than SHORT_BYTES bytes, the longest first */
    uint32_t long_count;
    ClampReach reaches[REACHES];
} Views;

/* How many tokens of the view begin with a unit of the groups. */
static inline uint32_t ak_view_count(const View *view, uint64_t groups) {
    uint32_t count = 0;
    for (; groups; groups &= groups - 1) count += view->first_counts[__builtin_ctzll(groups)];
    return count;
}

struct ananke_vocab;
/* Makes the views, in the vocabulary's arena. */
bool ak_views_build(Views *self, const struct ananke_vocab *vocab, Arena *arena, ananke_error *err);
/* Finds how far the tokens go. */
void ak_views_reach(Views *self, const Trie *trie);
/* Lists those that go far; false when out of memory. */
bool ak_views_list_longs(Views *self, const struct ananke_vocab *vocab, Arena *arena, Arena *scratch);
/* The row of the tokens of `view` that begin with a unit of `firsts`, go on with units of `rests` only, and have
 * `limit` units at most. */
void ak_view_select(const Views *self, const View *view, uint64_t firsts, uint64_t rests, uint32_t limit,
                    uint32_t *row);

#endif
