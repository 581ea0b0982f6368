/* How a tokenizer changes text before it cuts it: a list of steps. Read-only once built. */
#ifndef AK_MASK_TOKENIZER_NORMAL_H
#define AK_MASK_TOKENIZER_NORMAL_H

#include "base/error.h"
#include "base/vec.h"

typedef enum NormalKind {
    NORMAL_NFC,
    NORMAL_NFD,
    NORMAL_NFKC,
    NORMAL_NFKD,
    NORMAL_PREPEND,      /* `to` goes before a text that is not empty */
    NORMAL_PREPEND_ONCE, /* … unless the text begins with it already */
    NORMAL_REPLACE       /* every `from` becomes `to` */
} NormalKind;

typedef struct NormalStep {
    NormalKind kind;
    Str from, to;
} NormalStep;

typedef VEC(NormalStep) Normals;

/* Applies a step to `*text` (valid UTF-8, empty text stays empty). The result lies in `scratch` when anything changes. */
bool ak_normal_apply(const NormalStep *step, Str *text, Arena *scratch, ananke_error *err);
/* Applies all steps in turn. */
bool ak_normals_apply(const Normals *normals, Str *text, Arena *scratch, ananke_error *err);

#endif
