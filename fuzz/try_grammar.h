/* What holds for every front end whose source is a text: any text gives a program or an error with words, within its fuel
 * and its memory; a program gives a matcher whose mask and completion are the matcher's own. */
#ifndef AK_FUZZ_TRY_GRAMMAR_H
#define AK_FUZZ_TRY_GRAMMAR_H

#include "look_around.h"

typedef ananke_program *Compile(const char *text, size_t length, const ananke_vocab *vocab,
                                const ananke_program_options *options, ananke_error *err);

static inline int try_grammar(Compile *compile, const uint8_t *data, size_t size) {
    ananke_context context = {.memory_limit = 64 << 20};
    ananke_program_options options = {.context = &context, .fuel = 300000};
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, &err);
    ananke_program *program = compile((const char *)data, size, vocab, &options, &err);
    verify(program || err.message[0]);
    ananke_matcher *matcher = program ? ananke_matcher_new(program, &err) : NULL;
    if (matcher) look_around(matcher);
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    ananke_vocab_free(vocab);
    return 0;
}

#endif
