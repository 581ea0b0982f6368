/* JSON Schemas: what each keyword lets through, and what is refused by name. */
#include "schema_fixture.h"
#include <stdio.h>

TEST(types) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"true",
         {"1", "null", "{\"a\": [1, {}]}", "\"x\"", "-0.5e+10"},
         {"", "01", "[1,]", "nul", "{a: 1}", "1.", "\"\n\""}},
        {"{}", {"[]", "{}", "[[], {}]"}, {"]"}},
        {"{\"type\": \"null\"}", {"null"}, {"0", "\"null\""}},
        {"{\"type\": \"boolean\"}", {"true", "false"}, {"null", "True"}},
        {"{\"type\": \"integer\"}", {"0", "-12", "100"}, {"1.5", "01", "\"1\"", "+1"}},
        {"{\"type\": [\"string\", \"null\"]}", {"null", "\"\""}, {"1", "[]"}},
        {"{\"x-unknown\": 1, \"title\": \"t\", \"default\": 3}", {"1", "{}"}, {"x"}},
    };
    RUN(cases);
}

TEST(strings) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"string\"}",
         {"\"a\"", "\"\\n\\u0041\\/\"", "\"\xC3\xA9\"", "\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\""},
         {"\"\\ud83d\"", "\"\\x\"", "\"\xC3\"", "\"\\ude00\\ud83d\"", "\"a\"b\""}},
        {"{\"type\": \"string\", \"minLength\": 2, \"maxLength\": 3}",
         {"\"ab\"", "\"\xC3\xA9\xC3\xA9\xC3\xA9\"", "\"\\ud83d\\ude00b\"", "\"\\n\\n\""},
         {"\"a\"", "\"abcd\"", "\"\\ud83d\\ude00\"", "\"\xC3\xA9\""}},
        {"{\"type\": \"string\", \"pattern\": \"^a+$\"}", {"\"aaa\"", "\"\\u0061\""}, {"\"\"", "\"ba\"", "\"ab\""}},
        {"{\"type\": \"string\", \"pattern\": \"b|^c\"}", {"\"abc\"", "\"cx\""}, {"\"ac\"", "\"\""}},
        {"{\"type\": \"string\", \"pattern\": \"^(a|b$)\"}", {"\"ax\"", "\"b\""}, {"\"bx\"", "\"xa\""}},
        {"{\"type\": \"string\", \"pattern\": \"^[^a-c\\\\d]{2,3}?$\"}",
         {"\"xy\"", "\"\xC3\xA9-\""},
         {"\"ax\"", "\"x1\"", "\"x\""}},
        {"{\"type\": \"string\", \"pattern\": \"^\\\\w+\\\\.\\\\S{1,}$\", \"maxLength\": 5}",
         {"\"a_1.b\""},
         {"\"a.\"", "\"a1.bcd\"", "\"a.b c\""}},
        {"{\"type\": \"string\", \"pattern\": \"^\\\"$\"}", {"\"\\\"\"", "\"\\u0022\""}, {"\"\"\"", "\"a\""}},
        {"{\"format\": \"date\"}", {"1", "\"2024-01-01\"", "null"}, {"\"x\""}},
        {"{\"enum\": [\"a\\\"b\", \"\\u00e9\", \"c\"]}",
         {"\"a\\\"b\"", "\"\xC3\xA9\"", "\"\\u00E9\"", "\"c\""},
         {"\"a\"", "\"\"", "c"}},
        {"{\"type\": \"string\", \"enum\": [\"abc\", \"d\", 1], \"minLength\": 2}", {"\"abc\""}, {"\"d\"", "1"}},
    };
    RUN(cases);
}

TEST(numbers) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"integer\", \"minimum\": -5, \"maximum\": 120}",
         {"-5", "0", "-0", "9", "99", "120"},
         {"-6", "121", "200", "1000", "-12", "5.0"}},
        {"{\"type\": \"number\", \"minimum\": 0.05, \"exclusiveMaximum\": 1}",
         {"0.05", "0.050", "0.0501", "0.9999", "0.1"},
         {"0.04", "0.0499", "1", "1.0", "0", "-0.5", "1e-1"}},
        {"{\"type\": \"number\", \"exclusiveMinimum\": 0}", {"0.0001", "1e-9", "12"}, {"0", "0.0", "-1", "0e5", "-0"}},
        {"{\"type\": \"number\", \"maximum\": 0}", {"0", "-0.0", "-1e5", "0.00"}, {"0.1", "1", "1e-9"}},
        {"{\"type\": \"number\", \"minimum\": -1.5, \"maximum\": -0.25}",
         {"-1.5", "-1", "-0.25", "-0.250", "-0.3"},
         {"-1.51", "-0.2", "0", "1", "-2"}},
        {"{\"minimum\": 3, \"exclusiveMinimum\": true, \"type\": \"integer\"}", {"4", "10"}, {"3", "0"}},
        {"{\"type\": \"integer\", \"exclusiveMinimum\": 9, \"exclusiveMaximum\": 12}", {"10", "11"}, {"9", "12", "1"}},
        {"{\"type\": \"number\", \"multipleOf\": 0.01}",
         {"0", "-0", "1", "1.5", "-12.34", "0.10", "7.2500"},
         {"0.001", "1.234", "1e2", "1.", "01.5"}},
        {"{\"multipleOf\": 2.5}", {"2.5", "5", "7.50", "0", "-10", "\"x\"", "null"}, {"1", "2.55", "7", "0.5"}},
        {"{\"type\": \"integer\", \"multipleOf\": 1.5}", {"3", "-6", "0"}, {"1", "2", "1.5", "4"}},
        {"{\"type\": \"integer\", \"multipleOf\": 1000, \"minimum\": 1}",
         {"1000", "20000"},
         {"0", "100", "1500", "01000"}},
        {"{\"type\": \"integer\", \"divisibleBy\": 7, \"minimum\": 50, \"maximum\": 100}",
         {"56", "98"},
         {"49", "57", "105"}},
        {"{\"type\": \"number\", \"multipleOf\": 1e-8}", {"0.00000001", "3", "1.5"}, {"0.000000001", "1e-8"}},
        {"{\"type\": \"integer\", \"multipleOf\": 12345678901234567890}", {"1"}, {"1.5"}},
        {"{\"type\": \"integer\", \"allOf\": [{\"multipleOf\": 4}, {\"multipleOf\": 6}]}",
         {"12", "24"},
         {"4", "6", "18"}},
        {"{\"const\": 1.50}", {"1.5", "1.50", "1.500"}, {"1", "1.51", "15"}},
        {"{\"enum\": [0, 10, -2.5, 1e2]}", {"0", "-0", "0.0", "10", "10.0", "-2.5", "100"}, {"1", "2.5", "-10"}},
    };
    RUN(cases);
}

TEST(objects) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"string\"}}, \"required\": [\"b\"], \"additionalProperties\": false}",
         {"{\"a\": 1, \"b\": \"x\"}", "{\"b\":\"x\"}", "{\n  \"a\": 1,\n  \"b\": \"\"\n}"},
         {"{}", "{\"a\": 1}", "{\"b\": \"x\", \"c\": 1}", "{\"a\": 1 , \"b\": \"\"}", "{\"a\":1,\"a\":2,\"b\":\"\"}",
          "{\"b\":1}"}},
        {"{\"properties\": {\"a\": {\"type\": \"integer\"}}}",
         {"{}", "{\"a\": 1}", "{\"b\": \"x\"}", "{\"a\": 1, \"b\": [], \"c\": {}}", "[]", "3"},
         {"{\"a\": \"x\"}", "{\"b\": 1, \"a\": \"x\"}", "{\"\\u0061\": \"x\"}"}},
        {"{\"type\": \"object\", \"additionalProperties\": {\"type\": \"boolean\"}}",
         {"{}", "{\"x\": true, \"y\": false}"},
         {"{\"x\": 1}"}},
        {"{\"type\": \"object\", \"required\": [\"x\"]}",
         {"{\"x\": 1}", "{\"x\": [], \"y\": 2}", "{\"y\": 2, \"x\": []}"},
         {"{}", "{\"y\": 1}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": false, \"b\": {}}}",
         {"{}", "{\"b\": 1}", "{\"c\": 1}"},
         {"{\"a\": 1}"}},
        {"{\"type\": \"object\", \"minProperties\": 1}", {"{\"a\": 1}"}, {"{}"}},
        {"{\"type\": \"object\", \"maxProperties\": 1, \"additionalProperties\": true}",
         {"{}", "{\"a\": 1}"},
         {"{\"a\": 1, \"b\": 2}"}},
        {"{\"const\": {\"a\": [1, null], \"b\": {\"c\": \"d\"}}}",
         {"{\"a\": [1, null], \"b\": {\"c\": \"d\"}}"},
         {"{\"a\": [1], \"b\": {\"c\": \"d\"}}", "{}"}},
    };
    RUN(cases);
}

TEST(arrays) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"array\", \"items\": {\"type\": \"integer\"}, \"minItems\": 1, \"maxItems\": 3}",
         {"[1]", "[1, 2, 3]", "[1,2]", "[\n  1,\n  2\n]"},
         {"[]", "[1, 2, 3, 4]", "[\"a\"]"}},
        {"{\"type\": \"array\", \"prefixItems\": [{\"type\": \"integer\"}, {\"type\": \"string\"}], \"items\": false}",
         {"[]", "[1]", "[1, \"a\"]"},
         {"[\"a\"]", "[1, \"a\", 2]"}},
        {"{\"type\": \"array\", \"items\": [{\"type\": \"integer\"}], \"additionalItems\": {\"type\": \"null\"}, \"minItems\": 2}",
         {"[1, null]", "[1, null, null]"},
         {"[1]", "[1, 2]"}},
        {"{\"type\": \"array\", \"prefixItems\": [{\"const\": 1}, {\"const\": 2}, {\"const\": 3}], \"minItems\": 1, \"maxItems\": 2}",
         {"[1]", "[1, 2]"},
         {"[]", "[1, 2, 3]"}},
        {"{\"type\": \"array\", \"maxItems\": 0}", {"[]"}, {"[1]"}},
        {"{\"const\": [1, [true]]}", {"[1, [true]]"}, {"[1]", "[1, [true], 2]", "[1, []]"}},
    };
    RUN(cases);
}

TEST(combinations) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"anyOf\": [{\"type\": \"integer\"}, {\"type\": \"string\", \"maxLength\": 1}]}",
         {"12", "\"a\""},
         {"\"ab\"", "null"}},
        {"{\"allOf\": [{\"minimum\": 3}, {\"type\": \"integer\", \"maximum\": 5}]}",
         {"3", "5"},
         {"2", "6", "\"a\"", "4.5"}},
        {"{\"type\": \"object\", \"properties\": {\"k\": {\"type\": \"string\"}, \"v\": {}}, \"required\": [\"k\"],"
         " \"oneOf\": [{\"properties\": {\"k\": {\"const\": \"a\"}, \"v\": {\"type\": \"integer\"}}}, {\"properties\": {\"k\": {\"const\": \"b\"}, \"v\": {\"type\": \"null\"}}}]}",
         {"{\"k\": \"a\", \"v\": 1}", "{\"k\": \"b\", \"v\": null}", "{\"k\": \"a\"}"},
         {"{\"k\": \"a\", \"v\": null}", "{\"k\": \"c\"}", "{\"k\": \"b\", \"v\": 1}"}},
        {"{\"oneOf\": [{\"type\": \"integer\", \"maximum\": 3}, {\"type\": \"integer\", \"minimum\": 4}]}",
         {"3", "4"},
         {"\"a\""}},
        {"{\"allOf\": [{\"properties\": {\"a\": {\"type\": \"integer\"}}, \"required\": [\"a\"]}, {\"properties\": {\"b\": {\"type\": \"null\"}}, \"type\": \"object\"}]}",
         {"{\"a\": 1}", "{\"a\": 1, \"b\": null}"},
         {"{\"b\": null}", "{\"a\": 1, \"b\": 2}", "3"}},
        {"{\"$defs\": {\"node\": {\"type\": \"object\", \"properties\": {\"next\": {\"anyOf\": [{\"$ref\": \"#/$defs/node\"}, {\"type\": \"null\"}]}}, \"required\": [\"next\"], \"additionalProperties\": false}}, \"$ref\": \"#/$defs/node\"}",
         {"{\"next\": null}", "{\"next\": {\"next\": {\"next\": null}}}"},
         {"{}", "{\"next\": {}}"}},
        {"{\"$ref\": \"#/definitions/a~1b%25\", \"definitions\": {\"a/b%\": {\"type\": \"null\"}}}", {"null"}, {"1"}},
        {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"definitions\": {\"n\": {\"type\": \"integer\"}}, \"properties\": {\"a\": {\"$ref\": \"#/definitions/n\", \"minimum\": 5}}}",
         {"{\"a\": 1}"},
         {"{\"a\": \"x\"}"}},
        {"{\"$defs\": {\"n\": {\"type\": \"integer\"}}, \"$ref\": \"#/$defs/n\", \"minimum\": 5}", {"5"}, {"4"}},
        {"{\"$id\": \"https://x.org/s\", \"$defs\": {\"n\": {\"type\": \"null\"}}, \"items\": {\"$ref\": \"https://x.org/s#/$defs/n\"}}",
         {"[null]"},
         {"[1]"}},
    };
    RUN(cases);
}

/* A schema and what its error says. */
typedef struct Refusal {
    const char *schema;
    ananke_error_code code;
    const char *says;
} Refusal;

TEST(refusals_name_place_and_keyword) {
    IGNORE_STATE;
    static const Refusal refusals[] = {
        {"{\"pattern\": \"\\\\Z\"}", ANANKE_ERROR_SYNTAX, "#/pattern"},
        {"{\"pattern\": \"(\"}", ANANKE_ERROR_SYNTAX, "not closed"},
        {"{\"pattern\": \"[z-a]\"}", ANANKE_ERROR_SYNTAX, "out of order"},
        {"{\"multipleOf\": 0}", ANANKE_ERROR_SYNTAX, "#/multipleOf"},
        {"{\"multipleOf\": 0.00}", ANANKE_ERROR_SYNTAX, "#/multipleOf"},
        {"{\"divisibleBy\": -2e0}", ANANKE_ERROR_SYNTAX, "#/divisibleBy"},
        {"{\"multipleOf\": \"2\"}", ANANKE_ERROR_SYNTAX, "#/multipleOf"},
        {"{\"type\": \"integer\", \"multipleOf\": 7, \"minimum\": 8, \"maximum\": 13}", ANANKE_ERROR_CONFLICT,
         "no value is valid"},
        {"{\"$ref\": \"#/$defs/x\"}", ANANKE_ERROR_SYNTAX, "nothing at"},
        {"{\"$ref\": \"other.json\"}", ANANKE_ERROR_UNSUPPORTED, "another document"},
        {"{\"allOf\": [{\"$ref\": \"#\"}], \"type\": \"object\"}", ANANKE_ERROR_UNSUPPORTED, "leads back"},
        {"{\"type\": \"strin\"}", ANANKE_ERROR_SYNTAX, "#/type"},
        {"{\"type\": \"string\", \"minLength\": -1}", ANANKE_ERROR_SYNTAX, "#/minLength"},
        {"3", ANANKE_ERROR_SYNTAX, "#"},
        {"{\"a\": }", ANANKE_ERROR_SYNTAX, "JSON"},
        {"{\"$ref\": \"#\"}", ANANKE_ERROR_UNSUPPORTED, "leads back"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        ananke_error err = {0};
        ananke_program *program = compile(refusals[i].schema, &err);
        if (program) fail_msg("%s compiles", refusals[i].schema);
        if (err.code != refusals[i].code || !strstr(err.message, refusals[i].says)) {
            fail_msg("%s: %s: %s", refusals[i].schema, ananke_error_name(err.code), err.message);
        }
    }
}

/* What is valid and cannot be held is noted, and the rest of the schema holds. */
TEST(what_cannot_be_held_is_left_out_by_its_place) {
    IGNORE_STATE;
    static const struct {
        const char *schema, *pointer, *pass, *fail;
    } cases[] = {
        {"{\"type\": \"string\", \"pattern\": \"(a)\\\\1\", \"maxLength\": 2}", "#/pattern", "\"xy\"", "\"xyz\""},
        {"{\"type\": \"string\", \"pattern\": \"(?<=a)b\"}", "#/pattern", "\"b\"", "1"},
        {"{\"type\": \"string\", \"pattern\": \"a{999999}\"}", "#/pattern", "\"b\"", "1"},
        {"{\"type\": \"integer\", \"multipleOf\": 12345678901, \"minimum\": 5}", "#/multipleOf", "7", "4"},
        {"{\"items\": {\"format\": \"no/such~one\"}}", "#/items/format", "[\"a\", 1]", "["},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_error err = {0};
        size_t count = 0;
        ananke_program *program = compile(cases[i].schema, &err);
        if (!program) fail_msg("%s: %s", cases[i].schema, err.message);
        const ananke_unenforced *places = ananke_program_unenforced(program, &count);
        assert_int_equal(count, 1);
        assert_string_equal(places->pointer, cases[i].pointer);
        assert_true(accepts(program, cases[i].pass));
        assert_false(accepts(program, cases[i].fail));
        ananke_program_free(program);
    }
}

/* The slow twin of number ranges: compare as integers of hundredths. */
TEST(number_ranges_agree_with_arithmetic) {
    IGNORE_STATE;
    static const int bounds[] = {-1234, -100, -99, -7, 0, 5, 10, 99, 100, 101, 250, 999, 1000};
    const size_t count = sizeof bounds / sizeof *bounds;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i; j < count; j += 3) {
            char schema[200];
            snprintf(schema, sizeof schema, "{\"type\": \"number\", \"minimum\": %de-2, \"exclusiveMaximum\": %de-2}",
                     bounds[i], bounds[j] + 1);
            ananke_program *program = compile(schema, NULL);
            assert_non_null(program);
            for (int value = -1300; value <= 1100; value += 7) {
                char text[32];
                snprintf(text, sizeof text, "%s%d.%02d", value < 0 ? "-" : "", abs(value) / 100, abs(value) % 100);
                if (accepts(program, text) != (bounds[i] <= value && value <= bounds[j]))
                    fail_msg("%s and %s", schema, text);
            }
            ananke_program_free(program);
        }
    }
}

static void compile_with_little_memory(const char *schema) {
    for (size_t limit = 1000; limit < 400000; limit = limit * 9 / 8) {
        ananke_context context = {.memory_limit = limit};
        ananke_program_options options = {.context = &context};
        ananke_error err = {0};
        ananke_program *program = ananke_program_from_json_schema(schema, strlen(schema), bytes, &options, &err);
        if (!program) assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
        ananke_program_free(program);
    }
}

TEST(a_failing_allocation_is_an_error) {
    IGNORE_STATE;
    compile_with_little_memory(
        "{\"type\": \"object\", \"properties\": {\"a\": {\"pattern\": \"^x\"}, \"b\": {\"$ref\": \"#\"}}, \"required\": [\"a\"]}");
    compile_with_little_memory(
        "{\"anyOf\": [{\"$ref\": \"#/$defs/a\"}, {\"prefixItems\": [true], \"contains\": false}], \"unevaluatedItems\": false, "
        "\"if\": {\"properties\": {\"b\": {}}}, \"oneOf\": [{\"patternProperties\": {\"^c\": {}}}, {\"required\": [\"d\"]}], "
        "\"unevaluatedProperties\": false, \"$defs\": {\"a\": {\"dependentSchemas\": {\"a\": {\"properties\": {\"a\": {}}}}}}}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test(strings),
        cmocka_unit_test(numbers),
        cmocka_unit_test(objects),
        cmocka_unit_test(arrays),
        cmocka_unit_test(combinations),
        cmocka_unit_test(refusals_name_place_and_keyword),
        cmocka_unit_test(what_cannot_be_held_is_left_out_by_its_place),
        cmocka_unit_test(number_ranges_agree_with_arithmetic),
        cmocka_unit_test(a_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
