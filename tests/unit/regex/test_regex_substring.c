/* Substrings against trying every one. */
#include "../test.h"
#include "regex/regex_substring.h"
#include <stdio.h>
#include <stdlib.h>

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* Whether some chunks that follow each other spell the text. */
static bool is_spelled(const Str *chunks, size_t count, Str text) {
    for (size_t from = 0; from < count; from++) {
        size_t at = 0;
        for (size_t i = from; i < count && at < text.length; i++) {
            if (!ak_str_starts(ak_str_slice(text, at, text.length), chunks[i])) break;
            at += chunks[i].length;
        }
        if (at == text.length) return true;
    }
    return text.length == 0;
}

TEST(substrings_are_what_chunks_in_a_row_spell) {
    IGNORE_STATE;
    static const char *const words[] = {"a", "b", "ab", "ba", "abb", "", "c"};
    for (int round = 0; round < 300; round++) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        Str chunks[200];
        size_t count = round % 10 ? dice(14) : dice(200);
        uint32_t sides = 1 + dice(7);
        for (size_t i = 0; i < count; i++) chunks[i] = ak_str(words[dice(sides)]);
        assert_true(ak_exprs_init(&exprs, &arena, 10000000));
        Expr expr = ak_expr_substring(&exprs, chunks, count);
        assert_true(expr);
        ak_exprs_seal(&exprs);
        for (int i = 0; i < 200; i++) {
            char text[40] = "";
            size_t from = count ? dice((uint32_t)count) : 0;
            if (i % 2) snprintf(text, sizeof text, "%s%s%s", words[dice(7)], words[dice(7)], words[dice(7)]);
            for (size_t k = from; i % 2 == 0 && k < count && k < from + 10; k++) strcat(text, chunks[k].data);
            Str wanted = ak_str_slice(ak_str(text), 0, strlen(text) - (strlen(text) ? dice(2) : 0));
            assert_int_equal(ak_expr_matches(&exprs, expr, wanted), is_spelled(chunks, count, wanted));
        }
        ak_arena_free(&arena);
    }
}

/* As a document says things: most words once in a while, some often. */
TEST(a_text_of_many_words_fits) {
    IGNORE_STATE;
    enum { WORDS = 10000, CHUNKS = WORDS * 2 };
    static char text[WORDS][8];
    static Str chunks[CHUNKS];
    static const uint32_t kinds[] = {4, 100, 5000};
    for (int round = 0; round < 3; round++) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        for (size_t i = 0; i < WORDS; i++) {
            snprintf(text[i], sizeof text[i], "%x", dice(kinds[dice(3)]) * 7919 % 65536);
            chunks[2 * i] = ak_str(text[i]), chunks[2 * i + 1] = STR(" ");
        }
        assert_true(ak_exprs_init(&exprs, &arena, 40000000));
        Expr expr = ak_expr_substring(&exprs, chunks, CHUNKS);
        assert_true(expr);
        ak_exprs_seal(&exprs);
        static char long_text[WORDS * 9];
        for (size_t i = 500; i < 2500; i++) strcat(strcat(long_text, text[i]), " ");
        assert_true(ak_expr_matches(&exprs, expr, ak_str(long_text)));
        strcat(long_text, "no");
        assert_false(ak_expr_matches(&exprs, expr, ak_str(long_text)));
        long_text[0] = '\0';
        assert_true(ak_exprs_ok(&exprs, NULL));
        ak_arena_free(&arena);
    }
}

/* Everywhere two ways to go on: a Fibonacci word. */
TEST(too_much_is_an_error) {
    IGNORE_STATE;
    enum { COUNT = 100000 };
    static char letters[2 * COUNT];
    static Str chunks[COUNT];
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    ananke_error err = {0};
    size_t length = 2, before = 1;
    memcpy(letters, "ab", 2);
    for (size_t now; length < COUNT; before = now) {
        now = length;
        memcpy(letters + length, letters, before), length += before;
    }
    for (size_t i = 0; i < COUNT; i++) chunks[i] = (Str){letters + i, 1};
    assert_true(ak_exprs_init(&exprs, &arena, 1000000));
    if (!ak_expr_substring(&exprs, chunks, COUNT)) {
        assert_false(ak_exprs_ok(&exprs, &err));
        assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    }
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(substrings_are_what_chunks_in_a_row_spell),
        cmocka_unit_test(a_text_of_many_words_fits),
        cmocka_unit_test(too_much_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
