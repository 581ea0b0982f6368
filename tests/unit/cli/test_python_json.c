/* JSON as Python spells it. Expected texts are what json.dumps(json.loads(x), ensure_ascii=False) of CPython 3.11 printed; the whole MaskBench corpus
 * was compared the same way when this was written. */
#include "../test.h"
#include "cli/python_json.c"

static void expect(const char *json, const char *python) {
    yyjson_doc *doc = yyjson_read(json, strlen(json), PYTHON_JSON_READ);
    assert_non_null(doc);
    size_t length = 0;
    char *text = cli_python_json(yyjson_doc_get_root(doc), &length);
    assert_non_null(text);
    assert_string_equal(text, python);
    assert_int_equal(length, strlen(python));
    free(text);
    yyjson_doc_free(doc);
}

TEST(separators_have_one_blank_behind_them) {
    IGNORE_STATE;
    expect("{\"a\":[1,2,{}],\"b\":{\"c\":null,\"d\":[]}}", "{\"a\": [1, 2, {}], \"b\": {\"c\": null, \"d\": []}}");
    expect(" [ true , false ] ", "[true, false]");
}

TEST(integers_keep_their_digits) {
    IGNORE_STATE;
    expect("123456789012345678901234567890", "123456789012345678901234567890");
    expect("[-0,-1,0]", "[0, -1, 0]");
}

TEST(floats_are_their_repr) {
    IGNORE_STATE;
    expect("[1.0,10.50,1E5,0e0,-0e5,-0.0]", "[1.0, 10.5, 100000.0, 0.0, -0.0, -0.0]");
    expect("[0.0001,0.00001,0.00012,1.5E-7]", "[0.0001, 1e-05, 0.00012, 1.5e-07]");
    expect("[1e15,1e16,1e22,123456789012345680.0]", "[1000000000000000.0, 1e+16, 1e+22, 1.2345678901234568e+17]");
    expect("[5e-324,1.7976931348623157e308,1e400,-1e400]", "[5e-324, 1.7976931348623157e+308, Infinity, -Infinity]");
    expect("5.684341886080801486968994140625e-14",
           "5.684341886080802e-14"); /* 2**-44: the nearest of 16 digits does not read back */
    expect("0.1000000000000000055511151231257827", "0.1");
}

TEST(strings_escape_what_json_must_and_no_more) {
    IGNORE_STATE;
    expect("\"\\u0000\\u001f\\u007f\\b\\f\\n\\r\\t\\/\\\"\\\\\"", "\"\\u0000\\u001f\x7f\\b\\f\\n\\r\\t/\\\"\\\\\"");
    expect("\"\\u00e9\\u2028\\ud83d\\ude00\"", "\"\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80\"");
}

TEST(of_equal_keys_the_last_value_stands_at_the_first_place) {
    IGNORE_STATE;
    expect("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\": 3, \"b\": 2}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separators_have_one_blank_behind_them),
        cmocka_unit_test(integers_keep_their_digits),
        cmocka_unit_test(floats_are_their_repr),
        cmocka_unit_test(strings_escape_what_json_must_and_no_more),
        cmocka_unit_test(of_equal_keys_the_last_value_stands_at_the_first_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
