/* Files: read whole with a limit, mapped, written whole by rename. */
#include "base/file.h"
#include <ananke/file.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads until the end: a file may be shorter or longer than its stat said. */
static Str read_all(Arena *arena, int fd, size_t expected, size_t limit, const char *path, ananke_error *err) {
    size_t capacity = expected + 1, length = 0;
    char *data = ak_arena_alloc(arena, capacity + 1, 1);
    while (data) {
        ssize_t got = read(fd, data + length, capacity - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return ak_fail_io(err, path, errno, "cannot be read"), (Str){0};
        if (got == 0) return data[length] = '\0', (Str){data, length};
        length += (size_t)got;
        if (limit && length > limit) break;
        if (length < capacity) continue;
        data = ak_arena_grow(arena, data, capacity + 1, capacity * 2 + 1, 1);
        capacity *= 2;
    }
    if (!data) ak_fail_memory(err, arena), ak_fail_in(err, path);
    else
        ak_fail(err, ANANKE_ERROR_LIMIT, "the file grew beyond %zu bytes while it was read", limit),
            ak_fail_in(err, path);
    return (Str){0};
}

Str ak_file_read(Arena *arena, const char *path, size_t limit, ananke_error *err) {
    Str content = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return ak_fail_io(err, path, errno, "cannot be opened"), content;
    struct stat info;
    if (fstat(fd, &info) != 0) {
        ak_fail_io(err, path, errno, "cannot be read");
    } else if (S_ISDIR(info.st_mode)) {
        ak_fail(err, ANANKE_ERROR_IO, "is a folder, a file is wanted"), ak_fail_in(err, path);
    } else if (!S_ISREG(info.st_mode)) {
        ak_fail(err, ANANKE_ERROR_IO, "is not a regular file"), ak_fail_in(err, path);
    } else if (limit && (uint64_t)info.st_size > limit) {
        ak_fail(err, ANANKE_ERROR_LIMIT, "has %lld bytes, more than the %zu that are read", (long long)info.st_size,
                limit),
            ak_fail_in(err, path);
    } else {
        content = read_all(arena, fd, (size_t)info.st_size, limit, path, err);
    }
    close(fd);
    return content;
}

bool ak_file_map(FileMap *map, const char *path, ananke_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return ak_fail_io(err, path, errno, "cannot be opened");
    struct stat info;
    void *memory = MAP_FAILED;
    bool is_file = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
    if (is_file) memory = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    int problem = errno;
    close(fd);
    if (memory != MAP_FAILED) return map->content = (Str){memory, (size_t)info.st_size}, true;
    if (is_file) return ak_fail_io(err, path, problem, "cannot be mapped");
    ak_fail(err, ANANKE_ERROR_SYNTAX, "is empty or not a regular file");
    return ak_fail_in(err, path);
}

void ak_file_unmap(FileMap *map) {
    /* munmap takes what mmap gave; it was never written to. */
    if (map->content.length) munmap((void *)(uintptr_t)map->content.data, map->content.length);
    *map = (FileMap){0};
}

static bool write_all(int fd, Str content) {
    while (content.length) {
        ssize_t put = write(fd, content.data, content.length);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        content = ak_str_slice(content, (size_t)put, content.length);
    }
    return true;
}

/* mkstemp gives 0600; a file that a user writes follows the umask as any other. */
static mode_t wanted_mode(const char *path) {
    struct stat old;
    if (stat(path, &old) == 0) return old.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

bool ak_file_write(const char *path, Str content, ananke_error *err) {
    struct stat old;
    if (stat(path, &old) == 0 && !S_ISREG(old.st_mode)) {
        /* A device or pipe (/dev/stdout) cannot be replaced by renaming: it is written as it is. */
        int device = open(path, O_WRONLY | O_CLOEXEC);
        if (device < 0) return ak_fail_io(err, path, errno, "cannot be written");
        bool done = write_all(device, content);
        int problem = errno;
        close(device);
        return done || ak_fail_io(err, path, problem, "cannot be written");
    }
    char beside[4096];
    if ((size_t)snprintf(beside, sizeof beside, "%s.XXXXXX", path) >= sizeof beside)
        return ak_fail_io(err, path, ENAMETOOLONG, "cannot be written");
    int fd = mkstemp(beside);
    if (fd < 0) return ak_fail_io(err, path, errno, "cannot be written");
    bool done = write_all(fd, content) && fchmod(fd, wanted_mode(path)) == 0;
    int problem = errno;
    if (close(fd) != 0 && done) done = false, problem = errno;
    if (done && rename(beside, path) == 0) return true;
    if (done) problem = errno;
    unlink(beside);
    return ak_fail_io(err, path, problem, "cannot be written");
}

bool ananke_file_write(const char *path, const char *text, size_t length, ananke_error *err) {
    return ak_file_write(path, (Str){text, length}, err);
}

/* The text is read into an arena and copied out of it: what the caller frees with ananke_text_free is a plain allocation. */
char *ananke_file_read(const char *path, size_t limit, size_t *length, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Str content = ak_file_read(&arena, path, limit, err);
    char *text = content.data ? malloc(content.length + 1) : NULL;
    if (text) memcpy(text, content.data, content.length + 1);
    else if (content.data) ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    if (text && length) *length = content.length;
    ak_arena_free(&arena);
    return text;
}
