/* A walk over the schema and those inside of it; what is behind a $ref lies in the schema, too. */
#include "mask/tools_strict.h"

enum { MAX_DEPTH = 200 };

typedef struct Walk {
    MemberReader *reader;
    uint32_t depth;
} Walk;

static bool walk(Walk *self, yyjson_val *schema, const char *pointer);

static bool fail(Walk *self, const char *pointer, const char *what, Str name) {
    return ak_fail(self->reader->err, ANANKE_ERROR_SYNTAX, "%s: a strict tool's %s%.*s", pointer, what, STR_ARGS(name));
}

static bool has_text(yyjson_val *list, Str text) {
    for (size_t i = 0; i < yyjson_arr_size(list); i++) {
        if (ak_str_equal(ak_json_str(yyjson_arr_get(list, i)), text)) return true;
    }
    return false;
}

static bool is_object_schema(yyjson_val *schema) {
    yyjson_val *type = yyjson_obj_get(schema, "type");
    return yyjson_obj_get(schema, "properties") || has_text(type, STR("object")) ||
           ak_str_equal(ak_json_str(type), STR("object"));
}

static bool check_object(Walk *self, yyjson_val *schema, const char *pointer) {
    if (!yyjson_is_false(yyjson_obj_get(schema, "additionalProperties")))
        return fail(self, pointer, "objects need \"additionalProperties\": false", STR(""));
    yyjson_val *required = yyjson_obj_get(schema, "required"), *key;
    yyjson_obj_iter each = yyjson_obj_iter_with(yyjson_obj_get(schema, "properties"));
    while ((key = yyjson_obj_iter_next(&each))) {
        Str name = ak_json_str(key);
        if (!has_text(required, name))
            return fail(self, pointer, "properties are all required, but \"required\" has not ", name);
    }
    return true;
}

/* Each of a keyword's schemas: the values of an object's members, or a list's items. */
static bool walk_members(Walk *self, yyjson_val *object, const char *pointer) {
    yyjson_obj_iter each = yyjson_obj_iter_with(object);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&each));) {
        const char *inner = ak_pointer_member(self->reader, pointer, ak_json_str(key));
        if (!inner || !walk(self, yyjson_obj_iter_get_val(key), inner)) return false;
    }
    return true;
}

static bool walk_items(Walk *self, yyjson_val *list, const char *pointer) {
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    yyjson_val *item;
    for (size_t i = 0; (item = yyjson_arr_iter_next(&each)); i++) {
        const char *inner = ak_pointer_item(self->reader, pointer, i);
        if (!inner || !walk(self, item, inner)) return false;
    }
    return true;
}

static bool walk_keywords(Walk *self, yyjson_val *schema, const char *pointer) {
    static const struct {
        const char *name;
        bool (*walk)(Walk *self, yyjson_val *value, const char *pointer);
    } keywords[] = {
        {"properties", walk_members}, {"$defs", walk_members}, {"definitions", walk_members}, {"items", walk},
        {"prefixItems", walk_items},  {"anyOf", walk_items},   {"allOf", walk_items},         {"oneOf", walk_items}};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        yyjson_val *value = yyjson_obj_get(schema, keywords[i].name);
        if (!value) continue;
        const char *inner = ak_pointer_member(self->reader, pointer, ak_str(keywords[i].name));
        if (!inner || !keywords[i].walk(self, value, inner)) return false;
    }
    return true;
}

static bool walk(Walk *self, yyjson_val *schema, const char *pointer) {
    if (!yyjson_is_obj(schema)) return true;
    if (self->depth >= MAX_DEPTH)
        return ak_fail(self->reader->err, ANANKE_ERROR_LIMIT, "%s: the schema is nested too deeply", pointer);
    if (is_object_schema(schema) && !check_object(self, schema, pointer)) return false;
    self->depth++;
    bool ok = walk_keywords(self, schema, pointer);
    self->depth--;
    return ok;
}

bool ak_tools_strict(MemberReader *self, yyjson_val *schema, const char *pointer) {
    Walk walker = {.reader = self};
    return walk(&walker, schema, pointer);
}
