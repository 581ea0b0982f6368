/* A folder of schemas: real paths are compared, so that no link leads out of it. */
#include "mask/json_schema_folder.h"
#include "base/file.h"
#include "mask/json_schema_uri.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILE_LIMIT = 64 << 20, FOLDER_DEPTH_MAX = 16, FILE_COUNT_MAX = 20000 };

/* The real path; {NULL, 0} when nothing is there, or out of memory. */
static Str real_path(Arena *arena, const char *path) {
    char *real = realpath(path, NULL);
    Str copy = real ? ak_arena_str(arena, ak_str(real)) : (Str){0};
    free(real);
    return copy;
}

SchemaFolder *ak_schema_folder_open(Arena *arena, const char *path, ananke_error *err) {
    SchemaFolder *self = ak_new(arena, SchemaFolder);
    struct stat info;
    if (!self) return ak_fail_memory(err, arena), NULL;
    if (stat(path, &info) != 0) return ak_fail_io(err, path, errno, "cannot be opened"), NULL;
    if (!S_ISDIR(info.st_mode)) {
        ak_fail(err, ANANKE_ERROR_IO, "is a file, the folder of the schemas is wanted");
        return ak_fail_in(err, path), NULL;
    }
    *self = (SchemaFolder){.arena = arena, .path = real_path(arena, path), .files = {.arena = arena}};
    if (self->path.data) return self;
    if (ak_arena_ok(arena)) ak_fail_io(err, path, errno, "cannot be opened");
    else ak_fail_memory(err, arena);
    return NULL;
}

/* ---- Files */

static bool is_file_inside(const SchemaFolder *self, Str real) {
    struct stat info;
    size_t length = self->path.length;
    bool is_inside =
        ak_str_starts(real, self->path) &&
        (ak_str_equal(self->path, STR("/")) || ak_str_starts(ak_str_slice(real, length, real.length), STR("/")));
    return is_inside && stat(real.data, &info) == 0 && S_ISREG(info.st_mode);
}

/* The document in the file at `real`; NULL and `err` when it is none. */
static yyjson_val *read_file(SchemaFolder *self, Str real, ananke_error *err) {
    bool is_new = false;
    uint64_t *slot = ak_map_put(&self->files, real, &is_new);
    if (!slot) return ak_fail_memory(err, self->arena), NULL;
    if (*slot) return (yyjson_val *)(uintptr_t)*slot;
    Str text = ak_file_read(self->arena, real.data, FILE_LIMIT, err);
    yyjson_doc *doc = text.data ? ak_json_parse_raw(self->arena, text, real.data, err) : NULL;
    if (doc) *slot = (uint64_t)(uintptr_t)yyjson_doc_get_root(doc);
    return doc ? yyjson_doc_get_root(doc) : NULL;
}

/* Is every segment a name? */
static bool is_plain(Str path) {
    if (!path.length || memchr(path.data, '\0', path.length)) return false;
    for (Str rest = path, segment; ak_str_split(&rest, '/', &segment);) {
        if (ak_str_equal(segment, STR("..")) || ak_str_equal(segment, STR("."))) return false;
    }
    return true;
}

bool ak_schema_folder_file(SchemaFolder *self, Str path, yyjson_val **root, ananke_error *err) {
    Str plain = ak_uri_unescape(self->arena, path);
    if (!plain.data) return ak_fail_memory(err, self->arena);
    if (!is_plain(plain)) return true;
    Str whole = ak_arena_format(self->arena, "%s/%.*s", self->path.data, STR_ARGS(plain));
    Str real = whole.data ? real_path(self->arena, whole.data) : whole;
    if (!ak_arena_ok(self->arena)) return ak_fail_memory(err, self->arena);
    if (!real.data || !is_file_inside(self, real)) return true;
    *root = read_file(self, real, err);
    return *root != NULL;
}

/* ---- All files */

typedef VEC(Str) Paths;

static int by_bytes(const void *left, const void *right) {
    return ak_str_compare(*(const Str *)left, *(const Str *)right);
}

/* Appends the paths of what is in the folder at `path`, but for links and what is hidden; a folder that cannot be read is empty. */
static bool list(SchemaFolder *self, Str path, Paths *files, Paths *folders) {
    DIR *folder = opendir(path.data);
    bool ok = true;
    for (struct dirent *entry; ok && folder && (entry = readdir(folder)) != NULL;) {
        struct stat info;
        Str inner = ak_arena_format(self->arena, "%s/%s", path.data, entry->d_name);
        if (!inner.data) ok = false;
        else if (entry->d_name[0] == '.' || lstat(inner.data, &info) != 0) continue;
        else if (S_ISDIR(info.st_mode)) ok = ak_vec_push(self->arena, folders, inner);
        else if (S_ISREG(info.st_mode) && ak_str_ends(inner, STR(".json"))) ok = ak_vec_push(self->arena, files, inner);
    }
    if (folder) closedir(folder);
    return ok;
}

/* All files, level by level. */
static bool list_all(SchemaFolder *self, Paths *files) {
    Paths level = {0};
    if (!ak_vec_push(self->arena, &level, self->path)) return false;
    for (int depth = 0; depth < FOLDER_DEPTH_MAX && level.count && files->count < FILE_COUNT_MAX; depth++) {
        Paths next = {0};
        for (size_t i = 0; i < level.count; i++) {
            if (!list(self, level.items[i], files, &next)) return false;
        }
        level = next;
    }
    if (files->count) qsort(files->items, files->count, sizeof *files->items, by_bytes);
    return true;
}

bool ak_schema_folder_all(SchemaFolder *self, SchemaFiles *files, ananke_error *err) {
    Paths paths = {0};
    bool ok = list_all(self, &paths);
    for (size_t i = 0; ok && i < paths.count; i++) {
        ananke_error ignored = {0};
        yyjson_val *root = read_file(self, paths.items[i], &ignored);
        ok = root ? ak_vec_push(self->arena, files, root) : ak_arena_ok(self->arena);
    }
    return ok || ak_fail_memory(err, self->arena);
}
