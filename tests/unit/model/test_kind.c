/* Kinds: the built-in files are whole and consistent; cases, defaults and templates. */
#include "../test.h"
#include "base/data.h"
#include "model/kind.h"
#include <stdio.h>

static const char sample[] =
    "{\"id\": \"sample\", \"category\": \"syntactic\", \"severity\": \"info\", \"test\": \"variant\","
    " \"parameters\": {\"what\": {\"type\": \"enum\", \"required\": true}, \"list\": {\"type\": \"list\"},"
    "   \"max\": {\"type\": \"count\", \"default\": 3}, \"on\": {\"type\": \"bool\", \"default\": true}},"
    " \"violation\": \"v\", \"observes\": \"p\", \"message\": \"general\","
    " \"cases\": [{\"when\": {\"what\": \"a\", \"max\": 3}, \"message\": \"a with 3\", \"severity\": \"error\"},"
    "   {\"when\": {\"what\": \"a\"}, \"message\": \"a\"}, {\"when\": {\"what\": \"b\"}}]}";

static yyjson_val *json(Arena *arena, const char *text) {
    yyjson_doc *doc = ak_json_parse(arena, ak_str(text), NULL, NULL);
    assert_non_null(doc);
    return yyjson_doc_get_root(doc);
}

TEST(the_first_case_that_agrees_is_chosen_and_defaults_count) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Kind kind;
    assert_true(ak_kind_read(&kind, &arena, "sample.json", ak_str(sample), NULL));
    assert_string_equal(ak_kind_case(&kind, json(&arena, "{\"what\": \"a\"}"))->message.data, "a with 3");
    assert_int_equal(ak_kind_case(&kind, json(&arena, "{\"what\": \"a\"}"))->severity, ANANKE_SEVERITY_ERROR);
    assert_string_equal(ak_kind_case(&kind, json(&arena, "{\"what\": \"a\", \"max\": 4}"))->message.data, "a");
    assert_string_equal(ak_kind_case(&kind, json(&arena, "{\"what\": \"b\"}"))->message.data, "general");
    assert_null(ak_kind_case(&kind, json(&arena, "{\"what\": \"c\"}")));
    assert_null(ak_kind_case(&kind, NULL));
    const KindParameter *what = ak_kind_parameter(&kind, STR("what"));
    assert_int_equal(what->value_count, 2);
    assert_string_equal(what->values[1].data, "b");
    ak_arena_free(&arena);
}

TEST(templates_take_parameters_words_and_leave_other_braces_alone) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Kind kind;
    assert_true(ak_kind_read(&kind, &arena, "sample.json", ak_str(sample), NULL));
    yyjson_val *parameters = json(&arena, "{\"what\": \"a\", \"list\": [\"x\", \"y\"]}");
    KindWord words[] = {{STR("text"), STR("{what}")}};
    Str text =
        ak_kind_text(&arena, STR("{what}|{list}|{max}|{on}|{text}|{2,3}|{nobody}|{"), &kind, parameters, words, 1);
    assert_string_equal(text.data, "a|x, y|3|true|{what}|{2,3}|{nobody}|{");
    assert_string_equal(ak_kind_text(&arena, STR(""), &kind, NULL, NULL, 0).data, "");
    ak_arena_free(&arena);
}

TEST(a_broken_kind_names_its_file) {
    IGNORE_STATE;
    static const char *const broken[] = {
        "{",
        "{\"id\": \"x\"}",
        "{\"id\": \"x\", \"test\": \"variant\", \"category\": \"funny\"}",
        "{\"id\": \"x\", \"test\": \"variant\", \"category\": \"type\", \"parameters\": {\"a\": {\"type\": \"colour\"}}}",
        "{\"id\": \"x\", \"test\": \"variant\", \"category\": \"type\", \"severity\": \"warning\"}",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        Kind kind;
        assert_false(ak_kind_read(&kind, &arena, "broken.json", ak_str(broken[i]), &err));
        assert_string_equal(err.file, "broken.json");
        ak_arena_free(&arena);
    }
}

/* What a case is chosen by must be a parameter that takes the value. */
static void verify_when(const Kind *kind, const KindCase *about) {
    size_t i, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(about->when, i, count, key, value) {
        assert_non_null(ak_kind_parameter(kind, ak_json_str(key)));
    }
}

TEST(the_built_in_kinds_are_whole) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Kinds kinds;
    ananke_error err = {0};
    if (!ak_kinds_load(&kinds, &arena, &err)) fail_msg("%s: %s", err.file, err.message);
    assert_true(kinds.count >= 10);
    for (size_t k = 0; k < kinds.count; k++) {
        const Kind *kind = &kinds.items[k];
        char path[256];
        snprintf(path, sizeof path, "constraints/%s.json", kind->id.data);
        if (!ak_data(path).data) fail_msg("kind %s does not stand in %s", kind->id.data, path);
        assert_true(kind->summary.length > 0);
        assert_ptr_equal(ak_kind_find(&kinds, kind->id), kind);
        for (size_t p = 0; p < kind->parameter_count; p++) {
            if (!kind->parameters[p].doc.length)
                fail_msg("%s: parameter %s has no doc", kind->id.data, kind->parameters[p].name.data);
        }
        for (size_t c = 0; c < kind->case_count; c++) verify_when(kind, &kind->cases[c]);
    }
    assert_null(ak_kind_find(&kinds, STR("nobody")));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_case_that_agrees_is_chosen_and_defaults_count),
        cmocka_unit_test(templates_take_parameters_words_and_leave_other_braces_alone),
        cmocka_unit_test(a_broken_kind_names_its_file),
        cmocka_unit_test(the_built_in_kinds_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
