/* Precompiled character maps: what is found, and that no map does harm. tests/compat compares whole texts with the package `tokenizers`. */
#include "unit/vocab/charsmap_builder.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const pairs[][2] = {
    {"a", "b"}, {"abc", "long"}, {"gone", ""}, {"q\xCC\x81", "k"}, {"\xEF\xAC\x81", "fi"}};

static void expect(Str data, const char *text, bool longest, size_t want, const char *replacement) {
    Charsmap map;
    Str got = STR("?");
    assert_true(ak_charsmap_open(&map, data));
    assert_int_equal(ak_charsmap_find(&map, ak_str(text), longest, &got), want);
    if (want) assert_true(ak_str_equal(got, ak_str(replacement)));
}

static void shortest_and_longest_keys_are_found(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Str data = build_map(&arena, pairs, sizeof pairs / sizeof *pairs);
    expect(data, "abcd", false, 1, "b");
    expect(data, "abcd", true, 3, "long");
    expect(data, "abd", true, 1, "b");
    expect(data, "gone", true, 4, "");
    expect(data, "gon", true, 0, "");
    expect(data, "q", true, 0, "");
    expect(data, "q\xCC\x81", false, 3, "k");
    expect(data, "\xEF\xAC\x81x", true, 3, "fi");
    expect(data, "", true, 0, "");
    expect(data, "z", true, 0, "");
    ak_arena_free(&arena);
}

static void what_is_cut_off_is_no_map(void **state) {
    (void)state;
    Charsmap map;
    assert_false(ak_charsmap_open(&map, (Str){0}));
    assert_false(ak_charsmap_open(&map, STR("abc")));
    assert_false(ak_charsmap_open(&map, STR("\x08\0\0\0abcd")));
    assert_false(ak_charsmap_open(&map, STR("\x03\0\0\0abcd")));
    assert_false(ak_charsmap_open(&map, STR("\0\0\0\0\xFF")));
    assert_true(ak_charsmap_open(&map, STR("\0\0\0\0")));
    Str got;
    assert_int_equal(ak_charsmap_find(&map, STR("a"), true, &got), 0);
}

/* Random units: what is found lies at the ends of characters. */
static void random_units_do_no_harm(void **state) {
    (void)state;
    static const char text[] = "a\xC3\xA9\xE2\x82\xACz";
    char data[4 + 4 * 64 + 5] = {0};
    srand(3);
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 4; i < sizeof data - 5; i++) data[i] = (char)(rand() % 5 ? rand() % 4 : rand());
        data[1] = 1;
        memcpy(data + sizeof data - 5, "\xC3\xA9\0a", 5);
        Charsmap map;
        assert_true(ak_charsmap_open(&map, (Str){data, sizeof data}));
        Str got;
        size_t length = ak_charsmap_find(&map, ak_str(text), round & 1, &got);
        assert_true(length == 0 || length == 1 || length == 3 || length == 6 || length == 7);
        if (length) assert_true(got.length == 0 || ((uint8_t)got.data[0] & 0xC0) != 0x80);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shortest_and_longest_keys_are_found),
        cmocka_unit_test(what_is_cut_off_is_no_map),
        cmocka_unit_test(random_units_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
