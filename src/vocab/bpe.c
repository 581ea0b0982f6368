/* Byte pair encoding of one piece: symbols in a doubly linked list, candidate merges in a binary heap ordered by rank, then place.
 *
 * A merge makes the left symbol longer and empties the right one; candidates of before stay in the heap and are known by their span: one is good
 * while its symbol and that one's neighbour together are as long as when it was pushed (a span at a given start is cut in two in one way only, as
 * symbols never shrink). So a piece of n symbols takes O(n log n), however it is made. */
#include "vocab/bpe.h"
#include "base/utf8.h"
#include <assert.h>

typedef struct Symbol {
    uint32_t id;             /* AK_TOKEN_NONE: a byte or character without token */
    uint32_t start, length;  /* bytes of the piece; length 0 once merged away */
    uint32_t previous, next; /* AK_TOKEN_NONE at the ends */
    bool is_whole;           /* never merges */
} Symbol;

typedef struct Candidate {
    uint32_t rank, left; /* left: index of the left symbol */
    uint32_t length;     /* bytes of both together */
    uint32_t merged;
} Candidate;

typedef struct Work {
    const Bpe *bpe;
    const ananke_vocab *vocab;
    Arena *scratch;
    IdSink *sink;
    Str piece;
    VEC(Symbol) symbols;
    VEC(Candidate) heap;
} Work;

/* ---- Pairs. */

static size_t pair_slot(const Bpe *bpe, uint32_t left, uint32_t right) {
    uint64_t hash = ((uint64_t)left << 32 | right) * UINT64_C(0x9E3779B97F4A7C15);
    size_t mask = bpe->pair_slots - 1, at = (hash >> 32) & mask;
    while (bpe->pairs[at].left != AK_TOKEN_NONE && (bpe->pairs[at].left != left || bpe->pairs[at].right != right))
        at = (at + 1) & mask;
    return at;
}

bool ak_bpe_reserve(Bpe *bpe, Arena *arena, size_t count) {
    assert(!bpe->pairs);
    size_t slots = 16;
    while (slots < count + count / 2) slots *= 2;
    bpe->pairs = bpe->open_pairs = ak_new_array(arena, BpePair, slots);
    if (!bpe->pairs) return false;
    bpe->pair_slots = slots;
    for (size_t i = 0; i < slots; i++) bpe->open_pairs[i].left = AK_TOKEN_NONE;
    return true;
}

void ak_bpe_add(Bpe *bpe, BpePair pair) {
    size_t at = pair_slot(bpe, pair.left, pair.right);
    if (bpe->pairs[at].left == AK_TOKEN_NONE) bpe->open_pairs[at] = pair;
}

void ak_bpe_take_bytes(Bpe *bpe, const ananke_vocab *vocab) {
    for (int i = 0; i < 256; i++) bpe->byte_ids[i] = ak_vocab_find(vocab, (Str){(const char[]){(char)i}, 1});
}

/* ---- The heap. */

static bool is_before(Candidate a, Candidate b) {
    return a.rank != b.rank ? a.rank < b.rank : a.left < b.left;
}

static bool push_candidate(Work *work, Candidate candidate) {
    if (!ak_vec_push(work->scratch, &work->heap, candidate)) return false;
    Candidate *heap = work->heap.items;
    size_t at = work->heap.count - 1;
    for (; at > 0 && is_before(candidate, heap[(at - 1) / 2]); at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = candidate;
    return true;
}

static Candidate pop_candidate(Work *work) {
    Candidate *heap = work->heap.items, first = heap[0], last = heap[--work->heap.count];
    size_t at = 0, count = work->heap.count;
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_before(heap[child + 1], heap[child])) child++;
        if (!is_before(heap[child], last)) break;
        heap[at] = heap[child];
    }
    if (count) heap[at] = last;
    return first;
}

/* ---- Merging. */

/* Does the pair at `left` merge? Fills the candidate in. */
static bool find_merge(const Work *work, uint32_t left, Candidate *candidate) {
    const Symbol *a = &work->symbols.items[left], *b = &work->symbols.items[a->next];
    *candidate = (Candidate){.left = left, .length = a->length + b->length};
    if (a->is_whole || b->is_whole) return false;
    if (work->bpe->pairs) {
        if (a->id == AK_TOKEN_NONE || b->id == AK_TOKEN_NONE) return false;
        const BpePair *pair = &work->bpe->pairs[pair_slot(work->bpe, a->id, b->id)];
        candidate->rank = pair->rank, candidate->merged = pair->merged;
        return pair->left != AK_TOKEN_NONE;
    }
    candidate->merged = ak_vocab_find(work->vocab, ak_str_slice(work->piece, a->start, a->start + candidate->length));
    if (candidate->merged == AK_TOKEN_NONE) return false;
    candidate->rank = work->bpe->ranks ? work->bpe->ranks[candidate->merged] : candidate->merged;
    return candidate->rank != AK_TOKEN_NONE;
}

static bool try_pair(Work *work, uint32_t left) {
    if (left == AK_TOKEN_NONE || work->symbols.items[left].next == AK_TOKEN_NONE) return true;
    Candidate candidate;
    return !find_merge(work, left, &candidate) || push_candidate(work, candidate);
}

static bool is_stale(const Work *work, const Candidate *candidate) {
    const Symbol *a = &work->symbols.items[candidate->left];
    return a->length == 0 || a->next == AK_TOKEN_NONE ||
           a->length + work->symbols.items[a->next].length != candidate->length;
}

static bool merge_all(Work *work) {
    work->heap.count = 0;
    for (uint32_t i = 0; i < work->symbols.count; i++) {
        if (!try_pair(work, i)) return false;
    }
    while (work->heap.count) {
        Candidate best = pop_candidate(work);
        if (is_stale(work, &best)) continue;
        Symbol *a = &work->symbols.items[best.left], *b = &work->symbols.items[a->next];
        a->id = best.merged, a->length = best.length, a->next = b->next;
        b->length = 0;
        if (a->next != AK_TOKEN_NONE) work->symbols.items[a->next].previous = best.left;
        if (!try_pair(work, a->previous) || !try_pair(work, best.left)) return false;
    }
    return true;
}

/* ---- Symbols. */

static bool add_symbol(Work *work, uint32_t id, size_t start, size_t length) {
    uint32_t count = (uint32_t)work->symbols.count;
    if (count) work->symbols.items[count - 1].next = count;
    Symbol symbol = {.id = id, .start = (uint32_t)start, .length = (uint32_t)length, .next = AK_TOKEN_NONE};
    symbol.previous = count ? count - 1 : AK_TOKEN_NONE;
    return ak_vec_push(work->scratch, &work->symbols, symbol);
}

static bool add_bytes(Work *work, size_t from, size_t to) {
    for (size_t at = from; at < to; at++) {
        if (!add_symbol(work, work->bpe->byte_ids[(uint8_t)work->piece.data[at]], at, 1)) return false;
    }
    return true;
}

static bool has_byte_tokens(const Bpe *bpe, Str text) {
    for (size_t i = 0; i < text.length; i++) {
        if (bpe->byte_ids[(uint8_t)text.data[i]] == AK_TOKEN_NONE) return false;
    }
    return true;
}

static bool add_unknown(Work *work, size_t at, size_t length) {
    Symbol *last = work->symbols.count ? &work->symbols.items[work->symbols.count - 1] : NULL;
    if (work->bpe->fuses_unknown && last && last->id == work->bpe->unknown) {
        last->length += (uint32_t)length;
        return true;
    }
    return add_symbol(work, work->bpe->unknown, at, length);
}

/* One symbol for a token that is always whole. Its length; 0 when the text has none here. */
static bool add_whole(Work *work, size_t at, size_t *length) {
    uint32_t id = AK_TOKEN_NONE;
    *length = ak_trie_longest(&work->bpe->whole, ak_str_slice(work->piece, at, work->piece.length), &id);
    if (!*length) return true;
    if (!add_symbol(work, id, at, *length)) return false;
    work->symbols.items[work->symbols.count - 1].is_whole = true;
    return true;
}

/* One symbol a character: its own token, else its bytes', else the unknown one. */
static bool add_character(Work *work, size_t at, size_t *length) {
    uint32_t point;
    *length = ak_utf8_decode(ak_str_slice(work->piece, at, work->piece.length), &point);
    assert(*length > 0);
    Str character = ak_str_slice(work->piece, at, at + *length);
    uint32_t id = ak_vocab_find(work->vocab, character);
    if (id != AK_TOKEN_NONE) return add_symbol(work, id, at, *length);
    if (has_byte_tokens(work->bpe, character)) return add_bytes(work, at, at + *length);
    return add_unknown(work, at, *length);
}

static bool add_characters(Work *work) {
    for (size_t at = 0, length; at < work->piece.length; at += length) {
        if (!add_whole(work, at, &length)) return false;
        if (!length && !add_character(work, at, &length)) return false;
    }
    return true;
}

/* ---- Pieces. */

static bool put_symbols(Work *work, ananke_error *err) {
    for (size_t i = 0; i < work->symbols.count; i++) {
        const Symbol *symbol = &work->symbols.items[i];
        if (symbol->length == 0) continue;
        if (symbol->id == AK_TOKEN_NONE) {
            uint8_t byte = (uint8_t)work->piece.data[symbol->start];
            return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "the vocabulary has no token for byte 0x%02X", byte);
        }
        ak_ids_put(work->sink, symbol->id);
    }
    return true;
}

static bool encode_piece(Work *work, ananke_error *err) {
    if (work->bpe->whole_first) {
        uint32_t id = ak_vocab_find(work->vocab, work->piece);
        if (id != AK_TOKEN_NONE) return ak_ids_put(work->sink, id), true;
    }
    work->symbols.count = 0;
    bool done = work->bpe->by_characters ? add_characters(work) : add_bytes(work, 0, work->piece.length);
    if (!done || !merge_all(work)) return ak_fail_memory(err, work->scratch);
    return put_symbols(work, err);
}

static bool encode(const Encoder *self, const ananke_vocab *vocab, const Pieces *pieces, Arena *scratch, IdSink *sink,
                   ananke_error *err) {
    Work work = {.bpe = (const Bpe *)self, .vocab = vocab, .scratch = scratch, .sink = sink};
    for (size_t i = 0; i < pieces->count; i++) {
        work.piece = pieces->items[i];
        if (!encode_piece(&work, err)) return false;
    }
    return true;
}

Bpe *ak_bpe_new(ananke_vocab *vocab) {
    Bpe *bpe = ak_new(&vocab->arena, Bpe);
    if (!bpe) return NULL;
    bpe->encoder = (Encoder){.model = ENCODER_BPE, .encode = encode};
    bpe->unknown = AK_TOKEN_NONE;
    for (int i = 0; i < 256; i++) bpe->byte_ids[i] = AK_TOKEN_NONE;
    vocab->encoder = &bpe->encoder;
    return bpe;
}
