/* Parameters by name: which stand where, what their values are, and what is left out. */
#include "unit/mask/bytes_fixture.h"
#include "unit/mask/marks_fixture.h"
#include <stdio.h>

#define FORMAT \
    "{\"trigger\": \"@\", \"name_end\": \" \", \"arguments_end\": \".\", \"parameters\": {\"begin\": \"<\", \"name_end\": \"=\", \"end\": \">\"}}"

static ananke_program *compile(const char *parameters, bool is_strict, ananke_error *err) {
    char text[2000];
    snprintf(text, sizeof text,
             "{\"tools\": [{\"name\": \"f\", \"parameters\": %s}], \"tool_choice\": \"required\", \"format\": " FORMAT
             "}",
             parameters);
    return ananke_program_from_tools(text, strlen(text), bytes, &(ananke_program_options){.is_strict = is_strict}, err);
}

typedef struct Row {
    const char *arguments;
    bool good;
} Row;

/* `unenforced`: the pointers, each with a blank behind it. */
static void check(const char *parameters, const Row *rows, const char *unenforced) {
    ananke_error err = {0};
    ananke_program *program = compile(parameters, false, &err);
    if (!program) fail_msg("%s: %s", parameters, err.message);
    for (; rows->arguments; rows++) {
        char text[500];
        snprintf(text, sizeof text, "@f %s.", rows->arguments);
        if (accepts(program, text) != rows->good) fail_msg("%s: %s", parameters, rows->arguments);
    }
    char list[500] = "";
    size_t count = 0;
    const ananke_unenforced *places = ananke_program_unenforced(program, &count);
    for (size_t i = 0; i < count; i++) {
        const char *pointer = places[i].pointer + strlen("#/tools/0/parameters");
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s ", pointer);
    }
    assert_string_equal(list, unenforced);
    ananke_program_free(program);
}

TEST(parameters_stand_in_the_order_of_the_schema) {
    IGNORE_STATE;
    check("{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"string\"}, "
          "\"c\": {\"type\": \"boolean\"}}, \"required\": [\"b\", \"d\"], \"additionalProperties\": false}",
          (Row[]){{"<b=x><d=y>", true},
                  {"<a=1><b=x><c=true><d=>", true},
                  {"<b=x>", false},
                  {"<a=1><d=>", false},
                  {"<b=x><a=1><d=>", false},
                  {"<a=1><a=1><b=x><d=>", false},
                  {"<b=x><d=><e=>", false},
                  {NULL, false}},
          "");
    check("{}", (Row[]){{"", true}, {"<a=1>", false}, {NULL, false}}, "");
}

TEST(strings_are_free_text_and_the_rest_is_json) {
    IGNORE_STATE;
    check("{\"properties\": {\"text\": {\"type\": \"string\"}}, \"required\": [\"text\"]}",
          (Row[]){{"<text=>", true}, {"<text=\"x\" </\nü>", true}, {"<text=a>b>", false}, {NULL, false}}, "");
    check(
        "{\"properties\": {\"number\": {\"type\": [\"number\", \"null\"], \"minimum\": 2}, \"list\": {\"$ref\": \"#/$defs/list\", \"type\": \"array\"}},"
        " \"$defs\": {\"list\": {\"items\": {\"type\": \"integer\"}, \"minItems\": 1}}}",
        (Row[]){{"<number=2.5><list=[1, 2]>", true},
                {"<number=null>", true},
                {"<number=1>", false},
                {"<number=x>", false},
                {"<list=[]>", false},
                {"<list=[\"x\"]>", false},
                {NULL, false}},
        "");
    check("{\"properties\": {\"any\": true, \"open\": {}}}",
          (Row[]){{"<any=x y><open=[1>", true}, {"<any=1>", true}, {NULL, false}}, "");
    check("{\"properties\": {\"none\": false}}", (Row[]){{"", true}, {"<none=1>", false}, {NULL, false}}, "");
}

TEST(listed_values_are_these) {
    IGNORE_STATE;
    check(
        "{\"properties\": {\"unit\": {\"type\": \"string\", \"enum\": [\"m\", \"km/h\", 5]}, \"x\": {\"enum\": [\"auto\", 1, null]}, \"y\": {\"const\": \"yes\"}}}",
        (Row[]){{"<unit=m>", true},
                {"<unit=km/h>", true},
                {"<unit=5>", false},
                {"<unit=mm>", false},
                {"<unit=\"m\">", false},
                {"<x=auto>", true},
                {"<x=1><y=yes>", true},
                {"<x=null>", true},
                {"<x=2>", false},
                {"<y=no>", false},
                {NULL, false}},
        "");
}

TEST(what_is_not_held_is_noted) {
    IGNORE_STATE;
    static const char schema[] =
        "{\"minProperties\": 1, \"properties\": {\"a\": {\"type\": \"string\", \"maxLength\": 3, \"title\": \"A\", \"x-order\": 1}, "
        "\"b\": {\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}, \"c\": {\"type\": \"array\", \"uniqueItems\": true}}}";
    check(schema, (Row[]){{"<a=long text><b=x><c=[1, 1]>", true}, {NULL, false}},
          "/minProperties /properties/a/maxLength /properties/b/anyOf /properties/c/uniqueItems ");
    ananke_error err = {0};
    assert_null(compile(schema, true, &err));
    assert_non_null(strstr(err.message, "#/tools/0/parameters/minProperties"));
}

TEST(the_end_of_a_parameter_may_be_a_token) {
    IGNORE_STATE;
    static const char format[] =
        "{\"tools\": [{\"name\": \"f\", \"parameters\": {\"properties\": {\"a\": {\"type\": \"string\"}, \"b\": {\"type\": \"integer\"}}}}], "
        "\"tool_choice\": \"required\", \"format\": {\"trigger\": \"!\", \"name_end\": \" \", \"tokens\": \"<call>\", \"parameters\": "
        "{\"begin\": \"<\", \"name_end\": \"=\", \"end\": \"%s\"}}}";
    ananke_vocab *vocab = open_marks_vocab();
    ananke_error err = {0};
    char text[500];
    snprintf(text, sizeof text, format, "<call>;");
    ananke_program *program = ananke_program_from_tools(text, strlen(text), vocab, NULL, &err);
    assert_non_null(program);
    assert_true(accepts_marked(program, "!f <a=x;@;<b=1@;"));
    assert_true(accepts_marked(program, "!f <a=@;"));
    assert_false(accepts_marked(program, "!f <a=x<call>;"));
    assert_false(accepts_marked(program, "!f <a=x@<b=1@;"));
    ananke_program_free(program);
    snprintf(text, sizeof text, format, ";<call>");
    assert_null(ananke_program_from_tools(text, strlen(text), vocab, NULL, &err));
    assert_string_equal(err.message,
                        "#/format/parameters/end: a special token can only be what a parameter's end begins with");
    ananke_vocab_free(vocab);
}

TEST(what_cannot_be_written_by_name_is_refused) {
    IGNORE_STATE;
    static const struct {
        const char *parameters, *message;
        ananke_error_code code;
    } rows[] = {
        {"{\"anyOf\": [{}]}", "#/tools/0/parameters/anyOf: this format writes parameters by name",
         ANANKE_ERROR_UNSUPPORTED},
        {"{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {}}}", "#/tools/0/parameters/$ref: this format",
         ANANKE_ERROR_UNSUPPORTED},
        {"{\"type\": \"array\"}", "#/tools/0/parameters/type: parameters are an object", ANANKE_ERROR_SYNTAX},
        {"{\"properties\": {\"a\": {\"type\": \"integer\", \"$ref\": \"#/x\"}}}", "#/tools/0/parameters/properties/a",
         ANANKE_ERROR_SYNTAX},
        {"{\"properties\": {\"a\": 5}}", "#/tools/0/parameters/properties/a: an object or a boolean is wanted",
         ANANKE_ERROR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        assert_null(compile(rows[i].parameters, false, &err));
        if (!strstr(err.message, rows[i].message)) fail_msg("%s: %s", rows[i].parameters, err.message);
        assert_int_equal(err.code, rows[i].code);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_stand_in_the_order_of_the_schema),
        cmocka_unit_test(strings_are_free_text_and_the_rest_is_json),
        cmocka_unit_test(listed_values_are_these),
        cmocka_unit_test(what_is_not_held_is_noted),
        cmocka_unit_test(the_end_of_a_parameter_may_be_a_token),
        cmocka_unit_test(what_cannot_be_written_by_name_is_refused),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
