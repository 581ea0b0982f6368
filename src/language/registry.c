/* The registry of languages: the folders under languages/ that hold a grammar of their own name. */
#include "language/registry.h"
#include "base/data.h"
#include <stdio.h>
#include <stdlib.h>

enum { NAME_MAX_LENGTH = 64, LANGUAGES_SHOWN = 64 };

/* "typescript" of "languages/typescript/typescript.lark"; empty for every other path. */
static Str grammar_owner(const char *path) {
    Str rest = ak_str(path), root = STR("languages/"), ending = STR(".lark");
    if (!ak_str_starts(rest, root) || !ak_str_ends(rest, ending)) return (Str){0};
    Str name = ak_str_slice(rest, root.length, ak_str_find_byte(rest, '/', root.length));
    Str file = ak_str_slice(rest, root.length + name.length + 1, rest.length - ending.length);
    return ak_str_equal(name, file) ? name : (Str){0};
}

Str ak_registry_grammar(Str name) {
    char path[2 * NAME_MAX_LENGTH + 32];
    if (name.length == 0 || name.length > NAME_MAX_LENGTH) return (Str){0};
    snprintf(path, sizeof path, "languages/%.*s/%.*s.lark", STR_ARGS(name), STR_ARGS(name));
    return ak_data(path);
}

size_t ak_registry_names(Str *names, size_t capacity) {
    size_t count = 0;
    for (size_t i = ak_data_first("languages/"); i < ak_data_file_count; i++) {
        if (!ak_str_starts(ak_str(ak_data_files[i].path), STR("languages/"))) break;
        Str name = grammar_owner(ak_data_files[i].path);
        if (!name.length) continue;
        if (count < capacity) names[count] = name;
        count++;
    }
    return count;
}

/* "tsx" of "languages/typescript/tsx.pack". */
static Str pack_name(const char *path) {
    const char *name = strrchr(path, '/') + 1;
    return (Str){name, strlen(name) - strlen(".pack")};
}

Str ak_registry_pack(Str name) {
    for (size_t i = 0; i < ak_pack_file_count; i++) {
        if (ak_str_equal(pack_name(ak_pack_files[i].path), name))
            return (Str){ak_pack_files[i].data, ak_pack_files[i].length};
    }
    return (Str){0};
}

size_t ak_registry_packs(Str *names, size_t capacity) {
    for (size_t i = 0; i < ak_pack_file_count && i < capacity; i++) names[i] = pack_name(ak_pack_files[i].path);
    return ak_pack_file_count;
}

/* Adds the packs of languages that are not among the names yet. */
static size_t add_packs(Str *names, size_t count) {
    Str packs[LANGUAGES_SHOWN];
    size_t pack_count = ak_registry_packs(packs, LANGUAGES_SHOWN);
    for (size_t p = 0; p < pack_count && p < LANGUAGES_SHOWN && count < LANGUAGES_SHOWN; p++) {
        bool is_known = false;
        for (size_t i = 0; i < count && !is_known; i++) is_known = ak_str_equal(names[i], packs[p]);
        if (!is_known) names[count++] = packs[p];
    }
    return count;
}

static int compare_names(const void *a, const void *b) {
    return ak_str_compare(*(const Str *)a, *(const Str *)b);
}

bool ak_registry_unknown(Str name, bool with_packs, ananke_error *err) {
    Str names[LANGUAGES_SHOWN];
    size_t count = ak_registry_names(names, LANGUAGES_SHOWN);
    if (count > LANGUAGES_SHOWN) count = LANGUAGES_SHOWN;
    if (with_packs) count = add_packs(names, count);
    qsort(names, count, sizeof *names, compare_names);
    char list[200] = "";
    size_t used = 0;
    for (size_t i = 0; i < count && used < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.*s", i ? ", " : "", STR_ARGS(names[i]));
    }
    ak_fail(err, ANANKE_ERROR_USAGE, "there is no grammar for the language `%.*s`", STR_ARGS(name));
    Str near = ak_str_nearest(name, names, count);
    if (near.length) return ak_hint(err, "did you mean `%.*s`?", STR_ARGS(near));
    return ak_hint(err, "languages with a grammar: %s", list);
}
