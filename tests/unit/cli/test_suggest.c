/* "Did you mean": typing mistakes find their word, other words find none. */
#include "../test.h"
#include "cli/suggest.c"

static const char *nearest(const char *typed) {
    static const char *const known[] = {"extract", "compile", "generate", "check", "replay", "doctor"};
    Suggestion suggestion = {.word = typed};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) cli_suggest(&suggestion, known[i]);
    return suggestion.best ? suggestion.best : "";
}

TEST(one_slip_of_each_kind_is_forgiven) {
    IGNORE_STATE;
    assert_string_equal(nearest("extarct"), "extract");
    assert_string_equal(nearest("xtract"), "extract");
    assert_string_equal(nearest("extrract"), "extract");
    assert_string_equal(nearest("axtract"), "extract");
    assert_string_equal(nearest("chekc"), "check");
}

TEST(what_is_too_far_off_is_no_mistake) {
    IGNORE_STATE;
    assert_string_equal(nearest("frobnicate"), "");
    assert_string_equal(nearest("x"), "");
    assert_string_equal(nearest(""), "");
    assert_string_equal(nearest("an argument that is far longer than any of the words"), "");
}

TEST(the_nearest_wins) {
    IGNORE_STATE;
    Suggestion suggestion = {.word = "formt"};
    cli_suggest(&suggestion, "for");
    cli_suggest(&suggestion, "format");
    cli_suggest(&suggestion, "forma");
    assert_string_equal(suggestion.best, "format");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_of_each_kind_is_forgiven),
        cmocka_unit_test(what_is_too_far_off_is_no_mistake),
        cmocka_unit_test(the_nearest_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
