/* JSON Schemas to grammars: what all parts share, and the public function on top. */
#include "mask/json_schema.h"
#include "mask/json_schema_blame.h"
#include "mask/json_schema_text.h"
#include "mask/program.h"
#include <inttypes.h>

enum { SCHEMA_FUEL = 1000000 };

/* ---- the whole */

/* Every JSON value. */
static Schema *everything(SchemaReader *self) {
    Schema *any = ak_schema_new(self);
    ArrayShape *array = ak_new(self->arena, ArrayShape);
    self->any = any;
    ObjectShape *object = any ? ak_schema_any_object(self, self->here.resource->pointer) : NULL;
    if (!any || !array || !object) return NULL;
    any->is_any = true;
    any->plain[PLAIN_STRING] = self->strings, any->plain[PLAIN_NUMBER] = self->numbers;
    any->plain[PLAIN_NULL] = ak_expr_literal(self->exprs, STR("null"));
    any->plain[PLAIN_TRUE] = ak_expr_literal(self->exprs, STR("true"));
    any->plain[PLAIN_FALSE] = ak_expr_literal(self->exprs, STR("false"));
    *array = (ArrayShape){.others = any, .max_count = UINT64_MAX, .pointer = self->here.resource->pointer};
    return ak_vec_push(self->arena, &any->arrays, array) && ak_vec_push(self->arena, &any->objects, object) ? any
                                                                                                            : NULL;
}

bool ak_schema_leave_out(SchemaReader *self, const char *pointer, const char *keyword, const char *reason) {
    Str place = ak_arena_format(self->arena, "%s/%s", pointer, keyword),
        why = ak_arena_str(self->arena, ak_str(reason));
    self->is_loose = true;
    if (!ak_arena_ok(self->arena)) return ak_fail_memory(self->err, self->arena);
    return ak_grammar_leave_out(self->grammar, place.data, why.data, self->err);
}

Expr ak_schema_spellings(SchemaReader *self, Str name) {
    bool is_new = false;
    uint64_t *slot = ak_arena_ok(self->arena) ? ak_map_put(&self->spellings, name, &is_new) : NULL;
    if (!slot) return AK_EXPR_FAILED;
    if (is_new) *slot = ak_json_spellings(self->exprs, name);
    return (Expr)*slot;
}

static bool open_reader(SchemaReader *self, ananke_error *err) {
    self->strings =
        ak_json_quoted(self->exprs, ak_expr_repeat(self->exprs, ak_json_any_character(self->exprs), 0, AK_REPEAT_MANY));
    self->numbers = ak_json_number(self->exprs);
    self->integers = ak_json_integer(self->exprs);
    self->nothing = ak_schema_new(self);
    self->any = everything(self);
    return (ak_schema_begin_building(self) && self->any && self->nothing) || ak_fail_memory(err, self->arena);
}

/* The document and what the options say of others. */
static bool open_document(SchemaReader *self, yyjson_val *root, const char *pointer, ananke_error *err) {
    const Grammar *grammar = self->grammar;
    SchemaDraft draft = AK_DRAFT_ANY;
    if (grammar->schema_draft && !ak_draft_named(grammar->schema_draft, &draft)) {
        ak_fail(err, ANANKE_ERROR_USAGE, "there is no draft `%s` of JSON Schema", grammar->schema_draft);
        return ak_hint(err, "drafts that are: %s", ak_draft_names());
    }
    SchemaDocuments *documents = &self->documents;
    if (grammar->schema_folder) {
        documents->folder = ak_schema_folder_open(self->arena, grammar->schema_folder, err);
        if (!documents->folder) return false;
    }
    self->here.resource = ak_schema_document_add(documents, root, pointer, draft, err);
    return self->here.resource != NULL;
}

static bool open_options(SchemaReader *self, ananke_error *err) {
    return ak_json_options_read(&self->options, self->grammar->json, self->here.resource->root, self->exprs, err);
}

static SchemaReader new_reader(Grammar *grammar, ananke_error *err) {
    Arena *arena = grammar->arena;
    return (SchemaReader){.grammar = grammar,
                          .arena = arena,
                          .exprs = &grammar->exprs,
                          .err = err,
                          .documents = {.arena = arena, .by_uri = {.arena = arena}, .by_root = {.arena = arena}},
                          .assumed = UINT32_MAX,
                          .fuel = SCHEMA_FUEL,
                          .refs = {.arena = arena},
                          .scopes = {.arena = arena},
                          .symbols = {.arena = arena},
                          .spellings = {.arena = arena},
                          .formats = {.arena = arena}};
}

static bool open_all(SchemaReader *self, yyjson_val *root, const char *pointer, ananke_error *err) {
    return open_document(self, root, pointer, err) && open_options(self, err) && open_reader(self, err);
}

/* Whether `symbol` was made; else `err` says why not: no memory, or what the reader has said. */
static bool has_made(const SchemaReader *self, Symbol symbol, ananke_error *err) {
    if (!ak_grammar_ok(self->grammar, err)) return false;
    if (symbol != AK_SYMBOL_FAILED) return true;
    if (err) *err = *self->err;
    return false;
}

bool ak_json_schema_value(Grammar *grammar, yyjson_val *root, const char *pointer, Symbol *start, ananke_error *err) {
    ananke_error inner = {0};
    SchemaReader self = new_reader(grammar, &inner);
    if (!open_all(&self, root, pointer, err)) return false;
    const Schema *whole = ak_schema_ref(&self, "$ref", STR("#"), pointer);
    *start = whole ? ak_schema_ref_symbol(&self, whole->refs.items[0]) : AK_SYMBOL_FAILED;
    if (*start != AK_SYMBOL_FAILED && ak_schema_is_nothing(&self, whole)) {
        ak_schema_blame(&self, whole->refs.items[0]);
        *start = AK_SYMBOL_FAILED;
    }
    return has_made(&self, *start, err);
}

bool ak_json_schema_inner(Grammar *grammar, yyjson_val *root, const char *root_pointer, yyjson_val *value,
                          const char *pointer, Symbol *start, ananke_error *err) {
    ananke_error inner = {0};
    SchemaReader self = new_reader(grammar, &inner);
    if (!open_all(&self, root, root_pointer, err)) return false;
    const Schema *schema = ak_schema_read_inner(&self, value, pointer);
    *start = schema ? ak_schema_symbol(&self, schema) : AK_SYMBOL_FAILED;
    return has_made(&self, *start, err);
}

/* Numbers are kept as they are written: bounds are compared digit by digit. */
bool ak_json_schema(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    yyjson_doc *doc = ak_json_parse_raw(grammar->arena, text, file, err);
    grammar->schema_pointer = "#";
    return doc && (ak_json_schema_value(grammar, yyjson_doc_get_root(doc), "#", start, err) || ak_fail_in(err, file));
}

ananke_program *ananke_program_from_json_schema(const char *text, size_t length, const ananke_vocab *vocab,
                                                const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_json_schema, (Str){text, length}, vocab, options, err);
}
