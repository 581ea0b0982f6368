/* How a tokenizer cuts text into the pieces that are tokenized on their own: a list of steps, each a pattern with what becomes of its matches.
 *
 * Every step sees only the piece that the steps before it left. Patterns are those of tokenizer.json (Oniguruma's syntax as far as tokenizers
 * use it) and run in PCRE2 with Unicode properties. Steps are read-only once added; their code is given back by ak_splits_close. */
#ifndef AK_MASK_TOKENIZER_SPLIT_H
#define AK_MASK_TOKENIZER_SPLIT_H

#include "base/error.h"
#include "base/vec.h"

typedef enum SplitBehavior {
    SPLIT_ISOLATED,             /* a match is a piece of its own */
    SPLIT_REMOVED,              /* a match is dropped */
    SPLIT_MERGED_WITH_PREVIOUS, /* a match ends the piece before it */
    SPLIT_MERGED_WITH_NEXT,     /* a match begins the piece behind it */
    SPLIT_CONTIGUOUS            /* neighbouring matches are one piece */
} SplitBehavior;

typedef struct SplitStep {
    void *code;  /* pcre2_code */
    Str pattern; /* as it was added */
    bool is_literal;
    SplitBehavior behavior;
    bool invert; /* what lies between the matches counts as the match */
} SplitStep;

typedef VEC(SplitStep) Splits;
typedef VEC(Str) Pieces;

/* Appends a step. The compiled pattern lives in `arena`, which must stay where it is. False and `err` when the pattern cannot be used. */
bool ak_splits_add(Splits *splits, Arena *arena, Str pattern, SplitBehavior behavior, bool invert, ananke_error *err);
/* A step that matches `literal` and nothing else. */
bool ak_splits_add_literal(Splits *splits, Arena *arena, Str literal, SplitBehavior behavior, bool invert,
                           ananke_error *err);
void ak_splits_close(Splits *splits);

/* Cuts `text` (valid UTF-8) into `pieces`; they point into it and lie in `scratch`. */
bool ak_splits_cut(const Splits *splits, Str text, Arena *scratch, Pieces *pieces, ananke_error *err);

#endif
