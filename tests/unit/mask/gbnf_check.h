/* What the tests of GBNF share: compiling a grammar for single bytes, and asking what it allows. */
#ifndef AK_TEST_GBNF_CHECK_H
#define AK_TEST_GBNF_CHECK_H

#include "../test.h"
#include <ananke/matcher.h>

/* NULL and `err` when the grammar is refused. */
static inline ananke_program *compile_gbnf(const char *grammar, const ananke_vocab *vocab, ananke_error *err) {
    ananke_program_options options = {.file = "g.gbnf"};
    return ananke_program_from_gbnf(grammar, strlen(grammar), vocab, &options, err);
}

/* Is this exactly a text of the grammar? */
static inline bool accepts(ananke_matcher *matcher, const char *text, size_t length) {
    ananke_matcher_reset(matcher);
    bool is_whole = ananke_matcher_consume_bytes(matcher, (const uint8_t *)text, length, NULL) &&
                    ananke_matcher_is_accepting(matcher);
    assert_null(ananke_matcher_error(matcher));
    return is_whole;
}

/* Both lists end with NULL. */
static inline void check_gbnf(const char *grammar, const char *const *good, const char *const *bad) {
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    ananke_program *program = compile_gbnf(grammar, vocab, &err);
    if (!program) print_error("%s\n%s:%u:%u: %s\n", grammar, err.file, err.line, err.column, err.message);
    assert_non_null(program);
    ananke_matcher *matcher = ananke_matcher_new(program, &err);
    for (; good && *good; good++) {
        if (!accepts(matcher, *good, strlen(*good))) print_error("%s\nrefuses: %s\n", grammar, *good);
        assert_true(accepts(matcher, *good, strlen(*good)));
    }
    for (; bad && *bad; bad++) {
        if (accepts(matcher, *bad, strlen(*bad))) print_error("%s\naccepts: %s\n", grammar, *bad);
        assert_false(accepts(matcher, *bad, strlen(*bad)));
    }
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    ananke_vocab_free(vocab);
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
