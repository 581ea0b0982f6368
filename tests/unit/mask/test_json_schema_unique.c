/* Arrays whose items are all different. */
#include "schema_fixture.h"

TEST(different_items_out_of_few_values) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"enum\": [\"a\", \"b\", 1, 2.5, true, null]}}",
         {"[]", "[\"b\", \"a\"]", "[2.5, null, 1, \"a\", true, \"b\"]", "[1, 2.5]"},
         {"[\"a\", \"a\"]", "[1, 2.5, 1", "[true, null, true", "[2.50, 2.5", "[\"c\"", "[1,]"}},
        {"{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"boolean\"}, \"minItems\": 1}",
         {"[true]", "[false, true]"},
         {"[]", "[true, true]", "[true, false,"}},
        {"{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"integer\", \"minimum\": -1, \"maximum\": 2}, \"minItems\": 2, \"maxItems\": 3}",
         {"[0, 1]", "[2, -1, 1]"},
         {"[0]", "[0, 0]", "[0, 1, 2, -1]", "[3, 1]"}},
        {"{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"anyOf\": [{\"$ref\": \"#/$defs/c\"}, {\"const\": \"x\"}]}, \"$defs\": {\"c\": {\"enum\": [\"x\", \"y\"]}}}",
         {"[\"y\", \"x\"]"},
         {"[\"x\", \"y\", \"x\"]", "[\"x\", \"x\"]"}},
        {"{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\", \"pattern\": \"^[ab]?$\"}}",
         {"[\"\", \"b\", \"a\"]"},
         {"[\"\", \"\"]", "[\"c\"]"}},
        {"{\"allOf\": [{\"type\": \"array\", \"items\": {\"enum\": [1, 2, 3]}}, {\"uniqueItems\": true, \"items\": {\"enum\": [2, 3, 4]}}]}",
         {"[3, 2]"},
         {"[3, 3]", "[1]", "[2, 3,"}},
    };
    RUN(cases);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = 1;
        ananke_program *program = compile(cases[i].schema, NULL);
        ananke_program_unenforced(program, &count);
        assert_int_equal(count, 0);
        ananke_program_free(program);
    }
}

/* A value may be spelled in several ways. */
TEST(items_that_are_spelled_differently_are_equal) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"enum\": [\"\\u00e9\", \"q\\\"\", 1, 0]}}",
         {"[\"\xC3\xA9\", 1]", "[\"\\u00E9\", \"q\\\"\"]", "[0, 1.0]", "[-0]"},
         {"[\"\xC3\xA9\", \"\\u00e9\"]", "[\"\\u00e9\", \"\\u00E9\"]", "[\"q\\\"\", \"q\\u0022\"]", "[1, 1.0]",
          "[0.0, -0]", "[0, 0.00]"}},
    };
    RUN(cases);
}

TEST(one_item_is_different_from_all_others) {
    IGNORE_STATE;
    static const char
        *const held[] = {"{\"uniqueItems\": true, \"maxItems\": 1}", "{\"uniqueItems\": true, \"items\": false}",
                         "{\"uniqueItems\": true, \"prefixItems\": [{}], \"items\": false}",
                         "{\"allOf\": [{\"uniqueItems\": true}, {\"maxItems\": 1}]}"},
               *const left_out[] = {
                   "{\"uniqueItems\": true, \"maxItems\": 2}",
                   "{\"uniqueItems\": true, \"items\": {\"type\": [\"string\", \"null\"]}}",
                   "{\"uniqueItems\": true, \"items\": {\"type\": \"string\"}, \"contains\": {\"const\": \"a\"}}",
                   "{\"uniqueItems\": true, \"items\": {\"type\": \"string\"}, \"prefixItems\": [{}]}",
                   "{\"uniqueItems\": true, \"items\": {\"enum\": [[1], [2]]}}",
                   "{\"uniqueItems\": true, \"items\": {\"enum\": [1, 2]}, \"contains\": {\"const\": 1}}",
                   "{\"uniqueItems\": true, \"items\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 257}}",
                   "{\"uniqueItems\": true, \"items\": {\"type\": \"number\", \"minimum\": 1, \"maximum\": 2}}"};
    for (size_t i = 0; i < sizeof held / sizeof *held + sizeof left_out / sizeof *left_out; i++) {
        bool is_held = i < sizeof held / sizeof *held;
        const char *schema = is_held ? held[i] : left_out[i - sizeof held / sizeof *held];
        size_t count;
        ananke_program *program = compile(schema, NULL);
        const ananke_unenforced *places = ananke_program_unenforced(program, &count);
        if (count != !is_held) fail_msg("%s", schema);
        if (count) assert_string_equal(places[0].pointer, "#/uniqueItems");
        ananke_program_free(program);
    }
}

TEST(different_strings) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"uniqueItems\": true, \"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 1, \"maxItems\": 3}",
         {"[\"\"]", "[\"a\", \"b\", \"\"]", "[\"a\", \"aa\"]"},
         {"[]", "[\"a\", \"a\"", "[\"\", \"\"", "[\"a\", \"b\", \"a\"", "[\"a\", \"b\", \"c\",", "[1"}},
        {"{\"uniqueItems\": true, \"type\": \"array\", \"items\": {\"anyOf\": [{\"$ref\": \"#/$defs/c\"}, {\"const\": \"x\"}]}, \"$defs\": {\"c\": {\"type\": \"string\", \"minLength\": 2}}}",
         {"[]", "[\"x\", \"xx\"]"},
         {"[\"x\", \"x\"", "[\"xx\", \"x\", \"xx\"", "[\"y\""}},
        {"{\"uniqueItems\": true, \"type\": \"array\", \"items\": {\"type\": \"string\", \"format\": \"date\"}}",
         {"[\"2024-02-29\", \"2024-02-28\"]"},
         {"[\"2024-02-29\", \"2024-02-29\"", "[\"2023-02-29\""}},
        {"{\"uniqueItems\": true, \"type\": \"array\", \"items\": {\"type\": \"string\"}}",
         {"[\"\\u00e9\", \"e\"]"},
         {"[\"\xC3\xA9\", \"\\u00e9\"", "[\"\\u00e9\", \"\\u00E9\"", "[\"/\", \"\\/\"",
          "[\"\\uD83D\\uDE00\", \"\xF0\x9F\x98\x80\""}},
    };
    RUN(cases);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = 1;
        ananke_program *program = compile(cases[i].schema, NULL);
        ananke_program_unenforced(program, &count);
        assert_int_equal(count, 0);
        ananke_program_free(program);
    }
}

TEST(more_items_than_there_are_strings_are_none) {
    IGNORE_STATE;
    ananke_error err = {0};
    assert_null(
        compile("{\"type\": \"array\", \"uniqueItems\": true, \"minItems\": 513, \"items\": {\"type\": \"string\", "
                "\"pattern\": \"^[ab]{9}$\"}}",
                &err));
    assert_int_equal(err.code, ANANKE_ERROR_CONFLICT);
    ananke_program *program = compile("{\"type\": \"array\", \"uniqueItems\": true, \"minItems\": 512, \"items\": "
                                      "{\"type\": \"string\", \"pattern\": \"^[ab]{9}$\"}}",
                                      &err);
    assert_non_null(program);
    ananke_program_free(program);
}

TEST(more_different_items_than_there_are_values_are_none) {
    IGNORE_STATE;
    ananke_error err = {0};
    assert_null(compile(
        "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"boolean\"}, \"minItems\": 3}", &err));
    assert_int_equal(err.code, ANANKE_ERROR_CONFLICT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(different_items_out_of_few_values),
        cmocka_unit_test(items_that_are_spelled_differently_are_equal),
        cmocka_unit_test(one_item_is_different_from_all_others),
        cmocka_unit_test(different_strings),
        cmocka_unit_test(more_items_than_there_are_strings_are_none),
        cmocka_unit_test(more_different_items_than_there_are_values_are_none),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
