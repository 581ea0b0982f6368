/* What a serving engine does with Ananke: load the vocabulary, compile a grammar once, and for each sequence ask for the mask of the next token,
 * sample under it, and tell what was sampled. Here a draw of lots stands in for the model.
 *
 *     cc mask_loop.c $(pkg-config --cflags --libs ananke) && ./a.out tokenizer.json
 *
 * Compiles as C17 and as C++17. */
#include <ananke/ananke.h>
#include <stdio.h>
#include <stdlib.h>

static const char grammar[] = "start: \"[\" (NUMBER (\", \" NUMBER)*)? \"]\"\nNUMBER: /[1-9][0-9]{0,3}/\n";

/* One of the tokens whose bits are set. */
static uint32_t pick(const uint32_t *row, uint32_t size) {
    uint32_t chosen = 0, seen = 0;
    for (uint32_t id = 0; id < size; id++) {
        if (row[id / 32] >> id % 32 & 1 && (uint32_t)rand() % ++seen == 0) chosen = id;
    }
    return chosen;
}

static bool generate(ananke_matcher *matcher, const ananke_vocab *vocab, ananke_error *err) {
    uint32_t size = ananke_vocab_size(vocab);
    size_t words = (size + 31) / 32;
    uint32_t *row = (uint32_t *)calloc(words, sizeof *row);
    bool good = row != NULL;
    for (int step = 0; good && step < 200 && ananke_matcher_stop_reason(matcher) == ANANKE_STOP_NONE; step++) {
        good = ananke_matcher_fill_mask(matcher, row, words, err);
        uint32_t token = good ? pick(row, size) : 0;
        good = good && ananke_matcher_consume(matcher, token, err);
        size_t length;
        const uint8_t *bytes = ananke_vocab_token(vocab, token, &length);
        fwrite(bytes, 1, length, stdout);
    }
    putchar('\n');
    free(row);
    return good;
}

int main(int argc, char **argv) {
    static ananke_error err;
    ananke_vocab *vocab = ananke_vocab_load(argc > 1 ? argv[1] : "bytes", NULL, &err);
    ananke_program *program = vocab ? ananke_program_from_lark(grammar, sizeof grammar - 1, vocab, NULL, &err) : NULL;
    ananke_matcher *matcher = program ? ananke_matcher_new(program, &err) : NULL;
    bool good = matcher && generate(matcher, vocab, &err);
    if (!good) fprintf(stderr, "%s\n", err.message);
    ananke_matcher_free(matcher), ananke_program_free(program), ananke_vocab_free(vocab);
    return good ? 0 : 1;
}
