/* Reading the schema as far as names and kinds of values go; the values that are JSON are json_schema.h's. */
#include "mask/tool_parameters.h"
#include "mask/free_text.h"
#include "mask/json_schema.h"
#include <string.h>

typedef struct Parameters {
    const ToolParameters *how;
    const Marks *marks;
    Grammar *grammar;
    Arena *arena;
    yyjson_val *schema; /* of the object */
    const char *pointer;
    Map required; /* name → 1, 2 where it has been met among the properties */
    VEC(Symbol) parts;
    ananke_error *err;
} Parameters;

/* ---- What is not held of a schema */

/* Keywords that forbid something of the object, and of a value that is free text; each has a blank behind it. */
static const char of_object[] = "enum const not if patternProperties propertyNames minProperties maxProperties "
                                "dependencies dependentRequired dependentSchemas ";
static const char of_text[] = "$ref $dynamicRef $recursiveRef allOf anyOf oneOf not if minLength maxLength pattern "
                              "format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf items prefixItems "
                              "additionalItems contains minItems maxItems uniqueItems unevaluatedItems properties "
                              "required additionalProperties unevaluatedProperties patternProperties propertyNames "
                              "minProperties maxProperties dependencies dependentRequired dependentSchemas ";

/* Notes those of `keywords` that the schema has. */
static bool leave_out(Parameters *self, yyjson_val *schema, const char *pointer, const char *keywords,
                      const char *reason) {
    for (const char *at = keywords, *end; (end = strchr(at, ' ')); at = end + 1) {
        Str word = {at, (size_t)(end - at)};
        if (!yyjson_obj_getn(schema, word.data, word.length)) continue;
        const char *place = ak_json_pointer_child(self->arena, pointer, word);
        Str why = ak_arena_str(self->arena, ak_str(reason));
        if (!place || !why.data) return ak_fail_memory(self->err, self->arena);
        if (!ak_grammar_leave_out(self->grammar, place, why.data, self->err)) return false;
    }
    return true;
}

/* Whether `type` lets values of that type in. */
static bool has_type(yyjson_val *schema, const char *name) {
    yyjson_val *type = yyjson_obj_get(schema, "type");
    if (!type) return !yyjson_is_false(schema);
    if (!yyjson_is_arr(type)) return yyjson_equals_str(type, name);
    bool has = false;
    for (size_t i = 0; !has && i < yyjson_arr_size(type); i++) has = yyjson_equals_str(yyjson_arr_get(type, i), name);
    return has;
}

/* ---- Values, each with the parameter's end */

static Symbol text_symbol(Parameters *self) {
    Trigger end = {self->how->end, ak_grammar_nothing(self->grammar)};
    return ak_free_text_then(&(FreeText){self->marks, &end, 1});
}

/* A listed value: a string is itself, any other its JSON text. */
static Symbol constant_symbol(Parameters *self, yyjson_val *value) {
    Str text = yyjson_is_str(value) ? ak_json_str(value) : ak_json_print_value(self->arena, value, false, self->err);
    Str whole = text.data ? ak_tool_join(self->arena, text, self->how->end) : text;
    return whole.data ? ak_marks_symbol(self->marks, whole) : AK_SYMBOL_FAILED;
}

static Symbol constants_symbol(Parameters *self, yyjson_val *schema, yyjson_val *constant, yyjson_val *list) {
    Symbol choice = ak_grammar_rule(self->grammar, (Str){0});
    bool is_typed = yyjson_is_str(yyjson_obj_get(schema, "type"));
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    for (yyjson_val *value; (value = constant ? constant : yyjson_arr_iter_next(&each));) {
        Symbol one = is_typed && !yyjson_is_str(value) ? choice : constant_symbol(self, value);
        if (!one || (one != choice && !ak_grammar_add(self->grammar, choice, &one, 1))) return AK_SYMBOL_FAILED;
        if (constant) break;
    }
    return choice;
}

static Symbol json_symbol(Parameters *self, yyjson_val *schema, const char *pointer) {
    Symbol value;
    if (!ak_json_schema_inner(self->grammar, self->schema, self->pointer, schema, pointer, &value, self->err))
        return AK_SYMBOL_FAILED;
    return ak_grammar_sequence(self->grammar, (Symbol[]){value, ak_marks_symbol(self->marks, self->how->end)}, 2);
}

static Symbol value_symbol(Parameters *self, yyjson_val *schema, const char *pointer) {
    yyjson_val *constant = yyjson_obj_get(schema, "const"), *list = yyjson_obj_get(schema, "enum");
    bool is_listed = constant || yyjson_is_arr(list);
    if (!has_type(schema, "string") || !(yyjson_is_obj(schema) || yyjson_is_bool(schema)))
        return json_symbol(self, schema, pointer);
    if (!leave_out(self, schema, pointer, of_text, "in calls of this format a value that may be a string is free text"))
        return AK_SYMBOL_FAILED;
    return is_listed ? constants_symbol(self, schema, constant, list) : text_symbol(self);
}

/* ---- Parameters */

static bool add_parameter(Parameters *self, Str name, Symbol value, bool is_required) {
    Str head = ak_tool_join(self->arena, ak_tool_join(self->arena, self->how->begin, name), self->how->name_end);
    if (!value || !head.data) return false;
    Symbol parts[] = {ak_marks_symbol(self->marks, head), value};
    Symbol whole = ak_grammar_sequence(self->grammar, parts, 2);
    if (!is_required) whole = ak_grammar_optional(self->grammar, whole);
    return whole && ak_vec_push(self->arena, &self->parts, whole);
}

static bool read_required(Parameters *self) {
    yyjson_arr_iter each = yyjson_arr_iter_with(yyjson_obj_get(self->schema, "required"));
    for (yyjson_val *name; (name = yyjson_arr_iter_next(&each));) {
        bool is_new;
        uint64_t *slot = yyjson_is_str(name) ? ak_map_put(&self->required, ak_json_str(name), &is_new) : NULL;
        if (yyjson_is_str(name) && !slot) return false;
        if (slot && is_new) *slot = 1;
    }
    return true;
}

static bool add_properties(Parameters *self) {
    const char *place = ak_json_pointer_child(self->arena, self->pointer, STR("properties"));
    yyjson_obj_iter each = yyjson_obj_iter_with(yyjson_obj_get(self->schema, "properties"));
    for (yyjson_val *key; place && (key = yyjson_obj_iter_next(&each));) {
        Str name = ak_json_str(key);
        const char *pointer = ak_json_pointer_child(self->arena, place, name);
        uint64_t *required = ak_map_find(&self->required, name);
        if (required) *required = 2;
        if (!pointer || !add_parameter(self, name, value_symbol(self, yyjson_obj_iter_get_val(key), pointer), required))
            return false;
    }
    return place != NULL;
}

/* Names that nothing is said of but that they are required. */
static bool add_unlisted(Parameters *self) {
    yyjson_arr_iter each = yyjson_arr_iter_with(yyjson_obj_get(self->schema, "required"));
    for (yyjson_val *name; (name = yyjson_arr_iter_next(&each));) {
        uint64_t *required = yyjson_is_str(name) ? ak_map_find(&self->required, ak_json_str(name)) : NULL;
        if (!required || *required == 2) continue;
        *required = 2;
        if (!add_parameter(self, ak_json_str(name), text_symbol(self), true)) return false;
    }
    return true;
}

/* ---- The whole */

static bool check(Parameters *self) {
    static const char *const elsewhere[] = {"$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf"};
    Str end = self->how->end;
    if (!ak_marks_token(self->marks, end) && ak_marks_find(self->marks, end) < end.length)
        return ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED,
                       "%s/end: a special token can only be what a parameter's end begins with", self->how->pointer);
    if (!has_type(self->schema, "object"))
        return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "%s/type: parameters are an object", self->pointer);
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        if (yyjson_obj_get(self->schema, elsewhere[i]))
            return ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED,
                           "%s/%s: this format writes parameters by name, which are to be in \"properties\"",
                           self->pointer, elsewhere[i]);
    }
    return leave_out(self, self->schema, self->pointer, of_object, "calls of this format hold names and values only");
}

bool ak_tool_parameters(const ToolParameters *how, const Marks *marks, yyjson_val *schema, const char *pointer,
                        Symbol *arguments, ananke_error *err) {
    Parameters self = {.how = how,
                       .marks = marks,
                       .grammar = marks->grammar,
                       .arena = marks->grammar->arena,
                       .schema = schema,
                       .pointer = pointer,
                       .required = {.arena = marks->grammar->arena},
                       .err = err};
    if (!check(&self)) return false;
    if (!read_required(&self) || !add_properties(&self) || !add_unlisted(&self))
        return ak_grammar_ok(self.grammar, err) && false;
    *arguments = ak_grammar_sequence(self.grammar, self.parts.items, self.parts.count);
    return ak_grammar_ok(self.grammar, err);
}
