/* Hugging Face tokenizer.json: model.vocab, model.merges, added_tokens, and how text is cut (tokenizer_rules.c).
 *
 * A token's key is written in one of the forms of tokenizer_form.h; which, the decoder tells. Merges are looked up by key, as the file means them.
 * Special tokens have no bytes; an added token that is not special has its content. Ids are bounded by the file's size: each token takes some of
 * its bytes, so a larger id is damage.
 * End-of-text ids come from the files beside it, else from the special tokens that have a known name. */
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "vocab/bpe.h"
#include "vocab/tokenizer.h"
#include "vocab/tokenizer_form.h"
#include "vocab/tokenizer_rules.h"
#include "vocab/unigram.h"
#include "vocab/words.h"
#include <math.h>

typedef struct Reader {
    Arena arena; /* all of this; gone when the vocabulary is made */
    Str text;
    const char *file;
    ananke_error *err;
    yyjson_val *root, *model;
    const char *type; /* model.type */
    TokenForm form;
    Map keys; /* key → id: the model's own tokens, then the added ones */
    VocabDraft draft;
    uint32_t byte_ids[256]; /* ids of <0x00> … <0xFF> */
} Reader;

static bool fail(Reader *reader, const char *what) {
    ak_fail(reader->err, ANANKE_ERROR_SYNTAX, "tokenizer.json: %s", what);
    return ak_fail_in(reader->err, reader->file);
}

static bool fail_token(Reader *reader, Str key, const char *what) {
    int length = key.length < 80 ? (int)key.length : 80;
    ak_fail(reader->err, ANANKE_ERROR_SYNTAX, "tokenizer.json: token \"%.*s\" %s", length, key.data, what);
    return ak_fail_in(reader->err, reader->file);
}

static bool fail_memory(Reader *reader) {
    return ak_fail_memory(reader->err, &reader->arena);
}

/* ---- What the file is. */

/* Is there a step of this type in the tree of steps? */
static bool has_step(yyjson_val *step, const char *type, int depth) {
    if (depth > 16) return false;
    if (yyjson_equals_str(yyjson_obj_get(step, "type"), type)) return true;
    static const char *const lists[] = {"decoders", "pretokenizers"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t index, count;
        yyjson_val *item;
        yyjson_arr_foreach(yyjson_obj_get(step, lists[i]), index, count, item) {
            if (has_step(item, type, depth + 1)) return true;
        }
    }
    return false;
}

static TokenForm find_form(yyjson_val *root, yyjson_val *model, const char *type) {
    yyjson_val *decoder = yyjson_obj_get(root, "decoder"), *pre = yyjson_obj_get(root, "pre_tokenizer");
    if (has_step(decoder, "ByteLevel", 0) || has_step(pre, "ByteLevel", 0)) return FORM_ALPHABET;
    if (strcmp(type, "WordPiece") == 0) return FORM_WORDPIECE;
    bool spaces = has_step(decoder, "Metaspace", 0) || has_step(decoder, "ByteFallback", 0) ||
                  has_step(pre, "Metaspace", 0) || yyjson_get_bool(yyjson_obj_get(model, "byte_fallback")) ||
                  strcmp(type, "Unigram") == 0;
    return spaces ? FORM_SPACES : FORM_PLAIN;
}

static bool read_head(Reader *reader) {
    yyjson_doc *doc = ak_json_parse(&reader->arena, reader->text, reader->file, reader->err);
    if (!doc) return false;
    reader->root = yyjson_doc_get_root(doc);
    reader->model = yyjson_obj_get(reader->root, "model");
    if (!yyjson_is_obj(reader->model)) return fail(reader, "there is no \"model\": is this a tokenizer?");
    reader->type = yyjson_get_str(yyjson_obj_get(reader->model, "type"));
    if (!reader->type)
        reader->type =
            yyjson_is_arr(yyjson_obj_get(reader->model, "vocab")) ? "Unigram" : "BPE"; /* files of before 2020 */
    reader->form = find_form(reader->root, reader->model, reader->type);
    reader->keys.arena = reader->draft.arena = &reader->arena;
    for (int i = 0; i < 256; i++) reader->byte_ids[i] = AK_TOKEN_NONE;
    return true;
}

/* ---- Tokens. */

static bool read_id(Reader *reader, yyjson_val *value, Str key, uint32_t *id) {
    if (!yyjson_is_uint(value)) return fail_token(reader, key, "has no id");
    if (yyjson_get_uint(value) >= reader->text.length)
        return fail_token(reader, key, "has an id larger than the file could hold");
    *id = (uint32_t)yyjson_get_uint(value);
    return true;
}

static bool is_taken(const Reader *reader, uint32_t id) {
    return id < reader->draft.tokens.count && reader->draft.tokens.items[id].bytes.data;
}

static bool add_token(Reader *reader, Str key, uint32_t id) {
    bool is_new;
    uint64_t *slot = ak_map_put(&reader->keys, key, &is_new);
    if (!slot) return fail_memory(reader);
    if (!is_new || is_taken(reader, id))
        return fail_token(reader, key, is_new ? "has an id that another one has" : "is there twice");
    *slot = id;
    int byte;
    DraftToken token = {.bytes = ak_form_bytes(reader->form, key, &reader->arena, &byte)};
    if (byte >= 0) reader->byte_ids[byte] = id;
    /* Text never becomes these by their bytes: <0x20> is not how a space is written, nor is a key with a space in it. */
    token.is_added = byte >= 0 || (reader->form == FORM_SPACES && ak_str_find_byte(key, ' ', 0) != SIZE_MAX);
    return (token.bytes.data && ak_draft_put(&reader->draft, id, token)) || fail_memory(reader);
}

static bool read_vocab_object(Reader *reader, yyjson_val *vocab) {
    size_t index, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(vocab, index, count, key, value) {
        uint32_t id;
        Str name = ak_json_str(key);
        if (!read_id(reader, value, name, &id) || !add_token(reader, name, id)) return false;
    }
    return true;
}

/* A piece that is in the list again: two ids with the same text, of which the last one counts. */
static bool add_again(Reader *reader, uint64_t *id, uint32_t index) {
    DraftToken token = reader->draft.tokens.items[*id];
    *id = index;
    return ak_draft_put(&reader->draft, index, token) || fail_memory(reader);
}

/* Unigram: [[piece, score], …], ids by place. */
static bool read_vocab_list(Reader *reader, yyjson_val *vocab) {
    size_t index, count;
    yyjson_val *item;
    yyjson_arr_foreach(vocab, index, count, item) {
        Str name = ak_json_str(yyjson_arr_get_first(item));
        if (!name.data || !yyjson_is_num(yyjson_arr_get(item, 1)))
            return fail(reader, "model.vocab has an entry that is not [text, score]");
        uint64_t *earlier = ak_map_find(&reader->keys, name);
        if (!(earlier ? add_again(reader, earlier, (uint32_t)index) : add_token(reader, name, (uint32_t)index)))
            return false;
    }
    return true;
}

static bool add_special(Reader *reader, yyjson_val *item) {
    uint32_t id;
    Str content = ak_json_str(yyjson_obj_get(item, "content"));
    if (!content.data) return fail(reader, "added_tokens has an entry without \"content\"");
    if (!read_id(reader, yyjson_obj_get(item, "id"), content, &id)) return false;
    bool is_new;
    uint64_t *slot = ak_map_put(&reader->keys, content, &is_new);
    if (!slot) return fail_memory(reader);
    *slot = id;
    bool is_special = yyjson_get_bool(yyjson_obj_get(item, "special"));
    if (!is_special && is_taken(reader, id)) /* the model's own token, which must not be cut */
        return reader->draft.tokens.items[id].name = content, true;
    DraftToken token = {.bytes = is_special ? (Str){"", 0} : content, .name = content, .is_added = true};
    return ak_draft_put(&reader->draft, id, token) || fail_memory(reader);
}

static bool read_tokens(Reader *reader) {
    yyjson_val *vocab = yyjson_obj_get(reader->model, "vocab");
    bool is_list = strcmp(reader->type, "Unigram") == 0;
    if (is_list ? !yyjson_is_arr(vocab) : !yyjson_is_obj(vocab)) return fail(reader, "there is no \"model.vocab\"");
    if (!ak_map_reserve(&reader->keys, yyjson_get_len(vocab)) ||
        !ak_vec_reserve(&reader->arena, &reader->draft.tokens, yyjson_get_len(vocab)))
        return fail_memory(reader);
    if (!(is_list ? read_vocab_list : read_vocab_object)(reader, vocab)) return false;
    size_t index, count;
    yyjson_val *item;
    yyjson_arr_foreach(yyjson_obj_get(reader->root, "added_tokens"), index, count, item) {
        if (!add_special(reader, item)) return false;
    }
    return true;
}

/* ---- End of text and padding. */

/* A value of config.json; models that see pictures, too, have what is about text in an object of its own. */
static yyjson_val *text_setting(yyjson_val *config, const char *name) {
    yyjson_val *value = yyjson_obj_get(config, name);
    return value ? value : yyjson_obj_get(yyjson_obj_get(config, "text_config"), name);
}

static bool add_eos_name(Reader *reader, yyjson_val *value) {
    Str name = ak_json_str(yyjson_is_obj(value) ? yyjson_obj_get(value, "content") : value);
    if (!name.data) return true;
    const uint64_t *id = ak_map_find(&reader->keys, name);
    if (!id) return fail_token(reader, name, "is the eos_token of tokenizer_config.json, but is not there");
    return ak_draft_eos(&reader->draft, (uint32_t)*id) || fail_memory(reader);
}

static bool add_eos_id(Reader *reader, yyjson_val *value) {
    if (!yyjson_is_uint(value)) return true;
    if (yyjson_get_uint(value) >= reader->draft.tokens.count)
        return fail(reader, "an eos_token_id beside it is not one of its ids");
    return ak_draft_eos(&reader->draft, (uint32_t)yyjson_get_uint(value)) || fail_memory(reader);
}

/* One id or a list of them. */
static bool add_eos_ids(Reader *reader, yyjson_val *config) {
    yyjson_val *value = text_setting(config, "eos_token_id");
    size_t index, count;
    yyjson_val *item;
    yyjson_arr_foreach(value, index, count, item) {
        if (!add_eos_id(reader, item)) return false;
    }
    return add_eos_id(reader, value);
}

static bool add_known_eos(Reader *reader) {
    for (const char *const *name = ak_eos_names; *name; name++) {
        const uint64_t *id = ak_map_find(&reader->keys, ak_str(*name));
        if (!id || reader->draft.tokens.items[*id].bytes.length) continue; /* only special tokens end a text */
        if (!ak_draft_eos(&reader->draft, (uint32_t)*id)) return fail_memory(reader);
    }
    return true;
}

/* A small vocabulary may have many padding ids, but no model has millions of rows. */
static bool pad(Reader *reader, yyjson_val *config) {
    enum { MOST_ROWS = 1 << 20 };
    uint64_t size = yyjson_get_uint(text_setting(config, "vocab_size"));
    if (size <= reader->draft.tokens.count) return true;
    if (size > MOST_ROWS) return fail(reader, "the vocab_size of config.json is larger than any model's");
    return ak_draft_put(&reader->draft, (uint32_t)size - 1, (DraftToken){0}) || fail_memory(reader);
}

static bool read_config(Reader *reader, Str text, const char *file, yyjson_val **root) {
    *root = NULL;
    if (!text.length) return true;
    yyjson_doc *doc = ak_json_parse(&reader->arena, text, file, reader->err);
    *root = doc ? yyjson_doc_get_root(doc) : NULL;
    return doc != NULL;
}

static bool read_beside(Reader *reader, const TokenizerBeside *beside) {
    yyjson_val *tokenizer, *generation, *config;
    if (!read_config(reader, beside->tokenizer_config, "tokenizer_config.json", &tokenizer)) return false;
    if (!read_config(reader, beside->generation_config, "generation_config.json", &generation)) return false;
    if (!read_config(reader, beside->config, "config.json", &config)) return false;
    if (!pad(reader, config) || !add_eos_name(reader, yyjson_obj_get(tokenizer, "eos_token"))) return false;
    if (!add_eos_ids(reader, generation) || !add_eos_ids(reader, config)) return false;
    return reader->draft.eos.count || add_known_eos(reader);
}

/* ---- Merges. */

static uint32_t find_key(const Reader *reader, Str key) {
    const uint64_t *id = ak_map_find(&reader->keys, key);
    return id ? (uint32_t)*id : AK_TOKEN_NONE;
}

/* The token that a merge makes. Merges come mostly in the order of the tokens that they make, one or more for each: the last one's place among the
 * keys, and the place behind it, are looked at first, which spares most of the lookups. */
static uint32_t find_merged(const Reader *reader, Str key, size_t *last) {
    const MapEntry *entries = reader->keys.entries.items;
    for (size_t i = *last; i < *last + 2 && i < reader->keys.entries.count; i++) {
        if (ak_str_equal(entries[i].key, key)) return *last = i, (uint32_t)entries[i].value;
    }
    uint32_t id = find_key(reader, key);
    *last = id; /* keys are mostly in order of id */
    return id;
}

/* A merge is ["left", "right"] or, in older files, "left right". */
static bool split_merge(yyjson_val *merge, Str *left, Str *right) {
    Str text = ak_json_str(merge);
    if (!text.data) {
        *left = ak_json_str(yyjson_arr_get_first(merge)), *right = ak_json_str(yyjson_arr_get(merge, 1));
        return left->data && right->data && yyjson_arr_size(merge) == 2;
    }
    size_t space = ak_str_find_byte(text, ' ', 0);
    *left = ak_str_slice(text, 0, space),
    *right = ak_str_slice(text, space == SIZE_MAX ? space : space + 1, text.length);
    return space != SIZE_MAX && ak_str_find_byte(*right, ' ', 0) == SIZE_MAX;
}

static bool add_merge(Reader *reader, Bpe *bpe, yyjson_val *merge, uint32_t rank, Buf *joined, size_t *last) {
    Str left, right;
    if (!split_merge(merge, &left, &right)) return fail(reader, "model.merges has an entry that is not a pair");
    joined->length = 0;
    ak_buf_str(joined, left);
    ak_buf_str(joined, right);
    if (!ak_arena_ok(&reader->arena)) return fail_memory(reader);
    BpePair pair = {find_key(reader, left), find_key(reader, right), rank,
                    find_merged(reader, ak_buf_view(joined), last)};
    if (pair.left == AK_TOKEN_NONE || pair.right == AK_TOKEN_NONE || pair.merged == AK_TOKEN_NONE) {
        return fail_token(reader, ak_buf_view(joined), "of model.merges, or a half of it, is not in model.vocab");
    }
    ak_bpe_add(bpe, pair);
    return true;
}

static bool read_merges(Reader *reader, Bpe *bpe, Arena *arena) {
    yyjson_val *merges = yyjson_obj_get(reader->model, "merges"), *merge;
    if (!ak_bpe_reserve(bpe, arena, yyjson_arr_size(merges))) return ak_fail_memory(reader->err, arena);
    Buf joined = {.arena = &reader->arena};
    size_t index, count, last = 0;
    yyjson_arr_foreach(merges, index, count, merge) {
        if (!add_merge(reader, bpe, merge, (uint32_t)index, &joined, &last)) return false;
    }
    return true;
}

/* ---- The encoder. */

static bool is_set(yyjson_val *model, const char *name) {
    yyjson_val *value = yyjson_obj_get(model, name);
    return yyjson_is_str(value) ? yyjson_get_len(value) > 0 : yyjson_is_num(value) ? yyjson_get_num(value) > 0 : false;
}

/* Does a step make another character of every space? */
static bool replaces_spaces(const Encoder *encoder) {
    for (size_t i = 0; i < encoder->normals.count; i++) {
        if (ak_str_equal(encoder->normals.items[i].from, STR(" "))) return true;
    }
    for (size_t i = 0; i < encoder->splits.count; i++) {
        if (ak_str_equal(encoder->splits.items[i].change.from, STR(" "))) return true;
    }
    return false;
}

static const char *unsupported_model(const Reader *reader, const Encoder *encoder, bool bytes_last) {
    static const char *const options[] = {"end_of_word_suffix", "dropout"};
    bool is_bpe = strcmp(reader->type, "BPE") == 0;
    if (is_bpe && is_set(reader->model, "continuing_subword_prefix")) return "continuing_subword_prefix";
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (is_set(reader->model, options[i])) return options[i];
    }
    if (!is_bpe && reader->form == FORM_ALPHABET) return "ByteLevel before a model that is not BPE";
    if (bytes_last != (reader->form == FORM_ALPHABET)) return "a ByteLevel decoder without a ByteLevel pre_tokenizer";
    bool escapes = reader->form != FORM_SPACES || replaces_spaces(encoder);
    return escapes ? NULL : "a normalizer that leaves spaces as they are";
}

/* Reads the steps that all models share. What is unsupported is noted in the encoder, and its tables may stay empty. */
static bool read_rules(Reader *reader, Encoder *encoder, Arena *arena) {
    bool bytes_last;
    yyjson_val *normalizer = yyjson_obj_get(reader->root, "normalizer"),
               *pre = yyjson_obj_get(reader->root, "pre_tokenizer");
    if (!ak_rules_read(encoder, arena, normalizer, pre, &bytes_last, reader->err)) return false;
    if (!encoder->unsupported) encoder->unsupported = unsupported_model(reader, encoder, bytes_last);
    encoder->escapes_spaces = reader->form == FORM_SPACES;
    return true;
}

static uint32_t find_unknown(const Reader *reader) {
    yyjson_val *name = yyjson_obj_get(reader->model, "unk_token");
    return yyjson_is_str(name) && yyjson_get_len(name) ? find_key(reader, ak_json_str(name)) : AK_TOKEN_NONE;
}

static void set_bytes(Reader *reader, Bpe *bpe) {
    for (int i = 0; i < 256; i++) {
        char character[4];
        Str key = {character, ak_form_character((uint8_t)i, character)};
        bpe->byte_ids[i] = reader->form == FORM_ALPHABET ? find_key(reader, key) : reader->byte_ids[i];
    }
}

static bool add_bpe(Reader *reader, ananke_vocab *vocab) {
    Bpe *bpe = ak_bpe_new(vocab);
    if (!bpe) return ak_fail_memory(reader->err, &vocab->arena);
    if (!read_rules(reader, &bpe->encoder, &vocab->arena)) return false;
    if (bpe->encoder.unsupported) return true;
    bpe->by_characters = reader->form != FORM_ALPHABET;
    bpe->whole_first = yyjson_get_bool(yyjson_obj_get(reader->model, "ignore_merges"));
    bpe->fuses_unknown = yyjson_get_bool(yyjson_obj_get(reader->model, "fuse_unk"));
    bpe->unknown = find_unknown(reader);
    set_bytes(reader, bpe);
    return read_merges(reader, bpe, &vocab->arena);
}

/* A score as serde_json reads it for the package `tokenizers`: the digits as one number, times or by a power of ten, which may be off in the last
 * bit. Ways to cut a text often tie but for that bit ("//" + "////"), so it counts. Digits that no longer fit are left out. */
static double score_value(Str text) {
    bool is_negative = ak_str_starts(text, STR("-")), is_fraction = false;
    uint64_t digits = 0;
    int exponent = 0;
    size_t at = is_negative;
    for (; at < text.length && text.data[at] != 'e' && text.data[at] != 'E'; at++) {
        uint64_t digit = (uint64_t)(text.data[at] - '0');
        if (text.data[at] == '.') is_fraction = true;
        else if (digits > (UINT64_MAX - digit) / 10) exponent += !is_fraction;
        else digits = digits * 10 + digit, exponent -= is_fraction;
    }
    bool is_small = ak_str_starts(ak_str_slice(text, at + 1, text.length), STR("-"));
    int power = 0;
    for (; at < text.length; at++) {
        if (text.data[at] >= '0' && text.data[at] <= '9' && power < 10000) power = power * 10 + (text.data[at] - '0');
    }
    exponent += is_small ? -power : power;
    double value = (double)digits;
    for (; exponent < -308 && value != 0; exponent += 308) value /= 1e308;
    value = exponent < 0 ? value / pow(10, -exponent) : value * pow(10, exponent);
    return is_negative ? -value : value;
}

/* Reads scores[id] from the file once more, with numbers as they are written, and finds the least of them. */
static bool read_scores(Reader *reader, double *scores, double *least) {
    yyjson_doc *doc = ak_json_parse_raw(&reader->arena, reader->text, reader->file, reader->err);
    if (!doc) return false;
    yyjson_val *vocab = yyjson_obj_get(yyjson_obj_get(yyjson_doc_get_root(doc), "model"), "vocab"), *item;
    size_t index, count;
    *least = INFINITY;
    yyjson_arr_foreach(vocab, index, count, item) {
        yyjson_val *score = yyjson_arr_get(item, 1);
        scores[index] = score_value((Str){yyjson_get_raw(score), yyjson_get_len(score)});
        *least = fmin(*least, scores[index]);
    }
    return true;
}

/* Tokens that text may become, the last one of those that are there twice; special ones are none. */
static void find_pieces(const Reader *reader, Str *pieces) {
    for (size_t i = 0; i < reader->keys.entries.count; i++) {
        uint32_t id = (uint32_t)reader->keys.entries.items[i].value;
        const DraftToken *token = &reader->draft.tokens.items[id];
        if (!token->is_added) pieces[id] = token->bytes;
    }
}

static bool add_unigram(Reader *reader, ananke_vocab *vocab) {
    enum { UNKNOWN_PENALTY = 10 };
    Unigram *unigram = ak_unigram_new(vocab);
    if (!unigram) return ak_fail_memory(reader->err, &vocab->arena);
    if (!read_rules(reader, &unigram->encoder, &vocab->arena)) return false;
    double *scores = ak_new_array(&reader->arena, double, vocab->size), least;
    Str *pieces = ak_new_array(&reader->arena, Str, vocab->size);
    if (!scores || !pieces) return fail_memory(reader);
    if (!read_scores(reader, scores, &least)) return false;
    find_pieces(reader, pieces);
    unigram->unknown_score = least - UNKNOWN_PENALTY;
    yyjson_val *unknown = yyjson_obj_get(reader->model, "unk_id");
    if (yyjson_is_uint(unknown) && yyjson_get_uint(unknown) < vocab->size)
        unigram->unknown = (uint32_t)yyjson_get_uint(unknown);
    if (yyjson_get_bool(yyjson_obj_get(reader->model, "byte_fallback")))
        memcpy(unigram->byte_ids, reader->byte_ids, sizeof reader->byte_ids);
    return ak_unigram_set(unigram, &vocab->arena, pieces, scores, vocab->size, reader->err);
}

/* WordPiece and WordLevel. A token that goes on within a word is, at the start of one, what its key says: "##a". */
static bool add_words(Reader *reader, ananke_vocab *vocab) {
    Words *words = ak_words_new(vocab);
    if (!words) return ak_fail_memory(reader->err, &vocab->arena);
    if (!read_rules(reader, &words->encoder, &vocab->arena)) return false;
    Str *starts = ak_new_array(&reader->arena, Str, vocab->size),
        *rests = ak_new_array(&reader->arena, Str, vocab->size);
    if (!starts || !rests) return fail_memory(reader);
    bool cuts = strcmp(reader->type, "WordPiece") == 0;
    yyjson_val *mark = yyjson_obj_get(reader->model, "continuing_subword_prefix"),
               *most = yyjson_obj_get(reader->model, "max_input_chars_per_word");
    Str prefix = yyjson_is_str(mark) ? ak_json_str(mark) : STR("##");
    for (size_t i = 0; i < reader->keys.entries.count; i++) {
        Str key = reader->keys.entries.items[i].key;
        uint32_t id = (uint32_t)reader->keys.entries.items[i].value;
        if (reader->draft.tokens.items[id].is_added) continue;
        starts[id] = key;
        if (cuts && ak_str_starts(key, prefix)) rests[id] = ak_str_slice(key, prefix.length, key.length);
    }
    if (cuts)
        words->longest =
            yyjson_is_uint(most) && yyjson_get_uint(most) < UINT32_MAX ? (uint32_t)yyjson_get_uint(most) : 100;
    words->unknown = find_unknown(reader);
    return ak_words_set(words, &vocab->arena, starts, rests, vocab->size, reader->err);
}

/* ---- Kinds. */

static const struct ModelKind {
    const char *type, *kind;
    bool (*add_encoder)(Reader *reader, ananke_vocab *vocab);
} models[] = {
    {"BPE", "bpe", add_bpe},
    {"Unigram", "unigram", add_unigram},
    {"WordPiece", "wordpiece", add_words},
    {"WordLevel", "wordlevel", add_words},
};

static const struct ModelKind *find_model(Reader *reader) {
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        if (strcmp(reader->type, models[i].type) == 0) return &models[i];
    }
    ak_fail(reader->err, ANANKE_ERROR_UNSUPPORTED, "tokenizer.json: model.type \"%.40s\" is not known", reader->type);
    return ak_fail_in(reader->err, reader->file), NULL;
}

static ananke_vocab *read_all(Reader *reader, const TokenizerBeside *beside, const ananke_context *context) {
    static const TokenizerBeside nothing = {0};
    if (!read_head(reader)) return NULL;
    const struct ModelKind *model = find_model(reader);
    if (!model) return NULL;
    reader->draft.kind = model->kind;
    if (!read_tokens(reader) || !read_beside(reader, beside ? beside : &nothing)) return NULL;
    ananke_vocab *vocab = ak_vocab_new(&reader->draft, context, reader->err);
    if (!vocab) return ak_fail_in(reader->err, reader->file), NULL;
    if (model->add_encoder(reader, vocab)) return vocab;
    ananke_vocab_free(vocab);
    return NULL;
}

ananke_vocab *ak_tokenizer_json(Str text, const TokenizerBeside *beside, const char *file,
                                const ananke_context *context, ananke_error *err) {
    Reader reader = {.arena = ak_arena(context), .text = text, .file = file, .err = err};
    ananke_vocab *vocab = read_all(&reader, beside, context);
    ak_arena_free(&reader.arena);
    return vocab;
}
