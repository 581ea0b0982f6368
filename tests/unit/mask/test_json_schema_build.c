/* JSON Schemas: members and items that are counted. */
#include "schema_fixture.h"

TEST(properties_are_counted) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"minProperties\": 2}",
         {"{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 2, \"c\": 3}"},
         {"{}", "{\"a\": 1}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}, \"c\": {}}, \"minProperties\": 2, \"additionalProperties\": false}",
         {"{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"c\": 2}", "{\"b\": 1, \"c\": 2}", "{\"a\": 1, \"b\": 2, \"c\": 3}"},
         {"{}", "{\"a\": 1}", "{\"c\": 1}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}, \"c\": {}}, \"maxProperties\": 2}",
         {"{}", "{\"a\": 1, \"b\": 2}", "{\"x\": 1, \"y\": 2}", "{\"c\": 1, \"x\": 2}"},
         {"{\"a\": 1, \"b\": 2, \"c\": 3}", "{\"a\": 1, \"x\": 1, \"y\": 2}", "{\"x\": 1, \"y\": 2, \"z\": 3}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}}, \"required\": [\"b\"], \"minProperties\": 2, \"maxProperties\": 3}",
         {"{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"x\": 3}", "{\"a\": 1, \"b\": 2, \"x\": 3}",
          "{\"b\": 1, \"x\": 2, \"y\": 3}"},
         {"{\"b\": 1}", "{\"a\": 1, \"x\": 2}", "{\"a\": 1, \"b\": 2, \"x\": 3, \"y\": 4}"}},
        {"{\"allOf\": [{\"minProperties\": 1}, {\"maxProperties\": 1}], \"type\": \"object\"}",
         {"{\"q\": 1}"},
         {"{}", "{\"q\": 1, \"r\": 2}"}},
    };
    RUN(cases);
}

TEST(items_are_counted) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"array\", \"contains\": {\"type\": \"string\"}}",
         {"[\"a\"]", "[1, \"a\"]", "[\"a\", \"b\", 3]"},
         {"[]", "[1]", "[1, 2]"}},
        {"{\"type\": \"array\", \"contains\": {\"type\": \"string\"}, \"minContains\": 2, \"maxContains\": 3}",
         {"[\"a\", \"b\"]", "[1, \"a\", 2, \"b\"]", "[\"a\", \"b\", \"c\", null]"},
         {"[\"a\"]", "[]", "[\"a\", \"b\", \"c\", \"d\"]", "[1, 2, 3]"}},
        {"{\"type\": \"array\", \"contains\": {\"type\": \"string\"}, \"minContains\": 0, \"maxContains\": 1}",
         {"[]", "[1, 2]", "[1, \"a\"]"},
         {"[\"a\", \"b\"]", "[\"a\", 1, \"b\"]"}},
        {"{\"type\": \"array\", \"contains\": {\"const\": 1}, \"maxItems\": 2, \"items\": {\"type\": \"integer\"}}",
         {"[1]", "[2, 1]", "[1, 2]", "[1, 1]"},
         {"[]", "[2]", "[2, 3]", "[2, 3, 1]", "[\"a\", 1]"}},
        {"{\"type\": \"array\", \"prefixItems\": [{\"type\": \"string\"}], \"contains\": {\"const\": 1}, \"minItems\": 2}",
         {"[\"a\", 1]", "[\"a\", 2, 1]"},
         {"[1]", "[\"a\"]", "[1, 1]", "[\"a\", 2]"}},
        {"{\"allOf\": [{\"contains\": {\"const\": 0}}, {\"contains\": {\"type\": \"string\"}}], \"type\": \"array\"}",
         {"[0, \"a\"]", "[\"a\", 0]", "[1, \"a\", 0]"},
         {"[0]", "[\"a\"]", "[1, 2]"}},
        {"{\"uniqueItems\": true, \"maxItems\": 1}", {"[]", "[1]", "3"}, {"[1, 2]"}},
    };
    RUN(cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_are_counted),
        cmocka_unit_test(items_are_counted),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
