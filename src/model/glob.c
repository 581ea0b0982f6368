/* Globs: one pass with two places to come back to, the last `*` and the last `**`. A `*` gives up at a slash and leaves the rest to the `**`, which moves
 * on by whole folders; neither ever needs an older place, because what stood before the last `**` has matched for good. */
#include "model/glob.h"

/* A set `[…]` at glob[at]: is `byte` in it? `*end` is behind the set. An unclosed set stands for itself. */
static bool in_set(Str glob, size_t at, unsigned char byte, size_t *end) {
    size_t i = at + 1;
    bool negated = i < glob.length && (glob.data[i] == '!' || glob.data[i] == '^'), found = false;
    if (negated) i++;
    for (size_t first = i; i < glob.length && (glob.data[i] != ']' || i == first); i++) {
        unsigned char low = (unsigned char)glob.data[i], high = low;
        if (i + 2 < glob.length && glob.data[i + 1] == '-' && glob.data[i + 2] != ']')
            high = (unsigned char)glob.data[i + 2], i += 2;
        found = found || (low <= byte && byte <= high);
    }
    *end = i + 1;
    if (i >= glob.length) return *end = at + 1, byte == '[';
    return found != negated && byte != '/';
}

static bool is_globstar(Str glob, size_t at) {
    return ak_str_starts(ak_str_slice(glob, at, glob.length), STR("**")) && (at == 0 || glob.data[at - 1] == '/') &&
           (at + 2 == glob.length || glob.data[at + 2] == '/');
}

/* Does glob[at] match one byte of the path? `*next` is the place in the glob behind it. */
static bool one(Str glob, size_t at, char byte, size_t *next) {
    *next = at + 1;
    if (at >= glob.length) return false;
    if (glob.data[at] == '?') return byte != '/';
    if (glob.data[at] == '[') return in_set(glob, at, (unsigned char)byte, next);
    return glob.data[at] == byte;
}

bool ak_glob_matches(Str glob, Str path) {
    size_t g = 0, p = 0, next;
    size_t star_glob = 0, star_path = 0, deep_glob = 0, deep_path = 0;
    bool star = false, deep = false;
    while (p < path.length) {
        if (g < glob.length && is_globstar(glob, g)) {
            if (g + 2 == glob.length) return true;
            deep = true, star = false;
            deep_glob = g += 3, deep_path = p;
        } else if (g < glob.length && glob.data[g] == '*') {
            star = true;
            star_glob = ++g, star_path = p;
        } else if (one(glob, g, path.data[p], &next)) {
            g = next, p++;
        } else if (star && path.data[star_path] != '/') {
            g = star_glob, p = ++star_path;
        } else if (deep) {
            size_t slash = ak_str_find_byte(path, '/', deep_path);
            if (slash == SIZE_MAX) return false;
            star = false;
            g = deep_glob, p = deep_path = slash + 1;
        } else {
            return false;
        }
    }
    while (g < glob.length && glob.data[g] == '*') g++;
    return g == glob.length;
}

static Str base_name(Str path) {
    size_t at = path.length;
    while (at > 0 && path.data[at - 1] != '/') at--;
    return ak_str_slice(path, at, path.length);
}

/* One line of a .gitignore, without its `!`. */
static bool line_matches(Str line, Str path, bool is_folder) {
    if (ak_str_ends(line, STR("/"))) {
        if (!is_folder) return false;
        line.length--;
    }
    bool anchored = ak_str_find_byte(line, '/', 0) != SIZE_MAX;
    if (ak_str_starts(line, STR("/"))) line = ak_str_slice(line, 1, line.length);
    return line.length && ak_glob_matches(line, anchored ? path : base_name(path));
}

bool ak_glob_ignores(Str gitignore, Str path, bool is_folder) {
    bool ignored = false;
    Str line;
    while (ak_str_split(&gitignore, '\n', &line)) {
        line = ak_str_trim(line);
        if (line.length == 0 || line.data[0] == '#') continue;
        bool back = line.data[0] == '!';
        if (back) line = ak_str_slice(line, 1, line.length);
        if (ignored == back && line_matches(line, path, is_folder)) ignored = !back;
    }
    return ignored;
}
