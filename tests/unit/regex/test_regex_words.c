/* Word lists as expressions, against looking through the list. */
#include "../test.h"
#include "base/bitset.h"
#include "regex/regex_words.h"

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static Str random_word(Arena *arena) {
    char letters[8];
    size_t length = dice(6);
    for (size_t i = 0; i < length; i++) letters[i] = (char)(dice(9) ? 'a' + dice(2) : 0x80 + dice(3));
    return ak_arena_str(arena, (Str){letters, length});
}

static bool is_among(const Str *words, size_t count, Str word) {
    for (size_t i = 0; i < count; i++) {
        if (ak_str_equal(words[i], word)) return true;
    }
    return false;
}

TEST(exactly_the_words_match) {
    IGNORE_STATE;
    for (seed = 1; seed < 400; seed += 2) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        Str words[40], sorted[40];
        size_t count = 1 + dice(39);
        for (size_t i = 0; i < count; i++) sorted[i] = words[i] = random_word(&arena);
        assert_true(ak_exprs_init(&exprs, &arena, 1000000));
        Expr expr = ak_expr_words(&exprs, sorted, count);
        ak_exprs_seal(&exprs);
        for (size_t i = 0; i < count; i++) assert_true(ak_expr_matches(&exprs, expr, words[i]));
        for (int i = 0; i < 100; i++) {
            Str word = random_word(&arena);
            assert_int_equal(ak_expr_matches(&exprs, expr, word), is_among(words, count, word));
        }
        ak_arena_free(&arena);
    }
}

TEST(extensions_are_all_bytes_behind_a_word_that_begins_another) {
    IGNORE_STATE;
    for (seed = 1; seed < 400; seed += 2) {
        Arena arena = ak_arena(NULL);
        Str words[40];
        ByteSet wanted = {0}, found = {0};
        size_t count = 1 + dice(39);
        for (size_t i = 0; i < count; i++) words[i] = random_word(&arena);
        for (size_t i = 0; i < count * count; i++) {
            Str shorter = words[i / count], longer = words[i % count];
            if (shorter.length && shorter.length < longer.length && ak_str_starts(longer, shorter))
                ak_bits_set(wanted.words, (uint8_t)longer.data[shorter.length]);
        }
        assert_true(ak_words_extensions(words, count, &arena, &found));
        assert_memory_equal(&found, &wanted, sizeof wanted);
        ak_arena_free(&arena);
    }
}

TEST(no_word_matches_nothing) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 1000));
    assert_int_equal(ak_expr_words(&exprs, NULL, 0), AK_EXPR_NOTHING);
    assert_int_equal(ak_expr_words(&exprs, &STR(""), 1), AK_EXPR_EMPTY);
    ak_arena_free(&arena);
}

/* a, aa, aaa, … forks at every letter. */
TEST(words_may_begin_each_other_a_thousand_times) {
    IGNORE_STATE;
    enum { COUNT = 1200 };
    static char letters[COUNT];
    static Str words[COUNT];
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    memset(letters, 'a', sizeof letters);
    for (size_t i = 0; i < COUNT; i++) words[i] = (Str){letters, COUNT - i};
    assert_true(ak_exprs_init(&exprs, &arena, UINT64_MAX));
    Expr expr = ak_expr_words(&exprs, words, COUNT);
    ak_exprs_seal(&exprs);
    assert_false(ak_expr_matches(&exprs, expr, STR("")));
    assert_true(ak_expr_matches(&exprs, expr, STR("a")));
    assert_true(ak_expr_matches(&exprs, expr, (Str){letters, COUNT}));
    assert_false(ak_expr_matches(&exprs, expr, STR("ab")));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_words_match),
        cmocka_unit_test(extensions_are_all_bytes_behind_a_word_that_begins_another),
        cmocka_unit_test(no_word_matches_nothing),
        cmocka_unit_test(words_may_begin_each_other_a_thousand_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
