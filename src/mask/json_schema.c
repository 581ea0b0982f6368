/* JSON Schemas to grammars: what all parts share, and the public function on top. */
#include "mask/json_schema.h"
#include "mask/json_schema_text.h"
#include "mask/program.h"
#include <inttypes.h>

enum { SCHEMA_FUEL = 1000000 };

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
    Str shown = ref ? ak_arena_format(self->arena, "%s%.*s", self->pointer, STR_ARGS(path)) : (Str){0};
    if (!shown.data) return ak_fail_memory(self->err, self->arena), NULL;
    ref->pointer = shown.data;
    ref->value = find_target(self, path, target, pointer);
    memcpy(slot, &ref, sizeof ref);
    return ref->value ? ref : NULL;
}

const Schema *ak_schema_resolve(SchemaReader *self, SchemaRef *ref) {
    self->is_loose |= ref->is_loose;
    if (ref->schema) return ref->schema;
    if (ref->is_reading) {
        ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED,
                "JSON Schema: %s: a `$ref` leads back to itself before any value is taken", ref->pointer);
        return NULL;
    }
    bool was_loose = self->is_loose;
    self->is_loose = false, ref->is_reading = true;
    ref->schema = ak_schema_read(self, ref->value, ref->pointer);
    ref->is_reading = false, ref->is_loose = self->is_loose;
    self->is_loose |= was_loose;
    return ref->schema;
}

/* ---- the whole */

/* Every JSON value. */
static Schema *everything(SchemaReader *self) {
    Schema *any = ak_schema_new(self);
    ArrayShape *array = ak_new(self->arena, ArrayShape);
    self->any = any;
    ObjectShape *object = any ? ak_schema_any_object(self, self->pointer) : NULL;
    if (!any || !array || !object) return NULL;
    any->is_any = true;
    any->plain[PLAIN_STRING] = self->strings, any->plain[PLAIN_NUMBER] = self->numbers;
    any->plain[PLAIN_NULL] = ak_expr_literal(self->exprs, STR("null"));
    any->plain[PLAIN_TRUE] = ak_expr_literal(self->exprs, STR("true"));
    any->plain[PLAIN_FALSE] = ak_expr_literal(self->exprs, STR("false"));
    *array = (ArrayShape){.others = any, .max_count = UINT64_MAX, .pointer = self->pointer};
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
    ak_schema_begin_building(self);
    return (self->any && self->nothing) || ak_fail_memory(err, self->arena);
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

bool ak_json_schema_value(Grammar *grammar, yyjson_val *root, const char *pointer, Symbol *start, ananke_error *err) {
    Arena *arena = grammar->arena;
    ananke_error inner = {0};
    SchemaReader self = {.grammar = grammar,
                         .arena = arena,
                         .exprs = &grammar->exprs,
                         .err = &inner,
                         .root = root,
                         .pointer = pointer,
                         .fuel = SCHEMA_FUEL,
                         .refs = {.arena = arena},
                         .symbols = {.arena = arena},
                         .spellings = {.arena = arena}};
    if (!open_reader(&self, err)) return false;
    read_dialect(&self);
    SchemaRef *whole = ak_schema_ref(&self, STR("#"), pointer);
    *start = whole ? ak_schema_ref_symbol(&self, whole) : AK_SYMBOL_FAILED;
    if (!ak_grammar_ok(grammar, err)) return false;
    if (*start != AK_SYMBOL_FAILED) return true;
    if (err) *err = inner;
    return false;
}

/* Numbers are kept as they are written: bounds are compared digit by digit. */
bool ak_json_schema(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    yyjson_doc *doc = ak_json_parse_raw(grammar->arena, text, file, err);
    return doc && (ak_json_schema_value(grammar, yyjson_doc_get_root(doc), "#", start, err) || ak_fail_in(err, file));
}

ananke_program *ananke_program_from_json_schema(const char *text, size_t length, const ananke_vocab *vocab,
                                                const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_json_schema, (Str){text, length}, vocab, options, err);
}
