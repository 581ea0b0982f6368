/* Constraint sets: made from text or from a document, merged, printed, saved. */
#include "model/constraint_set.h"
#include "base/file.h"
#include "base/map.h"
#include "base/text.h"
#include "base/utf8.h"
#include "model/glob.h"
#include "model/set_reader.h"
#include <assert.h>

/* ---- Making sets */

static ananke_constraints *new_set(const ananke_context *context, const char *file, ananke_error *err) {
    ananke_constraints *set = ak_object_new(context, sizeof *set, offsetof(ananke_constraints, arena));
    if (!set) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    set->file = ak_arena_str(&set->arena, ak_str(file ? file : "")).data;
    if (!set->file) ak_fail_memory(err, &set->arena);
    if (set->file && ak_kinds_load(&set->kinds, &set->arena, err)) return set;
    ananke_constraints_free(set);
    return NULL;
}

void ananke_constraints_free(ananke_constraints *constraints) {
    ak_object_free(constraints, sizeof *constraints, offsetof(ananke_constraints, arena));
}

static ananke_constraints *finish(SetReader *self) {
    if (self->doc && ak_set_read(self)) return self->set;
    ananke_constraints_free(self->set);
    return NULL;
}

ananke_constraints *ak_constraint_set_from(const yyjson_mut_doc *doc, const ananke_context *context,
                                           ananke_error *err) {
    ananke_constraints *set = new_set(context, "", err);
    if (!set) return NULL;
    yyjson_alc alc = ak_json_alc(&set->arena);
    SetReader self = {.set = set,
                      .arena = &set->arena,
                      .doc = yyjson_mut_doc_imut_copy((yyjson_mut_doc *)(uintptr_t)doc, &alc),
                      .err = err};
    if (!self.doc) ak_fail_memory(err, &set->arena);
    return finish(&self);
}

/* By the name's ending, else by the first byte that is not blank. */
static ananke_format format_of(const char *file, Str text) {
    Str name = ak_str(file);
    if (ak_str_ends(name, STR(".json"))) return ANANKE_FORMAT_JSON;
    if (ak_str_ends(name, STR(".yaml")) || ak_str_ends(name, STR(".yml"))) return ANANKE_FORMAT_YAML;
    Str trimmed = ak_str_trim(text);
    return trimmed.length && trimmed.data[0] == '{' ? ANANKE_FORMAT_JSON : ANANKE_FORMAT_YAML;
}

/* `text` lives in the set's arena or outlives this call; nothing points to it afterwards. */
static ananke_constraints *parse(ananke_constraints *set, Str text, const char *file, ananke_format format,
                                 ananke_error *err) {
    if (ak_str_starts(text, STR("\xEF\xBB\xBF"))) text = ak_str_slice(text, 3, text.length);
    SetReader self = {.set = set, .arena = &set->arena, .text = text.data ? text : STR(""), .file = file, .err = err};
    size_t invalid = ak_utf8_invalid(text);
    if (invalid != SIZE_MAX) {
        ak_fail_at(err, ANANKE_ERROR_SYNTAX, file, text, invalid, "byte 0x%02X is not UTF-8",
                   (unsigned char)text.data[invalid]);
        return finish(&self);
    }
    if (format == ANANKE_FORMAT_AUTO) format = format_of(file, text);
    if (format == ANANKE_FORMAT_YAML) self.doc = ak_yaml_parse(self.arena, text, file, &self.places, err);
    else self.doc = ak_json_parse(self.arena, text, file, err);
    return finish(&self);
}

ananke_constraints *ananke_constraints_parse(const char *text, size_t length, ananke_format format,
                                             const ananke_context *context, ananke_error *err) {
    ananke_constraints *set = new_set(context, "", err);
    return set ? parse(set, (Str){text, length}, NULL, format, err) : NULL;
}

ananke_constraints *ananke_constraints_load(const char *path, ananke_format format, const ananke_context *context,
                                            ananke_error *err) {
    ananke_constraints *set = new_set(context, path, err);
    if (!set) return NULL;
    Str text = ak_file_read(&set->arena, path, 0, err);
    if (text.data) return parse(set, text, path, format, err);
    ananke_constraints_free(set);
    return NULL;
}

/* ---- Merging */

static const char *file_of(const ananke_constraints *set) {
    return set->file[0] ? set->file : "a set without a file";
}

/* Each id stands in one set only. */
static bool verify_ids(Arena *arena, const ananke_constraints *const *sets, size_t count, ananke_error *err) {
    Map ids = {.arena = arena};
    for (size_t s = 0; s < count; s++) {
        for (size_t i = 0; i < sets[s]->count; i++) {
            bool is_new;
            const char *id = sets[s]->items[i].view.id;
            uint64_t *owner = ak_map_put(&ids, ak_str(id), &is_new);
            if (!owner) return ak_fail_memory(err, arena);
            if (!is_new)
                return ak_fail(err, ANANKE_ERROR_CONFLICT, "`%s` stands in %s and in %s", id, file_of(sets[*owner]),
                               file_of(sets[s]));
            *owner = s;
        }
    }
    return true;
}

static yyjson_mut_doc *joined(Arena *arena, const ananke_constraints *const *sets, size_t count) {
    yyjson_mut_doc *doc = ak_json_new(arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_uint(doc, root, "version", AK_SET_VERSION);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, root, "constraints");
    for (size_t s = 0; s < count; s++) {
        for (size_t i = 0; i < sets[s]->count; i++)
            yyjson_mut_arr_append(list, yyjson_val_mut_copy(doc, sets[s]->items[i].json));
    }
    return ak_arena_ok(arena) ? doc : NULL;
}

ananke_constraints *ananke_constraints_merge(const ananke_constraints *const *sets, size_t count,
                                             const ananke_context *context, ananke_error *err) {
    Arena arena = ak_arena(context);
    ananke_constraints *merged = NULL;
    if (verify_ids(&arena, sets, count, err)) {
        yyjson_mut_doc *doc = joined(&arena, sets, count);
        if (doc) merged = ak_constraint_set_from(doc, context, err);
        else ak_fail_memory(err, &arena);
    }
    ak_arena_free(&arena);
    return merged;
}

/* ---- Showing and writing */

size_t ananke_constraints_count(const ananke_constraints *constraints) {
    return constraints->count;
}

const ananke_constraint *ananke_constraints_get(const ananke_constraints *constraints, size_t index) {
    assert(index < constraints->count);
    return &constraints->items[index].view;
}

static Str print(Arena *arena, const ananke_constraints *set, ananke_format format, ananke_error *err) {
    yyjson_mut_doc *doc = joined(arena, &set, 1);
    if (!doc) return ak_fail_memory(err, arena), (Str){0};
    if (format != ANANKE_FORMAT_YAML) return ak_json_print(arena, doc, true, err);
    yyjson_alc alc = ak_json_alc(arena);
    yyjson_doc *fixed = yyjson_mut_doc_imut_copy(doc, &alc);
    if (!fixed) return ak_fail_memory(err, arena), (Str){0};
    return ak_yaml_print(arena, yyjson_doc_get_root(fixed), err);
}

char *ananke_constraints_text(const ananke_constraints *constraints, ananke_format format, size_t *length,
                              ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Str text = print(&arena, constraints, format, err);
    char *copy = text.data ? ak_text_new(text, length, err) : NULL;
    ak_arena_free(&arena);
    return copy;
}

bool ananke_constraints_save(const ananke_constraints *constraints, const char *path, ananke_format format,
                             ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Str name = ak_str(path);
    bool is_yaml = ak_str_ends(name, STR(".yaml")) || ak_str_ends(name, STR(".yml"));
    if (format == ANANKE_FORMAT_AUTO) format = is_yaml ? ANANKE_FORMAT_YAML : ANANKE_FORMAT_JSON;
    Str text = print(&arena, constraints, format, err);
    bool done = text.data && ak_file_write(path, text, err);
    ak_arena_free(&arena);
    return done;
}

/* ---- Scopes */

static bool matches_one(const Str *globs, size_t count, Str path) {
    for (size_t i = 0; i < count; i++) {
        if (ak_glob_matches(globs[i], path)) return true;
    }
    return false;
}

bool ak_constraint_covers(const Constraint *constraint, Str path, Str relative) {
    bool inside = constraint->path_count == 0 || matches_one(constraint->paths, constraint->path_count, relative) ||
                  matches_one(constraint->paths, constraint->path_count, path);
    return inside && !matches_one(constraint->exclude, constraint->exclude_count, relative);
}
