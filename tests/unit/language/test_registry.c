/* The registry of languages is what lies under languages/. */
#include "../test.h"
#include "language/registry.h"
#include "syntax/pack.h"

TEST(a_language_has_the_grammar_of_its_own_name) {
    IGNORE_STATE;
    assert_non_null(ak_registry_grammar(STR("typescript")).data);
    assert_null(ak_registry_grammar(STR("cobol")).data);
    assert_null(ak_registry_grammar(STR("")).data);
    assert_null(ak_registry_grammar(STR("../typescript")).data);
}

TEST(names_are_listed_in_order_and_counted_beyond_the_capacity) {
    IGNORE_STATE;
    Str names[16];
    size_t count = ak_registry_names(names, 16);
    assert_true(count >= 1 && count <= 16);
    for (size_t i = 0; i < count; i++) assert_non_null(ak_registry_grammar(names[i]).data);
    for (size_t i = 1; i < count; i++) assert_true(ak_str_compare(names[i - 1], names[i]) < 0);
    assert_int_equal(ak_registry_names(names, 0), count);
}

TEST(an_unknown_language_is_told_the_nearest) {
    IGNORE_STATE;
    ananke_error err = {0};
    assert_false(ak_registry_unknown(STR("typscript"), false, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    assert_non_null(strstr(err.hint, "`typescript`"));
    assert_false(ak_registry_unknown(STR("zzzzzzzzzz"), false, &err));
    assert_non_null(strstr(err.hint, "typescript"));
}

TEST(packs_are_opened_where_they_lie) {
    IGNORE_STATE;
    ananke_error err = {0};
    Str content = ak_registry_pack(STR("tsx"));
    assert_non_null(content.data);
    Pack *pack = ak_pack_read(content, "tsx", NULL, &err);
    if (!pack) fail_msg("%s", err.message);
    assert_true(ak_str_equal(pack->about.name, STR("tsx")));
    assert_true(pack->about.ending_count == 1 && ak_str_equal(pack->about.endings[0], STR(".tsx")));
    assert_int_equal(pack->about.source_count, 4);
    ak_pack_close(pack);
    assert_null(ak_registry_pack(STR("sx")).data);
    assert_null(ak_registry_pack(STR("")).data);
    assert_null(ak_registry_pack(STR("typescript/tsx")).data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_language_has_the_grammar_of_its_own_name),
        cmocka_unit_test(names_are_listed_in_order_and_counted_beyond_the_capacity),
        cmocka_unit_test(an_unknown_language_is_told_the_nearest),
        cmocka_unit_test(packs_are_opened_where_they_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
