/* The patterns of tokenizers, compiled and searched for with PCRE2 and Unicode properties: Oniguruma's syntax as far as tokenizers use it. */
#ifndef AK_VOCAB_TOKENIZER_SEARCH_H
#define AK_VOCAB_TOKENIZER_SEARCH_H

#include "base/error.h"

typedef struct TextSearch {
    void *code;  /* pcre2_code; NULL: none */
    Str pattern; /* as it was given */
    bool is_literal;
} TextSearch;

/* Compiles a pattern, or a text that stands for itself. All lives in `arena`, which must stay where it is, but for what ak_search_close gives back.
 * False and `err` when the pattern cannot be used. */
bool ak_search_open(TextSearch *search, Arena *arena, Str pattern, bool is_literal, ananke_error *err);
/* Nothing for a search without code. */
void ak_search_close(TextSearch *search);

/* One run through texts. */
typedef struct Finder {
    const TextSearch *search;
    void *match; /* pcre2_match_data */
    Arena *scratch;
} Finder;

typedef struct Found {
    size_t from, to; /* from is SIZE_MAX when there is none */
} Found;

bool ak_finder_open(Finder *finder, const TextSearch *search, Arena *scratch, ananke_error *err);
/* The first match at or behind byte `at` of `text` (valid UTF-8). False and `err` when the search gives up. */
bool ak_finder_next(Finder *finder, Str text, size_t at, Found *found, ananke_error *err);

#endif
