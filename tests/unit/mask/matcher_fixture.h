/* A matcher of a grammar that is written in a test, and what it stands on. */
#ifndef AK_TEST_MATCHER_FIXTURE_H
#define AK_TEST_MATCHER_FIXTURE_H

#include "unit/test.h"
#include <ananke/matcher.h>

typedef ananke_program *Compile(const char *text, size_t length, const ananke_vocab *vocab,
                                const ananke_program_options *options, ananke_error *err);

typedef struct Fixture {
    ananke_vocab *vocab;
    ananke_program *program;
    ananke_matcher *matcher;
} Fixture;

/* Takes the vocabulary over; NULL: one of single bytes. */
static inline Fixture open_matcher(Compile *compile, const char *grammar, ananke_vocab *vocab) {
    ananke_error err = {0};
    Fixture self = {.vocab = vocab ? vocab : ananke_vocab_load("bytes", NULL, &err)};
    assert_non_null(self.vocab);
    self.program = compile(grammar, strlen(grammar), self.vocab, NULL, &err);
    if (!self.program) fail_msg("%s: %s", grammar, err.message);
    self.matcher = ananke_matcher_new(self.program, &err);
    assert_non_null(self.matcher);
    return self;
}

static inline void close_matcher(Fixture *self) {
    ananke_matcher_free(self->matcher);
    ananke_program_free(self->program);
    ananke_vocab_free(self->vocab);
}

#endif
