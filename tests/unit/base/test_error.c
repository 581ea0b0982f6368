/* Errors: places, carets under the right column, long lines cut around the place, and no sink needed. */
#include "../test.h"
#include "base/error.h"
#include <errno.h>
#include <stdlib.h>

TEST(place_and_caret_are_shown) {
    IGNORE_STATE;
    ananke_error err = {0};
    Str text = STR("first\nlet x = @;\nlast");
    assert_false(ak_fail_at(&err, ANANKE_ERROR_SYNTAX, "a.lark", text, 14, "unexpected `%c`", '@'));
    ak_hint(&err, "write a name");
    char shown[1024];
    size_t length = ananke_error_format(&err, shown, sizeof shown);
    assert_string_equal(shown, "a.lark:2:9: error: unexpected `@`\n  let x = @;\n          ^\nhint: write a name\n");
    assert_int_equal(length, strlen(shown));
    char small[10];
    assert_int_equal(ananke_error_format(&err, small, sizeof small), length);
    assert_string_equal(small, "a.lark:2:");
}

TEST(caret_counts_code_points) {
    IGNORE_STATE;
    ananke_error err = {0};
    ak_fail_at(&err, ANANKE_ERROR_SYNTAX, NULL, STR("\xc3\xa9\xc3\xa9!"), 4, "no");
    char shown[256];
    ananke_error_format(&err, shown, sizeof shown);
    assert_string_equal(shown, "1:5: error: no\n  \xc3\xa9\xc3\xa9!\n    ^\n");
}

TEST(long_lines_are_cut_around_the_place) {
    IGNORE_STATE;
    char *line = malloc(100000);
    memset(line, 'a', 100000);
    line[70000] = '#';
    ananke_error err = {0};
    ak_fail_at(&err, ANANKE_ERROR_SYNTAX, "f", (Str){line, 100000}, 70000, "no");
    assert_int_equal(err.column, 70001);
    assert_int_equal(err.source[err.source_column - 1], '#');
    free(line);
}

TEST(offsets_behind_the_end_point_at_the_end) {
    IGNORE_STATE;
    ananke_error err = {0};
    ak_fail_at(&err, ANANKE_ERROR_SYNTAX, "f", STR("ab\n"), 99, "unexpected end");
    assert_int_equal(err.offset, 3);
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 1);
}

TEST(control_bytes_do_not_reach_the_terminal) {
    IGNORE_STATE;
    ananke_error err = {0};
    ak_fail_at(&err, ANANKE_ERROR_SYNTAX, "f", STR("\x1b[31m\tx"), 0, "bad\nbyte \x07");
    assert_string_equal(err.message, "bad byte  ");
    assert_string_equal(err.source, " [31m x");
}

TEST(first_file_wins_and_long_paths_keep_their_tail) {
    IGNORE_STATE;
    ananke_error err = {0};
    ak_fail_io(&err, "a/b", ENOENT, "cannot be opened");
    ak_fail_in(&err, "other");
    assert_string_equal(err.file, "a/b");
    assert_string_equal(err.message, "cannot be opened: No such file or directory");
    char path[600];
    memset(path, 'd', sizeof path);
    memcpy(path + sizeof path - 9, "/file.ts", 9);
    ak_fail_io(&err, path, EACCES, "cannot be read");
    assert_int_equal(strlen(err.file), sizeof err.file - 1);
    assert_string_equal(err.file + strlen(err.file) - 8, "/file.ts");
}

TEST(nobody_need_listen) {
    IGNORE_STATE;
    Arena arena = {.failed = true};
    assert_false(ak_fail(NULL, ANANKE_ERROR_IO, "x"));
    assert_false(ak_fail_at(NULL, ANANKE_ERROR_IO, "f", STR("x"), 0, "x"));
    assert_false(ak_fail_memory(NULL, &arena));
    assert_false(ak_hint(NULL, "x"));
}

TEST(memory_and_budget_are_told_apart) {
    IGNORE_STATE;
    ananke_error err = {0};
    ak_fail_memory(&err, &(Arena){.failed = true});
    assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
    ak_fail_memory(&err, &(Arena){.failed = true, .over_budget = true, .limit = 10});
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    assert_string_equal(ananke_error_name(err.code), "limit");
    assert_string_equal(ananke_error_name((ananke_error_code)99), "unknown");
}

static bool yes(void *data) {
    return *(bool *)data;
}

TEST(cancel_is_asked_for) {
    IGNORE_STATE;
    bool stop = false;
    ananke_context context = {.cancelled = yes, .cancelled_data = &stop};
    ananke_error err = {0};
    assert_false(ak_is_cancelled(NULL, &err));
    assert_false(ak_is_cancelled(&context, &err));
    stop = true;
    assert_true(ak_is_cancelled(&context, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(place_and_caret_are_shown),
        cmocka_unit_test(caret_counts_code_points),
        cmocka_unit_test(long_lines_are_cut_around_the_place),
        cmocka_unit_test(offsets_behind_the_end_point_at_the_end),
        cmocka_unit_test(control_bytes_do_not_reach_the_terminal),
        cmocka_unit_test(first_file_wins_and_long_paths_keep_their_tail),
        cmocka_unit_test(nobody_need_listen),
        cmocka_unit_test(memory_and_budget_are_told_apart),
        cmocka_unit_test(cancel_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
