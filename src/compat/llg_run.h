/* Runs: one text being generated, as constraints and matchers see it. Tokens are consumed; after each the text may be at its end, and then no
 * token is taken any more until some are rolled back. One owner at a time. */
#ifndef AK_COMPAT_LLG_RUN_H
#define AK_COMPAT_LLG_RUN_H

#include "compat/llg_grammar.h"
#include <ananke/matcher.h>

typedef struct Run {
    Grammar *grammar; /* NULL: there is no run */
    ananke_matcher *matcher;
    Ids tokens;      /* consumed */
    bool is_stopped; /* seen by ak_llg_run_check_stop */
} Run;

/* A run of this grammar, whose user is handed over, also on failure. */
bool ak_llg_run_begin(Run *run, Grammar *grammar, ananke_error *err);
bool ak_llg_run_copy(Run *to, const Run *from, ananke_error *err);
void ak_llg_run_end(Run *run);

static inline size_t ak_llg_run_words(const Run *run) {
    return ((size_t)run->grammar->table->size + 31) / 32;
}

/* The mask of the next token. Where only one text can follow and the tokenizer is the model's own, it is the one token that this text begins with. */
bool ak_llg_run_mask(Run *run, uint32_t *row, ananke_error *err);
bool ak_llg_row_is_empty(const uint32_t *row, size_t words);
bool ak_llg_run_consume(Run *run, uint32_t token, ananke_error *err);
/* Is the text at its end, with nothing that could follow or an end-of-text token consumed? */
bool ak_llg_run_check_stop(Run *run);
bool ak_llg_run_rollback(Run *run, size_t count, ananke_error *err);
/* How many of the tokens could be consumed; false when one is none at all. */
bool ak_llg_run_validate(Run *run, const uint32_t *tokens, size_t count, size_t *valid, ananke_error *err);
/* Puts the tokens that must come next into an empty list. */
bool ak_llg_run_forced(Run *run, Ids *ids, ananke_error *err);

#endif
