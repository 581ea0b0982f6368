/* Folders by one recursive visit, bounded in depth; each entry is looked at with lstat, so that a link is an entry and not a way. */
#include "maze/folder.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 32 };

typedef void Visit(const char *path, const struct stat *info, void *data);

/* Calls `visit` for every entry below `path`, a folder after what is in it. */
static void walk(const char *path, int depth, Visit *visit, void *data) {
    DIR *folder = depth > 0 ? opendir(path) : NULL;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char child[PATH_MAX];
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if ((size_t)snprintf(child, sizeof child, "%s/%s", path, entry->d_name) >= sizeof child) continue;
        if (lstat(child, &info) != 0) continue;
        if (S_ISDIR(info.st_mode)) walk(child, depth - 1, visit, data);
        visit(child, &info, data);
    }
    if (folder) closedir(folder);
}

static void add_bytes(const char *path, const struct stat *info, void *data) {
    uint64_t *sum = data;
    (void)path;
    if (S_ISREG(info->st_mode)) *sum += (uint64_t)info->st_size;
}

static void remove_one(const char *path, const struct stat *info, void *data) {
    (void)data;
    if (S_ISDIR(info->st_mode)) rmdir(path);
    else unlink(path);
}

uint64_t ak_folder_bytes(const char *path) {
    uint64_t sum = 0;
    walk(path, MAX_DEPTH, add_bytes, &sum);
    return sum;
}

void ak_folder_remove(const char *path) {
    walk(path, MAX_DEPTH, remove_one, NULL);
    rmdir(path);
}

static bool make_one(const char *path, ananke_error *err) {
    return mkdir(path, 0777) == 0 || errno == EEXIST || ak_fail_io(err, path, errno, "the folder cannot be made");
}

bool ak_folder_make(const char *path, ananke_error *err) {
    char part[PATH_MAX];
    if ((size_t)snprintf(part, sizeof part, "%s", path) >= sizeof part)
        return ak_fail_io(err, path, ENAMETOOLONG, "the folder cannot be made");
    for (char *at = part + 1; *at; at++) {
        if (*at != '/') continue;
        *at = '\0';
        if (!make_one(part, err)) return false;
        *at = '/';
    }
    return make_one(part, err);
}
