/* Borrowed strings: comparison, splitting, trimming, and the nearest word. */
#include "../test.h"
#include "base/str.h"

TEST(prefix_comes_before_the_longer_word) {
    IGNORE_STATE;
    assert_true(ak_str_compare(STR("ab"), STR("abc")) < 0);
    assert_true(ak_str_compare(STR("b"), STR("abc")) > 0);
    assert_true(ak_str_compare(STR(""), STR("")) == 0);
    assert_true(ak_str_compare(STR("\xff"), STR("a")) > 0);
}

TEST(split_gives_empty_pieces_too) {
    IGNORE_STATE;
    const char *expected[] = {"a", "", "b", ""};
    Str rest = STR("a,,b,"), piece;
    for (size_t i = 0; i < 4; i++) {
        assert_true(ak_str_split(&rest, ',', &piece));
        assert_true(ak_str_equal(piece, ak_str(expected[i])));
    }
    assert_false(ak_str_split(&rest, ',', &piece));
}

TEST(slices_are_cut_to_what_there_is) {
    IGNORE_STATE;
    assert_true(ak_str_equal(ak_str_slice(STR("hello"), 1, 3), STR("el")));
    assert_true(ak_str_equal(ak_str_slice(STR("hello"), 3, 99), STR("lo")));
    assert_int_equal(ak_str_slice(STR("hello"), 9, 99).length, 0);
    assert_true(ak_str_equal(ak_str_trim(STR(" \t x y\r\n")), STR("x y")));
    assert_true(ak_str_starts(STR("abc"), STR("ab")) && !ak_str_starts(STR("a"), STR("ab")));
    assert_true(ak_str_ends(STR("abc"), STR("bc")) && !ak_str_ends(STR("c"), STR("bc")));
}

TEST(typing_mistakes_find_their_word) {
    IGNORE_STATE;
    const Str words[] = {STR("extract"), STR("compile"), STR("generate"), STR("check")};
    assert_true(ak_str_equal(ak_str_nearest(STR("extarct"), words, 4), STR("extract")));
    assert_true(ak_str_equal(ak_str_nearest(STR("chekc"), words, 4), STR("check")));
    assert_int_equal(ak_str_nearest(STR("zebra"), words, 4).length, 0);
    assert_int_equal(ak_str_nearest(STR(""), words, 4).length, 0);
}

TEST(equal_strings_hash_alike) {
    IGNORE_STATE;
    char copy[] = "some key";
    assert_int_equal(ak_str_hash(ak_str(copy)), ak_str_hash(STR("some key")));
    assert_int_not_equal(ak_str_hash(STR("some key")), ak_str_hash(STR("some kez")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefix_comes_before_the_longer_word),
        cmocka_unit_test(split_gives_empty_pieces_too),
        cmocka_unit_test(slices_are_cut_to_what_there_is),
        cmocka_unit_test(typing_mistakes_find_their_word),
        cmocka_unit_test(equal_strings_hash_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
