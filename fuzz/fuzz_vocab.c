/* Every vocabulary loader from memory, then encoding and decoding with what came out. The first byte chooses how the rest is taken: by its content, or
 * as the file beside a small tokenizer.json. */
#include "mask/gguf.h"
#include "mask/tokenizer.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char tokenizer[] =
    "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2,\"</s>\":3},\"merges\":[\"a b\"]},"
    "\"added_tokens\":[{\"id\":3,\"content\":\"</s>\",\"special\":true}]}";

/* Ids are ids, and what has bytes comes back as bytes. */
static void use(const ananke_vocab *vocab) {
    enum { CAPACITY = 64 };
    static const char text[] = "if (a < 10) {\n\treturn \"\xC3\xA9\xE2\x96\x81\xE4\xBD\xA0\";\n} ab  ab";
    uint32_t ids[CAPACITY];
    uint8_t back[4 * CAPACITY];
    size_t count = 0;
    if (ananke_vocab_encode(vocab, (const uint8_t *)text, sizeof text - 1, ids, CAPACITY, &count, NULL)) {
        if (count > CAPACITY) count = CAPACITY;
        for (size_t i = 0; i < count; i++) assert(ids[i] < ananke_vocab_size(vocab));
        ananke_vocab_decode(vocab, ids, count, back, sizeof back);
    }
    const Trie *trie = &vocab->trie;
    for (uint32_t i = 0; i < trie->count; i++) assert(trie->ends[i] > i && trie->ends[i] <= trie->count);
    const uint32_t *eos;
    for (size_t i = 0, n = ananke_vocab_eos(vocab, &eos); i < n; i++) assert(eos[i] < ananke_vocab_size(vocab));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const ananke_context context = {.memory_limit = 64 << 20};
    if (size == 0) return 0;
    Str rest = {(const char *)data + 1, size - 1}, content = rest;
    TokenizerBeside beside = {0};
    switch (data[0]) {
    case 'T': content = ak_str(tokenizer), beside.tokenizer_config = rest; break;
    case 'G': content = ak_str(tokenizer), beside.generation_config = rest; break;
    case 'C': content = ak_str(tokenizer), beside.config = rest; break;
    default: break;
    }
    ananke_error err = {0};
    ananke_vocab *vocab = ak_vocab_load_memory(content, &beside, "input", &context, &err);
    if (vocab) use(vocab);
    else assert(err.code != ANANKE_OK && err.message[0]);
    ananke_vocab_free(vocab);
    return 0;
}
