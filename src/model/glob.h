/* Globs over paths, as scopes of constraints and .gitignore use them.
 *
 * `?` is any byte but `/`, `*` any run of them, `[a-z]` and `[!a-z]` one of a set; `**` between slashes (or at an end) is any number of folders, none
 * included. All else stands for itself. The whole path must match; `**` in front makes a pattern float: `**`, slash, `tests`, slash, `**` is any path through a folder
 * tests. Matching takes time proportional to pattern × path. */
#ifndef AK_MODEL_GLOB_H
#define AK_MODEL_GLOB_H

#include "base/str.h"

bool ak_glob_matches(Str glob, Str path);

/* The rules of a .gitignore file's text for a path relative to its folder: the last pattern that matches decides, `!` takes back. */
bool ak_glob_ignores(Str gitignore, Str path, bool is_folder);

#endif
