/* The source walk: a depth-first walk with the folders' identities (device, inode) remembered, so that no folder is entered twice. */
#include "clew/walk.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/map.h"
#include "model/glob.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 200, MAX_GITIGNORE = 1 << 20 };

typedef struct Walk {
    Arena *arena;
    const Languages *languages;
    const ananke_context *context;
    ananke_error *err;
    VEC(SourceFile) files;
    Map seen; /* identities of folders and files */
    uint64_t skipped;
    Str gitignore;      /* of the root that is walked */
    size_t root_length; /* bytes of a path before what is relative to the root */
} Walk;

typedef VEC(Str) Names;

void ak_walk_log_skip(const ananke_context *context, const char *path, const char *reason) {
    ak_log(context, ANANKE_LOG_WARNING, "clew", NULL, "skipped %s: %s", path, reason);
}

static bool skip(Walk *self, const char *path, const char *reason) {
    self->skipped++;
    ak_walk_log_skip(self->context, path, reason);
    return true;
}

static bool no_memory(Walk *self) {
    return ak_fail_memory(self->err, self->arena);
}

/* Notes the file or folder; `*again` when it was there already. */
static bool note(Walk *self, const struct stat *info, bool *again) {
    bool is_new;
    Str key =
        ak_arena_format(self->arena, "%llx:%llx", (unsigned long long)info->st_dev, (unsigned long long)info->st_ino);
    if (!key.data || !ak_map_put(&self->seen, key, &is_new)) return no_memory(self);
    *again = !is_new;
    return true;
}

static int by_bytes(const void *left, const void *right) {
    return ak_str_compare(*(const Str *)left, *(const Str *)right);
}

/* The names in a folder, sorted. `*problem` is the errno when it cannot be read. */
static bool read_names(Walk *self, const char *path, Names *names, int *problem) {
    DIR *folder = opendir(path);
    *problem = folder ? 0 : errno;
    if (!folder) return true;
    bool good = true;
    for (struct dirent *entry; good && (errno = 0, entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        Str name = ak_arena_str(self->arena, ak_str(entry->d_name));
        good = name.data && ak_vec_push(self->arena, names, name);
    }
    if (good) *problem = errno;
    closedir(folder);
    if (names->count) qsort(names->items, names->count, sizeof *names->items, by_bytes);
    return good || no_memory(self);
}

static bool is_skipped_folder(const Languages *languages, Str name) {
    for (size_t i = 0; i < languages->count; i++) {
        if (ak_language_has(&languages->items[i], "skip_folders", name)) return true;
    }
    return false;
}

static bool is_ignored(const Walk *self, Str path, bool is_folder) {
    return ak_glob_ignores(self->gitignore, ak_str_slice(path, self->root_length, path.length), is_folder);
}

static Str without_dot(Str path) {
    while (ak_str_starts(path, STR("./")) && path.length > 2) path = ak_str_slice(path, 2, path.length);
    return path;
}

static bool add_file(Walk *self, Str path, Str relative, const Language *language, const Grammar *grammar,
                     const struct stat *info) {
    bool again = false;
    if (!note(self, info, &again)) return false;
    if (again) return true;
    relative = without_dot(relative);
    SourceFile file = {without_dot(path), relative, language, grammar, ak_language_lists(language, "tests", relative)};
    return ak_vec_push(self->arena, &self->files, file) || no_memory(self);
}

/* A file that the walk came upon: silently passed over when it is no source. */
static bool visit_file(Walk *self, Str path, const struct stat *info) {
    const Language *language;
    const Grammar *grammar = ak_language_grammar(self->languages, path, &language);
    Str relative = ak_str_slice(path, self->root_length, path.length);
    if (!grammar || is_ignored(self, path, false) || ak_language_lists(language, "generated", relative)) return true;
    if (!S_ISREG(info->st_mode)) return skip(self, path.data, "is not a regular file");
    return add_file(self, path, relative, language, grammar, info);
}

static bool visit_folder(Walk *self, Str path, size_t depth);

static bool visit(Walk *self, Str folder, Str name, size_t depth) {
    bool slash = ak_str_ends(folder, STR("/"));
    Str path = ak_arena_format(self->arena, "%.*s%s%.*s", STR_ARGS(folder), slash ? "" : "/", STR_ARGS(name));
    struct stat info;
    if (!path.data) return no_memory(self);
    if (stat(path.data, &info) != 0) {
        const Language *language;
        int problem = errno;
        if (problem != ELOOP && !ak_language_grammar(self->languages, path, &language)) return true;
        return skip(self, path.data, problem == ELOOP ? "is a symlink to itself" : strerror(problem));
    }
    if (!S_ISDIR(info.st_mode)) return visit_file(self, path, &info);
    if (is_skipped_folder(self->languages, name) || is_ignored(self, path, true)) return true;
    bool again = false;
    if (!note(self, &info, &again)) return false;
    if (again) return skip(self, path.data, "leads to a folder that was read already");
    return visit_folder(self, path, depth + 1);
}

static bool visit_folder(Walk *self, Str path, size_t depth) {
    if (ak_is_cancelled(self->context, self->err)) return false;
    if (depth > MAX_DEPTH) return skip(self, path.data, "is nested too deeply");
    Names names = {0};
    int problem;
    if (!read_names(self, path.data, &names, &problem)) return false;
    if (problem) skip(self, path.data, strerror(problem));
    for (size_t i = 0; i < names.count; i++) {
        if (!visit(self, path, names.items[i], depth)) return false;
    }
    return true;
}

static bool read_gitignore(Walk *self, Str root) {
    Str path = ak_arena_format(self->arena, "%.*s/.gitignore", STR_ARGS(root));
    struct stat info;
    self->gitignore = (Str){0};
    if (!path.data) return no_memory(self);
    if (stat(path.data, &info) != 0 || !S_ISREG(info.st_mode)) return true;
    self->gitignore = ak_file_read(self->arena, path.data, MAX_GITIGNORE, NULL);
    return ak_arena_ok(self->arena) || no_memory(self);
}

static bool visit_root(Walk *self, const char *root) {
    struct stat info;
    bool again = false;
    Str path = ak_arena_str(self->arena, ak_str(root));
    if (!path.data) return no_memory(self);
    if (stat(root, &info) != 0) return ak_fail_io(self->err, root, errno, "cannot be read");
    if (S_ISDIR(info.st_mode)) {
        while (path.length > 1 && ak_str_ends(path, STR("/"))) path.length--;
        self->root_length = path.length + !ak_str_ends(path, STR("/"));
        return note(self, &info, &again) && (again || (read_gitignore(self, path) && visit_folder(self, path, 0)));
    }
    const Language *language;
    const Grammar *grammar = ak_language_grammar(self->languages, path, &language);
    if (grammar) return add_file(self, path, path, language, grammar, &info);
    ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "no language is known for a file of this name");
    return ak_fail_in(self->err, root);
}

bool ak_walk(SourceFiles *files, Arena *arena, const Languages *languages, const char *const *paths, size_t path_count,
             const ananke_context *context, ananke_error *err) {
    Walk self = {.arena = arena, .languages = languages, .context = context, .err = err, .seen = {.arena = arena}};
    for (size_t i = 0; i < path_count; i++) {
        if (!visit_root(&self, paths[i])) return false;
    }
    *files = (SourceFiles){self.files.items, self.files.count, self.skipped};
    return true;
}

bool ak_walk_fail_empty(const Languages *languages, const char *const *paths, size_t path_count, uint64_t skipped,
                        ananke_error *err) {
    char endings[256];
    size_t length = 0;
    endings[0] = '\0';
    for (size_t i = 0; i < languages->count; i++) {
        for (size_t g = 0; g < languages->items[i].grammar_count; g++) {
            const Grammar *grammar = &languages->items[i].grammars[g];
            for (size_t e = 0; e < grammar->extension_count && length < sizeof endings; e++) {
                length += (size_t)snprintf(endings + length, sizeof endings - length, "%s%.*s", length ? ", " : "",
                                           STR_ARGS(grammar->extensions[e]));
            }
        }
    }
    if (path_count == 0) ak_fail(err, ANANKE_ERROR_USAGE, "nothing to read: no path was given");
    else if (skipped)
        ak_fail(err, ANANKE_ERROR_IO, "nothing to read: %llu skipped (-v says why)", (unsigned long long)skipped);
    else
        ak_fail(err, ANANKE_ERROR_IO, "nothing to read: no source file in %s%s",
                path_count > 1 ? "these folders, the first of them " : "", paths[0]);
    return ak_hint(
        err,
        "files are known by their endings: %s; hidden folders, dependencies, generated files such as .d.ts and what .gitignore names are left out",
        endings);
}
