/* A folder for a test's files: made under /tmp, removed whole. */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void folder_new(char path[32]) {
    strcpy(path, "/tmp/ananke-clew-XXXXXX");
    assert_non_null(mkdtemp(path));
}

static inline void folder_free(const char *path) {
    char inner[512];
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        struct stat info;
        assert_true(snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) < (int)sizeof inner);
        assert_int_equal(lstat(inner, &info), 0);
        if (S_ISDIR(info.st_mode)) folder_free(inner);
        else assert_int_equal(unlink(inner), 0);
    }
    closedir(folder);
    assert_int_equal(rmdir(path), 0);
}

/* Writes FOLDER/NAME; folders in NAME are made. */
static inline void folder_write(const char *folder, const char *name, const void *data, size_t length) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *at = path + strlen(folder) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        mkdir(path, 0755);
        *at = '/';
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static inline void folder_text(const char *folder, const char *name, const char *text) {
    folder_write(folder, name, text, strlen(text));
}

#endif
