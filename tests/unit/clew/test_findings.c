/* Reports as text and JSON. */
#include "../test.h"
#include "base/json.h"
#include <ananke/ananke.h>

static ananke_findings *find(ananke_constraints **set, const char *code) {
    static const char rules[] =
        "version: 1\nconstraints:\n"
        "  - {id: q, kind: quotes, parameters: {style: double}}\n"
        "  - {id: n, kind: naming, language: python, parameters: {symbol: class, style: PascalCase}}\n";
    *set = ananke_constraints_parse(rules, sizeof rules - 1, ANANKE_FORMAT_YAML, NULL, NULL);
    return ananke_check_text("src/a b.ts", code, strlen(code), *set, NULL, NULL);
}

TEST(the_text_report_is_for_people) {
    IGNORE_STATE;
    ananke_constraints *set;
    ananke_findings *findings = find(&set, "f('a');\n");
    size_t length;
    char *text = ananke_findings_text(findings, ANANKE_REPORT_TEXT, &length, NULL);
    assert_string_equal(text, "src/a b.ts:1:3: info: 'a' is not in double quotes [q]\n"
                              "    a rule that was written down, not mined\n"
                              "1 violation in 1 file; 1 of 2 constraints checked\n"
                              "not checked on any file: n\n");
    assert_int_equal(length, strlen(text));
    ananke_text_free(text);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
}

TEST(the_json_report_has_violations_and_a_summary) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ananke_constraints *set;
    ananke_findings *findings = find(&set, "f('a');\n]\n");
    char *text = ananke_findings_text(findings, ANANKE_REPORT_JSON, NULL, NULL);
    yyjson_val *root = yyjson_doc_get_root(ak_json_parse(&arena, ak_str(text), NULL, NULL));
    yyjson_val *violation = yyjson_arr_get(yyjson_obj_get(root, "violations"), 0),
               *summary = yyjson_obj_get(root, "summary");
    assert_int_equal(yyjson_arr_size(yyjson_obj_get(root, "violations")), 1);
    static const char *const keys[] = {"file",       "line",     "column",  "end_line", "end_column",
                                       "constraint", "severity", "message", "evidence"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) assert_non_null(yyjson_obj_get(violation, keys[i]));
    assert_int_equal(yyjson_get_uint(yyjson_obj_get(violation, "end_column")), 6);
    assert_int_equal(yyjson_get_uint(yyjson_obj_get(summary, "violations")), 1);
    assert_int_equal(yyjson_get_uint(yyjson_obj_get(summary, "error_bytes")), 1);
    assert_int_equal(yyjson_get_uint(yyjson_obj_get(summary, "checked_constraints")), 1);
    assert_string_equal(yyjson_get_str(yyjson_arr_get(yyjson_obj_get(summary, "unchecked"), 0)), "n");
    ananke_text_free(text);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
    ak_arena_free(&arena);
}

TEST(an_unknown_format_is_a_usage_error) {
    IGNORE_STATE;
    ananke_constraints *set;
    ananke_error err = {0};
    ananke_findings *findings = find(&set, "");
    assert_null(ananke_findings_text(findings, (ananke_report_format)9, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_report_is_for_people),
        cmocka_unit_test(the_json_report_has_violations_and_a_summary),
        cmocka_unit_test(an_unknown_format_is_a_usage_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
