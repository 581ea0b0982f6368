/* Schemas that nothing is valid for: the error names the place and the keywords. */
#include "schema_fixture.h"
#include <stdio.h>

typedef struct Blamed {
    const char *schema, *says; /* all of the message behind "JSON Schema: " */
} Blamed;

static void check(const Blamed *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        ananke_error err = {0};
        char wanted[300];
        snprintf(wanted, sizeof wanted, "JSON Schema: %s", cases[i].says);
        if (compile(cases[i].schema, &err)) fail_msg("%s compiles", cases[i].schema);
        if (err.code != ANANKE_ERROR_CONFLICT || strcmp(err.message, wanted) != 0)
            fail_msg("%s: %s: %s", cases[i].schema, ananke_error_name(err.code), err.message);
    }
}
#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

TEST(keywords_that_exclude_each_other_are_named_and_no_others) {
    IGNORE_STATE;
    static const Blamed cases[] = {
        {"false", "#: no value is valid: the schema is `false`"},
        {"{\"title\": \"t\", \"enum\": []}", "#: no value is valid: `enum` leaves none"},
        {"{\"type\": \"integer\", \"multipleOf\": 1, \"minimum\": 3, \"maximum\": 2}",
         "#: no value is valid: `type`, `minimum` and `maximum` leave none"},
        {"{\"type\": \"string\", \"pattern\": \"^a\", \"minLength\": 3, \"maxLength\": 2}",
         "#: no value is valid: `type`, `minLength` and `maxLength` leave none"},
        {"{\"const\": 3, \"enum\": [4, 5]}", "#: no value is valid: `const` and `enum` leave none"},
        {"{\"type\": \"object\", \"required\": [\"a\"], \"properties\": {\"b\": {}}, \"additionalProperties\": false}",
         "#: no value is valid: `type`, `required` and `additionalProperties` leave none"},
        {"{\"not\": {}}", "#: no value is valid: `not` leaves none"},
        {"{\"anyOf\": [false, {\"enum\": []}]}", "#: no value is valid: `anyOf` leaves none"},
    };
    CHECK(cases);
}

TEST(members_of_all_of_are_told_apart) {
    IGNORE_STATE;
    static const Blamed cases[] = {
        {"{\"allOf\": [{\"type\": \"string\"}, {\"title\": \"t\"}, {\"type\": \"object\"}]}",
         "#: no value is valid: `allOf/0` and `allOf/2` leave none"},
        {"{\"type\": \"string\", \"allOf\": [{}, {\"type\": \"object\"}]}",
         "#: no value is valid: `type` and `allOf/1` leave none"},
        {"{\"allOf\": [{}, {\"enum\": []}]}", "#/allOf/1: no value is valid: `enum` leaves none"},
    };
    CHECK(cases);
}

TEST(the_innermost_schema_is_named) {
    IGNORE_STATE;
    static const Blamed cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b/c\": {\"type\": \"array\", \"minItems\": 2, \"items\": {\"enum\": []}}}, \"required\": [\"a\", \"b/c\"]}",
         "#/properties/b~1c/items: no value is valid: `enum` leaves none"},
        {"{\"type\": \"array\", \"prefixItems\": [{}, false], \"minItems\": 2}",
         "#/prefixItems/1: no value is valid: the schema is `false`"},
        {"{\"type\": \"array\", \"contains\": {\"enum\": []}}", "#/contains: no value is valid: `enum` leaves none"},
        {"{\"$defs\": {\"x\": {\"const\": 3, \"type\": \"string\"}}, \"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/x\"}, \"minItems\": 1}",
         "#/$defs/x: no value is valid: `const` and `type` leave none"},
    };
    CHECK(cases);
}

/* What reading does not find out, the grammar does. */
TEST(schemas_with_nothing_but_endless_values_have_none) {
    IGNORE_STATE;
    static const Blamed cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#\"}}, \"required\": [\"a\"]}",
         "#: no value is valid"},
        {"{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"boolean\"}, \"minItems\": 3}",
         "#: no value is valid"},
    };
    CHECK(cases);
}

TEST(what_need_not_be_there_may_be_impossible) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"a\": {\"enum\": []}}}", {"{}", "{\"b\": 1}"}, {"{\"a\": 1}"}},
        {"{\"type\": \"array\", \"items\": {\"type\": \"integer\", \"minimum\": 3, \"maximum\": 2}}", {"[]"}, {"[3]"}},
    };
    RUN(cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_that_exclude_each_other_are_named_and_no_others),
        cmocka_unit_test(members_of_all_of_are_told_apart),
        cmocka_unit_test(the_innermost_schema_is_named),
        cmocka_unit_test(schemas_with_nothing_but_endless_values_have_none),
        cmocka_unit_test(what_need_not_be_there_may_be_impossible),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
