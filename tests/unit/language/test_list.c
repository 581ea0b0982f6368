/* The list of languages: every folder of languages/ once, with what it can do. */
#include "../test.h"
#include "base/data.h"
#include <ananke/constraints.h>
#include <ananke/language.h>
#include <yyjson.h>

static void expect_packs(yyjson_val *packs) {
    size_t index, count;
    yyjson_val *pack;
    yyjson_arr_foreach(packs, index, count, pack) {
        assert_true(yyjson_get_len(yyjson_obj_get(pack, "name")) > 0);
        assert_true(yyjson_arr_size(yyjson_obj_get(pack, "endings")) > 0);
        assert_true(yyjson_get_uint(yyjson_obj_get(pack, "states")) > 100);
        assert_true(yyjson_arr_size(yyjson_obj_get(pack, "fragments")) > 5);
        assert_true(yyjson_equals_str(yyjson_arr_get_first(yyjson_obj_get(pack, "fragments")), "file"));
        assert_true(yyjson_get_uint(yyjson_obj_get(pack, "bytes")) > 10000);
        assert_true(yyjson_arr_size(yyjson_obj_get(pack, "sources")) > 1);
    }
}

TEST(every_language_is_there_once_and_can_do_something) {
    IGNORE_STATE;
    size_t length = 0;
    ananke_error err = {0};
    char *text = ananke_languages_text(&length, &err);
    assert_non_null(text);
    yyjson_doc *doc = yyjson_read(text, length, 0);
    assert_non_null(doc);
    size_t index, count;
    yyjson_val *language;
    const char *last = "";
    yyjson_arr_foreach(yyjson_doc_get_root(doc), index, count, language) {
        const char *name = yyjson_get_str(yyjson_obj_get(language, "name"));
        assert_non_null(name);
        assert_true(strcmp(last, name) < 0);
        last = name;
        bool extracts = yyjson_is_true(yyjson_obj_get(language, "extracts"));
        size_t packs = yyjson_arr_size(yyjson_obj_get(language, "packs"));
        assert_int_equal(yyjson_arr_size(yyjson_obj_get(language, "endings")) > 0, extracts || packs);
        assert_true(extracts || packs || yyjson_is_true(yyjson_obj_get(language, "generates")));
        expect_packs(yyjson_obj_get(language, "packs"));
    }
    bool has_data = ak_data_first("languages/") < ak_data_file_count;
    assert_int_equal(count > 0,
                     has_data && strncmp(ak_data_files[ak_data_first("languages/")].path, "languages/", 10) == 0);
    yyjson_doc_free(doc);
    ananke_text_free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_is_there_once_and_can_do_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
