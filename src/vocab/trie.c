/* Building a trie from sorted tokens: a token shares with the node path of its predecessor what it has in common with it, and the rest
 * becomes new nodes.
 *
 * Tokens are sorted by their first eight bytes as one number, digit by digit (a radix sort, stable, so that equal tokens stay in order of id);
 * those few that are equal in them are then sorted by merging. */
#include "vocab/trie.h"
#include <assert.h>

enum { LONGEST = UINT16_MAX, HEAD = 8 };

typedef struct Key {
    uint64_t head;       /* the first eight bytes, big-endian, padded with zeros */
    uint32_t id, length; /* length: of the token */
} Key;

typedef struct Sorted {
    const Str *tokens;
    Key *keys, *spare; /* spare: as long, for sorting */
    uint32_t count;
    uint32_t nodes; /* nodes that the trie will have */
    size_t longest; /* bytes of the longest token */
} Sorted;

static uint64_t head_of(Str bytes) {
    uint64_t head = 0;
    for (size_t i = 0; i < HEAD; i++) head = head << 8 | (i < bytes.length ? (uint8_t)bytes.data[i] : 0);
    return head;
}

/* How many bytes two tokens begin with in common; mostly the heads tell. */
static size_t common_prefix(const Sorted *sorted, const Key *a, const Key *b) {
    size_t least = a->length < b->length ? a->length : b->length, at = 0;
    if (a->head != b->head) {
        while (at < least && (a->head ^ b->head) >> (8 * (HEAD - 1 - at)) == 0) at++;
        return at;
    }
    const char *first = sorted->tokens[a->id].data, *second = sorted->tokens[b->id].data;
    for (at = least < HEAD ? least : HEAD; at < least && first[at] == second[at];) at++;
    return at;
}

/* ---- Sorting. */

/* One pass of the radix sort, by the byte at `shift`, from `keys` to `spare`; nothing when all have the same byte there. */
static void sort_by_byte(Sorted *sorted, unsigned shift) {
    uint32_t starts[257] = {0};
    for (uint32_t i = 0; i < sorted->count; i++) starts[(sorted->keys[i].head >> shift & 0xFF) + 1]++;
    for (size_t byte = 0; byte < 256; byte++) {
        if (starts[byte + 1] == sorted->count) return;
    }
    for (size_t byte = 0; byte < 256; byte++) starts[byte + 1] += starts[byte];
    for (uint32_t i = 0; i < sorted->count; i++) {
        sorted->spare[starts[sorted->keys[i].head >> shift & 0xFF]++] = sorted->keys[i];
    }
    Key *keys = sorted->keys;
    sorted->keys = sorted->spare, sorted->spare = keys;
}

static bool is_after(const Sorted *sorted, const Key *a, const Key *b) {
    return ak_str_compare(sorted->tokens[a->id], sorted->tokens[b->id]) > 0;
}

/* Sorts by merging: stable, and never worse than n log n. */
static void sort_run(const Sorted *sorted, Key *keys, uint32_t count) {
    if (count < 2) return;
    uint32_t half = count / 2;
    sort_run(sorted, keys, half);
    sort_run(sorted, keys + half, count - half);
    if (!is_after(sorted, &keys[half - 1], &keys[half])) return;
    memcpy(sorted->spare, keys, half * sizeof *keys);
    for (uint32_t left = 0, right = half, to = 0; left < half; to++) {
        bool is_right = right < count && is_after(sorted, &sorted->spare[left], &keys[right]);
        keys[to] = is_right ? keys[right++] : sorted->spare[left++];
    }
}

static void sort_ties(const Sorted *sorted) {
    for (uint32_t from = 0, to; from < sorted->count; from = to) {
        for (to = from + 1; to < sorted->count && sorted->keys[to].head == sorted->keys[from].head;) to++;
        sort_run(sorted, sorted->keys + from, to - from);
    }
}

static bool sort_tokens(Sorted *sorted, Arena *scratch, const Str *tokens, uint32_t count, ananke_error *err) {
    sorted->tokens = tokens;
    sorted->keys = ak_new_array(scratch, Key, count);
    sorted->spare = ak_new_array(scratch, Key, count);
    if (!sorted->keys || !sorted->spare) return ak_fail_memory(err, scratch);
    for (uint32_t id = 0; id < count; id++) {
        Str bytes = tokens[id];
        if (!bytes.length) continue;
        if (bytes.length > LONGEST)
            return ak_fail(err, ANANKE_ERROR_LIMIT, "token %u has %zu bytes, more than %d", id, bytes.length, LONGEST);
        if (bytes.length > sorted->longest) sorted->longest = bytes.length;
        sorted->keys[sorted->count++] = (Key){head_of(bytes), id, (uint32_t)bytes.length};
    }
    for (unsigned shift = 0; shift < 8 * HEAD; shift += 8) sort_by_byte(sorted, shift);
    sort_ties(sorted);
    return true;
}

/* ---- Nodes. */

static bool count_nodes(Sorted *sorted, ananke_error *err) {
    uint64_t nodes = 0;
    for (uint32_t i = 0; i < sorted->count; i++) {
        const Key *key = &sorted->keys[i];
        nodes += key->length - (i ? common_prefix(sorted, key - 1, key) : 0);
    }
    if (nodes >= UINT32_MAX)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "the tokens have %llu different beginnings, too many",
                       (unsigned long long)nodes);
    sorted->nodes = (uint32_t)nodes;
    return true;
}

typedef struct Nodes {
    uint8_t *bytes;
    uint32_t *ends, *tokens;
    uint16_t *depths;
    uint32_t count;
    uint32_t *path; /* path[d]: the open node of depth d + 1 */
    size_t depth;   /* how many nodes are open */
} Nodes;

static void close_to(Nodes *nodes, size_t depth) {
    while (nodes->depth > depth) nodes->ends[nodes->path[--nodes->depth]] = nodes->count;
}

static void open_node(Nodes *nodes, uint8_t byte) {
    uint32_t node = nodes->count++;
    nodes->path[nodes->depth++] = node;
    nodes->bytes[node] = byte;
    nodes->tokens[node] = AK_TOKEN_NONE;
    nodes->depths[node] = (uint16_t)nodes->depth;
}

static void add_tokens(Nodes *nodes, const Sorted *sorted, uint32_t *aliases) {
    for (uint32_t i = 0; i < sorted->count; i++) {
        const Key *key = &sorted->keys[i];
        Str bytes = sorted->tokens[key->id];
        size_t common = i ? common_prefix(sorted, key - 1, key) : 0;
        if (common == bytes.length) { /* only an equal token begins with all of it */
            aliases[key[-1].id] = key->id;
            continue;
        }
        close_to(nodes, common);
        while (nodes->depth < bytes.length) open_node(nodes, (uint8_t)bytes.data[nodes->depth]);
        nodes->tokens[nodes->path[nodes->depth - 1]] = key->id;
    }
    close_to(nodes, 0);
    assert(nodes->count == sorted->nodes);
}

static bool build_nodes(Trie *trie, Arena *arena, Arena *scratch, const Sorted *sorted, uint32_t *aliases,
                        ananke_error *err) {
    Nodes nodes = {
        .bytes = ak_new_array(arena, uint8_t, sorted->nodes),
        .ends = ak_new_array(arena, uint32_t, sorted->nodes),
        .tokens = ak_new_array(arena, uint32_t, sorted->nodes),
        .depths = ak_new_array(arena, uint16_t, sorted->nodes),
        .path = ak_new_array(scratch, uint32_t, sorted->longest),
    };
    if (!ak_arena_ok(arena)) return ak_fail_memory(err, arena);
    if (!nodes.path) return ak_fail_memory(err, scratch);
    add_tokens(&nodes, sorted, aliases);
    *trie = (Trie){nodes.bytes, nodes.ends, nodes.tokens, nodes.depths, nodes.count};
    return true;
}

bool ak_trie_build(Trie *trie, Arena *arena, const Str *tokens, uint32_t count, uint32_t *aliases, ananke_error *err) {
    for (uint32_t id = 0; id < count; id++) aliases[id] = AK_TOKEN_NONE;
    Arena scratch = {.allocator = arena->allocator, .limit = SIZE_MAX};
    Sorted sorted = {0};
    bool done = sort_tokens(&sorted, &scratch, tokens, count, err) && count_nodes(&sorted, err) &&
                build_nodes(trie, arena, &scratch, &sorted, aliases, err);
    ak_arena_free(&scratch);
    return done;
}

size_t ak_trie_longest(const Trie *trie, Str text, uint32_t *token) {
    size_t longest = 0;
    uint32_t at = 0, end = trie->count;
    for (size_t depth = 0; depth < text.length; depth++) {
        while (at < end && trie->bytes[at] < (uint8_t)text.data[depth]) at = trie->ends[at];
        if (at >= end || trie->bytes[at] != (uint8_t)text.data[depth]) break;
        if (trie->tokens[at] != AK_TOKEN_NONE) *token = trie->tokens[at], longest = depth + 1;
        end = trie->ends[at++];
    }
    return longest;
}
