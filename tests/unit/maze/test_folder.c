/* Folders: made, measured, removed; a link is never a way. */
#include "../test.h"
#include "maze/folder.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/ananke-test-XXXXXX";

static const char *in_root(const char *name) {
    static char path[2][256];
    static unsigned turn;
    char *slot = path[turn++ % 2];
    snprintf(slot, sizeof path[0], "%s/%s", root, name);
    return slot;
}

static void write_bytes(const char *path, size_t count) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++) fputc('x', file);
    fclose(file);
}

TEST(folders_are_made_with_their_parents_and_may_be_there) {
    IGNORE_STATE;
    struct stat info;
    assert_true(ak_folder_make(in_root("a/b/c"), NULL));
    assert_true(ak_folder_make(in_root("a/b/c"), NULL));
    assert_int_equal(stat(in_root("a/b/c"), &info), 0);
    assert_true(S_ISDIR(info.st_mode));
}

TEST(a_file_in_the_way_is_an_error_that_names_it) {
    IGNORE_STATE;
    ananke_error err = {0};
    write_bytes(in_root("file"), 1);
    assert_false(ak_folder_make(in_root("file/below"), &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_non_null(strstr(err.file, "/file"));
}

TEST(bytes_are_summed_and_links_are_not_followed) {
    IGNORE_STATE;
    assert_true(ak_folder_make(in_root("sum/below"), NULL));
    write_bytes(in_root("sum/one"), 10);
    write_bytes(in_root("sum/below/two"), 32);
    assert_int_equal(symlink(root, in_root("sum/loop")), 0);
    assert_int_equal(ak_folder_bytes(in_root("sum")), 42);
    assert_int_equal(ak_folder_bytes(in_root("nowhere")), 0);
}

TEST(removing_takes_links_and_not_what_they_point_to) {
    IGNORE_STATE;
    assert_true(ak_folder_make(in_root("kept"), NULL));
    write_bytes(in_root("kept/file"), 1);
    assert_true(ak_folder_make(in_root("gone/below"), NULL));
    assert_int_equal(symlink(in_root("kept"), in_root("gone/link")), 0);
    ak_folder_remove(in_root("gone"));
    assert_int_not_equal(access(in_root("gone"), F_OK), 0);
    assert_int_equal(access(in_root("kept/file"), F_OK), 0);
}

static int start(void **state) {
    IGNORE_STATE;
    return mkdtemp(root) ? 0 : -1;
}

static int stop(void **state) {
    IGNORE_STATE;
    ak_folder_remove(root);
    return access(root, F_OK) == 0 ? -1 : 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_are_made_with_their_parents_and_may_be_there),
        cmocka_unit_test(a_file_in_the_way_is_an_error_that_names_it),
        cmocka_unit_test(bytes_are_summed_and_links_are_not_followed),
        cmocka_unit_test(removing_takes_links_and_not_what_they_point_to),
    };
    return cmocka_run_group_tests_name("folder", tests, start, stop);
}
