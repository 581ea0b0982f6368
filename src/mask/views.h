/* What the mask engine knows of a vocabulary beyond its trie.
 *
 * A view is the vocabulary, or the part of it that begins with a space, that space taken off: nearly half of a
 * vocabulary are words with a space before them, and behind the space they are words again. For every view there are
 * rows of the tokens that begin with a group of units, and for every stock class (unit.h): the row of the tokens made
 * of the class alone, and a trie of suffixes: a token u·w, u being of the class and w beginning with the first unit
 * that is not, is listed under w. In a state that every unit of the class leaves as it is, u does not matter.
 * Words have a third: the trie of the tokens that begin like a word and do not end as one, for the keywords among
 * them. Immutable, made with the vocabulary. */
#ifndef AK_MASK_VIEWS_H
#define AK_MASK_VIEWS_H

#include "mask/trie.h"
#include "mask/unit.h"

typedef struct SuffixTrie {
    Trie trie; /* tokens[i]: a number for lists, AK_TOKEN_NONE where no suffix ends */
    const uint32_t *lists; /* the tokens with suffix number n are ids[lists[n]] … ids[lists[n+1]-1] */
    const uint32_t *ids;
} SuffixTrie;

enum { VIEW_WHOLE, VIEW_SPACE, VIEW_COUNT };

typedef struct View {
    uint32_t begin, end;  /* its nodes in the vocabulary's trie */
    uint32_t depth;       /* bytes taken off: 0 or 1 */
    uint32_t child[256];  /* child[b]: node of the trie behind the view's first byte b; AK_TOKEN_NONE */
    const uint32_t *firsts[GROUP_COUNT]; /* rows: tokens whose first unit is of the group; NULL: none */
    const uint32_t *bodies[STOCK_COUNT]; /* rows: tokens of the class alone */
    SuffixTrie suffixes[STOCK_COUNT];
    Trie broken_words; /* tokens that begin with a STOCK_WORD unit and hold another unit */
    uint32_t broken_child[256];
} View;

typedef struct Views {
    View views[VIEW_COUNT];
    uint32_t count;  /* without enough tokens behind a space there is only the first */
    uint32_t space;  /* the space's node in the trie; AK_TOKEN_NONE */
    uint32_t words;  /* of a row */
    uint32_t longest; /* bytes of the longest token */
} Views;

struct ananke_vocab;
/* Makes the views, in the vocabulary's arena. */
bool ak_views_build(Views *self, const struct ananke_vocab *vocab, Arena *arena, ananke_error *err);

#endif
