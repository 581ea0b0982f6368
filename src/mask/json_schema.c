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

/* The document and what the options say of others. */
static bool open_document(SchemaReader *self, Str text, const char *file, ananke_error *err) {
    const Grammar *grammar = self->grammar;
    SchemaDraft draft = AK_DRAFT_ANY;
    if (grammar->schema_draft && !ak_draft_named(grammar->schema_draft, &draft)) {
        ak_fail(err, ANANKE_ERROR_USAGE, "there is no draft `%s` of JSON Schema", grammar->schema_draft);
        return ak_hint(err, "drafts that are: %s", ak_draft_names());
    }
    yyjson_doc *doc = ak_json_parse_raw(self->arena, text, file, err);
    if (!doc) return false;
    SchemaDocuments *documents = &self->documents;
    if (grammar->schema_folder) {
        documents->folder = ak_schema_folder_open(self->arena, grammar->schema_folder, err);
        if (!documents->folder) return false;
    }
    self->here.resource = ak_schema_document_add(documents, yyjson_doc_get_root(doc), draft, err);
    return self->here.resource != NULL;
}

bool ak_json_schema(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    Arena *arena = grammar->arena;
    ananke_error inner = {0};
    SchemaReader self = {.grammar = grammar,
                         .arena = arena,
                         .exprs = &grammar->exprs,
                         .err = &inner,
                         .documents = {.arena = arena, .by_uri = {.arena = arena}, .by_root = {.arena = arena}},
                         .assumed = UINT32_MAX,
                         .fuel = SCHEMA_FUEL,
                         .refs = {.arena = arena},
                         .scopes = {.arena = arena},
                         .symbols = {.arena = arena}};
    if (!open_document(&self, text, file, err) || !open_reader(&self, err)) return false;
    const Schema *root = ak_schema_ref(&self, "$ref", STR("#"), "#");
    *start = root ? ref_symbol(&self, root->refs.items[0]) : AK_SYMBOL_FAILED;
    if (!ak_grammar_ok(grammar, err)) return false;
    if (*start != AK_SYMBOL_FAILED) return true;
    if (err) *err = inner;
    return ak_fail_in(err, file);
}

ananke_program *ananke_program_from_json_schema(const char *text, size_t length, const ananke_vocab *vocab,
                                                const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_json_schema, (Str){text, length}, vocab, options, err);
}
