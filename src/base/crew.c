/* The members wait on a condition for the next round and take items of it by an atomic counter, a handful at once. */
#include "base/crew.h"
#include "base/arena.h"
#include <pthread.h>
#include <stdatomic.h>

enum { CREW_MAX = 64, HANDFULS = 4 }; /* handfuls a member, so that none waits long for the slowest */

typedef struct Member {
    Crew *crew;
    size_t number;
    pthread_t thread;
} Member;

struct Crew {
    ananke_allocator allocator;
    pthread_mutex_t turn; /* one round at a time */
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t begun, ended;
    uint64_t round;
    size_t busy; /* members that have not finished the round */
    bool is_over;
    Job *job;
    void *data;
    size_t count, handful;
    atomic_size_t next;
    atomic_bool failed;
    size_t size; /* members and the caller */
    Member members[CREW_MAX];
};

static void work(Crew *self, size_t number) {
    for (;;) {
        size_t from = atomic_fetch_add(&self->next, self->handful), to = from + self->handful;
        if (from >= self->count) return;
        for (size_t i = from; i < to && i < self->count; i++) {
            if (!self->job(self->data, i, number)) atomic_store(&self->failed, true);
        }
    }
}

static void *serve(void *argument) {
    Member *member = argument;
    Crew *self = member->crew;
    uint64_t seen = 0;
    pthread_mutex_lock(&self->lock);
    for (;;) {
        while (self->round == seen && !self->is_over) pthread_cond_wait(&self->begun, &self->lock);
        if (self->is_over) break;
        seen = self->round;
        pthread_mutex_unlock(&self->lock);
        work(self, member->number);
        pthread_mutex_lock(&self->lock);
        if (--self->busy == 0) pthread_cond_signal(&self->ended);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

Crew *ak_crew_new(const ananke_context *context) {
    ananke_allocator allocator = context && context->allocator ? *context->allocator : ak_allocator_default();
    Crew *self = allocator.resize(allocator.data, NULL, 0, sizeof *self);
    if (!self) return NULL;
    *self = (Crew){.allocator = allocator, .size = 1};
    pthread_mutex_init(&self->turn, NULL), pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->begun, NULL), pthread_cond_init(&self->ended, NULL);
    size_t wanted = ak_queue_workers(context, CREW_MAX);
    while (self->size < wanted) {
        Member *member = &self->members[self->size];
        *member = (Member){.crew = self, .number = self->size};
        if (pthread_create(&member->thread, NULL, serve, member) != 0) break;
        self->size++;
    }
    return self;
}

void ak_crew_free(Crew *self) {
    if (!self) return;
    pthread_mutex_lock(&self->lock);
    self->is_over = true;
    pthread_cond_broadcast(&self->begun);
    pthread_mutex_unlock(&self->lock);
    for (size_t i = 1; i < self->size; i++) pthread_join(self->members[i].thread, NULL);
    pthread_cond_destroy(&self->begun), pthread_cond_destroy(&self->ended);
    pthread_mutex_destroy(&self->turn), pthread_mutex_destroy(&self->lock);
    ananke_allocator allocator = self->allocator;
    allocator.resize(allocator.data, self, sizeof *self, 0);
}

size_t ak_crew_size(const Crew *self) {
    return self->size;
}

bool ak_crew_run(Crew *self, size_t count, Job *job, void *data) {
    pthread_mutex_lock(&self->turn);
    pthread_mutex_lock(&self->lock);
    self->job = job, self->data = data, self->count = count;
    self->handful = count / (self->size * HANDFULS) + 1;
    atomic_store(&self->next, 0);
    atomic_store(&self->failed, false);
    bool is_shared = self->size > 1 && count > 1;
    if (is_shared) self->round++, self->busy = self->size - 1, pthread_cond_broadcast(&self->begun);
    pthread_mutex_unlock(&self->lock);
    work(self, 0);
    pthread_mutex_lock(&self->lock);
    while (is_shared && self->busy) pthread_cond_wait(&self->ended, &self->lock);
    pthread_mutex_unlock(&self->lock);
    bool failed = atomic_load(&self->failed);
    pthread_mutex_unlock(&self->turn);
    return !failed;
}
