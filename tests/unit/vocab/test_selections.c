/* Rows kept with a vocabulary: the same as those selected afresh, whichever thread was the first to ask, and bounded. */
#include "../failing.h"
#include "../test.h"
#include "base/bitset.h"
#include "vocab/vocab.h"
#include <pthread.h>

enum { THREADS = 4, KEYS = 1000, WORDS = 9 };

static SelectionKey key_of(uint32_t number) {
    return (SelectionKey){UINT64_C(0x9E3779B97F4A7C15) * (number / 4), GROUPS_ALL & ~(uint64_t)number, number % 4, 0};
}

typedef struct Asker {
    const ananke_vocab *vocab;
    const uint32_t *rows[KEYS];
    pthread_t thread;
} Asker;

static void *ask(void *data) {
    Asker *self = data;
    for (uint32_t k = 0; k < KEYS; k++) self->rows[k] = ak_vocab_select(self->vocab, key_of(k));
    return NULL;
}

TEST(rows_are_shared_right_and_bounded) {
    IGNORE_STATE;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    assert_non_null(vocab);
    assert_int_equal(vocab->views.words, WORDS);
    Asker *askers = calloc(THREADS, sizeof *askers);
    for (int i = 0; i < THREADS; i++) {
        askers[i].vocab = vocab;
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(askers[i].thread, NULL);
    uint32_t kept = 0;
    for (uint32_t k = 0; k < KEYS; k++) {
        const uint32_t *row = ak_vocab_select(vocab, key_of(k));
        uint32_t wanted[WORDS];
        SelectionKey key = key_of(k);
        ak_view_select(&vocab->views, &vocab->views.views[0], key.firsts, key.rests, key.limit, wanted);
        if (row) assert_memory_equal(row, wanted, sizeof wanted);
        for (int i = 0; i < THREADS; i++) assert_true(!askers[i].rows[k] || askers[i].rows[k] == row);
        kept += row != NULL;
    }
    assert_true(kept > SELECTIONS_MAX / 2 && kept <= SELECTIONS_MAX);
    free(askers);
    ananke_vocab_free(vocab);
}

TEST(without_memory_there_is_no_row) {
    IGNORE_STATE;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    assert_non_null(vocab);
    Selections rows = {0};
    Failing failing = {.left = 0};
    ananke_allocator allocator = {failing_resize, &failing};
    assert_null(ak_selection(&rows, &vocab->views, key_of(1), &allocator));
    failing.left = 1;
    assert_non_null(ak_selection(&rows, &vocab->views, key_of(1), &allocator));
    ak_selections_free(&rows, &vocab->views, &allocator);
    assert_int_equal(failing.live, 0);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_shared_right_and_bounded),
        cmocka_unit_test(without_memory_there_is_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
