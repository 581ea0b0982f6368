/* Lark grammars: any text gives a program or an error with words, within its fuel and its memory; a program gives a
 * matcher whose mask and completion are the matcher's own. */
#include <ananke/matcher.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(bool good) {
    if (!good) abort();
}

/* What a matcher promises where it stands. */
static void look_around(ananke_matcher *matcher) {
    uint32_t row[9];
    uint8_t text[256];
    ananke_error err = {0};
    if (!ananke_matcher_fill_mask(matcher, row, 9, &err)) {
        verify(err.message[0] && ananke_matcher_stop_reason(matcher) == ANANKE_STOP_ERROR);
        return;
    }
    for (uint32_t byte = 0; byte < 256; byte += 37) {
        verify((ananke_matcher_validate(matcher, &byte, 1) == 1) == ((row[byte / 32] >> (byte % 32)) & 1));
    }
    size_t length = ananke_matcher_completion(matcher, text, sizeof text);
    if (length > sizeof text - 1 || !ananke_matcher_consume_bytes(matcher, text, length, &err)) return;
    verify(ananke_matcher_is_accepting(matcher) || ananke_matcher_error(matcher));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ananke_context context = {.memory_limit = 64 << 20};
    ananke_program_options options = {.context = &context, .fuel = 300000};
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, &err);
    ananke_program *program = ananke_program_from_lark((const char *)data, size, vocab, &options, &err);
    verify(program || err.message[0]);
    ananke_matcher *matcher = program ? ananke_matcher_new(program, &err) : NULL;
    if (matcher) look_around(matcher);
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    ananke_vocab_free(vocab);
    return 0;
}
