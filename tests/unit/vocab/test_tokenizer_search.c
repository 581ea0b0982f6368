/* Searching: literal texts and patterns, from a place on; what cannot be compiled is refused (test_tokenizer_split.c has the dialect). */
#include "vocab/tokenizer_search.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect(const char *pattern, bool is_literal, const char *text, size_t at, size_t from, size_t to) {
    Arena arena = ak_arena(NULL);
    TextSearch search;
    Finder finder;
    Found found;
    assert_true(ak_search_open(&search, &arena, ak_str(pattern), is_literal, NULL));
    assert_true(ak_str_equal(search.pattern, ak_str(pattern)));
    assert_true(ak_finder_open(&finder, &search, &arena, NULL));
    assert_true(ak_finder_next(&finder, ak_str(text), at, &found, NULL));
    assert_int_equal(found.from, from);
    assert_int_equal(found.to, to);
    ak_search_close(&search);
    ak_search_close(&search); /* a second time does nothing */
    ak_arena_free(&arena);
}

static void matches_are_found_from_a_place_on(void **state) {
    (void)state;
    expect(" {2,}", false, "a  b   c", 0, 1, 3);
    expect(" {2,}", false, "a  b   c", 3, 4, 7);
    expect(" {2,}", false, "a b", 0, SIZE_MAX, SIZE_MAX);
    expect("a.", true, "aba.", 0, 2, 4);
    expect("x*", false, "a", 0, 0, 0);
    expect("a", false, "", 0, SIZE_MAX, SIZE_MAX);
}

static void what_cannot_be_searched_is_an_error(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    TextSearch search;
    ananke_error err = {0};
    assert_false(ak_search_open(&search, &arena, STR(""), true, &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    assert_false(ak_search_open(&search, &arena, STR("("), false, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    ak_search_close(&search); /* it has no code */
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_are_found_from_a_place_on),
        cmocka_unit_test(what_cannot_be_searched_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
