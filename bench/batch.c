/* One call that fills the masks of many matchers, by pools of one thread and more, for bench/batch.
 *
 *     bench_batch [-n ROUNDS] [-b MATCHERS] TOKENIZER THREADS…
 *
 * Each case prepares the matchers anew for every round, not timed, and the pools take turns, some rounds each. A line of output has, parted by tabs:
 * the case, the threads, and the least and the median time of a call in microseconds. */
#include "bench.h"
#include <string.h>

enum { MOST_ROUNDS = 1000, MOST_POOLS = 8, TURN = 20 };

static const char string_regex[] = "\"(?:[^\"\\\\\\x00-\\x1F]|\\\\[\"\\\\/bfnrt])*\"";
static const char date_regex[] = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
static const char counted_regex[] = "\"(?:[^\"\\\\\\x00-\\x1F]|\\\\[\"\\\\/bfnrt]){0,20}\"";

typedef struct Case {
    const char *name, *regex, *before;
    bool is_fresh; /* a new program for every matcher: its mask has to be worked out */
    bool is_rare;  /* a pause before every call, as long as a model takes for a token: threads are asleep */
} Case;

static const Case cases[] = {
    {"known, few tokens", date_regex, "2026", false, false},
    {"known, rows", string_regex, "\"a", false, false},
    {"known, rows, rarely", string_regex, "\"a", false, true},
    {"to be worked out", counted_regex, "\"", true, false},
};

typedef struct Bench {
    ananke_vocab *vocab;
    size_t count, words;
    long rounds;
    ananke_pool *pools[MOST_POOLS];
    size_t pool_count;
    ananke_program **programs;
    ananke_matcher **matchers;
    uint32_t *rows;
} Bench;

/* Matchers where the case wants them, on one program or on one each. */
static void prepare(Bench *self, const Case *what) {
    ananke_error err = {0};
    for (size_t i = 0; i < self->count; i++) {
        bool is_new = what->is_fresh || i == 0;
        self->programs[i] = !is_new
                                ? self->programs[0]
                                : ananke_program_from_regex(what->regex, strlen(what->regex), self->vocab, NULL, &err);
        self->matchers[i] = self->programs[i] ? ananke_matcher_new(self->programs[i], &err) : NULL;
        if (!self->matchers[i] ||
            !ananke_matcher_consume_bytes(self->matchers[i], (const uint8_t *)what->before, strlen(what->before), &err))
            fail(&err);
    }
}

static void clean(Bench *self, const Case *what) {
    for (size_t i = 0; i < self->count; i++) ananke_matcher_free(self->matchers[i]);
    for (size_t i = 0; i < (what->is_fresh ? self->count : 1); i++) ananke_program_free(self->programs[i]);
}

static double fill(Bench *self, ananke_pool *pool) {
    ananke_error err = {0};
    double begun = now_us();
    if (!ananke_pool_fill_masks(pool, self->matchers, self->count, self->rows, self->words, NULL, &err)) fail(&err);
    return now_us() - begun;
}

static void take_turn(Bench *self, const Case *what, ananke_pool *pool, long rounds, double *times) {
    static const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    for (long round = 0; round < rounds; round++) {
        if (what->is_fresh) prepare(self, what);
        if (what->is_rare) nanosleep(&pause, NULL);
        times[round] = fill(self, pool);
        if (what->is_fresh) clean(self, what);
    }
}

static int compare_times(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(Bench *self, const Case *what) {
    static double times[MOST_POOLS][MOST_ROUNDS];
    if (!what->is_fresh) prepare(self, what), fill(self, self->pools[0]);
    for (long from = 0; from < self->rounds; from += TURN) {
        long rounds = self->rounds - from < TURN ? self->rounds - from : TURN;
        for (size_t p = 0; p < self->pool_count; p++) take_turn(self, what, self->pools[p], rounds, times[p] + from);
    }
    if (!what->is_fresh) clean(self, what);
    for (size_t p = 0; p < self->pool_count; p++) {
        qsort(times[p], (size_t)self->rounds, sizeof times[p][0], compare_times);
        printf("%s\t%zu\t%.1f\t%.1f\n", what->name, ananke_pool_size(self->pools[p]), times[p][0],
               times[p][self->rounds / 2]);
    }
    fflush(stdout);
}

static void open_pools(Bench *self, int count, char **threads) {
    ananke_error err = {0};
    for (int i = 0; i < count && i < MOST_POOLS; i++) {
        ananke_context context = {.threads = (uint32_t)strtoul(threads[i], NULL, 10)};
        self->pools[i] = ananke_pool_new(&context, &err);
        if (!self->pools[i]) fail(&err);
        self->pool_count++;
    }
}

int main(int argc, char **argv) {
    Bench self = {.rounds = 200, .count = 256};
    int at = 1;
    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        if (argv[at][1] == 'n') self.rounds = strtol(argv[at + 1], NULL, 10);
        if (argv[at][1] == 'b') self.count = strtoul(argv[at + 1], NULL, 10);
    }
    if (at + 1 >= argc || self.rounds < 1 || self.rounds > MOST_ROUNDS || !self.count) {
        fputs("usage: bench_batch [-n ROUNDS] [-b MATCHERS] TOKENIZER THREADS...\n", stderr);
        return 2;
    }
    ananke_error err = {0};
    self.vocab = ananke_vocab_load(argv[at], NULL, &err);
    if (!self.vocab) fail(&err);
    self.words = (ananke_vocab_size(self.vocab) + 31) / 32;
    self.programs = calloc(self.count, sizeof *self.programs),
    self.matchers = calloc(self.count, sizeof *self.matchers);
    self.rows = calloc(self.count * self.words, sizeof *self.rows);
    if (!self.programs || !self.matchers || !self.rows) return 2;
    open_pools(&self, argc - at - 1, argv + at + 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) measure(&self, &cases[i]);
    for (size_t p = 0; p < self.pool_count; p++) ananke_pool_free(self.pools[p]);
    free(self.programs), free(self.matchers), free(self.rows);
    ananke_vocab_free(self.vocab);
    return 0;
}
