/* Loading a model: our own readers look at the file first (llama.cpp is not made for hostile files), then llama.cpp maps it. The two vocabularies must
 * agree on the number of ids, or a mask would speak of other tokens than the logits. */
#include "maze/model.h"
#include "base/bitset.h"
#include "vocab/gguf.h"
#include <stddef.h>

/* White space, then three backticks: in code mode nothing but the end of the code block starts so. */
static bool begins_fence(const uint8_t *bytes, size_t length) {
    Str rest = ak_str_trim((Str){(const char *)bytes, length});
    return ak_str_starts(rest, STR("```"));
}

static bool find_stops(ananke_model *model, ananke_error *err) {
    model->words = ak_bits_words(model->llama.vocab_size);
    model->ends = ak_new_array(&model->arena, uint32_t, model->words);
    model->stops = ak_new_array(&model->arena, uint32_t, model->words);
    if (!ak_arena_ok(&model->arena)) return ak_fail_memory(err, &model->arena);
    for (uint32_t id = 0; id < model->llama.vocab_size; id++) {
        size_t length;
        const uint8_t *bytes = ananke_vocab_token(model->vocab, id, &length);
        if (ak_llama_is_end(&model->llama, (int32_t)id)) ak_bits_set(model->ends, id);
        else if (!begins_fence(bytes, length)) continue;
        ak_bits_set(model->stops, id);
    }
    return true;
}

static bool load(ananke_model *model, const char *path, const ananke_context *context, ananke_error *err) {
    if (!ak_gguf_validate(path, context, err)) return false;
    model->vocab = ananke_vocab_load(path, context, err);
    if (!model->vocab || !ak_llama_load(&model->llama, path, context, err)) return false;
    uint32_t size = ananke_vocab_size(model->vocab);
    if (size == model->llama.vocab_size) return find_stops(model, err);
    ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "the vocabulary has %u ids for us and %u for llama.cpp", (unsigned)size,
            (unsigned)model->llama.vocab_size);
    return ak_fail_in(err, path);
}

ananke_model *ananke_model_load(const char *path, const ananke_context *context, ananke_error *err) {
    if (!path) return ak_fail(err, ANANKE_ERROR_USAGE, "no model file is named"), NULL;
    ananke_model *model = ak_object_new(context, sizeof *model, offsetof(ananke_model, arena));
    if (!model) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    if (load(model, path, context, err)) return model;
    ananke_model_free(model);
    return NULL;
}

void ananke_model_free(ananke_model *model) {
    if (!model) return;
    ak_llama_free(&model->llama);
    ananke_vocab_free(model->vocab);
    ak_object_free(model, sizeof *model, offsetof(ananke_model, arena));
}

const ananke_vocab *ananke_model_vocab(const ananke_model *model) {
    return model->vocab;
}
