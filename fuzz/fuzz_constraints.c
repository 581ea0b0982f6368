/* Constraint files: any text gives a set or an error with words, and a set that was read is written and read again to the same text. */
#include <ananke/constraints.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(bool good) {
    if (!good) abort();
}

static void round_trip(const ananke_constraints *set, ananke_format format) {
    ananke_error err = {0};
    char *text = ananke_constraints_text(set, format, NULL, &err);
    verify(text != NULL);
    ananke_constraints *again = ananke_constraints_parse(text, strlen(text), format, NULL, &err);
    verify(again != NULL);
    char *same = ananke_constraints_text(again, format, NULL, &err);
    verify(same && strcmp(text, same) == 0);
    ananke_text_free(text);
    ananke_text_free(same);
    ananke_constraints_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const ananke_format formats[] = {ANANKE_FORMAT_AUTO, ANANKE_FORMAT_JSON, ANANKE_FORMAT_YAML};
    ananke_context context = {.memory_limit = 64 << 20};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        ananke_error err = {0};
        ananke_constraints *set = ananke_constraints_parse((const char *)data, size, formats[i], &context, &err);
        verify(set || err.message[0]);
        if (!set) continue;
        round_trip(set, ANANKE_FORMAT_JSON);
        round_trip(set, ANANKE_FORMAT_YAML);
        ananke_constraints_free(set);
    }
    return 0;
}
