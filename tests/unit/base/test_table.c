/* Tables against a plain list of pairs, and with readers beside the writer. */
#include "../test.h"
#include "base/table.h"
#include <pthread.h>

enum { COUNT = 20000 };

/* Never 0, and all different: an odd factor permutes the numbers. */
static uint64_t key_of(uint32_t i) {
    return (i + UINT64_C(1)) * UINT64_C(0xD1342543DE82EF95);
}
static uint32_t value_of(uint32_t i) {
    return i * 3 + 1;
}

TEST(an_empty_table_finds_nothing) {
    IGNORE_STATE;
    Table table = {0};
    assert_int_equal(ak_table_find(&table, 1), 0);
    assert_int_equal(ak_table_find(&table, UINT64_MAX), 0);
}

TEST(every_key_has_its_value_and_no_other_key_is_there) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Table table = {0};
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(ak_table_find(&table, key_of(i)), 0);
        assert_true(ak_table_add(&table, &arena, key_of(i), value_of(i)));
        assert_int_equal(ak_table_find(&table, key_of(i / 2)), value_of(i / 2));
    }
    assert_int_equal(table.count, COUNT);
    for (uint32_t i = 0; i < COUNT; i++) assert_int_equal(ak_table_find(&table, key_of(i)), value_of(i));
    for (uint32_t i = COUNT; i < 2 * COUNT; i++) assert_int_equal(ak_table_find(&table, key_of(i)), 0);
    ak_arena_free(&arena);
}

TEST(random_keys_that_come_close_together_equal_a_plain_list) {
    IGNORE_STATE;
    enum { KEYS = 1000, TRIES = 20000 };
    uint32_t twin[KEYS] = {0}, seed = 1;
    Arena arena = ak_arena(NULL);
    Table table = {0};
    for (uint32_t i = 1; i <= TRIES; i++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t key = 1 + (seed >> 8) % (KEYS - 1);
        assert_int_equal(ak_table_find(&table, key), twin[key]);
        if (twin[key] || i % 4) continue;
        assert_true(ak_table_add(&table, &arena, key, i));
        twin[key] = i;
    }
    for (uint32_t key = 1; key < KEYS; key++) assert_int_equal(ak_table_find(&table, key), twin[key]);
    ak_arena_free(&arena);
}

TEST(what_an_older_reader_holds_still_finds_what_it_had) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Table table = {0}, older = {0};
    for (uint32_t i = 0; i < 20; i++) assert_true(ak_table_add(&table, &arena, key_of(i), value_of(i)));
    atomic_store(&older.slots, atomic_load(&table.slots));
    for (uint32_t i = 20; i < 1000; i++) assert_true(ak_table_add(&table, &arena, key_of(i), value_of(i)));
    assert_ptr_not_equal(atomic_load(&older.slots), atomic_load(&table.slots));
    for (uint32_t i = 0; i < 20; i++) assert_int_equal(ak_table_find(&older, key_of(i)), value_of(i));
    ak_arena_free(&arena);
}

TEST(without_memory_nothing_is_added) {
    IGNORE_STATE;
    ananke_context context = {.memory_limit = 20000};
    Arena arena = ak_arena(&context);
    Table table = {0};
    uint32_t count = 0;
    while (ak_table_add(&table, &arena, key_of(count), value_of(count))) count++;
    assert_false(ak_arena_ok(&arena));
    assert_int_equal(table.count, count);
    for (uint32_t i = 0; i < count; i++) assert_int_equal(ak_table_find(&table, key_of(i)), value_of(i));
    assert_int_equal(ak_table_find(&table, key_of(count)), 0);
    ak_arena_free(&arena);
}

/* ---- Threads */

typedef struct Shared {
    Table table;
    _Atomic uint32_t added; /* keys that are certain to be there */
    _Atomic uint32_t wrong, started;
} Shared;

/* What was announced is found; what was not has its value or is not there yet. */
static void *read_along(void *data) {
    Shared *self = data;
    uint32_t added = 0, seed = 7;
    atomic_fetch_add(&self->started, 1);
    while (added < COUNT) {
        added = atomic_load_explicit(&self->added, memory_order_acquire);
        for (int round = 0; round < 100; round++) {
            seed = seed * 1664525 + 1013904223;
            uint32_t i = (seed >> 8) % COUNT, found = ak_table_find(&self->table, key_of(i));
            if (found != value_of(i) && (found || i < added)) atomic_fetch_add(&self->wrong, 1);
        }
    }
    return NULL;
}

TEST(readers_need_no_lock_beside_one_writer) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    static Shared shared;
    pthread_t readers[2];
    for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&readers[i], NULL, read_along, &shared), 0);
    while (atomic_load(&shared.started) < 2) {}
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true(ak_table_add(&shared.table, &arena, key_of(i), value_of(i)));
        atomic_store_explicit(&shared.added, i + 1, memory_order_release);
    }
    for (int i = 0; i < 2; i++) pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&shared.wrong), 0);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_table_finds_nothing),
        cmocka_unit_test(every_key_has_its_value_and_no_other_key_is_there),
        cmocka_unit_test(random_keys_that_come_close_together_equal_a_plain_list),
        cmocka_unit_test(what_an_older_reader_holds_still_finds_what_it_had),
        cmocka_unit_test(without_memory_nothing_is_added),
        cmocka_unit_test(readers_need_no_lock_beside_one_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
