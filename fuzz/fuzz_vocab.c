/* Every vocabulary loader from memory, then encoding and decoding with what came out. The first byte chooses how the rest is taken: by its content,
 * as the file beside a small tokenizer.json, or as damage to a cached vocabulary. Damage is hashed anew, for else the hashes would find all of it. */
#include "damage.h"
#include "vocab/tokenizer.h"
#include "vocab/vocab_file.h"
#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char tokenizer[] =
    "{\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"String\":\"A\"},\"content\":\"a\"},"
    "\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\s+\"},\"behavior\":\"Isolated\"},"
    "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2,\"</s>\":3},\"merges\":[\"a b\"]},"
    "\"added_tokens\":[{\"id\":3,\"content\":\"</s>\",\"special\":true}]}";

/* What is saved and damaged: one tokenizer of each model. */
static const char *const saved[] = {
    tokenizer,
    "{\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"WhitespaceSplit\"},"
    "{\"type\":\"Metaspace\",\"replacement\":\"\xE2\x96\x81\"}]},"
    "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAAAAAABhAA==\"},"
    "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\" \"}]},"
    "\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"<unk>\",0],[\"\xE2\x96\x81i\",-1.5],[\"f\",-2],[\"if\",-3.25]]}}",
    "{\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},\"normalizer\":{\"type\":\"BertNormalizer\"},"
    "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"?\",\"vocab\":{\"i\":0,\"##f\":1,\"?\":2,\"a\":3,\"##b\":4}}}",
};

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

/* The cached vocabulary of a tokenizer, with the changes that `list` has. */
static Str damage(Arena *arena, const char *source, Str list) {
    size_t count;
    const Section *sections = ak_vocab_file_sections(&count);
    ananke_vocab *vocab = ak_vocab_load_memory(ak_str(source), NULL, NULL, NULL, NULL);
    Str content = vocab ? ak_vocab_file_content(vocab, arena, NULL) : (Str){0};
    ananke_vocab_free(vocab);
    return damage_sections(&ak_vocab_file_format, sections, count, content, list, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const ananke_context context = {.memory_limit = 64 << 20};
    if (size == 0) return 0;
    Str rest = {(const char *)data + 1, size - 1}, content = rest;
    TokenizerBeside beside = {0};
    ananke_error err = {0};
    Arena arena = ak_arena(NULL);
    switch (data[0]) {
    case 'T': content = ak_str(tokenizer), beside.tokenizer_config = rest; break;
    case 'G': content = ak_str(tokenizer), beside.generation_config = rest; break;
    case 'C': content = ak_str(tokenizer), beside.config = rest; break;
    case 'S':
    case 'U':
    case 'W': content = damage(&arena, saved[data[0] == 'S' ? 0 : data[0] == 'U' ? 1 : 2], rest); break;
    default: break;
    }
    ananke_vocab *vocab = ak_vocab_load_memory(content, &beside, "input", &context, &err);
    if (vocab) use(vocab);
    else assert(err.code != ANANKE_OK && err.message[0]);
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
    return 0;
}
