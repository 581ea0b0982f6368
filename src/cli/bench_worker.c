/* Parent and worker talk through two pipes: a path and a NUL one way, a BenchResult and its samples the other. The worker ends when its pipe does. */
#include "cli/bench_worker.h"
#include "cli/failure.h"
#include "cli/feed.h"
#include "cli/interrupt.h"
#include "cli/python_json.h"
#include <ananke/program.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- The worker's side */

static void say(BenchResult *result, BenchOutcome outcome, const char *message) {
    result->outcome = outcome;
    snprintf(result->message, sizeof result->message, "%s", message);
}

/* One instance: true when it could be fed at all. */
static bool run_test(Feeder *feeder, ananke_matcher *matcher, yyjson_val *test, uint32_t number, Samples *times,
                     BenchResult *result) {
    ananke_error err = {0};
    size_t length = 0;
    char *text = cli_python_json(yyjson_obj_get(test, "data"), &length);
    bool encoded = text ? cli_feeder_encode(feeder, text, length, &err) : cli_fail_memory(&err);
    free(text);
    if (!encoded) return say(result, BENCH_UNREADABLE, err.message), false;
    ananke_matcher_reset(matcher);
    Feed feed;
    bool valid = yyjson_is_true(yyjson_obj_get(test, "valid")), fed = cli_feed(feeder, matcher, times, &feed, &err);
    if (!fed) snprintf(result->message, sizeof result->message, "%s", err.message);
    bool right = fed && feed.complete == valid; /* a mask that could not be made is wrong either way */
    if (right) return true;
    uint32_t *count = valid ? &result->valid_refused : &result->invalid_accepted;
    if (!*count) *(valid ? &result->first_refused : &result->first_accepted) = number;
    ++*count;
    return true;
}

/* Compile and first mask, timed; NULL when the schema is refused. */
static ananke_matcher *start_schema(Feeder *feeder, yyjson_val *schema, const ananke_program_options *options,
                                    ananke_program **program, BenchResult *result) {
    ananke_error err = {0};
    size_t length = 0;
    char *text = cli_python_json(schema, &length);
    double start = cli_clock_us();
    *program = text ? ananke_program_from_json_schema(text, length, feeder->vocab, options, &err) : NULL;
    double compiled = cli_clock_us();
    ananke_matcher *matcher = *program ? ananke_matcher_new(*program, &err) : NULL;
    bool masked = matcher && ananke_matcher_fill_mask(matcher, feeder->row, feeder->words, &err);
    result->compile_us = (float)(compiled - start), result->first_us = (float)(cli_clock_us() - start);
    free(text);
    if (masked) return matcher;
    say(result, BENCH_COMPILE_ERROR, err.message);
    ananke_matcher_free(matcher);
    return NULL;
}

static void run_document(Feeder *feeder, yyjson_val *root, const ananke_program_options *options, Samples *times,
                         BenchResult *result) {
    yyjson_val *schema = yyjson_obj_get(root, "schema"), *tests = yyjson_obj_get(root, "tests"), *test;
    ananke_program *program = NULL;
    ananke_matcher *matcher = NULL;
    if (schema && yyjson_is_arr(tests)) matcher = start_schema(feeder, schema, options, &program, result);
    else say(result, BENCH_UNREADABLE, "is no MaskBench file: {\"schema\", \"tests\": [...]}");
    size_t index, count;
    if (matcher) {
        yyjson_arr_foreach(tests, index, count, test) {
            if (!run_test(feeder, matcher, test, (uint32_t)index, times, result)) break;
        }
    }
    ananke_program_stats stats = {0};
    if (program) ananke_program_stats_get(program, &stats);
    size_t unenforced = 0;
    if (program) ananke_program_unenforced(program, &unenforced);
    result->unenforced = (uint32_t)unenforced;
    result->masks_recalled = stats.masks_recalled, result->masks_shared = stats.masks_shared;
    result->masks_made = stats.masks_made;
    ananke_matcher_free(matcher);
    ananke_program_free(program);
}

static bool write_all(int to, const void *data, size_t size) {
    for (const char *at = data; size;) {
        ssize_t put = write(to, at, size);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        at += put, size -= (size_t)put;
    }
    return true;
}

static void answer(Feeder *feeder, const char *path, const ananke_program_options *options, int to) {
    BenchResult result = {.outcome = BENCH_RAN};
    Samples times = {0};
    yyjson_read_err problem;
    yyjson_doc *doc = yyjson_read_file(path, PYTHON_JSON_READ, NULL, &problem);
    if (doc) run_document(feeder, yyjson_doc_get_root(doc), options, &times, &result);
    else say(&result, BENCH_UNREADABLE, problem.msg);
    yyjson_doc_free(doc);
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0) result.peak_rss = (uint64_t)usage.ru_maxrss * 1024;
    result.sample_count = (uint32_t)times.count;
    if (!write_all(to, &result, sizeof result) || !write_all(to, times.us, times.count * sizeof *times.us))
        _exit(EXIT_FAILURE);
    cli_samples_free(&times);
}

_Noreturn static void serve(const BenchWorker *worker, int from, int to) {
    ananke_error err = {0};
    Feeder feeder;
    char path[4096];
    if (!cli_feeder_open(&feeder, worker->vocab, &err)) _exit(EXIT_FAILURE);
    for (size_t used = 0; used < sizeof path;) {
        ssize_t got = read(from, path + used, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) _exit(EXIT_SUCCESS);
        if (path[used++]) continue;
        answer(&feeder, path, &worker->options, to);
        used = 0;
    }
    _exit(EXIT_FAILURE);
}

/* ---- The parent's side */

static bool start(BenchWorker *worker, ananke_error *err) {
    int to[2], from[2];
    if (pipe(to) != 0) return cli_fail(err, ANANKE_ERROR_IO, "no pipe: %s", strerror(errno));
    if (pipe(from) != 0) {
        cli_fail(err, ANANKE_ERROR_IO, "no pipe: %s", strerror(errno));
        return close(to[0]), close(to[1]), false;
    }
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        close(to[1]), close(from[0]);
        serve(worker, to[0], from[1]);
    }
    close(to[0]), close(from[1]);
    worker->process = process > 0 ? process : 0, worker->to = to[1], worker->from = from[0];
    if (process > 0) return true;
    cli_fail(err, ANANKE_ERROR_IO, "no process: %s", strerror(errno));
    return close(worker->to), close(worker->from), false;
}

void cli_bench_stop(BenchWorker *worker) {
    if (!worker->process) return;
    kill(worker->process, SIGKILL);
    while (waitpid(worker->process, NULL, 0) < 0 && errno == EINTR) continue;
    close(worker->to), close(worker->from);
    worker->process = 0;
}

typedef enum Arrival { ARRIVED, LATE, BROKEN, INTERRUPTED } Arrival;

/* Reads `size` bytes before `deadline_us`. */
static Arrival receive(int from, void *data, size_t size, double deadline_us) {
    for (char *at = data; size;) {
        double left_ms = (deadline_us - cli_clock_us()) / 1000;
        if (cli_interrupted(NULL)) return INTERRUPTED;
        if (left_ms <= 0) return LATE;
        struct pollfd ready = {.fd = from, .events = POLLIN};
        int count = poll(&ready, 1, left_ms < 1000 ? (int)left_ms + 1 : 1000);
        if (count <= 0) continue;
        ssize_t got = read(from, at, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return BROKEN;
        at += got, size -= (size_t)got;
    }
    return ARRIVED;
}

static Arrival receive_samples(int from, uint32_t count, double deadline_us, Samples *times, bool *kept) {
    for (uint32_t i = 0; i < count;) {
        float chunk[1024] = {0};
        uint32_t taken = count - i < 1024 ? count - i : 1024;
        Arrival arrival = receive(from, chunk, taken * sizeof *chunk, deadline_us);
        if (arrival != ARRIVED) return arrival;
        for (uint32_t k = 0; k < taken; k++) *kept = cli_samples_add(times, (double)chunk[k]) && *kept;
        i += taken;
    }
    return ARRIVED;
}

bool cli_bench_run(BenchWorker *worker, const char *path, double timeout_s, Samples *times, BenchResult *result,
                   ananke_error *err) {
    *result = (BenchResult){.outcome = BENCH_CRASH};
    if (!worker->process && !start(worker, err)) return false;
    double deadline_us = cli_clock_us() + timeout_s * 1e6;
    size_t samples_before = times->count;
    bool kept = true;
    Arrival arrival = write_all(worker->to, path, strlen(path) + 1)
                          ? receive(worker->from, result, sizeof *result, deadline_us)
                          : BROKEN;
    if (arrival == ARRIVED) arrival = receive_samples(worker->from, result->sample_count, deadline_us, times, &kept);
    if (arrival == ARRIVED) return kept || cli_fail_memory(err);
    cli_bench_stop(worker);
    times->count = samples_before;
    *result = (BenchResult){.outcome = arrival == LATE ? BENCH_TIMEOUT : BENCH_CRASH};
    return arrival != INTERRUPTED || cli_fail(err, ANANKE_ERROR_CANCELLED, "interrupted");
}
