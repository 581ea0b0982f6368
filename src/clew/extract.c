/* Extraction: walk, read, mine. */
#include "base/log.h"
#include "clew/mine.h"
#include <ananke/extract.h>
#include <stdio.h>
#include <time.h>

static uint64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void sum_up(ananke_extract_summary *summary, const SourceFiles *files, const Facts *facts) {
    *summary = (ananke_extract_summary){.skipped = files->skipped};
    for (size_t i = 0; i < files->count; i++) {
        if (facts[i].skipped) {
            summary->skipped++;
            continue;
        }
        summary->files++;
        summary->bytes += facts[i].source.length;
        summary->error_bytes += facts[i].error_bytes;
        summary->parse_us += facts[i].parse_us;
    }
}

static void log_summary(const ananke_context *context, const ananke_extract_summary *summary) {
    char fields[256];
    if (!ak_logs(context, ANANKE_LOG_INFO)) return;
    snprintf(fields, sizeof fields, "{\"files\":%llu,\"bytes\":%llu,\"error_bytes\":%llu,\"skipped\":%llu}",
             (unsigned long long)summary->files, (unsigned long long)summary->bytes,
             (unsigned long long)summary->error_bytes, (unsigned long long)summary->skipped);
    ak_log(context, ANANKE_LOG_INFO, "clew", fields, "read %llu files", (unsigned long long)summary->files);
}

static ananke_constraints *mine(Reader *reader, const Facts *facts, size_t count, const ananke_extract_options *options,
                                ananke_error *err) {
    MineOptions mine = {.min_confidence = options->min_confidence > 0 ? options->min_confidence : 0.9,
                        .min_support = options->min_support ? options->min_support : 10};
    Kinds kinds;
    ak_progress(options->context, "mine", 0, 0);
    if (!ak_kinds_load(&kinds, &reader->arena, err)) return NULL;
    yyjson_mut_doc *doc = ak_mine(&reader->arena, &kinds, reader, facts, count, mine, err);
    return doc ? ak_constraint_set_from(doc, options->context, err) : NULL;
}

static ananke_constraints *extract(Reader *reader, const char *const *paths, size_t path_count,
                                   const ananke_extract_options *options, ananke_extract_summary *summary,
                                   ananke_error *err) {
    SourceFiles files;
    if (!ak_walk(&files, &reader->arena, &reader->languages, paths, path_count, options->context, err)) return NULL;
    Facts *facts = ak_new_array(&reader->arena, Facts, files.count);
    if (!facts) return ak_fail_memory(err, &reader->arena), NULL;
    if (!ak_reader_run(reader, files.items, files.count, facts, err)) return NULL;
    sum_up(summary, &files, facts);
    if (!summary->files) return ak_walk_fail_empty(&reader->languages, paths, path_count, summary->skipped, err), NULL;
    log_summary(options->context, summary);
    return mine(reader, facts, files.count, options, err);
}

ananke_constraints *ananke_extract(const char *const *paths, size_t path_count, const ananke_extract_options *options,
                                   ananke_extract_summary *summary, ananke_error *err) {
    static const ananke_extract_options defaults = {0};
    ananke_extract_summary own;
    uint64_t start = now_us();
    Reader reader;
    if (!options) options = &defaults;
    if (!summary) summary = &own;
    if (!ak_reader_open(&reader, options->context, options->max_file_bytes, err)) return NULL;
    ananke_constraints *constraints = extract(&reader, paths, path_count, options, summary, err);
    ak_reader_close(&reader);
    summary->wall_us = now_us() - start;
    return constraints;
}
