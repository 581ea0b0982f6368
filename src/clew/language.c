/* Languages: the table of grammars, and the questions that language.json answers. */
#include "clew/language.h"
#include "base/data.h"
#include "base/vec.h"
#include "model/glob.h"
#include <stdio.h>

enum { PATH_LENGTH_MAX = 256 };

const TSLanguage *tree_sitter_python(void);
const TSLanguage *tree_sitter_tsx(void);
const TSLanguage *tree_sitter_typescript(void);

static const struct {
    const char *name;
    const TSLanguage *(*make)(void);
} grammars[] = {
    {"python", tree_sitter_python},
    {"tsx", tree_sitter_tsx},
    {"typescript", tree_sitter_typescript},
};

static bool read_grammar(Grammar *self, Arena *arena, yyjson_val *json, const char *file, ananke_error *err) {
    yyjson_val *endings = yyjson_obj_get(json, "extensions"), *item;
    Str *extensions = ak_new_array(arena, Str, yyjson_arr_size(endings));
    if (!extensions) return ak_fail_memory(err, arena);
    size_t i, count;
    yyjson_arr_foreach(endings, i, count, item) extensions[i] = ak_json_str(item);
    *self = (Grammar){.name = ak_json_str(yyjson_obj_get(json, "name")),
                      .extensions = extensions,
                      .extension_count = count,
                      .facts = ak_json_str(yyjson_obj_get(json, "facts"))};
    for (i = 0; i < sizeof grammars / sizeof *grammars; i++) {
        if (ak_str_equal(self->name, ak_str(grammars[i].name))) self->make = grammars[i].make;
    }
    if (self->make) return true;
    ak_fail(err, ANANKE_ERROR_SYNTAX, "no grammar is called %.*s", STR_ARGS(self->name));
    return ak_fail_in(err, file);
}

static bool read_language(Language *self, Arena *arena, const DataFile *file, ananke_error *err) {
    yyjson_doc *doc = ak_json_parse(arena, (Str){file->data, file->length}, file->path, err);
    if (!doc) return false;
    yyjson_val *json = yyjson_doc_get_root(doc), *list = yyjson_obj_get(json, "grammars"), *item;
    Grammar *items = ak_new_array(arena, Grammar, yyjson_arr_size(list));
    if (!items) return ak_fail_memory(err, arena);
    size_t i, count;
    yyjson_arr_foreach(list, i, count, item) {
        if (!read_grammar(&items[i], arena, item, file->path, err)) return false;
    }
    *self = (Language){.name = ak_json_str(yyjson_obj_get(json, "name")),
                       .title = ak_json_str(yyjson_obj_get(json, "title")),
                       .grammars = items,
                       .grammar_count = count,
                       .json = json};
    return true;
}

/* {NULL, 0}: nothing is extracted from the language. */
static Str facts_beside(const char *path) {
    char facts[PATH_LENGTH_MAX];
    Str folder = ak_str_slice(ak_str(path), 0, strlen(path) - strlen("language.json"));
    int length = snprintf(facts, sizeof facts, "%.*sfacts.scm", STR_ARGS(folder));
    return length > 0 && (size_t)length < sizeof facts ? ak_data(facts) : (Str){0};
}

bool ak_languages_load(Languages *languages, Arena *arena, ananke_error *err) {
    VEC(Language) items = {0};
    for (size_t i = ak_data_first("languages/"); i < ak_data_file_count; i++) {
        Str path = ak_str(ak_data_files[i].path);
        Language language;
        if (!ak_str_starts(path, STR("languages/"))) break;
        if (!ak_str_ends(path, STR("/language.json"))) continue;
        Str facts = facts_beside(ak_data_files[i].path);
        if (!facts.data) continue;
        if (!read_language(&language, arena, &ak_data_files[i], err)) return false;
        language.facts = facts;
        if (!ak_vec_push(arena, &items, language)) return ak_fail_memory(err, arena);
    }
    *languages = (Languages){items.items, items.count};
    return true;
}

const Language *ak_language_find(const Languages *languages, Str name) {
    for (size_t i = 0; i < languages->count; i++) {
        if (ak_str_equal(languages->items[i].name, name)) return &languages->items[i];
    }
    return NULL;
}

static bool reads(const Grammar *grammar, Str path) {
    for (size_t i = 0; i < grammar->extension_count; i++) {
        if (ak_str_ends(path, grammar->extensions[i])) return true;
    }
    return false;
}

const Grammar *ak_language_grammar(const Languages *languages, Str path, const Language **language) {
    for (size_t i = 0; i < languages->count; i++) {
        const Language *it = &languages->items[i];
        for (size_t g = 0; g < it->grammar_count; g++) {
            if (reads(&it->grammars[g], path)) return *language = it, &it->grammars[g];
        }
    }
    return NULL;
}

bool ak_language_lists(const Language *language, const char *key, Str path) {
    size_t i, count;
    yyjson_val *glob;
    yyjson_arr_foreach(yyjson_obj_get(language->json, key), i, count, glob) {
        if (ak_glob_matches(ak_json_str(glob), path)) return true;
    }
    return false;
}

bool ak_language_has(const Language *language, const char *key, Str name) {
    size_t i, count;
    yyjson_val *item;
    yyjson_arr_foreach(yyjson_obj_get(language->json, key), i, count, item) {
        if (ak_str_equal(ak_json_str(item), name)) return true;
    }
    return false;
}

/* ---- Modules */

static bool starts_with_one(yyjson_val *list, Str text) {
    size_t i, count;
    yyjson_val *item;
    yyjson_arr_foreach(list, i, count, item) {
        if (ak_str_starts(text, ak_json_str(item))) return true;
    }
    return false;
}

Str ak_language_package(const Language *language, Str module) {
    yyjson_val *rules = yyjson_obj_get(language->json, "modules");
    Str separator = ak_json_str(yyjson_obj_get(rules, "separator")),
        scope = ak_json_str(yyjson_obj_get(rules, "scope"));
    size_t end = ak_str_find_byte(module, separator.data[0], 0);
    if (end != SIZE_MAX && scope.length && ak_str_starts(module, scope))
        end = ak_str_find_byte(module, separator.data[0], end + 1);
    return ak_str_slice(module, 0, end);
}

ModuleClass ak_language_module(const Language *language, Str module) {
    yyjson_val *rules = yyjson_obj_get(language->json, "modules");
    Str prefix = ak_json_str(yyjson_obj_get(rules, "standard_prefix"));
    if (starts_with_one(yyjson_obj_get(rules, "relative"), module)) return MODULE_RELATIVE;
    if (starts_with_one(yyjson_obj_get(rules, "own"), module)) return MODULE_OWN;
    if (prefix.length && ak_str_starts(module, prefix)) return MODULE_STANDARD;
    return ak_language_has(language, "standard_modules", ak_language_package(language, module)) ? MODULE_STANDARD
                                                                                                : MODULE_EXTERNAL;
}
