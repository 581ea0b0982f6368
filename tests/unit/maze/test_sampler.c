/* The sampler against plain arithmetic: what it may draw, how often, and what it says of the mask. */
#include "../test.h"
#include "base/bitset.h"
#include "maze/sampler.h"
#include <math.h>
#include <stdlib.h>

enum { SIZE = 100 };

static Arena arena;

static Sampler make(float temperature, float top_p, uint64_t seed) {
    Sampler sampler;
    assert_true(ak_sampler_init(&sampler, &arena, SIZE, temperature, top_p, seed));
    return sampler;
}

static uint32_t draw(Sampler *sampler, const float *logits, const uint32_t *allowed) {
    Sample sample;
    assert_true(ak_sampler_draw(sampler, logits, allowed, &sample));
    return sample.token;
}

/* Logits that fall with the id: 0 is the likeliest. */
static void falling(float logits[SIZE], float by) {
    for (int i = 0; i < SIZE; i++) logits[i] = -by * (float)i;
}

TEST(the_generator_is_splitmix64) {
    IGNORE_STATE;
    /* First numbers of seed 1234567, from the generator's published test values. */
    static const uint64_t published[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                         UINT64_C(9817491932198370423)};
    uint64_t seed = 1234567;
    for (int i = 0; i < 3; i++) assert_true(ak_sampler_uniform(&seed) == (double)(published[i] >> 11) * 0x1p-53);
}

TEST(greedy_takes_the_likeliest_allowed_token_and_the_lower_id_of_two) {
    IGNORE_STATE;
    float logits[SIZE];
    uint32_t allowed[4] = {0};
    Sampler sampler = make(0, 1, 1);
    falling(logits, 1);
    logits[60] = logits[50];
    assert_int_equal(draw(&sampler, logits, NULL), 0);
    ak_bits_set(allowed, 50), ak_bits_set(allowed, 60), ak_bits_set(allowed, 70);
    assert_int_equal(draw(&sampler, logits, allowed), 50);
}

TEST(nothing_allowed_is_no_token) {
    IGNORE_STATE;
    float logits[SIZE] = {0};
    uint32_t allowed[4] = {0};
    Sample sample;
    Sampler sampler = make(1, 1, 1);
    assert_false(ak_sampler_draw(&sampler, logits, allowed, &sample));
    for (int i = 0; i < SIZE; i++) logits[i] = NAN;
    assert_false(ak_sampler_draw(&sampler, logits, NULL, &sample));
}

TEST(masked_tokens_are_never_drawn_and_the_figures_are_the_models_own) {
    IGNORE_STATE;
    float logits[SIZE];
    uint32_t allowed[4] = {0};
    falling(logits, 0.1f);
    for (size_t i = 1; i < SIZE; i += 3) ak_bits_set(allowed, i);
    double all = 0, masked = 0;
    for (int i = 0; i < SIZE; i++) {
        all += exp(-0.1 * i);
        if (!ak_bits_get(allowed, (size_t)i)) masked += exp(-0.1 * i);
    }
    Sampler sampler = make(0.5f, 0.9f, 3);
    for (int i = 0; i < 500; i++) {
        Sample sample;
        assert_true(ak_sampler_draw(&sampler, logits, allowed, &sample));
        assert_true(ak_bits_get(allowed, sample.token));
        assert_true(sample.intervened && sample.first == 0);
        assert_true(fabs(sample.masked_mass - masked / all) < 1e-6);
    }
}

/* The nucleus the slow way: sorted (the logits fall), summed until top_p is reached. */
static uint32_t nucleus_size(float by, double top_p) {
    double all = 0, sum = 0;
    uint32_t size = 0;
    for (int i = 0; i < SIZE; i++) all += exp(-(double)by * i);
    while (sum < top_p) sum += exp(-(double)by * size++) / all;
    return size;
}

TEST(draws_stay_in_the_nucleus_and_reach_its_edge) {
    IGNORE_STATE;
    float logits[SIZE];
    falling(logits, 0.2f);
    uint32_t size = nucleus_size(0.2f, 0.8), most = 0;
    Sampler sampler = make(1, 0.8f, 5);
    for (int i = 0; i < 3000; i++) {
        uint32_t token = draw(&sampler, logits, NULL);
        if (token > most) most = token;
    }
    assert_int_equal(most, size - 1);
}

TEST(draws_follow_the_probabilities) {
    IGNORE_STATE;
    float logits[SIZE];
    int seen[SIZE] = {0};
    for (int i = 0; i < SIZE; i++) logits[i] = i < 4 ? logf((float)(i + 1)) : -INFINITY; /* 0.1 0.2 0.3 0.4 */
    Sampler sampler = make(1, 1, 11);
    for (int i = 0; i < 20000; i++) seen[draw(&sampler, logits, NULL)]++;
    for (int i = 0; i < 4; i++) assert_true(abs(seen[i] - 2000 * (i + 1)) < 250);
    assert_int_equal(seen[0] + seen[1] + seen[2] + seen[3], 20000);
}

TEST(equal_seeds_draw_equal_tokens_and_others_do_not) {
    IGNORE_STATE;
    float logits[SIZE];
    falling(logits, 0.01f);
    Sampler one = make(0.7f, 0.95f, 42), two = make(0.7f, 0.95f, 42), other = make(0.7f, 0.95f, 43);
    int differ = 0;
    for (int i = 0; i < 200; i++) {
        uint32_t token = draw(&one, logits, NULL);
        assert_int_equal(draw(&two, logits, NULL), token);
        differ += draw(&other, logits, NULL) != token;
    }
    assert_true(differ > 100);
}

TEST(a_repeated_token_loses_to_a_close_one_and_is_forgiven_later) {
    IGNORE_STATE;
    float logits[SIZE];
    for (int i = 0; i < SIZE; i++) logits[i] = -10;
    logits[7] = 1, logits[8] = 0.95f;
    Sampler sampler = make(0, 1, 1);
    assert_int_equal(draw(&sampler, logits, NULL), 7);
    ak_sampler_note(&sampler, 7);
    assert_int_equal(draw(&sampler, logits, NULL), 8);
    logits[7] = 3; /* meant so clearly, no repetition counts */
    for (int i = 0; i < 200; i++) ak_sampler_note(&sampler, 7);
    assert_int_equal(draw(&sampler, logits, NULL), 7);
    logits[7] = 1;
    for (uint32_t i = 0; i < 64; i++) ak_sampler_note(&sampler, 20 + i % 70);
    assert_int_equal(draw(&sampler, logits, NULL), 7);
}

static int stop(void **state) {
    IGNORE_STATE;
    ak_arena_free(&arena);
    return 0;
}

int main(void) {
    arena = ak_arena(NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generator_is_splitmix64),
        cmocka_unit_test(greedy_takes_the_likeliest_allowed_token_and_the_lower_id_of_two),
        cmocka_unit_test(nothing_allowed_is_no_token),
        cmocka_unit_test(masked_tokens_are_never_drawn_and_the_figures_are_the_models_own),
        cmocka_unit_test(draws_stay_in_the_nucleus_and_reach_its_edge),
        cmocka_unit_test(draws_follow_the_probabilities),
        cmocka_unit_test(equal_seeds_draw_equal_tokens_and_others_do_not),
        cmocka_unit_test(a_repeated_token_loses_to_a_close_one_and_is_forgiven_later),
    };
    return cmocka_run_group_tests_name("sampler", tests, NULL, stop);
}
