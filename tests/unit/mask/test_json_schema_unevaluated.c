/* JSON Schemas: unevaluatedProperties and unevaluatedItems. tests/schema/unevaluated.py compares them with another validator. */
#include "schema_fixture.h"
#include <stdio.h>

TEST(names_of_all_that_stands_beside) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"properties\": {\"a\": {\"type\": \"integer\"}}, \"unevaluatedProperties\": false}",
         {"{\"a\": 1}", "{}", "[1]", "\"x\""},
         {"{\"a\": \"x\"}", "{\"b\": 1}"}},
        {"{\"properties\": {\"a\": {}}, \"patternProperties\": {\"^x\": {}}, \"unevaluatedProperties\": {\"type\": \"integer\"}}",
         {"{\"a\": \"x\", \"xy\": \"x\", \"b\": 1}"},
         {"{\"b\": \"x\"}"}},
        {"{\"properties\": {\"a\": {}}, \"additionalProperties\": {\"type\": \"integer\"}, \"unevaluatedProperties\": false}",
         {"{\"a\": \"x\", \"b\": 1}"},
         {"{\"b\": \"x\"}"}},
        {"{\"allOf\": [{\"properties\": {\"a\": {}}}, {\"$ref\": \"#/$defs/b\"}], \"properties\": {\"c\": {}}, \"unevaluatedProperties\": false, \"$defs\": {\"b\": {\"properties\": {\"b\": {}}}}}",
         {"{\"c\": 1, \"a\": 1, \"b\": 1}", "{\"b\": 1}"},
         {"{\"d\": 1}", "{\"a\": 1, \"d\": 1}"}},
        {"{\"allOf\": [{\"unevaluatedProperties\": {\"type\": \"integer\"}, \"properties\": {\"a\": {}}}], \"unevaluatedProperties\": false}",
         {"{\"a\": \"x\", \"b\": 1}"},
         {"{\"b\": \"x\"}"}},
        {"{\"properties\": {\"a\": {}}, \"allOf\": [{\"unevaluatedProperties\": false}]}", {"{}", "1"}, {"{\"a\": 1}"}},
        {"{\"required\": [\"a\"], \"not\": {\"type\": \"object\", \"properties\": {\"a\": {\"const\": 1}}, \"required\": [\"a\"]}, \"propertyNames\": {\"minLength\": 1}, \"unevaluatedProperties\": false}",
         {"1"},
         {"{\"a\": 2}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}}, \"unevaluatedProperties\": {\"properties\": {\"b\": {}}, \"unevaluatedProperties\": false}}",
         {"{\"a\": 1, \"z\": {\"b\": 1}}", "{\"z\": 1}"},
         {"{\"z\": {\"c\": 1}}"}},
    };
    RUN(cases);
}

TEST(names_of_what_holds) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"anyOf\": [{\"properties\": {\"a\": {\"type\": \"integer\"}}, \"required\": [\"a\"]}, {\"properties\": {\"b\": {\"type\": \"integer\"}}, \"required\": [\"b\"]}], \"unevaluatedProperties\": false}",
         {"{\"a\": 1}", "{\"b\": 1}", "{\"a\": 1, \"b\": 1}"},
         {"{}", "{\"a\": 1, \"b\": \"x\"}", "{\"a\": \"x\", \"b\": 1}", "{\"a\": 1, \"c\": 1}"}},
        {"{\"anyOf\": [{\"properties\": {\"a\": {}}}, {\"properties\": {\"b\": {}}}, {\"properties\": {\"c\": {}}}], \"unevaluatedProperties\": false}",
         {"{\"a\": 1, \"b\": 1, \"c\": 1}", "{\"a\": 1, \"c\": 1}", "{}"},
         {"{\"d\": 1}"}},
        {"{\"oneOf\": [{\"properties\": {\"k\": {\"const\": 1}, \"a\": {}}, \"required\": [\"k\"]}, {\"properties\": {\"k\": {\"type\": \"integer\"}, \"b\": {}}, \"required\": [\"k\", \"b\"]}], \"unevaluatedProperties\": false}",
         {"{\"k\": 1}", "{\"k\": 1, \"a\": 2}", "{\"k\": 2, \"b\": 1}"},
         {"{\"k\": 1, \"b\": 1}", "{\"k\": 2, \"b\": 1, \"a\": 1}", "{\"k\": 2, \"a\": 1}"}},
        {"{\"if\": {\"properties\": {\"k\": {\"const\": 1}}, \"required\": [\"k\"]}, \"then\": {\"properties\": {\"a\": {}}}, \"else\": {\"properties\": {\"b\": {}}}, \"unevaluatedProperties\": false}",
         {"{\"k\": 1, \"a\": 1}", "{\"b\": 1}", "{\"k\": 1}"},
         {"{\"k\": 1, \"b\": 1}", "{\"k\": 2, \"b\": 1}", "{\"a\": 1}"}},
        {"{\"if\": {\"properties\": {\"k\": {\"const\": 1}}, \"required\": [\"k\"]}, \"properties\": {\"a\": {}}, \"unevaluatedProperties\": false}",
         {"{\"a\": 1, \"k\": 1}", "{\"a\": 1}"},
         {"{\"k\": 2}", "{\"a\": 1, \"k\": 2}"}},
        {"{\"properties\": {\"a\": {}}, \"dependentSchemas\": {\"a\": {\"properties\": {\"b\": {}}}}, \"unevaluatedProperties\": false}",
         {"{\"a\": 1, \"b\": 1}", "{\"a\": 1}", "{}"},
         {"{\"b\": 1}"}},
        {"{\"anyOf\": [{\"oneOf\": [{\"properties\": {\"a\": {}}, \"required\": [\"a\"]}, {\"properties\": {\"b\": {}}, \"required\": [\"b\"]}]}, {\"properties\": {\"c\": {}}}], \"unevaluatedProperties\": false}",
         {"{\"a\": 1}", "{\"b\": 1, \"c\": 1}", "{\"c\": 1}"},
         {"{\"a\": 1, \"b\": 1}"}},
    };
    RUN(cases);
}

TEST(items) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"prefixItems\": [{\"type\": \"string\"}], \"unevaluatedItems\": {\"type\": \"integer\"}}",
         {"[]", "[\"x\"]", "[\"x\", 1, 2]", "{}"},
         {"[1]", "[\"x\", \"x\"]"}},
        {"{\"allOf\": [{\"prefixItems\": [true, {\"type\": \"integer\"}]}], \"prefixItems\": [{\"type\": \"string\"}], \"unevaluatedItems\": false}",
         {"[\"x\", 1]", "[\"x\"]"},
         {"[\"x\", \"x\"]", "[\"x\", 1, 1]"}},
        {"{\"allOf\": [{\"items\": {\"type\": \"integer\"}}], \"unevaluatedItems\": false}", {"[1, 2]"}, {"[\"x\"]"}},
        {"{\"contains\": {\"type\": \"string\"}, \"unevaluatedItems\": {\"type\": \"integer\"}}",
         {"[\"x\"]", "[1, \"x\", 2]"},
         {"[1]", "[\"x\", null]"}},
        {"{\"anyOf\": [{\"prefixItems\": [true, {\"const\": 1}]}, {\"prefixItems\": [true, true, {\"const\": 2}]}], \"unevaluatedItems\": false}",
         {"[0, 1]", "[0, 5, 2]", "[0, 1, 2]", "[0]"},
         {"[0, 1, 3]", "[0, 1, 2, 3]"}},
        {"{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\", \"items\": [true], \"contains\": {\"type\": \"string\"}, \"unevaluatedItems\": {\"type\": \"integer\"}}",
         {"[\"x\", 1]"},
         {"[1, \"x\"]"}},
        {"{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\", \"items\": [true], \"additionalItems\": {\"type\": \"string\"}, \"unevaluatedItems\": false}",
         {"[1, \"x\"]"},
         {"[1, 1]"}},
    };
    RUN(cases);
}

/* Schemas that lead back to themselves behind a value. */
TEST(in_themselves) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"properties\": {\"next\": {\"$ref\": \"#\"}, \"a\": {}}, \"unevaluatedProperties\": false}",
         {"{\"next\": {\"next\": {}, \"a\": 1}}"},
         {"{\"next\": {\"b\": 1}}"}},
        {"{\"$ref\": \"#/$defs/tree\", \"unevaluatedProperties\": false, \"$defs\": {\"tree\": {\"properties\": {\"l\": {\"$ref\": \"#/$defs/tree\"}, \"r\": {\"$ref\": \"#/$defs/tree\", \"properties\": {\"w\": {}}, \"unevaluatedProperties\": false}}}}}",
         {"{\"l\": {\"x\": 1}, \"r\": {\"w\": 1, \"r\": {\"w\": 1}}}"},
         {"{\"x\": 1}", "{\"r\": {\"x\": 1}}", "{\"l\": {\"r\": {\"x\": 1}}}"}},
        {"{\"$id\": \"http://x.org/strict\", \"$dynamicAnchor\": \"node\", \"$ref\": \"tree\", \"unevaluatedProperties\": false, \"$defs\": {\"t\": {\"$id\": \"http://x.org/tree\", \"$dynamicAnchor\": \"node\", \"type\": \"object\", \"properties\": {\"data\": {}, \"children\": {\"type\": \"array\", \"items\": {\"$dynamicRef\": \"#node\"}}}}}}",
         {"{\"data\": 1, \"children\": [{\"data\": 2}]}"},
         {"{\"daat\": 1}", "{\"children\": [{\"daat\": 1}]}"}},
    };
    RUN(cases);
}

TEST(keywords_of_other_drafts) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"unevaluatedProperties\": false, \"unevaluatedItems\": false}",
         {"{\"a\": 1}", "[1]"},
         {"x"}},
    };
    RUN(cases);
}

/* It was taken for empty, as if it stood for the value itself. */
TEST(a_reference_to_the_whole_meets_a_pattern) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"patternProperties\": {\"a\": {\"$ref\": \"#\"}, \"b\": {\"type\": \"integer\"}}}",
         {"{\"ab\": 1}", "{\"a\": {\"b\": 1}}"},
         {"{\"ab\": \"x\"}", "{\"a\": {\"b\": \"x\"}}"}},
        {"{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"patternProperties\": {\"a\": {\"type\": \"integer\"}}}",
         {"{\"a\": 1}"},
         {"{\"a\": {}}"}},
    };
    RUN(cases);
}

/* The only thing that is left out. */
static void assert_listed(const ananke_program *program, const char *pointer) {
    size_t count = 0;
    const ananke_unenforced *list = ananke_program_unenforced(program, &count);
    assert_int_equal(count, 1);
    assert_string_equal(list->pointer, pointer);
}

/* All the same, what none of them evaluates is not let through. */
TEST(too_many_combinations_are_taken_together) {
    IGNORE_STATE;
    char schema[2000];
    size_t at = (size_t)snprintf(schema, sizeof schema, "{\"unevaluatedProperties\": false, \"anyOf\": [");
    for (int i = 0; i < 12; i++)
        at += (size_t)snprintf(schema + at, sizeof schema - at, "%s{\"properties\": {\"p%d\": {\"const\": %d}}}",
                               i ? ", " : "", i, i);
    snprintf(schema + at, sizeof schema - at, "]}");
    ananke_program *program = compile(schema, NULL);
    assert_non_null(program);
    assert_listed(program, "#/unevaluatedProperties");
    assert_true(accepts(program, "{\"p0\": 0, \"p7\": 7, \"p11\": 11}"));
    assert_false(accepts(program, "{\"p0\": 0, \"q\": 1}"));
    ananke_program_free(program);
}

/* Whether the first one holds is not known, and with it what it evaluates. */
TEST(what_depends_on_something_that_is_left_out_is_listed) {
    IGNORE_STATE;
    static const char schema[] =
        "{\"unevaluatedProperties\": false, \"anyOf\": [{\"properties\": {\"a\": {\"pattern\": \"\\\\bx\"}}}, "
        "{\"properties\": {\"b\": {}}}]}";
    ananke_program *program = compile(schema, NULL);
    size_t count = 0;
    assert_non_null(program);
    const ananke_unenforced *list = ananke_program_unenforced(program, &count);
    assert_int_equal(count, 2);
    assert_string_equal(list[0].pointer, "#/anyOf/0/properties/a/pattern");
    assert_string_equal(list[1].pointer, "#/unevaluatedProperties");
    assert_true(accepts(program, "{\"a\": \"x\", \"b\": 1}"));
    assert_false(accepts(program, "{\"c\": 1}"));
    ananke_program_free(program);
}

/* Which names a pattern matches that cannot be held is not known either. */
TEST(names_of_a_pattern_that_is_left_out_may_all_be_evaluated) {
    IGNORE_STATE;
    static const char schema[] = "{\"unevaluatedProperties\": false, \"patternProperties\": {\"\\\\bx\": {}}}";
    ananke_program *program = compile(schema, NULL);
    assert_non_null(program);
    assert_true(accepts(program, "{\"x\": 1}"));
    ananke_program_free(program);
}

/* Two of each: four cases with a name of their own for each reference, unless they are worked out once. */
TEST(cases_of_references_are_worked_out_once) {
    IGNORE_STATE;
    char schema[8000];
    size_t at = (size_t)snprintf(schema, sizeof schema,
                                 "{\"$ref\": \"#/$defs/d0\", \"unevaluatedProperties\": false, \"$defs\": {");
    for (int i = 0; i < 40; i++)
        at += (size_t)snprintf(schema + at, sizeof schema - at,
                               "\"d%d\": {\"allOf\": [{\"$ref\": \"#/$defs/d%d\"}, {\"$ref\": \"#/$defs/d%d\"}]}, ", i,
                               i + 1, i + 1);
    snprintf(schema + at, sizeof schema - at, "\"d40\": {\"properties\": {\"a\": {}}}}}");
    ananke_program *program = compile(schema, NULL);
    assert_non_null(program);
    assert_true(accepts(program, "{\"a\": 1}"));
    assert_false(accepts(program, "{\"b\": 1}"));
    ananke_program_free(program);
}

TEST(malformed) {
    IGNORE_STATE;
    static const char *const schemas[] = {"{\"unevaluatedProperties\": 1}", "{\"unevaluatedItems\": [true]}",
                                          "{\"$ref\": \"#\", \"unevaluatedProperties\": false}",
                                          "{\"anyOf\": [{\"$ref\": \"#\"}], \"unevaluatedItems\": false}"};
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
        ananke_error err = {0};
        assert_null(compile(schemas[i], &err));
        assert_true(err.code == ANANKE_ERROR_SYNTAX || err.code == ANANKE_ERROR_UNSUPPORTED);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_all_that_stands_beside),
        cmocka_unit_test(names_of_what_holds),
        cmocka_unit_test(items),
        cmocka_unit_test(in_themselves),
        cmocka_unit_test(keywords_of_other_drafts),
        cmocka_unit_test(a_reference_to_the_whole_meets_a_pattern),
        cmocka_unit_test(too_many_combinations_are_taken_together),
        cmocka_unit_test(what_depends_on_something_that_is_left_out_is_listed),
        cmocka_unit_test(names_of_a_pattern_that_is_left_out_may_all_be_evaluated),
        cmocka_unit_test(cases_of_references_are_worked_out_once),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
