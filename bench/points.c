/* What single calls cost where everything is known, what matchers take of memory, how long a vocabulary opens, and whether long texts slow down, for
 * bench/points.
 *
 *     bench_points [-n ROUNDS] TOKENIZER GRAMMAR TEXT
 *
 * GRAMMAR is a Lark file, TEXT a file with a text that it allows, up to a line of %%. A matcher stands before each token of it, and a round makes one
 * call on each of them, so that no call finds the memory of the one before it. A line of output has, parted by tabs:
 *
 *     point   name, median and 99th percentile of the rounds' times for a call, in nanoseconds
 *     memory  matchers, tokens that each has taken, megabytes that they asked the allocator for beyond what a program shares
 *     load    name, median and worst time in milliseconds
 *     text    name, tokens, medians of mask + consume for a token in each fifth of the text, 99th percentile of all, in microseconds: on
 *             fresh programs, the clock's own time included */
#include "base/arena.h"
#include "base/file.h"
#include "bench.h"
#include <string.h>
#include <unistd.h>

enum { MOST_ROUNDS = 100000, MATCHERS = 10000, PARTS = 5, TEXT_ROUNDS = 3, LOAD_ROUNDS = 7 };

#define LIST "list\nITEM: /[0-9]/\nlist: ITEM | "
#define BRACKETS "item\nitem: \"[\" item* \"]\" | \"x\"\n"

/* One token a byte: as many of `before`, which are not timed, then of `unit`. */
static const struct {
    const char *name, *grammar, *before, *unit;
    size_t count;
} texts[] = {
    {"list, right-recursive", "start: " LIST "ITEM \",\" list\n", "", "1,", 100000},
    {"list, left-recursive", "start: " LIST "list \",\" ITEM\n", "", "1,", 100000},
    {"brackets, going in", "start: " BRACKETS, "", "[", 10000},
    {"brackets, coming out", "start: " BRACKETS, "[", "]", 10000},
};

typedef struct Bench {
    const char *tokenizer;
    ananke_vocab *vocab;
    ananke_program *program;
    uint32_t *tokens;
    size_t count;              /* of the tokens, and of the matchers */
    ananke_matcher **matchers; /* before each token */
    uint32_t *row;
    size_t words;
    long rounds;
} Bench;

static void *room(size_t count, size_t size) {
    void *items = calloc(count + 1, size);
    if (!items) fail(&(ananke_error){.code = ANANKE_ERROR_MEMORY, .message = "out of memory"});
    return items;
}

static int compare_times(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(double *times, size_t count, size_t percent) {
    qsort(times, count, sizeof *times, compare_times);
    return times[(count - 1) * percent / 100];
}

static ananke_program *compile(const Bench *self, Str grammar, const ananke_program_options *options) {
    ananke_error err = {0};
    ananke_program *program = ananke_program_from_lark(grammar.data, grammar.length, self->vocab, options, &err);
    if (!program) fail(&err);
    return program;
}

static ananke_matcher *begin(const ananke_program *program) {
    ananke_error err = {0};
    ananke_matcher *matcher = ananke_matcher_new(program, &err);
    if (!matcher) fail(&err);
    return matcher;
}

static ananke_matcher *fork_of(const ananke_matcher *matcher) {
    ananke_error err = {0};
    ananke_matcher *copy = ananke_matcher_fork(matcher, &err);
    if (!copy) fail(&err);
    return copy;
}

static void ask_mask(ananke_matcher *matcher) {
    ananke_error err = {0};
    ananke_mask mask;
    if (!ananke_matcher_mask(matcher, &mask, &err)) fail(&err);
}

static void consume(ananke_matcher *matcher, uint32_t token) {
    ananke_error err = {0};
    if (!ananke_matcher_consume(matcher, token, &err)) fail(&err);
}

/* ---- Calls on known points */

static void call_mask(Bench *self, size_t at) {
    ask_mask(self->matchers[at]);
}

static void call_fill(Bench *self, size_t at) {
    ananke_error err = {0};
    if (!ananke_matcher_fill_mask(self->matchers[at], self->row, self->words, &err)) fail(&err);
}

static void call_rollback(Bench *self, size_t at) {
    ananke_error err = {0};
    consume(self->matchers[at], self->tokens[at]);
    if (!ananke_matcher_rollback(self->matchers[at], 1, &err)) fail(&err);
}

static void call_fork(Bench *self, size_t at) {
    ananke_matcher_free(fork_of(self->matchers[at]));
}

static const struct {
    const char *name;
    void (*call)(Bench *self, size_t at);
} calls[] = {
    {"mask id", call_mask}, {"fill", call_fill}, {"consume + rollback", call_rollback}, {"fork + free", call_fork}};

static void measure_calls(Bench *self) {
    double *times = room((size_t)self->rounds, sizeof *times);
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
        for (long round = 0; round < self->rounds; round++) {
            double begun = now_us();
            for (size_t at = 0; at < self->count; at++) calls[c].call(self, at);
            times[round] = (now_us() - begun) * 1e3 / (double)self->count;
        }
        double median = percentile(times, (size_t)self->rounds, 50);
        printf("point\t%s\t%.1f\t%.1f\n", calls[c].name, median, percentile(times, (size_t)self->rounds, 99));
    }
    free(times);
}

/* ---- Memory */

/* malloc that adds up what is held. */
static void *resize_counted(void *held, void *pointer, size_t old_size, size_t new_size) {
    void *resized = new_size ? realloc(pointer, new_size) : NULL;
    if (!new_size) free(pointer);
    if (resized || !new_size) *(size_t *)held += new_size - old_size;
    return resized;
}

static ananke_matcher *read_text(const Bench *self, const ananke_program *program) {
    ananke_matcher *matcher = begin(program);
    for (size_t i = 0; i < self->count; i++) ask_mask(matcher), consume(matcher, self->tokens[i]);
    return matcher;
}

static void measure_memory(Bench *self, Str grammar) {
    size_t held = 0;
    ananke_allocator counted = {resize_counted, &held};
    ananke_context context = {.allocator = &counted};
    ananke_program *program = compile(self, grammar, &(ananke_program_options){.context = &context});
    ananke_matcher **matchers = room(MATCHERS, sizeof *matchers);
    ananke_matcher_free(read_text(self, program));
    size_t shared = held;
    for (size_t m = 0; m < MATCHERS; m++) matchers[m] = read_text(self, program);
    printf("memory\t%d\t%zu\t%.1f\n", MATCHERS, self->count, (double)(held - shared) / 1e6);
    for (size_t m = 0; m < MATCHERS; m++) ananke_matcher_free(matchers[m]);
    ananke_program_free(program);
    free(matchers);
}

/* ---- Vocabularies */

static void measure_load(const char *name, const char *path) {
    double times[LOAD_ROUNDS];
    for (size_t round = 0; round < LOAD_ROUNDS; round++) {
        ananke_error err = {0};
        double begun = now_us();
        ananke_vocab *vocab = ananke_vocab_load(path, NULL, &err);
        times[round] = (now_us() - begun) / 1e3;
        if (!vocab) fail(&err);
        ananke_vocab_free(vocab);
    }
    double median = percentile(times, LOAD_ROUNDS, 50);
    printf("load\t%s\t%.2f\t%.2f\n", name, median, percentile(times, LOAD_ROUNDS, 100));
}

static void measure_loads(const Bench *self) {
    char path[] = "/tmp/bench_points_XXXXXX";
    ananke_error err = {0};
    int file = mkstemp(path);
    if (file < 0) fail(&(ananke_error){.code = ANANKE_ERROR_IO, .message = "no temporary file"});
    close(file);
    if (!ananke_vocab_save(self->vocab, path, &err)) fail(&err);
    measure_load("vocabulary, cached", path);
    measure_load("vocabulary, tokenizer.json", self->tokenizer);
    unlink(path);
}

/* ---- Long texts */

static uint32_t byte_token(const Bench *self, const char *byte) {
    uint32_t token;
    if (!ananke_vocab_find(self->vocab, byte, 1, &token))
        fail(&(ananke_error){.code = ANANKE_ERROR_USAGE, .message = "a byte is no token of this vocabulary"});
    return token;
}

static void read_long(const Bench *self, size_t which, double *times) {
    const char *before = texts[which].before, *unit = texts[which].unit;
    size_t count = texts[which].count, length = strlen(unit);
    ananke_program *program = compile(self, ak_str(texts[which].grammar), NULL);
    ananke_matcher *matcher = begin(program);
    for (size_t i = 0; *before && i < count; i++) consume(matcher, byte_token(self, before));
    for (size_t i = 0; i < count * length; i++) {
        uint32_t token = byte_token(self, unit + i % length);
        double begun = now_us();
        ask_mask(matcher), consume(matcher, token);
        times[i] = now_us() - begun;
    }
    ananke_matcher_free(matcher);
    ananke_program_free(program);
}

/* Times lie by parts, and in each by rounds, so that the medians are those of all rounds. */
static void measure_text(const Bench *self, size_t which) {
    size_t count = texts[which].count * strlen(texts[which].unit), part = count / PARTS;
    double *once = room(count, sizeof *once), *all = room(count * TEXT_ROUNDS, sizeof *all);
    for (size_t round = 0; round < TEXT_ROUNDS; round++) {
        read_long(self, which, once);
        for (size_t p = 0; p < PARTS; p++)
            memcpy(all + (p * TEXT_ROUNDS + round) * part, once + p * part, part * sizeof *all);
    }
    printf("text\t%s\t%zu", texts[which].name, count);
    for (size_t p = 0; p < PARTS; p++)
        printf("\t%.2f", percentile(all + p * TEXT_ROUNDS * part, TEXT_ROUNDS * part, 50));
    printf("\t%.2f\n", percentile(all, PARTS * TEXT_ROUNDS * part, 99));
    free(once), free(all);
}

/* ---- All of it */

static void tokenize(Bench *self, Str text) {
    ananke_error err = {0};
    const uint8_t *bytes = (const uint8_t *)text.data;
    self->tokens = room(text.length, sizeof *self->tokens);
    if (!ananke_vocab_encode(self->vocab, bytes, text.length, self->tokens, text.length, &self->count, &err))
        fail(&err);
}

static void place_matchers(Bench *self) {
    ananke_matcher *matcher = begin(self->program);
    self->matchers = room(self->count, sizeof(ananke_matcher *));
    for (size_t i = 0; i < self->count; i++) {
        ask_mask(matcher);
        self->matchers[i] = fork_of(matcher);
        consume(matcher, self->tokens[i]);
    }
    ananke_matcher_free(matcher);
}

static void measure(Bench *self, Str grammar, Str text) {
    ananke_error err = {0};
    self->vocab = ananke_vocab_load(self->tokenizer, NULL, &err);
    if (!self->vocab) fail(&err);
    self->words = (ananke_vocab_size(self->vocab) + 31) / 32;
    self->row = room(self->words, sizeof *self->row);
    self->program = compile(self, grammar, NULL);
    tokenize(self, text);
    place_matchers(self);
    measure_calls(self);
    measure_memory(self, grammar);
    measure_loads(self);
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) measure_text(self, t);
    for (size_t i = 0; i < self->count; i++) ananke_matcher_free(self->matchers[i]);
    free(self->matchers), free(self->tokens), free(self->row);
    ananke_program_free(self->program);
    ananke_vocab_free(self->vocab);
}

int main(int argc, char **argv) {
    Bench self = {.rounds = 2000};
    int at = 1;
    if (argc > 2 && strcmp(argv[1], "-n") == 0) self.rounds = strtol(argv[2], NULL, 10), at = 3;
    if (at + 3 != argc || self.rounds < 1 || self.rounds > MOST_ROUNDS) {
        fputs("usage: bench_points [-n ROUNDS] TOKENIZER GRAMMAR TEXT\n", stderr);
        return 2;
    }
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    Str grammar = ak_file_read(&arena, argv[at + 1], 0, &err), text = ak_file_read(&arena, argv[at + 2], 0, &err);
    if (!grammar.data || !text.data) fail(&err);
    const char *end = strstr(text.data, "\n%%\n");
    self.tokenizer = argv[at];
    measure(&self, grammar, end ? ak_str_slice(text, 0, (size_t)(end - text.data)) : text);
    ak_arena_free(&arena);
    return 0;
}
