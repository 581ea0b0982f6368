/* Reading: keywords become schemas in normal form.
 *
 * The keywords of one schema object say what must all hold, so they are intersected: first what the object says of each type by itself, then const and enum,
 * then `$ref`, allOf, anyOf and oneOf. A keyword that is known and cannot be held is refused by name; one that is not known is an annotation, as the
 * specification has it. */
#include "mask/json_schema.h"
#include "mask/json_schema_number.h"
#include "mask/json_schema_pattern.h"
#include "mask/json_schema_text.h"

enum { DEPTH_MAX = 200 };

typedef enum SchemaType {
    TYPE_NULL = 1,
    TYPE_BOOLEAN = 2,
    TYPE_NUMBER = 4,
    TYPE_INTEGER = 8,
    TYPE_STRING = 16,
    TYPE_ARRAY = 32,
    TYPE_OBJECT = 64,
    TYPE_ALL = TYPE_NULL | TYPE_BOOLEAN | TYPE_NUMBER | TYPE_STRING | TYPE_ARRAY | TYPE_OBJECT
} SchemaType;

/* A schema object being read. */
typedef struct Reading {
    SchemaReader *self;
    yyjson_val *object;
    const char *pointer;
} Reading;

/* The value of a keyword; NULL when it is not there, or none in the draft that holds here. */
static yyjson_val *get(const Reading *at, const char *keyword) {
    yyjson_val *value = yyjson_obj_get(at->object, keyword);
    return value && ak_draft_has(ak_schema_draft(at->self), keyword) ? value : NULL;
}

static bool refuse(const Reading *at, ananke_error_code code, const char *keyword, const char *what) {
    return ak_fail(at->self->err, code, "JSON Schema: %s/%s: %s", at->pointer, keyword, what);
}

static bool malformed(const Reading *at, const char *keyword, const char *wanted) {
    ak_fail(at->self->err, ANANKE_ERROR_SYNTAX, "JSON Schema: %s/%s: %s is wanted", at->pointer, keyword, wanted);
    return false;
}

/* The pointer of a member. NULL when out of memory. */
static const char *child(const Reading *at, const char *keyword, Str key) {
    Arena *arena = at->self->arena;
    const char *pointer = ak_json_pointer_child(arena, at->pointer, ak_str(keyword));
    if (pointer && key.data) pointer = ak_json_pointer_child(arena, pointer, key);
    if (!pointer) ak_fail_memory(at->self->err, arena);
    return pointer;
}

static const char *child_at(const Reading *at, const char *keyword, size_t index) {
    Str number = ak_arena_format(at->self->arena, "%zu", index);
    return number.data ? child(at, keyword, number) : (ak_fail_memory(at->self->err, at->self->arena), NULL);
}

/* The schema under a keyword; `missing` when there is none. */
static const Schema *read_member(const Reading *at, const char *keyword, const Schema *missing) {
    yyjson_val *value = get(at, keyword);
    if (!value) return missing;
    const char *pointer = child(at, keyword, (Str){0});
    return pointer ? ak_schema_read_inner(at->self, value, pointer) : NULL;
}

/* A count; `*count` stays as it is when the keyword is not there. */
static bool read_count(const Reading *at, const char *keyword, uint64_t *count) {
    yyjson_val *value = get(at, keyword);
    Decimal decimal;
    if (!value) return true;
    Str raw = {yyjson_get_raw(value), yyjson_get_len(value)};
    if (!yyjson_is_raw(value) || !ak_decimal_read(at->self->arena, raw, &decimal) || decimal.is_negative ||
        decimal.fraction.length) {
        return malformed(at, keyword, "a whole number not below 0");
    }
    uint64_t number = 0;
    for (size_t i = 0; i < decimal.whole.length; i++) {
        number = number > UINT64_MAX / 20 ? UINT64_MAX / 10 : number * 10 + (uint64_t)(decimal.whole.data[i] - '0');
    }
    *count = number;
    return true;
}

static uint32_t repeat_bound(uint64_t count) {
    return count >= AK_REPEAT_MANY ? AK_REPEAT_MANY : (uint32_t)count;
}

/* ---- numbers */

/* Intersects `*numbers` with the bound under `keyword`; in draft 4 the strictness is a flag under another keyword. */
static bool read_bound(const Reading *at, const char *keyword, const char *strict_flag, bool is_lower, bool is_strict,
                       Expr *numbers) {
    yyjson_val *value = get(at, keyword);
    Decimal bound;
    if (!value || (is_strict && yyjson_is_bool(value))) return true;
    if (!yyjson_is_raw(value)) return malformed(at, keyword, "a number");
    Str raw = {yyjson_get_raw(value), yyjson_get_len(value)};
    if (!ak_decimal_read(at->self->arena, raw, &bound))
        return refuse(at, ANANKE_ERROR_UNSUPPORTED, keyword, "the number is too long to be compared with");
    if (strict_flag && yyjson_get_bool(get(at, strict_flag))) is_strict = true;
    Exprs *exprs = at->self->exprs;
    Expr side = is_lower ? ak_number_from(exprs, &bound, is_strict) : ak_number_to(exprs, &bound, is_strict);
    *numbers = ak_expr_and(exprs, *numbers, side);
    return true;
}

static bool read_numbers(const Reading *at, unsigned types, Expr *plain) {
    Expr numbers = types & TYPE_NUMBER ? at->self->numbers : at->self->integers;
    bool ok = read_bound(at, "minimum", "exclusiveMinimum", true, false, &numbers) &&
              read_bound(at, "maximum", "exclusiveMaximum", false, false, &numbers) &&
              read_bound(at, "exclusiveMinimum", NULL, true, true, &numbers) &&
              read_bound(at, "exclusiveMaximum", NULL, false, true, &numbers);
    *plain = ak_expr_or(at->self->exprs, *plain, numbers);
    return ok;
}

/* ---- strings */

/* Texts of `body` with `min` to `max` characters. A repetition of single characters is counted itself: an intersection
 * would be the same, but for the work. */
static Expr with_length(Exprs *exprs, Expr body, uint32_t min, uint32_t max) {
    Expr any = ak_json_any_character(exprs);
    ExprRepeat repeat;
    if (body != AK_EXPR_ANYTHING && ak_expr_as_repeat(exprs, body, &repeat) && repeat.tail == AK_EXPR_EMPTY &&
        ak_expr_within(exprs, repeat.what, any)) {
        uint32_t low = min > repeat.min ? min : repeat.min, high = max < repeat.max ? max : repeat.max;
        return ak_expr_repeat(exprs, repeat.what, low, high);
    }
    return ak_expr_and(exprs, body, ak_expr_repeat(exprs, any, min, max));
}

static bool read_lengths(const Reading *at, Expr *body) {
    uint64_t min = 0, max = UINT64_MAX;
    if (!read_count(at, "minLength", &min) || !read_count(at, "maxLength", &max)) return false;
    if (min == 0 && max == UINT64_MAX) return true;
    if (min > max) return *body = AK_EXPR_NOTHING, true;
    Exprs *exprs = at->self->exprs;
    *body = with_length(exprs, *body, repeat_bound(min), repeat_bound(max));
    return true;
}

static bool read_pattern(const Reading *at, Expr *body) {
    yyjson_val *value = get(at, "pattern");
    ananke_error inner = {0};
    if (!value) return true;
    if (!yyjson_is_str(value)) return malformed(at, "pattern", "a string");
    Expr pattern = ak_json_pattern(at->self->exprs, at->self->arena, ak_json_str(value), &inner);
    if (pattern == AK_EXPR_FAILED) return refuse(at, inner.code, "pattern", inner.message);
    *body = ak_expr_and(at->self->exprs, *body, pattern);
    return true;
}

static bool read_format(const Reading *at, Expr *body) {
    yyjson_val *value = get(at, "format");
    if (!value) return true;
    if (!yyjson_is_str(value)) return malformed(at, "format", "a string");
    Expr format = ak_json_format(at->self->exprs, at->self->arena, ak_json_str(value));
    if (format != AK_EXPR_FAILED) return *body = ak_expr_and(at->self->exprs, *body, format), true;
    if (!ak_exprs_ok(at->self->exprs, at->self->err)) return false;
    ak_fail(at->self->err, ANANKE_ERROR_UNSUPPORTED, "JSON Schema: %s/format: the format `%s` is not supported",
            at->pointer, yyjson_get_str(value));
    return ak_hint(at->self->err, "formats that are: %s", ak_json_formats());
}

static bool read_strings(const Reading *at, Expr *plain) {
    Exprs *exprs = at->self->exprs;
    Expr body = AK_EXPR_ANYTHING; /* each keyword's expression has texts of JSON characters only */
    if (!read_pattern(at, &body) || !read_format(at, &body) || !read_lengths(at, &body)) return false;
    *plain = ak_expr_or(exprs, *plain, body == AK_EXPR_ANYTHING ? at->self->strings : ak_json_quoted(exprs, body));
    return true;
}

/* ---- arrays */

static bool read_item_list(const Reading *at, const char *keyword, ArrayShape *shape) {
    yyjson_val *list = get(at, keyword), *item;
    yyjson_arr_iter items = yyjson_arr_iter_with(list);
    while ((item = yyjson_arr_iter_next(&items))) {
        const char *pointer = child_at(at, keyword, shape->first.count);
        const Schema *what = pointer ? ak_schema_read_inner(at->self, item, pointer) : NULL;
        if (!what) return false;
        if (!ak_vec_push(at->self->arena, &shape->first, what)) return ak_fail_memory(at->self->err, at->self->arena);
    }
    return true;
}

static bool read_array(const Reading *at, Schema *schema) {
    SchemaReader *self = at->self;
    ArrayShape *shape = ak_new(self->arena, ArrayShape);
    if (!shape) return ak_fail_memory(self->err, self->arena);
    shape->max_count = UINT64_MAX;
    if (!read_count(at, "minItems", &shape->min_count) || !read_count(at, "maxItems", &shape->max_count)) return false;
    bool items_is_list = yyjson_is_arr(get(at, "items")); /* before 2020-12 */
    const char *list = items_is_list ? "items" : "prefixItems", *others = items_is_list ? "additionalItems" : "items";
    if (get(at, list) && !yyjson_is_arr(get(at, list))) return malformed(at, list, "a list of schemas");
    if (!read_item_list(at, list, shape)) return false;
    shape->others = read_member(at, others, self->any);
    if (!shape->others) return false;
    if (yyjson_get_bool(get(at, "uniqueItems")) && shape->max_count > 1) {
        return refuse(at, ANANKE_ERROR_UNSUPPORTED, "uniqueItems", "the keyword is not supported");
    }
    return ak_vec_push(self->arena, &schema->arrays, shape) || ak_fail_memory(self->err, self->arena);
}

/* ---- objects */

static SchemaProperty *find_property(ObjectShape *shape, Str name) {
    for (size_t i = 0; i < shape->properties.count; i++) {
        if (ak_str_equal(shape->properties.items[i].name, name)) return &shape->properties.items[i];
    }
    return NULL;
}

static bool read_properties(const Reading *at, ObjectShape *shape) {
    yyjson_val *properties = get(at, "properties"), *key;
    if (properties && !yyjson_is_obj(properties)) return malformed(at, "properties", "an object");
    yyjson_obj_iter keys = yyjson_obj_iter_with(properties);
    while ((key = yyjson_obj_iter_next(&keys))) {
        Str name = ak_json_str(key);
        if (find_property(shape, name))
            return refuse(at, ANANKE_ERROR_SYNTAX, "properties", "a property is there twice");
        const char *pointer = child(at, "properties", name);
        const Schema *what = pointer ? ak_schema_read_inner(at->self, yyjson_obj_iter_get_val(key), pointer) : NULL;
        if (!what) return false;
        SchemaProperty property = {name, what, false};
        if (!ak_vec_push(at->self->arena, &shape->properties, property))
            return ak_fail_memory(at->self->err, at->self->arena);
    }
    return true;
}

static bool read_required(const Reading *at, ObjectShape *shape) {
    yyjson_val *required = get(at, "required"), *name;
    if (!required || yyjson_is_bool(required))
        return true; /* draft 3 wrote a boolean here; later drafts give it no meaning */
    if (!yyjson_is_arr(required)) return malformed(at, "required", "a list of names");
    yyjson_arr_iter names = yyjson_arr_iter_with(required);
    while ((name = yyjson_arr_iter_next(&names))) {
        if (!yyjson_is_str(name)) return malformed(at, "required", "a list of names");
        SchemaProperty *property = find_property(shape, ak_json_str(name)),
                       fresh = {ak_json_str(name), shape->others, true};
        if (property) property->is_required = true;
        else if (!ak_vec_push(at->self->arena, &shape->properties, fresh))
            return ak_fail_memory(at->self->err, at->self->arena);
    }
    return true;
}

static bool read_object(const Reading *at, Schema *schema) {
    SchemaReader *self = at->self;
    ObjectShape *shape = ak_new(self->arena, ObjectShape);
    if (!shape) return ak_fail_memory(self->err, self->arena);
    shape->pointer = at->pointer;
    shape->max_count = UINT64_MAX;
    if (!read_count(at, "minProperties", &shape->min_count) || !read_count(at, "maxProperties", &shape->max_count))
        return false;
    shape->others = read_member(at, "additionalProperties", self->any);
    if (!shape->others || !read_properties(at, shape) || !read_required(at, shape)) return false;
    return ak_vec_push(self->arena, &schema->objects, shape) || ak_fail_memory(self->err, self->arena);
}

/* ---- types */

static unsigned type_of(Str name) {
    static const struct {
        const char *name;
        unsigned type;
    } types[] = {{"null", TYPE_NULL},     {"boolean", TYPE_BOOLEAN}, {"number", TYPE_NUMBER}, {"integer", TYPE_INTEGER},
                 {"string", TYPE_STRING}, {"array", TYPE_ARRAY},     {"object", TYPE_OBJECT}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (ak_str_equal(name, ak_str(types[i].name))) return types[i].type;
    }
    return 0;
}

static bool read_types(const Reading *at, unsigned *types) {
    yyjson_val *value = get(at, "type"), *name;
    *types = value ? 0 : TYPE_ALL;
    if (!value) return true;
    if (!yyjson_is_arr(value))
        return (*types = type_of(ak_json_str(value))) != 0 || malformed(at, "type", "the name of a type");
    yyjson_arr_iter names = yyjson_arr_iter_with(value);
    while ((name = yyjson_arr_iter_next(&names))) {
        unsigned type = type_of(ak_json_str(name));
        if (!type) return malformed(at, "type", "a list of names of types");
        *types |= type;
    }
    return true;
}

static bool has_one_of(const Reading *at, const char *const *keywords) {
    for (; *keywords; keywords++) {
        if (get(at, *keywords)) return true;
    }
    return false;
}

/* What the schema object says of each type by itself. */
static const Schema *read_by_type(const Reading *at) {
    static const char *const assertions[] = {"type",
                                             "minimum",
                                             "maximum",
                                             "exclusiveMinimum",
                                             "exclusiveMaximum",
                                             "minLength",
                                             "maxLength",
                                             "pattern",
                                             "format",
                                             "prefixItems",
                                             "items",
                                             "additionalItems",
                                             "minItems",
                                             "maxItems",
                                             "properties",
                                             "required",
                                             "uniqueItems",
                                             "additionalProperties",
                                             "minProperties",
                                             "maxProperties",
                                             NULL};
    SchemaReader *self = at->self;
    unsigned types;
    if (!has_one_of(at, assertions)) return self->any;
    Schema *schema = ak_schema_new(self);
    if (!schema || !read_types(at, &types)) return NULL;
    if (types & TYPE_NULL)
        schema->plain = ak_expr_or(self->exprs, schema->plain, ak_expr_literal(self->exprs, STR("null")));
    if (types & TYPE_BOOLEAN) {
        Expr booleans = ak_expr_or(self->exprs, ak_expr_literal(self->exprs, STR("true")),
                                   ak_expr_literal(self->exprs, STR("false")));
        schema->plain = ak_expr_or(self->exprs, schema->plain, booleans);
    }
    if ((types & (TYPE_NUMBER | TYPE_INTEGER)) && !read_numbers(at, types, &schema->plain)) return NULL;
    if ((types & TYPE_STRING) && !read_strings(at, &schema->plain)) return NULL;
    if ((types & TYPE_ARRAY) && !read_array(at, schema)) return NULL;
    if ((types & TYPE_OBJECT) && !read_object(at, schema)) return NULL;
    return schema;
}

/* ---- fixed values */

static const Schema *plain_constant(SchemaReader *self, Expr expr) {
    Schema *schema = ak_schema_new(self);
    if (schema) schema->plain = expr;
    return schema;
}

static const Schema *number_constant(SchemaReader *self, yyjson_val *value, const char *pointer) {
    Decimal number;
    Str raw = {yyjson_get_raw(value), yyjson_get_len(value)};
    if (ak_decimal_read(self->arena, raw, &number)) return plain_constant(self, ak_number_equal(self->exprs, &number));
    ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "JSON Schema: %s: the number is too long to be compared with",
            pointer);
    return NULL;
}

static const Schema *array_constant(SchemaReader *self, yyjson_val *value, const char *pointer) {
    Schema *schema = ak_schema_new(self);
    ArrayShape *shape = schema ? ak_new(self->arena, ArrayShape) : NULL;
    yyjson_arr_iter items = yyjson_arr_iter_with(value);
    bool ok = shape != NULL;
    for (yyjson_val *item; ok && (item = yyjson_arr_iter_next(&items));) {
        const Schema *what = ak_schema_constant(self, item, pointer);
        if (!what) return NULL;
        ok = ak_vec_push(self->arena, &shape->first, what);
    }
    if (ok) {
        shape->others = self->nothing;
        shape->min_count = shape->max_count = shape->first.count;
        ok = ak_vec_push(self->arena, &schema->arrays, shape);
    }
    if (!ok && schema) ak_fail_memory(self->err, self->arena);
    return ok ? schema : NULL;
}

static const Schema *object_constant(SchemaReader *self, yyjson_val *value, const char *pointer) {
    Schema *schema = ak_schema_new(self);
    ObjectShape *shape = schema ? ak_new(self->arena, ObjectShape) : NULL;
    yyjson_obj_iter keys = yyjson_obj_iter_with(value);
    bool ok = shape != NULL;
    for (yyjson_val *key; ok && (key = yyjson_obj_iter_next(&keys));) {
        const Schema *what = ak_schema_constant(self, yyjson_obj_iter_get_val(key), pointer);
        if (!what) return NULL;
        SchemaProperty property = {ak_json_str(key), what, true};
        ok = ak_vec_push(self->arena, &shape->properties, property);
    }
    if (ok) {
        shape->others = self->nothing;
        shape->max_count = UINT64_MAX;
        shape->pointer = pointer;
        ok = ak_vec_push(self->arena, &schema->objects, shape);
    }
    if (!ok && schema) ak_fail_memory(self->err, self->arena);
    return ok ? schema : NULL;
}

const Schema *ak_schema_constant(SchemaReader *self, yyjson_val *value, const char *pointer) {
    if (self->depth >= DEPTH_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: %s: nested too deeply", pointer), NULL;
    const Schema *schema = NULL;
    self->depth++;
    if (yyjson_is_null(value)) schema = plain_constant(self, ak_expr_literal(self->exprs, STR("null")));
    else if (yyjson_is_true(value)) schema = plain_constant(self, ak_expr_literal(self->exprs, STR("true")));
    else if (yyjson_is_false(value)) schema = plain_constant(self, ak_expr_literal(self->exprs, STR("false")));
    else if (yyjson_is_str(value))
        schema = plain_constant(self, ak_json_quoted(self->exprs, ak_json_literal(self->exprs, ak_json_str(value))));
    else if (yyjson_is_arr(value)) schema = array_constant(self, value, pointer);
    else if (yyjson_is_obj(value)) schema = object_constant(self, value, pointer);
    else schema = number_constant(self, value, pointer);
    self->depth--;
    return schema;
}

/* `const` and `enum`, each intersected with what is known. */
static const Schema *with_constants(const Reading *at, const Schema *schema) {
    SchemaReader *self = at->self;
    yyjson_val *constant = get(at, "const"), *list = get(at, "enum"), *value;
    if (constant) {
        const Schema *what = ak_schema_constant(self, constant, at->pointer);
        schema = what ? ak_schema_both(self, schema, what) : NULL;
    }
    if (!schema || !list) return schema;
    if (!yyjson_is_arr(list)) return malformed(at, "enum", "a list"), NULL;
    const Schema **members = ak_new_array(self->arena, const Schema *, yyjson_arr_size(list) + 1);
    if (!members) return ak_fail_memory(self->err, self->arena), NULL;
    size_t count = 0;
    yyjson_arr_iter values = yyjson_arr_iter_with(list);
    while ((value = yyjson_arr_iter_next(&values))) {
        if (!(members[count++] = ak_schema_constant(self, value, at->pointer))) return NULL;
    }
    const Schema *all = ak_schema_union(self, members, count);
    return all ? ak_schema_both(self, schema, all) : NULL;
}

/* ---- applicators */

static const Schema *with_ref(const Reading *at, const char *keyword, const Schema *schema) {
    yyjson_val *target = get(at, keyword);
    if (!target) return schema;
    if (!yyjson_is_str(target)) return malformed(at, keyword, "a string"), NULL;
    const Schema *named = ak_schema_ref(at->self, keyword, ak_json_str(target), at->pointer);
    return named ? ak_schema_both(at->self, schema, named) : NULL;
}

static const Schema *with_refs(const Reading *at, const Schema *schema) {
    static const char *const keywords[] = {"$ref", "$dynamicRef", "$recursiveRef"};
    for (size_t i = 0; schema && i < sizeof keywords / sizeof *keywords; i++)
        schema = with_ref(at, keywords[i], schema);
    return schema;
}

static bool check_list(const Reading *at, const char *keyword) {
    yyjson_val *list = get(at, keyword);
    return !list || (yyjson_is_arr(list) && yyjson_arr_size(list) > 0) || malformed(at, keyword, "a list of schemas");
}

static const Schema *with_all_of(const Reading *at, const Schema *schema) {
    if (!check_list(at, "allOf")) return NULL;
    yyjson_arr_iter members = yyjson_arr_iter_with(get(at, "allOf"));
    size_t index = 0;
    for (yyjson_val *member; schema && (member = yyjson_arr_iter_next(&members)); index++) {
        const char *pointer = child_at(at, "allOf", index);
        const Schema *what = pointer ? ak_schema_read(at->self, member, pointer) : NULL;
        schema = what ? ak_schema_both(at->self, schema, what) : NULL;
    }
    return schema;
}

/* Is it proved that no value is in `member` and in one of the earlier ones? */
static bool is_apart(const Reading *at, const Schema *const *earlier, size_t count, const Schema *member) {
    for (size_t i = 0; i < count; i++) {
        const Schema *common = ak_schema_both(at->self, earlier[i], member);
        if (!common) return false;
        if (ak_schema_is_nothing(at->self, common)) continue;
        ak_fail(at->self->err, ANANKE_ERROR_UNSUPPORTED, "JSON Schema: %s/oneOf: members %zu and %zu may both match",
                at->pointer, i, count);
        return ak_hint(at->self->err, "give each member a required property with a `const` of its own, or use anyOf");
    }
    return true;
}

/* The members of anyOf or oneOf, each intersected with what is known. */
static const Schema *with_choice(const Reading *at, const char *keyword, bool is_exclusive, const Schema *schema) {
    SchemaReader *self = at->self;
    yyjson_val *list = get(at, keyword), *value;
    if (!check_list(at, keyword)) return NULL;
    if (!list) return schema;
    size_t count = 0;
    const Schema **members = ak_new_array(self->arena, const Schema *, yyjson_arr_size(list));
    if (!members) return ak_fail_memory(self->err, self->arena), NULL;
    yyjson_arr_iter values = yyjson_arr_iter_with(list);
    while ((value = yyjson_arr_iter_next(&values))) {
        const char *pointer = child_at(at, keyword, count);
        const Schema *member = pointer ? ak_schema_read(self, value, pointer) : NULL;
        if (member) member = ak_schema_both(self, schema, member);
        if (!member || (is_exclusive && !is_apart(at, members, count, member))) return NULL;
        members[count++] = member;
    }
    return ak_schema_union(self, members, count);
}

/* ---- what is refused */

/* Does the value leave everything as it is: true, an empty object or list? */
static bool is_void(yyjson_val *value) {
    return yyjson_is_true(value) || (yyjson_is_obj(value) && yyjson_obj_size(value) == 0) ||
           (yyjson_is_arr(value) && yyjson_arr_size(value) == 0);
}

static bool check_keywords(const Reading *at) {
    static const char *const refused[] = {"not",
                                          "dependencies",
                                          "dependentRequired",
                                          "dependentSchemas",
                                          "patternProperties",
                                          "propertyNames",
                                          "unevaluatedProperties",
                                          "unevaluatedItems",
                                          "contains",
                                          "multipleOf",
                                          "extends",
                                          "disallow",
                                          "divisibleBy"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        yyjson_val *value = get(at, refused[i]);
        bool is_harmless = strcmp(refused[i], "not") == 0 ? yyjson_is_false(value)
                                                          : is_void(value) && strcmp(refused[i], "contains") != 0;
        if (value && !is_harmless)
            return refuse(at, ANANKE_ERROR_UNSUPPORTED, refused[i], "the keyword is not supported");
    }
    if (get(at, "if") && (get(at, "then") || get(at, "else")))
        return refuse(at, ANANKE_ERROR_UNSUPPORTED, "if", "the keyword is not supported");
    return true;
}

static const Schema *read_object_schema(const Reading *at) {
    const Schema *schema = at->self->any;
    bool only_ref = ak_draft_ref_is_alone(ak_schema_draft(at->self)) && get(at, "$ref");
    if (only_ref) return with_ref(at, "$ref", schema);
    if (!check_keywords(at)) return NULL;
    schema = read_by_type(at);
    if (schema) schema = with_constants(at, schema);
    if (schema) schema = with_refs(at, schema);
    if (schema) schema = with_all_of(at, schema);
    if (schema) schema = with_choice(at, "anyOf", false, schema);
    if (schema) schema = with_choice(at, "oneOf", true, schema);
    return schema;
}

const Schema *ak_schema_read(SchemaReader *self, yyjson_val *value, const char *pointer) {
    if (yyjson_is_bool(value)) return yyjson_get_bool(value) ? self->any : self->nothing;
    if (!yyjson_is_obj(value))
        return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "JSON Schema: %s: an object or a boolean is wanted", pointer),
               NULL;
    if (self->depth >= DEPTH_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: %s: nested too deeply", pointer), NULL;
    SchemaContext outside = self->here;
    self->depth++;
    const Schema *schema = NULL;
    if (ak_schema_enter(self, value)) schema = read_object_schema(&(Reading){self, value, pointer});
    self->depth--;
    self->here = outside;
    return schema;
}
