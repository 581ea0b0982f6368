/* Sets of code points: algebra against a table of flags, properties against well-known members. */
#include "../test.h"
#include "regex/unicode.h"
#include <stdlib.h>

static bool has(const Points *points, uint32_t point) {
    for (size_t i = 0; i < points->count; i++) {
        if (points->items[i].first <= point && point <= points->items[i].last) return true;
    }
    return false;
}

TEST(set_algebra_agrees_with_flags) {
    IGNORE_STATE;
    srand(3);
    for (int round = 0; round < 300; round++) {
        Arena arena = ak_arena(NULL);
        Points a = {0}, b = {0}, not_a, both;
        bool in_a[60] = {0}, in_b[60] = {0};
        for (int i = 0; i < 8; i++) {
            Points *points = i % 2 ? &a : &b;
            uint32_t first = (uint32_t)rand() % 50, last = first + (uint32_t)rand() % 10;
            assert_true(ak_vec_push(&arena, points, (PointRange){first, last}));
            for (uint32_t p = first; p <= last; p++) (i % 2 ? in_a : in_b)[p] = true;
        }
        ak_points_tidy(&a), ak_points_tidy(&b);
        not_a = a, both = a;
        assert_true(ak_points_negate(&arena, &not_a) && ak_points_intersect(&arena, &both, &b));
        for (uint32_t p = 0; p < 60; p++) {
            assert_int_equal(has(&a, p), in_a[p]);
            assert_int_equal(has(&not_a, p), !in_a[p]);
            assert_int_equal(has(&both, p), in_a[p] && in_b[p]);
        }
        assert_true(has(&not_a, 0x10FFFF));
        ak_arena_free(&arena);
    }
}

TEST(properties_have_their_members) {
    IGNORE_STATE;
    static const struct {
        const char *name;
        uint32_t in, out;
    } rows[] = {
        {"L", 0xE9, '1'},
        {"Lu", 'A', 'a'},
        {"Uppercase_Letter", 0xC9, 0xE9},
        {"Nd", 0x663, 'a'},
        {"Greek", 0x3B1, 'a'},
        {"Script=Cyrillic", 0x416, 0x3B1},
        {"Alphabetic", 'z', '-'},
        {"any", 0x10FFFF, 0x110000},
        {"ASCII", 0x7F, 0x80},
        {"sc=Han", 0x4E2D, 'a'},
        {"punctuation", '!', 'a'},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = ak_arena(NULL);
        Points points = {0};
        ananke_error err = {0};
        assert_true(ak_unicode_property(&arena, ak_str(rows[i].name), &points, &err));
        assert_true(has(&points, rows[i].in));
        assert_false(has(&points, rows[i].out));
        ak_arena_free(&arena);
    }
}

TEST(unknown_properties_are_named) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Points points = {0};
    ananke_error err = {0};
    assert_false(ak_unicode_property(&arena, STR("Nonsense"), &points, &err));
    assert_non_null(strstr(err.message, "Nonsense"));
    assert_false(ak_unicode_property(&arena, STR("x}+(?{"), &points, &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    ak_arena_free(&arena);
}

TEST(folding_adds_the_other_case) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Points points = {0};
    assert_true(ak_vec_push(&arena, &points, (PointRange){'k', 'k'}) &&
                ak_vec_push(&arena, &points, (PointRange){0x416, 0x416}));
    assert_true(ak_vec_push(&arena, &points, (PointRange){0x101, 0x101}) && ak_points_fold(&arena, &points));
    static const uint32_t expected[] = {'k', 'K', 0x212A, 0x416, 0x436, 0x101, 0x100};
    for (size_t i = 0; i < 7; i++) assert_true(has(&points, expected[i]));
    assert_false(has(&points, 0x102));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_algebra_agrees_with_flags),
        cmocka_unit_test(properties_have_their_members),
        cmocka_unit_test(unknown_properties_are_named),
        cmocka_unit_test(folding_adds_the_other_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
