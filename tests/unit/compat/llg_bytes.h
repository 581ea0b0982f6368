/* A tokenizer with a token for each byte, a special <pad> and the end of text, for tests of the C interface. */
#ifndef AK_TEST_LLG_BYTES_H
#define AK_TEST_LLG_BYTES_H

#include "compat/llg.h"
#include "unit/test.h"
#include <stdlib.h>

enum { PAD = 256, EOS = 257, SIZE = 258, WORDS = (SIZE + 31) / 32 };

typedef struct ByteTable {
    uint32_t lengths[SIZE];
    uint8_t bytes[256 + 12];
} ByteTable;

static inline ByteTable byte_table(void) {
    ByteTable table;
    for (int i = 0; i < SIZE; i++) table.lengths[i] = i < 256 ? 1 : 6;
    for (int i = 0; i < 256; i++) table.bytes[i] = (uint8_t)i;
    memcpy(table.bytes + 256, "\xff<pad>\xff<eos>", 12);
    return table;
}

static inline size_t tokenize_bytes(const void *calls, const uint8_t *bytes, size_t length, uint32_t *tokens,
                                    size_t room) {
    if (calls) ++*(size_t *)(uintptr_t)calls;
    for (size_t i = 0; i < length && i < room; i++) tokens[i] = bytes[i];
    return length;
}

static inline LlgTokenizerInitV2 byte_init(const ByteTable *table) {
    return (LlgTokenizerInitV2){.struct_size = sizeof(LlgTokenizerInitV2),
                                .vocab_size = SIZE,
                                .tok_eos = EOS,
                                .token_lens = table->lengths,
                                .token_bytes = table->bytes,
                                .tokenize_fn = tokenize_bytes};
}

static inline LlgTokenizer *byte_tokenizer(void) {
    const ByteTable table = byte_table();
    LlgTokenizerInitV2 init = byte_init(&table);
    char error[200] = "";
    LlgTokenizer *tokenizer = llg_new_tokenizer_v2(&init, error, sizeof error);
    assert_string_equal(error, "");
    assert_non_null(tokenizer);
    return tokenizer;
}

static inline LlgConstraintInit quiet_init(const LlgTokenizer *tokenizer) {
    LlgConstraintInit init;
    llg_constraint_init_set_defaults(&init, tokenizer);
    return init;
}

static inline bool allows(const uint32_t *mask, uint32_t token) {
    return mask[token / 32] >> token % 32 & 1;
}

static inline uint32_t count_allowed(const uint32_t *mask) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < SIZE; i++) count += allows(mask, i);
    return count;
}

#endif
