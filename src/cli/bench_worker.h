/* A process of its own for one schema after the other: it may crash or hang without ending the run.
 *
 * It is forked from this one when the vocabulary is loaded, so that starting another after a timeout costs next to nothing. */
#ifndef ANANKE_CLI_BENCH_WORKER_H
#define ANANKE_CLI_BENCH_WORKER_H

#include "cli/samples.h"
#include <ananke/error.h>
#include <ananke/program.h>
#include <ananke/vocab.h>
#include <sys/types.h>

typedef enum BenchOutcome {
    BENCH_RAN = 0,
    BENCH_COMPILE_ERROR, /* the engine refuses the schema: message */
    BENCH_TIMEOUT,
    BENCH_CRASH,
    BENCH_UNREADABLE /* the file or the vocabulary is at fault, not the engine: message */
} BenchOutcome;

/* What comes back of one schema. Travels through a pipe as it is. */
typedef struct BenchResult {
    BenchOutcome outcome;
    uint32_t valid_refused, invalid_accepted;          /* instances */
    uint32_t first_refused, first_accepted;            /* the first of them: its place among the tests */
    uint32_t unenforced;                               /* places that the program lists as not held */
    float compile_us, first_us;                        /* compile; compile + first mask */
    uint64_t peak_rss;                                 /* bytes, of the worker so far */
    uint64_t masks_recalled, masks_shared, masks_made; /* masks that were not found where they were asked for before */
    uint32_t sample_count; /* floats that follow in the pipe: mask + consume of each token */
    char message[512];
} BenchResult;

typedef struct BenchWorker {
    const ananke_vocab *vocab;      /* borrowed */
    ananke_program_options options; /* of each schema's program */
    pid_t process;                  /* 0: none */
    int to, from;                   /* pipes */
} BenchWorker;

/* Runs one schema file for at most `timeout_s`; its times are added to `times`. False and `err` when the run cannot go on (Ctrl-C, no process). */
bool cli_bench_run(BenchWorker *worker, const char *path, double timeout_s, Samples *times, BenchResult *result,
                   ananke_error *err);
/* Ends the process, if there is one. */
void cli_bench_stop(BenchWorker *worker);

#endif
