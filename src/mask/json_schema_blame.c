/* Keywords are left out of copies, which are read like any other schema; what reading says of them is forgotten. */
#include "mask/json_schema_blame.h"
#include "mask/json_schema_reading.h"

enum { DESCENTS_MAX = 100, PARTS_MAX = 500 };

/* What can be left out: a keyword, or a member of its list. */
typedef struct Part {
    yyjson_val *key, *value;
    size_t index; /* SIZE_MAX: the keyword */
    bool is_needed;
} Part;

typedef VEC(Part) Parts;

/* Where the search is. */
typedef struct Place {
    yyjson_val *value; /* NULL: nowhere */
    const char *pointer;
} Place;

static bool is_nothing(SchemaReader *self, yyjson_val *value, const char *pointer) {
    ananke_error before = *self->err;
    const Schema *schema = ak_schema_read_inner(self, value, pointer);
    bool is_nothing = schema && ak_schema_is_nothing(self, schema);
    *self->err = before;
    return is_nothing;
}

/* ---- The keywords that are needed */

static bool list_parts(SchemaReader *self, yyjson_val *schema, Parts *parts) {
    yyjson_obj_iter keys = yyjson_obj_iter_with(schema);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&keys));) {
        yyjson_val *value = yyjson_obj_iter_get_val(key);
        bool is_list = yyjson_equals_str(key, "allOf") && yyjson_is_arr(value);
        size_t count = is_list ? yyjson_arr_size(value) : 1;
        for (size_t i = 0; i < count; i++) {
            Part part = {key, is_list ? yyjson_arr_get(value, i) : value, is_list ? i : SIZE_MAX, true};
            if (!ak_vec_push(self->arena, parts, part)) return false;
        }
    }
    return true;
}

/* The schema with those parts only; NULL when out of memory. */
static yyjson_val *assemble(SchemaReader *self, const Parts *parts) {
    yyjson_mut_doc *doc = ak_json_new(self->arena);
    yyjson_mut_val *schema = yyjson_mut_obj(doc), *list = NULL;
    for (size_t i = 0; i < parts->count; i++) {
        const Part *part = &parts->items[i];
        yyjson_mut_val *key = part->is_needed ? yyjson_val_mut_copy(doc, part->key) : NULL,
                       *value = key ? yyjson_val_mut_copy(doc, part->value) : NULL;
        if (!value) continue;
        if (part->index == SIZE_MAX) yyjson_mut_obj_add(schema, key, value);
        else if (list || ((list = yyjson_mut_arr(doc)) && yyjson_mut_obj_add(schema, key, list)))
            yyjson_mut_arr_append(list, value);
    }
    yyjson_alc alc = ak_json_alc(self->arena);
    return yyjson_doc_get_root(yyjson_mut_val_imut_copy(schema, &alc));
}

static void drop_needless(SchemaReader *self, Parts *parts, const char *pointer) {
    for (size_t i = 0; i < parts->count && i < PARTS_MAX; i++) {
        parts->items[i].is_needed = false;
        yyjson_val *rest = assemble(self, parts);
        parts->items[i].is_needed = !rest || !is_nothing(self, rest, pointer);
    }
}

/* ---- The inner schema that it is due to */

/* Makes an inner schema obligatory, or says no more than that there is one. */
static bool is_companion(const Part *part) {
    static const char *const names[] = {"type", "required", "minItems", "minContains"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (yyjson_equals_str(part->key, names[i])) return true;
    }
    return false;
}

/* The one needed part besides companions; NULL when there are several. */
static const Part *only_part(const Parts *parts) {
    const Part *only = NULL;
    for (size_t i = 0; i < parts->count; i++) {
        const Part *part = &parts->items[i];
        if (!part->is_needed || is_companion(part)) continue;
        if (only) return NULL;
        only = part;
    }
    return only;
}

static Place if_nothing(SchemaReader *self, yyjson_val *value, const char *pointer) {
    bool is_schema = pointer && (yyjson_is_obj(value) || yyjson_is_bool(value));
    return is_schema && is_nothing(self, value, pointer) ? (Place){value, pointer} : (Place){0};
}

static Place in_list(const Reading *at, const char *keyword, yyjson_val *list) {
    Place found = {0};
    yyjson_arr_iter members = yyjson_arr_iter_with(list);
    size_t index = 0;
    for (yyjson_val *member; !found.value && (member = yyjson_arr_iter_next(&members)); index++)
        found = if_nothing(at->self, member, ak_reading_child_at(at, keyword, index));
    return found;
}

static bool is_required(const Reading *at, yyjson_val *name) {
    yyjson_arr_iter names = yyjson_arr_iter_with(ak_reading_get(at, "required"));
    for (yyjson_val *other; (other = yyjson_arr_iter_next(&names));) {
        if (yyjson_equals(name, other)) return true;
    }
    return false;
}

static Place in_properties(const Reading *at, yyjson_val *properties) {
    Place found = {0};
    yyjson_obj_iter keys = yyjson_obj_iter_with(properties);
    for (yyjson_val *key; !found.value && (key = yyjson_obj_iter_next(&keys));) {
        if (!is_required(at, key)) continue;
        const char *pointer = ak_reading_child(at, "properties", ak_json_str(key));
        found = if_nothing(at->self, yyjson_obj_iter_get_val(key), pointer);
    }
    return found;
}

/* Goes to where the reference leads, its context becoming the reader's. */
static Place at_ref(const Reading *at, const char *keyword) {
    const Schema *named = ak_reading_ref(at, keyword);
    if (!named || !ak_schema_is_ref(named)) return (Place){0};
    const SchemaRef *ref = named->refs.items[0];
    at->self->here = ref->context;
    return (Place){ref->value, ref->pointer};
}

static Place inside(const Reading *at, const Part *part) {
    const char *keyword = yyjson_get_str(part->key);
    if (part->index != SIZE_MAX)
        return if_nothing(at->self, part->value, ak_reading_child_at(at, keyword, part->index));
    if (strcmp(keyword, "$ref") == 0 || strcmp(keyword, "$dynamicRef") == 0) return at_ref(at, keyword);
    if (strcmp(keyword, "properties") == 0) return in_properties(at, part->value);
    if (strcmp(keyword, "prefixItems") == 0 || (strcmp(keyword, "items") == 0 && yyjson_is_arr(part->value)))
        return in_list(at, keyword, part->value);
    if (strcmp(keyword, "items") == 0 || strcmp(keyword, "contains") == 0)
        return if_nothing(at->self, part->value, ak_reading_child(at, keyword, (Str){0}));
    return (Place){0};
}

/* ---- Saying it */

static const char *list_needed(SchemaReader *self, const Parts *parts) {
    Buf text = {.arena = self->arena};
    size_t count = 0, said = 0;
    for (size_t i = 0; i < parts->count; i++) count += parts->items[i].is_needed;
    for (size_t i = 0; i < parts->count; i++) {
        const Part *part = &parts->items[i];
        if (!part->is_needed) continue;
        if (said++) ak_buf_text(&text, said == count ? " and " : ", ");
        ak_buf_format(&text, "`%s", yyjson_get_str(part->key));
        if (part->index != SIZE_MAX) ak_buf_format(&text, "/%zu", part->index);
        ak_buf_text(&text, "`");
    }
    ak_buf_text(&text, count == 1 ? " leaves none" : " leave none");
    return ak_arena_ok(self->arena) ? text.data : "";
}

void ak_schema_blame(SchemaReader *self, const SchemaRef *whole) {
    Place place = {whole->value, whole->pointer};
    const char *why = "the schema is `false`";
    self->here = whole->context;
    for (int depth = 0; depth < DESCENTS_MAX; depth++) {
        Reading at = {self, place.value, place.pointer};
        Parts parts = {0};
        if (!yyjson_is_obj(place.value) || !ak_schema_enter(self, place.value) ||
            !list_parts(self, place.value, &parts))
            break;
        drop_needless(self, &parts, place.pointer);
        why = list_needed(self, &parts);
        const Part *only = only_part(&parts);
        Place inner = only ? inside(&at, only) : (Place){0};
        if (!inner.value) break;
        place = inner;
        why = "the schema is `false`";
    }
    *self->err = (ananke_error){0};
    ak_fail(self->err, ANANKE_ERROR_CONFLICT, "JSON Schema: %s: no value is valid: %s", place.pointer, why);
}
