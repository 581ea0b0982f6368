/* UTF-8, whole and broken. */
#include "compat/llg_utf8.h"
#include "unit/test.h"

TEST(broken_pieces_are_the_longest_beginnings) {
    IGNORE_STATE;
    static const struct {
        const char *text, *mended;
    } rows[] = {
        {"a\xC3\xB6\xE2\x82\xAC\xF0\x9F\x98\x80", "a\xC3\xB6\xE2\x82\xAC\xF0\x9F\x98\x80"},
        {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},                 /* overlong */
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* a surrogate */
        {"\xE2\x82z", "\xEF\xBF\xBDz"},
        {"\xF0\x9F\x98", "\xEF\xBF\xBD"},
        {"\xF5\xFF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text text = {0};
        assert_true(ak_llg_utf8_mend(&text, (const uint8_t *)rows[i].text, strlen(rows[i].text)));
        assert_string_equal((const char *)text.bytes, rows[i].mended);
        ak_llg_text_free(&text);
    }
}

TEST(a_character_that_has_only_begun_is_cut_off) {
    IGNORE_STATE;
    static const struct {
        const char *text;
        size_t whole;
    } rows[] = {{"", 0}, {"ab", 2}, {"a\xC3", 1}, {"a\xC3\xB6", 3}, {"\xE2\x82", 0}, {"a\x82\x82", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(ak_llg_utf8_whole((const uint8_t *)rows[i].text, strlen(rows[i].text)), rows[i].whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_pieces_are_the_longest_beginnings),
        cmocka_unit_test(a_character_that_has_only_begun_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
