/* `ananke bench mask`: MaskBench over a folder of schemas, one at a time in a worker. */
#include "cli/bench_worker.h"
#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/table.h"
#include <ananke/version.h>
#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

static const unsigned percents[] = {25, 50, 75, 90, 95, 99, 0};

typedef struct Bench {
    Cli *cli;
    glob_t files;  /* of the suite, in order of their names, shuffled for a sample */
    size_t wanted; /* how many of them are run */
    double timeout_s;
    uint64_t sample, seed;
    uint32_t schemas, passing, compile_error, validation_error, invalidation_error, unenforced, partial, timeout, crash;
    uint64_t peak_rss, masks_recalled, masks_shared, masks_made;
    Samples tbm, ttfm, compile;
} Bench;

static bool read_options(Bench *self) {
    Cli *cli = self->cli;
    self->timeout_s = 60, self->seed = 1;
    return cli_args_count(&cli->args, "sample", 1, UINT32_MAX, &self->sample, &cli->err) &&
           cli_args_count(&cli->args, "seed", 0, UINT64_MAX, &self->seed, &cli->err) &&
           cli_args_decimal(&cli->args, "timeout", 0.001, 86400, &self->timeout_s, &cli->err);
}

/* splitmix64 (Steele, Lea, Flood 2014): small, and good enough to draw files. */
static uint64_t draw(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* Fisher and Yates, as far as the sample goes. */
static void shuffle(char **paths, size_t count, size_t wanted, uint64_t seed) {
    for (size_t i = 0; i < wanted; i++) {
        size_t other = i + draw(&seed) % (count - i);
        char *path = paths[i];
        paths[i] = paths[other], paths[other] = path;
    }
}

static bool find_files(Bench *self) {
    Cli *cli = self->cli;
    const char *suite = cli_get(cli, "suite");
    struct stat info;
    if (stat(suite, &info) != 0 || !S_ISDIR(info.st_mode)) {
        int problem = errno;
        bool there = stat(suite, &info) == 0;
        cli_fail(&cli->err, ANANKE_ERROR_IO, "%s",
                 there ? "is a file, the folder of the schemas is wanted" : strerror(problem));
        cli_fail_in(&cli->err, suite);
        return cli_hint(&cli->err, "--suite takes a folder of MaskBench files {\"schema\", \"tests\": [...]}");
    }
    char pattern[4096];
    size_t used = 0;
    for (const char *at = suite; *at && used + 16 < sizeof pattern; at++) {
        if (strchr("*?[\\", *at)) pattern[used++] = '\\';
        pattern[used++] = *at;
    }
    snprintf(pattern + used, sizeof pattern - used, "/*.json");
    if (glob(pattern, 0, NULL, &self->files) != 0) {
        cli_fail(&cli->err, ANANKE_ERROR_IO, "holds no .json files");
        cli_fail_in(&cli->err, suite);
        return cli_hint(&cli->err, "a MaskBench suite is a folder of files {\"schema\", \"tests\": [...]}");
    }
    self->wanted = self->sample && self->sample < self->files.gl_pathc ? (size_t)self->sample : self->files.gl_pathc;
    if (self->sample) shuffle(self->files.gl_pathv, self->files.gl_pathc, self->wanted, self->seed);
    return true;
}

static void say_instances(Bench *self, const char *name, const char *what, uint32_t first, uint32_t all,
                          const BenchResult *result) {
    char more[32] = "";
    if (all > 1) snprintf(more, sizeof more, " and %u more", all - 1);
    cli_say(&self->cli->terminal, "%s: %s: instance %u%s%s%s", name, what, first, more, result->message[0] ? ": " : "",
            result->message);
}

static void say_failure(Bench *self, const char *path, const BenchResult *result) {
    if (!cli_has(self->cli, "verbose")) return;
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    static const char *const words[] = {
        [BENCH_COMPILE_ERROR] = "compile error", [BENCH_TIMEOUT] = "timeout", [BENCH_CRASH] = "crash"};
    const char *between = result->message[0] ? ": " : "";
    if (result->outcome != BENCH_RAN)
        cli_say(&self->cli->terminal, "%s: %s%s%s", name, words[result->outcome], between, result->message);
    if (result->valid_refused)
        say_instances(self, name, "valid refused", result->first_refused, result->valid_refused, result);
    if (result->invalid_accepted)
        say_instances(self, name, result->unenforced ? "invalid accepted, something is unenforced" : "invalid accepted",
                      result->first_accepted, result->invalid_accepted, result);
}

static bool count(Bench *self, const BenchResult *result) {
    self->schemas++;
    if (result->peak_rss > self->peak_rss) self->peak_rss = result->peak_rss;
    self->masks_recalled += result->masks_recalled, self->masks_shared += result->masks_shared;
    self->masks_made += result->masks_made;
    self->compile_error += result->outcome == BENCH_COMPILE_ERROR;
    self->timeout += result->outcome == BENCH_TIMEOUT;
    self->crash += result->outcome == BENCH_CRASH;
    if (result->outcome != BENCH_RAN) return true;
    self->validation_error += result->valid_refused > 0;
    self->invalidation_error += result->invalid_accepted > 0 && !result->unenforced;
    self->unenforced += result->invalid_accepted > 0 && result->unenforced;
    self->partial += result->unenforced > 0;
    self->passing += !result->valid_refused && !result->invalid_accepted;
    return (cli_samples_add(&self->ttfm, (double)result->first_us) &&
            cli_samples_add(&self->compile, (double)result->compile_us)) ||
           cli_fail_memory(&self->cli->err);
}

static bool run_all(Bench *self, const ananke_vocab *vocab) {
    Cli *cli = self->cli;
    const ananke_json_options json = {.order = cli_has(cli, "json-any-order") ? ANANKE_JSON_ANY_ORDER
                                                                              : ANANKE_JSON_LISTED_ORDER};
    BenchWorker worker = {.vocab = vocab, .options = {.is_strict = cli_has(cli, "strict"), .json = &json}};
    bool done = true;
    for (size_t i = 0; done && i < self->wanted; i++) {
        const char *path = self->files.gl_pathv[i];
        if (cli->context.progress)
            cli->context.progress(cli->context.progress_data, &(ananke_progress){"schemas", i, self->wanted});
        BenchResult result;
        done = cli_bench_run(&worker, path, self->timeout_s, &self->tbm, &result, &cli->err);
        if (done && result.outcome == BENCH_UNREADABLE) {
            cli_fail(&cli->err, ANANKE_ERROR_IO, "%s", result.message);
            done = cli_fail_in(&cli->err, path);
        }
        if (!done) break;
        say_failure(self, path, &result);
        done = count(self, &result);
    }
    cli_bench_stop(&worker);
    cli_progress_clear(&cli->terminal);
    return done;
}

typedef struct Count {
    const char *name;
    uint64_t value;
} Count;

enum { COUNTS = 14 };

static void list_counts(const Bench *self, Count counts[COUNTS]) {
    const Count list[COUNTS] = {
        {"schemas", self->schemas},
        {"passing", self->passing},
        {"compile_error", self->compile_error},
        {"validation_error", self->validation_error},
        {"invalidation_error", self->invalidation_error},
        {"unenforced", self->unenforced},
        {"partial", self->partial},
        {"timeout", self->timeout},
        {"crash", self->crash},
        {"tokens", self->tbm.count},
        {"masks_recalled", self->masks_recalled},
        {"masks_shared", self->masks_shared},
        {"masks_made", self->masks_made},
        {"peak_rss", self->peak_rss},
    };
    memcpy(counts, list, sizeof list);
}

static bool print_json(Bench *self) {
    Count counts[COUNTS];
    list_counts(self, counts);
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    bool built = yyjson_mut_obj_add_str(doc, root, "engine", "ananke") &&
                 yyjson_mut_obj_add_str(doc, root, "version", ananke_version());
    for (size_t i = 0; built && i < COUNTS; i++)
        built = yyjson_mut_obj_add_uint(doc, root, counts[i].name, counts[i].value);
    built = built && cli_samples_put(&self->tbm, percents, doc, root, "tbm_us") &&
            cli_samples_put(&self->ttfm, percents, doc, root, "ttfm_us") &&
            cli_samples_put(&self->compile, percents, doc, root, "compile_us");
    bool done = built ? cli_output_json(NULL, doc, &self->cli->err) : cli_fail_memory(&self->cli->err);
    yyjson_mut_doc_free(doc);
    return done;
}

static void add_times(Table *table, const char *name, Samples *samples) {
    cli_table_add(table, "%s", name);
    cli_table_add(table, "%.1f", cli_samples_average(samples));
    for (const unsigned *percent = percents; *percent; percent++)
        cli_table_add(table, "%.1f", cli_samples_percentile(samples, *percent));
    cli_table_add(table, "%.1f", cli_samples_percentile(samples, 100));
}

static void print_tables(Bench *self) {
    Count counts[COUNTS];
    list_counts(self, counts);
    Table *table = cli_table_new("lr", NULL);
    for (size_t i = 0; i < COUNTS; i++) {
        cli_table_add(table, "%s", counts[i].name);
        cli_table_add(table, "%llu", (unsigned long long)counts[i].value);
    }
    cli_table_print(table, &self->cli->terminal, stdout);
    cli_table_free(table);
    putchar('\n');
    table = cli_table_new(
        "lrrrrrrrr", (const char *const[]){"microseconds", "avg", "p25", "p50", "p75", "p90", "p95", "p99", "max"});
    add_times(table, "tbm_us", &self->tbm);
    add_times(table, "ttfm_us", &self->ttfm);
    add_times(table, "compile_us", &self->compile);
    cli_table_print(table, &self->cli->terminal, stdout);
    cli_table_free(table);
}

Exit cli_bench_mask(Cli *cli) {
    Bench self = {.cli = cli};
    ananke_vocab *vocab = NULL;
    bool done = read_options(&self) && find_files(&self);
    if (done) vocab = ananke_vocab_load(cli_get(cli, "tokenizer"), &cli->context, &cli->err);
    done = vocab && run_all(&self, vocab);
    if (done && cli_has(cli, "json")) done = print_json(&self);
    else if (done) print_tables(&self);
    ananke_vocab_free(vocab);
    globfree(&self.files);
    cli_samples_free(&self.tbm), cli_samples_free(&self.ttfm), cli_samples_free(&self.compile);
    return done ? EXIT_DONE : EXIT_FAILED;
}
