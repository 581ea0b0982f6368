/* JSON: errors with their place, documents in the arena, budgets. */
#include "../test.h"
#include "base/json.h"
#include <stdio.h>

TEST(broken_json_is_an_error_with_a_place) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    assert_null(ak_json_parse(&arena, STR("{\"a\": 1,\n \"b\": nul}"), "c.json", &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    assert_string_equal(err.file, "c.json");
    assert_int_equal(err.line, 2);
    assert_null(ak_json_parse(&arena, STR(""), "empty.json", &err));
    assert_null(ak_json_parse(&arena, STR("\"\xff\""), "bytes.json", &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    ak_arena_free(&arena);
}

TEST(what_is_printed_reads_back) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    yyjson_mut_doc *doc = ak_json_new(&arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    assert_true(ak_json_put_str(doc, root, "text", STR("q\"\n\xc3\xa9")));
    assert_true(ak_json_put_str(doc, root, "none", (Str){0}));
    Str text = ak_json_print(&arena, doc, true, NULL);
    assert_string_equal(text.data, "{\n  \"text\": \"q\\\"\\n\xc3\xa9\",\n  \"none\": \"\"\n}\n");
    yyjson_doc *back = ak_json_parse(&arena, text, NULL, NULL);
    assert_non_null(back);
    assert_true(ak_str_equal(ak_json_str(yyjson_obj_get(yyjson_doc_get_root(back), "text")), STR("q\"\n\xc3\xa9")));
    assert_null(ak_json_str(yyjson_doc_get_root(back)).data);
    Str again = ak_json_print_value(&arena, yyjson_doc_get_root(back), true, NULL);
    assert_true(ak_str_equal(again, text));
    ak_arena_free(&arena);
}

TEST(raw_numbers_are_as_they_are_written) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    yyjson_doc *doc = ak_json_parse_raw(&arena, STR("[1.50e+01]"), NULL, NULL);
    assert_non_null(doc);
    yyjson_val *number = yyjson_arr_get_first(yyjson_doc_get_root(doc));
    assert_true(ak_str_equal((Str){yyjson_get_raw(number), yyjson_get_len(number)}, STR("1.50e+01")));
    assert_null(ak_json_parse_raw(&arena, STR("[1.]"), NULL, NULL));
    ak_arena_free(&arena);
}

TEST(a_small_budget_is_a_limit_and_no_crash) {
    IGNORE_STATE;
    char text[4096];
    size_t at = 0;
    text[at++] = '[';
    for (int i = 0; i < 1000; i++) at += (size_t)snprintf(text + at, sizeof text - at, "%s%d", i ? "," : "", i % 10);
    text[at++] = ']';
    bool succeeded = false;
    for (size_t limit = 4200; limit < 300000 && !succeeded; limit += 1000) {
        Arena arena = ak_arena(&(ananke_context){.memory_limit = limit});
        ananke_error err = {0};
        succeeded = ak_json_parse(&arena, (Str){text, at}, NULL, &err) != NULL;
        if (!succeeded) assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
        ak_arena_free(&arena);
    }
    assert_true(succeeded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_json_is_an_error_with_a_place),
        cmocka_unit_test(what_is_printed_reads_back),
        cmocka_unit_test(raw_numbers_are_as_they_are_written),
        cmocka_unit_test(a_small_budget_is_a_limit_and_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
