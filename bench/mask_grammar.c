/* Masks of one grammar, by the library itself, for bench/grammars, which gives the texts as tokens and makes tables of what this prints.
 *
 *     bench_mask_grammar [-f ROUNDS] [-c ROUNDS] [-w ROUNDS] [-l SECONDS] TOKENIZER lark|regex|json_schema GRAMMAR TEXTS
 *
 * TEXTS has one text a line, its token ids in decimal. The output is one JSON object with every single time, in microseconds:
 *
 *     first_us   compiling and the first mask, each round a fresh program and a vocabulary that has forgotten all (-f)
 *     cold_us    mask + consume of each token of the first text, likewise (-c)
 *     next_us    the same of the later texts, one after the other on one program that has seen those before
 *     warm_us    the same of the later texts on that program, once it has seen all of them (-w)
 *     accepted   for each text that was fed: every token was allowed, and the end after them; only then is anything but next_us measured
 *     allowed    how many tokens a mask allows, the mean
 *
 * A phase begins no further round or text once it has taken SECONDS (-l): one is always done, of the first pass over the texts two. */
#include "bench.h"
#include <string.h>

typedef ananke_program *Compile(const char *text, size_t length, const ananke_vocab *vocab,
                                const ananke_program_options *options, ananke_error *err);

static const struct {
    const char *name;
    Compile *compile;
} kinds[] = {{"lark", ananke_program_from_lark},
             {"regex", ananke_program_from_regex},
             {"json_schema", ananke_program_from_json_schema}};

typedef struct Text {
    uint32_t *tokens;
    size_t count;
} Text;

typedef struct Samples {
    double *values;
    size_t count, capacity;
} Samples;

typedef struct Bench {
    ananke_vocab *vocab;
    Compile *compile;
    char *grammar;
    size_t length; /* of the grammar, bytes */
    Text *texts;
    size_t text_count; /* only those that there was time for, after the first pass */
    uint32_t *row;     /* the mask */
    size_t words;
    long first_rounds, cold_rounds, warm_rounds;
    double limit_us; /* for one phase */
} Bench;

_Noreturn static void die(const char *message) {
    fprintf(stderr, "bench_mask_grammar: %s\n", message);
    exit(2);
}

static void *grown(void *old, size_t count, size_t size) {
    void *items = realloc(old, count * size);
    if (!items) die("out of memory");
    return items;
}

static void add(Samples *times, double us) {
    if (times->count == times->capacity) {
        times->capacity = times->capacity ? times->capacity * 2 : 1024;
        times->values = grown(times->values, times->capacity, sizeof *times->values);
    }
    times->values[times->count++] = us;
}

/* ---- What is given. */

_Noreturn static void die_of_file(const char *path) {
    perror(path);
    exit(2);
}

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) die_of_file(path);
    long size = ftell(file);
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0) die_of_file(path);
    char *bytes = grown(NULL, (size_t)size + 1, 1);
    *length = fread(bytes, 1, (size_t)size, file);
    bytes[*length] = 0;
    fclose(file);
    return bytes;
}

static Text parse_text(char *line) {
    Text text = {0};
    char *end;
    for (unsigned long id = strtoul(line, &end, 10); end != line; id = strtoul(line, &end, 10)) {
        text.tokens = grown(text.tokens, text.count + 1, sizeof *text.tokens);
        text.tokens[text.count++] = (uint32_t)id;
        line = end;
    }
    return text;
}

static void read_texts(Bench *self, const char *path) {
    size_t length;
    char *bytes = read_file(path, &length);
    for (char *line = bytes; *line;) {
        char *end = strchr(line, '\n');
        if (end) *end = 0;
        self->texts = grown(self->texts, self->text_count + 1, sizeof *self->texts);
        self->texts[self->text_count++] = parse_text(line);
        if (!end) break;
        line = end + 1;
    }
    free(bytes);
    if (self->text_count == 0) die("no texts");
}

/* ---- One program, one matcher, one text. */

static ananke_program *compile(const Bench *self) {
    ananke_error err = {0};
    ananke_program *program = self->compile(self->grammar, self->length, self->vocab, NULL, &err);
    if (!program) fail(&err);
    return program;
}

static ananke_matcher *start(const ananke_program *program) {
    ananke_error err = {0};
    ananke_matcher *matcher = ananke_matcher_new(program, &err);
    if (!matcher) fail(&err);
    return matcher;
}

static void fill(const Bench *self, ananke_matcher *matcher) {
    ananke_error err = {0};
    if (!ananke_matcher_fill_mask(matcher, self->row, self->words, &err)) fail(&err);
}

static bool is_allowed(const Bench *self, uint32_t token) {
    return token / 32 < self->words && (self->row[token / 32] >> token % 32 & 1);
}

static bool is_end_allowed(const Bench *self) {
    const uint32_t *ids;
    size_t count = ananke_vocab_eos(self->vocab, &ids);
    return count > 0 && is_allowed(self, ids[0]);
}

static double allowed_count(const Bench *self) {
    double count = 0;
    for (size_t i = 0; i < self->words; i++) count += __builtin_popcount(self->row[i]);
    return count;
}

static void feed(const Bench *self, const ananke_program *program, const Text *text, Samples *times) {
    ananke_matcher *matcher = start(program);
    for (size_t i = 0; i < text->count; i++) {
        double begun = now_us();
        fill(self, matcher);
        bool taken = ananke_matcher_consume(matcher, text->tokens[i], NULL);
        add(times, now_us() - begun);
        if (!taken) die("a token is refused that was accepted before");
    }
    ananke_matcher_free(matcher);
}

/* Like feed, with a look at every mask outside of the time taken. */
static bool feed_checked(const Bench *self, const ananke_program *program, const Text *text, Samples *times,
                         Samples *allowed) {
    ananke_matcher *matcher = start(program);
    bool accepted = true;
    for (size_t i = 0; i < text->count && accepted; i++) {
        double begun = now_us();
        fill(self, matcher);
        double filled = now_us();
        add(allowed, allowed_count(self));
        accepted = is_allowed(self, text->tokens[i]);
        double resumed = now_us();
        accepted = ananke_matcher_consume(matcher, text->tokens[i], NULL) && accepted;
        add(times, now_us() - resumed + filled - begun);
    }
    fill(self, matcher);
    accepted = accepted && is_end_allowed(self);
    ananke_matcher_free(matcher);
    return accepted;
}

/* ---- The phases. */

static void measure_first(const Bench *self, Samples *times) {
    double end = now_us() + self->limit_us;
    for (long round = 0; round < self->first_rounds && (round == 0 || now_us() < end); round++) {
        forget(self->vocab);
        double begun = now_us();
        ananke_program *program = compile(self);
        ananke_matcher *matcher = start(program);
        fill(self, matcher);
        add(times, now_us() - begun);
        ananke_matcher_free(matcher);
        ananke_program_free(program);
    }
}

static void measure_cold(const Bench *self, Samples *times) {
    double end = now_us() + self->limit_us;
    for (long round = 0; round < self->cold_rounds && (round == 0 || now_us() < end); round++) {
        forget(self->vocab);
        ananke_program *program = compile(self);
        feed(self, program, &self->texts[0], times);
        ananke_program_free(program);
    }
}

static void measure_warm(const Bench *self, const ananke_program *program, Samples *times) {
    double end = now_us() + self->limit_us;
    for (long round = 0; round < self->warm_rounds; round++)
        for (size_t i = 1; i < self->text_count; i++)
            if (times->count == 0 || now_us() < end) feed(self, program, &self->texts[i], times);
}

/* Feeds every text once; prints which were accepted. */
static bool measure_next(Bench *self, const ananke_program *program, Samples *times, Samples *allowed) {
    double end = now_us() + self->limit_us;
    bool all = true;
    Samples first = {0};
    printf("\"accepted\": [");
    for (size_t i = 0; i < self->text_count; i++) {
        if (i > 1 && now_us() > end) {
            self->text_count = i;
            break;
        }
        bool accepted = feed_checked(self, program, &self->texts[i], i == 0 ? &first : times, allowed);
        printf("%s%s", i ? ", " : "", accepted ? "true" : "false");
        all = all && accepted;
    }
    printf("]");
    free(first.values);
    return all;
}

static void print_times(const char *name, const Samples *times) {
    printf(", \"%s\": [", name);
    for (size_t i = 0; i < times->count; i++) printf("%s%.3f", i ? ", " : "", times->values[i]);
    printf("]");
}

static void measure(Bench *self) {
    Samples first = {0}, cold = {0}, next = {0}, warm = {0}, allowed = {0};
    printf("{\"version\": \"%s\", ", ananke_version());
    ananke_program *program = compile(self);
    if (measure_next(self, program, &next, &allowed)) {
        measure_warm(self, program, &warm);
        ananke_program_free(program);
        measure_cold(self, &cold);
        measure_first(self, &first);
    } else {
        ananke_program_free(program);
    }
    double sum = 0;
    for (size_t i = 0; i < allowed.count; i++) sum += allowed.values[i];
    printf(", \"allowed\": %.1f", allowed.count ? sum / (double)allowed.count : 0);
    print_times("first_us", &first);
    print_times("cold_us", &cold);
    print_times("next_us", &next);
    print_times("warm_us", &warm);
    puts("}");
    Samples *const all[] = {&first, &cold, &next, &warm, &allowed};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]->values);
}

/* ---- The command line. */

_Noreturn static void usage(void) {
    die("usage: bench_mask_grammar [-f ROUNDS] [-c ROUNDS] [-w ROUNDS] [-l SECONDS] TOKENIZER lark|regex|json_schema GRAMMAR TEXTS");
}

static Compile *find_kind(const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0) return kinds[i].compile;
    usage();
}

static void set_option(Bench *self, const char *name, const char *value) {
    long number = strtol(value, NULL, 10);
    if (strcmp(name, "-f") == 0) self->first_rounds = number;
    else if (strcmp(name, "-c") == 0) self->cold_rounds = number;
    else if (strcmp(name, "-w") == 0) self->warm_rounds = number;
    else if (strcmp(name, "-l") == 0) self->limit_us = (double)number * 1e6;
    else usage();
}

int main(int argc, char **argv) {
    Bench self = {.first_rounds = 20, .cold_rounds = 5, .warm_rounds = 3, .limit_us = 20e6};
    ananke_error err = {0};
    int at = 1;
    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) set_option(&self, argv[at], argv[at + 1]);
    if (argc - at != 4) usage();
    self.compile = find_kind(argv[at + 1]);
    self.vocab = ananke_vocab_load(argv[at], NULL, &err);
    if (!self.vocab) fail(&err);
    self.words = ((size_t)ananke_vocab_size(self.vocab) + 31) / 32;
    self.row = grown(NULL, self.words, sizeof *self.row);
    self.grammar = read_file(argv[at + 2], &self.length);
    read_texts(&self, argv[at + 3]);
    size_t text_count = self.text_count;
    measure(&self);
    for (size_t i = 0; i < text_count; i++) free(self.texts[i].tokens);
    free(self.texts);
    free(self.grammar);
    free(self.row);
    ananke_vocab_free(self.vocab);
    return 0;
}
