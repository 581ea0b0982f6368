/* Masks, each stored once; rows and lists against sets that a reader can follow. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/mask_pool.h"

enum { SIZE = 1000, WORDS = 32 };

typedef struct Fixture {
    Arena arena;
    MaskPool pool;
} Fixture;

static void open_pool(Fixture *self) {
    ananke_vocab vocab = {.size = SIZE};
    self->arena = ak_arena(NULL);
    assert_true(ak_mask_pool_init(&self->pool, &self->arena, &vocab, MASK_ROWS));
    assert_int_equal(self->pool.words, WORDS);
}

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

TEST(equal_masks_are_stored_once) {
    IGNORE_STATE;
    Fixture self;
    uint32_t row[WORDS] = {1, 2, 3}, ids[] = {4, 5, 6}, other[] = {4, 5, 7};
    open_pool(&self);
    uint32_t a = ak_mask_add(&self.pool, 1, (Mask){.row = row}, 0),
             b = ak_mask_add(&self.pool, 2, (Mask){.row = row}, 0),
             c = ak_mask_add(&self.pool, 3, (Mask){.ids = ids, .count = 3}, 0),
             d = ak_mask_add(&self.pool, 4, (Mask){.ids = ids, .count = 3}, 0),
             e = ak_mask_add(&self.pool, 5, (Mask){.ids = other, .count = 3}, 0);
    assert_true(a && c && e);
    assert_int_equal(a, b);
    assert_int_equal(c, d);
    assert_int_not_equal(c, e);
    assert_int_equal(self.pool.masks.count, 4);
    uint32_t expected[] = {a, b, c, d, e};
    for (uint64_t key = 1; key <= 5; key++) assert_int_equal(ak_mask_find(&self.pool, key), expected[key - 1]);
    assert_int_equal(ak_mask_find(&self.pool, 6), 0);
    ak_arena_free(&self.arena);
}

/* A list whose ids are, word for word, what a row is. */
TEST(a_list_is_no_row_though_their_bytes_are_equal) {
    IGNORE_STATE;
    Fixture self;
    uint32_t words[WORDS];
    for (uint32_t i = 0; i < WORDS; i++) words[i] = i;
    open_pool(&self);
    uint32_t row = ak_mask_add(&self.pool, 1, (Mask){.row = words}, 0),
             list = ak_mask_add(&self.pool, 2, (Mask){.ids = words, .count = WORDS}, 0);
    assert_int_not_equal(row, list);
    assert_non_null(ak_mask_get(&self.pool, row)->row);
    assert_null(ak_mask_get(&self.pool, list)->row);
    assert_int_equal(ak_mask_get(&self.pool, list)->count, WORDS);
    ak_arena_free(&self.arena);
}

TEST(the_pool_has_its_own_copy) {
    IGNORE_STATE;
    Fixture self;
    uint32_t row[WORDS] = {7}, out[WORDS];
    open_pool(&self);
    uint32_t mask = ak_mask_add(&self.pool, 1, (Mask){.row = row}, 0);
    row[0] = 8;
    ak_mask_copy(&self.pool, ak_mask_get(&self.pool, mask), out);
    assert_int_equal(out[0], 7);
    assert_int_not_equal(ak_mask_add(&self.pool, 2, (Mask){.row = row}, 0), mask);
    ak_arena_free(&self.arena);
}

TEST(the_first_mask_of_a_key_stays) {
    IGNORE_STATE;
    Fixture self;
    uint32_t a[] = {1}, b[] = {2};
    open_pool(&self);
    uint32_t first = ak_mask_add(&self.pool, 1, (Mask){.ids = a, .count = 1}, 0);
    assert_int_equal(ak_mask_add(&self.pool, 1, (Mask){.ids = b, .count = 1}, 0), first);
    uint32_t second = ak_mask_add(&self.pool, 2, (Mask){.ids = b, .count = 1}, 0);
    assert_true(ak_mask_note(&self.pool, 1, second) && ak_mask_note(&self.pool, 3, second));
    assert_int_equal(ak_mask_find(&self.pool, 1), first);
    assert_int_equal(ak_mask_find(&self.pool, 3), second);
    ak_arena_free(&self.arena);
}

TEST(no_token_at_all_is_a_mask_too) {
    IGNORE_STATE;
    Fixture self;
    uint32_t none[1] = {0}, out[WORDS] = {1, 2, 3};
    open_pool(&self);
    uint32_t mask = ak_mask_add(&self.pool, 1, (Mask){.ids = none}, 0);
    assert_true(mask);
    ak_mask_or(&self.pool, ak_mask_get(&self.pool, mask), out);
    assert_int_equal(out[1], 2);
    ak_mask_copy(&self.pool, ak_mask_get(&self.pool, mask), out);
    assert_int_equal(ak_bits_count(out, WORDS), 0);
    ak_arena_free(&self.arena);
}

/* ---- Rows and lists against a set of bools */

/* A random mask of one of three kinds, as a list when that has room, and its twin: one of its own, or a few changes of the
 * twin that was there. */
static uint32_t random_mask(Fixture *self, uint64_t key, bool *twin) {
    uint32_t ids[SIZE], row[WORDS] = {0}, count = 0, share = 2 + dice(400);
    bool is_change = key > 1 && dice(4);
    for (uint32_t id = 0; id < SIZE && !is_change; id++) twin[id] = dice(share) == 0;
    for (uint32_t i = 0, changes = dice(2 * MASK_CHANGES_MAX); i < changes && is_change; i++)
        twin[dice(SIZE)] = dice(2);
    for (uint32_t id = 0; id < SIZE; id++) {
        if (twin[id]) ids[count++] = id, ak_bits_set(row, id);
    }
    bool is_list = count <= ak_mask_list_limit(&self->pool);
    Mask mask = is_list ? (Mask){.ids = ids, .count = count} : (Mask){.row = row};
    uint32_t kind = dice(3), made = ak_mask_add(&self->pool, key, mask, kind);
    assert_true(made);
    bool is_short = count <= ak_mask_short_limit(&self->pool);
    if (is_short || !is_list) assert_int_equal(ak_mask_is_list(ak_mask_get(&self->pool, made)), is_list);
    if (!is_list && !kind) assert_int_equal(ak_mask_get(&self->pool, made)->count, 0);
    assert_int_equal(ak_mask_add(&self->pool, key + 1000, mask, kind), made);
    return made;
}

static void random_row(uint32_t *row) {
    for (uint32_t w = 0; w < WORDS; w++) row[w] = dice(1 << 16) << 16 | dice(1 << 16);
}

TEST(a_mask_like_another_of_its_kind_is_stored_as_its_changes) {
    IGNORE_STATE;
    Fixture self;
    uint32_t row[WORDS], like[WORDS], out[WORDS];
    open_pool(&self);
    for (uint32_t w = 0; w < WORDS; w++) row[w] = like[w] = UINT32_MAX - w;
    like[3] = 0, like[31] ^= 1;
    uint32_t first = ak_mask_add(&self.pool, 1, (Mask){.row = row}, 1),
             second = ak_mask_add(&self.pool, 2, (Mask){.row = like}, 1),
             whole = ak_mask_add(&self.pool, 3, (Mask){.row = like}, 0);
    const Mask *mask = ak_mask_get(&self.pool, second);
    assert_ptr_equal(mask->row, ak_mask_get(&self.pool, first)->row);
    assert_int_equal(mask->dropped, 30);
    assert_int_equal(mask->count, 31);
    assert_int_not_equal(whole, second);
    assert_int_equal(ak_mask_get(&self.pool, whole)->count, 0);
    ak_mask_copy(&self.pool, mask, out);
    assert_memory_equal(out, like, sizeof like);
    ak_arena_free(&self.arena);
}

/* The whole row of a mask that is stored as changes elsewhere, given with what is left of these. */
TEST(a_row_has_one_hash_whatever_it_is_compared_with) {
    IGNORE_STATE;
    Fixture self;
    uint32_t row[WORDS], changed[WORDS], other[WORDS];
    open_pool(&self);
    for (uint32_t w = 0; w < WORDS; w++) row[w] = dice(UINT32_MAX);
    memcpy(changed, row, sizeof row);
    changed[0] ^= 1, changed[7] ^= 1u << 31, changed[WORDS - 1] ^= 6;
    assert_true(ak_mask_intern(&self.pool, (Mask){.row = row}, 1));
    uint32_t mask = ak_mask_intern(&self.pool, (Mask){.row = changed}, 1);
    assert_int_equal(ak_mask_get(&self.pool, mask)->count, 4);
    for (int i = 0; i < MASK_BASES; i++) {
        for (uint32_t w = 0; w < WORDS; w++) other[w] = dice(UINT32_MAX);
        assert_true(ak_mask_intern(&self.pool, (Mask){.row = other}, 1));
    }
    assert_int_equal(ak_mask_intern(&self.pool, (Mask){.row = changed}, 1), mask);
    assert_int_equal(ak_mask_intern(&self.pool, (Mask){.row = changed, .hash = ak_mask_get(&self.pool, mask)->hash}, 1),
                     mask);
    ak_arena_free(&self.arena);
}

TEST(a_row_is_stored_without_the_changes_that_it_came_with) {
    IGNORE_STATE;
    Fixture self;
    uint32_t row[WORDS] = {7}, ids[] = {0, 1, 40}, out[WORDS] = {0};
    open_pool(&self);
    uint32_t mask = ak_mask_intern(&self.pool, (Mask){.row = row, .ids = ids, .count = 3, .dropped = 2}, 1);
    ak_mask_or(&self.pool, ak_mask_get(&self.pool, mask), out);
    assert_memory_equal(out, row, sizeof row);
    ak_arena_free(&self.arena);
}

TEST(rows_behind_the_first_ones_are_stored_as_blocks_but_for_those_that_are_to_be_rows) {
    IGNORE_STATE;
    Fixture self;
    uint32_t row[WORDS], out[WORDS];
    open_pool(&self);
    for (uint32_t i = 1; i <= 2 * MASK_ROWS; i++) {
        random_row(row);
        const Mask *mask = ak_mask_get(&self.pool, ak_mask_add(&self.pool, 2 * i, (Mask){.row = row}, 0));
        assert_int_equal(mask->row != NULL, i <= MASK_ROWS);
        assert_int_equal(mask->blocks != NULL, i > MASK_ROWS);
        ak_mask_copy(&self.pool, mask, out);
        assert_memory_equal(out, row, sizeof row);
        uint32_t as_row = ak_mask_add(&self.pool, 2 * i + 1, (Mask){.row = row}, MASK_KIND_ROW);
        assert_memory_equal(ak_mask_get(&self.pool, as_row)->row, row, sizeof row);
        assert_int_equal(ak_mask_intern(&self.pool, (Mask){.row = row}, 0), ak_mask_find(&self.pool, 2 * i));
    }
    ak_arena_free(&self.arena);
}

TEST(long_lists_are_stored_as_blocks_where_there_are_such) {
    IGNORE_STATE;
    Fixture self;
    uint32_t row[WORDS], out[WORDS], ids[] = {900, 3, 40, 41, 500};
    open_pool(&self);
    uint32_t before = ak_mask_intern(&self.pool, (Mask){.ids = ids, .count = 4}, 0);
    while (self.pool.rows_left) random_row(row), assert_true(ak_mask_intern(&self.pool, (Mask){.row = row}, 0));
    uint32_t list = ak_mask_intern(&self.pool, (Mask){.ids = ids, .count = 5}, 0);
    assert_true(ak_mask_is_list(ak_mask_get(&self.pool, before)) && ak_mask_get(&self.pool, list)->blocks);
    assert_int_equal(ak_mask_intern(&self.pool, (Mask){.ids = ids, .count = 4}, 0), before);
    assert_int_equal(ak_mask_intern(&self.pool, (Mask){.ids = ids, .count = 5}, 0), list);
    assert_true(
        ak_mask_is_list(ak_mask_get(&self.pool, ak_mask_intern(&self.pool, (Mask){.ids = ids, .count = 2}, 0))));
    ak_mask_copy(&self.pool, ak_mask_get(&self.pool, list), out);
    for (uint32_t i = 0; i < 5; i++) assert_true(ak_bits_get(out, ids[i]));
    assert_int_equal(ak_bits_count(out, WORDS), 5);
    ak_arena_free(&self.arena);
}

TEST(copy_or_and_or_within_equal_a_twin) {
    IGNORE_STATE;
    Fixture self;
    int lists = 0, changed = 0, blocked = 0;
    bool twin[SIZE];
    open_pool(&self);
    for (uint64_t key = 1; key <= 400; key++) {
        uint32_t copied[WORDS], or [WORDS], before[WORDS], within[WORDS], or_within[WORDS];
        const Mask *mask = ak_mask_get(&self.pool, random_mask(&self, key, twin));
        lists += ak_mask_is_list(mask), changed += mask->row && mask->count, blocked += mask->blocks != NULL;
        random_row(copied), random_row(before), random_row(within);
        memcpy(or, before, sizeof or), memcpy(or_within, before, sizeof before);
        ak_mask_copy(&self.pool, mask, copied);
        ak_mask_or(&self.pool, mask, or);
        ak_mask_or_within(&self.pool, mask, within, or_within);
        for (uint32_t id = 0; id < SIZE; id++) {
            assert_int_equal(ak_bits_get(copied, id), twin[id]);
            assert_int_equal(ak_bits_get(or, id), twin[id] || ak_bits_get(before, id));
            assert_int_equal(ak_bits_get(or_within, id),
                             (twin[id] && ak_bits_get(within, id)) || ak_bits_get(before, id));
        }
    }
    assert_true(lists > 5 && lists < 360);
    assert_true(changed > 10 && blocked > 40);
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_masks_are_stored_once),
        cmocka_unit_test(a_list_is_no_row_though_their_bytes_are_equal),
        cmocka_unit_test(the_pool_has_its_own_copy),
        cmocka_unit_test(the_first_mask_of_a_key_stays),
        cmocka_unit_test(no_token_at_all_is_a_mask_too),
        cmocka_unit_test(a_mask_like_another_of_its_kind_is_stored_as_its_changes),
        cmocka_unit_test(a_row_has_one_hash_whatever_it_is_compared_with),
        cmocka_unit_test(a_row_is_stored_without_the_changes_that_it_came_with),
        cmocka_unit_test(rows_behind_the_first_ones_are_stored_as_blocks_but_for_those_that_are_to_be_rows),
        cmocka_unit_test(long_lists_are_stored_as_blocks_where_there_are_such),
        cmocka_unit_test(copy_or_and_or_within_equal_a_twin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
