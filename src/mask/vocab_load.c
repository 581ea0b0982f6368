/* Loading a vocabulary: tells the kind of a file by its content and hands it to its loader. */
#include "mask/vocab.h"

static ananke_vocab *load_bytes(const ananke_context *context, ananke_error *err) {
    uint8_t values[256];
    const uint8_t *bytes[257];
    size_t lengths[257];
    for (size_t i = 0; i < 256; i++) values[i] = (uint8_t)i, bytes[i] = &values[i], lengths[i] = 1;
    bytes[256] = NULL, lengths[256] = 0;
    ananke_vocab *vocab = ananke_vocab_from_tokens(bytes, lengths, 257, (const uint32_t[]){256}, 1, context, err);
    if (vocab) vocab->kind = "bytes";
    return vocab;
}

ananke_vocab *ananke_vocab_load(const char *path, const ananke_context *context, ananke_error *err) {
    if (strcmp(path, "bytes") == 0) return load_bytes(context, err);
    ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "only the vocabulary \"bytes\" is known"), ak_fail_in(err, path);
    return NULL;
}
