/* The trie of a vocabulary: every byte string that begins a token is one node, in preorder, as parallel arrays.
 *
 * The root is left out: its children start at 0, the children of node i at i + 1. The next sibling of i is ends[i], which is also where the
 * parent's subtree ends when i is the last child; siblings come in the order of their bytes. A walk that refuses node i goes on at ends[i].
 * Immutable once built. */
#ifndef AK_VOCAB_TRIE_H
#define AK_VOCAB_TRIE_H

#include "base/arena.h"
#include "base/error.h"

#define AK_TOKEN_NONE UINT32_MAX

typedef struct Trie {
    const uint8_t *bytes;   /* bytes[i]: the byte on the edge into node i */
    const uint32_t *ends;   /* ends[i]: index behind node i's subtree */
    const uint32_t *tokens; /* tokens[i]: first id with these bytes, AK_TOKEN_NONE when none */
    const uint16_t *depths; /* depths[i]: length of the path, 1 for children of the root */
    uint32_t count;
} Trie;

/* Builds the trie of `tokens` (those of length 0 are left out) and, into `aliases` (`count` items), the chain of ids with equal bytes:
 * aliases[id] is the next one, AK_TOKEN_NONE at the end. The trie lives in `arena`, what building needs in a scratch arena of the same
 * allocator. False and `err` when memory runs out or a token is longer than 65,535 bytes. */
bool ak_trie_build(Trie *trie, Arena *arena, const Str *tokens, uint32_t count, uint32_t *aliases, ananke_error *err);

/* The longest token that `text` starts with: its length, and its id in `*token`; 0 when there is none. */
size_t ak_trie_longest(const Trie *trie, Str text, uint32_t *token);

#endif
