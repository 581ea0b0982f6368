/* Styles of names. */
#include "../test.h"
#include "clew/style.h"

TEST(a_name_fits_the_styles_it_could_be_written_in) {
    IGNORE_STATE;
    static const struct {
        const char *name;
        unsigned styles;
    } rows[] = {
        {"read", STYLE_CAMEL | STYLE_SNAKE},
        {"readAll", STYLE_CAMEL},
        {"ReadAll", STYLE_PASCAL},
        {"read_all", STYLE_SNAKE},
        {"READ_ALL", STYLE_UPPER},
        {"T", STYLE_PASCAL | STYLE_UPPER},
        {"URL", STYLE_PASCAL | STYLE_UPPER},
        {"x2", STYLE_CAMEL | STYLE_SNAKE},
        {"V4_2", STYLE_UPPER},
        {"Read_All", 0},
        {"read_All", 0},
        {"read__all", 0},
        {"a-b", 0},
        {"2x", 0},
        {"_read_all", STYLE_SNAKE | STYLE_UNDERSCORE},
        {"__Read", STYLE_PASCAL | STYLE_UNDERSCORE},
        {"class_", STYLE_CAMEL | STYLE_SNAKE},
        {"$ZodType", STYLE_PASCAL | STYLE_DOLLAR},
        {"_$x", STYLE_CAMEL | STYLE_SNAKE | STYLE_UNDERSCORE | STYLE_DOLLAR},
        {"_", STYLE_UNDERSCORE | STYLE_EMPTY},
        {"", STYLE_EMPTY},
        {"\xc3\xa9t\xc3\xa9", STYLE_CAMEL | STYLE_SNAKE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned styles = ak_style_of(ak_str(rows[i].name));
        if (styles != rows[i].styles) fail_msg("%s: %u instead of %u", rows[i].name, styles, rows[i].styles);
    }
}

TEST(styles_have_names) {
    IGNORE_STATE;
    assert_int_equal(ak_style_from(STR("camelCase")), STYLE_CAMEL);
    assert_int_equal(ak_style_from(STR("UPPER_SNAKE")), STYLE_UPPER);
    assert_int_equal(ak_style_from(STR("camelcase")), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_fits_the_styles_it_could_be_written_in),
        cmocka_unit_test(styles_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
