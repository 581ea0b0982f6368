/* Matchers: a sequence of moves over one grammar, against a fresh matcher that replays what is left of it. The first
 * byte chooses the grammar; each later one is a move: bytes below 0xF0 are consumed, the others roll back, fork,
 * reset, validate. */
#include <ananke/matcher.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MOVES = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const grammars[] = {
    "start: (item \",\")* item\nitem: /[a-z]+/ | \"(\" start \")\" | \"[\" item* \"]\"\n%ignore / +/\n",
    "start: e\ne: e (\"+\" | \"*\") e | NAME | NUMBER | \"-\" e\n"
    "NAME: /[a-z_][a-z0-9_]*/ & ~(\"if\" | \"in\")\nNUMBER: /[0-9]+(\\.[0-9]+)?/\n%ignore /\\s+/\n",
    "start: A* B{1,3} c\nA: /(ab|a)*/\nB: /b+a?/\nc: \"\" | start | A A\n",
    "start: p::0\np::_: \"a\" p::set_bit(0) %if bit_clear(0) | \"b\" p::incr([1:3]) %if lt([1:3], 3) | \"c\"\n",
    "start: (A <[97-99]> | <[^97,98]> \"b\")* <[200-255]>\nA: /[ab]+/\n%ignore / /\n",
    "start: (a \",\" | b \";\" | c | /[a-d]+!/)*\na[max_tokens=2]: /[a-c]+/\nb[max_tokens=3]: /[abd]+x/\n"
    "c[lazy, max_tokens=4]: \".\" /[a-d]+/ \".\"\n%ignore / /\n",
    "start: (in \".\" | out \"!\" | LIST \"?\")+\nLIST: /[a-c,]+/\nin[capture, max_tokens=3]: %lark {\nstart: (/[a-c]+/ \",\" | nested)+\n"
    "nested[max_tokens=4]: %lark {\nstart: \"(\" (start | /[a-d]/)* \")\" | <[97]>\n%ignore \" \"\n}\n}\n"
    "out[max_tokens=6]: %json {\"type\": \"array\"}\n%ignore / /\n",
};

static void verify(bool good) {
    if (!good) abort();
}

typedef struct Run {
    ananke_program *program;
    ananke_matcher *matcher;
    uint32_t taken[MAX_MOVES]; /* tokens that are not undone */
    size_t count;
} Run;

/* The mask here is the mask of a matcher that never went anywhere else. */
static void compare_with_replay(Run *self) {
    uint32_t here[9], there[9];
    ananke_matcher *fresh = ananke_matcher_new(self->program, NULL);
    for (size_t i = 0; i < self->count; i++) verify(ananke_matcher_consume(fresh, self->taken[i], NULL));
    verify(ananke_matcher_fill_mask(self->matcher, here, 9, NULL) && ananke_matcher_fill_mask(fresh, there, 9, NULL));
    verify(memcmp(here, there, sizeof here) == 0);
    verify(ananke_matcher_is_accepting(self->matcher) == ananke_matcher_is_accepting(fresh));
    ananke_matcher_free(fresh);
}

static void move(Run *self, uint8_t byte) {
    uint32_t row[9], token = byte;
    if (byte < 0xF0) {
        verify(ananke_matcher_fill_mask(self->matcher, row, 9, NULL));
        bool is_allowed = (row[token / 32] >> (token % 32)) & 1;
        verify((ananke_matcher_validate(self->matcher, &token, 1) == 1) == is_allowed);
        verify(ananke_matcher_consume(self->matcher, token, NULL) == is_allowed);
        if (is_allowed) self->taken[self->count++] = token;
    } else if (byte < 0xFA) {
        size_t steps = byte - (size_t)0xF0;
        verify(ananke_matcher_rollback(self->matcher, steps, NULL) == (steps <= self->count));
        if (steps <= self->count) self->count -= steps;
    } else if (byte < 0xFD) {
        ananke_matcher *fork = ananke_matcher_fork(self->matcher, NULL);
        verify(fork != NULL);
        ananke_matcher_free(self->matcher);
        self->matcher = fork;
    } else if (byte == 0xFD) {
        ananke_matcher_reset(self->matcher);
        self->count = 0;
    } else {
        compare_with_replay(self);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    const char *grammar = grammars[data[0] % (sizeof grammars / sizeof *grammars)];
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    Run run = {.program = ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, NULL)};
    verify(run.program != NULL);
    run.matcher = ananke_matcher_new(run.program, NULL);
    for (size_t i = 1; i < size && i < MAX_MOVES; i++) move(&run, data[i]);
    compare_with_replay(&run);
    ananke_matcher_free(run.matcher);
    ananke_program_free(run.program);
    ananke_vocab_free(vocab);
    return 0;
}
