/* Facts: source files parsed and observed, in parallel, in the order of the files.
 *
 * A Reader holds what one call needs: the languages, a compiled query for each grammar in use, and for each worker a parser, a cursor and an arena in
 * which the sources and observations live. The result of a run is valid until ak_reader_close. tree-sitter allocates by malloc, not by the context's
 * allocator: its trees are gone when a run returns, its queries and parsers with the reader. */
#ifndef AK_CLEW_FACTS_H
#define AK_CLEW_FACTS_H

#include "clew/query.h"
#include "clew/walk.h"

typedef struct Facts {
    const SourceFile *file;
    Str source;
    Observations observations; /* sorted by place */
    uint64_t error_bytes;      /* under ERROR nodes; what is missing counts as one byte */
    uint64_t parse_us;
    const char *skipped; /* why it was not read; NULL: it was */
} Facts;

typedef struct ReaderWorker {
    Arena arena;
    TSParser *parser;
    TSQueryCursor *cursor;
    ananke_error err; /* what stopped it; code 0: nothing did */
} ReaderWorker;

typedef struct Reader {
    Arena arena;
    const ananke_context *context;
    size_t max_file_bytes;
    Languages languages;
    Vocabulary *vocabularies; /* by language */
    struct {
        const Grammar *grammar;
        FactQuery *query;
    } queries[8]; /* those in use */
    size_t query_count;
    ReaderWorker *workers;
    size_t worker_count;
} Reader;

/* Loads the languages. On failure the reader is closed already. */
bool ak_reader_open(Reader *reader, const ananke_context *context, size_t max_file_bytes, ananke_error *err);
void ak_reader_close(Reader *reader);

/* Reads the files: facts[i] of files[i]. False and `err` when memory is out or the call is cancelled; a file that cannot be read is skipped. */
bool ak_reader_run(Reader *reader, const SourceFile *files, size_t count, Facts *facts, ananke_error *err);
/* Reads one text as if it were the content of `file`; `text` must live as long as the facts. */
bool ak_reader_text(Reader *reader, const SourceFile *file, Str text, Facts *facts, ananke_error *err);

/* The names that the observations of a language use. */
const Vocabulary *ak_reader_vocabulary(const Reader *reader, const Language *language);

#endif
