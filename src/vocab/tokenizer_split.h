/* How a tokenizer cuts text into the pieces that are tokenized on their own: a list of steps, each a pattern with what becomes of its matches, or a
 * change that is made to every piece.
 *
 * Every step sees only the piece that the steps before it left. Steps are read-only once added; what they hold is given back by ak_splits_close. */
#ifndef AK_VOCAB_TOKENIZER_SPLIT_H
#define AK_VOCAB_TOKENIZER_SPLIT_H

#include "vocab/tokenizer_normal.h"

typedef enum SplitBehavior {
    SPLIT_ISOLATED,             /* a match is a piece of its own */
    SPLIT_REMOVED,              /* a match is dropped */
    SPLIT_MERGED_WITH_PREVIOUS, /* a match ends the piece before it */
    SPLIT_MERGED_WITH_NEXT,     /* a match begins the piece behind it */
    SPLIT_CONTIGUOUS            /* neighbouring matches are one piece */
} SplitBehavior;

typedef struct SplitStep {
    TextSearch search; /* without code: no cut, but a change */
    SplitBehavior behavior;
    bool invert;       /* what lies between the matches counts as the match */
    NormalStep change; /* never leaves a piece empty */
} SplitStep;

typedef VEC(SplitStep) Splits;
typedef VEC(Str) Pieces;

/* Appends a step; the compiled pattern lives in `arena`, which must stay where it is. False and `err` when the pattern cannot be used. */
bool ak_splits_add(Splits *splits, Arena *arena, Str pattern, bool is_literal, SplitBehavior behavior, bool invert,
                   ananke_error *err);
/* Appends a change of every piece. */
bool ak_splits_add_change(Splits *splits, Arena *arena, NormalStep change, ananke_error *err);
void ak_splits_close(Splits *splits);

/* Cuts `text` (valid UTF-8) into `pieces`; they point into it, or into what changed, and lie in `scratch`. */
bool ak_splits_cut(const Splits *splits, Str text, Arena *scratch, Pieces *pieces, ananke_error *err);

#endif
