/* Cutting: what each behaviour makes of matches and gaps (as the Rust library's own tests have it), and what patterns are refused. */
#include "base/buf.h"
#include "vocab/tokenizer_split.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The pieces joined by '|'. */
static void expect_cut(const Splits *splits, const char *text, const char *want) {
    Arena scratch = ak_arena(NULL);
    Pieces pieces;
    assert_true(ak_splits_cut(splits, ak_str(text), &scratch, &pieces, NULL));
    Buf got = {.arena = &scratch};
    for (size_t i = 0; i < pieces.count; i++) {
        if (i) ak_buf_byte(&got, '|');
        ak_buf_str(&got, pieces.items[i]);
    }
    assert_string_equal(ak_buf_view(&got).data, want);
    ak_arena_free(&scratch);
}

static void expect(const char *pattern, SplitBehavior behavior, bool invert, const char *text, const char *want) {
    Arena arena = ak_arena(NULL);
    Splits splits = {0};
    assert_true(ak_splits_add(&splits, &arena, ak_str(pattern), false, behavior, invert, NULL));
    expect_cut(&splits, text, want);
    ak_splits_close(&splits);
    ak_arena_free(&arena);
}

static void behaviors_treat_matches_differently(void **state) {
    (void)state;
    static const char text[] = "the-final--countdown";
    expect("-", SPLIT_REMOVED, false, text, "the|final|countdown");
    expect("-", SPLIT_ISOLATED, false, text, "the|-|final|-|-|countdown");
    expect("-", SPLIT_MERGED_WITH_PREVIOUS, false, text, "the-|final-|-|countdown");
    expect("-", SPLIT_MERGED_WITH_NEXT, false, text, "the|-final|-|-countdown");
    expect("-", SPLIT_CONTIGUOUS, false, text, "the|-|final|--|countdown");
    expect("[a-z]+", SPLIT_REMOVED, true, text, "the|final|countdown");
}

static void matches_at_the_ends(void **state) {
    (void)state;
    expect("-", SPLIT_MERGED_WITH_PREVIOUS, false, "-a-", "-|a-");
    expect("-", SPLIT_MERGED_WITH_NEXT, false, "-a-", "-a|-");
    expect("-", SPLIT_REMOVED, false, "---", "");
    expect("-", SPLIT_ISOLATED, false, "", "");
    expect("x*", SPLIT_ISOLATED, false, "axxb", "a|xx|b"); /* empty matches are no pieces */
}

static void steps_cut_what_the_step_before_left(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Splits splits = {0};
    assert_true(ak_splits_add(&splits, &arena, STR("\\p{N}"), false, SPLIT_ISOLATED, false, NULL));
    assert_true(ak_splits_add(&splits, &arena, STR(" ?\\p{L}+|\\s+(?!\\S)|\\s+"), false, SPLIT_ISOLATED, false, NULL));
    assert_true(ak_splits_add(&splits, &arena, STR("."), true, SPLIT_ISOLATED, false, NULL));
    expect_cut(&splits, "ab  cd 12.x", "ab| | cd| |1|2|.|x");
    ak_splits_close(&splits);
    ak_arena_free(&arena);
}

static void white_space_is_the_unicode_property(void **state) {
    (void)state;
    expect("\\s", SPLIT_ISOLATED, false,
           "a\xC2\x85"
           "b\xE3\x80\x80"
           "c\xE1\xA0\x8E"
           "d",
           "a|\xC2\x85|b|\xE3\x80\x80|c\xE1\xA0\x8E"
           "d");
    expect("[^\\s\\p{L}]+", SPLIT_ISOLATED, false, "a\xE1\xA0\x8E!", "a|\xE1\xA0\x8E!");
    expect("\\S+", SPLIT_ISOLATED, false, "ab c", "ab| |c");
    expect("\\\\s", SPLIT_ISOLATED, false, "a\\sb", "a|\\s|b"); /* an escaped backslash and an s */
}

static void bad_patterns_are_refused_by_name(void **state) {
    (void)state;
    static const char *const bad[] = {"(", "[a[b]]", "[a&&b]", "\\", "[a"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Arena arena = ak_arena(NULL);
        Splits splits = {0};
        ananke_error err = {0};
        assert_false(ak_splits_add(&splits, &arena, ak_str(bad[i]), false, SPLIT_ISOLATED, false, &err));
        assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
        assert_int_equal(splits.count, 0);
        ak_arena_free(&arena);
    }
}

static void long_piece_does_not_exhaust_the_stack(void **state) {
    (void)state;
    enum { LENGTH = 200000 };
    char *text = malloc(LENGTH + 1);
    assert_non_null(text);
    memset(text, 'a', LENGTH);
    text[LENGTH] = '\0';
    expect("(?:a|b)+c|a+", SPLIT_ISOLATED, false, text, text);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behaviors_treat_matches_differently), cmocka_unit_test(matches_at_the_ends),
        cmocka_unit_test(steps_cut_what_the_step_before_left), cmocka_unit_test(white_space_is_the_unicode_property),
        cmocka_unit_test(bad_patterns_are_refused_by_name),    cmocka_unit_test(long_piece_does_not_exhaust_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
