/* Tool calls: in every format what its template writes, what is asked of the tools, and what is wrong with them. */
#include "base/data.h"
#include "base/json.h"
#include "mask/tools.h"
#include "unit/mask/bytes_fixture.h"
#include "unit/mask/marks_fixture.h"
#include "unit/mask/matcher_fixture.h"
#include <stdlib.h>

#define WEATHER                                                                                                       \
    "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"description\": \"...\", \"strict\": true, " \
    "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}, "                     \
    "\"required\": [\"city\"], \"additionalProperties\": false}}}"
#define ADD                                                                                                          \
    "{\"name\": \"add\", \"input_schema\": {\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}, " \
    "\"b\": {\"type\": \"integer\"}}, \"required\": [\"a\", \"b\"]}}"
#define TIME "{\"type\": \"function\", \"name\": \"time\"}"
#define TOOLS "\"tools\": [" WEATHER ", " ADD ", " TIME "]"

static ananke_program *compile(const char *rest, ananke_error *err) {
    char text[4000];
    snprintf(text, sizeof text, "{" TOOLS ", %s}", rest);
    return ananke_program_from_tools(text, strlen(text), bytes, NULL, err);
}

/* ---- Formats */

/* `text` with `from` changed to `to`; where it is not there, unchanged. */
static Str changed(Arena *arena, Str text, const char *from, const char *to) {
    const char *at = strstr(text.data, from);
    if (!at) return text;
    return ak_arena_format(arena, "%.*s%s%s", (int)(at - text.data), text.data, to, at + strlen(from));
}

static void try_format(Str name, Str example, Str text_begin, bool is_message) {
    static const struct {
        const char *from, *to;
    } faults[] = {{"get_weather", "get_wether"},
                  {"get_weather", "get"},
                  {"\"city\"", "\"town\""},
                  {"\"Paris\"", "5"},
                  {"\"Paris\"", "\"Paris\", \"x\": 1"},
                  {"\"arguments\"", "\"args\""},
                  {"add", "adds"},
                  {"\"a\": 1", "\"a\": 1.5"},
                  {"<parameter=city>", "<parameter=town>"},
                  {"<arg_key>city<", "<arg_key>town<"},
                  {"<parameter=a>\n1\n", "<parameter=a>\n1.5\n"},
                  {"<parameter=a>\n1\n</parameter>\n", ""},
                  {"<arg_value>1<", "<arg_value>1.5<"},
                  {"</parameter>\n</", "</"},
                  {"</arg_value>\n</", "</"},
                  {":0", ""},
                  {":0", ":a"},
                  {"}", ""}};
    static const struct {
        const char *choice;
        bool call, text, mixed, others;
    } rows[] = {{"\"auto\"", true, true, true, true},
                {"\"none\"", false, true, false, false},
                {"\"required\"", true, false, false, true},
                {"{\"type\": \"function\", \"function\": {\"name\": \"add\"}}", false, false, false, false}};
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    bool is_bare = is_message && !text_begin.length; /* what does not begin with a call is text */
    Str text = ak_arena_format(&arena, "%.*sNo < call { [TOOL is needed.", STR_ARGS(text_begin));
    Str mixed = ak_arena_format(&arena, "%.*sLet me see.\n%.*s", STR_ARGS(text_begin), STR_ARGS(example));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Str rest = ak_arena_format(&arena, "\"format\": \"%.*s\", \"tool_choice\": %s", STR_ARGS(name), rows[i].choice);
        ananke_program *program = compile(rest.data, &err);
        if (!program) fail_msg("%.*s: %s", STR_ARGS(name), err.message);
        assert_int_equal(accepts(program, example.data), rows[i].call);
        assert_int_equal(accepts(program, text.data), rows[i].text);
        assert_int_equal(accepts(program, mixed.data), is_message ? is_bare && rows[i].text : rows[i].mixed);
        for (size_t k = 0; k < sizeof faults / sizeof *faults; k++) {
            Str faulty = changed(&arena, example, faults[k].from, faults[k].to);
            if (faulty.data != example.data && accepts(program, faulty.data))
                fail_msg("%.*s, %s: accepts %s", STR_ARGS(name), rows[i].choice, faulty.data);
        }
        ananke_program_free(program);
    }
    ak_arena_free(&arena);
}

TEST(every_format_takes_what_its_template_writes) {
    IGNORE_STATE;
    for (size_t i = ak_data_first("formats/"); i < ak_data_file_count; i++) {
        Str path = ak_str(ak_data_files[i].path);
        if (!ak_str_starts(path, STR("formats/"))) break;
        Arena arena = ak_arena(NULL);
        yyjson_doc *doc = ak_json_parse(&arena, (Str){ak_data_files[i].data, ak_data_files[i].length}, path.data, NULL);
        assert_non_null(doc);
        yyjson_val *root = yyjson_doc_get_root(doc);
        Str example = ak_json_str(yyjson_obj_get(root, "example"));
        Str text_begin = ak_arena_str(&arena, ak_json_str(yyjson_obj_get(root, "text_begin")));
        assert_non_null(example.data);
        try_format(ak_str_slice(path, strlen("formats/"), path.length - strlen(".json")), example, text_begin,
                   yyjson_is_true(yyjson_obj_get(root, "whole_message")));
        ak_arena_free(&arena);
    }
}

#define CALL_OF(name, arguments) "<tool_call>\n{\"name\": \"" name "\", \"arguments\": " arguments "}\n</tool_call>"
#define CALL_PARIS CALL_OF("get_weather", "{\"city\": \"Paris\"}")
#define CALL_TIME CALL_OF("time", "{}")

TEST(calls_stand_where_the_choice_lets_them) {
    IGNORE_STATE;
    static const struct {
        const char *choice, *text;
        bool good;
    } rows[] = {
        {"\"tool_choice\": \"auto\"", "", true},
        {"\"tool_choice\": null", CALL_PARIS, true},
        {"\"parallel\": true", "a" CALL_PARIS "b" CALL_TIME "c", true},
        {"\"parallel\": true", "a<tool_call", true},
        {"\"parallel\": true", "a<tool_call>", false},
        {"\"parallel\": true", CALL_OF("time", "{\"x\": 1}"), false},
        {"\"parallel_tool_calls\": false", "a" CALL_PARIS "b", true},
        {"\"parallel_tool_calls\": false", CALL_PARIS "\n" CALL_TIME, false},
        {"\"tool_choice\": \"none\"", "a", true},
        {"\"tool_choice\": \"none\"", CALL_PARIS, false},
        {"\"tool_choice\": \"required\"", CALL_PARIS "\n" CALL_TIME, true},
        {"\"tool_choice\": \"required\"", CALL_PARIS CALL_TIME, false},
        {"\"tool_choice\": \"required\"", CALL_PARIS "\n", false},
        {"\"tool_choice\": \"required\", \"parallel\": false", CALL_PARIS "\n" CALL_TIME, false},
        {"\"tool_choice\": {\"type\": \"any\"}", CALL_TIME, true},
        {"\"tool_choice\": {\"type\": \"any\"}", "", false},
        {"\"tool_choice\": {\"type\": \"tool\", \"name\": \"time\"}", CALL_TIME, true},
        {"\"tool_choice\": {\"type\": \"function\", \"name\": \"time\"}", CALL_PARIS, false},
        {"\"tool_choice\": {\"type\": \"function\", \"name\": \"time\"}", CALL_TIME "\n" CALL_TIME, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char rest[200];
        ananke_error err = {0};
        snprintf(rest, sizeof rest, "\"format\": \"hermes\", %s", rows[i].choice);
        ananke_program *program = compile(rest, &err);
        if (!program) fail_msg("%s: %s", rest, err.message);
        if (accepts(program, rows[i].text) != rows[i].good) fail_msg("%s: %s", rest, rows[i].text);
        ananke_program_free(program);
    }
}

TEST(asides_come_first) {
    IGNORE_STATE;
    static const struct {
        const char *choice, *text;
        bool good;
    } rows[] = {{"auto", "[a][b]{Yes.", true},
                {"auto", "(c)[a]@time {}", true},
                {"auto", "{[a]", true},
                {"auto", "[a]", false},
                {"auto", "[a", false},
                {"auto", "Yes.", false},
                {"auto", "[a] {Yes.", false},
                {"auto", "{a@", false},
                {"none", "[a]{Yes.", true},
                {"none", "[a]@time {}", false},
                {"required", "[a]@time {}", true},
                {"required", "[a]{Yes.", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char rest[300];
        ananke_error err = {0};
        snprintf(rest, sizeof rest,
                 "\"format\": {\"asides\": [{\"begin\": \"[\", \"end\": \"]\"}, {\"begin\": \"(\", \"end\": \")\"}], "
                 "\"text_begin\": \"{\", \"trigger\": \"@\", \"name_end\": \" \", \"whole_message\": true}, "
                 "\"tool_choice\": \"%s\"",
                 rows[i].choice);
        ananke_program *program = compile(rest, &err);
        if (!program) fail_msg("%s: %s", rest, err.message);
        if (accepts(program, rows[i].text) != rows[i].good) fail_msg("%s: %s", rows[i].choice, rows[i].text);
        ananke_program_free(program);
    }
}

TEST(marks_are_tokens_where_the_vocabulary_has_them) {
    IGNORE_STATE;
    static const char text[] = "{\"tools\": [" TIME "], \"format\": {\"trigger\": \"<call>\", \"tokens\": [\"<call>\", "
                               "\"<tag>\"], \"name_begin\": \" \", \"name_end\": \" \", \"arguments_end\": \"<tag>\", "
                               "\"between\": \"\", \"text_after\": true}}";
    ananke_vocab *vocab = open_marks_vocab();
    ananke_program *program = ananke_program_from_tools(text, strlen(text), vocab, NULL, NULL);
    assert_non_null(program);
    assert_true(accepts_marked(program, "a@ time {}$b@ time {}$"));
    assert_true(accepts_marked(program, "a<tag>$"));
    assert_false(accepts_marked(program, "a@ time {}<tag>"));
    assert_false(accepts_marked(program, "a@ date {}$"));
    assert_false(accepts_marked(program, "a<call> time {}$"));
    ananke_program_free(program);
    static const char wrong[] =
        "{\"tools\": [" TIME "], \"format\": {\"trigger\": \"a\", \"name_end\": \" \", \"tokens\": "
        "\"<tag>\", \"asides\": [{\"begin\": \"(\", \"end\": \")<tag>\"}]}}";
    ananke_error err = {0};
    assert_null(ananke_program_from_tools(wrong, strlen(wrong), vocab, NULL, &err));
    assert_string_equal(err.message,
                        "#/format/asides/0/end: a special token can only be what an aside's end begins with");
    ananke_vocab_free(vocab);
}

/* ---- What is wrong */

#define HERMES "\"format\": \"hermes\""
#define OF(tool) "{\"tools\": [" tool "], " HERMES "}"

TEST(errors_have_the_pointer) {
    IGNORE_STATE;
    static const struct {
        const char *text, *message, *hint;
    } rows[] = {
        {"[]", "#: what describes tools is to be an object", ""},
        {"{}", "#: there are no \"tools\"", ""},
        {"{\"tools\": []}", "#: there is no \"format\": how the model writes calls", ""},
        {"{\"tool\": []}", "#: the member 'tool' is not supported", "did you mean 'tools'?"},
        {"{\"tools\": {}}", "#/tools: the tools are a list", ""},
        {OF("5"), "#/tools/0: a tool is to be an object", ""},
        {OF("{\"type\": \"web_search\"}"), "#/tools/0/type: tools are of the type 'function'", ""},
        {OF("{\"type\": \"function\"}"), "#/tools/0: the tool has no \"name\"", ""},
        {OF("{\"function\": {\"descr\": 1}}"), "#/tools/0/function: the member 'descr' is not supported", NULL},
        {OF("{\"function\": {\"nam\": 1}}"), "#/tools/0/function: the member 'nam' is not supported",
         "did you mean 'name'?"},
        {OF("{\"function\": {}}"), "#/tools/0/function: the tool has no \"name\"", ""},
        {OF("{\"name\": \"a b\"}"), "#/tools/0/name: a tool's name is 1 to 64 letters, digits, '_' or '-'", ""},
        {OF(TIME ", " TIME), "#/tools/1/name: another tool has that name already", ""},
        {OF("{\"name\": \"a\", \"parameters\": []}"),
         "#/tools/0/parameters: a tool's parameters are a JSON Schema, an object", ""},
        {OF("{\"name\": \"a\", \"parameters\": {}, \"input_schema\": {}}"),
         "#/tools/0/input_schema: the tool has a schema already", ""},
        {OF(TIME ", {\"name\": \"a\", \"strict\": true, \"parameters\": {\"type\": \"object\"}}"),
         "#/tools/1/parameters: a strict tool's objects need \"additionalProperties\": false", ""},
        {OF("{\"function\": {\"name\": \"a\", \"parameters\": {\"properties\": {\"x\": {\"type\": 5}}}}}"),
         "JSON Schema: #/tools/0/function/parameters/properties/x", NULL},
        {OF("{\"name\": \"a\", \"parameters\": {\"$ref\": \"#/$defs/b\"}}"),
         "JSON Schema: #/tools/0/parameters/$ref: there is nothing at `#/$defs/b`", ""},
        {"{\"tools\": [" TIME "], " HERMES ", \"tool_choice\": \"maybe\"}", "#/tool_choice: this is no tool choice",
         NULL},
        {"{\"tools\": [" TIME "], " HERMES ", \"tool_choice\": {\"type\": \"function\"}}",
         "#/tool_choice: this is no tool choice", NULL},
        {"{\"tools\": [" TIME "], " HERMES ", \"tool_choice\": {\"type\": \"function\", \"name\": \"tme\"}}",
         "#/tool_choice: there is no tool 'tme'", "did you mean 'time'?"},
        {"{\"tools\": [], " HERMES ", \"tool_choice\": \"required\"}",
         "#/tool_choice: a call is required, and there are no tools", ""},
        {"{\"tools\": [" TIME "], \"format\": \"llama3\", \"parallel\": true}",
         "#/parallel: a message of this format has one call", ""},
        {"{\"tools\": [" TIME "], \"format\": \"lama3\"}", "#/format: there is no format 'lama3'",
         "did you mean 'llama3'?"},
        {"{\"tools\": [" TIME "], \"format\": {\"trigger\": [\"a\", \"a\"], \"name_end\": \")\"}}",
         "#/format/trigger/1: this trigger is there twice", ""},
        {"{\"tools\": [" TIME "], \"format\": {\"trigger\": \"a\", \"name_end\": \")\", \"calls_end\": 5}}",
         "#/format/calls_end: this is to be a string, {\"regex\": ...} or a list of such", ""},
        {"{\"tools\": [" TIME
         "], \"format\": {\"trigger\": \"a\", \"name_end\": \")\", \"name_tail\": {\"regex\": \":?[0-9]\"}}}",
         "#/format/name_tail: this is to be one text or expression that begins with what no name has", ""},
        {"{\"tools\": [" TIME "], \"format\": {\"trigger\": \"a\", \"name_end\": \")\", \"name_tail\": \"\"}}",
         "#/format/name_tail: this is to be one text or expression that begins with what no name has", ""},
        {"{\"tools\": [" TIME "], \"format\": {\"trigger\": \"a\", \"name_end\": \")\", \"name_tail\": [\":\"]}}",
         "#/format/name_tail: this is to be one text or expression that begins with what no name has", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        assert_null(ananke_program_from_tools(rows[i].text, strlen(rows[i].text), bytes, NULL, &err));
        if (strncmp(err.message, rows[i].message, strlen(rows[i].message)) != 0)
            fail_msg("%s: %s", rows[i].text, err.message);
        if (rows[i].hint) assert_string_equal(err.hint, rows[i].hint);
    }
}

TEST(what_is_not_held_has_the_tools_pointer) {
    IGNORE_STATE;
    static const char text[] =
        OF(TIME ", {\"function\": {\"name\": \"a\", \"parameters\": {\"$ref\": \"#/$defs/u\", \"$defs\": {\"u\": "
                "{\"type\": \"array\", \"uniqueItems\": true}}}}}");
    ananke_error err = {0};
    ananke_program *program = ananke_program_from_tools(text, strlen(text), bytes, NULL, &err);
    assert_non_null(program);
    size_t count = 0;
    const ananke_unenforced *places = ananke_program_unenforced(program, &count);
    assert_int_equal(count, 1);
    assert_string_equal(places[0].pointer, "#/tools/1/function/parameters/$defs/u/uniqueItems");
    ananke_program_free(program);
    ananke_program_options options = {.is_strict = true};
    assert_null(ananke_program_from_tools(text, strlen(text), bytes, &options, &err));
    assert_non_null(strstr(err.message, "#/tools/1/function/parameters/$defs/u/uniqueItems"));
}

TEST(many_tools_are_no_trouble) {
    IGNORE_STATE;
    enum { MANY = 300 };
    size_t size = MANY * 400, used = 0;
    char *text = malloc(size);
    assert_non_null(text);
    used += (size_t)snprintf(text, size, "{" HERMES ", \"tools\": [");
    for (int i = 0; i < MANY; i++)
        used += (size_t)snprintf(text + used, size - used,
                                 "%s{\"name\": \"tool_%d\", \"parameters\": {\"type\": \"object\", \"properties\": "
                                 "{\"n\": {\"enum\": [%d]}, \"s\": {\"type\": \"string\"}}, \"required\": [\"n\"]}}",
                                 i ? ", " : "", i, i);
    snprintf(text + used, size - used, "]}");
    ananke_error err = {0};
    ananke_program *program = ananke_program_from_tools(text, strlen(text), bytes, NULL, &err);
    if (!program) fail_msg("%s", err.message);
    assert_true(accepts(program, CALL_OF("tool_29", "{\"n\": 29}")));
    assert_true(accepts(program, CALL_OF("tool_299", "{\"n\": 299, \"s\": \"\"}")));
    assert_false(accepts(program, CALL_OF("tool_29", "{\"n\": 299}")));
    ananke_program_free(program);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_takes_what_its_template_writes),
        cmocka_unit_test(calls_stand_where_the_choice_lets_them),
        cmocka_unit_test(asides_come_first),
        cmocka_unit_test(marks_are_tokens_where_the_vocabulary_has_them),
        cmocka_unit_test(errors_have_the_pointer),
        cmocka_unit_test(what_is_not_held_has_the_tools_pointer),
        cmocka_unit_test(many_tools_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
