/* How a tokenizer changes text before it cuts it: a list of steps. Read-only once built; ak_normals_close gives back what is not in an arena. */
#ifndef AK_VOCAB_TOKENIZER_NORMAL_H
#define AK_VOCAB_TOKENIZER_NORMAL_H

#include "base/vec.h"
#include "vocab/tokenizer_search.h"

typedef enum NormalKind {
    NORMAL_NFC,
    NORMAL_NFD,
    NORMAL_NFKC,
    NORMAL_NFKD,
    NORMAL_PREPEND,         /* `to` goes before a text that is not empty */
    NORMAL_PREPEND_ONCE,    /* … unless the text begins with it already */
    NORMAL_REPLACE,         /* every `from` becomes `to` */
    NORMAL_REPLACE_PATTERN, /* every match of `search` becomes `to` */
    NORMAL_LOWERCASE,       /* character by character */
    NORMAL_STRIP_ACCENTS,   /* marks that take no place (Mn) go */
    NORMAL_STRIP_MARKS,     /* all marks (M) go */
    NORMAL_STRIP_LEFT,      /* white space at the start goes */
    NORMAL_STRIP_RIGHT,     /* … at the end */
    NORMAL_STRIP_BLANKS,    /* SentencePiece's: blanks go at both ends, and all but one between words */
    NORMAL_CLEAN,           /* BERT's: controls go, white space becomes blanks */
    NORMAL_SPACE_CHINESE,   /* BERT's: blanks around Chinese characters */
    NORMAL_NMT,             /* SentencePiece's "nmt": some controls go, some spaces become blanks */
    NORMAL_CHARSMAP, /* a character map as the package `tokenizers` applies it; `from`: units, `to`: texts (charsmap.h) */
    NORMAL_CHARSMAP_LONGEST /* … as SentencePiece applies it */
} NormalKind;

typedef struct NormalStep {
    NormalKind kind;
    Str from, to;
    TextSearch search; /* of NORMAL_REPLACE_PATTERN */
} NormalStep;

typedef VEC(NormalStep) Normals;

/* Applies a step to `*text` (valid UTF-8, empty text stays empty). The result lies in `scratch` when anything changes. */
bool ak_normal_apply(const NormalStep *step, Str *text, Arena *scratch, ananke_error *err);
/* Applies all steps in turn. */
bool ak_normals_apply(const Normals *normals, Str *text, Arena *scratch, ananke_error *err);
void ak_normals_close(Normals *normals);

#endif
