/* Making tokenizers: from the caller's table, or from the text of a tokenizer.json. */
#include "compat/llg_tokenizer.h"
#include <stdlib.h>
#include <string.h>

TokenTable *ak_llg_table_use(TokenTable *table) {
    atomic_fetch_add_explicit(&table->users, 1, memory_order_relaxed);
    return table;
}

void ak_llg_table_leave(TokenTable *table) {
    if (!table || atomic_fetch_sub_explicit(&table->users, 1, memory_order_acq_rel) != 1) return;
    ananke_vocab_free(table->vocab);
    ak_llg_ids_free(&table->eos);
    free(table->tokens);
    free(table->sorted);
    free(table->bytes);
    free(table);
}

static int compare_bytes(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length) {
    size_t common = a_length < b_length ? a_length : b_length;
    int order = common ? memcmp(a, b, common) : 0;
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_tokens(const void *left, const void *right) {
    const TableToken *a = left, *b = right;
    int order = compare_bytes(a->bytes, a->length, b->bytes, b->length);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

size_t ak_llg_table_find(const TokenTable *table, const uint8_t *bytes, size_t length) {
    size_t from = 0, until = table->size;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        TableToken token = table->sorted[middle];
        if (compare_bytes(token.bytes, token.length, bytes, length) < 0) from = middle + 1;
        else until = middle;
    }
    return from;
}

bool ak_llg_token_starts(TableToken token, const uint8_t *bytes, size_t length) {
    return token.length >= length && memcmp(token.bytes, bytes, length) == 0;
}

/* ---- The table's tokens. */

static bool make_room(TokenTable *table, size_t size, size_t bytes, ananke_error *err) {
    if (size >= INT32_MAX || bytes > UINT32_MAX)
        return ak_llg_fail(err, ANANKE_ERROR_LIMIT, "the vocabulary is too large");
    table->size = (uint32_t)size;
    table->tokens = calloc(size + 1, sizeof *table->tokens);
    table->sorted = calloc(size + 1, sizeof *table->sorted);
    table->bytes = malloc(bytes + 1);
    return (table->tokens && table->sorted && table->bytes) || ak_llg_fail_memory(err);
}

static void put_token(TokenTable *table, uint32_t id, const uint8_t *bytes, size_t length, size_t *at) {
    if (length) memcpy(table->bytes + *at, bytes, length);
    table->tokens[id] = (TableToken){table->bytes + *at, (uint32_t)length, id};
    if (length > table->longest) table->longest = (uint32_t)length;
    *at += length;
}

static bool read_table(TokenTable *table, const LlgTokenizerInitV2 *init, ananke_error *err) {
    if (!init->token_lens || !init->token_bytes)
        return ak_llg_fail(err, ANANKE_ERROR_USAGE, "token_lens and token_bytes must be set");
    size_t total = 0, at = 0;
    for (uint32_t id = 0; id < init->vocab_size; id++) total += init->token_lens[id];
    if (!make_room(table, init->vocab_size, total, err)) return false;
    for (uint32_t id = 0; id < init->vocab_size; id++)
        put_token(table, id, init->token_bytes + at, init->token_lens[id], &at);
    return true;
}

static bool read_json(TokenTable *table, const LlgTokenizerInitV2 *init, ananke_error *err) {
    ananke_vocab *vocab = ananke_vocab_parse(init->tokenizer_json, strlen(init->tokenizer_json), NULL, err);
    if (!vocab) return false;
    uint32_t count = ananke_vocab_size(vocab), size = count > init->vocab_size ? count : init->vocab_size;
    size_t total = 0, length, at = 0;
    for (uint32_t id = 0; id < count; id++) ananke_vocab_token(vocab, id, &length), total += length;
    bool done = make_room(table, size, total, err);
    for (uint32_t id = 0; done && id < size; id++) {
        const uint8_t *bytes = ananke_vocab_token(vocab, id, &length);
        put_token(table, id, bytes, length, &at);
    }
    ananke_vocab_free(vocab);
    return done;
}

static bool add_eos(TokenTable *table, LlgToken id, ananke_error *err) {
    if (id >= table->size)
        return ak_llg_fail(err, ANANKE_ERROR_USAGE, "EOS token ID %u is out of range (vocab_size=%u)", id, table->size);
    return ak_llg_ids_append(&table->eos, &id, 1) || ak_llg_fail_memory(err);
}

static bool read_eos(TokenTable *table, const LlgTokenizerInitV2 *init, ananke_error *err) {
    size_t extra = init->tok_eos_extra ? init->tok_eos_extra_count : 0;
    if ((init->tok_eos != LLG_NO_TOKEN || extra) && !add_eos(table, init->tok_eos, err)) return false;
    for (size_t i = 0; i < extra; i++) {
        if (!add_eos(table, init->tok_eos_extra[i], err)) return false;
    }
    return true;
}

/* The engine's vocabulary: special tokens have no bytes in it. It is here that it would be told their names. */
static bool make_vocab(TokenTable *table, ananke_error *err) {
    const uint8_t **bytes = calloc((size_t)table->size + 1, sizeof *bytes);
    size_t *lengths = calloc((size_t)table->size + 1, sizeof *lengths);
    if (bytes && lengths) {
        for (uint32_t id = 0; id < table->size; id++) {
            bytes[id] = table->tokens[id].bytes;
            lengths[id] = ak_llg_is_special(table->tokens[id]) ? 0 : table->tokens[id].length;
        }
        table->vocab =
            ananke_vocab_from_tokens(bytes, lengths, table->size, table->eos.items, table->eos.count, NULL, err);
    } else {
        ak_llg_fail_memory(err);
    }
    free(bytes);
    free(lengths);
    return table->vocab != NULL;
}

static bool fill_table(TokenTable *table, const LlgTokenizerInitV2 *init, ananke_error *err) {
    if (!init->tokenize_fn && !init->use_approximate_greedy_tokenize_fn) {
        return ak_llg_fail(err, ANANKE_ERROR_USAGE,
                           "Either tokenize_fn or use_approximate_greedy_tokenize_fn must be set");
    }
    if (init->tokenizer_json ? !read_json(table, init, err) : !read_table(table, init, err)) return false;
    if (!read_eos(table, init, err) || !make_vocab(table, err)) return false;
    memcpy(table->sorted, table->tokens, table->size * sizeof *table->sorted);
    qsort(table->sorted, table->size, sizeof *table->sorted, compare_tokens);
    table->tokenize = init->tokenize_fn;
    table->user_data = init->tokenize_user_data;
    table->wants_utf8 = init->tokenize_assumes_string;
    return true;
}

/* ---- The interface. */

static LlgTokenizer *wrap_table(TokenTable *table) {
    LlgTokenizer *tokenizer = malloc(sizeof *tokenizer);
    if (tokenizer) tokenizer->table = table; /* the user is handed over */
    else ak_llg_table_leave(table);
    return tokenizer;
}

static LlgTokenizer *new_tokenizer(const LlgTokenizerInitV2 *init, char *error, size_t error_size) {
    ananke_error err = {.code = ANANKE_ERROR_MEMORY, .message = "out of memory"};
    TokenTable *table = calloc(1, sizeof *table);
    LlgTokenizer *tokenizer = NULL;
    if (table) {
        atomic_init(&table->users, 1);
        if (fill_table(table, init, &err)) tokenizer = wrap_table(table);
        else ak_llg_table_leave(table);
    }
    if (!tokenizer) ak_llg_error_write(&err, error, error_size);
    return tokenizer;
}

LlgTokenizer *llg_new_tokenizer(const LlgTokenizerInit *init, char *error, size_t error_size) {
    LlgTokenizerInitV2 whole = {.struct_size = sizeof whole};
    memcpy(&whole.vocab_size, init, sizeof *init);
    return new_tokenizer(&whole, error, error_size);
}
_Static_assert(offsetof(LlgTokenizerInitV2, vocab_size) + sizeof(LlgTokenizerInit) ==
                   offsetof(LlgTokenizerInitV2, tok_eos_extra),
               "the first form is the second one's middle");

LlgTokenizer *llg_new_tokenizer_v2(const LlgTokenizerInitV2 *init, char *error, size_t error_size) {
    enum { LEAST = offsetof(LlgTokenizerInitV2, token_lens) };
    ananke_error err;
    if (!init || init->struct_size < LEAST) {
        if (!init) ak_llg_fail(&err, ANANKE_ERROR_USAGE, "tok_init is NULL");
        else
            ak_llg_fail(&err, ANANKE_ERROR_USAGE, "struct_size is %zu, at least %d is expected", init->struct_size,
                        LEAST);
        return ak_llg_error_write(&err, error, error_size), NULL;
    }
    LlgTokenizerInitV2 whole = {0};
    memcpy(&whole, init, init->struct_size < sizeof whole ? init->struct_size : sizeof whole);
    return new_tokenizer(&whole, error, error_size);
}

LlgTokenizer *llg_clone_tokenizer(const LlgTokenizer *tokenizer) {
    return wrap_table(ak_llg_table_use(tokenizer->table));
}

void llg_free_tokenizer(LlgTokenizer *tokenizer) {
    if (!tokenizer) return;
    ak_llg_table_leave(tokenizer->table);
    free(tokenizer);
}
