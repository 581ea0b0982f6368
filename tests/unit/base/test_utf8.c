/* UTF-8: every code point there and back, and every malformed form refused at its first byte. */
#include "../test.h"
#include "base/utf8.h"

TEST(every_code_point_goes_there_and_back) {
    IGNORE_STATE;
    for (uint32_t point = 0; point <= 0x110000; point++) {
        char bytes[4];
        size_t length = ak_utf8_encode(point, bytes);
        bool valid = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        assert_int_equal(length != 0, valid);
        if (!valid) continue;
        uint32_t back;
        assert_int_equal(ak_utf8_decode((Str){bytes, length}, &back), length);
        assert_int_equal(back, point);
        for (size_t cut = 0; cut < length; cut++) assert_int_equal(ak_utf8_decode((Str){bytes, cut}, &back), 0);
    }
}

TEST(malformed_bytes_are_found_where_they_start) {
    IGNORE_STATE;
    const struct {
        Str text;
        size_t at;
    } cases[] = {
        {STR("plain"), SIZE_MAX},
        {STR("caf\xc3\xa9"), SIZE_MAX},
        {STR("ab\x80"), 2},
        {STR("ab\xc3"), 2},
        {STR("\xc0\xaf"), 0},
        {STR("a\xe0\x80\xaf"), 1},
        {STR("\xed\xa0\x80"), 0},
        {STR("\xf4\x90\x80\x80"), 0},
        {STR("x\xf8\x88\x80\x80\x80"), 1},
        {STR("\xf0\x9f\x98\x80"), SIZE_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(ak_utf8_invalid(cases[i].text) == cases[i].at);
    assert_int_equal(ak_utf8_count(STR("a\xc3\xa9\xf0\x9f\x98\x80")), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_goes_there_and_back),
        cmocka_unit_test(malformed_bytes_are_found_where_they_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
