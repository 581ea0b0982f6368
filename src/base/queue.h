/* Work queue: runs `count` independent jobs on several threads and waits for them. Jobs are taken in order; the calling thread works too. */
#ifndef AK_BASE_QUEUE_H
#define AK_BASE_QUEUE_H

#include <ananke/context.h>
#include <stdbool.h>
#include <stddef.h>

/* One job. `worker` is 0 … workers-1 and constant for a thread: use it to index per-thread state. False stops the queue: jobs that were not begun
 * are left out. */
typedef bool Job(void *data, size_t index, size_t worker);

/* How many workers a run of `count` jobs uses: the context's threads (0: the processors), at most `count`, at least 1. */
size_t ak_queue_workers(const ananke_context *context, size_t count);
/* Runs job(data, i, worker) for i = 0 … count-1 on `workers` threads. True when all of them said true. When threads cannot be made, fewer do the work. */
bool ak_queue_run(size_t workers, size_t count, Job *job, void *data);

#endif
