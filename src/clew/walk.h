/* The source walk: which files of a code base are read.
 *
 * Files that are named are taken as they are. Folders are walked, in the order of the names' bytes: hidden files and folders, folders of build products
 * and dependencies (`skip_folders` of the languages), what the .gitignore at the folder's root names, and generated files are left out. A folder or file
 * that was seen already (a symlink's loop) is not read again. What should have been read and could not is counted, and logged with its reason. */
#ifndef AK_CLEW_WALK_H
#define AK_CLEW_WALK_H

#include "clew/language.h"

typedef struct SourceFile {
    Str path;     /* as it was reached, without a leading "./"; NUL-terminated */
    Str relative; /* to the folder that was walked; of a file that was named: its path. What globs are matched against */
    const Language *language;
    const Grammar *grammar;
    bool is_test;
} SourceFile;

typedef struct SourceFiles {
    const SourceFile *items;
    size_t count;
    uint64_t skipped; /* unreadable folders, loops */
} SourceFiles;

/* False and `err` when a path does not exist, is no source, or memory is out. Finding nothing is no failure. */
bool ak_walk(SourceFiles *files, Arena *arena, const Languages *languages, const char *const *paths, size_t path_count,
             const ananke_context *context, ananke_error *err);

/* Logs why `path` was left out. */
void ak_walk_log_skip(const ananke_context *context, const char *path, const char *reason);
/* The error for a walk that found nothing to read: names the paths and the endings that are known. Returns false. */
bool ak_walk_fail_empty(const Languages *languages, const char *const *paths, size_t path_count, uint64_t skipped,
                        ananke_error *err);

#endif
