/* Facts: one job per file: read, refuse what is no text, parse, observe. A parser and a cursor belong to a worker and are used again for every file. */
#include "clew/facts.h"
#include "base/file.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/utf8.h"
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { DEFAULT_FILE_BYTES = 4 << 20, MOST_FILE_BYTES = INT32_MAX }; /* the parser counts in 32 bits */

typedef struct Run {
    Reader *reader;
    const SourceFile *files;
    Facts *facts;
    size_t count;
    atomic_size_t done;
} Run;

/* ---- Queries */

static const FactQuery *find_query(const Reader *self, const Grammar *grammar) {
    for (size_t i = 0; i < self->query_count; i++) {
        if (self->queries[i].grammar == grammar) return self->queries[i].query;
    }
    return NULL;
}

const Vocabulary *ak_reader_vocabulary(const Reader *reader, const Language *language) {
    return &reader->vocabularies[language - reader->languages.items];
}

/* Compiles the query of a grammar when it is used for the first time. */
static bool need_query(Reader *self, const SourceFile *file, ananke_error *err) {
    if (find_query(self, file->grammar)) return true;
    if (self->query_count == sizeof self->queries / sizeof *self->queries)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "more than %zu grammars in one call", self->query_count);
    Vocabulary *vocabulary = &self->vocabularies[file->language - self->languages.items];
    FactQuery *query = ak_query_new(&self->arena, file->language, file->grammar, vocabulary, err);
    if (!query) return false;
    self->queries[self->query_count].grammar = file->grammar;
    self->queries[self->query_count++].query = query;
    return true;
}

/* ---- One file */

static const char *read_text(void *payload, uint32_t offset, TSPoint point, uint32_t *length) {
    const Str *source = payload;
    (void)point;
    Str rest = ak_str_slice(*source, offset, source->length);
    *length = (uint32_t)rest.length;
    return rest.length ? rest.data : "";
}

static bool is_stopped(TSParseState *state) {
    const ananke_context *context = state->payload;
    return context->cancelled(context->cancelled_data);
}

static TSTree *parse(const Reader *self, ReaderWorker *worker, const SourceFile *file, Str *source) {
    TSInput input = {.payload = source, .read = read_text, .encoding = TSInputEncodingUTF8};
    TSParseOptions options = {0};
    if (self->context && self->context->cancelled) {
        options.payload = (void *)(uintptr_t)self->context;
        options.progress_callback = is_stopped;
    }
    ts_parser_reset(worker->parser);
    if (!ts_parser_set_language(worker->parser, file->grammar->make())) return NULL;
    return ts_parser_parse_with_options(worker->parser, NULL, input, options);
}

/* Bytes under ERROR nodes; only subtrees that hold errors are entered. */
static uint64_t count_errors(TSNode root) {
    if (!ts_node_has_error(root)) return 0;
    uint64_t bytes = 0;
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    for (bool more = true; more;) {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        bool is_error = ts_node_is_error(node);
        if (is_error) bytes += ts_node_end_byte(node) - ts_node_start_byte(node);
        else if (ts_node_is_missing(node)) bytes++;
        if (!is_error && ts_node_has_error(node) && ts_tree_cursor_goto_first_child(&cursor)) continue;
        while (!(more = ts_tree_cursor_goto_next_sibling(&cursor)) && ts_tree_cursor_goto_parent(&cursor)) continue;
    }
    ts_tree_cursor_delete(&cursor);
    return bytes;
}

static uint64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static bool observe(const Reader *self, ReaderWorker *worker, const SourceFile *file, Str source, Facts *facts) {
    uint64_t start = now_us();
    *facts = (Facts){.file = file, .source = source};
    TSTree *tree = parse(self, worker, file, &source);
    if (!tree) {
        if (!ak_is_cancelled(self->context, &worker->err))
            ak_fail(&worker->err, ANANKE_ERROR_MEMORY, "%s: the parser gave up", file->path.data);
        return false;
    }
    TSNode root = ts_tree_root_node(tree);
    facts->parse_us = now_us() - start;
    facts->error_bytes = count_errors(root);
    bool done = ak_query_run(find_query(self, file->grammar), worker->cursor, root, source, &worker->arena,
                             &facts->observations);
    ts_tree_delete(tree);
    return done || ak_fail_memory(&worker->err, &worker->arena);
}

/* Why a content is not to be parsed; NULL when it is. */
static const char *no_text(Str content) {
    if (memchr(content.data, '\0', content.length)) return "is binary";
    return ak_utf8_invalid(content) == SIZE_MAX ? NULL : "is not UTF-8";
}

static bool read_file(Reader *self, ReaderWorker *worker, const SourceFile *file, Facts *facts) {
    ananke_error problem = {0};
    ArenaMark mark = ak_arena_mark(&worker->arena);
    *facts = (Facts){.file = file};
    Str source = ak_file_read(&worker->arena, file->path.data, self->max_file_bytes, &problem);
    if (!ak_arena_ok(&worker->arena)) return ak_fail_memory(&worker->err, &worker->arena);
    facts->skipped = source.data                          ? no_text(source)
                     : problem.code == ANANKE_ERROR_LIMIT ? "is too large"
                                                          : "cannot be read";
    if (!facts->skipped) return observe(self, worker, file, source, facts);
    ak_walk_log_skip(self->context, file->path.data, source.data ? facts->skipped : problem.message);
    ak_arena_rewind(&worker->arena, mark);
    return true;
}

static bool job(void *data, size_t index, size_t number) {
    Run *run = data;
    ReaderWorker *worker = &run->reader->workers[number];
    if (ak_is_cancelled(run->reader->context, &worker->err)) return false;
    if (!read_file(run->reader, worker, &run->files[index], &run->facts[index])) return false;
    ak_progress(run->reader->context, "read", atomic_fetch_add(&run->done, 1) + 1, run->count);
    return true;
}

/* ---- Readers */

bool ak_reader_open(Reader *reader, const ananke_context *context, size_t max_file_bytes, ananke_error *err) {
    *reader = (Reader){.arena = ak_arena(context),
                       .context = context,
                       .max_file_bytes = max_file_bytes ? max_file_bytes : DEFAULT_FILE_BYTES};
    if (reader->max_file_bytes > MOST_FILE_BYTES) reader->max_file_bytes = MOST_FILE_BYTES;
    if (ak_languages_load(&reader->languages, &reader->arena, err)) {
        reader->vocabularies = ak_new_array(&reader->arena, Vocabulary, reader->languages.count);
        if (!reader->vocabularies) ak_fail_memory(err, &reader->arena);
    }
    for (size_t i = 0; reader->vocabularies && i < reader->languages.count; i++) {
        Vocabulary *it = &reader->vocabularies[i];
        it->populations.map.arena = it->variants.map.arena = it->families.map.arena = &reader->arena;
    }
    if (!reader->vocabularies) ak_reader_close(reader);
    return reader->vocabularies != NULL;
}

void ak_reader_close(Reader *reader) {
    for (size_t i = 0; i < reader->query_count; i++) ak_query_free(reader->queries[i].query);
    for (size_t i = 0; i < reader->worker_count; i++) {
        ReaderWorker *worker = &reader->workers[i];
        if (worker->parser) ts_parser_delete(worker->parser);
        if (worker->cursor) ts_query_cursor_delete(worker->cursor);
        ak_arena_free(&worker->arena);
    }
    ak_arena_free(&reader->arena);
    *reader = (Reader){0};
}

static bool need_workers(Reader *self, size_t count, ananke_error *err) {
    if (self->workers) return true;
    size_t workers = ak_queue_workers(self->context, count);
    self->workers = ak_new_array(&self->arena, ReaderWorker, workers);
    if (!self->workers) return ak_fail_memory(err, &self->arena);
    self->worker_count = workers;
    for (size_t i = 0; i < workers; i++) {
        ReaderWorker *worker = &self->workers[i];
        worker->arena = ak_arena(self->context);
        worker->parser = ts_parser_new();
        worker->cursor = ts_query_cursor_new();
        if (!worker->parser || !worker->cursor) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    }
    return true;
}

static bool first_error(const Reader *self, ananke_error *err) {
    for (size_t i = 0; i < self->worker_count; i++) {
        if (self->workers[i].err.code && err) return *err = self->workers[i].err, false;
    }
    return false;
}

bool ak_reader_run(Reader *reader, const SourceFile *files, size_t count, Facts *facts, ananke_error *err) {
    for (size_t i = 0; i < count; i++) {
        if (!need_query(reader, &files[i], err)) return false;
    }
    if (!need_workers(reader, count, err)) return false;
    Run run = {.reader = reader, .files = files, .facts = facts, .count = count};
    return ak_queue_run(reader->worker_count, count, job, &run) || first_error(reader, err);
}

bool ak_reader_text(Reader *reader, const SourceFile *file, Str text, Facts *facts, ananke_error *err) {
    if (!need_query(reader, file, err) || !need_workers(reader, 1, err)) return false;
    return observe(reader, &reader->workers[0], file, text, facts) || first_error(reader, err);
}
