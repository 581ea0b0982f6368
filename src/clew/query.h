/* Fact queries: languages/NAME/facts.scm compiled for one grammar, and run over a tree in one pass.
 *
 * The vocabulary of captures is in languages/README.md. A query is immutable once it is compiled and may be used by several threads, each with its own
 * cursor. Populations and variants are numbered in tables that all grammars of a language share. tree-sitter allocates by malloc. */
#ifndef AK_CLEW_QUERY_H
#define AK_CLEW_QUERY_H

#include "base/vec.h"
#include "clew/language.h"

/* Something seen at a place. Lines and columns are 1-based, columns in bytes. */
typedef struct Observation {
    uint32_t start, end; /* byte offsets */
    uint32_t line, column, end_line, end_column;
    uint16_t population;
    uint16_t variant; /* of a population with variants: its number; of names: their styles (NameStyle); else 0 */
    uint16_t rank;    /* the pattern's place in the file: the smallest of one family at one node counts */
    uint16_t family;
} Observation;

typedef VEC(Observation) Observations;

/* The names that observations use. */
typedef struct Vocabulary {
    Intern populations, variants, families;
} Vocabulary;

typedef struct FactQuery FactQuery;

/* NULL and `err` on failure. Free with ak_query_free; the rest lives in the arena, which the vocabulary uses, too. */
FactQuery *ak_query_new(Arena *arena, const Language *language, const Grammar *grammar, Vocabulary *vocabulary,
                        ananke_error *err);
void ak_query_free(FactQuery *query);

/* Appends what the query sees in the tree of `source` to an empty vec, sorted by place. False when out of memory. */
bool ak_query_run(const FactQuery *query, TSQueryCursor *cursor, TSNode root, Str source, Arena *arena,
                  Observations *observations);

#endif
