/* A round is parted into as many shares as there are members. Each does its own, a handful at once, and then helps with
 * the others': where items are the same from round to round, what they touch stays in one processor's cache. Behind a round they watch for the next one for
 * some ten microseconds and then sleep: waking a thread takes longer than many a round. Nobody waits for a member that
 * did not wake in time. */
#include "base/crew.h"
#include "base/arena.h"
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum {
    CREW_MAX = 64,
    HANDFULS = 16, /* a share, so that none waits long for the slowest */
    WATCHES = 2000 /* looks at what is awaited before sleeping; each takes some ten nanoseconds */
};

typedef struct Member {
    atomic_size_t next; /* item of its share that nobody has taken yet */
    size_t end;         /* of the share */
    char apart[64];     /* no two members' items in one cache line */
    Crew *crew;
    size_t number;
    pthread_t thread;
} Member; /* members[0] is the caller's share only */

struct Crew {
    ananke_allocator allocator;
    pthread_mutex_t turn;  /* one round at a time */
    pthread_mutex_t sleep; /* of those who wait for the conditions */
    pthread_cond_t begun, ended;
    atomic_uint_fast64_t round; /* number of the one that members may join; 0: none */
    atomic_size_t joined;       /* members that are in it */
    atomic_size_t asleep;       /* members that wait for it to begin */
    atomic_bool is_over;
    int watches; /* 0 where more threads than processors would take turns */
    uint64_t rounds;
    Job *job;
    void *data;
    size_t handful;
    atomic_bool failed;
    size_t size; /* members and the caller */
    Member members[CREW_MAX];
};

static void do_share(Crew *self, Member *owner, size_t number) {
    for (;;) {
        size_t from = atomic_fetch_add(&owner->next, self->handful), to = from + self->handful;
        if (from >= owner->end) return;
        for (size_t i = from; i < to && i < owner->end; i++) {
            if (!self->job(self->data, i, number)) atomic_store(&self->failed, true);
        }
    }
}

static void work(Crew *self, size_t number) {
    for (size_t i = 0; i < self->size; i++) do_share(self, &self->members[(number + i) % self->size], number);
}

static void part(Crew *self, size_t count) {
    size_t share = count / self->size, rest = count % self->size, from = 0;
    for (size_t i = 0; i < self->size; i++) {
        atomic_store(&self->members[i].next, from);
        self->members[i].end = from += share + (i < rest);
    }
    self->handful = share / HANDFULS + 1;
}

/* Tells the processor that nothing is done but waiting. */
static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool has_news(Crew *self, uint64_t seen) {
    uint64_t round = atomic_load(&self->round);
    return (round && round != seen) || atomic_load(&self->is_over);
}

/* Waits until there is another round than `seen`, or never will be. */
static void await_round(Crew *self, uint64_t seen) {
    for (int i = 0; i < self->watches; i++) {
        if (has_news(self, seen)) return;
        relax();
    }
    pthread_mutex_lock(&self->sleep);
    atomic_fetch_add(&self->asleep, 1);
    while (!has_news(self, seen)) pthread_cond_wait(&self->begun, &self->sleep);
    atomic_fetch_sub(&self->asleep, 1);
    pthread_mutex_unlock(&self->sleep);
}

/* What a round is about may be read only while it counts the reader in: its caller waits for those. */
static bool join(Crew *self, uint64_t round) {
    atomic_fetch_add(&self->joined, 1);
    return round && atomic_load(&self->round) == round;
}

static void leave(Crew *self) {
    if (atomic_fetch_sub(&self->joined, 1) != 1) return;
    pthread_mutex_lock(&self->sleep);
    pthread_cond_signal(&self->ended);
    pthread_mutex_unlock(&self->sleep);
}

static void *serve(void *argument) {
    Member *member = argument;
    Crew *self = member->crew;
    for (uint64_t seen = 0;;) {
        await_round(self, seen);
        if (atomic_load(&self->is_over)) return NULL;
        uint64_t round = atomic_load(&self->round);
        if (join(self, round)) work(self, member->number), seen = round;
        leave(self);
    }
}

static void wake(Crew *self) {
    if (!atomic_load(&self->asleep)) return;
    pthread_mutex_lock(&self->sleep);
    pthread_cond_broadcast(&self->begun);
    pthread_mutex_unlock(&self->sleep);
}

Crew *ak_crew_new(const ananke_context *context) {
    ananke_allocator allocator = context && context->allocator ? *context->allocator : ak_allocator_default();
    Crew *self = allocator.resize(allocator.data, NULL, 0, sizeof *self);
    if (!self) return NULL;
    *self = (Crew){.allocator = allocator, .size = 1};
    pthread_mutex_init(&self->turn, NULL), pthread_mutex_init(&self->sleep, NULL);
    pthread_cond_init(&self->begun, NULL), pthread_cond_init(&self->ended, NULL);
    size_t wanted = ak_queue_workers(context, CREW_MAX);
    if ((long)wanted <= sysconf(_SC_NPROCESSORS_ONLN)) self->watches = WATCHES;
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
    atomic_store(&self->is_over, true);
    wake(self);
    for (size_t i = 1; i < self->size; i++) pthread_join(self->members[i].thread, NULL);
    pthread_cond_destroy(&self->begun), pthread_cond_destroy(&self->ended);
    pthread_mutex_destroy(&self->turn), pthread_mutex_destroy(&self->sleep);
    ananke_allocator allocator = self->allocator;
    allocator.resize(allocator.data, self, sizeof *self, 0);
}

size_t ak_crew_size(const Crew *self) {
    return self->size;
}

/* Until all who joined have left. */
static void await_end(Crew *self) {
    for (int i = 0; i < self->watches; i++) {
        if (!atomic_load(&self->joined)) return;
        relax();
    }
    pthread_mutex_lock(&self->sleep);
    while (atomic_load(&self->joined)) pthread_cond_wait(&self->ended, &self->sleep);
    pthread_mutex_unlock(&self->sleep);
}

bool ak_crew_run(Crew *self, size_t count, Job *job, void *data) {
    pthread_mutex_lock(&self->turn);
    self->job = job, self->data = data;
    part(self, count);
    atomic_store(&self->failed, false);
    if (self->size > 1 && count > 1) {
        atomic_store(&self->round, ++self->rounds);
        wake(self);
    }
    work(self, 0);
    atomic_store(&self->round, 0);
    await_end(self);
    bool failed = atomic_load(&self->failed);
    pthread_mutex_unlock(&self->turn);
    return !failed;
}
