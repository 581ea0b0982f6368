/* Vocabularies of SentencePiece's kind: pieces with a score and a type, in a .model file or in a GGUF file of the tokenizer "llama". */
#ifndef AK_VOCAB_TOKENIZER_RANKED_H
#define AK_VOCAB_TOKENIZER_RANKED_H

#include "vocab/bpe.h"
#include "vocab/charsmap.h"

/* Types of pieces, as both files number them. */
enum { PIECE_NORMAL = 1, PIECE_UNKNOWN, PIECE_CONTROL, PIECE_USER_DEFINED, PIECE_UNUSED, PIECE_BYTE };

typedef struct RankedPiece {
    Str key;
    float score;
    uint32_t type;
} RankedPiece;

typedef struct RankedPieces {
    VEC(RankedPiece) list;
    const char *kind;
    const char *unsupported; /* why text cannot be encoded; NULL when it can */
    VEC(uint32_t) eos;
    bool is_unigram;        /* scores are a unigram model's; else BPE's, of which the best is merged first */
    bool fuses_unknown;     /* neighbouring unknown characters are one token */
    bool starts_with_space; /* a space goes before the text */
    bool strips_blanks;     /* blanks at the ends go, and all but one between words */
    Charsmap map;           /* what is done to characters first; may be empty */
} RankedPieces;

/* The vocabulary. `arena` holds what is needed meanwhile. */
ananke_vocab *ak_ranked_vocab(const RankedPieces *pieces, Arena *arena, const ananke_context *context,
                              ananke_error *err);

#endif
