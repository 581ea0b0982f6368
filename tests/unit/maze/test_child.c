/* Child processes: what they get, how their ends are told, and that a cancelled one is gone. */
#include "../test.h"
#include "base/file.h"
#include "maze/child.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char log_path[] = "/tmp/ananke-test-XXXXXX";

static bool run(const char *script, const ananke_context *context, ananke_error *err) {
    const char *arguments[] = {"sh", "-c", script, NULL};
    const char *variables[] = {"ANANKE_TEST_WORD=two words", NULL};
    return ak_child_run(&(Child){.arguments = arguments, .variables = variables, .log_path = log_path}, context, err);
}

static bool log_is(const char *text) {
    Arena arena = ak_arena(NULL);
    bool same = ak_str_equal(ak_file_read(&arena, log_path, 0, NULL), ak_str(text));
    ak_arena_free(&arena);
    return same;
}

TEST(both_outputs_go_to_the_log_and_the_input_is_empty) {
    IGNORE_STATE;
    assert_true(run("echo out; echo err >&2; cat; echo \"$ANANKE_TEST_WORD\"", NULL, NULL));
    assert_true(log_is("out\nerr\ntwo words\n"));
}

TEST(variables_replace_those_of_the_caller) {
    IGNORE_STATE;
    setenv("ANANKE_TEST_WORD", "old", 1);
    setenv("ANANKE_TEST_WORD_LONGER", "kept", 1);
    assert_true(run("echo \"$ANANKE_TEST_WORD,$ANANKE_TEST_WORD_LONGER\"", NULL, NULL));
    assert_true(log_is("two words,kept\n"));
}

TEST(a_failure_is_told_with_the_last_words) {
    IGNORE_STATE;
    ananke_error err = {0};
    assert_false(run("echo first; echo 'the reason'; echo; exit 3", NULL, &err));
    assert_string_equal(err.message, "sh: the reason");
    assert_false(run("exit 3", NULL, &err));
    assert_string_equal(err.message, "sh failed and said nothing");
    assert_false(run("kill -KILL $$", NULL, &err));
    assert_string_equal(err.message, "sh was ended by signal 9");
}

TEST(a_missing_program_is_named) {
    IGNORE_STATE;
    ananke_error err = {0};
    const char *arguments[] = {"ananke-no-such-program", NULL};
    assert_false(ak_child_run(&(Child){.arguments = arguments, .log_path = log_path}, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_string_equal(err.message, "ananke-no-such-program is not installed");
}

static bool third_time(void *data) {
    int *asked = data;
    return ++*asked >= 3;
}

/* The child writes its number; after the call no process has it. */
TEST(a_cancelled_child_is_gone) {
    IGNORE_STATE;
    int asked = 0;
    ananke_error err = {0};
    ananke_context context = {.cancelled = third_time, .cancelled_data = &asked};
    assert_false(run("echo $$; exec sleep 600", &context, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
    Arena arena = ak_arena(NULL);
    long pid = strtol(ak_file_read(&arena, log_path, 0, NULL).data, NULL, 10);
    ak_arena_free(&arena);
    assert_true(pid > 1);
    assert_int_equal(kill((pid_t)pid, 0), -1);
}

static int start(void **state) {
    IGNORE_STATE;
    int fd = mkstemp(log_path);
    return fd >= 0 ? close(fd) : -1;
}

static int stop(void **state) {
    IGNORE_STATE;
    return unlink(log_path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_outputs_go_to_the_log_and_the_input_is_empty),
        cmocka_unit_test(variables_replace_those_of_the_caller),
        cmocka_unit_test(a_failure_is_told_with_the_last_words),
        cmocka_unit_test(a_missing_program_is_named),
        cmocka_unit_test(a_cancelled_child_is_gone),
    };
    return cmocka_run_group_tests_name("child", tests, start, stop);
}
