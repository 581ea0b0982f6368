/* A vocabulary of single bytes for all tests of a file, and whether a text is one of a program's. */
#ifndef BYTES_FIXTURE_H
#define BYTES_FIXTURE_H

#include "../test.h"
#include <ananke/matcher.h>

static ananke_vocab *bytes;

static inline int open_bytes(void **state) {
    IGNORE_STATE;
    bytes = ananke_vocab_load("bytes", NULL, NULL);
    return bytes ? 0 : -1;
}

static inline int close_bytes(void **state) {
    IGNORE_STATE;
    ananke_vocab_free(bytes);
    return 0;
}

static inline bool accepts(const ananke_program *program, const char *text) {
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    assert_non_null(matcher);
    bool ok = ananke_matcher_consume_bytes(matcher, (const uint8_t *)text, strlen(text), NULL) &&
              ananke_matcher_is_accepting(matcher);
    ananke_matcher_free(matcher);
    return ok;
}

#endif
