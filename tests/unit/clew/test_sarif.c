/* SARIF 2.1.0: the properties that its schema requires, with their types and values. */
#include "../test.h"
#include "base/json.h"
#include <ananke/ananke.h>

static yyjson_val *at(yyjson_val *root, const char *pointer) {
    yyjson_val *value = yyjson_ptr_get(root, pointer);
    if (!value) fail_msg("%s is missing", pointer);
    return value;
}

static void assert_text(yyjson_val *root, const char *pointer, const char *wanted) {
    yyjson_val *value = at(root, pointer);
    assert_true(yyjson_is_str(value));
    assert_string_equal(yyjson_get_str(value), wanted);
}

static void assert_number(yyjson_val *root, const char *pointer, unsigned wanted) {
    yyjson_val *value = at(root, pointer);
    assert_true(yyjson_is_uint(value));
    assert_int_equal(yyjson_get_uint(value), wanted);
}

TEST(a_report_has_its_rules_and_results) {
    IGNORE_STATE;
    static const char rules[] = "version: 1\nconstraints:\n"
                                "  - {id: n, kind: naming, parameters: {symbol: class, style: PascalCase}}\n"
                                "  - {id: q, kind: quotes, severity: error, parameters: {style: double}}\n";
    static const char code[] = "\"\xc3\xa9\"; f('\xc3\xa9\xc3\xa9');\n";
    Arena arena = ak_arena(NULL);
    ananke_constraints *set = ananke_constraints_parse(rules, sizeof rules - 1, ANANKE_FORMAT_YAML, NULL, NULL);
    ananke_findings *findings = ananke_check_text("src/a b%c.ts", code, sizeof code - 1, set, NULL, NULL);
    char *text = ananke_findings_text(findings, ANANKE_REPORT_SARIF, NULL, NULL);
    yyjson_val *root = yyjson_doc_get_root(ak_json_parse(&arena, ak_str(text), NULL, NULL));
    assert_text(root, "/version", "2.1.0");
    assert_text(root, "/runs/0/tool/driver/name", "Ananke");
    assert_text(root, "/runs/0/columnKind", "unicodeCodePoints");
    assert_text(root, "/runs/0/tool/driver/rules/1/id", "q");
    assert_text(root, "/runs/0/tool/driver/rules/1/defaultConfiguration/level", "error");
    assert_text(root, "/runs/0/tool/driver/rules/0/shortDescription/text", "class names are written in PascalCase");
    assert_int_equal(yyjson_arr_size(at(root, "/runs/0/results")), 1);
    assert_text(root, "/runs/0/results/0/ruleId", "q");
    assert_number(root, "/runs/0/results/0/ruleIndex", 1);
    assert_text(root, "/runs/0/results/0/level", "error");
    assert_text(root, "/runs/0/results/0/message/text", "'\xc3\xa9\xc3\xa9' is not in double quotes");
    assert_text(root, "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", "src/a%20b%25c.ts");
    assert_number(root, "/runs/0/results/0/locations/0/physicalLocation/region/startLine", 1);
    assert_number(root, "/runs/0/results/0/locations/0/physicalLocation/region/startColumn", 8);
    assert_number(root, "/runs/0/results/0/locations/0/physicalLocation/region/endColumn", 12);
    ananke_text_free(text);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
    ak_arena_free(&arena);
}

TEST(an_empty_report_is_whole) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ananke_constraints *set =
        ananke_constraints_parse("version: 1\nconstraints: []\n", 27, ANANKE_FORMAT_YAML, NULL, NULL);
    ananke_findings *findings = ananke_check_text("/a.ts", "f();\n", 5, set, NULL, NULL);
    char *text = ananke_findings_text(findings, ANANKE_REPORT_SARIF, NULL, NULL);
    yyjson_val *root = yyjson_doc_get_root(ak_json_parse(&arena, ak_str(text), NULL, NULL));
    assert_int_equal(yyjson_arr_size(at(root, "/runs/0/results")), 0);
    assert_int_equal(yyjson_arr_size(at(root, "/runs/0/tool/driver/rules")), 0);
    ananke_text_free(text);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_has_its_rules_and_results),
        cmocka_unit_test(an_empty_report_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
