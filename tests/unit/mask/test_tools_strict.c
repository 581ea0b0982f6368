/* What a strict tool's schema must say, everywhere in it. */
#include "../test.h"
#include "mask/tools_strict.h"

static bool check(const char *json, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    MemberReader reader = {&arena, err};
    yyjson_doc *doc = ak_json_parse(&arena, ak_str(json), NULL, err);
    assert_non_null(doc);
    bool ok = ak_tools_strict(&reader, yyjson_doc_get_root(doc), "#/p");
    ak_arena_free(&arena);
    return ok;
}

#define OBJECT(properties, required)                                                       \
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {" properties \
    "}, \"required\": [" required "]}"

TEST(schemas_that_are_strict) {
    IGNORE_STATE;
    static const char *const rows[] = {
        "{}", "true", OBJECT("", ""), OBJECT("\"a\": {\"type\": [\"string\", \"null\"]}", "\"a\""),
        OBJECT("\"a\": {\"$ref\": \"#/$defs/x\"}, \"b\": {\"type\": \"array\", \"items\": " OBJECT("", "") "}",
               "\"b\", \"a\"")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        if (!check(rows[i], &err)) fail_msg("%s: %s", rows[i], err.message);
    }
}

TEST(schemas_that_are_not) {
    IGNORE_STATE;
    static const struct {
        const char *json, *message;
    } rows[] = {
        {"{\"type\": \"object\"}", "#/p: a strict tool's objects need \"additionalProperties\": false"},
        {"{\"type\": [\"null\", \"object\"]}", "#/p: a strict tool's objects need \"additionalProperties\": false"},
        {"{\"properties\": {}, \"additionalProperties\": {}}",
         "#/p: a strict tool's objects need \"additionalProperties\": false"},
        {OBJECT("\"a\": {}, \"b\": {}", "\"a\""),
         "#/p: a strict tool's properties are all required, but \"required\" has not b"},
        {OBJECT("\"a\": {\"type\": \"object\"}", "\"a\""),
         "#/p/properties/a: a strict tool's objects need \"additionalProperties\": false"},
        {"{\"items\": {\"anyOf\": [true, {\"type\": \"object\"}]}}",
         "#/p/items/anyOf/1: a strict tool's objects need \"additionalProperties\": false"},
        {"{\"$defs\": {\"x/y\": {\"type\": \"object\"}}}",
         "#/p/$defs/x~1y: a strict tool's objects need \"additionalProperties\": false"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        assert_false(check(rows[i].json, &err));
        assert_string_equal(err.message, rows[i].message);
    }
}

TEST(nesting_has_an_end) {
    IGNORE_STATE;
    static char json[10000];
    ananke_error err = {0};
    size_t at = 0;
    for (size_t i = 0; i < 500; i++) memcpy(json + at, "{\"items\":", 9), at += 9;
    json[at++] = '1';
    memset(json + at, '}', 500);
    assert_false(check(json, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_that_are_strict),
        cmocka_unit_test(schemas_that_are_not),
        cmocka_unit_test(nesting_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
