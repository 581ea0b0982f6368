/* What is wrong in a constraints file: every error has its line, column and a hint, in JSON and in YAML. */
#include "../test.h"
#include "base/str.h"
#include <ananke/constraints.h>
#include <stdio.h>

/* The error as `line:column message | hint`. */
static void read_error(Str text, ananke_format format, char *buffer, size_t size) {
    ananke_error err = {0};
    ananke_constraints *set = ananke_constraints_parse(text.data, text.length, format, NULL, &err);
    snprintf(buffer, size, "%u:%u %s%s%s", err.line, err.column, err.message, err.hint[0] ? " | " : "", err.hint);
    ananke_constraints_free(set);
}

#define JSON(items) "{\"version\": 1,\n \"constraints\": [" items "]}"
#define RULE(rest) "{\"id\": \"a\", \"kind\": \"quotes\"" rest "}"

TEST(errors_in_json_have_a_place_and_a_hint) {
    IGNORE_STATE;
    static const char *const pairs[][2] = {
        {"{\"version\": 1}", "1:1 `constraints` is missing"},
        {"{\"constraints\": []}", "1:1 `version` is missing | begin with \"version\": 1"},
        {"{\"version\": 2, \"constraints\": []}", "1:13 format version 2 is newer than 1, which this program reads"},
        {"[]", "1:1 a constraints file must be an object, not array"},
        {"{\"version\": 1, \"constraint\": []}", "1:16 unknown key `constraint` | did you mean `constraints`?"},
        {"{\"version\": 1, \"version\": 1}", "1:16 the key `version` stands here twice"},
        {JSON("{}"), "2:18 a constraint has no `id`"},
        {JSON("{\"id\": \"a\"}"), "2:18 constraint `a` has no `kind`"},
        {JSON("{\"id\": \"a\", \"kind\": \"namin\"}"), "2:38 unknown kind `namin` | did you mean `naming`?"},
        {JSON("{\"id\": 3}"), "2:25 `id` must be a text, not uint"},
        {JSON("{\"id\": \"\"}"), "2:25 `id` is empty"},
        {JSON("{\"id\": \"a\\u0000b\"}"), "2:25 `id` holds a NUL character"},
        {JSON(RULE("")), "2:18 constraint `a`: kind `quotes` needs the parameter `style`"},
        {JSON(RULE(", \"parameters\": {\"style\": \"dubble\"}")),
         "2:72 `style` cannot be `dubble` | did you mean `double`?"},
        {JSON(RULE(", \"parameters\": {\"style\": 1}")), "2:72 style must be a text, not uint"},
        {JSON(RULE(", \"parameters\": {\"stile\": \"double\"}")),
         "2:63 kind `quotes` has no parameter `stile` | did you mean `style`?"},
        {JSON(RULE(", \"severity\": \"fatal\"")), "2:60 unknown severity `fatal` | known are: error, warning, info"},
        {JSON(RULE(", \"confidence\": 1.5")), "2:62 `confidence` must be a number from 0 to 1"},
        {JSON(RULE(", \"support\": -1")), "2:59 `support` must be a whole number from 0 to 2147483647"},
        {JSON(RULE(", \"scope\": {\"path\": []}")), "2:58 unknown key `path` | did you mean `paths`?"},
        {JSON(RULE(", \"scope\": {\"paths\": \"src\"}")), "2:67 `paths` must be a list of texts"},
        {JSON(RULE(", \"exceptions\": [{\"file\": \"a\", \"lin\": 1}]")),
         "2:77 unknown key `lin` | did you mean `line`?"},
        {JSON(
             "{\"id\": \"p\", \"kind\": \"naming-pattern\", \"parameters\": {\"symbol\": \"class\", \"pattern\": \"a(\"}}"),
         "2:101 `pattern` is no regular expression: missing closing parenthesis at byte 3"},
        {JSON(RULE(", \"parameters\": {\"style\": \"double\"}") ", " RULE(", \"parameters\": {\"style\": \"double\"}")),
         "2:91 two constraints have the id `a`"},
        {"{\"version\": 1,", "1:15 JSON: unexpected end of data"},
        {"{\"version\": 1, \"constraints\": [\"\xff\"]}", "1:33 byte 0xFF is not UTF-8"},
        {"", "1:1 JSON: input length is 0"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[1024];
        read_error(ak_str(pairs[i][0]), ANANKE_FORMAT_JSON, text, sizeof text);
        assert_string_equal(text, pairs[i][1]);
    }
}

TEST(errors_in_yaml_have_a_place_and_a_hint) {
    IGNORE_STATE;
    static const char *const pairs[][2] = {
        {"version: 1\nconstraints:\n  - id: a\n    kind: qoutes\n",
         "4:11 unknown kind `qoutes` | did you mean `quotes`?"},
        {"version: 1\nconstraints:\n  - id: a\n    knd: quotes\n", "4:5 unknown key `knd` | did you mean `kind`?"},
        {"version: 1\nversion: 1\n", "2:1 the key `version` stands here twice"},
        {"version: one\n", "1:10 `version` must be 1"},
        {"# \xc3\xa9\nversion: 1\nconstraints: {\xc3\xa9: 1}\n", "3:14 `constraints` must be a list, not object"},
        {"version: 1\nconstraints:\n  - &a {id: a, kind: quotes, parameters: {style: double}}\n  - *a\n",
         "4:5 two constraints have the id `a`"},
        {"", "1:1 a constraints file must be an object, not null"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[1024];
        read_error(ak_str(pairs[i][0]), ANANKE_FORMAT_YAML, text, sizeof text);
        assert_string_equal(text, pairs[i][1]);
    }
}

TEST(every_cut_of_a_good_file_is_an_error_and_no_crash) {
    IGNORE_STATE;
    static const char good[] = JSON(RULE(
        ", \"severity\": \"error\", \"language\": \"python\", \"message\": \"m\", \"parameters\": {\"style\": \"double\"}, \"scope\": {\"paths\": "
        "[\"a\"], \"exclude\": [\"b\"]}, \"confidence\": 0.95, \"support\": 40, \"exceptions\": [{\"file\": \"f\", \"line\": 1, "
        "\"column\": 2, \"text\": \"t\"}], \"exception_count\": 3, \"provenance\": {\"source\": \"mined\", \"files\": 2, "
        "\"evidence\": [{\"file\": \"f\", \"line\": 1}]}, \"priority\": -1"));
    ananke_error err = {0};
    ananke_constraints *set = ananke_constraints_parse(good, sizeof good - 1, ANANKE_FORMAT_AUTO, NULL, &err);
    if (!set) fail_msg("%u:%u %s", err.line, err.column, err.message);
    const ananke_constraint *rule = ananke_constraints_get(set, 0);
    assert_int_equal(rule->exception_count, 3);
    assert_int_equal(rule->severity, ANANKE_SEVERITY_ERROR);
    assert_string_equal(rule->parameters, "{\"style\":\"double\"}");
    assert_string_equal(rule->category, "syntactic");
    ananke_constraints_free(set);
    for (size_t length = 0; length < sizeof good - 1; length++) {
        assert_null(ananke_constraints_parse(good, length, ANANKE_FORMAT_JSON, NULL, &err));
        assert_true(err.line >= 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_in_json_have_a_place_and_a_hint),
        cmocka_unit_test(errors_in_yaml_have_a_place_and_a_hint),
        cmocka_unit_test(every_cut_of_a_good_file_is_an_error_and_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
