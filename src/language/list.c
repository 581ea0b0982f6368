/* The list of languages for people and shells: the folders under languages/, told from the embedded files' paths. What a folder holds says what the
 * language can do: facts.scm that code can be extracted from it, NAME.lark that it can be generated, and the packs are for reading it in full. */
#include "base/data.h"
#include "base/json.h"
#include "syntax/pack.h"
#include <ananke/language.h>
#include <stdio.h>

enum { PATH_MAX_LENGTH = 256 };

static bool has_file(Str name, const char *format) {
    char path[PATH_MAX_LENGTH];
    int length = snprintf(path, sizeof path, format, STR_ARGS(name), STR_ARGS(name));
    return length > 0 && (size_t)length < sizeof path && ak_data(path).data;
}

/* The folder's name in "languages/NAME/…"; empty for other paths. */
static Str folder_of(const char *path) {
    Str whole = ak_str(path), root = STR("languages/");
    if (!ak_str_starts(whole, root)) return (Str){0};
    size_t end = ak_str_find_byte(whole, '/', root.length);
    return end == SIZE_MAX ? (Str){0} : ak_str_slice(whole, root.length, end);
}

/* The files' endings: those of all its parsers. */
static bool add_endings(Arena *arena, yyjson_mut_doc *doc, yyjson_mut_val *object, Str name, ananke_error *err) {
    char path[PATH_MAX_LENGTH];
    snprintf(path, sizeof path, "languages/%.*s/language.json", STR_ARGS(name));
    yyjson_mut_val *endings = yyjson_mut_obj_add_arr(doc, object, "endings");
    Str text = ak_data(path);
    yyjson_doc *description = text.data ? ak_json_parse(arena, text, path, err) : NULL;
    if (text.data && !description) return false;
    yyjson_val *grammars = yyjson_obj_get(yyjson_doc_get_root(description), "grammars"), *grammar, *ending;
    size_t i, j, count, ending_count;
    yyjson_arr_foreach(grammars, i, count, grammar) {
        yyjson_arr_foreach(yyjson_obj_get(grammar, "extensions"), j, ending_count, ending) {
            yyjson_mut_arr_add_val(endings, yyjson_val_mut_copy(doc, ending));
        }
    }
    return ak_arena_ok(arena) || ak_fail_memory(err, arena);
}

static bool put_strings(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, const Str *texts, size_t count) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, object, key);
    for (size_t i = 0; list && i < count; i++) {
        if (!yyjson_mut_arr_add_strncpy(doc, list, texts[i].data, texts[i].length)) return false;
    }
    return list != NULL;
}

static bool put_fragments(yyjson_mut_doc *doc, yyjson_mut_val *object, const Syntax *syntax) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, object, "fragments");
    for (uint32_t i = 0; list && i < syntax->fragment_count; i++) {
        Str name = syntax->rules.items[i].name;
        if (!yyjson_mut_arr_add_strncpy(doc, list, name.data, name.length)) return false;
    }
    return list != NULL;
}

static bool put_pack(yyjson_mut_doc *doc, yyjson_mut_val *list, const Pack *pack) {
    yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, list);
    return object && ak_json_put_str(doc, object, "name", pack->about.name) &&
           put_strings(doc, object, "endings", pack->about.endings, pack->about.ending_count) &&
           put_fragments(doc, object, &pack->syntax) &&
           yyjson_mut_obj_add_uint(doc, object, "states", pack->tables.state_count) &&
           yyjson_mut_obj_add_uint(doc, object, "bytes", pack->size) &&
           put_strings(doc, object, "sources", pack->about.sources, pack->about.source_count);
}

/* Those below the language's folder. */
static bool add_packs(Arena *arena, yyjson_mut_doc *doc, yyjson_mut_val *object, Str name, ananke_error *err) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, object, "packs");
    for (size_t i = 0; list && i < ak_pack_file_count; i++) {
        DataFile file = ak_pack_files[i];
        if (!ak_str_equal(folder_of(file.path), name)) continue;
        Pack *pack = ak_pack_read((Str){file.data, file.length}, file.path, NULL, err);
        if (!pack) return false;
        bool is_put = put_pack(doc, list, pack);
        ak_pack_close(pack);
        if (!is_put) return ak_fail_memory(err, arena);
    }
    return list || ak_fail_memory(err, arena);
}

static bool add_language(Arena *arena, yyjson_mut_doc *doc, Str name, ananke_error *err) {
    yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, yyjson_mut_doc_get_root(doc));
    if (!object || !ak_json_put_str(doc, object, "name", name)) return ak_fail_memory(err, arena);
    if (!add_endings(arena, doc, object, name, err)) return false;
    if (!yyjson_mut_obj_add_bool(doc, object, "extracts", has_file(name, "languages/%.*s/facts.scm")) ||
        !yyjson_mut_obj_add_bool(doc, object, "generates", has_file(name, "languages/%.*s/%.*s.lark")))
        return ak_fail_memory(err, arena);
    return add_packs(arena, doc, object, name, err);
}

/* The table is sorted by path: a folder's files follow each other. */
static bool add_all(Arena *arena, yyjson_mut_doc *doc, ananke_error *err) {
    Str last = {0};
    for (size_t i = ak_data_first("languages/"); i < ak_data_file_count; i++) {
        Str name = folder_of(ak_data_files[i].path);
        if (!name.length) break;
        if (ak_str_equal(name, last)) continue;
        if (!add_language(arena, doc, name, err)) return false;
        last = name;
    }
    return true;
}

char *ananke_languages_text(size_t *length, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    yyjson_mut_doc *doc = ak_json_new(&arena);
    yyjson_mut_val *list = doc ? yyjson_mut_arr(doc) : NULL;
    if (list) yyjson_mut_doc_set_root(doc, list);
    char *text = NULL;
    if (!list) ak_fail_memory(err, &arena);
    else if (add_all(&arena, doc, err)) {
        text = yyjson_mut_write(doc, YYJSON_WRITE_NOFLAG, length); /* plain malloc, as ananke_text_free wants it */
        if (!text) ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    }
    ak_arena_free(&arena);
    return text;
}
