/* Pieces with scores. SentencePiece's BPE merges the neighbours whose joint piece has the best score: sorting the scores gives each piece its
 * rank. Pieces that are no text (control, unknown, unused) have no rank. User-defined ones are never merged into: where the text
 * has one, the longest first, it is that token. */
#include "mask/tokenizer_ranked.h"
#include "mask/tokenizer_form.h"
#include <stdlib.h>

static bool draft_piece(VocabDraft *draft, uint32_t id, const RankedPiece *piece, uint32_t *byte_ids) {
    DraftToken token = {.is_added = piece->type != PIECE_NORMAL};
    int byte = -1;
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
        if (pieces->list.items[id].type == PIECE_USER_DEFINED) tokens[id] = ak_vocab_str(vocab, id);
    }
    return ak_trie_build(&bpe->whole, arena, tokens, count, aliases, err);
}

static bool add_encoder(const RankedPieces *pieces, ananke_vocab *vocab, const uint32_t *byte_ids, Arena *scratch,
                        ananke_error *err) {
    Bpe *bpe = ak_bpe_new(vocab);
    if (!bpe) return ak_fail_memory(err, &vocab->arena);
    bpe->encoder.unsupported = pieces->unsupported;
    bpe->by_characters = bpe->encoder.escapes_spaces = true;
    memcpy(bpe->byte_ids, byte_ids, sizeof bpe->byte_ids);
    for (size_t i = 0; i < pieces->list.count; i++) {
        if (pieces->list.items[i].type == PIECE_UNKNOWN) bpe->unknown = (uint32_t)i;
    }
    if (!find_whole(pieces, vocab, bpe, &vocab->arena, scratch, err)) return false;
    bpe->ranks = rank_pieces(pieces, &vocab->arena, scratch);
    if (!ak_arena_ok(scratch)) return ak_fail_memory(err, scratch);
    NormalStep space = {.kind = NORMAL_PREPEND, .to = STR(" ")};
    if (bpe->ranks && (!pieces->starts_with_space || ak_vec_push(&vocab->arena, &bpe->encoder.normals, space)))
        return true;
    return ak_fail_memory(err, &vocab->arena);
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
    if (!vocab || add_encoder(pieces, vocab, byte_ids, arena, err)) return vocab;
    ananke_vocab_free(vocab);
    return NULL;
}
