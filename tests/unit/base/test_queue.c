/* Work queue: each job once, on any number of workers; a failed job stops the rest. */
#include "../test.h"
#include "base/queue.h"
#include <stdatomic.h>

enum { JOBS = 1000 };

typedef struct Count {
    atomic_int runs[JOBS];
    atomic_size_t most_worker;
    size_t fail_at;
} Count;

static bool count_job(void *data, size_t index, size_t worker) {
    Count *count = data;
    atomic_fetch_add(&count->runs[index], 1);
    size_t most = atomic_load(&count->most_worker);
    while (worker > most && !atomic_compare_exchange_weak(&count->most_worker, &most, worker)) continue;
    return index != count->fail_at;
}

TEST(each_job_runs_once) {
    IGNORE_STATE;
    for (size_t workers = 1; workers <= 8; workers++) {
        static Count count;
        memset(&count, 0, sizeof count);
        count.fail_at = SIZE_MAX;
        assert_true(ak_queue_run(workers, JOBS, count_job, &count));
        for (size_t i = 0; i < JOBS; i++) assert_int_equal(atomic_load(&count.runs[i]), 1);
        assert_true(atomic_load(&count.most_worker) < workers);
    }
}

TEST(a_failed_job_stops_the_queue) {
    IGNORE_STATE;
    static Count count;
    count.fail_at = 10;
    assert_false(ak_queue_run(1, JOBS, count_job, &count));
    assert_int_equal(atomic_load(&count.runs[10]), 1);
    assert_int_equal(atomic_load(&count.runs[11]), 0);
}

TEST(workers_are_bounded_by_the_work) {
    IGNORE_STATE;
    assert_int_equal(ak_queue_workers(NULL, 0), 1);
    assert_int_equal(ak_queue_workers(&(ananke_context){.threads = 5}, 3), 3);
    assert_int_equal(ak_queue_workers(&(ananke_context){.threads = 5}, 100), 5);
    assert_true(ak_queue_workers(NULL, 1000) >= 1);
    static Count count;
    assert_true(ak_queue_run(4, 0, count_job, &count));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_job_runs_once),
        cmocka_unit_test(a_failed_job_stops_the_queue),
        cmocka_unit_test(workers_are_bounded_by_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
