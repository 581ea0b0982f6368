/* Tokenizers inside: the caller's table of tokens, the vocabulary made of it, and how text becomes ids.
 *
 * A table never changes and has many users: tokenizers, grammars, stop controllers. The last one frees it, so that a tokenizer may go before
 * what was made with it. A token that begins with the byte 0xFF is special: no text of a grammar stands for it. */
#ifndef AK_COMPAT_LLG_TOKENIZER_H
#define AK_COMPAT_LLG_TOKENIZER_H

#include "compat/llg.h"
#include "compat/llg_list.h"
#include <ananke/vocab.h>
#include <stdatomic.h>

enum { LLG_SPECIAL = 0xFF };

typedef struct TableToken {
    const uint8_t *bytes;
    uint32_t length, id;
} TableToken;

typedef struct TokenTable {
    atomic_uint users;
    uint32_t size;      /* ids are 0 … size-1 */
    TableToken *tokens; /* by id */
    TableToken *sorted; /* by their bytes, then by id */
    uint8_t *bytes;     /* what `tokens` point into */
    uint32_t longest;   /* bytes of the longest token */
    Ids eos;            /* the main one first; none when the caller has none */
    ananke_vocab *vocab;
    LlgTokenizeFn tokenize; /* NULL: longest match */
    const void *user_data;
    bool wants_utf8;
} TokenTable;

struct LlgTokenizer {
    TokenTable *table;
};

TokenTable *ak_llg_table_use(TokenTable *table);
void ak_llg_table_leave(TokenTable *table);

static inline bool ak_llg_is_special(TableToken token) {
    return token.length == 0 || token.bytes[0] == LLG_SPECIAL;
}

/* The first of `sorted` that does not come before these bytes; all that begin with them follow it. `size` when there is none. */
size_t ak_llg_table_find(const TokenTable *table, const uint8_t *bytes, size_t length);
bool ak_llg_token_starts(TableToken token, const uint8_t *bytes, size_t length);

/* Appends the ids of a text. False when out of memory. */
bool ak_llg_tokenize(const TokenTable *table, const uint8_t *bytes, size_t length, Ids *ids);
/* The same, where "\xFF<name>" and "\xFF[id]" stand for special tokens. */
bool ak_llg_tokenize_marked(const TokenTable *table, const uint8_t *bytes, size_t length, Ids *ids);

#endif
