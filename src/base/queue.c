/* Work queue: an atomic counter hands out the jobs; the threads live as long as the run. */
#include "base/queue.h"
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { MAX_WORKERS = 64 };

typedef struct Run {
    Job *job;
    void *data;
    size_t count;
    atomic_size_t next; /* first job that nobody has taken */
    atomic_bool failed;
} Run;

typedef struct Worker {
    Run *run;
    size_t number;
    pthread_t thread;
} Worker;

size_t ak_queue_workers(const ananke_context *context, size_t count) {
    size_t workers = context ? context->threads : 0;
    if (workers == 0) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        workers = processors > 0 ? (size_t)processors : 1;
    }
    if (workers > MAX_WORKERS) workers = MAX_WORKERS;
    if (workers > count) workers = count;
    return workers ? workers : 1;
}

static void *work(void *argument) {
    Worker *self = argument;
    Run *run = self->run;
    while (!atomic_load(&run->failed)) {
        size_t index = atomic_fetch_add(&run->next, 1);
        if (index >= run->count) break;
        if (!run->job(run->data, index, self->number)) atomic_store(&run->failed, true);
    }
    return NULL;
}

bool ak_queue_run(size_t workers, size_t count, Job *job, void *data) {
    Run run = {.job = job, .data = data, .count = count};
    Worker pool[MAX_WORKERS];
    if (workers > MAX_WORKERS) workers = MAX_WORKERS;
    size_t started = 1;
    pool[0] = (Worker){.run = &run};
    while (started < workers) {
        pool[started] = (Worker){.run = &run, .number = started};
        if (pthread_create(&pool[started].thread, NULL, work, &pool[started]) != 0) break;
        started++;
    }
    work(&pool[0]);
    for (size_t i = 1; i < started; i++) pthread_join(pool[i].thread, NULL);
    return !atomic_load(&run.failed);
}
