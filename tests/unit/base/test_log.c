/* Logging: levels, both forms, hostile messages. */
#include "../test.h"
#include "base/log.h"
#include <yyjson.h>

static void keep(void *data, const ananke_log_record *record) {
    ananke_log_format(record, true, data, 2048);
}

TEST(json_lines_hold_any_message) {
    IGNORE_STATE;
    char line[2048] = "";
    ananke_context context = {.log = keep, .log_data = line, .log_level = ANANKE_LOG_INFO, .trace_id = "t-1"};
    ak_log(&context, ANANKE_LOG_WARNING, "clew", "{\"files\":3}", "skipped \"%s\"\n\x01", "a\\b");
    yyjson_doc *doc = yyjson_read(line, strlen(line), 0);
    assert_non_null(doc);
    yyjson_val *root = yyjson_doc_get_root(doc);
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "level")), "warning");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "message")), "skipped \"a\\b\"\n\x01");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "trace_id")), "t-1");
    assert_int_equal(yyjson_get_int(yyjson_ptr_get(root, "/fields/files")), 3);
    assert_true(yyjson_get_sint(yyjson_obj_get(root, "time_us")) > INT64_C(1600000000000000));
    yyjson_doc_free(doc);
}

TEST(records_above_the_level_are_not_made) {
    IGNORE_STATE;
    char line[2048] = "";
    ananke_context context = {.log = keep, .log_data = line, .log_level = ANANKE_LOG_WARNING};
    ak_log(&context, ANANKE_LOG_INFO, "clew", NULL, "quiet");
    ak_log(NULL, ANANKE_LOG_ERROR, "clew", NULL, "nobody listens");
    assert_string_equal(line, "");
}

TEST(text_form_is_one_line) {
    IGNORE_STATE;
    ananke_log_record record = {ANANKE_LOG_INFO, "maze", "loaded", "{\"ms\":12}", "", 0};
    char line[256];
    ananke_log_format(&record, false, line, sizeof line);
    assert_string_equal(line, "info maze: loaded {\"ms\":12}");
}

static void keep_progress(void *data, const ananke_progress *progress) {
    *(ananke_progress *)data = *progress;
}

TEST(progress_reaches_its_sink) {
    IGNORE_STATE;
    ananke_progress seen = {0};
    ananke_context context = {.progress = keep_progress, .progress_data = &seen};
    ak_progress(&context, "parse", 3, 10);
    ak_progress(NULL, "parse", 4, 10);
    assert_string_equal(seen.stage, "parse");
    assert_int_equal(seen.done, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_lines_hold_any_message),
        cmocka_unit_test(records_above_the_level_are_not_made),
        cmocka_unit_test(text_form_is_one_line),
        cmocka_unit_test(progress_reaches_its_sink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
