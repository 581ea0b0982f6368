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

/* Keys that one bucket has, whatever the number of buckets: they come to lie in further lines, and are split only in the end. */
TEST(keys_that_share_a_bucket_are_found_in_further_lines) {
    IGNORE_STATE;
    enum { KEYS = 60, OTHERS = 4000 };
    uint64_t shared[KEYS], count = 0;
    Arena arena = ak_arena(NULL);
    Table table = {0};
    for (uint64_t key = 1; count < KEYS; key++) {
        if (ak_table_bucket(key, 1024) == 7) shared[count++] = key;
    }
    for (uint32_t i = 0; i < KEYS; i++) assert_true(ak_table_add(&table, &arena, shared[i], i + 1));
    for (uint32_t i = 0; i < OTHERS; i++) {
        uint64_t key = key_of(i) | UINT64_C(1) << 63;
        if (!ak_table_find(&table, key)) assert_true(ak_table_add(&table, &arena, key, 1));
        uint32_t asked = i % KEYS;
        assert_int_equal(ak_table_find(&table, shared[asked]), asked + 1);
    }
    for (uint32_t i = 0; i < KEYS; i++) assert_int_equal(ak_table_find(&table, shared[i]), i + 1);
    ak_arena_free(&arena);
}

TEST(a_bucket_more_moves_keys_of_one_other_only) {
    IGNORE_STATE;
    for (uint32_t buckets = 16; buckets < 200; buckets++) {
        uint32_t from = UINT32_MAX;
        for (uint32_t i = 0; i < 2000; i++) {
            uint32_t before = ak_table_bucket(key_of(i), buckets), after = ak_table_bucket(key_of(i), buckets + 1);
            assert_true(before < buckets && (after == before || after == buckets));
            if (after == before) continue;
            assert_true(from == UINT32_MAX || from == before);
            from = before;
        }
    }
}

/* What is outgrown lies about nowhere: a table takes some 25 bytes for a key. */
TEST(a_table_takes_little_more_than_its_keys) {
    IGNORE_STATE;
    enum { KEYS = 300000 };
    Arena arena = ak_arena(NULL);
    Table table = {0};
    for (uint32_t i = 0; i < KEYS; i++) assert_true(ak_table_add(&table, &arena, key_of(i), value_of(i)));
    TableLines *lines = atomic_load(&table.lines);
    assert_true((lines->lines.count + lines->more.count) * sizeof(TableLine) < KEYS * (size_t)26);
    ak_arena_free(&arena);
}

TEST(without_memory_nothing_is_added) {
    IGNORE_STATE;
    ananke_context context = {.memory_limit = 40000};
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
        cmocka_unit_test(keys_that_share_a_bucket_are_found_in_further_lines),
        cmocka_unit_test(a_bucket_more_moves_keys_of_one_other_only),
        cmocka_unit_test(a_table_takes_little_more_than_its_keys),
        cmocka_unit_test(without_memory_nothing_is_added),
        cmocka_unit_test(readers_need_no_lock_beside_one_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
