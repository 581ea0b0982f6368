/* Reading: keywords become schemas in normal form.
 *
 * The keywords of one schema object say what must all hold, so they are intersected: first what the object says of each type by itself, then const and enum,
 * then `$ref`, allOf, anyOf and oneOf. A keyword that is known and cannot be held is refused by name; one that is not known is an annotation, as the
 * specification has it. */
#include "mask/json_schema_cases.h"
#include "mask/json_schema_format.h"
#include "mask/json_schema_number.h"
#include "mask/json_schema_pattern.h"
#include "mask/json_schema_reading.h"
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

static uint32_t repeat_bound(uint64_t count) {
    return count >= AK_REPEAT_MANY ? AK_REPEAT_MANY : (uint32_t)count;
}

/* ---- numbers */

/* Intersects `*numbers` with the bound under `keyword`; in draft 4 the strictness is a flag under another keyword. */
static bool read_bound(const Reading *at, const char *keyword, const char *strict_flag, bool is_lower, bool is_strict,
                       Expr *numbers) {
    yyjson_val *value = ak_reading_get(at, keyword);
    Decimal bound;
    if (!value || (is_strict && yyjson_is_bool(value))) return true;
    if (!yyjson_is_raw(value)) return ak_reading_malformed(at, keyword, "a number");
    Str raw = {yyjson_get_raw(value), yyjson_get_len(value)};
    if (!ak_decimal_read(at->self->arena, raw, &bound))
        return ak_reading_refuse(at, ANANKE_ERROR_UNSUPPORTED, keyword, "the number is too long to be compared with");
    if (strict_flag && yyjson_get_bool(ak_reading_get(at, strict_flag))) is_strict = true;
    Exprs *exprs = at->self->exprs;
    Expr side = is_lower ? ak_number_from(exprs, &bound, is_strict) : ak_number_to(exprs, &bound, is_strict);
    *numbers = ak_expr_and(exprs, *numbers, side);
    return true;
}

/* Intersects `*numbers` with the multiples of what `keyword` says. */
static bool read_divisor(const Reading *at, const char *keyword, Expr *numbers) {
    yyjson_val *value = ak_reading_get(at, keyword);
    Decimal divisor;
    Expr multiples;
    if (!value) return true;
    if (!yyjson_is_raw(value)) return ak_reading_malformed(at, keyword, "a number above 0");
    Str raw = {yyjson_get_raw(value), yyjson_get_len(value)};
    bool is_short = ak_decimal_read(at->self->arena, raw, &divisor);
    if (raw.data[0] == '-' || (is_short && ak_decimal_is_zero(&divisor)))
        return ak_reading_malformed(at, keyword, "a number above 0");
    if (!is_short || !ak_number_multiple(at->self->exprs, &divisor, &multiples))
        return ak_schema_leave_out(at->self, at->pointer, keyword, "the divisor has too many digits");
    *numbers = ak_expr_and(at->self->exprs, *numbers, multiples);
    return true;
}

static bool read_numbers(const Reading *at, unsigned types, Expr *plain) {
    Expr numbers = types & TYPE_NUMBER ? at->self->numbers : at->self->integers;
    bool ok = read_bound(at, "minimum", "exclusiveMinimum", true, false, &numbers) &&
              read_bound(at, "maximum", "exclusiveMaximum", false, false, &numbers) &&
              read_bound(at, "exclusiveMinimum", NULL, true, true, &numbers) &&
              read_bound(at, "exclusiveMaximum", NULL, false, true, &numbers) &&
              read_divisor(at, "multipleOf", &numbers) && read_divisor(at, "divisibleBy", &numbers);
    *plain = numbers;
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
    if (!ak_reading_count(at, "minLength", &min) || !ak_reading_count(at, "maxLength", &max)) return false;
    if (min == 0 && max == UINT64_MAX) return true;
    if (min > max) return *body = AK_EXPR_NOTHING, true;
    Exprs *exprs = at->self->exprs;
    *body = with_length(exprs, *body, repeat_bound(min), repeat_bound(max));
    return true;
}

/* A pattern that is valid and cannot be held is left out. */
static bool pattern_failed(const Reading *at, const ananke_error *why) {
    SchemaReader *self = at->self;
    bool is_valid = why->code == ANANKE_ERROR_UNSUPPORTED || why->code == ANANKE_ERROR_LIMIT;
    if (!ak_exprs_ok(self->exprs, self->err)) return false;
    if (!is_valid) return ak_reading_refuse(at, why->code, "pattern", why->message);
    Str reason = ak_arena_format(self->arena, "%s", why->message);
    return reason.data ? ak_schema_leave_out(self, at->pointer, "pattern", reason.data)
                       : ak_fail_memory(self->err, self->arena);
}

static bool read_pattern(const Reading *at, Expr *body) {
    yyjson_val *value = ak_reading_get(at, "pattern");
    ananke_error inner = {0};
    if (!value) return true;
    if (!yyjson_is_str(value)) return ak_reading_malformed(at, "pattern", "a string");
    Expr pattern = ak_json_pattern(at->self->exprs, at->self->arena, ak_json_str(value), &inner);
    if (pattern == AK_EXPR_FAILED) return pattern_failed(at, &inner);
    *body = ak_expr_and(at->self->exprs, *body, pattern);
    return true;
}

/* Each format is made once: some take a while. */
static Expr format_of(SchemaReader *self, Str name) {
    bool is_new = false;
    uint64_t *slot = ak_map_put(&self->formats, name, &is_new);
    if (slot && is_new) *slot = ak_json_format(self->exprs, self->arena, name);
    return slot ? (Expr)*slot : AK_EXPR_FAILED;
}

static bool read_format(const Reading *at, Expr *body) {
    yyjson_val *value = ak_reading_get(at, "format");
    if (!value) return true;
    if (!yyjson_is_str(value)) return ak_reading_malformed(at, "format", "a string");
    Expr format = format_of(at->self, ak_json_str(value));
    if (format != AK_EXPR_FAILED) return *body = ak_expr_and(at->self->exprs, *body, format), true;
    if (!ak_exprs_ok(at->self->exprs, at->self->err)) return false;
    Str reason = ak_arena_format(at->self->arena, "the format `%s` is not known", yyjson_get_str(value));
    return reason.data ? ak_schema_leave_out(at->self, at->pointer, "format", reason.data)
                       : ak_fail_memory(at->self->err, at->self->arena);
}

static bool read_strings(const Reading *at, Expr *plain) {
    Exprs *exprs = at->self->exprs;
    Expr body = AK_EXPR_ANYTHING; /* each keyword's expression has texts of JSON characters only */
    if (!read_pattern(at, &body) || !read_format(at, &body) || !read_lengths(at, &body)) return false;
    *plain = body == AK_EXPR_ANYTHING ? at->self->strings : ak_json_quoted(exprs, body);
    return true;
}

/* ---- arrays */

static bool read_item_list(const Reading *at, const char *keyword, ArrayShape *shape) {
    yyjson_val *list = ak_reading_get(at, keyword), *item;
    yyjson_arr_iter items = yyjson_arr_iter_with(list);
    while ((item = yyjson_arr_iter_next(&items))) {
        const char *pointer = ak_reading_child_at(at, keyword, shape->first.count);
        const Schema *what = pointer ? ak_schema_read_inner(at->self, item, pointer) : NULL;
        if (!what) return false;
        if (!ak_vec_push(at->self->arena, &shape->first, what)) return ak_fail_memory(at->self->err, at->self->arena);
    }
    return true;
}

static bool read_contains(const Reading *at, ArrayShape *shape) {
    SchemaDemand demand = {.min = 1, .max = UINT64_MAX, .pointer = at->pointer};
    demand.what = ak_reading_inner(at, "contains", at->self->any);
    if (!demand.what || !ak_reading_get(at, "contains")) return demand.what;
    if (!ak_reading_count(at, "minContains", &demand.min) || !ak_reading_count(at, "maxContains", &demand.max))
        return false;
    if (demand.min == 0 && demand.max == UINT64_MAX) return true;
    return ak_vec_push(at->self->arena, &shape->demands, demand) || ak_fail_memory(at->self->err, at->self->arena);
}

static bool read_array(const Reading *at, Schema *schema) {
    SchemaReader *self = at->self;
    ArrayShape *shape = ak_new(self->arena, ArrayShape);
    if (!shape) return ak_fail_memory(self->err, self->arena);
    shape->max_count = UINT64_MAX, shape->pointer = at->pointer;
    if (!ak_reading_count(at, "minItems", &shape->min_count) || !ak_reading_count(at, "maxItems", &shape->max_count))
        return false;
    bool items_is_list = yyjson_is_arr(ak_reading_get(at, "items")); /* before 2020-12 */
    const char *list = items_is_list ? "items" : "prefixItems", *others = items_is_list ? "additionalItems" : "items";
    if (ak_reading_get(at, list) && !yyjson_is_arr(ak_reading_get(at, list)))
        return ak_reading_malformed(at, list, "a list of schemas");
    if (!read_item_list(at, list, shape)) return false;
    shape->others = ak_reading_inner(at, others, self->any);
    if (!shape->others) return false;
    if (!read_contains(at, shape)) return false;
    bool is_unique = yyjson_get_bool(ak_reading_get(at, "uniqueItems")) && shape->max_count > 1;
    if (is_unique) shape->unique_pointer = at->pointer, self->is_loose = true; /* what is not in it cannot be had */
    return ak_vec_push(self->arena, &schema->arrays, shape) || ak_fail_memory(self->err, self->arena);
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
    yyjson_val *value = ak_reading_get(at, "type"), *name;
    *types = value ? 0 : TYPE_ALL;
    if (!value) return true;
    if (!yyjson_is_arr(value))
        return (*types = type_of(ak_json_str(value))) != 0 || ak_reading_malformed(at, "type", "the name of a type");
    yyjson_arr_iter names = yyjson_arr_iter_with(value);
    while ((name = yyjson_arr_iter_next(&names))) {
        unsigned type = type_of(ak_json_str(name));
        if (!type) return ak_reading_malformed(at, "type", "a list of names of types");
        *types |= type;
    }
    return true;
}

static bool has_one_of(const Reading *at, const char *const *keywords) {
    for (; *keywords; keywords++) {
        if (ak_reading_get(at, *keywords)) return true;
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
                                             "multipleOf",
                                             "divisibleBy",
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
                                             "contains",
                                             "patternProperties",
                                             "additionalProperties",
                                             "minProperties",
                                             "maxProperties",
                                             NULL};
    SchemaReader *self = at->self;
    unsigned types;
    if (!has_one_of(at, assertions)) return self->any;
    Schema *schema = ak_schema_new(self);
    if (!schema || !read_types(at, &types)) return NULL;
    if (types & TYPE_NULL) schema->plain[PLAIN_NULL] = self->any->plain[PLAIN_NULL];
    if (types & TYPE_BOOLEAN) {
        schema->plain[PLAIN_TRUE] = self->any->plain[PLAIN_TRUE];
        schema->plain[PLAIN_FALSE] = self->any->plain[PLAIN_FALSE];
    }
    if ((types & (TYPE_NUMBER | TYPE_INTEGER)) && !read_numbers(at, types, &schema->plain[PLAIN_NUMBER])) return NULL;
    if ((types & TYPE_STRING) && !read_strings(at, &schema->plain[PLAIN_STRING])) return NULL;
    if ((types & TYPE_ARRAY) && !read_array(at, schema)) return NULL;
    if ((types & TYPE_OBJECT) && !ak_reading_objects(at, schema)) return NULL;
    return schema;
}

/* ---- fixed values */

static const Schema *plain_constant(SchemaReader *self, PlainKind kind, Expr expr) {
    Schema *schema = ak_schema_new(self);
    if (schema) schema->plain[kind] = expr;
    return schema;
}

static const Schema *number_constant(SchemaReader *self, yyjson_val *value, const char *pointer) {
    Decimal number;
    Str raw = {yyjson_get_raw(value), yyjson_get_len(value)};
    if (ak_decimal_read(self->arena, raw, &number))
        return plain_constant(self, PLAIN_NUMBER, ak_number_equal(self->exprs, &number));
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
        SchemaProperty property = {.name = ak_json_str(key), .what = what, .is_required = true};
        ok = ak_vec_push(self->arena, &shape->properties, property);
    }
    if (ok) {
        NameClass others = {self->strings, self->nothing};
        shape->max_count = UINT64_MAX;
        shape->pointer = shape->min_pointer = shape->max_pointer = pointer;
        ok = ak_vec_push(self->arena, &shape->others, others) && ak_vec_push(self->arena, &schema->objects, shape);
    }
    if (!ok && schema) ak_fail_memory(self->err, self->arena);
    return ok ? schema : NULL;
}

const Schema *ak_schema_constant(SchemaReader *self, yyjson_val *value, const char *pointer) {
    if (self->depth >= DEPTH_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: %s: nested too deeply", pointer), NULL;
    const Schema *schema = NULL;
    self->depth++;
    if (yyjson_is_null(value)) schema = plain_constant(self, PLAIN_NULL, self->any->plain[PLAIN_NULL]);
    else if (yyjson_is_true(value)) schema = plain_constant(self, PLAIN_TRUE, self->any->plain[PLAIN_TRUE]);
    else if (yyjson_is_false(value)) schema = plain_constant(self, PLAIN_FALSE, self->any->plain[PLAIN_FALSE]);
    else if (yyjson_is_str(value))
        schema = plain_constant(self, PLAIN_STRING,
                                ak_json_quoted(self->exprs, ak_json_literal(self->exprs, ak_json_str(value))));
    else if (yyjson_is_arr(value)) schema = array_constant(self, value, pointer);
    else if (yyjson_is_obj(value)) schema = object_constant(self, value, pointer);
    else schema = number_constant(self, value, pointer);
    self->depth--;
    return schema;
}

/* `const` and `enum`, each intersected with what is known. */
static const Schema *with_constants(const Reading *at, const Schema *schema) {
    SchemaReader *self = at->self;
    yyjson_val *constant = ak_reading_get(at, "const"), *list = ak_reading_get(at, "enum"), *value;
    if (constant) {
        const Schema *what = ak_schema_constant(self, constant, at->pointer);
        schema = what ? ak_schema_both(self, schema, what) : NULL;
    }
    if (!schema || !list) return schema;
    if (!yyjson_is_arr(list)) return ak_reading_malformed(at, "enum", "a list"), NULL;
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

const Schema *ak_reading_own(const Reading *at) {
    const Schema *schema = read_by_type(at);
    return schema ? with_constants(at, schema) : NULL;
}

/* ---- applicators */

const Schema *ak_reading_ref(const Reading *at, const char *keyword) {
    yyjson_val *target = ak_reading_get(at, keyword);
    if (!target) return at->self->any;
    if (!yyjson_is_str(target)) return ak_reading_malformed(at, keyword, "a string"), NULL;
    return ak_schema_ref(at->self, keyword, ak_json_str(target), at->pointer);
}

static const Schema *with_refs(const Reading *at, const Schema *schema) {
    static const char *const keywords[] = {"$ref", "$dynamicRef", "$recursiveRef"};
    for (size_t i = 0; schema && i < sizeof keywords / sizeof *keywords; i++) {
        const Schema *named = ak_reading_ref(at, keywords[i]);
        schema = named ? ak_schema_both(at->self, schema, named) : NULL;
    }
    return schema;
}

/* ---- what is refused */

bool ak_reading_check(const Reading *at) {
    static const char *const refused[] = {"extends", "disallow"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (!ak_reading_get(at, refused[i])) continue;
        if (!at->self->options.is_lenient)
            return ak_reading_refuse(at, ANANKE_ERROR_UNSUPPORTED, refused[i], "the keyword is not supported");
        if (!ak_schema_leave_out(at->self, at->pointer, refused[i], "the keyword is not supported")) return false;
    }
    return true;
}

/* ---- the whole */

static bool has_unevaluated(const Reading *at) {
    yyjson_val *names = ak_reading_get(at, "unevaluatedProperties"), *items = ak_reading_get(at, "unevaluatedItems");
    return (names && !yyjson_is_true(names)) || (items && !yyjson_is_true(items));
}

static const Schema *read_object_schema(const Reading *at) {
    if (ak_reading_is_ref_alone(at)) return ak_reading_ref(at, "$ref");
    if (has_unevaluated(at)) return ak_reading_by_cases(at);
    const Schema *schema = ak_reading_check(at) ? ak_reading_own(at) : NULL;
    if (schema) schema = with_refs(at, schema);
    if (schema) schema = ak_reading_with_names(at, schema);
    if (schema) schema = ak_reading_with_dependencies(at, schema);
    return schema ? ak_reading_with_logic(at, schema) : NULL;
}

/* Goes into a schema object; the caller comes out of it. */
static bool go_in(SchemaReader *self, yyjson_val *value, const char *pointer) {
    if (!yyjson_is_obj(value))
        return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "JSON Schema: %s: an object or a boolean is wanted", pointer);
    if (self->depth >= DEPTH_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: %s: nested too deeply", pointer);
    return ak_schema_enter(self, value);
}

const Schema *ak_schema_read(SchemaReader *self, yyjson_val *value, const char *pointer) {
    if (yyjson_is_bool(value)) return yyjson_get_bool(value) ? self->any : self->nothing;
    SchemaContext outside = self->here;
    const Schema *schema = NULL;
    if (go_in(self, value, pointer)) {
        self->depth++;
        schema = read_object_schema(&(Reading){self, value, pointer});
        self->depth--;
    }
    self->here = outside;
    return schema;
}

bool ak_schema_read_cases(SchemaReader *self, yyjson_val *value, const char *pointer, SchemaCases *cases) {
    Evaluated nothing = ak_evaluated_nothing(self);
    if (yyjson_is_bool(value)) return yyjson_is_false(value) || ak_cases_add(self, cases, self->any, &nothing);
    SchemaContext outside = self->here;
    bool ok = go_in(self, value, pointer);
    if (ok) {
        self->depth++;
        ok = ak_reading_cases(&(Reading){self, value, pointer}, cases);
        self->depth--;
    }
    self->here = outside;
    return ok;
}
