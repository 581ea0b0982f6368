/* Texts for the caller. */
#include "base/text.h"
#include <ananke/constraints.h>
#include <stdlib.h>

char *ak_text_new(Str text, size_t *length, ananke_error *err) {
    char *copy = malloc(text.length + 1);
    if (!copy) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    if (text.length) memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    if (length) *length = text.length;
    return copy;
}

void ananke_text_free(char *text) {
    free(text);
}
