/* Rows as blocks against the rows themselves, of lengths that are no whole number of blocks, too. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/mask_blocks.h"

enum { WORDS_MAX = 5 * BLOCK_WORDS, ROWS = 200 };

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* Most rows are like the one before. */
static void change(uint32_t *row, uint32_t words) {
    for (uint32_t i = dice(3); i > 0; i--) row[dice(words)] ^= UINT32_C(1) << dice(32);
    if (dice(20) == 0) memset(row, 0, words * sizeof *row);
}

static void compare(const MaskBlocks *blocks, const uint32_t *numbers, const uint32_t *row, uint32_t words) {
    uint32_t copy[WORDS_MAX + 1], other[WORDS_MAX], within[WORDS_MAX], twin[WORDS_MAX];
    copy[words] = 77;
    ak_mask_blocks_copy(blocks, numbers, copy);
    assert_memory_equal(copy, row, words * sizeof *row);
    assert_int_equal(copy[words], 77);
    assert_true(ak_mask_blocks_equal(blocks, numbers, row));
    for (uint32_t w = 0; w < words; w++) other[w] = dice(1 << 24), within[w] = dice(1 << 24) * 256u + dice(256);
    memcpy(twin, other, sizeof twin), memcpy(copy, other, sizeof other);
    for (uint32_t w = 0; w < words; w++) twin[w] |= row[w] & within[w];
    ak_mask_blocks_or_within(blocks, numbers, within, copy);
    assert_memory_equal(copy, twin, words * sizeof *row);
    memcpy(copy, other, sizeof other);
    for (uint32_t w = 0; w < words; w++) twin[w] = other[w] | row[w];
    ak_mask_blocks_or(blocks, numbers, copy);
    assert_memory_equal(copy, twin, words * sizeof *row);
    memcpy(copy, row, words * sizeof *row);
    copy[dice(words)] ^= 8;
    assert_false(ak_mask_blocks_equal(blocks, numbers, copy));
}

TEST(rows_come_back_as_they_were) {
    IGNORE_STATE;
    for (uint32_t words = 1; words <= WORDS_MAX; words += 1 + dice(9)) {
        static uint32_t rows[ROWS][WORDS_MAX];
        const uint32_t *numbers[ROWS];
        uint32_t row[WORDS_MAX] = {0};
        Arena arena = ak_arena(NULL);
        MaskBlocks blocks;
        ak_mask_blocks_init(&blocks, &arena, words);
        for (uint32_t i = 0; i < ROWS; i++) {
            change(row, words);
            memcpy(rows[i], row, sizeof row);
            assert_non_null(numbers[i] = ak_mask_blocks_add(&blocks, row));
        }
        for (uint32_t i = 0; i < ROWS; i++) compare(&blocks, numbers[i], rows[i], words);
        ak_arena_free(&arena);
    }
}

TEST(a_block_is_stored_once) {
    IGNORE_STATE;
    enum { WORDS = 3 * BLOCK_WORDS };
    uint32_t row[WORDS] = {1}, other[WORDS] = {0};
    Arena arena = ak_arena(NULL);
    MaskBlocks blocks;
    ak_mask_blocks_init(&blocks, &arena, WORDS);
    memcpy(other + BLOCK_WORDS, row, sizeof row - BLOCK_WORDS * sizeof *row);
    const uint32_t *one = ak_mask_blocks_add(&blocks, row), *two = ak_mask_blocks_add(&blocks, other);
    assert_true(one && two);
    assert_true(one[0] && one[0] == two[1]);
    assert_true(!one[1] && !one[2] && !two[0] && !two[2]); /* the empty one */
    assert_int_equal(blocks.count, 2);
    ak_arena_free(&arena);
}

TEST(without_memory_nothing_is_added) {
    IGNORE_STATE;
    ananke_context context = {.memory_limit = 500000};
    Arena arena = ak_arena(&context);
    MaskBlocks blocks;
    uint32_t row[WORDS_MAX] = {0};
    ak_mask_blocks_init(&blocks, &arena, WORDS_MAX);
    do {
        for (uint32_t w = 0; w < WORDS_MAX; w++) row[w] = dice(1 << 24);
    } while (ak_mask_blocks_add(&blocks, row));
    assert_false(ak_arena_ok(&arena));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_as_they_were),
        cmocka_unit_test(a_block_is_stored_once),
        cmocka_unit_test(without_memory_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
