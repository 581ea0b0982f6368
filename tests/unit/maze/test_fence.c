/* The end of a code block, and what of a growing text can be shown. */
#include "../test.h"
#include "maze/fence.h"

TEST(a_fence_begins_a_line) {
    IGNORE_STATE;
    assert_int_equal(ak_fence_find(STR("```\n")), 0);
    assert_int_equal(ak_fence_find(STR("a();\n```")), 5);
    assert_int_equal(ak_fence_find(STR("a(```b```)\n``\n ```")), SIZE_MAX);
    assert_int_equal(ak_fence_find(STR("x\n``````\n```")), 2);
    assert_int_equal(ak_fence_find(STR("")), SIZE_MAX);
}

TEST(what_may_become_a_fence_is_held_back) {
    IGNORE_STATE;
    assert_int_equal(ak_fence_safe(STR("a\n")), 2);
    assert_int_equal(ak_fence_safe(STR("a\n`")), 2);
    assert_int_equal(ak_fence_safe(STR("a\n``")), 2);
    assert_int_equal(ak_fence_safe(STR("``")), 0);
    assert_int_equal(ak_fence_safe(STR("a``")), 3);
    assert_int_equal(ak_fence_safe(STR("a\n``x")), 5);
    assert_int_equal(ak_fence_safe(STR("")), 0);
}

/* Byte by byte, nothing that was shown is ever in or behind the fence. */
TEST(shown_text_is_never_taken_back) {
    IGNORE_STATE;
    Str text = STR("let a = `x`;\n``;\n`\nb``` \n```\nprose");
    size_t fence = ak_fence_find(text), shown = 0;
    for (size_t length = 0; length <= text.length; length++) {
        Str part = ak_str_slice(text, 0, length);
        if (ak_fence_find(part) != SIZE_MAX) break;
        size_t safe = ak_fence_safe(part);
        assert_true(safe >= shown && safe <= length);
        shown = safe;
    }
    assert_true(shown <= fence);
    assert_int_equal(shown, fence);
}

TEST(code_points_are_shown_whole) {
    IGNORE_STATE;
    static const struct {
        const char *text;
        size_t whole;
    } cases[] = {
        {"", 0},
        {"a", 1},
        {"a\xC3", 1},
        {"a\xC3\xA9", 3},
        {"\xE2\x82", 0},
        {"\xE2\x82\xAC", 3},
        {"\xF0\x9F\x98", 0},
        {"\xF0\x9F\x98\x80", 4},
        {"\xF0", 0},
        {"\xFF", 1},
        {"\xC0", 1},
        {"\x80\x80\x80\x80", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(ak_fence_whole_points(ak_str(cases[i].text)), cases[i].whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fence_begins_a_line),
        cmocka_unit_test(what_may_become_a_fence_is_held_back),
        cmocka_unit_test(shown_text_is_never_taken_back),
        cmocka_unit_test(code_points_are_shown_whole),
    };
    return cmocka_run_group_tests_name("fence", tests, NULL, NULL);
}
