/* Viterbi from left to right: ends[i] is the best way to reach byte i of the piece. `tokenizers` sums up doubles; SentencePiece keeps the best sum
 * as a float, but compares with it what it has not rounded yet. Both are followed to the bit, since scores often tie. */
#include "vocab/unigram.h"
#include "base/utf8.h"
#include <assert.h>

typedef struct Way {
    double score;
    uint32_t from; /* where the last piece begins; AK_TOKEN_NONE: not reached yet */
    uint32_t id;   /* of the last piece */
} Way;

typedef struct Work {
    const Unigram *unigram;
    Str text;
    Way *ends; /* text.length + 1 */
    IdSink *sink;
} Work;

static void reach(Work *work, size_t from, size_t to, uint32_t id, double score) {
    Way *way = &work->ends[to];
    if (work->unigram->in_floats) score = (float)score;
    if (way->from != AK_TOKEN_NONE && !(score > way->score)) return;
    *way = (Way){work->unigram->in_floats ? (double)(float)score : score, (uint32_t)from, id};
}

/* Reaches on from byte `at` by every piece that begins there. Is one of them exactly `length` bytes long? */
static bool reach_by_pieces(Work *work, size_t at, size_t length) {
    const Trie *trie = &work->unigram->pieces;
    bool has_character = false;
    uint32_t node = 0, end = trie->count;
    for (size_t to = at; to < work->text.length; to++) {
        uint8_t byte = (uint8_t)work->text.data[to];
        while (node < end && trie->bytes[node] < byte) node = trie->ends[node];
        if (node >= end || trie->bytes[node] != byte) break;
        uint32_t id = trie->tokens[node];
        if (id != AK_TOKEN_NONE) reach(work, at, to + 1, id, work->unigram->scores[id] + work->ends[at].score);
        has_character |= id != AK_TOKEN_NONE && to + 1 - at == length;
        end = trie->ends[node++];
    }
    return has_character;
}

static void find_ways(Work *work) {
    for (size_t i = 0; i <= work->text.length; i++) work->ends[i] = (Way){.from = AK_TOKEN_NONE};
    for (size_t at = 0, length; at < work->text.length; at += length) {
        uint32_t point;
        length = ak_utf8_decode(ak_str_slice(work->text, at, work->text.length), &point);
        assert(length > 0);
        if (reach_by_pieces(work, at, length)) continue;
        double score = work->unigram->unknown_score + work->ends[at].score;
        if (work->unigram->in_floats) score = (float)score;
        reach(work, at, at + length, AK_TOKEN_NONE, score);
    }
}

static bool put_unknown(Work *work, Str text, ananke_error *err) {
    const uint32_t *byte_ids = work->unigram->byte_ids;
    bool has_bytes = true;
    for (size_t i = 0; i < text.length; i++) has_bytes &= byte_ids[(uint8_t)text.data[i]] != AK_TOKEN_NONE;
    for (size_t i = 0; has_bytes && i < text.length; i++) ak_ids_put(work->sink, byte_ids[(uint8_t)text.data[i]]);
    if (has_bytes) return true;
    if (work->unigram->unknown == AK_TOKEN_NONE)
        return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "the vocabulary has no token for byte 0x%02X",
                       (uint8_t)text.data[0]);
    return ak_ids_put(work->sink, work->unigram->unknown), true;
}

/* Turns the best way round, so that it can be gone forwards: ends[i].from becomes where the piece that begins at i ends. */
static void turn_round(Work *work) {
    uint32_t to = (uint32_t)work->text.length, next = AK_TOKEN_NONE, next_id = AK_TOKEN_NONE;
    while (to != AK_TOKEN_NONE) {
        Way way = work->ends[to];
        work->ends[to].from = next, work->ends[to].id = next_id;
        next = to, next_id = way.id;
        to = to ? way.from : AK_TOKEN_NONE;
    }
}

static bool put_way(Work *work, ananke_error *err) {
    turn_round(work);
    uint32_t length = (uint32_t)work->text.length;
    for (uint32_t at = 0, to; at < length; at = to) {
        uint32_t id = work->ends[at].id;
        to = work->ends[at].from;
        if (id != AK_TOKEN_NONE) {
            ak_ids_put(work->sink, id);
            continue;
        }
        while (to < length && work->ends[to].id == AK_TOKEN_NONE) to = work->ends[to].from;
        if (!put_unknown(work, ak_str_slice(work->text, at, to), err)) return false;
    }
    return true;
}

static bool encode(const Encoder *self, const ananke_vocab *vocab, const Pieces *pieces, Arena *scratch, IdSink *sink,
                   ananke_error *err) {
    (void)vocab;
    size_t longest = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        if (pieces->items[i].length > longest) longest = pieces->items[i].length;
    }
    Work work = {.unigram = (const Unigram *)self, .ends = ak_new_array(scratch, Way, longest + 1), .sink = sink};
    if (!work.ends) return ak_fail_memory(err, scratch);
    for (size_t i = 0; i < pieces->count; i++) {
        work.text = pieces->items[i];
        find_ways(&work);
        if (!put_way(&work, err)) return false;
    }
    return true;
}

Unigram *ak_unigram_new(ananke_vocab *vocab) {
    Unigram *unigram = ak_new(&vocab->arena, Unigram);
    if (!unigram) return NULL;
    unigram->encoder = (Encoder){.model = ENCODER_UNIGRAM, .encode = encode};
    unigram->unknown = AK_TOKEN_NONE;
    for (int i = 0; i < 256; i++) unigram->byte_ids[i] = AK_TOKEN_NONE;
    vocab->encoder = &unigram->encoder;
    return unigram;
}

bool ak_unigram_set(Unigram *unigram, Arena *arena, const Str *pieces, const double *scores, uint32_t count,
                    ananke_error *err) {
    double *copy = ak_new_array(arena, double, count);
    if (!copy) return ak_fail_memory(err, arena);
    if (count) memcpy(copy, scores, count * sizeof *copy);
    unigram->scores = copy;
    Arena scratch = {.allocator = arena->allocator, .limit = SIZE_MAX};
    uint32_t *aliases = ak_new_array(&scratch, uint32_t, count);
    bool done =
        aliases ? ak_trie_build(&unigram->pieces, arena, pieces, count, aliases, err) : ak_fail_memory(err, &scratch);
    ak_arena_free(&scratch);
    return done;
}
