/* JSON Schemas: if, oneOf, and what is left out. */
#include "schema_fixture.h"
#include <stdio.h>

TEST(conditions) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"kind\": {\"enum\": [\"a\", \"b\"]}, \"v\": {}}, \"required\": [\"kind\"], \"if\": {\"properties\": {\"kind\": {\"const\": \"a\"}}}, \"then\": {\"properties\": {\"v\": {\"type\": \"integer\"}}, \"required\": [\"v\"]}, \"else\": {\"properties\": {\"v\": {\"type\": \"null\"}}}}",
         {"{\"kind\": \"a\", \"v\": 1}", "{\"kind\": \"b\"}", "{\"kind\": \"b\", \"v\": null}"},
         {"{\"kind\": \"a\"}", "{\"kind\": \"a\", \"v\": null}", "{\"kind\": \"b\", \"v\": 1}"}},
        {"{\"if\": {\"type\": \"integer\"}, \"then\": {\"minimum\": 3}}", {"3", "\"a\"", "2.5"}, {"2"}},
        {"{\"if\": {\"type\": \"integer\"}, \"else\": {\"type\": \"string\"}}", {"3", "\"a\""}, {"2.5", "null", "[]"}},
        {"{\"if\": {\"type\": \"integer\"}}", {"3", "null"}, {"x"}},
    };
    RUN(cases);
}

TEST(one_of_several) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"oneOf\": [{\"type\": \"integer\"}, {\"minimum\": 2}]}", {"1", "2.5"}, {"3", "1.5", "3.0"}},
        {"{\"properties\": {\"a\": {}, \"b\": {}}, \"type\": \"object\", \"oneOf\": [{\"required\": [\"a\"]}, {\"required\": [\"b\"]}]}",
         {"{\"a\": 1}", "{\"b\": 1}", "{\"b\": 1, \"c\": 2}"},
         {"{}", "{\"a\": 1, \"b\": 2}", "{\"c\": 1}"}},
        {"{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"string\", \"maxLength\": 2}, {\"const\": \"abc\"}]}",
         {"\"abcd\"", "\"xyz\""},
         {"\"a\"", "\"abc\""}},
        {"{\"oneOf\": [true, false]}", {"1"}, {"x"}},
    };
    RUN(cases);
}

/* The complement's twin: each value is in a schema or in its complement, and never in both. */
static const ananke_unenforced *only_one(const ananke_program *program) {
    size_t count;
    const ananke_unenforced *list = ananke_program_unenforced(program, &count);
    assert_int_equal(count, 1);
    return list;
}

/* What is not held is listed with its pointer, stays listed in a saved program, and is an error where nothing may be. */
/* The complement of something that is held in part would refuse what is valid. */

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

TEST(a_strict_program_names_all_that_is_left_out) {
    IGNORE_STATE;
    static const char schema[] =
        "{\"prefixItems\": [{\"uniqueItems\": true}, {\"uniqueItems\": true}, {\"uniqueItems\": true}]}";
    ananke_error err = {0};
    const ananke_program_options strict = {.is_strict = true};
    assert_null(ananke_program_from_json_schema(schema, strlen(schema), bytes, &strict, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_string_equal(err.message,
                        "#/prefixItems/0/uniqueItems: equal items are not told apart; not enforced either: "
                        "#/prefixItems/1/uniqueItems, #/prefixItems/2/uniqueItems");
}

TEST(or_as_many_as_there_is_room_for) {
    IGNORE_STATE;
    char schema[4000];
    size_t length = (size_t)snprintf(schema, sizeof schema, "{\"prefixItems\": [");
    for (int i = 0; i < 100; i++)
        length += (size_t)snprintf(schema + length, sizeof schema - length, "%s{\"uniqueItems\": true}", i ? ", " : "");
    snprintf(schema + length, sizeof schema - length, "]}");
    ananke_error err = {0};
    const ananke_program_options strict = {.is_strict = true};
    assert_null(ananke_program_from_json_schema(schema, strlen(schema), bytes, &strict, &err));
    assert_non_null(strstr(err.message, "#/prefixItems/1/uniqueItems, "));
    int named = 0;
    for (const char *at = err.message; (at = strstr(at, "/uniqueItems")); at++) named++;
    char rest[40];
    snprintf(rest, sizeof rest, " and %d more", 100 - named);
    assert_non_null(strstr(err.message, rest));
}

#define HAS(name) "{\"not\": {\"propertyNames\": {\"not\": {\"const\": \"" name "\"}}}}"

/* An invalid instance is excused by the list alone: a place that is missing there, or none of the schema's, is as bad as a mask that lies. */
TEST(all_that_is_not_counted_is_listed_by_its_own_place) {
    IGNORE_STATE;
    static const struct {
        const char *schema, *first, *second;
    } cases[] = {
        {"{\"type\": \"object\", \"allOf\": [" HAS("a") ", {\"minProperties\": 2}, {\"maxProperties\": 3}]}",
         "#/allOf/1/minProperties", "#/allOf/2/maxProperties"},
        {"{\"allOf\": [{\"contains\": {\"const\": 1}, \"minContains\": 300}, {\"contains\": {\"const\": 2}, \"minContains\": 300}]}",
         "#/allOf/0/contains", "#/allOf/1/contains"},
        {"{\"allOf\": [" HAS("a") ", " HAS("b") ", " HAS("c") ", " HAS("d") ", " HAS("e") ", " HAS("f") "]}",
         "#/allOf/4/not", "#/allOf/5/not"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = 0;
        ananke_program *program = compile(cases[i].schema, NULL);
        assert_non_null(program);
        const ananke_unenforced *list = ananke_program_unenforced(program, &count);
        assert_int_equal(count, 2);
        assert_string_equal(list[0].pointer, cases[i].first);
        assert_string_equal(list[1].pointer, cases[i].second);
        ananke_program_free(program);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions),
        cmocka_unit_test(one_of_several),
        cmocka_unit_test(what_is_left_out_is_listed),
        cmocka_unit_test(a_strict_program_names_all_that_is_left_out),
        cmocka_unit_test(or_as_many_as_there_is_room_for),
        cmocka_unit_test(all_that_is_not_counted_is_listed_by_its_own_place),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
