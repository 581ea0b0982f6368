/* The patterns by which byte-level tokenizers cut text, for the files that only name them or do not say at all: GGUF and tiktoken. */
#ifndef AK_VOCAB_TOKENIZER_PATTERNS_H
#define AK_VOCAB_TOKENIZER_PATTERNS_H

#include "vocab/bpe.h"

enum { AK_PATTERN_STEPS = 3, AK_PATTERN_EOS = 4 };

/* How a kind of tokenizer cuts: patterns applied one after the other, matches isolated. */
typedef struct TokenizerPattern {
    const char *names;                   /* of tokenizer.ggml.pre, between blanks: " gpt-2 phi-2 " */
    const char *steps[AK_PATTERN_STEPS]; /* NULL behind the last */
    bool whole_first;                    /* a piece that is a token is that token */
    bool composes;                       /* text is brought to NFC first */
} TokenizerPattern;

/* GPT-2's, which the pre-tokenizer ByteLevel uses when it is to cut. */
extern const char ak_pattern_gpt2[];

/* The pattern with this name; NULL when it is not known. */
const TokenizerPattern *ak_pattern_find(Str name);
/* Adds it to an encoder. False and `err` on failure. */
bool ak_pattern_add(const TokenizerPattern *pattern, Bpe *bpe, Arena *arena, ananke_error *err);

typedef struct TiktokenEnd {
    uint32_t id;
    const char *name; /* NULL behind the last */
} TiktokenEnd;

/* What a tiktoken file does not say. */
typedef struct TiktokenKind {
    uint32_t ranks;                   /* by how many tokens it is told */
    uint32_t size;                    /* ids, special tokens included */
    const char *pattern;              /* a name of ak_pattern_find */
    TiktokenEnd ends[AK_PATTERN_EOS]; /* end-of-text tokens, the main one first */
} TiktokenKind;

/* NULL when there is none with so many ranks. */
const TiktokenKind *ak_tiktoken_find(uint32_t ranks);

#endif
