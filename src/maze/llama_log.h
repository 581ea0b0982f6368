/* What llama.cpp says, taken to our log. It knows one callback for the whole process; ours sends each line to the listener of the thread that
 * speaks, and drops it when there is none. Nothing is ever printed. */
#ifndef AK_MAZE_LLAMA_LOG_H
#define AK_MAZE_LLAMA_LOG_H

#include "base/str.h"
#include <ananke/context.h>
#include <pthread.h>

/* One thread that listens, for the time between begin and end: lives on its stack. */
typedef struct LlamaListener {
    struct LlamaListener *next;
    const ananke_context *context;
    pthread_t thread;
    char problem[256]; /* the first error that was told; "" while there is none */
} LlamaListener;

void ak_llama_listen(LlamaListener *listener, const ananke_context *context);
void ak_llama_listen_end(LlamaListener *listener);

#endif
