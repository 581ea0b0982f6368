/* Extraction against the parser alone: the same files, one thread, in turns; prints medians.
 *
 *     bench_extract [-n RUNS] [-p] PATH…     -p: print the mined constraints instead
 *
 * The bare parse reads the files beforehand, so its time is tree-sitter's alone; extraction's time includes the walk, reading, observing and mining. */
#include "base/file.h"
#include "clew/facts.h"
#include <ananke/ananke.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_RUNS = 101 };

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int fail(const ananke_error *err) {
    char text[2048];
    ananke_error_format(err, text, sizeof text);
    fputs(text, stderr);
    return 2;
}

static int by_value(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, by_value);
    return values[count / 2];
}

/* Parses every file once; the sources lie in memory. */
static double bare_parse_ms(const SourceFiles *files, const Str *sources) {
    TSParser *parser = ts_parser_new();
    double start = now_ms();
    for (size_t i = 0; i < files->count; i++) {
        ts_parser_set_language(parser, files->items[i].grammar->make());
        TSTree *tree = ts_parser_parse_string(parser, NULL, sources[i].data, (uint32_t)sources[i].length);
        ts_tree_delete(tree);
    }
    double time = now_ms() - start;
    ts_parser_delete(parser);
    return time;
}

static int print_constraints(const char *const *paths, size_t count) {
    ananke_error err = {0};
    ananke_constraints *set = ananke_extract(paths, count, NULL, NULL, &err);
    char *text = set ? ananke_constraints_text(set, ANANKE_FORMAT_JSON, NULL, &err) : NULL;
    if (text) fputs(text, stdout);
    ananke_text_free(text);
    ananke_constraints_free(set);
    return text ? 0 : fail(&err);
}

static bool read_sources(Arena *arena, const SourceFiles *files, Str *sources, ananke_error *err) {
    for (size_t i = 0; i < files->count; i++) {
        sources[i] = ak_file_read(arena, files->items[i].path.data, 0, err);
        if (!sources[i].data) return false;
    }
    return true;
}

static int measure(const char *const *paths, size_t count, int runs) {
    Arena arena = ak_arena(NULL);
    Languages languages;
    SourceFiles files;
    ananke_error err = {0};
    ananke_context context = {.threads = 1};
    ananke_extract_options options = {.context = &context};
    ananke_extract_summary summary;
    double parse[MAX_RUNS], extract[MAX_RUNS];
    if (!ak_languages_load(&languages, &arena, &err) || !ak_walk(&files, &arena, &languages, paths, count, NULL, &err))
        return fail(&err);
    Str *sources = ak_new_array(&arena, Str, files.count);
    if (!sources || !read_sources(&arena, &files, sources, &err)) return fail(&err);
    for (int run = 0; run < runs; run++) {
        parse[run] = bare_parse_ms(&files, sources);
        double start = now_ms();
        ananke_constraints *set = ananke_extract(paths, count, &options, &summary, &err);
        if (!set) return fail(&err);
        extract[run] = now_ms() - start;
        ananke_constraints_free(set);
    }
    double p = median(parse, runs), e = median(extract, runs), mb = (double)summary.bytes / 1e6;
    printf(
        "{\"files\": %llu, \"bytes\": %llu, \"error_bytes\": %llu, \"runs\": %d, \"parse_ms\": %.2f, \"extract_ms\": %.2f, \"ratio\": %.2f, "
        "\"parse_mb_s\": %.1f, \"extract_mb_s\": %.1f}\n",
        (unsigned long long)summary.files, (unsigned long long)summary.bytes, (unsigned long long)summary.error_bytes,
        runs, p, e, e / p, mb / p * 1e3, mb / e * 1e3);
    ak_arena_free(&arena);
    return 0;
}

int main(int argc, char **argv) {
    int runs = 7, at = 1;
    bool print = false;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "-p") == 0) print = true;
        else if (strcmp(argv[at], "-n") == 0 && at + 1 < argc) runs = (int)strtol(argv[++at], NULL, 10);
    }
    if (at >= argc || runs < 1 || runs > MAX_RUNS) {
        fprintf(stderr, "usage: bench_extract [-n RUNS] [-p] PATH...\n");
        return 2;
    }
    const char *const *paths = (const char *const *)argv + at;
    return print ? print_constraints(paths, (size_t)(argc - at)) : measure(paths, (size_t)(argc - at), runs);
}
