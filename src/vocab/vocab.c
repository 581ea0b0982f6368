/* Vocabularies: making one from a draft, looking tokens up, and the plain kinds (one token a byte, the caller's own table).
 *
 * The bytes of all tokens lie in one block in order of id. A hash table finds a token by its bytes; only the model's own tokens are in it, the
 * lowest id first, since merging must never end in an added token. */
#include "vocab/vocab.h"
#include <assert.h>
#include <stddef.h>

bool ak_draft_put(VocabDraft *draft, uint32_t id, DraftToken token) {
    assert(id != AK_TOKEN_NONE);
    if (id >= draft->tokens.count) {
        if (!ak_vec_reserve(draft->arena, &draft->tokens, id + 1 - draft->tokens.count)) return false;
        memset(draft->tokens.items + draft->tokens.count, 0, (id + 1 - draft->tokens.count) * sizeof(DraftToken));
        draft->tokens.count = (size_t)id + 1;
    }
    draft->tokens.items[id] = token;
    return true;
}

bool ak_draft_eos(VocabDraft *draft, uint32_t id) {
    for (size_t i = 0; i < draft->eos.count; i++) {
        if (draft->eos.items[i] == id) return true;
    }
    return ak_vec_push(draft->arena, &draft->eos, id);
}

static size_t find_slot(const ananke_vocab *vocab, Str bytes) {
    size_t mask = vocab->slot_count - 1, at = ak_str_hash(bytes) & mask;
    while (vocab->slots[at] && !ak_str_equal(ak_vocab_str(vocab, vocab->slots[at] - 1), bytes)) at = (at + 1) & mask;
    return at;
}

uint32_t ak_vocab_find(const ananke_vocab *vocab, Str bytes) {
    uint32_t slot = vocab->slots[find_slot(vocab, bytes)];
    return slot ? slot - 1 : AK_TOKEN_NONE;
}

static bool build_table(ananke_vocab *vocab, const VocabDraft *draft) {
    vocab->slot_count = 16;
    while (vocab->slot_count < 2 * (size_t)vocab->size) vocab->slot_count *= 2;
    uint32_t *slots = ak_new_array(&vocab->arena, uint32_t, vocab->slot_count);
    if (!slots) return false;
    vocab->slots = slots;
    for (uint32_t id = 0; id < vocab->size; id++) {
        Str bytes = ak_vocab_str(vocab, id);
        if (!bytes.length || draft->tokens.items[id].is_added) continue;
        size_t at = find_slot(vocab, bytes);
        if (!slots[at]) slots[at] = id + 1;
    }
    return true;
}

/* Copies the bytes into one block. `tokens` gets each token's place in it. */
static bool copy_bytes(ananke_vocab *vocab, const VocabDraft *draft, Str *tokens, ananke_error *err) {
    size_t total = 0;
    for (uint32_t id = 0; id < vocab->size; id++) {
        tokens[id] = draft->tokens.items[id].bytes;
        if (tokens[id].length > UINT32_MAX - 1 - total)
            return ak_fail(err, ANANKE_ERROR_LIMIT, "the tokens have more than 4 GB together");
        total += tokens[id].length;
    }
    char *text = ak_new_array(&vocab->arena, char, total);
    uint32_t *offsets = ak_new_array(&vocab->arena, uint32_t, (size_t)vocab->size + 1);
    if (!text || !offsets) return ak_fail_memory(err, &vocab->arena);
    uint32_t at = 0;
    for (uint32_t id = 0; id < vocab->size; id++) {
        if (tokens[id].length) memcpy(text + at, tokens[id].data, tokens[id].length);
        tokens[id].data = text + at;
        offsets[id] = at;
        at += (uint32_t)tokens[id].length;
    }
    offsets[vocab->size] = at;
    vocab->text = text, vocab->offsets = offsets;
    return true;
}

/* Gives each name its place in `text`, or with NULL only counts them and their bytes. */
static void lay_names(ananke_vocab *vocab, const VocabDraft *draft, VocabName *names, char *text) {
    vocab->name_count = vocab->name_bytes = 0;
    for (uint32_t id = 0; id < vocab->size; id++) {
        Str name = draft->tokens.items[id].name;
        if (!name.length) continue;
        if (text) {
            names[vocab->name_count] = (VocabName){id, (uint32_t)vocab->name_bytes, (uint32_t)name.length};
            memcpy(text + vocab->name_bytes, name.data, name.length);
        }
        vocab->name_count++, vocab->name_bytes += name.length;
    }
}

static bool copy_names(ananke_vocab *vocab, const VocabDraft *draft, ananke_error *err) {
    lay_names(vocab, draft, NULL, NULL);
    if (vocab->name_bytes > UINT32_MAX)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "the names of the tokens have more than 4 GB together");
    VocabName *names = ak_new_array(&vocab->arena, VocabName, vocab->name_count);
    char *text = ak_new_array(&vocab->arena, char, vocab->name_bytes);
    if (!names || !text) return ak_fail_memory(err, &vocab->arena);
    lay_names(vocab, draft, names, text);
    vocab->names = names, vocab->name_text = text;
    return true;
}

static bool copy_eos(ananke_vocab *vocab, const VocabDraft *draft, ananke_error *err) {
    uint32_t *eos = ak_new_array(&vocab->arena, uint32_t, draft->eos.count);
    if (!eos) return ak_fail_memory(err, &vocab->arena);
    for (size_t i = 0; i < draft->eos.count; i++) {
        eos[i] = draft->eos.items[i];
        if (eos[i] >= vocab->size)
            return ak_fail(err, ANANKE_ERROR_SYNTAX, "end-of-text id %u is not one of the %u ids", eos[i], vocab->size);
        DraftToken *token = &draft->tokens.items[eos[i]];
        if (!token->name.length) token->name = token->bytes;
        token->bytes = (Str){0};
    }
    vocab->eos = eos, vocab->eos_count = draft->eos.count;
    return true;
}

static bool fill_vocab(ananke_vocab *vocab, const VocabDraft *draft, ananke_error *err) {
    if (draft->tokens.count == 0) return ak_fail(err, ANANKE_ERROR_SYNTAX, "the vocabulary has no tokens");
    if (draft->tokens.count >= INT32_MAX)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "the vocabulary has %zu tokens, too many", draft->tokens.count);
    vocab->kind = draft->kind;
    vocab->size = (uint32_t)draft->tokens.count;
    Str *tokens = ak_new_array(draft->arena, Str, vocab->size);
    uint32_t *aliases = ak_new_array(&vocab->arena, uint32_t, vocab->size);
    if (!tokens) return ak_fail_memory(err, draft->arena);
    if (!aliases) return ak_fail_memory(err, &vocab->arena);
    if (!copy_eos(vocab, draft, err) || !copy_names(vocab, draft, err)) return false;
    if (!copy_bytes(vocab, draft, tokens, err)) return false;
    if (!ak_trie_build(&vocab->trie, &vocab->arena, tokens, vocab->size, aliases, err)) return false;
    vocab->aliases = aliases;
    if (!build_table(vocab, draft)) return ak_fail_memory(err, &vocab->arena);
    return ak_views_build(&vocab->views, vocab, &vocab->arena, err);
}

ananke_vocab *ak_vocab_empty(const ananke_context *context, ananke_error *err) {
    ananke_vocab *vocab = ak_object_new(context, sizeof *vocab, offsetof(ananke_vocab, arena));
    if (vocab && (vocab->selections = ak_new(&vocab->arena, Selections)) &&
        (vocab->guest = ak_new(&vocab->arena, _Atomic(VocabGuest *))))
        return vocab;
    ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    ananke_vocab_free(vocab);
    return NULL;
}

ananke_vocab *ak_vocab_new(const VocabDraft *draft, const ananke_context *context, ananke_error *err) {
    ananke_vocab *vocab = ak_vocab_empty(context, err);
    if (!vocab) return NULL;
    if (fill_vocab(vocab, draft, err)) return vocab;
    ananke_vocab_free(vocab);
    return NULL;
}

void ananke_vocab_free(ananke_vocab *vocab) {
    if (!vocab) return;
    ak_encoder_close(vocab->encoder);
    ak_file_unmap(&vocab->map);
    VocabGuest *guest = vocab->guest ? atomic_load_explicit(vocab->guest, memory_order_acquire) : NULL;
    if (guest) guest->leave(guest);
    if (vocab->selections) ak_selections_free(vocab->selections, &vocab->views, &vocab->arena.allocator);
    ak_object_free(vocab, sizeof *vocab, offsetof(ananke_vocab, arena));
}

static bool draft_table(VocabDraft *draft, const uint8_t *const *bytes, const size_t *lengths, size_t count,
                        const uint32_t *eos, size_t eos_count) {
    if (!ak_vec_reserve(draft->arena, &draft->tokens, count)) return false;
    for (size_t id = 0; id < count; id++) {
        draft->tokens.items[draft->tokens.count++] = (DraftToken){.bytes = {(const char *)bytes[id], lengths[id]}};
    }
    for (size_t i = 0; i < eos_count; i++) {
        if (!ak_draft_eos(draft, eos[i])) return false;
    }
    return true;
}

ananke_vocab *ananke_vocab_from_tokens(const uint8_t *const *bytes, const size_t *lengths, size_t count,
                                       const uint32_t *eos, size_t eos_count, const ananke_context *context,
                                       ananke_error *err) {
    Arena scratch = ak_arena(context);
    VocabDraft draft = {.arena = &scratch, .kind = "tokens"};
    ananke_vocab *vocab = NULL;
    if (draft_table(&draft, bytes, lengths, count, eos, eos_count)) vocab = ak_vocab_new(&draft, context, err);
    else ak_fail_memory(err, &scratch);
    ak_arena_free(&scratch);
    return vocab;
}

uint32_t ananke_vocab_size(const ananke_vocab *vocab) {
    return vocab->size;
}

const char *ananke_vocab_kind(const ananke_vocab *vocab) {
    return vocab->kind;
}

size_t ananke_vocab_eos(const ananke_vocab *vocab, const uint32_t **ids) {
    *ids = vocab->eos;
    return vocab->eos_count;
}

const uint8_t *ananke_vocab_token(const ananke_vocab *vocab, uint32_t id, size_t *length) {
    Str bytes = ak_vocab_str(vocab, id);
    *length = bytes.length;
    return (const uint8_t *)(bytes.data ? bytes.data : "");
}

const char *ananke_vocab_special_name(const ananke_vocab *vocab, uint32_t id, size_t *length) {
    size_t low = 0, high = vocab->name_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (vocab->names[middle].id < id) low = middle + 1;
        else high = middle;
    }
    bool is_named = low < vocab->name_count && vocab->names[low].id == id;
    Str name = is_named ? ak_vocab_name(vocab, &vocab->names[low]) : (Str){0};
    *length = name.length;
    return name.data;
}

bool ananke_vocab_find(const ananke_vocab *vocab, const char *name, size_t length, uint32_t *id) {
    Str wanted = {name, length};
    if (!length) return false;
    for (size_t i = 0; i < vocab->name_count; i++) {
        if (ak_str_equal(ak_vocab_name(vocab, &vocab->names[i]), wanted)) return *id = vocab->names[i].id, true;
    }
    uint32_t found = ak_vocab_find(vocab, wanted);
    if (found != AK_TOKEN_NONE) *id = found;
    return found != AK_TOKEN_NONE;
}

static bool encode_greedily(const ananke_vocab *vocab, Str text, IdSink *sink, ananke_error *err) {
    uint32_t id = AK_TOKEN_NONE;
    for (size_t at = 0, length; at < text.length; at += length) {
        length = ak_trie_longest(&vocab->trie, ak_str_slice(text, at, text.length), &id);
        if (!length) {
            return ak_fail_at(err, ANANKE_ERROR_UNSUPPORTED, NULL, text, at, "no token begins with byte 0x%02X",
                              (uint8_t)text.data[at]);
        }
        ak_ids_put(sink, id);
    }
    return true;
}

bool ananke_vocab_encode(const ananke_vocab *vocab, const uint8_t *text, size_t length, uint32_t *ids, size_t capacity,
                         size_t *count, ananke_error *err) {
    IdSink sink = {ids, capacity, 0};
    Str view = {(const char *)text, length};
    Arena scratch = {.allocator = vocab->arena.allocator, .limit = vocab->arena.limit};
    bool done = vocab->encoder ? ak_encoder_run(vocab->encoder, vocab, view, &scratch, &sink, err)
                               : encode_greedily(vocab, view, &sink, err);
    ak_arena_free(&scratch);
    *count = sink.count;
    return done;
}

size_t ananke_vocab_decode(const ananke_vocab *vocab, const uint32_t *ids, size_t count, uint8_t *bytes,
                           size_t capacity) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        Str token = ak_vocab_str(vocab, ids[i]);
        size_t room = length < capacity ? capacity - length : 0, part = token.length < room ? token.length : room;
        if (part) memcpy(bytes + length, token.data, part);
        length += token.length;
    }
    return length;
}
