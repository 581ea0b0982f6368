/* llama.cpp: loading, tokenizing, the chat template, decoding.
 *
 * Its threads wait for each other by spinning inside a graph; between graphs they sleep (poll = 0), since the mask is made in that time and a machine
 * has other work; how many of them work is the gear's to find out. Its process-wide set-up (llama_backend_init) may be called any number of times and is called with every load. */
#include "maze/llama_backend.h"
#include "base/log.h"
#include "base/queue.h"
#include <limits.h>
#include <llama.h>
#include <time.h>

enum { BATCH = 64, PAGE = 256 }; /* tokens fed at once; what the key-value cache is rounded up to */
enum { ABORTED = 2 };            /* what llama_decode returns then */

/* ---- The model ---- */

static bool tell_load(float part, void *data) {
    const ananke_context *context = data;
    ak_progress(context, "load model", (uint64_t)(part * 100), 100);
    return !ak_is_cancelled(context, NULL);
}

/* Borrowed for the call, and read only: llama.cpp's user data has no const. */
static void *user_data(const ananke_context *context) {
    void *data;
    memcpy(&data, &context, sizeof data);
    return data;
}

bool ak_llama_load(LlamaModel *model, const char *path, const ananke_context *context, ananke_error *err) {
    LlamaListener listener;
    ak_llama_listen(&listener, context);
    llama_backend_init();
    struct llama_model_params params = llama_model_default_params();
    params.n_gpu_layers = 0;
    params.progress_callback = tell_load;
    params.progress_callback_user_data = user_data(context);
    *model = (LlamaModel){.model = llama_model_load_from_file(path, params)};
    ak_llama_listen_end(&listener);
    if (!model->model) {
        if (ak_is_cancelled(context, err)) return false;
        ak_fail(err, ANANKE_ERROR_BACKEND, "the model cannot be loaded: %s",
                listener.problem[0] ? listener.problem : "llama.cpp gave no reason");
        return ak_fail_in(err, path);
    }
    model->vocab = llama_model_get_vocab(model->model);
    model->vocab_size = (uint32_t)llama_vocab_n_tokens(model->vocab);
    model->window = (uint32_t)llama_model_n_ctx_train(model->model);
    return true;
}

void ak_llama_free(LlamaModel *model) {
    if (model->model) llama_model_free(model->model);
    *model = (LlamaModel){0};
}

bool ak_llama_is_end(const LlamaModel *model, int32_t token) {
    return llama_vocab_is_eog(model->vocab, token);
}

bool ak_llama_tokenize(const LlamaModel *model, Arena *arena, Str text, bool special, bool first, TokenIds *ids,
                       ananke_error *err) {
    if (text.length > INT32_MAX / 2)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "a text of %zu bytes is too long for a prompt", text.length);
    int32_t room = (int32_t)text.length + 8; /* a token has a byte or more; the rest is for what stands in front */
    if (!ak_vec_reserve(arena, ids, room)) return ak_fail_memory(err, arena);
    const char *data = text.data ? text.data : "";
    int32_t count =
        llama_tokenize(model->vocab, data, (int32_t)text.length, ids->items + ids->count, room, first, special);
    if (count < 0)
        return ak_fail(err, ANANKE_ERROR_BACKEND, "the model's tokenizer failed on a text of %zu bytes", text.length);
    ids->count += (size_t)count;
    return true;
}

Str ak_llama_chat(const LlamaModel *model, Arena *arena, const char *system, const char *user) {
    const char *template = llama_model_chat_template(model->model, NULL);
    if (!template) return (Str){0};
    const struct llama_chat_message messages[] = {{"system", system}, {"user", user}};
    int32_t length = llama_chat_apply_template(template, messages, 2, true, NULL, 0);
    char *text = length > 0 ? ak_arena_alloc(arena, (size_t)length + 1, 1) : NULL;
    if (!text || llama_chat_apply_template(template, messages, 2, true, text, length + 1) != length) return (Str){0};
    return (Str){text, (size_t)length};
}

/* ---- A run ---- */

static double now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Asked by llama.cpp between two operations, in the thread that called it. */
static bool wants_abort(void *data) {
    const LlamaRun *run = data;
    return (run->deadline_us > 0 && now_us() > run->deadline_us) || ak_is_cancelled(run->context, NULL);
}

static bool start_threads(LlamaRun *run, int count, ananke_error *err) {
    if (count < 2) return true;
    struct ggml_threadpool_params params = ggml_threadpool_params_default(count);
    params.poll = 0;
    run->pool = ggml_threadpool_new(&params);
    if (!run->pool) return ak_fail(err, ANANKE_ERROR_BACKEND, "%d threads for the model cannot be started", count);
    llama_attach_threadpool(run->llama, run->pool, run->pool);
    return true;
}

bool ak_llama_run_begin(LlamaRun *run, const LlamaModel *model, size_t capacity, const ananke_context *context,
                        ananke_error *err) {
    *run = (LlamaRun){.model = model, .context = context};
    int threads = (int)ak_queue_workers(context, GGML_MAX_N_THREADS);
    run->reading = run->writing = ak_gear(threads);
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = (uint32_t)((capacity + PAGE - 1) / PAGE * PAGE);
    params.n_batch = params.n_ubatch = BATCH;
    params.n_threads = params.n_threads_batch = threads;
    params.no_perf = true;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED; /* on CPUs its sums depend on the number of threads */
    params.abort_callback = wants_abort;
    params.abort_callback_data = run;
    ak_llama_listen(&run->listener, context);
    run->llama = llama_init_from_model(model->model, params);
    if (run->llama && start_threads(run, threads, err)) return true;
    if (!run->llama)
        ak_fail(err, ANANKE_ERROR_BACKEND, "no room for %zu tokens: %s", capacity,
                run->listener.problem[0] ? run->listener.problem : "llama.cpp gave no reason");
    ak_llama_run_end(run);
    return false;
}

void ak_llama_run_end(LlamaRun *run) {
    if (!run->model) return;
    if (run->llama) llama_free(run->llama);
    if (run->pool) ggml_threadpool_free(run->pool);
    ak_llama_listen_end(&run->listener);
    *run = (LlamaRun){0};
}

/* One batch, with as many threads as the gear says. An aborted batch leaves no trace in the model's memory. */
static int32_t decode_once(LlamaRun *run, Gear *gear, llama_token *batch, size_t count) {
    double start = now_us(), patience = ak_gear_patience_us(gear) * (double)count;
    int threads = ak_gear_threads(gear);
    run->deadline_us = patience > 0 ? start + patience : 0;
    llama_set_n_threads(run->llama, threads, threads);
    int32_t result = llama_decode(run->llama, llama_batch_get_one(batch, (int32_t)count));
    ak_gear_note(gear, (now_us() - start) / (double)count);
    return result;
}

/* Reading a prompt and writing token by token are different work: each has its gear. */
static bool decode(LlamaRun *run, llama_token *batch, size_t count, ananke_error *err) {
    Gear *gear = count > 1 ? &run->reading : &run->writing;
    if (ak_is_cancelled(run->context, err)) return false;
    int32_t result = decode_once(run, gear, batch, count);
    if (result == ABORTED && run->deadline_us > 0 && !ak_is_cancelled(run->context, NULL))
        result = decode_once(run, gear, batch, count);
    if (result == 0) return true;
    if (ak_is_cancelled(run->context, err)) return false;
    return ak_fail(err, ANANKE_ERROR_BACKEND, "the model failed (llama_decode: %d): %s", (int)result,
                   run->listener.problem);
}

bool ak_llama_run_feed(LlamaRun *run, const int32_t *tokens, size_t count, ananke_error *err) {
    llama_token batch[BATCH];
    for (size_t at = 0; at < count;) {
        size_t now = count - at < BATCH ? count - at : BATCH;
        memcpy(batch, tokens + at, now * sizeof *batch);
        if (!decode(run, batch, now, err)) return false;
        at += now;
        if (count > 1) ak_progress(run->context, "read prompt", at, count);
    }
    return true;
}

bool ak_llama_run_rewind(LlamaRun *run, size_t keep, int32_t last, ananke_error *err) {
    if (!llama_memory_seq_rm(llama_get_memory(run->llama), 0, (llama_pos)keep - 1, -1))
        return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "this kind of model cannot go back in its text");
    return ak_llama_run_feed(run, &last, 1, err);
}

const float *ak_llama_run_logits(const LlamaRun *run) {
    return llama_get_logits_ith(run->llama, -1);
}
