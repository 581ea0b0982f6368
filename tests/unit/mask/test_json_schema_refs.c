/* References and dialects: what identifiers name, from which folder, and how schemas are in themselves. */
#include "schema_fixture.h"
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(addresses) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"$id\": \"http://x.org/a/root.json\", \"items\": {\"$ref\": \"b.json\"}, \"$defs\": {\"b\": {\"$id\": \"b.json\", \"type\": \"integer\"}}}",
         {"[1]"},
         {"[\"x\"]"}},
        {"{\"$id\": \"http://x.org/a/root.json\", \"items\": {\"$ref\": \"/c/d#/$defs/e\"}, \"$defs\": {\"b\": {\"$id\": \"http://x.org/c/d\", \"$defs\": {\"e\": {\"type\": \"integer\"}}}}}",
         {"[1]"},
         {"[\"x\"]"}},
        {"{\"$id\": \"http://x.org/a\", \"$defs\": {\"b\": {\"$id\": \"b\", \"items\": {\"$ref\": \"#/$defs/s\"}, \"$defs\": {\"s\": {\"type\": \"string\"}}}, \"s\": {\"type\": \"integer\"}}, \"$ref\": \"b\"}",
         {"[\"x\"]"},
         {"[1]"}},
        {"{\"items\": {\"$ref\": \"#/$defs/b/$defs/c\"}, \"$defs\": {\"b\": {\"$id\": \"http://x.org/b\", \"$defs\": {\"c\": {\"items\": {\"$ref\": \"#/$defs/s\"}}, \"s\": {\"type\": \"string\"}}}}}",
         {"[[\"x\"]]"},
         {"[[1]]"}},
        {"{\"$ref\": \"urn:x:b\", \"$defs\": {\"b\": {\"$id\": \"urn:x:b\", \"type\": \"integer\"}}}",
         {"1"},
         {"\"x\""}},
        {"{\"$ref\": \"#/properties/a%20b\", \"properties\": {\"a b\": {\"type\": \"integer\"}}}", {"1"}, {"null"}},
        {"{\"items\": {\"$ref\": \"#/$defs/list/prefixItems/1\"}, \"$defs\": {\"list\": {\"prefixItems\": [{\"type\": \"string\"}, {\"type\": \"integer\"}]}}}",
         {"[1]"},
         {"[\"x\"]"}},
    };
    RUN(cases);
}

TEST(anchors) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"items\": {\"$ref\": \"#n\"}, \"$defs\": {\"a\": {\"$anchor\": \"n\", \"type\": \"integer\"}}}",
         {"[1]"},
         {"[\"x\"]"}},
        {"{\"$id\": \"http://x.org/a\", \"items\": {\"$ref\": \"b#n\"}, \"$defs\": {\"b\": {\"$id\": \"b\", \"$defs\": {\"c\": {\"$anchor\": \"n\", \"type\": \"integer\"}}}, \"s\": {\"$anchor\": \"n\", \"type\": \"string\"}}}",
         {"[1]"},
         {"[\"x\"]"}},
        {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"items\": {\"$ref\": \"#n\"}, \"definitions\": {\"a\": {\"$id\": \"#n\", \"type\": \"integer\"}}}",
         {"[1]"},
         {"[\"x\"]"}},
        {"{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"items\": {\"$ref\": \"#n\"}, \"definitions\": {\"a\": {\"id\": \"#n\", \"type\": \"integer\"}}}",
         {"[1]"},
         {"[\"x\"]"}},
        {"{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"id\": \"http://x.org/a\", \"items\": {\"$ref\": \"b\"}, \"definitions\": {\"a\": {\"id\": \"b\", \"type\": \"integer\"}}}",
         {"[1]"},
         {"[\"x\"]"}},
    };
    RUN(cases);
}

TEST(what_looks_like_an_identifier) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"items\": {\"$ref\": \"#n\"}, \"$defs\": {\"a\": {\"const\": {\"$anchor\": \"n\"}}, \"b\": {\"enum\": [{\"$anchor\": \"n\", \"type\": \"null\"}]}, \"c\": {\"properties\": {\"$anchor\": {\"type\": \"string\"}, \"$id\": {\"type\": \"string\"}}}, \"d\": {\"$anchor\": \"n\", \"type\": \"integer\"}}}",
         {"[1]"},
         {"[null]", "[\"x\"]"}},
        {"{\"$id\": \"http://x.org/a\", \"properties\": {\"$id\": {\"type\": \"string\"}, \"b\": {\"$ref\": \"#/$defs/s\"}}, \"$defs\": {\"s\": {\"type\": \"integer\"}}}",
         {"{\"$id\": \"x\", \"b\": 1}"},
         {"{\"b\": \"x\"}"}},
        {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"id\": \"http://x.org/\", \"items\": {\"id\": \"http://y.org/\", \"items\": {\"$ref\": \"#/definitions/s\"}}, \"definitions\": {\"s\": {\"type\": \"integer\"}}}",
         {"[[1]]"},
         {"[[\"x\"]]"}},
    };
    RUN(cases);
}

TEST(dynamic_references) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"$id\": \"http://x.org/strict\", \"$dynamicAnchor\": \"node\", \"$ref\": \"tree\", \"properties\": {\"data\": {\"type\": \"integer\"}}, \"$defs\": {\"t\": {\"$id\": \"http://x.org/tree\", \"$dynamicAnchor\": \"node\", \"type\": \"object\", \"properties\": {\"data\": true, \"children\": {\"type\": \"array\", \"items\": {\"$dynamicRef\": \"#node\"}}}}}}",
         {"{\"data\": 1, \"children\": [{\"data\": 2}]}"},
         {"{\"data\": 1, \"children\": [{\"data\": \"x\"}]}"}},
        {"{\"$id\": \"http://x.org/\", \"$defs\": {\"l\": {\"$id\": \"list\", \"type\": \"array\", \"items\": {\"$dynamicRef\": \"#item\"}, \"$defs\": {\"item\": {\"$dynamicAnchor\": \"item\"}}}, \"i\": {\"$id\": \"ints\", \"$ref\": \"list\", \"$defs\": {\"item\": {\"$dynamicAnchor\": \"item\", \"type\": \"integer\"}}}, \"s\": {\"$id\": \"texts\", \"$ref\": \"list\", \"$defs\": {\"item\": {\"$dynamicAnchor\": \"item\", \"type\": \"string\"}}}}, \"properties\": {\"i\": {\"$ref\": \"ints\"}, \"s\": {\"$ref\": \"texts\"}, \"l\": {\"$ref\": \"list\"}}}",
         {"{\"i\": [1], \"s\": [\"x\"], \"l\": [1, \"x\"]}"},
         {"{\"i\": [\"x\"]}", "{\"s\": [1]}"}},
        {"{\"items\": {\"$dynamicRef\": \"#n\"}, \"$defs\": {\"a\": {\"$anchor\": \"n\", \"type\": \"integer\"}}}",
         {"[1]"},
         {"[\"x\"]"}},
        {"{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\", \"$id\": \"http://x.org/s\", \"$recursiveAnchor\": true, \"anyOf\": [{\"$ref\": \"t\"}, {\"type\": \"integer\"}], \"$defs\": {\"t\": {\"$id\": \"t\", \"$recursiveAnchor\": true, \"type\": \"array\", \"items\": {\"$recursiveRef\": \"#\"}}}}",
         {"[1, [2]]"},
         {"[\"x\"]"}},
        {"{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\", \"$id\": \"http://x.org/s\", \"anyOf\": [{\"$ref\": \"t\"}, {\"type\": \"integer\"}], \"$defs\": {\"t\": {\"$id\": \"t\", \"$recursiveAnchor\": true, \"type\": \"array\", \"items\": {\"$recursiveRef\": \"#\"}}}}",
         {"[[]]", "1"},
         {"[1]"}},
    };
    RUN(cases);
}

TEST(drafts) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"const\": 1}", {"2"}, {NULL}},
        {"{\"$schema\": \"http://json-schema.org/draft-06/schema#\", \"const\": 1}", {"1"}, {"2"}},
        {"{\"$schema\": \"http://json-schema.org/draft-06/schema#\", \"if\": {\"type\": \"integer\"}, \"then\": false}",
         {"1"},
         {NULL}},
        {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"items\": {\"$ref\": \"#/definitions/n\", \"maximum\": 3}, \"definitions\": {\"n\": {\"type\": \"integer\"}}}",
         {"[7]"},
         {"[\"x\"]"}},
        {"{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\", \"items\": {\"$ref\": \"#/$defs/n\", \"maximum\": 3}, \"$defs\": {\"n\": {\"type\": \"integer\"}}}",
         {"[3]"},
         {"[7]"}},
        {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"prefixItems\": [{\"type\": \"integer\"}]}",
         {"[\"x\"]"},
         {NULL}},
        {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"items\": {\"$ref\": \"#/definitions/n\", \"$id\": \"http://x.org/b\"}, \"definitions\": {\"n\": {\"type\": \"integer\"}}}",
         {"[1]"},
         {"[\"x\"]"}},
    };
    RUN(cases);
}

/* Newer drafts have other words for it, and ask authors not to use the old one for anything else. */
TEST(dependencies_count_in_every_draft) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\", \"dependencies\": {\"a\": [\"b\"]}}",
         {"{\"c\": 1}"},
         {"{\"a\": 1}"}},
        {"{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"dependencies\": {\"a\": {\"maxProperties\": 1}}}",
         {"{\"a\": 1}", "{\"b\": 1, \"c\": 2}"},
         {"{\"a\": 1, \"b\": 2}"}},
    };
    RUN(cases);
}

TEST(circles_add_nothing) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"anyOf\": [{\"$ref\": \"#\"}, {\"type\": \"string\"}]}", {"\"x\""}, {"1"}},
        {"{\"type\": [\"string\", \"integer\"], \"anyOf\": [{\"$ref\": \"#\"}, {\"type\": \"string\"}]}",
         {"\"x\""},
         {"1"}},
        {"{\"properties\": {\"p\": {\"$ref\": \"#/$defs/b\"}, \"q\": {\"$ref\": \"#/$defs/a\"}}, \"$defs\": {\"a\": {\"type\": [\"string\", \"number\"], \"anyOf\": [{\"$ref\": \"#/$defs/b\"}, {\"type\": \"string\"}]}, \"b\": {\"type\": [\"string\", \"number\"], \"anyOf\": [{\"$ref\": \"#/$defs/a\"}, {\"type\": \"number\"}]}}}",
         {"{\"p\": \"x\", \"q\": 1}", "{\"p\": 1, \"q\": \"x\"}"},
         {"{\"q\": null}", "{\"p\": null}"}},
    };
    RUN(cases);
}

TEST(recursion_meets_itself) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"allOf\": [{\"$ref\": \"#/$defs/n\"}, {\"$ref\": \"#/$defs/m\"}], \"$defs\": {\"n\": {\"type\": \"object\", \"properties\": {\"c\": {\"$ref\": \"#/$defs/n\"}, \"v\": {\"type\": \"integer\"}}}, \"m\": {\"properties\": {\"c\": {\"$ref\": \"#/$defs/m\"}, \"v\": {\"minimum\": 3}}, \"additionalProperties\": false}}}",
         {"{\"c\": {\"c\": {\"v\": 3}}}"},
         {"{\"c\": {\"c\": {\"v\": 2}}}", "{\"c\": {\"c\": {\"v\": 3.5}}}", "{\"c\": 1}", "{\"d\": 1}"}},
        {"{\"allOf\": [{\"$ref\": \"#/$defs/a\"}, {\"$ref\": \"#/$defs/x\"}], \"$defs\": {\"a\": {\"items\": {\"$ref\": \"#/$defs/b\"}}, \"b\": {\"items\": {\"$ref\": \"#/$defs/a\"}, \"minItems\": 1}, \"x\": {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/y\"}}, \"y\": {\"items\": {\"$ref\": \"#/$defs/z\"}, \"type\": \"array\"}, \"z\": {\"items\": {\"$ref\": \"#/$defs/x\"}, \"type\": \"array\", \"maxItems\": 2}}}",
         {"[]", "[[[]]]"},
         {"[[]]", "[[[[]]]]", "1"}},
        {"{\"properties\": {\"c\": {\"$ref\": \"#\"}}, \"allOf\": [{\"properties\": {\"c\": {\"type\": [\"object\", \"null\"]}, \"v\": {\"type\": \"integer\"}}}]}",
         {"{\"c\": {\"c\": null}}", "{\"c\": {\"v\": 1}}"},
         {"{\"c\": 1}", "{\"c\": {\"v\": \"x\"}}"}},
        {"{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"object\", \"properties\": {\"k\": {\"oneOf\": [{\"type\": \"integer\"}, {\"$ref\": \"#\"}]}}, \"required\": [\"k\"]}]}",
         {"{\"k\": {\"k\": \"x\"}}", "{\"k\": 1}"},
         {"{\"k\": null}"}},
    };
    RUN(cases);
}

/* ---- what is refused, and what is let go */

typedef struct Refusal {
    const char *schema;
    ananke_error_code code;
    const char *says, *mend;
} Refusal;

TEST(refusals_say_where_and_how_to_mend_it) {
    IGNORE_STATE;
    static const Refusal refusals[] = {
        {"{\"items\": {\"$ref\": \"b.json#/c\"}}", ANANKE_ERROR_UNSUPPORTED, "#/items/$ref: `b.json`",
         "--schema-folder"},
        {"{\"$ref\": \"#/$defs/x\"}", ANANKE_ERROR_SYNTAX, "nothing at `#/$defs/x`", ""},
        {"{\"$ref\": \"#x\"}", ANANKE_ERROR_SYNTAX, "nothing at `#x`", ""},
        {"{\"$ref\": 3}", ANANKE_ERROR_SYNTAX, "a string", ""},
        {"{\"$ref\": \"#\"}", ANANKE_ERROR_UNSUPPORTED, "#: a `$ref` leads back", ""},
        {"{\"$defs\": {\"a\": {\"$ref\": \"#\"}}, \"$ref\": \"#/$defs/a\"}", ANANKE_ERROR_UNSUPPORTED, "leads back",
         ""},
        {"{\"properties\": {\"a\": {\"$ref\": \"#/properties/a\"}}}", ANANKE_ERROR_UNSUPPORTED, "#/properties/a", ""},
        {"{\"type\": \"object\", \"required\": [\"a\"], \"properties\": {\"a\": {\"$ref\": \"#\"}}}",
         ANANKE_ERROR_CONFLICT, "#: no value is valid", ""},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        ananke_error err = {0};
        if (compile(refusals[i].schema, &err)) fail_msg("%s compiles", refusals[i].schema);
        bool is_right =
            err.code == refusals[i].code && strstr(err.message, refusals[i].says) && strstr(err.hint, refusals[i].mend);
        if (!is_right) fail_msg("%s: %s: %s", refusals[i].schema, ananke_error_name(err.code), err.message);
    }
}

/* The newest one without a draft, too; 2019-09 and 2020-12 are several documents that refer to each other dynamically. */
TEST(metaschemas_are_known) {
    IGNORE_STATE;
    static const char *const addresses[] = {"http://json-schema.org/draft-04/schema#",
                                            "http://json-schema.org/draft-06/schema",
                                            "http://json-schema.org/draft-07/schema#",
                                            "https://json-schema.org/draft-07/schema#",
                                            "https://json-schema.org/draft/2019-09/schema",
                                            "https://json-schema.org/draft/2020-12/schema#",
                                            "http://json-schema.org/schema"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char schema[200];
        snprintf(schema, sizeof schema, "{\"properties\": {\"schema\": {\"$ref\": \"%s\"}}}", addresses[i]);
        ananke_program *program = compile(schema, NULL);
        assert_non_null(program);
        assert_true(accepts(program, "{\"schema\": {\"properties\": {\"a\": {\"type\": [\"string\"]}}}}"));
        assert_true(accepts(program, "{\"schema\": {\"anyOf\": [{\"maxLength\": 3}]}}"));
        assert_false(accepts(program, "{\"schema\": {\"properties\": {\"a\": {\"type\": \"text\"}}}}"));
        assert_false(accepts(program, "{\"schema\": {\"anyOf\": [{\"maxLength\": -3}]}}"));
        assert_false(accepts(program, "{\"schema\": []}"));
        ananke_program_free(program);
    }
}

TEST(places_in_a_metaschema) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"items\": {\"$ref\": \"http://json-schema.org/draft-07/schema#/definitions/simpleTypes\"}}",
         {"[\"null\", \"array\"]"},
         {"[\"none\"]"}},
        {"{\"items\": {\"$ref\": \"https://json-schema.org/draft/2020-12/meta/validation#/$defs/simpleTypes\"}}",
         {"[\"null\", \"array\"]"},
         {"[\"none\"]"}},
    };
    RUN(cases);
}

/* Draft 3 is not read, and nobody has the hyper-schemas embedded. */
TEST(metaschemas_that_are_not_read_are_listed) {
    IGNORE_STATE;
    static const char *const addresses[] = {"http://json-schema.org/draft-03/schema#",
                                            "https://json-schema.org/draft/2019-09/meta/hyper-schema"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char schema[200];
        size_t count = 0;
        snprintf(schema, sizeof schema,
                 "{\"items\": {\"$ref\": \"%s\", \"unevaluatedProperties\": false, \"minProperties\": 1}}",
                 addresses[i]);
        ananke_program *program = compile(schema, NULL);
        assert_non_null(program);
        assert_string_equal(ananke_program_unenforced(program, &count)->pointer, "#/items/$ref");
        assert_int_equal(count, 2); /* what it evaluates is not known either */
        assert_true(accepts(program, "[{\"a\": 1}]"));
        assert_false(accepts(program, "[{}]"));
        ananke_program_free(program);
    }
}

TEST(the_draft_may_be_said_by_the_caller) {
    IGNORE_STATE;
    static const struct {
        const char *draft;
        bool passes;
    } drafts[] = {{"4", true}, {"6", false}, {"2020-12", false}, {NULL, false}};
    const char *schema = "{\"const\": 1}";
    for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++) {
        ananke_program_options options = {.draft = drafts[i].draft};
        ananke_program *program = ananke_program_from_json_schema(schema, strlen(schema), bytes, &options, NULL);
        assert_non_null(program);
        assert_int_equal(accepts(program, "2"), drafts[i].passes);
        ananke_program_free(program);
    }
    ananke_error err = {0};
    assert_null(
        ananke_program_from_json_schema(schema, strlen(schema), bytes, &(ananke_program_options){.draft = "5"}, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
}

/* ---- the folder */

static char folder[] = "/tmp/ananke-schemas-XXXXXX";

static void put(const char *name, const char *content) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

/* The root's schemas are in `in`, a secret is beside it. */
static void make_folder(void) {
    static const char *const folders[] = {"in", "in/sub", "in/x.org"};
    char path[200];
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    put("secret.json", "{\"type\": \"null\"}");
    put("in/b.json", "{\"type\": \"array\", \"items\": {\"$ref\": \"sub/c.json#/$defs/n\"}}");
    put("in/sub/c.json", "{\"$defs\": {\"n\": {\"type\": \"integer\", \"minimum\": 3}}}");
    put("in/x.org/d.json", "{\"type\": \"string\"}");
    put("in/named.json", "{\"$id\": \"urn:x:named\", \"type\": \"boolean\"}");
    put("in/broken.json", "{\"type\": ");
    snprintf(path, sizeof path, "%s/in/link.json", folder);
    assert_int_equal(symlink("../secret.json", path), 0);
}

static void remove_folder(void) {
    static const char *const names[] = {"in/link.json",
                                        "in/broken.json",
                                        "in/named.json",
                                        "in/x.org/d.json",
                                        "in/sub/c.json",
                                        "in/b.json",
                                        "secret.json",
                                        "in/x.org",
                                        "in/sub",
                                        "in",
                                        ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[200];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(remove(path), 0);
    }
}

static ananke_program *compile_in_folder(const char *schema, ananke_error *err) {
    char path[200];
    snprintf(path, sizeof path, "%s/in", folder);
    ananke_program_options options = {.schema_folder = path};
    return ananke_program_from_json_schema(schema, strlen(schema), bytes, &options, err);
}

static void files_are_found(void) {
    static const struct {
        const char *schema, *pass, *fail;
    } cases[] = {
        {"{\"$ref\": \"b.json\"}", "[3]", "[2]"},
        {"{\"$id\": \"https://y.org/z/root.json\", \"$ref\": \"b.json\"}", "[3]", "[2]"},
        {"{\"$ref\": \"http://x.org/d.json\"}", "\"x\"", "1"},
        {"{\"$ref\": \"http://localhost:1234/sub/c.json#/$defs/n\"}", "3", "2"},
        {"{\"$ref\": \"urn:x:named\"}", "true", "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_error err = {0};
        ananke_program *program = compile_in_folder(cases[i].schema, &err);
        if (!program) fail_msg("%s: %s", cases[i].schema, err.message);
        assert_true(accepts(program, cases[i].pass));
        assert_false(accepts(program, cases[i].fail));
        ananke_program_free(program);
    }
}

static void nothing_else_is_read(void) {
    static const struct {
        const char *schema, *says;
    } cases[] = {
        {"{\"$ref\": \"../secret.json\"}", "does not have"},
        {"{\"$ref\": \"%2e%2e/secret.json\"}", "does not have"},
        {"{\"$ref\": \"sub/%2e%2e%2f%2e%2e/secret.json\"}", "does not have"},
        {"{\"$ref\": \"link.json\"}", "does not have"},
        {"{\"$ref\": \"sub\"}", "does not have"},
        {"{\"$ref\": \"broken.json\"}", "JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_error err = {0};
        if (compile_in_folder(cases[i].schema, &err)) fail_msg("%s compiles", cases[i].schema);
        if (!strstr(err.message, cases[i].says)) fail_msg("%s: %s", cases[i].schema, err.message);
    }
}

TEST(other_documents_come_from_the_folder_and_from_nowhere_else) {
    IGNORE_STATE;
    make_folder();
    files_are_found();
    nothing_else_is_read();
    remove_folder();
    ananke_error err = {0};
    assert_null(compile_in_folder("{}", &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(anchors),
        cmocka_unit_test(what_looks_like_an_identifier),
        cmocka_unit_test(dynamic_references),
        cmocka_unit_test(drafts),
        cmocka_unit_test(dependencies_count_in_every_draft),
        cmocka_unit_test(circles_add_nothing),
        cmocka_unit_test(recursion_meets_itself),

        cmocka_unit_test(refusals_say_where_and_how_to_mend_it),
        cmocka_unit_test(metaschemas_are_known),
        cmocka_unit_test(places_in_a_metaschema),
        cmocka_unit_test(metaschemas_that_are_not_read_are_listed),
        cmocka_unit_test(the_draft_may_be_said_by_the_caller),
        cmocka_unit_test(other_documents_come_from_the_folder_and_from_nowhere_else),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
