/* Pieces with scores: SentencePiece's models, and its normaliser.
 *
 * SentencePiece's BPE merges the neighbours whose joint piece has the best score: sorting the scores gives each piece its
 * rank. Pieces that are no text (control, unknown, unused) have no rank. User-defined ones are never merged into: where the text
 * has one, the longest first, it is that token. */
#include "vocab/tokenizer_ranked.h"
#include "vocab/tokenizer_form.h"
#include "vocab/unigram.h"
#include <math.h>
#include <stdlib.h>

static bool draft_piece(VocabDraft *draft, uint32_t id, const RankedPiece *piece, uint32_t *byte_ids) {
    DraftToken token = {.is_added = piece->type != PIECE_NORMAL};
    int byte = -1;
    bool is_named = piece->type == PIECE_CONTROL || piece->type == PIECE_UNKNOWN || piece->type == PIECE_USER_DEFINED;
    if (is_named) token.name = piece->key;
    if (piece->type == PIECE_NORMAL || piece->type == PIECE_USER_DEFINED || piece->type == PIECE_BYTE) {
        token.bytes = ak_form_bytes(FORM_SPACES, piece->key, draft->arena, &byte);
        if (!token.bytes.data) return false;
    }
    if (byte >= 0) byte_ids[byte] = id, token.is_added = true;
    return ak_draft_put(draft, id, token);
}

typedef struct Scored {
    float score;
    uint32_t id;
} Scored;

/* The best score first; among equal ones the lower id. NaN goes last. */
static int compare_scored(const void *left, const void *right) {
    const Scored *a = left, *b = right;
    if (a->score > b->score) return -1;
    if (a->score < b->score) return 1;
    int nan = (a->score != a->score) - (b->score != b->score);
    return nan ? nan : (a->id > b->id) - (a->id < b->id);
}

static const uint32_t *rank_pieces(const RankedPieces *pieces, Arena *arena, Arena *scratch) {
    size_t count = pieces->list.count;
    Scored *scored = ak_new_array(scratch, Scored, count);
    uint32_t *ranks = ak_new_array(arena, uint32_t, count);
    if (!scored || !ranks) return NULL;
    for (size_t i = 0; i < count; i++) scored[i] = (Scored){pieces->list.items[i].score, (uint32_t)i};
    qsort(scored, count, sizeof *scored, compare_scored);
    uint32_t rank = 0;
    for (size_t i = 0; i < count; i++) {
        if (i && scored[i].score != scored[i - 1].score) rank++; /* equal scores: the leftmost pair goes first */
        ranks[scored[i].id] = pieces->list.items[scored[i].id].type == PIECE_NORMAL ? rank : AK_TOKEN_NONE;
    }
    return ranks;
}

static bool find_whole(const RankedPieces *pieces, const ananke_vocab *vocab, Bpe *bpe, Arena *arena, Arena *scratch,
                       ananke_error *err) {
    uint32_t count = (uint32_t)pieces->list.count;
    Str *tokens = ak_new_array(scratch, Str, count);
    uint32_t *aliases = ak_new_array(scratch, uint32_t, count);
    if (!tokens || !aliases) return ak_fail_memory(err, scratch);
    for (uint32_t id = 0; id < count; id++) {
        const RankedPiece *piece = &pieces->list.items[id];
        bool has_space = ak_str_find_byte(piece->key, ' ', 0) != SIZE_MAX; /* text has U+2581 when it is looked for */
        if (piece->type == PIECE_USER_DEFINED && !has_space) tokens[id] = ak_vocab_str(vocab, id);
    }
    return ak_trie_build(&bpe->whole, arena, tokens, count, aliases, err);
}

/* ---- The normaliser: characters, then blanks, then the space before the text. */

static bool add_map(const Charsmap *map, Encoder *encoder, Arena *arena) {
    if (!map->units.length) return true;
    NormalStep step = {.kind = NORMAL_CHARSMAP_LONGEST};
    step.from = ak_arena_str(arena, map->units), step.to = ak_arena_str(arena, map->texts);
    return ak_arena_ok(arena) && ak_vec_push(arena, &encoder->normals, step);
}

static bool add_normals(const RankedPieces *pieces, Encoder *encoder, Arena *arena) {
    static const NormalStep blanks = {.kind = NORMAL_STRIP_BLANKS}, space = {.kind = NORMAL_PREPEND, .to = {" ", 1}};
    encoder->unsupported = pieces->unsupported;
    encoder->escapes_spaces = true;
    return add_map(&pieces->map, encoder, arena) &&
           (!pieces->strips_blanks || ak_vec_push(arena, &encoder->normals, blanks)) &&
           (!pieces->starts_with_space || ak_vec_push(arena, &encoder->normals, space));
}

static uint32_t find_unknown(const RankedPieces *pieces) {
    uint32_t unknown = AK_TOKEN_NONE;
    for (size_t i = 0; i < pieces->list.count; i++) {
        if (pieces->list.items[i].type == PIECE_UNKNOWN) unknown = (uint32_t)i;
    }
    return unknown;
}

/* ---- The models. */

static bool add_bpe(const RankedPieces *pieces, ananke_vocab *vocab, const uint32_t *byte_ids, Arena *scratch,
                    ananke_error *err) {
    Bpe *bpe = ak_bpe_new(vocab);
    if (!bpe || !add_normals(pieces, &bpe->encoder, &vocab->arena)) return ak_fail_memory(err, &vocab->arena);
    bpe->by_characters = true;
    bpe->fuses_unknown = pieces->fuses_unknown;
    bpe->unknown = find_unknown(pieces);
    memcpy(bpe->byte_ids, byte_ids, sizeof bpe->byte_ids);
    if (!find_whole(pieces, vocab, bpe, &vocab->arena, scratch, err)) return false;
    bpe->ranks = rank_pieces(pieces, &vocab->arena, scratch);
    if (!ak_arena_ok(scratch)) return ak_fail_memory(err, scratch);
    return bpe->ranks || ak_fail_memory(err, &vocab->arena);
}

typedef struct Scores {
    double *list; /* by id */
    Str *texts;   /* of those that text may become */
    float least;
} Scores;

static void score_pieces(const RankedPieces *pieces, const ananke_vocab *vocab, Scores *scores) {
    scores->least = INFINITY;
    for (uint32_t id = 0; id < pieces->list.count; id++) {
        const RankedPiece *piece = &pieces->list.items[id];
        if (piece->type != PIECE_NORMAL) continue;
        scores->list[id] = (double)piece->score;
        scores->least = fminf(scores->least, piece->score);
        scores->texts[id] = ak_vocab_str(vocab, id);
    }
}

static bool add_unigram(const RankedPieces *pieces, ananke_vocab *vocab, const uint32_t *byte_ids, Arena *scratch,
                        ananke_error *err) {
    static const float penalty = 10;
    Unigram *unigram = ak_unigram_new(vocab);
    if (!unigram || !add_normals(pieces, &unigram->encoder, &vocab->arena)) return ak_fail_memory(err, &vocab->arena);
    Scores scores = {ak_new_array(scratch, double, vocab->size), ak_new_array(scratch, Str, vocab->size), 0};
    if (!scores.list || !scores.texts) return ak_fail_memory(err, scratch);
    score_pieces(pieces, vocab, &scores);
    unigram->in_floats = true;
    unigram->unknown = find_unknown(pieces);
    unigram->unknown_score = scores.least - penalty;
    memcpy(unigram->byte_ids, byte_ids, sizeof unigram->byte_ids);
    return ak_unigram_set(unigram, &vocab->arena, scores.texts, scores.list, vocab->size, err);
}

ananke_vocab *ak_ranked_vocab(const RankedPieces *pieces, Arena *arena, const ananke_context *context,
                              ananke_error *err) {
    VocabDraft draft = {.arena = arena, .kind = pieces->kind};
    uint32_t byte_ids[256];
    for (int i = 0; i < 256; i++) byte_ids[i] = AK_TOKEN_NONE;
    for (size_t i = 0; i < pieces->list.count; i++) {
        if (!draft_piece(&draft, (uint32_t)i, &pieces->list.items[i], byte_ids))
            return ak_fail_memory(err, arena), NULL;
    }
    for (size_t i = 0; i < pieces->eos.count; i++) {
        if (!ak_draft_eos(&draft, pieces->eos.items[i])) return ak_fail_memory(err, arena), NULL;
    }
    ananke_vocab *vocab = ak_vocab_new(&draft, context, err);
    if (!vocab || (pieces->is_unigram ? add_unigram : add_bpe)(pieces, vocab, byte_ids, arena, err)) return vocab;
    ananke_vocab_free(vocab);
    return NULL;
}
