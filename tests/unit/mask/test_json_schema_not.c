/* JSON Schemas: complements. */
#include "schema_fixture.h"
#include <stdio.h>

TEST(complements) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"not\": {\"type\": [\"object\", \"array\"]}}", {"1", "\"a\"", "null", "true"}, {"{}", "[]"}},
        {"{\"anyOf\": [{\"not\": {}}, {\"type\": \"null\"}]}", {"null"}, {"1", "{}"}},
        {"{\"type\": \"number\", \"not\": {\"type\": \"integer\"}}",
         {"1.5", "-0.25"},
         {"1", "1.0", "-0", "0.0", "-0.00", "1e0", "10"}},
        {"{\"type\": \"number\", \"not\": {\"const\": 1}}", {"0", "2", "1.5", "-1"}, {"1", "1.0", "1.00", "1e0"}},
        {"{\"type\": \"number\", \"not\": {\"minimum\": 0}}",
         {"-1", "-0.5"},
         {"0", "-0", "0.0", "-0.0", "1", "1e5", "1e-5"}},
        {"{\"type\": \"string\", \"not\": {\"const\": \"a\"}}", {"\"b\"", "\"ab\"", "\"\""}, {"\"a\"", "\"\\u0061\""}},
        {"{\"type\": \"string\", \"not\": {\"pattern\": \"a\"}}", {"\"b\"", "\"\""}, {"\"xay\"", "\"\\u0061\""}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}}, \"not\": {\"required\": [\"a\", \"b\"]}}",
         {"{}", "{\"a\": 1}", "{\"b\": 1}", "{\"c\": 1}"},
         {"{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 2, \"c\": 3}"}},
        {"{\"type\": \"object\", \"not\": {\"properties\": {\"a\": {\"type\": \"string\"}}, \"additionalProperties\": false}}",
         {"{\"a\": 1}", "{\"b\": 1}", "{\"a\": \"x\", \"b\": 1}", "{\"c\": 1, \"a\": \"x\"}"},
         {"{}", "{\"a\": \"x\"}"}},
        {"{\"type\": \"object\", \"not\": {\"propertyNames\": {\"maxLength\": 1}}}",
         {"{\"ab\": 1}", "{\"a\": 1, \"bc\": 2}"},
         {"{}", "{\"a\": 1}"}},
        {"{\"type\": \"array\", \"not\": {\"items\": {\"type\": \"integer\"}}}",
         {"[\"a\"]", "[1, \"a\"]", "[1.5, 2]"},
         {"[]", "[1]", "[1, 2]"}},
        {"{\"type\": \"array\", \"not\": {\"contains\": {\"type\": \"integer\"}}}",
         {"[]", "[\"a\"]"},
         {"[1]", "[\"a\", 1]"}},
        {"{\"type\": \"array\", \"not\": {\"minItems\": 2, \"maxItems\": 3}}",
         {"[1]", "[]", "[1, 2, 3, 4]"},
         {"[1, 2]", "[1, 2, 3]"}},
        {"{\"$defs\": {\"list\": {\"type\": [\"array\", \"null\"], \"items\": {\"$ref\": \"#/$defs/list\"}}}, \"not\": {\"$ref\": \"#/$defs/list\"}}",
         {"1", "[1]", "[[], [[2]]]", "{}"},
         {"null", "[]", "[[], null]", "[[[]]]"}},
        {"{\"not\": {\"not\": {\"type\": \"integer\", \"minimum\": 3}}}", {"3", "44"}, {"2", "\"a\"", "null"}},
    };
    RUN(cases);
}

TEST(every_value_is_in_a_schema_or_in_its_complement) {
    IGNORE_STATE;
    static const char *const schemas[] = {
        "true",
        "{\"type\": \"integer\"}",
        "{\"type\": [\"number\", \"null\"], \"minimum\": 1.5}",
        "{\"const\": 2}",
        "{\"enum\": [\"a\", \"b\", null, 3.5, [1], {\"a\": 1}]}",
        "{\"type\": \"string\", \"minLength\": 2}",
        "{\"maxLength\": 1}",
        "{\"pattern\": \"^a\"}",
        "{\"minimum\": 0, \"maximum\": 2}",
        "{\"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"string\"}}}",
        "{\"required\": [\"b\"]}",
        "{\"properties\": {\"a\": {}}, \"additionalProperties\": {\"type\": \"string\"}}",
        "{\"patternProperties\": {\"^a\": {\"type\": \"integer\"}}, \"additionalProperties\": false}",
        "{\"propertyNames\": {\"pattern\": \"a\"}}",
        "{\"minProperties\": 1, \"maxProperties\": 2}",
        "{\"items\": {\"type\": \"integer\"}}",
        "{\"prefixItems\": [{\"type\": \"integer\"}, {\"type\": \"string\"}], \"items\": false}",
        "{\"prefixItems\": [{\"type\": \"integer\"}], \"items\": {\"type\": \"string\"}}",
        "{\"minItems\": 2}",
        "{\"contains\": {\"type\": \"string\"}}",
        "{\"contains\": {\"type\": \"integer\"}, \"minContains\": 2}",
        "{\"contains\": {\"type\": \"integer\"}, \"minContains\": 0, \"maxContains\": 1}",
        "{\"dependentRequired\": {\"a\": [\"b\"]}}",
        "{\"anyOf\": [{\"type\": \"integer\"}, {\"required\": [\"a\"]}, {\"minItems\": 1, \"type\": \"array\"}]}",
        "{\"allOf\": [{\"required\": [\"a\"]}, {\"properties\": {\"a\": {\"minimum\": 2}}}]}",
        "{\"oneOf\": [{\"required\": [\"a\"]}, {\"required\": [\"b\"]}, {\"type\": \"string\"}]}",
        "{\"if\": {\"required\": [\"a\"]}, \"then\": {\"required\": [\"b\"]}, \"else\": {\"type\": [\"object\", \"number\"]}}",
        "{\"not\": {\"properties\": {\"a\": {\"not\": {\"type\": \"integer\"}}}, \"required\": [\"a\"]}}",
        "{\"$defs\": {\"t\": {\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#/$defs/t\"}}, \"additionalProperties\": {\"type\": \"integer\"}}}, \"$ref\": \"#/$defs/t\"}",
    };
    static const char *const values[] = {
        "null",
        "true",
        "false",
        "0",
        "1",
        "2",
        "-1",
        "1.5",
        "3.5",
        "100",
        "\"\"",
        "\"a\"",
        "\"b\"",
        "\"ab\"",
        "\"ba\"",
        "[]",
        "[1]",
        "[\"a\"]",
        "[1, 2]",
        "[1, \"a\"]",
        "[\"a\", 1]",
        "[1, \"a\", \"b\"]",
        "[1, 2, 3]",
        "[[1]]",
        "{}",
        "{\"a\": 1}",
        "{\"a\": 2}",
        "{\"a\": \"x\"}",
        "{\"b\": 1}",
        "{\"b\": \"x\"}",
        "{\"a\": 1, \"b\": \"x\"}",
        "{\"a\": 1, \"b\": 2}",
        "{\"a\": \"x\", \"b\": \"y\"}",
        "{\"c\": 1}",
        "{\"a\": 1, \"c\": \"x\"}",
        "{\"ab\": 1}",
        "{\"a\": {\"a\": {}}}",
        "{\"a\": {\"b\": \"x\"}}",
        "{\"a\": 1, \"b\": 2, \"c\": 3}",
    };
    for (size_t i = 1; i < sizeof schemas / sizeof *schemas; i++) {
        char text[1000];
        snprintf(text, sizeof text, "{\"not\": %s}", schemas[i]);
        if (strstr(schemas[i], "$defs"))
            snprintf(
                text, sizeof text,
                "{\"$defs\": {\"t\": {\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#/$defs/t\"}}, \"additionalProperties\": {\"type\": \"integer\"}}}, \"not\": {\"$ref\": \"#/$defs/t\"}}");
        ananke_program *program = compile(schemas[i], NULL), *complement = compile(text, NULL);
        size_t left_out;
        assert_non_null(program);
        assert_non_null(complement);
        ananke_program_unenforced(complement, &left_out);
        if (left_out) fail_msg("%s leaves something out", text);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            bool is_in = accepts(program, values[v]), is_out = accepts(complement, values[v]);
            if (is_in == is_out)
                fail_msg("%s and its complement: %s is in %s", schemas[i], values[v], is_in ? "both" : "none");
        }
        ananke_program_free(program);
        ananke_program_free(complement);
    }
}

TEST(a_complement_of_what_is_left_out_is_left_out) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"not\": {\"uniqueItems\": true, \"type\": \"array\"}}", {"[1, 1]", "3"}, {NULL}},
        {"{\"$defs\": {\"u\": {\"uniqueItems\": true}}, \"not\": {\"properties\": {\"a\": {\"$ref\": \"#/$defs/u\"}}}}",
         {"{\"a\": [1, 1]}"},
         {NULL}},
        {"{\"oneOf\": [{\"uniqueItems\": true}, {\"type\": \"array\", \"minItems\": 2}]}", {"[1, 1]", "3"}, {NULL}},
    };
    RUN(cases);
}

/* It was worked out as if nothing were in the whole: a text that breaks `then` was let through, and nothing was listed. */
TEST(what_is_not_in_a_part_of_the_whole_is_not_known_while_that_is_read) {
    IGNORE_STATE;
    size_t count = 0;
    ananke_program *program = compile(
        "{\"if\": {\"allOf\": [{\"prefixItems\": [{\"$ref\": \"#\"}]}, {\"prefixItems\": [{\"type\": \"array\"}]}]}, "
        "\"then\": {\"prefixItems\": [false]}}",
        NULL);
    assert_non_null(program);
    const ananke_unenforced *list = ananke_program_unenforced(program, &count);
    assert_int_equal(count, 1);
    assert_string_equal(list->pointer, "#/if");
    assert_true(accepts(program, "[1]"));
    ananke_program_free(program);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complements),
        cmocka_unit_test(every_value_is_in_a_schema_or_in_its_complement),
        cmocka_unit_test(a_complement_of_what_is_left_out_is_left_out),
        cmocka_unit_test(what_is_not_in_a_part_of_the_whole_is_not_known_while_that_is_read),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
