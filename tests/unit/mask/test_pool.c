/* Batches: the same masks as one by one, also where a row cannot be filled. */
#include "../test.h"
#include <ananke/pool.h>

enum { COUNT = 61, WORDS = 9, STRIDE = 10 };

typedef struct Fixture {
    ananke_vocab *vocab;
    ananke_program *program;
    ananke_matcher *matchers[COUNT];
    ananke_pool *pool;
    uint32_t rows[COUNT * STRIDE];
} Fixture;

static void open_batch(Fixture *self, uint32_t threads) {
    static const char grammar[] = "start: (/[a-z]+/ \"(\" start \")\" | /[0-9]+/)*\n%ignore / +/\n";
    ananke_error err = {0};
    ananke_context context = {.threads = threads};
    assert_non_null(self->vocab = ananke_vocab_load("bytes", NULL, &err));
    assert_non_null(self->program = ananke_program_from_lark(grammar, sizeof grammar - 1, self->vocab, NULL, &err));
    for (size_t i = 0; i < COUNT; i++) {
        assert_non_null(self->matchers[i] = ananke_matcher_new(self->program, &err));
        assert_true(ananke_matcher_consume_bytes(self->matchers[i], (const uint8_t *)"ab ( 12 c(", i % 11, &err));
    }
    assert_non_null(self->pool = ananke_pool_new(&context, &err));
}

static void close_batch(Fixture *self) {
    ananke_pool_free(self->pool);
    for (size_t i = 0; i < COUNT; i++) ananke_matcher_free(self->matchers[i]);
    ananke_program_free(self->program);
    ananke_vocab_free(self->vocab);
}

TEST(a_batch_equals_one_by_one_round_after_round) {
    IGNORE_STATE;
    ananke_error err = {0};
    static Fixture self;
    uint32_t row[WORDS];
    for (uint32_t threads = 1; threads <= 4; threads += 3) {
        open_batch(&self, threads);
        assert_int_equal(ananke_pool_size(self.pool), threads);
        for (int round = 0; round < 20; round++) {
            memset(self.rows, 0xAA, sizeof self.rows);
            assert_true(ananke_pool_fill_masks(self.pool, self.matchers, COUNT, self.rows, STRIDE, NULL, &err));
            for (size_t i = 0; i < COUNT; i++) {
                assert_true(ananke_matcher_fill_mask(self.matchers[i], row, WORDS, &err));
                assert_memory_equal(row, self.rows + i * STRIDE, sizeof row);
            }
        }
        close_batch(&self);
    }
}

TEST(rows_that_are_too_short_are_an_error_for_each) {
    IGNORE_STATE;
    ananke_error err = {0};
    static Fixture self;
    bool filled[COUNT];
    open_batch(&self, 3);
    assert_true(ananke_pool_fill_masks(self.pool, self.matchers, 0, self.rows, STRIDE, NULL, &err));
    assert_false(ananke_pool_fill_masks(self.pool, self.matchers, COUNT, self.rows, WORDS - 1, filled, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    for (size_t i = 0; i < COUNT; i++) assert_false(filled[i]);
    close_batch(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_equals_one_by_one_round_after_round),
        cmocka_unit_test(rows_that_are_too_short_are_an_error_for_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
