/* The local model: llama.cpp behind a few functions. A LlamaModel is immutable and may be used by several threads; a LlamaRun is one generation with
 * its own key-value cache and threads, and has one owner. */
#ifndef AK_MAZE_LLAMA_BACKEND_H
#define AK_MAZE_LLAMA_BACKEND_H

#include "base/error.h"
#include "base/vec.h"
#include "maze/gear.h"
#include "maze/llama_log.h"
#include <ananke/context.h>

struct llama_model;
struct llama_vocab;
struct llama_context;
struct ggml_threadpool;

typedef VEC(int32_t) TokenIds;

typedef struct LlamaModel {
    struct llama_model *model;
    const struct llama_vocab *vocab;
    uint32_t vocab_size;
    uint32_t window; /* tokens that the model was trained to see */
} LlamaModel;

/* Loads a GGUF file, mmap-ed. The file must have been validated: llama.cpp trusts it more than we would. */
bool ak_llama_load(LlamaModel *model, const char *path, const ananke_context *context, ananke_error *err);
void ak_llama_free(LlamaModel *model);

/* Appends the ids of `text`. With `special`, texts of special tokens become those tokens: never for text from outside, which could then speak with
 * the system's voice. With `first`, what the model wants in front of everything is put there. */
bool ak_llama_tokenize(const LlamaModel *model, Arena *arena, Str text, bool special, bool first, TokenIds *ids,
                       ananke_error *err);
/* The model's chat template with these two messages and the opening of the answer. {NULL, 0} when the model has no template or one that llama.cpp
 * does not know; `err` is only for want of memory. */
Str ak_llama_chat(const LlamaModel *model, Arena *arena, const char *system, const char *user);
/* Does this token end the text (end of text, end of turn)? */
bool ak_llama_is_end(const LlamaModel *model, int32_t token);

typedef struct LlamaRun {
    const LlamaModel *model;
    const ananke_context *context;
    struct llama_context *llama;
    struct ggml_threadpool *pool; /* NULL with one thread */
    Gear reading, writing;        /* how many of them work */
    double deadline_us;           /* of the batch that is being decoded; 0: none */
    LlamaListener listener;
} LlamaRun;

/* Makes room for `capacity` tokens, prompt and answer together. The run must stay where it is until its end. */
bool ak_llama_run_begin(LlamaRun *run, const LlamaModel *model, size_t capacity, const ananke_context *context,
                        ananke_error *err);
void ak_llama_run_end(LlamaRun *run);
/* Feeds tokens; afterwards the logits are those behind the last one. */
bool ak_llama_run_feed(LlamaRun *run, const int32_t *tokens, size_t count, ananke_error *err);
/* Forgets all but the first `keep` tokens, the last of which is `last` and is fed again: then the logits are those behind it. */
bool ak_llama_run_rewind(LlamaRun *run, size_t keep, int32_t last, ananke_error *err);
/* vocab_size numbers; good until the next feeding. */
const float *ak_llama_run_logits(const LlamaRun *run);

#endif
