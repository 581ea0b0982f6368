/* Checking: scopes, places, evidence, what could not be checked, and bad input. */
#include "../test.h"
#include "clew/check.h"
#include "folder.h"
#include <ananke/ananke.h>

static ananke_constraints *rules(const char *text) {
    ananke_error err = {0};
    ananke_constraints *set = ananke_constraints_parse(text, strlen(text), ANANKE_FORMAT_YAML, NULL, &err);
    if (!set) fail_msg("%u:%u %s", err.line, err.column, err.message);
    return set;
}

static const char quotes[] =
    "version: 1\n"
    "constraints:\n"
    "  - id: q\n"
    "    kind: quotes\n"
    "    severity: error\n"
    "    parameters: {style: double}\n"
    "    support: 415\n"
    "    exception_count: 3\n"
    "    provenance: {source: mined, evidence: [{file: src/a.ts, line: 12}]}\n"
    "    scope: {paths: ['src/**'], exclude: ['**/gen/**']}\n"
    "  - {id: n, kind: naming, language: python, parameters: {symbol: function, style: snake_case}}\n";

static void assert_place(const ananke_violation *it, const char *file, unsigned line, unsigned column,
                         unsigned end_column) {
    assert_string_equal(it->place.file, file);
    assert_int_equal(it->place.line, line);
    assert_int_equal(it->place.column, column);
    assert_int_equal(it->place.end_line, line);
    assert_int_equal(it->place.end_column, end_column);
}

TEST(a_text_is_checked_as_if_it_were_in_the_file) {
    IGNORE_STATE;
    ananke_constraints *set = rules(quotes);
    static const char code[] = "f(\"good\");\nf('\xc3\xa9', 'bad');\n";
    ananke_findings *findings = ananke_check_text("src/a.ts", code, sizeof code - 1, set, NULL, NULL);
    assert_int_equal(ananke_findings_count(findings), 2);
    const ananke_violation *it = ananke_findings_get(findings, 1);
    assert_place(it, "src/a.ts", 2, 9, 14);
    assert_string_equal(it->constraint, "q");
    assert_int_equal(it->severity, ANANKE_SEVERITY_ERROR);
    assert_string_equal(it->message, "'bad' is not in double quotes");
    assert_string_equal(it->evidence, "followed in 412 of 415 places, for example src/a.ts:12");
    assert_int_equal(ananke_findings_summary(findings)->checked_constraints, 1);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
}

TEST(what_is_out_of_scope_is_not_checked_and_not_called_satisfied) {
    IGNORE_STATE;
    ananke_constraints *set = rules(quotes);
    static const char *const files[] = {"lib/a.ts", "src/gen/a.ts", "b.py"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ananke_findings *findings = ananke_check_text(files[i], "f('bad')\n", 9, set, NULL, NULL);
        assert_int_equal(ananke_findings_count(findings), 0);
        assert_int_equal(ananke_findings_summary(findings)->checked_constraints, i == 2);
        ananke_findings_free(findings);
    }
    ananke_constraints_free(set);
}

TEST(text_that_does_not_parse_says_how_much) {
    IGNORE_STATE;
    ananke_constraints *set = rules(quotes);
    ananke_error err = {0};
    ananke_findings *findings = ananke_check_text("a.ts", "let a = ;;; ]]]", 15, set, NULL, &err);
    assert_true(ananke_findings_summary(findings)->error_bytes > 0);
    ananke_findings_free(findings);
    assert_null(ananke_check_text("a.ts", "\xff", 1, set, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
    assert_null(ananke_check_text("a.cobol", "", 0, set, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    findings = ananke_check_text("a.ts", NULL, 0, set, NULL, &err);
    assert_int_equal(ananke_findings_count(findings), 0);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
}

TEST(violations_come_in_the_order_of_file_line_column) {
    IGNORE_STATE;
    char folder[32];
    const char *path = folder;
    folder_new(folder);
    folder_text(folder, "src/b.ts", "f('3');\n");
    folder_text(folder, "src/a.ts", "f('1');\nf('2');\n");
    folder_text(folder, "c.py", "def readAll(): ...\n");
    ananke_constraints *set = rules(quotes);
    ananke_findings *findings = ananke_check(&path, 1, set, NULL, NULL);
    static const char *const messages[] = {"function `readAll` is not snake_case", "'1' is not in double quotes",
                                           "'2' is not in double quotes", "'3' is not in double quotes"};
    assert_int_equal(ananke_findings_count(findings), 4);
    for (size_t i = 0; i < 4; i++) assert_string_equal(ananke_findings_get(findings, i)->message, messages[i]);
    assert_string_equal(ananke_findings_get(findings, 0)->evidence, "a rule that was written down, not mined");
    assert_int_equal(ananke_findings_summary(findings)->files, 3);
    assert_int_equal(ananke_findings_summary(findings)->checked_constraints, 2);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
    folder_free(folder);
}

TEST(a_checker_is_good_for_many_texts_and_does_not_grow) {
    IGNORE_STATE;
    ananke_constraints *set = rules(quotes);
    TextChecker checker;
    size_t used = 0;
    assert_true(ak_text_checker_open(&checker, set, NULL, NULL));
    for (int i = 0; i < 40; i++) {
        bool python = i % 2, broken = i % 5 == 4;
        Str text = broken ? STR("\xff") : python ? STR("def readAll(): ...\n") : STR("f('bad');\n");
        ananke_findings *findings = ak_text_checker_check(&checker, python ? "src/a.py" : "src/a.ts", text, NULL);
        if (broken) assert_null(findings);
        else assert_int_equal(ananke_findings_count(findings), 1);
        ananke_findings_free(findings);
        if (i == 5) used = checker.reader.arena.used + checker.reader.workers[0].arena.used;
    }
    assert_int_equal(checker.reader.arena.used + checker.reader.workers[0].arena.used, used);
    ak_text_checker_close(&checker);
    ananke_constraints_free(set);
}

TEST(a_check_of_nothing_is_an_error) {
    IGNORE_STATE;
    char folder[32];
    const char *path = folder;
    ananke_error err = {0};
    folder_new(folder);
    ananke_constraints *set = rules(quotes);
    assert_null(ananke_check(&path, 1, set, NULL, &err));
    assert_non_null(strstr(err.message, "nothing to read"));
    ananke_constraints_free(set);
    folder_free(folder);
}

TEST(a_code_base_keeps_the_rules_that_were_mined_from_it) {
    IGNORE_STATE;
    char folder[32], text[8192];
    const char *path = folder;
    size_t length = 0;
    folder_new(folder);
    for (int i = 0; i < 60; i++)
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "def read_item_%d(a: int) -> None:\n    f(\"x\")\n", i);
    folder_text(folder, "a.py", text);
    ananke_constraints *set = ananke_extract(&path, 1, NULL, NULL, NULL);
    ananke_findings *findings = ananke_check(&path, 1, set, NULL, NULL);
    assert_int_equal(ananke_findings_count(findings), 0);
    assert_int_equal(ananke_findings_summary(findings)->checked_constraints, ananke_constraints_count(set));
    assert_true(ananke_constraints_count(set) > 3);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
    folder_free(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_checked_as_if_it_were_in_the_file),
        cmocka_unit_test(what_is_out_of_scope_is_not_checked_and_not_called_satisfied),
        cmocka_unit_test(text_that_does_not_parse_says_how_much),
        cmocka_unit_test(violations_come_in_the_order_of_file_line_column),
        cmocka_unit_test(a_checker_is_good_for_many_texts_and_does_not_grow),
        cmocka_unit_test(a_check_of_nothing_is_an_error),
        cmocka_unit_test(a_code_base_keeps_the_rules_that_were_mined_from_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
