/* Reading what is said of objects: their properties by name and by pattern, their number, their names, and what depends on which of them are there. */
#include "mask/json_schema_pattern.h"
#include "mask/json_schema_reading.h"
#include "mask/json_schema_text.h"

static bool memory(const Reading *at, bool ok) {
    return ok || ak_fail_memory(at->self->err, at->self->arena);
}

static SchemaProperty *find_property(ObjectShape *shape, Str name) {
    for (size_t i = 0; i < shape->properties.count; i++) {
        if (ak_str_equal(shape->properties.items[i].name, name)) return &shape->properties.items[i];
    }
    return NULL;
}

/* ---- Patterns: classes of names */

/* Parts each class into the names that match and the others. The first class is of the names that no pattern matched so far, its `what` NULL, and may
 * be empty. `*seen` are those that one did: most patterns have nothing in common with others, and then it is the only class to part, by what no others'
 * complements are in. */
static bool part_classes(const Reading *at, ObjectShape *shape, Expr names, const Schema *what, Expr *seen) {
    SchemaReader *self = at->self;
    Expr rest = ak_expr_not(self->exprs, names);
    bool is_apart = ak_schema_is_empty(self, ak_expr_and(self->exprs, *seen, names));
    *seen = ak_expr_or(self->exprs, *seen, names);
    for (size_t i = 0, count = is_apart ? 1 : shape->others.count; i < count; i++) {
        NameClass *class = &shape->others.items[i];
        NameClass matched = {ak_expr_and(self->exprs, is_apart ? self->strings : class->names, names),
                             class->what ? ak_schema_both_inner(self, class->what, what) : what};
        if (!matched.what) return false;
        if (ak_schema_is_empty(self, matched.names)) continue;
        Expr left = ak_expr_and(self->exprs, class->names, rest);
        if (class->what && ak_schema_is_empty(self, left)) {
            *class = matched;
            continue;
        }
        class->names = left;
        if (!memory(at, ak_vec_push(self->arena, &shape->others, matched))) return false;
    }
    return true;
}

bool ak_reading_pattern(const Reading *at, Str pattern, const char *pointer, Expr *names) {
    SchemaReader *self = at->self;
    ananke_error inner = {0};
    Expr body = ak_json_pattern(self->exprs, self->arena, pattern, &inner);
    *names = body == AK_EXPR_FAILED ? AK_EXPR_FAILED : ak_json_quoted(self->exprs, body);
    if (body != AK_EXPR_FAILED || !ak_exprs_ok(self->exprs, self->err)) return body != AK_EXPR_FAILED;
    if (inner.code == ANANKE_ERROR_UNSUPPORTED || inner.code == ANANKE_ERROR_LIMIT)
        return ak_schema_leave_out(self, at->pointer, "patternProperties", inner.message);
    return ak_fail(self->err, inner.code, "JSON Schema: %s: %s", pointer, inner.message);
}

static bool read_patterns(const Reading *at, ObjectShape *shape, bool *has_unheld) {
    yyjson_val *patterns = ak_reading_get(at, "patternProperties"), *key;
    if (patterns && !yyjson_is_obj(patterns)) return ak_reading_malformed(at, "patternProperties", "an object");
    yyjson_obj_iter keys = yyjson_obj_iter_with(patterns);
    Expr seen = AK_EXPR_NOTHING;
    while ((key = yyjson_obj_iter_next(&keys))) {
        Expr names;
        const char *pointer = ak_reading_child(at, "patternProperties", ak_json_str(key));
        if (!pointer || !ak_reading_pattern(at, ak_json_str(key), pointer, &names)) return false;
        const Schema *what = ak_schema_read_inner(at->self, yyjson_obj_iter_get_val(key), pointer);
        if (!what) return false;
        if (names == AK_EXPR_FAILED) *has_unheld = true;
        else if (!part_classes(at, shape, names, what, &seen)) return false;
    }
    bool is_all = shape->others.count > 1 && ak_schema_is_empty(at->self, shape->others.items[0].names);
    if (is_all) shape->others.items[0] = shape->others.items[--shape->others.count]; /* no name matches none */
    return true;
}

/* The classes of names that are not listed: by pattern, and what additionalProperties says of those that match none. */
static bool read_others(const Reading *at, ObjectShape *shape, NameClass *unmatched) {
    NameClass all = {at->self->strings, NULL};
    bool has_unheld = false;
    unmatched->what = ak_reading_inner(at, "additionalProperties", at->self->any);
    if (!unmatched->what || !memory(at, ak_vec_push(at->self->arena, &shape->others, all)) ||
        !read_patterns(at, shape, &has_unheld))
        return false;
    if (has_unheld) unmatched->what = at->self->any; /* which names match none is not known */
    for (size_t i = 0; i < shape->others.count; i++) {
        if (!shape->others.items[i].what)
            shape->others.items[i].what = unmatched->what, unmatched->names = shape->others.items[i].names;
    }
    return true;
}

/* ---- Properties */

/* What the patterns say of a listed property: additionalProperties says nothing of it. */
static const Schema *by_patterns(const Reading *at, const ObjectShape *shape, const NameClass *unmatched, Str name) {
    SchemaReader *self = at->self;
    Expr text = ak_json_quoted(self->exprs, ak_json_literal(self->exprs, name));
    for (size_t i = 0; i < shape->others.count; i++) {
        const NameClass *class = &shape->others.items[i];
        bool is_its =
            class->names != unmatched->names && !ak_schema_is_empty(self, ak_expr_and(self->exprs, text, class->names));
        if (is_its) return class->what;
    }
    return self->any;
}

static bool read_properties(const Reading *at, ObjectShape *shape, const NameClass *unmatched) {
    SchemaReader *self = at->self;
    yyjson_val *properties = ak_reading_get(at, "properties"), *key;
    if (properties && !yyjson_is_obj(properties)) return ak_reading_malformed(at, "properties", "an object");
    yyjson_obj_iter keys = yyjson_obj_iter_with(properties);
    while ((key = yyjson_obj_iter_next(&keys))) {
        Str name = ak_json_str(key);
        if (find_property(shape, name))
            return ak_reading_refuse(at, ANANKE_ERROR_SYNTAX, "properties", "a property is there twice");
        const char *pointer = ak_reading_child(at, "properties", name);
        const Schema *what = pointer ? ak_schema_read_inner(self, yyjson_obj_iter_get_val(key), pointer) : NULL;
        bool has_patterns = shape->others.count > 1 || shape->others.items[0].names != unmatched->names;
        if (what && has_patterns) what = ak_schema_both_inner(self, what, by_patterns(at, shape, unmatched, name));
        SchemaProperty property = {.name = name, .what = what};
        if (!what || !memory(at, ak_vec_push(self->arena, &shape->properties, property))) return false;
    }
    return true;
}

static bool require(const Reading *at, ObjectShape *shape, Str name) {
    SchemaProperty *property = find_property(shape, name);
    uint32_t rank = 1;
    for (size_t i = 0; i < shape->properties.count; i++) rank += shape->properties.items[i].is_required;
    if (property) return property->rank = rank, property->is_required = true;
    SchemaProperty fresh = {name, ak_schema_of_name(at->self, shape, name), true, true, rank};
    return memory(at, ak_vec_push(at->self->arena, &shape->properties, fresh));
}

/* Draft 3 wrote a boolean here; later drafts give it no meaning. */
static bool read_required(const Reading *at, ObjectShape *shape) {
    yyjson_val *required = ak_reading_get(at, "required"), *name;
    if (!required || yyjson_is_bool(required)) return true;
    if (!yyjson_is_arr(required)) return ak_reading_malformed(at, "required", "a list of names");
    yyjson_arr_iter names = yyjson_arr_iter_with(required);
    while ((name = yyjson_arr_iter_next(&names))) {
        if (!yyjson_is_str(name)) return ak_reading_malformed(at, "required", "a list of names");
        if (!require(at, shape, ak_json_str(name))) return false;
    }
    return true;
}

bool ak_reading_objects(const Reading *at, Schema *schema) {
    ObjectShape *shape = ak_new(at->self->arena, ObjectShape);
    NameClass unmatched = {AK_EXPR_NOTHING, NULL};
    if (!memory(at, shape != NULL)) return false;
    shape->pointer = shape->min_pointer = shape->max_pointer = at->pointer;
    shape->max_count = UINT64_MAX;
    return ak_reading_count(at, "minProperties", &shape->min_count) &&
           ak_reading_count(at, "maxProperties", &shape->max_count) && read_others(at, shape, &unmatched) &&
           read_properties(at, shape, &unmatched) && read_required(at, shape) &&
           memory(at, ak_vec_push(at->self->arena, &schema->objects, shape));
}

/* ---- Demands on objects alone */

/* The strings in it, also by reference; FAILED on failure. */
static Expr strings_in(SchemaReader *self, const Schema *schema) {
    Schema *strings = schema ? ak_schema_new(self) : NULL;
    if (!strings) return AK_EXPR_FAILED;
    strings->plain[PLAIN_STRING] = self->strings;
    const Schema *both = ak_schema_both(self, strings, schema);
    return both ? both->plain[PLAIN_STRING] : AK_EXPR_FAILED;
}

const Schema *ak_reading_with_names(const Reading *at, const Schema *schema) {
    SchemaReader *self = at->self;
    const Schema *names = ak_reading_member(at, "propertyNames", self->any);
    if (!names || names->is_any) return names ? schema : NULL;
    NameClass denied = {strings_in(self, ak_schema_not(self, names)), self->nothing},
              allowed = {denied.names ? strings_in(self, names) : AK_EXPR_FAILED, self->any};
    ObjectShape *shape = allowed.names ? ak_new(self->arena, ObjectShape) : NULL;
    if (!shape) return NULL;
    shape->pointer = shape->min_pointer = shape->max_pointer = at->pointer, shape->max_count = UINT64_MAX;
    bool ok = ak_vec_push(self->arena, &shape->others, allowed) && ak_vec_push(self->arena, &shape->others, denied);
    const Schema *demand = memory(at, ok) ? ak_schema_any_but(self, NULL, shape) : NULL;
    return demand ? ak_schema_both(self, schema, demand) : NULL;
}

/* Everything, but of objects those that have the property, or those that do not. */
static ObjectShape *with_property(const Reading *at, Str name, bool is_there) {
    ObjectShape *shape = ak_schema_any_object(at->self, at->pointer);
    SchemaProperty property = {name, is_there ? at->self->any : at->self->nothing, is_there, true, 0};
    return shape && memory(at, ak_vec_push(at->self->arena, &shape->properties, property)) ? shape : NULL;
}

const Schema *ak_reading_having(const Reading *at, Str name) {
    const ObjectShape *shape = with_property(at, name, true);
    return shape ? ak_schema_of_object(at->self, shape) : NULL;
}

const Schema *ak_reading_lacking(const Reading *at, Str name) {
    const ObjectShape *shape = with_property(at, name, false);
    return shape ? ak_schema_any_but(at->self, NULL, shape) : NULL;
}

/* Objects with `name` as `dependency` says: a schema or a list of other names. */
static const Schema *dependent(const Reading *at, const char *keyword, Str name, yyjson_val *dependency) {
    ObjectShape *shape = with_property(at, name, true);
    yyjson_val *other;
    if (!shape) return NULL;
    if (yyjson_is_str(dependency))
        return require(at, shape, ak_json_str(dependency)) ? ak_schema_of_object(at->self, shape) : NULL;
    if (!yyjson_is_arr(dependency)) {
        const char *pointer = ak_reading_child(at, keyword, name);
        const Schema *has = ak_schema_of_object(at->self, shape),
                     *what = pointer ? ak_schema_read(at->self, dependency, pointer) : NULL;
        return has && what ? ak_schema_both(at->self, has, what) : NULL;
    }
    yyjson_arr_iter names = yyjson_arr_iter_with(dependency);
    while ((other = yyjson_arr_iter_next(&names))) {
        if (!yyjson_is_str(other))
            return ak_reading_malformed(at, keyword, "a list of names, or a schema, for each name"), NULL;
        if (!require(at, shape, ak_json_str(other))) return NULL;
    }
    return ak_schema_of_object(at->self, shape);
}

const Schema *ak_reading_with_dependency(const Reading *at, const char *keyword, Str name, yyjson_val *dependency,
                                         const Schema *schema) {
    const Schema *without = ak_reading_lacking(at, name),
                 *with = without ? dependent(at, keyword, name, dependency) : NULL;
    if (!with) return NULL;
    const Schema *ways[] = {without, with}, *either = ak_schema_union(at->self, ways, 2);
    return either ? ak_schema_both(at->self, schema, either) : NULL;
}

const char *const ak_reading_dependencies[] = {"dependencies", "dependentRequired", "dependentSchemas", NULL};

const Schema *ak_reading_with_dependencies(const Reading *at, const Schema *schema) {
    for (const char *const *keyword = ak_reading_dependencies; schema && *keyword; keyword++) {
        yyjson_val *dependencies = ak_reading_get(at, *keyword), *key;
        if (dependencies && !yyjson_is_obj(dependencies)) return ak_reading_malformed(at, *keyword, "an object"), NULL;
        yyjson_obj_iter keys = yyjson_obj_iter_with(dependencies);
        while (schema && (key = yyjson_obj_iter_next(&keys)))
            schema = ak_reading_with_dependency(at, *keyword, ak_json_str(key), yyjson_obj_iter_get_val(key), schema);
    }
    return schema;
}
