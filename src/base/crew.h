/* A crew: threads that stay, for work that comes in many small rounds. (queue.h is for one long round.)
 *
 * One caller at a time gives a round to the crew and works along; rounds given from several threads wait for each other. */
#ifndef AK_BASE_CREW_H
#define AK_BASE_CREW_H

#include "base/queue.h"

typedef struct Crew Crew;

/* The context's threads (0: the processors), the caller's own counted in; NULL when out of memory. When threads cannot
 * be made, fewer do the work. */
Crew *ak_crew_new(const ananke_context *context);
void ak_crew_free(Crew *self);
/* How many threads work, the caller included. */
size_t ak_crew_size(const Crew *self);
/* Runs job(data, i, worker) for i = 0 … count-1. Unlike the queue's, a job that says false stops nothing. True when all
 * said true. */
bool ak_crew_run(Crew *self, size_t count, Job *job, void *data);

#endif
