/* Formats of tool calls: the files that are built in, and what is wrong with one. */
#include "../test.h"
#include "base/data.h"
#include "mask/tool_format.h"

static bool read(ToolFormat *self, Arena *arena, const char *json, ananke_error *err) {
    yyjson_doc *doc = ak_json_parse_raw(arena, ak_str(json), NULL, err);
    assert_non_null(doc);
    return ak_tool_format_read(self, yyjson_doc_get_root(doc), "#/format", arena, err);
}

TEST(every_file_is_a_format) {
    IGNORE_STATE;
    size_t count = 0;
    for (size_t i = ak_data_first("formats/"); i < ak_data_file_count; i++) {
        const char *path = ak_data_files[i].path;
        if (strncmp(path, "formats/", 8) != 0) break;
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        ToolFormat format;
        Str json = ak_arena_format(&arena, "\"%.*s\"", (int)strlen(path) - 13, path + 8);
        if (!read(&format, &arena, json.data, &err)) fail_msg("%s: %s", path, err.message);
        count++;
        ak_arena_free(&arena);
    }
    assert_true(count >= 10);
}

TEST(a_format_is_read) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ToolFormat format;
    assert_true(read(&format, &arena,
                     "{\"trigger\": [\"a\", \"b\"], \"tokens\": \"t\", \"name_begin\": \"(\", \"name_end\": \")\","
                     " \"between\": \"\", \"text_after\": true, \"calls_end\": [\"x\", {\"regex\": \"y+\"}]}",
                     NULL));
    assert_int_equal(format.triggers.count, 2);
    assert_int_equal(format.tokens.count, 1);
    assert_true(format.has_between && format.has_text_after && !format.has_separator && !format.is_message);
    assert_true(ak_str_equal(format.name_begin, STR("(")));
    assert_null(format.calls_begin.value);
    assert_string_equal(format.calls_end.pointer, "#/format/calls_end");
    ak_arena_free(&arena);
}

TEST(texts_are_strings_regexes_or_lists_of_them) {
    IGNORE_STATE;
    static const struct {
        const char *end, *message;
    } rows[] = {{"\"x\"", ""},
                {"[]", ""},
                {"[\"x\", {\"regex\": \"y+\"}]", ""},
                {"5", "#/format/calls_end: this is to be a string, {\"regex\": ...} or a list of such"},
                {"[\"x\", 5]", "#/format/calls_end/1: this is to be a string, {\"regex\": ...} or a list of such"},
                {"{\"regx\": \"y\"}", "#/format/calls_end: this is to be a string, {\"regex\": ...} or a list of such"},
                {"{\"regex\": \"(\"}", "#/format/calls_end/regex: "}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = ak_arena(NULL);
        Grammar grammar;
        ananke_error err = {0};
        ToolFormat format;
        assert_true(ak_grammar_init(&grammar, &arena, 100000));
        Marks marks = {&grammar, NULL, 0};
        Str json = ak_arena_format(&arena, "{\"trigger\": \"a\", \"name_end\": \")\", \"calls_end\": %s}", rows[i].end);
        assert_true(read(&format, &arena, json.data, &err));
        assert_int_equal(ak_tool_text(&format, &marks, format.calls_end) == AK_SYMBOL_FAILED, rows[i].message[0] != 0);
        assert_memory_equal(err.message, rows[i].message, strlen(rows[i].message));
        ak_arena_free(&arena);
    }
}

TEST(what_is_wrong_with_a_format_is_said) {
    IGNORE_STATE;
    static const struct {
        const char *json, *message, *hint;
    } rows[] = {
        {"\"hermis\"", "#/format: there is no format 'hermis'", "did you mean 'hermes'?"},
        {"\"\"", "#/format: there is no format ''", NULL},
        {"\"../languages/x\"", "#/format: there is no format '../languages/x'", NULL},
        {"5", "#/format: a format is to be an object", ""},
        {"{\"triger\": \"a\"}", "#/format: the member 'triger' is not supported", "did you mean 'trigger'?"},
        {"{\"trigger\": 5}", "#/format/trigger: this is to be a string", ""},
        {"{\"trigger\": \"a\", \"tokens\": [5]}", "#/format/tokens: this is to be a string", ""},
        {"{\"name_end\": \")\"}", "#/format: the format has no \"trigger\"", ""},
        {"{\"trigger\": \"a\"}", "#/format: the format has no \"name_end\"", ""},
        {"{\"trigger\": \"a\", \"name_end\": [\"(\", \"\"]}",
         "#/format: \"name_end\" is to begin with what no name has in it", ""},
        {"{\"trigger\": \"a\", \"name_end\": \")\", \"text_begin\": \"x\"}",
         "#/format: \"text_begin\" is for formats with \"whole_message\"", ""},
        {"{\"asides\": {}}", "#/format/asides: asides are a list", ""},
        {"{\"asides\": [{\"begin\": \"a\"}]}",
         "#/format/asides/0: an aside has \"begin\" and \"end\", which are not empty", ""},
        {"{\"trigger\": \"a\", \"name_end\": \"b\"}", "#/format: \"name_end\" is to begin with what no name has in it",
         ""},
        {"{\"trigger\": \"a\", \"name_end\": \")\", \"whole_message\": true, \"text_after\": true}",
         "#/format: a call that is the whole message has no text behind it", ""},
        {"{\"trigger\": \"a\", \"name_end\": \")\", \"separator\": \",\", \"between\": \"\"}",
         "#/format: calls have a separator in one list, or something between them", ""},
        {"{\"trigger\": \"a\", \"name_end\": \")\", \"separator\": \",\", \"text_after\": true}",
         "#/format: a list of calls with text behind it needs \"calls_end\"", ""},
        {"{\"trigger\": \"a\", \"name_end\": \")\", \"separator\": \"\\n\", \"name_begin\": \"<\", \"calls_end\": \"\\n</\"}",
         "#/format: \"separator\" and \"name_begin\" begin \"calls_end\", or it them", ""},
        {"{\"parameters\": 5}", "#/format/parameters: what writes parameters is to be an object", ""},
        {"{\"parameters\": {\"begin\": \"a\", \"end\": \"b\"}}",
         "#/format/parameters: parameters have \"begin\", \"name_end\" and \"end\", which are not empty", ""},
        {"{\"trigger\": \"a\", \"name_end\": \")\", \"arguments_end\": \"</\", \"parameters\": {\"begin\": \"<\", "
         "\"name_end\": \">\", \"end\": \";\"}}",
         "#/format/parameters: \"begin\" begins \"arguments_end\", or it that", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        ToolFormat format;
        assert_false(read(&format, &arena, rows[i].json, &err));
        assert_string_equal(err.message, rows[i].message);
        if (rows[i].hint) assert_string_equal(err.hint, rows[i].hint);
        else assert_non_null(strstr(err.hint, "apertus, deepseek_v3, "));
        ak_arena_free(&arena);
    }
}

TEST(texts_are_joined_with_whatever_is_in_them) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Str joined = ak_tool_join(&arena, (Str){"a\0b", 3}, STR("c"));
    assert_int_equal(joined.length, 4);
    assert_memory_equal(joined.data, "a\0bc", 4);
    assert_int_equal(ak_tool_join(&arena, STR(""), STR("")).length, 0);
    ak_arena_free(&arena);
}

TEST(names_of_tools) {
    IGNORE_STATE;
    char name[66];
    memset(name, 'a', sizeof name);
    assert_true(ak_is_tool_name(STR("get_weather-2")));
    assert_true(ak_is_tool_name((Str){name, 64}));
    assert_false(ak_is_tool_name((Str){name, 65}));
    assert_false(ak_is_tool_name(STR("")));
    assert_false(ak_is_tool_name(STR("a.b")));
    assert_false(ak_is_tool_name(STR("a\"")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_a_format),
        cmocka_unit_test(a_format_is_read),
        cmocka_unit_test(texts_are_strings_regexes_or_lists_of_them),
        cmocka_unit_test(what_is_wrong_with_a_format_is_said),
        cmocka_unit_test(texts_are_joined_with_whatever_is_in_them),
        cmocka_unit_test(names_of_tools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
