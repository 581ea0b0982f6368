/* Text to ids and back.
 *
 * The caller's function tokenizes where there is one; it may want UTF-8 only, and then what is none is cut into the longest tokens that match,
 * which is also what is done where there is no function. */
#include "compat/llg_tokenizer.h"
#include "compat/llg_utf8.h"
#include <stdlib.h>
#include <string.h>

/* ---- Text to ids. */

/* Bytes that no token of text begins with are left out, but for one that is a token by itself. */
static bool match_longest(const TokenTable *table, const uint8_t *bytes, size_t length, Ids *ids) {
    for (size_t at = 0; at < length;) {
        ananke_error err = {0};
        size_t count = 0;
        if (!ak_llg_ids_reserve(ids, length - at)) return false;
        if (ananke_vocab_encode(table->vocab, bytes + at, length - at, ids->items + ids->count, length - at, &count,
                                &err)) {
            ids->count += count;
            return true;
        }
        if (err.code != ANANKE_ERROR_UNSUPPORTED) return false;
        ids->count += count;
        at += err.offset;
        size_t i = ak_llg_table_find(table, bytes + at, 1);
        if (i < table->size && table->sorted[i].length == 1 && table->sorted[i].bytes[0] == bytes[at])
            ids->items[ids->count++] = table->sorted[i].id;
        at++;
    }
    return true;
}

static bool ask_caller(const TokenTable *table, const uint8_t *bytes, size_t length, Ids *ids) {
    size_t room = length / 4 + 5;
    for (int tries = 0; tries < 2; tries++) {
        if (!ak_llg_ids_reserve(ids, room)) return false;
        size_t count = table->tokenize(table->user_data, bytes, length, ids->items + ids->count, room);
        if (count <= room) {
            ids->count += count;
            return true;
        }
        room = count;
    }
    return false; /* a function that changes its mind */
}

/* The caller's function for what is UTF-8, the longest match for what is not. */
static bool ask_caller_pieces(const TokenTable *table, const uint8_t *bytes, size_t length, Ids *ids) {
    bool is_valid = true;
    for (size_t at = 0, end, start = 0; start < length; start = at) {
        for (end = start; end < length; end = at) {
            at = end + ak_llg_utf8_next(bytes + end, length - end, &is_valid);
            if (!is_valid) break;
        }
        if (end > start && !ask_caller(table, bytes + start, end - start, ids)) return false;
        if (!is_valid && !match_longest(table, bytes + end, at - end, ids)) return false;
    }
    return true;
}

bool ak_llg_tokenize(const TokenTable *table, const uint8_t *bytes, size_t length, Ids *ids) {
    if (!table->tokenize) return match_longest(table, bytes, length, ids);
    return table->wants_utf8 ? ask_caller_pieces(table, bytes, length, ids) : ask_caller(table, bytes, length, ids);
}

/* "<name>" behind the marker: the token that is spelled so with the marker. How many bytes it has, 0 when there is none. */
static size_t read_name(const TokenTable *table, const uint8_t *marker, size_t length, uint32_t *id) {
    enum { LONGEST_NAME = 100 };
    if (length < 4 || marker[1] != '<') return 0;
    const uint8_t *end = memchr(marker + 1, '>', length - 1 < LONGEST_NAME ? length - 1 : LONGEST_NAME);
    if (!end) return 0;
    size_t size = (size_t)(end - marker) + 1, i = ak_llg_table_find(table, marker, size);
    if (i == table->size || table->sorted[i].length != size || !ak_llg_token_starts(table->sorted[i], marker, size))
        return 0;
    *id = table->sorted[i].id;
    return size - 1;
}

/* "[id]". */
static size_t read_number(const TokenTable *table, const uint8_t *bytes, size_t length, uint32_t *id) {
    uint64_t value = 0;
    size_t at = 1;
    if (length < 3 || bytes[0] != '[') return 0;
    while (at < length && at < 11 && bytes[at] >= '0' && bytes[at] <= '9') value = value * 10 + (bytes[at++] - '0');
    if (at == 1 || at == length || bytes[at] != ']' || value >= table->size) return 0;
    *id = (uint32_t)value;
    return at + 1;
}

bool ak_llg_tokenize_marked(const TokenTable *table, const uint8_t *bytes, size_t length, Ids *ids) {
    for (size_t at = 0; at < length;) {
        const uint8_t *marker = memchr(bytes + at, LLG_SPECIAL, length - at);
        size_t end = marker ? (size_t)(marker - bytes) : length;
        if (end > at && !ak_llg_tokenize(table, bytes + at, end - at, ids)) return false;
        at = end + 1;
        if (at >= length) break;
        uint32_t id;
        size_t size = read_name(table, marker, length - end, &id);
        if (!size) size = read_number(table, bytes + at, length - at, &id);
        if (size && !ak_llg_ids_append(ids, &id, 1)) return false;
        at += size;
    }
    return true;
}

static size_t hand_out_ids(Ids *ids, uint32_t *tokens, size_t capacity) {
    size_t count = ids->count, part = count < capacity ? count : capacity;
    if (tokens && part) memcpy(tokens, ids->items, part * sizeof *tokens);
    ak_llg_ids_free(ids);
    return count;
}

size_t llg_tokenize_bytes(const LlgTokenizer *tokenizer, const uint8_t *bytes, size_t length, uint32_t *tokens,
                          size_t capacity) {
    Ids ids = {0};
    if (bytes && length && !ak_llg_tokenize(tokenizer->table, bytes, length, &ids)) ids.count = 0;
    return hand_out_ids(&ids, tokens, capacity);
}

size_t llg_tokenize_bytes_marker(const LlgTokenizer *tokenizer, const uint8_t *bytes, size_t length, uint32_t *tokens,
                                 size_t capacity) {
    Ids ids = {0};
    if (bytes && length && !ak_llg_tokenize_marked(tokenizer->table, bytes, length, &ids)) ids.count = 0;
    return hand_out_ids(&ids, tokens, capacity);
}

/* ---- Ids to text. */

static TableToken get_token(const TokenTable *table, uint32_t id) {
    return id < table->size ? table->tokens[id] : (TableToken){.bytes = (const uint8_t *)"", .id = id};
}

static bool decode_token(const TokenTable *table, uint32_t id, bool with_special, Text *text) {
    TableToken token = get_token(table, id);
    if (!ak_llg_is_special(token)) return ak_llg_text_append(text, token.bytes, token.length);
    if (!with_special) return true;
    return token.length ? ak_llg_text_append(text, token.bytes + 1, token.length - 1)
                        : ak_llg_text_format(text, "<[%u]>", id);
}

static bool describe_byte(Text *text, uint8_t byte) {
    static const char escapes[] = "\tt\nn\rr\\\\";
    for (const char *at = escapes; *at; at += 2) {
        if (byte == (uint8_t)*at) return ak_llg_text_append(text, "\\", 1) && ak_llg_text_append(text, at + 1, 1);
    }
    if (byte == 0) return ak_llg_text_append(text, "\\0", 2);
    if (byte < ' ' || byte == 0x7F) return ak_llg_text_format(text, "\\u{%x}", byte);
    return ak_llg_text_append(text, &byte, 1);
}

static bool describe_text(Text *text, TableToken token) {
    bool is_valid = true;
    for (size_t at = 0; is_valid && at < token.length;)
        at += ak_llg_utf8_next(token.bytes + at, token.length - at, &is_valid);
    bool done = is_valid || ak_llg_text_append(text, "≺HEX[", strlen("≺HEX["));
    for (size_t at = 0; done && at < token.length; at++)
        done = is_valid ? describe_byte(text, token.bytes[at]) : ak_llg_text_format(text, "%02x", token.bytes[at]);
    return done && (is_valid || ak_llg_text_append(text, "]≻", strlen("]≻")));
}

static bool describe_token(const TokenTable *table, uint32_t id, Text *text) {
    TableToken token = get_token(table, id);
    if (table->eos.count && id == table->eos.items[0]) return ak_llg_text_append(text, "≺EOS≻", strlen("≺EOS≻"));
    if (id >= table->size) return ak_llg_text_format(text, "≺OOB[%u]≻", id);
    if (!token.length) return ak_llg_text_format(text, "≺EMPTY[%u]≻", id);
    if (token.length > 1 && token.bytes[0] == LLG_SPECIAL)
        return ak_llg_utf8_mend(text, token.bytes + 1, token.length - 1);
    return describe_text(text, token);
}

/* Of many tokens the last ones, which are what one wants to see. */
static bool describe_tokens(const TokenTable *table, const uint32_t *tokens, size_t count, Text *text) {
    enum { SHOWN = 200 };
    size_t from = count > SHOWN ? count - SHOWN : 0;
    const char *begin = from ? "⟦…" : "⟦";
    if (!ak_llg_text_append(text, begin, strlen(begin))) return false;
    for (size_t i = from; i < count; i++) {
        if (i > from && !ak_llg_text_append(text, "‧", strlen("‧"))) return false;
        if (!describe_token(table, tokens[i], text)) return false;
    }
    return ak_llg_text_append(text, "⟧", strlen("⟧"));
}

static size_t hand_out_text(Text *text, char *output, size_t size) {
    size_t length = text->length, part = length < size ? length : size - 1;
    if (output && size) {
        if (part) memcpy(output, text->bytes, part);
        output[part] = 0;
    }
    ak_llg_text_free(text);
    return length + 1;
}

size_t llg_stringify_tokens(const LlgTokenizer *tokenizer, const uint32_t *tokens, size_t count, char *output,
                            size_t size) {
    Text text = {0};
    if (!describe_tokens(tokenizer->table, tokens, tokens ? count : 0, &text)) text.length = 0;
    return hand_out_text(&text, output, size);
}

size_t llg_decode_tokens(const LlgTokenizer *tokenizer, const uint32_t *tokens, size_t count, char *output, size_t size,
                         uint32_t flags) {
    Text text = {0}, mended = {0};
    bool done = true;
    for (size_t i = 0; done && tokens && i < count; i++)
        done = decode_token(tokenizer->table, tokens[i], flags & LLG_DECODE_INCLUDE_SPECIAL, &text);
    if (flags & LLG_DECODE_VALID_UTF8) {
        done = done && ak_llg_utf8_mend(&mended, text.bytes, text.length);
        ak_llg_text_free(&text);
        text = mended;
    }
    if (!done) text.length = 0;
    return hand_out_text(&text, output, size);
}
