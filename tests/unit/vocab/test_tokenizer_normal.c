/* Normalisation steps. */
#include "unit/vocab/charsmap_builder.h"
#include "vocab/tokenizer_normal.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect(NormalStep step, const char *text, const char *want) {
    Arena scratch = ak_arena(NULL);
    Str view = ak_str(text);
    assert_true(ak_normal_apply(&step, &view, &scratch, NULL));
    assert_int_equal(view.length, strlen(want));
    assert_memory_equal(view.data, want, view.length);
    ak_arena_free(&scratch);
}

static void unicode_forms(void **state) {
    (void)state;
    expect((NormalStep){.kind = NORMAL_NFC}, "e\xCC\x81 \xEF\xAC\x81", "\xC3\xA9 \xEF\xAC\x81");
    expect((NormalStep){.kind = NORMAL_NFD}, "\xC3\xA9", "e\xCC\x81");
    expect((NormalStep){.kind = NORMAL_NFKC}, "e\xCC\x81 \xEF\xAC\x81", "\xC3\xA9 fi");
    expect((NormalStep){.kind = NORMAL_NFKD}, "\xC3\xA9\xEF\xAC\x81",
           "e\xCC\x81"
           "fi");
    expect((NormalStep){.kind = NORMAL_NFC}, "\xE2\x84\xAB", "\xC3\x85");                  /* Angstrom */
    expect((NormalStep){.kind = NORMAL_NFC}, "\xEA\xB0\x80\xE1\x86\xA8", "\xEA\xB0\x81");  /* Hangul */
    expect((NormalStep){.kind = NORMAL_NFC}, "e\xCC\xA3\xCC\x81", "\xE1\xBA\xB9\xCC\x81"); /* marks in order */
}

static void text_in_the_form_is_left_where_it_is(void **state) {
    (void)state;
    Arena scratch = ak_arena(NULL);
    Str text = STR("caf\xC3\xA9"), view = text;
    assert_true(ak_normal_apply(&(NormalStep){.kind = NORMAL_NFC}, &view, &scratch, NULL));
    assert_ptr_equal(view.data, text.data);
    ak_arena_free(&scratch);
}

static void prepending(void **state) {
    (void)state;
    expect((NormalStep){.kind = NORMAL_PREPEND, .to = STR("_")}, "_a", "__a");
    expect((NormalStep){.kind = NORMAL_PREPEND, .to = STR("_")}, "", "");
    expect((NormalStep){.kind = NORMAL_PREPEND_ONCE, .to = STR("_")}, "_a", "_a");
    expect((NormalStep){.kind = NORMAL_PREPEND_ONCE, .to = STR("_")}, "a", "_a");
}

static void replacing(void **state) {
    (void)state;
    NormalStep step = {.kind = NORMAL_REPLACE, .from = STR("aa"), .to = STR("b")};
    expect(step, "aaaxa", "baxa");
    expect(step, "xyz", "xyz");
    expect((NormalStep){.kind = NORMAL_REPLACE, .from = STR(" "), .to = STR("")}, " a b ", "ab");
}

static void characters_change_one_by_one(void **state) {
    (void)state;
    expect((NormalStep){.kind = NORMAL_LOWERCASE}, "AbC \xC3\x89\xC4\xB0 \xCE\xA3", "abc \xC3\xA9i\xCC\x87 \xCF\x83");
    expect((NormalStep){.kind = NORMAL_STRIP_ACCENTS}, "e\xCC\x81x\xE0\xA4\xBE", "ex\xE0\xA4\xBE");
    expect((NormalStep){.kind = NORMAL_STRIP_MARKS}, "e\xCC\x81x\xE0\xA4\xBE", "ex");
    expect((NormalStep){.kind = NORMAL_CLEAN}, "a\tb\x01\xC2\xA0\xE2\x80\x8B\xEF\xBF\xBD\nc\x0B", "a b  c");
    expect((NormalStep){.kind = NORMAL_SPACE_CHINESE}, "a\xE4\xB8\x80\xE3\x81\x82", "a \xE4\xB8\x80 \xE3\x81\x82");
    expect((NormalStep){.kind = NORMAL_NMT}, "a\x01\tb\xE2\x80\x8B\x0B", "a b ");
    expect((NormalStep){.kind = NORMAL_CLEAN}, "\x01", "");
}

static void ends_are_stripped(void **state) {
    (void)state;
    expect((NormalStep){.kind = NORMAL_STRIP_LEFT},
           " \t\xE3\x80\x80"
           "a ",
           "a ");
    expect((NormalStep){.kind = NORMAL_STRIP_RIGHT}, " a\xC2\x85\x0B ", " a");
    expect((NormalStep){.kind = NORMAL_STRIP_RIGHT}, " \n", "");
    expect((NormalStep){.kind = NORMAL_STRIP_BLANKS}, "  a  b \xE2\x96\x81 ", "a b");
    expect((NormalStep){.kind = NORMAL_STRIP_BLANKS}, "   ", "");
}

static void matches_are_replaced(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    NormalStep step = {.kind = NORMAL_REPLACE_PATTERN, .to = STR("_")};
    assert_true(ak_search_open(&step.search, &arena, STR(" {2,}"), false, NULL));
    expect(step, "a  b c    ", "a_b c_");
    expect(step, "abc", "abc");
    Normals normals = {&step, 1, 1};
    ak_normals_close(&normals);
    assert_true(ak_search_open(&step.search, &arena, STR("x*"), false, NULL));
    Str view = STR("ab");
    ananke_error err = {0};
    assert_false(ak_normal_apply(&step, &view, &arena, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    ak_search_close(&step.search);
    ak_arena_free(&arena);
}

/* A key that is found counts for the whole cluster in the one way of reading it, for itself in the other. */
static void character_maps_are_applied_in_two_ways(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"<", "("}, {"a\xCC\x81", "A"}, {"gg", "G"}, {"q", "k"}, {"\xE3\x80\x80", " "}};
    Arena arena = ak_arena(NULL);
    Charsmap map;
    assert_true(ak_charsmap_open(&map, build_map(&arena, pairs, sizeof pairs / sizeof *pairs)));
    NormalStep clusters = {.kind = NORMAL_CHARSMAP, .from = map.units, .to = map.texts};
    NormalStep longest = {.kind = NORMAL_CHARSMAP_LONGEST, .from = map.units, .to = map.texts};
    expect(clusters, "<a\xCC\x81ggq\xCC\x81 \xE3\x80\x80", "(Aggk  ");
    expect(longest, "<a\xCC\x81ggq\xCC\x81 \xE3\x80\x80", "(AGk\xCC\x81  ");
    ak_arena_free(&arena);
}

static void steps_follow_each_other(void **state) {
    (void)state;
    Arena scratch = ak_arena(NULL);
    NormalStep list[] = {{.kind = NORMAL_PREPEND, .to = STR(" ")},
                         {.kind = NORMAL_REPLACE, .from = STR(" "), .to = STR("\xE2\x96\x81")}};
    Normals normals = {.items = list, .count = 2};
    Str text = STR("a b");
    assert_true(ak_normals_apply(&normals, &text, &scratch, NULL));
    assert_true(ak_str_equal(text, STR("\xE2\x96\x81"
                                       "a\xE2\x96\x81"
                                       "b")));
    ak_arena_free(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unicode_forms),
        cmocka_unit_test(text_in_the_form_is_left_where_it_is),
        cmocka_unit_test(prepending),
        cmocka_unit_test(replacing),
        cmocka_unit_test(characters_change_one_by_one),
        cmocka_unit_test(ends_are_stripped),
        cmocka_unit_test(matches_are_replaced),
        cmocka_unit_test(character_maps_are_applied_in_two_ways),
        cmocka_unit_test(steps_follow_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
