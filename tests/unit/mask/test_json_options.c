/* White space and separators of JSON, by the options and by x-guidance. */
#include "schema_fixture.h"
#include <stdio.h>

static const char *const pair =
    "\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"integer\"}}, "
    "\"required\": [\"a\", \"b\"], \"additionalProperties\": false";

/* A way of spacing: what is accepted of `schema` and what is not. */
typedef struct Spacing {
    ananke_json_options options;
    const char *schema;
    const char *pass[TEXTS_MAX], *fail[TEXTS_MAX];
} Spacing;

static void check(const Spacing *spacing) {
    ananke_error err = {0};
    const ananke_program_options options = {.json = &spacing->options};
    ananke_program *program =
        ananke_program_from_json_schema(spacing->schema, strlen(spacing->schema), bytes, &options, &err);
    if (!program) fail_msg("%s: %s", spacing->schema, err.message);
    for (size_t i = 0; spacing->pass[i]; i++) {
        if (!accepts(program, spacing->pass[i])) fail_msg("%s refuses %s", spacing->schema, spacing->pass[i]);
    }
    for (size_t i = 0; spacing->fail[i]; i++) {
        if (accepts(program, spacing->fail[i])) fail_msg("%s accepts %s", spacing->schema, spacing->fail[i]);
    }
    ananke_program_free(program);
}

TEST(white_space_is_as_the_options_say) {
    IGNORE_STATE;
    static const Spacing spacings[] = {
        {{.whitespace = ANANKE_JSON_BOUNDED},
         "true",
         {"{\"a\": [1,2]}", "{\"a\":[1, 2]}", "{\n  \"a\": 1\n}", "{ }", "[ ]"},
         {"{\"a\" : 1}", "[1 ,2]", "[  1]", "[1]\n"}},
        {{.whitespace = ANANKE_JSON_COMPACT},
         "true",
         {"{}", "[]", "{\"a\":[1,2,{\"b\":null}],\"c\":{}}", "\"a b\"", "[\" , \"]"},
         {"{ }", "[ ]", "{\"a\": 1}", "[1, 2]", "[1,2 ]", "[1,\n2]", " 1", "1 "}},
        {{.whitespace = ANANKE_JSON_SPACED},
         "true",
         {"{}", "[]", "{\"a\": [1, 2, {\"b\": null}], \"c\": {}}"},
         {"{ }", "{\"a\":1}", "[1,2]", "[1,  2]", "[1, 2 ]", "{\"a\":  1}", "{\"a\" : 1}", "[1 ,2]", "[1,\n2]"}},
        {{.whitespace = ANANKE_JSON_FREE},
         "true",
         {"{}", "[ \n\t\r ]", "{\"a\"\n:\t\t1  ,\r\n\"b\"   :  [ 1 , 2 ] }"},
         {" {}", "{} ", "[\v]", "[1 2]", "[\"a\" \"b\"]"}},
        {{.whitespace = ANANKE_JSON_SPACED, .item_separator = ",\n?", .key_separator = " = "},
         "true",
         {"{\"a\" = [1,2,\n3]}"},
         {"{\"a\": 1}", "{\"a\"= 1}", "[1, 2]"}},
    };
    for (size_t i = 0; i < sizeof spacings / sizeof *spacings; i++) check(&spacings[i]);
}

TEST(indentation_is_that_of_json_dumps) {
    IGNORE_STATE;
    static const Spacing spacings[] = {
        {{.whitespace = ANANKE_JSON_INDENTED, .indent = 2},
         "true",
         {"{}", "[]", "1", "[\n  1\n]",
          "{\n  \"a\": 1,\n  \"b\": [\n    {},\n    [],\n    {\n      \"c\": 2\n    }\n  ]\n}"},
         {"{ }", "{\n}", "[\n]", "[1]", "[\n 1\n]", "[\n  1,\n 2\n]", "[\n  1, 2\n]", "[\n  1\n  ]", "{\n  \"a\":1\n}",
          "[\n  [\n  1\n  ]\n]", "[\n  1,\n  2]"}},
        {{.whitespace = ANANKE_JSON_INDENTED, .indent = 0}, "true", {"[\n1,\n[\n2\n]\n]"}, {"[1]", "[\n 1\n]"}},
        {{.whitespace = ANANKE_JSON_INDENTED, .indent = 1},
         "{\"$defs\": {\"tree\": {\"type\": \"object\", \"properties\": {\"v\": {\"type\": \"integer\"}, \"kids\": {\"type\": \"array\", "
         "\"items\": {\"$ref\": \"#/$defs/tree\"}}}, \"additionalProperties\": false}}, \"$ref\": \"#/$defs/tree\"}",
         {"{}", "{\n \"v\": 1,\n \"kids\": [\n  {\n   \"v\": 2,\n   \"kids\": []\n  },\n  {}\n ]\n}"},
         {"{\n}", "{\n \"v\": 1,\n \"kids\": [\n {}\n ]\n}", "{\n \"kids\": [\n ]\n}"}},
        {{.whitespace = ANANKE_JSON_INDENTED, .indent = 1},
         "{\"type\": \"array\", \"contains\": {\"const\": 1}, \"items\": {\"type\": \"integer\"}}",
         {"[\n 1\n]", "[\n 2,\n 1\n]"},
         {"[]", "[\n]", "[\n 2\n]"}},
        {{.whitespace = ANANKE_JSON_INDENTED, .indent = 1},
         "{\"type\": \"array\", \"contains\": {\"const\": 1}, \"minContains\": 0, \"maxContains\": 1}",
         {"[]", "[\n 1\n]", "[\n 2,\n 1\n]"},
         {"[\n]", "[\n 1,\n 1\n]"}},
        {{.whitespace = ANANKE_JSON_INDENTED, .indent = 1},
         "{\"type\": \"object\", \"minProperties\": 1}",
         {"{\n \"a\": 1\n}"},
         {"{}", "{\n}"}},
        {{.whitespace = ANANKE_JSON_INDENTED, .indent = 1},
         "{\"type\": \"object\", \"maxProperties\": 1, \"properties\": {\"a\": {\"type\": \"integer\"}}}",
         {"{}", "{\n \"a\": 1\n}", "{\n \"b\": 1\n}"},
         {"{\n}", "{\n \"a\": 1,\n \"b\": 1\n}"}},
        {{.whitespace = ANANKE_JSON_INDENTED, .indent = 1},
         "{\"const\": {\"a\": [], \"b\": [1], \"c\": {}}}",
         {"{\n \"a\": [],\n \"b\": [\n  1\n ],\n \"c\": {}\n}"},
         {"{\n \"a\": [\n ],\n \"b\": [\n  1\n ],\n \"c\": {}\n}"}},
    };
    for (size_t i = 0; i < sizeof spacings / sizeof *spacings; i++) check(&spacings[i]);
}

static void put_lists(char *text, size_t count) {
    char *at = text;
    for (size_t i = 0; i < count; i++) {
        *at++ = '[';
        if (i + 1 < count) *at++ = '\n';
    }
    for (size_t i = count; i-- > 0;) {
        *at++ = ']';
        if (i) *at++ = '\n';
    }
    *at = 0;
}

TEST(indented_values_are_nested_as_deep_as_documented) {
    IGNORE_STATE;
    const ananke_json_options json = {.whitespace = ANANKE_JSON_INDENTED};
    const ananke_program_options options = {.json = &json};
    ananke_program *program = ananke_program_from_json_schema("true", 4, bytes, &options, NULL);
    char text[200];
    assert_non_null(program);
    put_lists(text, 32);
    assert_true(accepts(program, text));
    put_lists(text, 33);
    assert_false(accepts(program, text));
    ananke_program_free(program);
}

/* A schema of two integers with this x-guidance. */
static ananke_program *guided(const char *guidance, const char *members, const ananke_json_options *json,
                              ananke_error *err) {
    char schema[1000];
    const ananke_program_options options = {.json = json};
    snprintf(schema, sizeof schema, "{\"x-guidance\": %s, %s}", guidance, members);
    return ananke_program_from_json_schema(schema, strlen(schema), bytes, &options, err);
}

TEST(x_guidance_goes_before_the_options) {
    IGNORE_STATE;
    static const struct {
        const char *guidance;
        const char *pass[TEXTS_MAX], *fail[TEXTS_MAX];
    } cases[] = {
        {"{\"whitespace_flexible\": false}", {"{\"a\":1,\"b\":2}"}, {"{\"a\": 1, \"b\": 2}", "{\"a\":1, \"b\":2}"}},
        {"{\"whitespace_flexible\": true}",
         {"{\"a\":1,\"b\":2}", "{ \"a\"  :\t1  ,\n\n\n\"b\" : 2\r\n}"},
         {"{\"a\":1;\"b\":2}", " {\"a\":1,\"b\":2}"}},
        {"{\"whitespace_flexible\": false, \"item_separator\": \", \", \"key_separator\": \": \"}",
         {"{\"a\": 1, \"b\": 2}"},
         {"{\"a\":1,\"b\":2}", "{\"a\": 1,  \"b\": 2}"}},
        {"{\"whitespace_flexible\": false, \"item_separator\": \"\\\\s{0,2},\\\\s{0,2}\", \"key_separator\": "
         "\"\\\\s{0,2}:\\\\s{0,2}\"}",
         {"{\"a\":1,\"b\":2}", "{\"a\"  :  1 , \"b\":2}"},
         {"{\"a\":1,   \"b\":2}", "{ \"a\":1,\"b\":2}"}},
        {"{\"whitespace_flexible\": true, \"item_separator\": \"-\", \"key_separator\": \"_ \"}",
         {"{\"a\"_ 1-\"b\"_ 2}", "{\"a\" _  1 - \"b\"_ 2}"},
         {"{\"a\"_ 1-\"b\"_2}", "{\"a\": 1,\"b\": 2}"}},
        {"{\"whitespace_pattern\": \" {1,2}\"}",
         {"{\"a\":1,\"b\":2}", "{  \"a\"  :  1  ,  \"b\"  :  2  }"},
         {"{   \"a\":1,\"b\":2}", "{\"a\":1   ,\"b\":2}", "{\"a\":1,\n\"b\":2}"}},
        {"{\"whitespace_pattern\": null, \"json_allowed_escapes\": null, \"json_allow_general_unicode_escapes\": false, "
         "\"lenient\": false, \"coerce_one_of\": false}",
         {"{\"a\"!1,\"b\"!2}"},
         {"{\"a\":1,\"b\":2}", "{\"a\"!1, \"b\"!2}"}},
        {"{\"item_separator\": \";\"}", {"{\"a\"!1;\"b\"!2}"}, {"{\"a\":1;\"b\":2}", "{\"a\"!1,\"b\"!2}"}},
    };
    const ananke_json_options json = {.whitespace = ANANKE_JSON_COMPACT, .key_separator = "!"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_error err = {0};
        ananke_program *program = guided(cases[i].guidance, pair, &json, &err);
        if (!program) fail_msg("%s: %s", cases[i].guidance, err.message);
        for (size_t t = 0; cases[i].pass[t]; t++) {
            if (!accepts(program, cases[i].pass[t])) fail_msg("%s refuses %s", cases[i].guidance, cases[i].pass[t]);
        }
        for (size_t t = 0; cases[i].fail[t]; t++) {
            if (accepts(program, cases[i].fail[t])) fail_msg("%s accepts %s", cases[i].guidance, cases[i].fail[t]);
        }
        ananke_program_free(program);
    }
}

TEST(a_pattern_of_white_space_stands_once_between_empty_brackets) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"x-guidance\": {\"whitespace_pattern\": \" {1,2}\"}}",
         {"{}", "[]", "{ }", "[  ]", "[  1  ,  2  ]", "{  \"a\"  :  1  }"},
         {"[   ]", "{   }", "[    ]", "{    }", "[1   ]"}},
        {"{\"x-guidance\": {\"whitespace_pattern\": \" {1,2}\"}, \"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}}, "
         "\"additionalProperties\": false}",
         {"{}", "{  }", "{  \"a\":1  }", "{\"b\":1}"},
         {"{   }", "{    }"}},
    };
    RUN(cases);
}

TEST(the_language_is_the_default_without_x_guidance) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"x-guidance\": {}}", {"{\"a\": [1, 2]}", "{\n\"a\":1}"}, {"[  1]", "[1 ]]"}},
        {"{\"type\": \"array\", \"items\": {\"x-guidance\": {\"whitespace_flexible\": false}}}",
         {"[1, 2]"},
         {"[1 ,2]"}},
    };
    RUN(cases);
}

TEST(what_is_wrong_in_x_guidance_is_named) {
    IGNORE_STATE;
    static const struct {
        const char *guidance, *message;
    } cases[] = {
        {"{\"whitespace\": false}", "JSON Schema: #/x-guidance/whitespace: there is no such option"},
        {"{\"lenient\": 1}", "JSON Schema: #/x-guidance/lenient: true or false is wanted"},
        {"{\"item_separator\": null}", "JSON Schema: #/x-guidance/item_separator: a string is wanted"},
        {"{\"whitespace_pattern\": 1}", "JSON Schema: #/x-guidance/whitespace_pattern: a string is wanted"},
        {"{\"json_allowed_escapes\": \"n\"}",
         "JSON Schema: #/x-guidance/json_allowed_escapes: the option is not supported"},
        {"[]", "JSON Schema: #/x-guidance: an object is wanted"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_error err = {0};
        assert_null(guided(cases[i].guidance, pair, NULL, &err));
        assert_string_equal(err.message, cases[i].message);
    }
    ananke_error err = {0};
    assert_null(guided("{\"key_separator\": \"(\"}", pair, NULL, &err));
    assert_non_null(strstr(err.message, "#/x-guidance/key_separator: "));
}

TEST(options_that_are_none_are_refused) {
    IGNORE_STATE;
    static const ananke_json_options bad[] = {{.whitespace = (ananke_json_whitespace)17},
                                              {.whitespace = ANANKE_JSON_INDENTED, .indent = 81},
                                              {.item_separator = "["}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ananke_error err = {0};
        const ananke_program_options options = {.json = &bad[i]};
        assert_null(ananke_program_from_json_schema("true", 4, bytes, &options, &err));
        assert_int_equal(err.code, i < 2 ? ANANKE_ERROR_USAGE : ANANKE_ERROR_SYNTAX);
    }
}

/* How many things of it are unenforced. */
static size_t unenforced(const char *guidance, const char *members, const char **pointer) {
    ananke_error err = {0};
    ananke_program *program = guided(guidance, members, NULL, &err);
    static char kept[100];
    size_t count = 0;
    if (!program) fail_msg("%s: %s", members, err.message);
    const ananke_unenforced *all = ananke_program_unenforced(program, &count);
    snprintf(kept, sizeof kept, "%s", count ? all[0].pointer : "");
    *pointer = kept;
    ananke_program_free(program);
    return count;
}

TEST(coerced_one_of_is_any_of_and_says_so_where_that_matters) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"x-guidance\": {\"coerce_one_of\": true}, \"oneOf\": [{\"minimum\": 1, \"type\": \"integer\"}, {\"maximum\": 5, \"type\": "
         "\"integer\"}]}",
         {"0", "3", "9"},
         {"\"a\"", "1.5"}},
        {"{\"oneOf\": [{\"minimum\": 1, \"type\": \"integer\"}, {\"maximum\": 5, \"type\": \"integer\"}]}",
         {"0", "9"},
         {"3"}},
    };
    RUN(cases);
    const char *pointer;
    assert_int_equal(
        unenforced("{\"coerce_one_of\": true}", "\"oneOf\": [{\"minimum\": 1}, {\"maximum\": 5}]", &pointer), 1);
    assert_string_equal(pointer, "#/oneOf");
    assert_int_equal(
        unenforced("{\"coerce_one_of\": true}", "\"oneOf\": [{\"type\": \"null\"}, {\"type\": \"string\"}]", &pointer),
        0);
}

TEST(lenience_leaves_out_what_is_an_error_else) {
    IGNORE_STATE;
    static const struct {
        const char *members, *pointer;
    } cases[] = {
        {"\"extends\": {}", "#/extends"},
        {"\"disallow\": \"string\"", "#/disallow"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *pointer;
        assert_null(guided("{}", cases[i].members, NULL, NULL));
        assert_int_equal(unenforced("{\"lenient\": true}", cases[i].members, &pointer), 1);
        assert_string_equal(pointer, cases[i].pointer);
    }
}

TEST(options_hold_for_schemas_inside_of_lark) {
    IGNORE_STATE;
    const char *lark =
        "start: %json {\"x-guidance\": {\"whitespace_flexible\": false}} \" \" %json {\"type\": \"array\"}\n";
    const ananke_json_options json = {.whitespace = ANANKE_JSON_SPACED};
    ananke_error err = {0};
    ananke_program *program =
        ananke_program_from_lark(lark, strlen(lark), bytes, &(ananke_program_options){.json = &json}, &err);
    if (!program) fail_msg("%s", err.message);
    assert_true(accepts(program, "[1,2] [1, 2]"));
    assert_false(accepts(program, "[1, 2] [1, 2]"));
    assert_false(accepts(program, "[1,2] [1,2]"));
    ananke_program_free(program);
}

TEST(a_failing_allocation_is_an_error) {
    IGNORE_STATE;
    const ananke_json_options json = {.whitespace = ANANKE_JSON_INDENTED, .indent = 2, .item_separator = ",+"};
    for (size_t limit = 1000; limit < 2000000; limit = limit * 5 / 4) {
        ananke_context context = {.memory_limit = limit};
        ananke_error err = {0};
        ananke_program *program = ananke_program_from_json_schema(
            "true", 4, bytes, &(ananke_program_options){.context = &context, .json = &json}, &err);
        if (!program) assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
        ananke_program_free(program);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_space_is_as_the_options_say),
        cmocka_unit_test(indentation_is_that_of_json_dumps),
        cmocka_unit_test(indented_values_are_nested_as_deep_as_documented),
        cmocka_unit_test(x_guidance_goes_before_the_options),
        cmocka_unit_test(a_pattern_of_white_space_stands_once_between_empty_brackets),
        cmocka_unit_test(the_language_is_the_default_without_x_guidance),
        cmocka_unit_test(what_is_wrong_in_x_guidance_is_named),
        cmocka_unit_test(options_that_are_none_are_refused),
        cmocka_unit_test(coerced_one_of_is_any_of_and_says_so_where_that_matters),
        cmocka_unit_test(lenience_leaves_out_what_is_an_error_else),
        cmocka_unit_test(options_hold_for_schemas_inside_of_lark),
        cmocka_unit_test(a_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
