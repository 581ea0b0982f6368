/* Byte buffers: all ways of appending, the NUL behind the text, and silence after the arena has failed. */
#include "../test.h"
#include "base/buf.h"
#include <stdlib.h>

TEST(all_appends_meet_in_one_text) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf buf = {.arena = &arena};
    assert_string_equal(ak_buf_view(&buf).data, "");
    ak_buf_text(&buf, "a");
    ak_buf_str(&buf, STR("b\0c"));
    ak_buf_byte(&buf, 'd');
    ak_buf_repeat(&buf, '-', 3);
    ak_buf_format(&buf, "%03d", 7);
    Str view = ak_buf_view(&buf);
    assert_int_equal(view.length, 11);
    assert_memory_equal(view.data, "ab\0cd---007", 12);
    ak_arena_free(&arena);
}

TEST(long_texts_survive_growth) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf buf = {.arena = &arena}, other = {.arena = &arena};
    for (int i = 0; i < 20000; i++) ak_buf_format(&buf, "%d,", i), ak_buf_byte(&other, 'x');
    char *at = buf.data;
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(strtol(at, &at, 10), i);
        assert_int_equal(*at++, ',');
    }
    assert_int_equal(*at, '\0');
    assert_int_equal(other.length, 20000);
    ak_arena_free(&arena);
}

TEST(appending_after_failure_does_nothing) {
    IGNORE_STATE;
    Arena arena = ak_arena(&(ananke_context){.memory_limit = 6000});
    Buf buf = {.arena = &arena};
    ak_buf_text(&buf, "kept");
    ak_buf_repeat(&buf, 'x', 100000);
    assert_false(ak_arena_ok(&arena));
    ak_buf_text(&buf, "more");
    assert_true(ak_str_starts(ak_buf_view(&buf), STR("kept")));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_appends_meet_in_one_text),
        cmocka_unit_test(long_texts_survive_growth),
        cmocka_unit_test(appending_after_failure_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
