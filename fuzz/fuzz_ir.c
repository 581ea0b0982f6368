/* Any bytes as an IR: refused with an error, or accepted and then written and read back as the same bytes. */
#include <ananke/ir.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(bool good) {
    if (!good) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ananke_context context = {.memory_limit = 64 << 20};
    ananke_error err = {0};
    ananke_ir *ir = ananke_ir_parse((const char *)data, size, &context, &err);
    if (!ir) {
        verify(err.code != ANANKE_OK && err.message[0]);
        return 0;
    }
    size_t length = 0, again_length = 0;
    char *text = ananke_ir_text(ir, &length, NULL);
    ananke_ir *again = ananke_ir_parse(text, length, NULL, NULL);
    char *second = again ? ananke_ir_text(again, &again_length, NULL) : NULL;
    verify(second && length == again_length && memcmp(text, second, length) == 0);
    ananke_text_free(text);
    ananke_text_free(second);
    ananke_ir_free(again);
    ananke_ir_free(ir);
    return 0;
}
