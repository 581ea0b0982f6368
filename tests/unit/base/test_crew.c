/* Crews: every item once, whoever does it. */
#include "../test.h"
#include "base/crew.h"
#include <stdatomic.h>

enum { COUNT = 1000 };

typedef struct Tally {
    atomic_int done[COUNT];
    size_t workers;
} Tally;

static bool count_item(void *data, size_t index, size_t worker) {
    Tally *tally = data;
    atomic_fetch_add(&tally->done[index], 1);
    return worker < tally->workers && index != COUNT - 1;
}

TEST(every_item_is_done_once_in_every_round) {
    IGNORE_STATE;
    static Tally tally;
    for (uint32_t threads = 1; threads <= 5; threads += 2) {
        ananke_context context = {.threads = threads};
        Crew *crew = ak_crew_new(&context);
        assert_non_null(crew);
        tally.workers = ak_crew_size(crew);
        assert_int_equal(tally.workers, threads);
        for (size_t count = 0; count < COUNT; count = count * 3 + 1) {
            memset(&tally.done, 0, sizeof tally.done);
            assert_true(ak_crew_run(crew, count, count_item, &tally));
            for (size_t i = 0; i < COUNT; i++) assert_int_equal(atomic_load(&tally.done[i]), i < count);
        }
        ak_crew_free(crew);
    }
}

TEST(a_failure_is_told_and_stops_nobody) {
    IGNORE_STATE;
    static Tally tally;
    ananke_context context = {.threads = 3};
    Crew *crew = ak_crew_new(&context);
    tally.workers = 3;
    memset(&tally.done, 0, sizeof tally.done);
    assert_false(ak_crew_run(crew, COUNT, count_item, &tally));
    for (size_t i = 0; i < COUNT; i++) assert_int_equal(atomic_load(&tally.done[i]), 1);
    assert_true(ak_crew_run(crew, COUNT - 1, count_item, &tally));
    ak_crew_free(crew);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_done_once_in_every_round),
        cmocka_unit_test(a_failure_is_told_and_stops_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
