/* Building a trie from sorted tokens: a token shares with the node path of its predecessor what it has in common with it, and the rest
 * becomes new nodes. Sorting compares eight bytes at a time, big-endian, so that most comparisons are of two numbers. */
#include "mask/trie.h"
#include <assert.h>
#include <stdlib.h>

enum { LONGEST = UINT16_MAX };

typedef struct Key {
    uint64_t head; /* the first eight bytes, big-endian, padded with zeros */
    Str bytes;
    uint32_t id;
} Key;

static uint64_t head_of(Str bytes) {
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++) head = head << 8 | (i < bytes.length ? (uint8_t)bytes.data[i] : 0);
    return head;
}

/* By bytes, then by id. */
static int compare_keys(const void *left, const void *right) {
    const Key *a = left, *b = right;
    if (a->head != b->head) return a->head < b->head ? -1 : 1;
    int order = ak_str_compare(a->bytes, b->bytes);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

static size_t common_prefix(Str a, Str b) {
    size_t least = a.length < b.length ? a.length : b.length, at = 0;
    while (at < least && a.data[at] == b.data[at]) at++;
    return at;
}

typedef struct Sorted {
    Key *keys;
    uint32_t count;
    uint32_t nodes; /* nodes that the trie will have */
    size_t longest; /* bytes of the longest token */
} Sorted;

static bool sort_tokens(Sorted *sorted, Arena *scratch, const Str *tokens, uint32_t count, ananke_error *err) {
    sorted->keys = ak_new_array(scratch, Key, count);
    if (!sorted->keys) return ak_fail_memory(err, scratch);
    for (uint32_t id = 0; id < count; id++) {
        Str bytes = tokens[id];
        if (!bytes.length) continue;
        if (bytes.length > LONGEST)
            return ak_fail(err, ANANKE_ERROR_LIMIT, "token %u has %zu bytes, more than %d", id, bytes.length, LONGEST);
        if (bytes.length > sorted->longest) sorted->longest = bytes.length;
        sorted->keys[sorted->count++] = (Key){head_of(bytes), bytes, id};
    }
    qsort(sorted->keys, sorted->count, sizeof *sorted->keys, compare_keys);
    return true;
}

static bool count_nodes(Sorted *sorted, ananke_error *err) {
    uint64_t nodes = 0;
    Str last = {0};
    for (uint32_t i = 0; i < sorted->count; i++) {
        Str bytes = sorted->keys[i].bytes;
        nodes += bytes.length - common_prefix(last, bytes);
        last = bytes;
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
    Str last = {0};
    for (uint32_t i = 0; i < sorted->count; i++) {
        Key key = sorted->keys[i];
        if (i && ak_str_equal(last, key.bytes)) {
            aliases[sorted->keys[i - 1].id] = key.id;
            continue;
        }
        close_to(nodes, common_prefix(last, key.bytes));
        while (nodes->depth < key.bytes.length) open_node(nodes, (uint8_t)key.bytes.data[nodes->depth]);
        nodes->tokens[nodes->path[nodes->depth - 1]] = key.id;
        last = key.bytes;
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
