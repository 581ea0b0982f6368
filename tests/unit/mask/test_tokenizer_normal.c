/* Normalisation steps. */
#include "mask/tokenizer_normal.h"
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
    expect((NormalStep){NORMAL_PREPEND, {0}, STR("_")}, "_a", "__a");
    expect((NormalStep){NORMAL_PREPEND, {0}, STR("_")}, "", "");
    expect((NormalStep){NORMAL_PREPEND_ONCE, {0}, STR("_")}, "_a", "_a");
    expect((NormalStep){NORMAL_PREPEND_ONCE, {0}, STR("_")}, "a", "_a");
}

static void replacing(void **state) {
    (void)state;
    NormalStep step = {NORMAL_REPLACE, STR("aa"), STR("b")};
    expect(step, "aaaxa", "baxa");
    expect(step, "xyz", "xyz");
    expect((NormalStep){NORMAL_REPLACE, STR(" "), STR("")}, " a b ", "ab");
}

static void steps_follow_each_other(void **state) {
    (void)state;
    Arena scratch = ak_arena(NULL);
    NormalStep list[] = {{NORMAL_PREPEND, {0}, STR(" ")}, {NORMAL_REPLACE, STR(" "), STR("\xE2\x96\x81")}};
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
        cmocka_unit_test(steps_follow_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
