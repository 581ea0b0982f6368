/* JSON Schemas: what is said of objects: names by pattern, dependencies. */
#include "schema_fixture.h"

TEST(objects_by_pattern) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"patternProperties\": {\"^a\": {\"type\": \"integer\"}, \"z$\": {\"maximum\": 5}}, \"additionalProperties\": {\"type\": \"null\"}}",
         {"{}", "{\"a\": 1}", "{\"az\": 5, \"b\": null, \"bz\": 3}", "{\"z\": \"x\"}"},
         {"{\"a\": \"x\"}", "{\"az\": 6}", "{\"b\": 1}", "{\"\\u0061\": null}"}},
        {"{\"properties\": {\"ab\": {\"type\": \"number\"}}, \"patternProperties\": {\"^a\": {\"minimum\": 3}}, \"additionalProperties\": false}",
         {"{\"ab\": 3.5}", "{\"ab\": 4, \"ac\": \"x\"}", "{\"ac\": 7}"},
         {"{\"ab\": 2}", "{\"ab\": \"x\"}", "{\"b\": 1}", "{\"ac\": 1}"}},
        {"{\"required\": [\"ax\"], \"patternProperties\": {\"^a\": {\"type\": \"integer\"}}, \"type\": \"object\"}",
         {"{\"ax\": 1}", "{\"b\": [], \"ax\": 1, \"a\": 2}"},
         {"{\"ax\": \"x\"}", "{}", "{\"b\": 1}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"pattern\": \"^[a-c]+$\", \"maxLength\": 2}}",
         {"{}", "{\"a\": 1, \"bc\": []}"},
         {"{\"d\": 1}", "{\"abc\": 1}", "{\"\": 1}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"enum\": [\"a\", \"b\"]}, \"properties\": {\"c\": {}}}",
         {"{\"b\": 1}", "{\"a\": 1, \"b\": 2}"},
         {"{\"c\": 1}", "{\"\\u0063\": 1}", "{\"x\": 1}"}},
        {"{\"properties\": {\"a\": {}}, \"propertyNames\": false}", {"{}", "3"}, {"{\"a\": 1}", "{\"b\": 1}"}},
        /* names by reference, once taken for none */
        {"{\"type\": \"object\", \"propertyNames\": {\"$ref\": \"#/$defs/t\"}, \"$defs\": {\"t\": {\"pattern\": \"^[a-c]+$\"}}}",
         {"{}", "{\"a\": 1, \"bc\": []}"},
         {"{\"d\": 1}", "{\"\": 1}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"not\": {\"$ref\": \"#/$defs/t\"}}, \"$defs\": {\"t\": {\"enum\": [\"a\", \"b\"]}}}",
         {"{}", "{\"c\": 1, \"bc\": []}"},
         {"{\"a\": 1}", "{\"c\": 1, \"b\": 2}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"anyOf\": [{\"$ref\": \"#/$defs/t\"}, {\"const\": \"z\"}]}, \"$defs\": {\"t\": {\"enum\": [\"a\", \"b\"]}}}",
         {"{}", "{\"a\": 1, \"z\": []}"},
         {"{\"c\": 1}"}},
    };
    RUN(cases);
}

TEST(dependencies) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"properties\": {\"a\": {}, \"b\": {}}, \"dependentRequired\": {\"a\": [\"b\"]}}",
         {"{}", "{\"b\": 1}", "{\"a\": 1, \"b\": 2}", "{\"c\": 1}", "3"},
         {"{\"a\": 1}", "{\"a\": 1, \"c\": 2}"}},
        {"{\"properties\": {\"a\": {}, \"b\": {\"type\": \"integer\"}}, \"dependentSchemas\": {\"a\": {\"properties\": {\"b\": {\"minimum\": 5}}, \"required\": [\"b\"]}}}",
         {"{\"b\": 1}", "{\"a\": 1, \"b\": 5}"},
         {"{\"a\": 1}", "{\"a\": 1, \"b\": 4}"}},
        {"{\"dependencies\": {\"a\": [\"b\", \"c\"], \"d\": {\"maxProperties\": 1}}, \"type\": \"object\"}",
         {"{\"x\": 1}", "{\"a\": 1, \"b\": 2, \"c\": 3}", "{\"d\": 1}"},
         {"{\"a\": 1, \"b\": 2}", "{\"d\": 1, \"x\": 2}"}},
    };
    RUN(cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_by_pattern),
        cmocka_unit_test(dependencies),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
