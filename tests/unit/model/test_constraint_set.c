/* Constraint sets: nothing is lost between the formats, sets merge, files are saved whole. */
#include "../test.h"
#include "model/constraint_set.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char sample[] = "{\n"
                             "  \"version\": 1,\n"
                             "  \"constraints\": [\n"
                             "    {\n"
                             "      \"id\": \"layout.quotes\",\n"
                             "      \"kind\": \"quotes\",\n"
                             "      \"severity\": \"error\",\n"
                             "      \"language\": \"python\",\n"
                             "      \"message\": \"say \\\"it\\\": é\",\n"
                             "      \"parameters\": {\n"
                             "        \"style\": \"double\"\n"
                             "      },\n"
                             "      \"scope\": {\n"
                             "        \"paths\": [],\n"
                             "        \"exclude\": [\n"
                             "          \"**/test_*.py\"\n"
                             "        ]\n"
                             "      },\n"
                             "      \"confidence\": 0.9375,\n"
                             "      \"support\": 60,\n"
                             "      \"exceptions\": [\n"
                             "        {\n"
                             "          \"file\": \"1\",\n"
                             "          \"line\": 2,\n"
                             "          \"column\": 3,\n"
                             "          \"text\": \"null\"\n"
                             "        }\n"
                             "      ],\n"
                             "      \"exception_count\": 2,\n"
                             "      \"priority\": -5\n"
                             "    },\n"
                             "    {\n"
                             "      \"id\": \"b\",\n"
                             "      \"kind\": \"imports\",\n"
                             "      \"parameters\": {\n"
                             "        \"modules\": []\n"
                             "      }\n"
                             "    }\n"
                             "  ]\n"
                             "}\n";

static ananke_constraints *set_of(const char *text) {
    ananke_error err = {0};
    ananke_constraints *set = ananke_constraints_parse(text, strlen(text), ANANKE_FORMAT_AUTO, NULL, &err);
    if (!set) fail_msg("%u:%u %s", err.line, err.column, err.message);
    return set;
}

static ananke_constraints *reread(const ananke_constraints *set, ananke_format format) {
    size_t length;
    ananke_error err = {0};
    char *text = ananke_constraints_text(set, format, &length, &err);
    assert_non_null(text);
    assert_int_equal(strlen(text), length);
    ananke_constraints *again = ananke_constraints_parse(text, length, format, NULL, &err);
    if (!again) fail_msg("%u:%u %s in\n%s", err.line, err.column, err.message, text);
    ananke_text_free(text);
    return again;
}

static void assert_text(const ananke_constraints *set, const char *wanted) {
    char *text = ananke_constraints_text(set, ANANKE_FORMAT_JSON, NULL, NULL);
    assert_string_equal(text, wanted);
    ananke_text_free(text);
}

TEST(nothing_is_lost_on_the_way_through_json_and_yaml) {
    IGNORE_STATE;
    ananke_constraints *set = set_of(sample);
    assert_text(set, sample);
    ananke_constraints *yaml = reread(set, ANANKE_FORMAT_YAML), *json = reread(yaml, ANANKE_FORMAT_JSON);
    assert_text(yaml, sample);
    assert_text(json, sample);
    ananke_constraints_free(set);
    ananke_constraints_free(yaml);
    ananke_constraints_free(json);
}

TEST(what_a_file_leaves_out_comes_from_the_kind) {
    IGNORE_STATE;
    ananke_constraints *set = set_of(sample);
    assert_int_equal(ananke_constraints_count(set), 2);
    const ananke_constraint *rule = ananke_constraints_get(set, 1);
    assert_string_equal(rule->message, "the code imports nothing from outside the project");
    assert_string_equal(rule->category, "architectural");
    assert_string_equal(rule->language, "");
    assert_int_equal(rule->severity, ANANKE_SEVERITY_WARNING);
    assert_true(rule->confidence == 1);
    assert_true(yyjson_is_true(ak_constraint_value(&set->items[1], "relative")));
    assert_null(ak_constraint_value(&set->items[1], "nobody"));
    assert_int_equal(set->items[0].priority, -5);
    assert_string_equal(set->items[0].exclude[0].data, "**/test_*.py");
    assert_string_equal(set->items[0].exceptions[0].text.data, "null");
    ananke_constraints_free(set);
}

TEST(merging_keeps_the_order_and_refuses_equal_ids) {
    IGNORE_STATE;
    ananke_constraints *one = set_of(sample);
    ananke_constraints *two =
        set_of("version: 1\nconstraints:\n  - {id: c, kind: imports, parameters: {modules: [x]}}\n");
    const ananke_constraints *both[] = {two, one};
    ananke_error err = {0};
    ananke_constraints *merged = ananke_constraints_merge(both, 2, NULL, &err);
    assert_non_null(merged);
    assert_int_equal(ananke_constraints_count(merged), 3);
    assert_string_equal(ananke_constraints_get(merged, 0)->id, "c");
    assert_string_equal(ananke_constraints_get(merged, 2)->id, "b");
    const ananke_constraints *twice[] = {one, one};
    assert_null(ananke_constraints_merge(twice, 2, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CONFLICT);
    assert_string_equal(err.message, "`layout.quotes` stands in a set without a file and in a set without a file");
    ananke_constraints *none = ananke_constraints_merge(NULL, 0, NULL, &err);
    assert_int_equal(ananke_constraints_count(none), 0);
    ananke_constraints_free(one);
    ananke_constraints_free(two);
    ananke_constraints_free(merged);
    ananke_constraints_free(none);
}

TEST(files_are_told_by_their_names_and_saved_whole) {
    IGNORE_STATE;
    char folder[] = "/tmp/ananke-set-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    ananke_constraints *set = set_of(sample);
    static const char *const names[] = {"a.json", "a.yaml", "a.yml", "a"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        ananke_error err = {0};
        assert_true(ananke_constraints_save(set, path, ANANKE_FORMAT_AUTO, &err));
        ananke_constraints *again = ananke_constraints_load(path, ANANKE_FORMAT_AUTO, NULL, &err);
        assert_non_null(again);
        assert_text(again, sample);
        ananke_constraints_free(again);
        unlink(path);
    }
    ananke_error err = {0};
    assert_null(ananke_constraints_load(path, ANANKE_FORMAT_AUTO, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_string_equal(err.file, path);
    snprintf(path, sizeof path, "%s/no/such", folder);
    assert_false(ananke_constraints_save(set, path, ANANKE_FORMAT_AUTO, &err));
    ananke_constraints_free(set);
    rmdir(folder);
}

TEST(a_small_budget_is_a_limit) {
    IGNORE_STATE;
    ananke_context context = {.memory_limit = 20000};
    ananke_error err = {0};
    assert_null(ananke_constraints_parse(sample, sizeof sample - 1, ANANKE_FORMAT_AUTO, &context, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_on_the_way_through_json_and_yaml),
        cmocka_unit_test(what_a_file_leaves_out_comes_from_the_kind),
        cmocka_unit_test(merging_keeps_the_order_and_refuses_equal_ids),
        cmocka_unit_test(files_are_told_by_their_names_and_saved_whole),
        cmocka_unit_test(a_small_budget_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
