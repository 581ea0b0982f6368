/* JSON Schemas: keywords that need classes of names, counts, and complements. */
#include "schema_fixture.h"
#include <stdio.h>

TEST(objects_by_pattern) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"patternProperties\": {\"^a\": {\"type\": \"integer\"}, \"z$\": {\"maximum\": 5}}, \"additionalProperties\": {\"type\": \"null\"}}", {"{}", "{\"a\": 1}", "{\"az\": 5, \"b\": null, \"bz\": 3}", "{\"z\": \"x\"}"}, {"{\"a\": \"x\"}", "{\"az\": 6}", "{\"b\": 1}", "{\"\\u0061\": null}"}},
        {"{\"properties\": {\"ab\": {\"type\": \"number\"}}, \"patternProperties\": {\"^a\": {\"minimum\": 3}}, \"additionalProperties\": false}", {"{\"ab\": 3.5}", "{\"ab\": 4, \"ac\": \"x\"}", "{\"ac\": 7}"}, {"{\"ab\": 2}", "{\"ab\": \"x\"}", "{\"b\": 1}", "{\"ac\": 1}"}},
        {"{\"required\": [\"ax\"], \"patternProperties\": {\"^a\": {\"type\": \"integer\"}}, \"type\": \"object\"}", {"{\"ax\": 1}", "{\"b\": [], \"ax\": 1, \"a\": 2}"}, {"{\"ax\": \"x\"}", "{}", "{\"b\": 1}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"pattern\": \"^[a-c]+$\", \"maxLength\": 2}}", {"{}", "{\"a\": 1, \"bc\": []}"}, {"{\"d\": 1}", "{\"abc\": 1}", "{\"\": 1}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"enum\": [\"a\", \"b\"]}, \"properties\": {\"c\": {}}}", {"{\"b\": 1}", "{\"a\": 1, \"b\": 2}"}, {"{\"c\": 1}", "{\"\\u0063\": 1}", "{\"x\": 1}"}},
        {"{\"properties\": {\"a\": {}}, \"propertyNames\": false}", {"{}", "3"}, {"{\"a\": 1}", "{\"b\": 1}"}},
    };
    RUN(cases);
}

TEST(properties_are_counted) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"minProperties\": 2}", {"{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 2, \"c\": 3}"}, {"{}", "{\"a\": 1}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}, \"c\": {}}, \"minProperties\": 2, \"additionalProperties\": false}", {"{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"c\": 2}", "{\"b\": 1, \"c\": 2}", "{\"a\": 1, \"b\": 2, \"c\": 3}"}, {"{}", "{\"a\": 1}", "{\"c\": 1}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}, \"c\": {}}, \"maxProperties\": 2}", {"{}", "{\"a\": 1, \"b\": 2}", "{\"x\": 1, \"y\": 2}", "{\"c\": 1, \"x\": 2}"}, {"{\"a\": 1, \"b\": 2, \"c\": 3}", "{\"a\": 1, \"x\": 1, \"y\": 2}", "{\"x\": 1, \"y\": 2, \"z\": 3}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}}, \"required\": [\"b\"], \"minProperties\": 2, \"maxProperties\": 3}", {"{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"x\": 3}", "{\"a\": 1, \"b\": 2, \"x\": 3}", "{\"b\": 1, \"x\": 2, \"y\": 3}"}, {"{\"b\": 1}", "{\"a\": 1, \"x\": 2}", "{\"a\": 1, \"b\": 2, \"x\": 3, \"y\": 4}"}},
        {"{\"allOf\": [{\"minProperties\": 1}, {\"maxProperties\": 1}], \"type\": \"object\"}", {"{\"q\": 1}"}, {"{}", "{\"q\": 1, \"r\": 2}"}},
    };
    RUN(cases);
}

TEST(items_are_counted) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"array\", \"contains\": {\"type\": \"string\"}}", {"[\"a\"]", "[1, \"a\"]", "[\"a\", \"b\", 3]"}, {"[]", "[1]", "[1, 2]"}},
        {"{\"type\": \"array\", \"contains\": {\"type\": \"string\"}, \"minContains\": 2, \"maxContains\": 3}", {"[\"a\", \"b\"]", "[1, \"a\", 2, \"b\"]", "[\"a\", \"b\", \"c\", null]"}, {"[\"a\"]", "[]", "[\"a\", \"b\", \"c\", \"d\"]", "[1, 2, 3]"}},
        {"{\"type\": \"array\", \"contains\": {\"type\": \"string\"}, \"minContains\": 0, \"maxContains\": 1}", {"[]", "[1, 2]", "[1, \"a\"]"}, {"[\"a\", \"b\"]", "[\"a\", 1, \"b\"]"}},
        {"{\"type\": \"array\", \"contains\": {\"const\": 1}, \"maxItems\": 2, \"items\": {\"type\": \"integer\"}}", {"[1]", "[2, 1]", "[1, 2]", "[1, 1]"}, {"[]", "[2]", "[2, 3]", "[2, 3, 1]", "[\"a\", 1]"}},
        {"{\"type\": \"array\", \"prefixItems\": [{\"type\": \"string\"}], \"contains\": {\"const\": 1}, \"minItems\": 2}", {"[\"a\", 1]", "[\"a\", 2, 1]"}, {"[1]", "[\"a\"]", "[1, 1]", "[\"a\", 2]"}},
        {"{\"allOf\": [{\"contains\": {\"const\": 0}}, {\"contains\": {\"type\": \"string\"}}], \"type\": \"array\"}", {"[0, \"a\"]", "[\"a\", 0]", "[1, \"a\", 0]"}, {"[0]", "[\"a\"]", "[1, 2]"}},
        {"{\"uniqueItems\": true, \"maxItems\": 1}", {"[]", "[1]", "3"}, {"[1, 2]"}},
    };
    RUN(cases);
}

TEST(dependencies) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"properties\": {\"a\": {}, \"b\": {}}, \"dependentRequired\": {\"a\": [\"b\"]}}", {"{}", "{\"b\": 1}", "{\"a\": 1, \"b\": 2}", "{\"c\": 1}", "3"}, {"{\"a\": 1}", "{\"a\": 1, \"c\": 2}"}},
        {"{\"properties\": {\"a\": {}, \"b\": {\"type\": \"integer\"}}, \"dependentSchemas\": {\"a\": {\"properties\": {\"b\": {\"minimum\": 5}}, \"required\": [\"b\"]}}}", {"{\"b\": 1}", "{\"a\": 1, \"b\": 5}"}, {"{\"a\": 1}", "{\"a\": 1, \"b\": 4}"}},
        {"{\"dependencies\": {\"a\": [\"b\", \"c\"], \"d\": {\"maxProperties\": 1}}, \"type\": \"object\"}", {"{\"x\": 1}", "{\"a\": 1, \"b\": 2, \"c\": 3}", "{\"d\": 1}"}, {"{\"a\": 1, \"b\": 2}", "{\"d\": 1, \"x\": 2}"}},
    };
    RUN(cases);
}

TEST(conditions) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"kind\": {\"enum\": [\"a\", \"b\"]}, \"v\": {}}, \"required\": [\"kind\"], \"if\": {\"properties\": {\"kind\": {\"const\": \"a\"}}}, \"then\": {\"properties\": {\"v\": {\"type\": \"integer\"}}, \"required\": [\"v\"]}, \"else\": {\"properties\": {\"v\": {\"type\": \"null\"}}}}", {"{\"kind\": \"a\", \"v\": 1}", "{\"kind\": \"b\"}", "{\"kind\": \"b\", \"v\": null}"}, {"{\"kind\": \"a\"}", "{\"kind\": \"a\", \"v\": null}", "{\"kind\": \"b\", \"v\": 1}"}},
        {"{\"if\": {\"type\": \"integer\"}, \"then\": {\"minimum\": 3}}", {"3", "\"a\"", "2.5"}, {"2"}},
        {"{\"if\": {\"type\": \"integer\"}, \"else\": {\"type\": \"string\"}}", {"3", "\"a\""}, {"2.5", "null", "[]"}},
        {"{\"if\": {\"type\": \"integer\"}}", {"3", "null"}, {"x"}},
    };
    RUN(cases);
}

TEST(complements) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"not\": {\"type\": [\"object\", \"array\"]}}", {"1", "\"a\"", "null", "true"}, {"{}", "[]"}},
        {"{\"anyOf\": [{\"not\": {}}, {\"type\": \"null\"}]}", {"null"}, {"1", "{}"}},
        {"{\"type\": \"number\", \"not\": {\"type\": \"integer\"}}", {"1.5", "-0.25"}, {"1", "1.0", "-0", "0.0", "-0.00", "1e0", "10"}},
        {"{\"type\": \"number\", \"not\": {\"const\": 1}}", {"0", "2", "1.5", "-1"}, {"1", "1.0", "1.00", "1e0"}},
        {"{\"type\": \"number\", \"not\": {\"minimum\": 0}}", {"-1", "-0.5"}, {"0", "-0", "0.0", "-0.0", "1", "1e5", "1e-5"}},
        {"{\"type\": \"string\", \"not\": {\"const\": \"a\"}}", {"\"b\"", "\"ab\"", "\"\""}, {"\"a\"", "\"\\u0061\""}},
        {"{\"type\": \"string\", \"not\": {\"pattern\": \"a\"}}", {"\"b\"", "\"\""}, {"\"xay\"", "\"\\u0061\""}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}}, \"not\": {\"required\": [\"a\", \"b\"]}}", {"{}", "{\"a\": 1}", "{\"b\": 1}", "{\"c\": 1}"}, {"{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 2, \"c\": 3}"}},
        {"{\"type\": \"object\", \"not\": {\"properties\": {\"a\": {\"type\": \"string\"}}, \"additionalProperties\": false}}", {"{\"a\": 1}", "{\"b\": 1}", "{\"a\": \"x\", \"b\": 1}", "{\"c\": 1, \"a\": \"x\"}"}, {"{}", "{\"a\": \"x\"}"}},
        {"{\"type\": \"object\", \"not\": {\"propertyNames\": {\"maxLength\": 1}}}", {"{\"ab\": 1}", "{\"a\": 1, \"bc\": 2}"}, {"{}", "{\"a\": 1}"}},
        {"{\"type\": \"array\", \"not\": {\"items\": {\"type\": \"integer\"}}}", {"[\"a\"]", "[1, \"a\"]", "[1.5, 2]"}, {"[]", "[1]", "[1, 2]"}},
        {"{\"type\": \"array\", \"not\": {\"contains\": {\"type\": \"integer\"}}}", {"[]", "[\"a\"]"}, {"[1]", "[\"a\", 1]"}},
        {"{\"type\": \"array\", \"not\": {\"minItems\": 2, \"maxItems\": 3}}", {"[1]", "[]", "[1, 2, 3, 4]"}, {"[1, 2]", "[1, 2, 3]"}},
        {"{\"$defs\": {\"list\": {\"type\": [\"array\", \"null\"], \"items\": {\"$ref\": \"#/$defs/list\"}}}, \"not\": {\"$ref\": \"#/$defs/list\"}}", {"1", "[1]", "[[], [[2]]]", "{}"}, {"null", "[]", "[[], null]", "[[[]]]"}},
        {"{\"not\": {\"not\": {\"type\": \"integer\", \"minimum\": 3}}}", {"3", "44"}, {"2", "\"a\"", "null"}},
    };
    RUN(cases);
}

TEST(one_of_several) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"oneOf\": [{\"type\": \"integer\"}, {\"minimum\": 2}]}", {"1", "2.5"}, {"3", "1.5", "3.0"}},
        {"{\"properties\": {\"a\": {}, \"b\": {}}, \"type\": \"object\", \"oneOf\": [{\"required\": [\"a\"]}, {\"required\": [\"b\"]}]}", {"{\"a\": 1}", "{\"b\": 1}", "{\"b\": 1, \"c\": 2}"}, {"{}", "{\"a\": 1, \"b\": 2}", "{\"c\": 1}"}},
        {"{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"string\", \"maxLength\": 2}, {\"const\": \"abc\"}]}", {"\"abcd\"", "\"xyz\""}, {"\"a\"", "\"abc\""}},
        {"{\"oneOf\": [true, false]}", {"1"}, {"x"}},
    };
    RUN(cases);
}

/* The complement's twin: each value is in a schema or in its complement, and never in both. */
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
        "null", "true", "false", "0", "1", "2", "-1", "1.5", "3.5", "100", "\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"ba\"", "[]", "[1]", "[\"a\"]", "[1, 2]", "[1, \"a\"]", "[\"a\", 1]", "[1, \"a\", \"b\"]", "[1, 2, 3]", "[[1]]", "{}", "{\"a\": 1}", "{\"a\": 2}", "{\"a\": \"x\"}", "{\"b\": 1}", "{\"b\": \"x\"}", "{\"a\": 1, \"b\": \"x\"}", "{\"a\": 1, \"b\": 2}", "{\"a\": \"x\", \"b\": \"y\"}", "{\"c\": 1}", "{\"a\": 1, \"c\": \"x\"}", "{\"ab\": 1}", "{\"a\": {\"a\": {}}}", "{\"a\": {\"b\": \"x\"}}", "{\"a\": 1, \"b\": 2, \"c\": 3}",
    };
    for (size_t i = 1; i < sizeof schemas / sizeof *schemas; i++) {
        char text[1000];
        snprintf(text, sizeof text, "{\"not\": %s}", schemas[i]);
        if (strstr(schemas[i], "$defs")) snprintf(text, sizeof text, "{\"$defs\": {\"t\": {\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#/$defs/t\"}}, \"additionalProperties\": {\"type\": \"integer\"}}}, \"not\": {\"$ref\": \"#/$defs/t\"}}");
        ananke_program *program = compile(schemas[i], NULL), *complement = compile(text, NULL);
        size_t left_out;
        assert_non_null(program);
        assert_non_null(complement);
        ananke_program_unenforced(complement, &left_out);
        if (left_out) fail_msg("%s leaves something out", text);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            bool is_in = accepts(program, values[v]), is_out = accepts(complement, values[v]);
            if (is_in == is_out) fail_msg("%s and its complement: %s is in %s", schemas[i], values[v], is_in ? "both" : "none");
        }
        ananke_program_free(program);
        ananke_program_free(complement);
    }
}

static const ananke_unenforced *only_one(const ananke_program *program) {
    size_t count;
    const ananke_unenforced *list = ananke_program_unenforced(program, &count);
    assert_int_equal(count, 1);
    return list;
}

/* What is not held is listed with its pointer, stays listed in a saved program, and is an error where nothing may be. */
TEST(what_is_left_out_is_listed) {
    IGNORE_STATE;
    static const char schema[] = "{\"properties\": {\"a/b\": {\"type\": \"array\", \"uniqueItems\": true}}}";
    ananke_program *program = compile(schema, NULL);
    assert_non_null(program);
    assert_string_equal(only_one(program)->pointer, "#/properties/a~1b/uniqueItems");
    assert_true(only_one(program)->reason[0]);
    assert_true(accepts(program, "{\"a/b\": [1, 1]}"));
    ananke_program_free(program);
    ananke_error err = {0};
    const ananke_program_options strict = {.is_strict = true};
    assert_null(ananke_program_from_json_schema(schema, strlen(schema), bytes, &strict, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "#/properties/a~1b/uniqueItems"));
}

/* The complement of something that is held in part would refuse what is valid. */
TEST(a_complement_of_what_is_left_out_is_left_out) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"not\": {\"uniqueItems\": true, \"type\": \"array\"}}", {"[1, 1]", "3"}, {NULL}},
        {"{\"$defs\": {\"u\": {\"uniqueItems\": true}}, \"not\": {\"properties\": {\"a\": {\"$ref\": \"#/$defs/u\"}}}}", {"{\"a\": [1, 1]}"}, {NULL}},
        {"{\"oneOf\": [{\"uniqueItems\": true}, {\"type\": \"array\", \"minItems\": 2}]}", {"[1, 1]", "3"}, {NULL}},
    };
    RUN(cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_by_pattern),
        cmocka_unit_test(properties_are_counted),
        cmocka_unit_test(items_are_counted),
        cmocka_unit_test(dependencies),
        cmocka_unit_test(conditions),
        cmocka_unit_test(complements),
        cmocka_unit_test(one_of_several),
        cmocka_unit_test(every_value_is_in_a_schema_or_in_its_complement),
        cmocka_unit_test(what_is_left_out_is_listed),
        cmocka_unit_test(a_complement_of_what_is_left_out_is_left_out),
    };
    return cmocka_run_group_tests(tests, open_vocab, close_vocab);
}
