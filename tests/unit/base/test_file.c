/* Files: there and back, refusals with their words, and nothing left over when writing fails. */
#include "../test.h"
#include "base/file.h"
#include <ananke/file.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/ananke-test-XXXXXX";

static const char *in_folder(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int entries(const char *path) {
    DIR *dir = opendir(path);
    int count = 0;
    while (readdir(dir)) count++;
    closedir(dir);
    return count - 2;
}

TEST(content_goes_there_and_back) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Str content = STR("line\n\0binary\xff");
    assert_true(ak_file_write(in_folder("a"), content, NULL));
    assert_true(ak_str_equal(ak_file_read(&arena, in_folder("a"), 0, NULL), content));
    assert_true(ak_file_write(in_folder("a"), STR(""), NULL));
    Str empty = ak_file_read(&arena, in_folder("a"), 0, NULL);
    assert_non_null(empty.data);
    assert_int_equal(empty.length, 0);
    assert_int_equal(entries(folder), 1);
    ak_arena_free(&arena);
}

TEST(the_public_functions_hand_out_plain_allocations) {
    IGNORE_STATE;
    ananke_error err = {0};
    size_t length = 0;
    assert_true(ananke_file_write(in_folder("public"), "text\0more", 9, &err));
    char *text = ananke_file_read(in_folder("public"), 0, &length, &err);
    assert_non_null(text);
    assert_int_equal(length, 9);
    assert_memory_equal(text, "text\0more", 10);
    free(text);
    unlink(in_folder("public"));
    assert_null(ananke_file_read(in_folder("public"), 0, &length, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_string_equal(err.file, in_folder("public"));
}

TEST(refusals_name_the_file_and_the_reason) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    assert_null(ak_file_read(&arena, in_folder("missing"), 0, &err).data);
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_string_equal(err.file, in_folder("missing"));
    assert_null(ak_file_read(&arena, folder, 0, &err).data);
    assert_string_equal(err.message, "is a folder, a file is wanted");
    assert_null(ak_file_read(&arena, "/dev/null", 0, &err).data);
    assert_true(ak_file_write(in_folder("big"), STR("0123456789"), NULL));
    assert_null(ak_file_read(&arena, in_folder("big"), 9, &err).data);
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    assert_non_null(ak_file_read(&arena, in_folder("big"), 10, &err).data);
    ak_arena_free(&arena);
}

TEST(failed_writes_leave_nothing_over) {
    IGNORE_STATE;
    ananke_error err = {0};
    assert_false(ak_file_write(in_folder("no/such/place"), STR("x"), &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_int_equal(mkdir(in_folder("dir"), 0777), 0);
    int before = entries(folder);
    assert_false(ak_file_write(in_folder("dir"), STR("x"), &err));
    assert_int_equal(entries(folder), before);
    assert_int_equal(entries(in_folder("dir")), 0);
}

TEST(modes_follow_the_umask_and_the_old_file) {
    IGNORE_STATE;
    mode_t mask = umask(027);
    struct stat info;
    assert_true(ak_file_write(in_folder("mode"), STR("x"), NULL));
    assert_int_equal(stat(in_folder("mode"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(chmod(in_folder("mode"), 0604), 0);
    assert_true(ak_file_write(in_folder("mode"), STR("y"), NULL));
    assert_int_equal(stat(in_folder("mode"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0604);
    umask(mask);
}

TEST(a_map_has_the_content_and_says_what_cannot_be_mapped) {
    IGNORE_STATE;
    ananke_error err = {0};
    FileMap map = {0};
    ak_file_unmap(&map);
    assert_true(ak_file_write(in_folder("a"), STR("mapped"), NULL));
    assert_true(ak_file_map(&map, in_folder("a"), &err));
    assert_true(ak_str_equal(map.content, STR("mapped")));
    /* Writing makes another file: what is mapped stays. */
    assert_true(ak_file_write(in_folder("a"), STR(""), NULL));
    assert_true(ak_str_equal(map.content, STR("mapped")));
    ak_file_unmap(&map);
    assert_null(map.content.data);
    assert_false(ak_file_map(&map, in_folder("a"), &err));
    assert_string_equal(err.message, "is empty or not a regular file");
    assert_false(ak_file_map(&map, folder, &err));
    assert_false(ak_file_map(&map, in_folder("missing"), &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_string_equal(err.file, in_folder("missing"));
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state) {
    (void)state;
    const char *names[] = {"a", "big", "mode"};
    for (size_t i = 0; i < 3; i++) unlink(in_folder(names[i]));
    rmdir(in_folder("dir"));
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_goes_there_and_back),
        cmocka_unit_test(the_public_functions_hand_out_plain_allocations),
        cmocka_unit_test(refusals_name_the_file_and_the_reason),
        cmocka_unit_test(failed_writes_leave_nothing_over),
        cmocka_unit_test(modes_follow_the_umask_and_the_old_file),
        cmocka_unit_test(a_map_has_the_content_and_says_what_cannot_be_mapped),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
