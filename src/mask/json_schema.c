/* Building: schemas in normal form become rules and terminals, and the public function on top.
 *
 * A terminal is a piece of JSON text with the white space behind it (opening brackets, commas, `"name": `) or before it (closing brackets). Properties come in
 * the schema's order, each at most once: for every property there is a symbol for "the rest from here" with and without a comma to begin
 * with, so that the grammar is linear in the properties. Names of other properties are all but the listed ones, however these are spelled. */
#include "mask/json_schema.h"
#include "mask/json_schema_text.h"
#include "mask/program.h"
#include <inttypes.h>

enum { SCHEMA_FUEL = 200000, BUILD_DEPTH_MAX = 500 };

/* ---- references */

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A URI fragment without its %XX. */
static Str unescaped(SchemaReader *self, Str fragment) {
    Buf buf = {.arena = self->arena};
    ak_buf_bytes(&buf, "", 0);
    for (size_t i = 0; i < fragment.length; i++) {
        int high = -1, low = -1;
        if (fragment.data[i] == '%' && i + 2 < fragment.length)
            high = hex_value(fragment.data[i + 1]), low = hex_value(fragment.data[i + 2]);
        if (high >= 0 && low >= 0) ak_buf_byte(&buf, (char)(high * 16 + low)), i += 2;
        else ak_buf_byte(&buf, fragment.data[i]);
    }
    return ak_buf_view(&buf);
}

static yyjson_val *find_target(SchemaReader *self, Str path, Str target, const char *pointer) {
    bool is_anchor = path.length && path.data[0] != '/';
    if (is_anchor) {
        ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "JSON Schema: %s/$ref: anchors (`#%.*s`) are not supported",
                pointer, STR_ARGS(path));
        return NULL;
    }
    yyjson_val *value = path.length ? yyjson_ptr_getn(self->root, path.data, path.length) : self->root;
    if (!value)
        ak_fail(self->err, ANANKE_ERROR_SYNTAX, "JSON Schema: %s/$ref: there is nothing at `%.*s`", pointer,
                STR_ARGS(target));
    return value;
}

SchemaRef *ak_schema_ref(SchemaReader *self, Str target, const char *pointer) {
    Str fragment = target;
    if (self->root_id.length && ak_str_starts(fragment, self->root_id))
        fragment = ak_str_slice(fragment, self->root_id.length, fragment.length);
    if (fragment.length && fragment.data[0] != '#') {
        ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "JSON Schema: %s/$ref: `%.*s` is in another document", pointer,
                STR_ARGS(target));
        return NULL;
    }
    Str path = unescaped(self, ak_str_slice(fragment, 1, fragment.length));
    bool is_new = false;
    uint64_t *slot = ak_arena_ok(self->arena) ? ak_map_put(&self->refs, path, &is_new) : NULL;
    SchemaRef *ref = NULL;
    if (slot && !is_new) return memcpy(&ref, slot, sizeof ref), ref;
    ref = slot ? ak_new(self->arena, SchemaRef) : NULL;
    Str shown = ref ? ak_arena_format(self->arena, "#%.*s", STR_ARGS(path)) : (Str){0};
    if (!shown.data) return ak_fail_memory(self->err, self->arena), NULL;
    ref->pointer = shown.data;
    ref->value = find_target(self, path, target, pointer);
    memcpy(slot, &ref, sizeof ref);
    return ref->value ? ref : NULL;
}

const Schema *ak_schema_resolve(SchemaReader *self, SchemaRef *ref) {
    if (ref->schema) return ref->schema;
    if (ref->is_reading) {
        ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED,
                "JSON Schema: %s: a `$ref` leads back to itself before any value is taken", ref->pointer);
        return NULL;
    }
    ref->is_reading = true;
    ref->schema = ak_schema_read(self, ref->value, ref->pointer);
    ref->is_reading = false;
    return ref->schema;
}

/* ---- terminals */

static Symbol bracket(SchemaReader *self, const char *text, bool space_before) {
    Expr space = ak_json_space(self->exprs), byte = ak_expr_literal(self->exprs, ak_str(text));
    Expr expr = space_before ? ak_expr_concat(self->exprs, space, byte) : ak_expr_concat(self->exprs, byte, space);
    return ak_grammar_terminal(self->grammar, ak_str(text), expr);
}

/* `"name": ` */
static Symbol name_terminal(SchemaReader *self, Str name, Expr body) {
    Expr colon = ak_expr_concat(self->exprs, ak_expr_byte(self->exprs, ':'), ak_json_space(self->exprs));
    return ak_grammar_terminal(self->grammar, name,
                               ak_expr_concat(self->exprs, ak_json_quoted(self->exprs, body), colon));
}

static Symbol property_name(SchemaReader *self, Str name) {
    Str shown = ak_arena_format(self->arena, "\"%.*s\":", STR_ARGS(name));
    return name_terminal(self, shown, ak_json_literal(self->exprs, name));
}

/* A name that is none of the properties. */
static Symbol other_name(SchemaReader *self, const ObjectShape *shape) {
    Expr free = ak_expr_repeat(self->exprs, ak_json_any_character(self->exprs), 0, AK_REPEAT_MANY);
    Expr *listed = ak_new_array(self->arena, Expr, shape->properties.count + 1);
    if (!listed) return AK_SYMBOL_FAILED;
    for (size_t i = 0; i < shape->properties.count; i++)
        listed[i] = ak_json_spellings(self->exprs, shape->properties.items[i].name);
    Expr all_listed = ak_expr_or_all(self->exprs, listed, shape->properties.count);
    if (shape->properties.count) free = ak_expr_and(self->exprs, free, ak_expr_not(self->exprs, all_listed));
    return name_terminal(self, STR("name"), free);
}

static Str plain_name(const SchemaReader *self, Expr expr) {
    if (expr == self->strings) return STR("string");
    if (expr == self->numbers) return STR("number");
    return expr == self->integers ? STR("integer") : STR("value");
}

/* ---- objects */

static Symbol sequence(SchemaReader *self, Symbol a, Symbol b, Symbol c) {
    const Symbol parts[] = {a, b, c};
    return ak_grammar_sequence(self->grammar, parts, 3);
}

static Symbol choice(SchemaReader *self, Symbol a, Symbol b) {
    const Symbol parts[] = {a, b};
    return ak_grammar_choice(self->grammar, parts, 2);
}

static uint32_t repeat_bound(uint64_t count) {
    return count >= AK_REPEAT_MANY ? AK_REPEAT_MANY : (uint32_t)count;
}

/* How many other properties there may be. Counting is exact where no listed property is optional, or the listed ones settle it. */
static bool other_bounds(SchemaReader *self, const ObjectShape *shape, bool *needs_one, uint64_t *max) {
    uint64_t listed = shape->properties.count, required = 0;
    for (size_t i = 0; i < listed; i++) required += shape->properties.items[i].is_required;
    *needs_one = shape->min_count == 1 && required == 0;
    if (shape->min_count > required && !*needs_one) {
        return ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED,
                       "JSON Schema: %s/minProperties: counting properties is not supported", shape->pointer);
    }
    bool has_others = shape->others != self->nothing;
    *max = shape->max_count == UINT64_MAX ? UINT64_MAX : shape->max_count >= required ? shape->max_count - required : 0;
    if (shape->max_count >= listed && (!has_others || shape->max_count == UINT64_MAX)) return true;
    if (required == listed) return true;
    return ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED,
                   "JSON Schema: %s/maxProperties: counting properties is not supported", shape->pointer);
}

/* `name: value` of any property that is not listed, and that again behind commas. */
static bool other_members(SchemaReader *self, const ObjectShape *shape, bool needs_one, uint64_t max, Symbol *first,
                          Symbol *more) {
    *more = ak_grammar_nothing(self->grammar);
    *first = needs_one ? ak_grammar_choice(self->grammar, NULL, 0) : *more;
    if (shape->others == self->nothing || max == 0) return true;
    Symbol value = ak_schema_symbol(self, shape->others);
    if (value == AK_SYMBOL_FAILED) return false;
    Symbol member = sequence(self, other_name(self, shape), value, ak_grammar_nothing(self->grammar));
    Symbol next = sequence(self, self->comma, member, ak_grammar_nothing(self->grammar));
    uint32_t most = repeat_bound(max), behind_first = most == AK_REPEAT_MANY ? most : most - 1;
    *more = ak_grammar_repeat(self->grammar, next, 0, most);
    *first = sequence(self, member, ak_grammar_repeat(self->grammar, next, 0, behind_first),
                      ak_grammar_nothing(self->grammar));
    if (!needs_one) *first = ak_grammar_optional(self->grammar, *first);
    return true;
}

static Symbol object_symbol(SchemaReader *self, const ObjectShape *shape) {
    Symbol first, more; /* the members from here on: none has come yet; some have */
    bool needs_one = false;
    uint64_t max_others = 0;
    if (!other_bounds(self, shape, &needs_one, &max_others)) return AK_SYMBOL_FAILED;
    uint64_t required = 0;
    for (size_t i = 0; i < shape->properties.count; i++) required += shape->properties.items[i].is_required;
    if (required > shape->max_count) return ak_grammar_choice(self->grammar, NULL, 0);
    if (!other_members(self, shape, needs_one, max_others, &first, &more)) return AK_SYMBOL_FAILED;
    for (size_t i = shape->properties.count; i-- > 0;) {
        const SchemaProperty *property = &shape->properties.items[i];
        if (property->what == self->nothing && !property->is_required) continue;
        Symbol value = ak_schema_symbol(self, property->what);
        if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
        Symbol taken = sequence(self, property_name(self, property->name), value, more);
        Symbol behind_comma = sequence(self, self->comma, taken, ak_grammar_nothing(self->grammar));
        first = property->is_required ? taken : choice(self, taken, first);
        more = property->is_required ? behind_comma : choice(self, behind_comma, more);
    }
    return sequence(self, self->open_object, first, self->close_object);
}

/* ---- arrays */

/* Items behind the listed ones, each with a comma before it. */
static Symbol other_items(SchemaReader *self, const ArrayShape *shape, uint64_t taken) {
    if (shape->others == self->nothing)
        return shape->min_count > taken ? ak_grammar_choice(self->grammar, NULL, 0) : ak_grammar_nothing(self->grammar);
    uint64_t min = shape->min_count > taken ? shape->min_count - taken : 0;
    uint64_t max = shape->max_count == UINT64_MAX ? UINT64_MAX
                   : shape->max_count > taken     ? shape->max_count - taken
                                                  : 0;
    if (max == 0) return ak_grammar_nothing(self->grammar);
    Symbol value = ak_schema_symbol(self, shape->others);
    if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
    Symbol next = sequence(self, self->comma, value, ak_grammar_nothing(self->grammar));
    return ak_grammar_repeat(self->grammar, next, repeat_bound(min), repeat_bound(max));
}

static const Schema *item_at(const ArrayShape *shape, size_t index) {
    return index < shape->first.count ? shape->first.items[index] : shape->others;
}

/* From the end: what may come after `i` items; `[` and the first item are added last. */
static Symbol array_symbol(SchemaReader *self, const ArrayShape *shape) {
    if (shape->min_count > shape->max_count) return ak_grammar_choice(self->grammar, NULL, 0);
    Symbol nothing = ak_grammar_nothing(self->grammar),
           empty = sequence(self, self->open_array, self->close_array, nothing);
    if (shape->max_count == 0) return empty;
    size_t listed = shape->first.count ? shape->first.count : 1;
    Symbol rest = other_items(self, shape, listed);
    for (size_t i = listed; rest != AK_SYMBOL_FAILED && i-- > 1;) {
        Symbol value = ak_schema_symbol(self, item_at(shape, i));
        if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
        Symbol next = sequence(self, self->comma, value, rest);
        if (i >= shape->max_count) rest = nothing;
        else rest = i < shape->min_count ? next : choice(self, next, nothing);
    }
    Symbol value = rest == AK_SYMBOL_FAILED ? rest : ak_schema_symbol(self, item_at(shape, 0));
    if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
    Symbol filled = sequence(self, self->open_array, sequence(self, value, rest, nothing), self->close_array);
    return shape->min_count ? filled : choice(self, filled, empty);
}

/* ---- schemas */

static Symbol ref_symbol(SchemaReader *self, SchemaRef *ref) {
    if (ref->symbol != AK_SYMBOL_FAILED) return ref->symbol;
    const Schema *schema = ak_schema_resolve(self, ref);
    if (!schema) return AK_SYMBOL_FAILED;
    ref->symbol = ak_grammar_rule(self->grammar, ak_str(ref->pointer));
    Symbol body = ak_schema_symbol(self, schema);
    if (body == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, ref->symbol, &body, 1)) return AK_SYMBOL_FAILED;
    return ref->symbol;
}

/* Fills `rule` with everything that is in the schema. */
static bool add_bodies(SchemaReader *self, Symbol rule, const Schema *schema) {
    Symbol part = AK_SYMBOL_FAILED;
    if (schema->plain != AK_EXPR_NOTHING) {
        part = ak_grammar_terminal(self->grammar, plain_name(self, schema->plain), schema->plain);
        if (!ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->arrays.count; i++) {
        part = array_symbol(self, schema->arrays.items[i]);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->objects.count; i++) {
        part = object_symbol(self, schema->objects.items[i]);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->refs.count; i++) {
        part = ref_symbol(self, schema->refs.items[i]);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    return true;
}

Symbol ak_schema_symbol(SchemaReader *self, const Schema *schema) {
    Str key = ak_arena_str(self->arena, (Str){(const char *)&schema, sizeof schema}); /* the address */
    bool is_new = false;
    uint64_t *slot = key.data ? ak_map_put(&self->symbols, key, &is_new) : NULL;
    if (!slot) return ak_fail_memory(self->err, self->arena), AK_SYMBOL_FAILED;
    if (!is_new) return (Symbol)*slot;
    if (self->build_depth >= BUILD_DEPTH_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: nested too deeply"), AK_SYMBOL_FAILED;
    Symbol rule = ak_grammar_rule(self->grammar, schema->is_any ? STR("value") : STR(""));
    *slot = rule;
    self->build_depth++;
    bool ok = rule != AK_SYMBOL_FAILED && add_bodies(self, rule, schema);
    self->build_depth--;
    return ok ? rule : AK_SYMBOL_FAILED;
}

/* ---- the whole */

/* Every JSON value. */
static Schema *everything(SchemaReader *self) {
    Schema *any = ak_schema_new(self);
    ArrayShape *array = ak_new(self->arena, ArrayShape);
    ObjectShape *object = ak_new(self->arena, ObjectShape);
    if (!any || !array || !object) return NULL;
    any->is_any = true;
    const Expr words[] = {ak_expr_literal(self->exprs, STR("null")), ak_expr_literal(self->exprs, STR("true")),
                          ak_expr_literal(self->exprs, STR("false")), self->strings, self->numbers};
    any->plain = ak_expr_or_all(self->exprs, words, sizeof words / sizeof *words);
    *array = (ArrayShape){.others = any, .max_count = UINT64_MAX};
    *object = (ObjectShape){.others = any, .max_count = UINT64_MAX, .pointer = "#"};
    return ak_vec_push(self->arena, &any->arrays, array) && ak_vec_push(self->arena, &any->objects, object) ? any
                                                                                                            : NULL;
}

static bool open_reader(SchemaReader *self, ananke_error *err) {
    self->strings =
        ak_json_quoted(self->exprs, ak_expr_repeat(self->exprs, ak_json_any_character(self->exprs), 0, AK_REPEAT_MANY));
    self->numbers = ak_json_number(self->exprs);
    self->integers = ak_json_integer(self->exprs);
    self->nothing = ak_schema_new(self);
    self->any = everything(self);
    self->open_object = bracket(self, "{", false), self->close_object = bracket(self, "}", true);
    self->open_array = bracket(self, "[", false), self->close_array = bracket(self, "]", true);
    self->comma = bracket(self, ",", false);
    return (self->any && self->nothing) || ak_fail_memory(err, self->arena);
}

/* Numbers are kept as they are written: bounds are compared digit by digit. */
static yyjson_val *parse(Arena *arena, Str text, const char *file, ananke_error *err) {
    yyjson_alc alc = ak_json_alc(arena);
    yyjson_read_err problem = {0};
    /* Without YYJSON_READ_INSITU yyjson does not write to the text, though its parameter is not const. */
    yyjson_doc *doc = yyjson_read_opts((char *)(uintptr_t)(text.data ? text.data : ""), text.length,
                                       YYJSON_READ_NUMBER_AS_RAW, &alc, &problem);
    if (doc) return yyjson_doc_get_root(doc);
    if (!ak_arena_ok(arena)) ak_fail_memory(err, arena);
    else
        ak_fail_at(err, ANANKE_ERROR_SYNTAX, file, text, problem.pos, "JSON: %s",
                   problem.msg ? problem.msg : "malformed");
    return NULL;
}

/* What `$schema` and `$id` at the root say. */
static void read_dialect(SchemaReader *self) {
    static const char *const old[] = {"draft-03", "draft-04", "draft-06", "draft-07"};
    yyjson_val *dialect = yyjson_obj_get(self->root, "$schema"), *id = yyjson_obj_get(self->root, "$id");
    for (size_t i = 0; yyjson_is_str(dialect) && i < sizeof old / sizeof *old; i++) {
        if (strstr(yyjson_get_str(dialect), old[i])) self->refs_stand_alone = true;
    }
    if (!id) id = yyjson_obj_get(self->root, "id"); /* draft 4 */
    self->root_id = ak_json_str(id);
    if (ak_str_ends(self->root_id, STR("#"))) self->root_id.length--;
}

bool ak_json_schema(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    Arena *arena = grammar->arena;
    ananke_error inner = {0};
    SchemaReader self = {.grammar = grammar,
                         .arena = arena,
                         .exprs = &grammar->exprs,
                         .err = &inner,
                         .fuel = SCHEMA_FUEL,
                         .refs = {.arena = arena},
                         .symbols = {.arena = arena},
                         .formats = {.arena = arena}};
    self.root = parse(arena, text, file, err);
    if (!self.root || !open_reader(&self, err)) return false;
    read_dialect(&self);
    SchemaRef *root = ak_schema_ref(&self, STR("#"), "#");
    *start = root ? ref_symbol(&self, root) : AK_SYMBOL_FAILED;
    if (!ak_grammar_ok(grammar, err)) return false;
    if (*start != AK_SYMBOL_FAILED) return true;
    if (err) *err = inner;
    return ak_fail_in(err, file);
}

ananke_program *ananke_program_from_json_schema(const char *text, size_t length, const ananke_vocab *vocab,
                                                const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_json_schema, (Str){text, length}, vocab, options, err);
}
