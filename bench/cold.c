/* The first mask of lexer states that nothing is known of, for bench/cold.
 *
 *     bench_cold [-n ROUNDS] TOKENIZER
 *
 * Each row is a regular expression, or a grammar that is a lexer, and a text that leads to the state in question. In every round it is compiled anew, for a vocabulary that has forgotten
 * all masks; only the first mask behind the text is timed, with all that it makes the engine learn. That is done twice: on an engine that knows
 * nothing, and on one whose automaton has been taken along every token before, so that making lexer states is no part of the time. The mask is then
 * compared, id by id, with that of the reference engine, which walks the whole vocabulary. A line of output has, parted by tabs: the name, `accepted`
 * (tokens), `right` or `WRONG`, and the median and the worst time in microseconds, first with the automaton, then without. */
#include "bench.h"
#include "mask/reference.h"
#include <string.h>

enum { MOST_ROUNDS = 1000, WORD_COUNT = 2000 };

#define CHARACTER "(?:[^\"\\\\\\x00-\\x1F]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))"
#define NAME "[A-Za-z_][A-Za-z0-9_]*"
#define NUMBER "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+\\-]?[0-9]+)?"
#define LEXER                                                                                                     \
    "start: (keyword | operator | NAME | NUMBER | DOUBLE | SINGLE | TEMPLATE | COMMENT | BLANK)*\n"               \
    "keyword: \"break\" | \"case\" | \"catch\" | \"class\" | \"const\" | \"continue\" | \"default\" | "           \
    "\"delete\" | \"do\" | \"else\" | \"export\" | \"extends\" | \"false\" | \"finally\" | \"for\" | "            \
    "\"function\" | \"if\" | \"import\" | \"in\" | \"instanceof\" | \"let\" | \"new\" | \"null\" | \"return\" | " \
    "\"static\" | \"super\" | \"switch\" | \"this\" | \"throw\" | \"true\" | \"try\" | \"typeof\" | \"var\" | "   \
    "\"void\" | \"while\" | \"yield\"\n"                                                                          \
    "operator: \"-\" | \"+\" | \"*\" | \"/\" | \"%\" | \"=\" | \"<\" | \">\" | \"!\" | \"&\" | \"|\" | \"^\" | "  \
    "\"~\" | \"?\" | \":\" | \".\" | \",\" | \";\" | \"(\" | \")\" | \"{\" | \"}\" | \"[\" | \"]\" | \"=>\" | "   \
    "\"==\" | \"===\" | \"!=\" | \"!==\" | \"<=\" | \">=\" | \"&&\" | \"||\" | \"??\" | \"++\" | \"--\" | "       \
    "\"...\"\n"                                                                                                   \
    "NAME: /[A-Za-z_$][A-Za-z0-9_$]*/\n"                                                                          \
    "NUMBER: /[0-9]+(\\.[0-9]+)?/\n"                                                                              \
    "DOUBLE: /\"([^\"\\\\\\n]|\\\\[^\\n])*\"/\n"                                                                  \
    "SINGLE: /'([^'\\\\\\n]|\\\\[^\\n])*'/\n"                                                                     \
    "TEMPLATE: /`([^`\\\\]|\\\\(.|\\n))*`/\n"                                                                     \
    "COMMENT: /\\/\\/[^\\n]*/\n"                                                                                  \
    "BLANK: /[ \\t\\r\\n]+/\n"

static const struct {
    const char *name, *source, *before; /* source NULL: the made-up words */
} rows[] = {
    {"JSON string", "\"" CHARACTER "*\"", "\""},
    {"JSON string, after \\", "\"" CHARACTER "*\"", "\"\\"},
    {"JSON string, in a code point", "\"" CHARACTER "*\"", "\"\xE4"},
    {"JSON string, then a key", "\"" CHARACTER "*\", \"key\": ", "\""},
    {"maxLength 1", "\"" CHARACTER "{0,1}\"", "\""},
    {"maxLength 5", "\"" CHARACTER "{0,5}\"", "\""},
    {"maxLength 20", "\"" CHARACTER "{0,20}\"", "\""},
    {"maxLength 100", "\"" CHARACTER "{0,100}\"", "\""},
    {"maxLength 10000", "\"" CHARACTER "{0,10000}\"", "\""},
    {"identifier, start", NAME, ""},
    {"identifier, inside", NAME, "a"},
    {"lexer, start", LEXER, ""},
    {"lexer, in \"", LEXER, "\"a"},
    {"lexer, in `", LEXER, "`a"},
    {"lexer, in //", LEXER, "//a"},
    {"lexer, after an identifier", LEXER, "abc"},
    {"lexer, in a number", LEXER, "12"},
    {"2,000 keywords, start", NULL, ""},
    {"2,000 keywords, after a letter", NULL, "s"},
    {"number, start", NUMBER, ""},
    {"number, fraction", NUMBER, "1."},
    {"line", "[^\\n]*", ""},
    {"date, start", "[0-9]{4}-[0-9]{2}-[0-9]{2}", ""},
    {"date, after the year", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026"},
    {"words", "[a-z](?:[a-z]| [a-z])*", ""},
};

typedef struct Bench {
    ananke_vocab *vocab;
    size_t words; /* of a row */
    uint32_t *row, *expected;
    char *keywords; /* as an expression */
    long rounds;
} Bench;

/* Words of one to three syllables. Some are there twice, which is no harm. */
static char *made_up_words(void) {
    static const char *const heads[] = {"b", "br", "d",  "f", "gl", "k",  "l", "m",
                                        "n", "p",  "pr", "r", "s",  "st", "t", "v"};
    static const char *const tails[] = {"", "l", "n", "r", "s", "th", "", "m"};
    uint32_t state = 2000;
    char *text = malloc(WORD_COUNT * 20), *at = text;
    for (int i = 0; text && i < WORD_COUNT; i++) {
        if (i) *at++ = '|';
        for (uint32_t syllables = 0; syllables < 1 + (uint32_t)i % 3; syllables++) {
            state = state * 1664525 + 1013904223;
            at +=
                snprintf(at, 8, "%s%c%s", heads[state >> 28], "aeiou"[(state >> 20 & 255) % 5], tails[state >> 17 & 7]);
        }
    }
    return text;
}

static ananke_program *compile(const Bench *self, size_t which) {
    ananke_error err = {0};
    const char *source = rows[which].source ? rows[which].source : self->keywords;
    bool is_lexer = strncmp(source, "start:", 6) == 0;
    ananke_program *program = is_lexer ? ananke_program_from_lark(source, strlen(source), self->vocab, NULL, &err)
                                       : ananke_program_from_regex(source, strlen(source), self->vocab, NULL, &err);
    if (!program) fail(&err);
    return program;
}

/* Makes the lexer states that tokens come to from here, and no mask. */
static void build_automaton(const Bench *self, ananke_matcher *matcher) {
    for (uint32_t id = 0; id < ananke_vocab_size(self->vocab); id++) ananke_matcher_validate(matcher, &id, 1);
}

/* The time of one first mask, which stays in the row. */
static double measure_once(Bench *self, size_t which, bool is_built) {
    ananke_error err = {0};
    const char *before = rows[which].before;
    forget(self->vocab);
    ananke_program *program = compile(self, which);
    ananke_matcher *matcher = ananke_matcher_new(program, &err);
    if (!matcher || !ananke_matcher_consume_bytes(matcher, (const uint8_t *)before, strlen(before), &err)) fail(&err);
    if (is_built) build_automaton(self, matcher);
    double begun = now_us();
    if (!ananke_matcher_fill_mask(matcher, self->row, self->words, &err)) fail(&err);
    double taken = now_us() - begun;
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    return taken;
}

static bool is_right(Bench *self, size_t which) {
    ananke_error err = {0};
    ananke_program *program = compile(self, which);
    Reference *reference = ak_reference_new(program, &err);
    if (!reference || !ak_reference_consume_bytes(reference, ak_str(rows[which].before), &err) ||
        !ak_reference_fill_mask(reference, self->expected, self->words, &err))
        fail(&err);
    ak_reference_free(reference);
    ananke_program_free(program);
    return memcmp(self->row, self->expected, self->words * sizeof *self->row) == 0;
}

static size_t count_accepted(const Bench *self) {
    size_t count = 0;
    for (size_t w = 0; w < self->words; w++) {
        for (uint32_t bits = self->row[w]; bits; bits &= bits - 1) count++;
    }
    return count;
}

static int compare_times(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure_all(Bench *self, size_t which, bool is_built) {
    double times[MOST_ROUNDS];
    for (long i = 0; i < self->rounds; i++) times[i] = measure_once(self, which, is_built);
    qsort(times, (size_t)self->rounds, sizeof *times, compare_times);
    printf("\t%.2f\t%.2f", times[self->rounds / 2], times[self->rounds - 1]);
}

static void measure(Bench *self, size_t which) {
    measure_once(self, which, false);
    printf("%s\t%zu\t%s", rows[which].name, count_accepted(self), is_right(self, which) ? "right" : "WRONG");
    measure_all(self, which, true);
    measure_all(self, which, false);
    puts("");
    fflush(stdout);
}

int main(int argc, char **argv) {
    Bench self = {.rounds = 15};
    int at = 1;
    if (argc == 4 && strcmp(argv[1], "-n") == 0) self.rounds = strtol(argv[2], NULL, 10), at = 3;
    if (at + 1 != argc || self.rounds < 1 || self.rounds > MOST_ROUNDS) {
        fputs("usage: bench_cold [-n ROUNDS] TOKENIZER\n", stderr);
        return 2;
    }
    ananke_error err = {0};
    self.vocab = ananke_vocab_load(argv[at], NULL, &err);
    if (!self.vocab) fail(&err);
    self.words = (ananke_vocab_size(self.vocab) + 31) / 32;
    self.row = calloc(self.words, sizeof *self.row), self.expected = calloc(self.words, sizeof *self.expected);
    self.keywords = made_up_words();
    if (!self.row || !self.expected || !self.keywords) return 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) measure(&self, i);
    free(self.row), free(self.expected), free(self.keywords);
    ananke_vocab_free(self.vocab);
    return 0;
}
