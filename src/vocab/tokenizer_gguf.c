/* The tokenizer in a GGUF file: tokenizer.ggml.model says the kind ("gpt2": byte-level BPE with merges; "llama": SentencePiece with scores; others are
 * vocabularies only), tokenizer.ggml.pre names the pattern by which text is cut. Tokens of the types control, unknown and unused have no bytes.
 * End of text: the ids that the file names, then, as llama.cpp does, control tokens that have a known name. */
#include "base/buf.h"
#include "vocab/gguf.h"
#include "vocab/tokenizer.h"
#include "vocab/tokenizer_form.h"
#include "vocab/tokenizer_patterns.h"
#include "vocab/tokenizer_ranked.h"

typedef struct Reader {
    Arena arena;
    Gguf gguf;
    const char *file;
    ananke_error *err;
    const GgufValue *tokens;
    Str *keys;              /* keys[id]: as written */
    const GgufValue *types; /* NULL: all are normal */
    uint32_t count;
} Reader;

static bool fail(Reader *reader, const char *what) {
    ak_fail(reader->err, ANANKE_ERROR_SYNTAX, "GGUF: %s", what);
    return ak_fail_in(reader->err, reader->file);
}

static bool fail_memory(Reader *reader) {
    return ak_fail_memory(reader->err, &reader->arena);
}

static uint32_t type_of(const Reader *reader, uint32_t id) {
    return reader->types ? ak_gguf_item32(reader->types, id) : PIECE_NORMAL;
}

static bool read_tokens(Reader *reader) {
    reader->tokens = ak_gguf_find(&reader->gguf, "tokenizer.ggml.tokens");
    reader->types = ak_gguf_find(&reader->gguf, "tokenizer.ggml.token_type");
    if (!reader->tokens) return fail(reader, "there is no tokenizer.ggml.tokens: the file has no vocabulary");
    if (!reader->tokens->is_array || reader->tokens->type != GGUF_STRING)
        return fail(reader, "tokenizer.ggml.tokens is not a list of texts");
    if (reader->tokens->count >= INT32_MAX) return fail(reader, "tokenizer.ggml.tokens is too long");
    reader->count = (uint32_t)reader->tokens->count;
    if (reader->types) {
        bool fits =
            reader->types->is_array && (reader->types->type == GGUF_INT32 || reader->types->type == GGUF_UINT32);
        if (!fits || reader->types->count != reader->count)
            return fail(reader, "tokenizer.ggml.token_type does not fit the tokens");
    }
    reader->keys = ak_new_array(&reader->arena, Str, reader->count);
    if (!reader->keys) return fail_memory(reader);
    const uint8_t *at = reader->tokens->at;
    for (uint32_t id = 0; id < reader->count; id++) reader->keys[id] = ak_gguf_next_str(&at);
    return true;
}

/* ---- End of text. */

typedef VEC(uint32_t) Ids;

static bool push_eos(Reader *reader, Ids *eos, uint32_t id) {
    for (size_t i = 0; i < eos->count; i++) {
        if (eos->items[i] == id) return true;
    }
    return ak_vec_push(&reader->arena, eos, id) || fail_memory(reader);
}

static bool find_eos(Reader *reader, Ids *eos) {
    static const char *const keys[] = {"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id",
                                       "tokenizer.ggml.eom_token_id"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        uint32_t id;
        if (!ak_gguf_uint(&reader->gguf, keys[i], &id)) continue;
        if (id >= reader->count) return fail(reader, "an end-of-text id is not one of the tokens");
        if (!push_eos(reader, eos, id)) return false;
    }
    for (uint32_t id = 0; id < reader->count; id++) {
        if (type_of(reader, id) != PIECE_CONTROL) continue;
        for (const char *const *name = ak_eos_names; *name; name++) {
            if (ak_str_equal(reader->keys[id], ak_str(*name)) && !push_eos(reader, eos, id)) return false;
        }
    }
    return true;
}

/* ---- "gpt2": byte-level BPE. */

static bool draft_tokens(Reader *reader, VocabDraft *draft, Map *ids) {
    for (uint32_t id = 0; id < reader->count; id++) {
        uint32_t type = type_of(reader, id);
        DraftToken token = {.is_added = type != PIECE_NORMAL};
        if (type != PIECE_NORMAL && type != PIECE_UNUSED) token.name = reader->keys[id];
        if (type == PIECE_NORMAL) token.bytes = ak_form_bytes(FORM_ALPHABET, reader->keys[id], &reader->arena, NULL);
        else if (type == PIECE_USER_DEFINED) token.bytes = reader->keys[id];
        bool is_new;
        uint64_t *slot = ak_map_put(ids, reader->keys[id], &is_new);
        if (!slot) return fail_memory(reader);
        if (is_new) *slot = id;
        if (!ak_draft_put(draft, id, token)) return fail_memory(reader);
    }
    return true;
}

static uint32_t find_id(const Map *ids, Str key) {
    const uint64_t *id = ak_map_find(ids, key);
    return id ? (uint32_t)*id : AK_TOKEN_NONE;
}

/* A merge is "left right"; a space is never part of a byte-level token. */
static bool add_merge(Reader *reader, Bpe *bpe, const Map *ids, Str merge, uint32_t rank, Buf *joined) {
    size_t space = ak_str_find_byte(merge, ' ', 1);
    Str left = ak_str_slice(merge, 0, space),
        right = ak_str_slice(merge, space == SIZE_MAX ? space : space + 1, merge.length);
    joined->length = 0;
    ak_buf_str(joined, left);
    ak_buf_str(joined, right);
    if (!ak_arena_ok(&reader->arena)) return fail_memory(reader);
    BpePair pair = {find_id(ids, left), find_id(ids, right), rank, find_id(ids, ak_buf_view(joined))};
    if (pair.left == AK_TOKEN_NONE || pair.right == AK_TOKEN_NONE || pair.merged == AK_TOKEN_NONE) {
        return fail(reader, "tokenizer.ggml.merges names something that is not a token");
    }
    ak_bpe_add(bpe, pair);
    return true;
}

static bool read_merges(Reader *reader, Bpe *bpe, const Map *ids, Arena *arena) {
    const GgufValue *merges = ak_gguf_find(&reader->gguf, "tokenizer.ggml.merges");
    if (!merges || !merges->is_array || merges->type != GGUF_STRING)
        return fail(reader, "tokenizer.ggml.merges is missing or not a list of texts");
    if (merges->count >= INT32_MAX) return fail(reader, "tokenizer.ggml.merges is too long");
    if (!ak_bpe_reserve(bpe, arena, (size_t)merges->count)) return ak_fail_memory(reader->err, arena);
    const uint8_t *at = merges->at;
    Buf joined = {.arena = &reader->arena};
    for (uint32_t rank = 0; rank < merges->count; rank++) {
        if (!add_merge(reader, bpe, ids, ak_gguf_next_str(&at), rank, &joined)) return false;
    }
    return true;
}

static bool add_encoder(Reader *reader, ananke_vocab *vocab, const Map *ids) {
    Bpe *bpe = ak_bpe_new(vocab);
    if (!bpe) return ak_fail_memory(reader->err, &vocab->arena);
    Str name = ak_gguf_str(&reader->gguf, "tokenizer.ggml.pre");
    const TokenizerPattern *pattern = ak_pattern_find(name);
    if (!pattern) {
        bpe->encoder.unsupported =
            ak_arena_format(&vocab->arena, "tokenizer.ggml.pre \"%.*s\"", (int)(name.length < 40 ? name.length : 40),
                            name.data ? name.data : "")
                .data;
        return bpe->encoder.unsupported || ak_fail_memory(reader->err, &vocab->arena);
    }
    ak_bpe_take_bytes(bpe, vocab);
    return ak_pattern_add(pattern, bpe, &vocab->arena, reader->err) && read_merges(reader, bpe, ids, &vocab->arena);
}

static ananke_vocab *read_byte_level(Reader *reader, const Ids *eos, const ananke_context *context) {
    VocabDraft draft = {.arena = &reader->arena, .kind = "gguf-bpe"};
    Map ids = {.arena = &reader->arena};
    if (!draft_tokens(reader, &draft, &ids)) return NULL;
    for (size_t i = 0; i < eos->count; i++) {
        if (!ak_draft_eos(&draft, eos->items[i])) return fail_memory(reader), NULL;
    }
    ananke_vocab *vocab = ak_vocab_new(&draft, context, reader->err);
    if (!vocab) return ak_fail_in(reader->err, reader->file), NULL;
    if (add_encoder(reader, vocab, &ids)) return vocab;
    ananke_vocab_free(vocab);
    return NULL;
}

/* ---- The others: pieces with scores. */

static bool read_scores(Reader *reader, RankedPieces *pieces) {
    const GgufValue *scores = ak_gguf_find(&reader->gguf, "tokenizer.ggml.scores");
    if (scores && (!scores->is_array || scores->type != GGUF_FLOAT32 || scores->count != reader->count)) {
        return fail(reader, "tokenizer.ggml.scores does not fit the tokens");
    }
    if (!scores && !pieces->unsupported) pieces->unsupported = "the GGUF file has no tokenizer.ggml.scores";
    if (!ak_vec_reserve(&reader->arena, &pieces->list, reader->count)) return fail_memory(reader);
    for (uint32_t id = 0; id < reader->count; id++) {
        RankedPiece piece = {.key = reader->keys[id], .type = type_of(reader, id)};
        uint32_t bits = scores ? ak_gguf_item32(scores, id) : 0;
        memcpy(&piece.score, &bits, sizeof piece.score);
        pieces->list.items[pieces->list.count++] = piece;
    }
    return true;
}

static ananke_vocab *read_ranked(Reader *reader, Str model, const Ids *eos, const ananke_context *context) {
    RankedPieces pieces = {.kind = "gguf-spm",
                           .starts_with_space = ak_gguf_bool(&reader->gguf, "tokenizer.ggml.add_space_prefix", true)};
    pieces.eos.items = eos->items, pieces.eos.count = eos->count;
    if (!ak_str_equal(model, STR("llama"))) {
        pieces.kind = "gguf";
        pieces.unsupported = "tokenizer.ggml.model is neither \"gpt2\" nor \"llama\"";
    }
    if (!read_scores(reader, &pieces)) return NULL;
    ananke_vocab *vocab = ak_ranked_vocab(&pieces, &reader->arena, context, reader->err);
    if (!vocab) ak_fail_in(reader->err, reader->file);
    return vocab;
}

static ananke_vocab *read_all(Reader *reader, Str data, const ananke_context *context) {
    Ids eos = {0};
    if (!ak_gguf_read(&reader->gguf, &reader->arena, data, reader->file, reader->err)) return NULL;
    if (!read_tokens(reader) || !find_eos(reader, &eos)) return NULL;
    Str model = ak_gguf_str(&reader->gguf, "tokenizer.ggml.model");
    if (ak_str_equal(model, STR("gpt2"))) return read_byte_level(reader, &eos, context);
    return read_ranked(reader, model, &eos, context);
}

ananke_vocab *ak_tokenizer_gguf(Str data, const char *file, const ananke_context *context, ananke_error *err) {
    Reader reader = {.arena = ak_arena(context), .file = file, .err = err};
    ananke_vocab *vocab = read_all(&reader, data, context);
    ak_arena_free(&reader.arena);
    return vocab;
}
