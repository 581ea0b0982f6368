/* Positions in counted texts: far from the end they have one mask, near it those of tokens that still fit. test_mask_tails.c has the twin. */
#include "base/bitset.h"
#include "matcher_fixture.h"
#include "vocab/unit.h"

enum { LONGEST = 48, TOKENS = 1 + LONGEST + 1 };

/* Token n is n letters, the last one is a quote. */
static ananke_vocab *runs_of_letters(void) {
    static uint8_t letters[LONGEST];
    const uint8_t *places[TOKENS];
    size_t lengths[TOKENS];
    ananke_error err = {0};
    memset(letters, 'a', sizeof letters);
    for (uint32_t id = 0; id < TOKENS; id++) places[id] = letters, lengths[id] = id;
    places[0] = (const uint8_t *)"<end>", lengths[0] = 5;
    places[TOKENS - 1] = (const uint8_t *)"\"", lengths[TOKENS - 1] = 1;
    ananke_vocab *vocab = ananke_vocab_from_tokens(places, lengths, TOKENS, &(uint32_t){0}, 1, NULL, &err);
    assert_non_null(vocab);
    return vocab;
}

static void expect_letters(const ananke_matcher *matcher, uint32_t most, bool may_close) {
    uint32_t row[(TOKENS + 31) / 32];
    ananke_error err = {0};
    assert_true(ananke_matcher_fill_mask((ananke_matcher *)matcher, row, ak_bits_words(TOKENS), &err));
    for (uint32_t n = 1; n <= LONGEST; n++) assert_int_equal(ak_bits_get(row, n) != 0, n <= most);
    assert_int_equal(ak_bits_get(row, TOKENS - 1) != 0, may_close);
}

TEST(tokens_fit_into_what_is_left_of_a_count) {
    IGNORE_STATE;
    ananke_error err = {0};
    Fixture self = open_matcher(ananke_program_from_regex, "[a-z]{0,100}\"", runs_of_letters());
    for (uint32_t left = 100; left > 0; left--) {
        expect_letters(self.matcher, left < LONGEST ? left : LONGEST, true);
        assert_true(ananke_matcher_consume(self.matcher, 1, &err));
    }
    expect_letters(self.matcher, 0, true);
    close_matcher(&self);
}

TEST(a_least_count_closes_late) {
    IGNORE_STATE;
    ananke_error err = {0};
    Fixture self = open_matcher(ananke_program_from_regex, "[a-z]{60,}\"", runs_of_letters());
    for (uint32_t met = 0; met < 70; met++) {
        expect_letters(self.matcher, LONGEST, met >= 60);
        assert_true(ananke_matcher_consume(self.matcher, 1, &err));
    }
    close_matcher(&self);
}

TEST(far_positions_share_their_mask) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_program_stats stats;
    Fixture self = open_matcher(ananke_program_from_regex, "[a-z]{0,10000}\"", runs_of_letters());
    for (uint32_t met = 0; met < 5000; met++) {
        expect_letters(self.matcher, LONGEST, true);
        assert_true(ananke_matcher_consume(self.matcher, 1, &err));
    }
    ananke_program_stats_get(self.program, &stats);
    assert_true(stats.masks_made < 10);
    close_matcher(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(tokens_fit_into_what_is_left_of_a_count),
                                       cmocka_unit_test(a_least_count_closes_late),
                                       cmocka_unit_test(far_positions_share_their_mask)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
