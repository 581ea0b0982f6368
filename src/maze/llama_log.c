/* The callback slot of llama.cpp is the process's only place that knows our router: it is put there once, on the heap, and stays for ever (the library
 * has no state of its own to keep it in). Should two first calls race, one router wins and the other's listener hears nothing: a line of log is lost. */
#include "maze/llama_log.h"
#include "base/log.h"
#include <llama.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Router {
    pthread_mutex_t lock;
    LlamaListener *listeners;
} Router;

/* llama's own warnings are for people who tune it; its errors come back as ours, with more to say. */
static ananke_log_level our_level(enum ggml_log_level level) {
    switch (level) {
    case GGML_LOG_LEVEL_ERROR: return ANANKE_LOG_INFO;
    default: return ANANKE_LOG_DEBUG;
    }
}

static void hear(enum ggml_log_level level, const char *text, void *data) {
    Router *router = data;
    Str line = ak_str_trim(ak_str(text));
    if (!router || line.length == 0) return;
    pthread_mutex_lock(&router->lock);
    LlamaListener *listener = router->listeners;
    while (listener && !pthread_equal(listener->thread, pthread_self())) listener = listener->next;
    pthread_mutex_unlock(&router->lock);
    if (!listener) return;
    if (level == GGML_LOG_LEVEL_ERROR && !listener->problem[0])
        snprintf(listener->problem, sizeof listener->problem, "%.*s", STR_ARGS(line));
    ak_log(listener->context, our_level(level), "maze", NULL, "llama.cpp: %.*s", STR_ARGS(line));
}

static Router *find_router(void) {
    ggml_log_callback callback = NULL;
    void *data = NULL;
    llama_log_get(&callback, &data);
    return callback == hear ? data : NULL;
}

void ak_llama_listen(LlamaListener *listener, const ananke_context *context) {
    *listener = (LlamaListener){.context = context, .thread = pthread_self()};
    Router *router = find_router();
    if (!router) {
        router = calloc(1, sizeof *router);
        if (router) pthread_mutex_init(&router->lock, NULL);
        llama_log_set(hear, router);
    }
    if (!router) return;
    pthread_mutex_lock(&router->lock);
    listener->next = router->listeners;
    router->listeners = listener;
    pthread_mutex_unlock(&router->lock);
}

void ak_llama_listen_end(LlamaListener *listener) {
    Router *router = find_router();
    if (!router) return;
    pthread_mutex_lock(&router->lock);
    LlamaListener **at = &router->listeners;
    while (*at && *at != listener) at = &(*at)->next;
    if (*at) *at = listener->next;
    pthread_mutex_unlock(&router->lock);
}
