/* Reading, showing and saving ConstraintIR. The keys are a table: what is not in it is refused, with a suggestion. */
#include "braid/ir.h"
#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include <stddef.h>

/* ---- the format */

typedef enum FieldType {
    FIELD_VERSION,
    FIELD_TEXT,
    FIELD_TEXTS,
    FIELD_SCHEMA,
    FIELD_CHECKS,
    FIELD_RECORDS,
    FIELD_TIER
} FieldType;

typedef struct Field {
    const char *name;
    FieldType type;
    bool is_optional;
    const struct Field *record; /* of each record; ends with a NULL name */
} Field;

static const Field pattern_fields[] = {{"constraint", FIELD_TEXT, false, NULL},
                                       {"terminal", FIELD_TEXT, false, NULL},
                                       {"pattern", FIELD_TEXT, false, NULL},
                                       {0}};
static const Field token_fields[] = {{"constraint", FIELD_TEXT, false, NULL},
                                     {"slot", FIELD_TEXT, false, NULL},
                                     {"defines", FIELD_TEXT, true, NULL},
                                     {"removes", FIELD_TEXT, true, NULL},
                                     {0}};
static const Field priority_fields[] = {{"slot", FIELD_TEXT, false, NULL},
                                        {"constraints", FIELD_TEXTS, false, NULL},
                                        {"why", FIELD_TEXT, false, NULL},
                                        {0}};
static const Field name_fields[] = {{"terminal", FIELD_TEXT, false, NULL},
                                    {"constraints", FIELD_TEXTS, false, NULL},
                                    {"body", FIELD_TEXT, false, NULL},
                                    {0}};
static const Field enforcement_fields[] = {
    {"constraint", FIELD_TEXT, false, NULL}, {"tier", FIELD_TIER, false, NULL}, {"why", FIELD_TEXT, false, NULL}, {0}};

static const Field ir_fields[] = {
    {"version", FIELD_VERSION, false, NULL},
    {"language", FIELD_TEXT, false, NULL},
    {"json_schema", FIELD_SCHEMA, false, NULL},
    {"grammar", FIELD_TEXT, false, NULL},
    {"regex_patterns", FIELD_RECORDS, false, pattern_fields},
    {"token_masks", FIELD_RECORDS, false, token_fields},
    {"priority_rules", FIELD_RECORDS, false, priority_fields},
    {"checks", FIELD_CHECKS, false, NULL},
    {"names", FIELD_RECORDS, false, name_fields},
    {"enforcement", FIELD_RECORDS, false, enforcement_fields},
    {0},
};

static const char *const tier_names[] = {[ANANKE_TIER_UNSUPPORTED] = "unsupported",
                                         [ANANKE_TIER_ADVISED] = "advised",
                                         [ANANKE_TIER_CHECKED] = "checked",
                                         [ANANKE_TIER_MASKED] = "masked"};

const char *ananke_tier_name(ananke_tier tier) {
    return (size_t)tier < sizeof tier_names / sizeof *tier_names ? tier_names[tier] : "unknown";
}

static bool tier_from(Str name, ananke_tier *tier) {
    for (size_t i = 0; i < sizeof tier_names / sizeof *tier_names; i++) {
        if (ak_str_equal(name, ak_str(tier_names[i]))) return *tier = (ananke_tier)i, true;
    }
    return false;
}

/* ---- validation */

static bool wrong(ananke_error *err, const char *where, const char *key, const char *wanted) {
    return ak_fail(err, ANANKE_ERROR_SYNTAX, "IR: `%s%s` is not %s", where, key, wanted);
}

static bool is_list_of_texts(yyjson_val *value) {
    size_t i, count;
    yyjson_val *item;
    yyjson_arr_foreach(value, i, count, item) {
        if (!yyjson_is_str(item)) return false;
    }
    return yyjson_is_arr(value);
}

static bool check_fields(yyjson_val *object, const Field *fields, const char *where, ananke_error *err);

static bool check_records(yyjson_val *list, const Field *field, ananke_error *err) {
    size_t i, count;
    yyjson_val *item;
    if (!yyjson_is_arr(list)) return wrong(err, "", field->name, "a list");
    char where[64];
    snprintf(where, sizeof where, "%s[].", field->name);
    yyjson_arr_foreach(list, i, count, item) {
        if (!yyjson_is_obj(item)) return wrong(err, "", field->name, "a list of objects");
        if (!check_fields(item, field->record, where, err)) return false;
    }
    return true;
}

static bool check_field(yyjson_val *value, const Field *field, const char *where, ananke_error *err) {
    ananke_tier tier;
    switch (field->type) {
    case FIELD_VERSION:
        if (!yyjson_is_uint(value)) return wrong(err, where, field->name, "a number");
        return yyjson_get_uint(value) == AK_IR_VERSION ||
               ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "IR: version %llu is not %d, which this library reads",
                       (unsigned long long)yyjson_get_uint(value), AK_IR_VERSION);
    case FIELD_TEXT: return yyjson_is_str(value) || wrong(err, where, field->name, "a text");
    case FIELD_TEXTS: return is_list_of_texts(value) || wrong(err, where, field->name, "a list of texts");
    case FIELD_SCHEMA:
        return yyjson_is_null(value) || yyjson_is_obj(value) || yyjson_is_bool(value) ||
               wrong(err, where, field->name, "a JSON Schema or null");
    case FIELD_CHECKS: return yyjson_is_obj(value) || wrong(err, where, field->name, "a set of constraints");
    case FIELD_RECORDS: return check_records(value, field, err);
    case FIELD_TIER:
        return tier_from(ak_json_str(value), &tier) ||
               wrong(err, where, field->name, "masked, checked, advised or unsupported");
    }
    return false;
}

static const Field *find_field(const Field *fields, Str name) {
    for (const Field *field = fields; field->name; field++) {
        if (ak_str_equal(name, ak_str(field->name))) return field;
    }
    return NULL;
}

static bool unknown_key(const Field *fields, Str key, const char *where, ananke_error *err) {
    Str names[16];
    size_t count = 0;
    for (; fields[count].name && count < sizeof names / sizeof *names; count++)
        names[count] = ak_str(fields[count].name);
    ak_fail(err, ANANKE_ERROR_SYNTAX, "IR: unknown key `%s%.*s`", where, STR_ARGS(key));
    Str near = ak_str_nearest(key, names, count);
    return near.length && ak_hint(err, "did you mean `%.*s`?", STR_ARGS(near));
}

static bool check_fields(yyjson_val *object, const Field *fields, const char *where, ananke_error *err) {
    size_t i, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(object, i, count, key, value) {
        const Field *field = find_field(fields, ak_json_str(key));
        if (!field) return unknown_key(fields, ak_json_str(key), where, err);
        if (yyjson_obj_get(object, field->name) != value)
            return ak_fail(err, ANANKE_ERROR_SYNTAX, "IR: `%s%s` is there twice", where, field->name);
        if (!check_field(value, field, where, err)) return false;
    }
    for (; fields->name; fields++) {
        if (fields->is_optional || yyjson_obj_get(object, fields->name)) continue;
        return ak_fail(err, ANANKE_ERROR_SYNTAX, "IR: `%s%s` is missing", where, fields->name);
    }
    return true;
}

/* ---- reading */

static bool read_checks(ananke_ir *self, yyjson_val *checks, const ananke_context *context, ananke_error *err) {
    Str text = ak_json_print_value(&self->arena, checks, false, err);
    if (!text.data) return false;
    self->constraints = ananke_constraints_parse(text.data, text.length, ANANKE_FORMAT_JSON, context, err);
    return self->constraints != NULL;
}

/* One entry for each constraint, in their order. */
static bool read_enforcement(ananke_ir *self, yyjson_val *list, ananke_error *err) {
    size_t i, count;
    yyjson_val *item;
    self->enforcement_count = yyjson_arr_size(list);
    self->enforcement = ak_new_array(&self->arena, ananke_enforcement, self->enforcement_count + 1);
    if (!self->enforcement) return ak_fail_memory(err, &self->arena);
    if (self->enforcement_count != ananke_constraints_count(self->constraints)) {
        return ak_fail(err, ANANKE_ERROR_SYNTAX, "IR: `enforcement` has %zu entries for %zu constraints",
                       self->enforcement_count, ananke_constraints_count(self->constraints));
    }
    yyjson_arr_foreach(list, i, count, item) {
        ananke_enforcement *entry = &self->enforcement[i];
        entry->constraint = yyjson_get_str(yyjson_obj_get(item, "constraint"));
        entry->why = yyjson_get_str(yyjson_obj_get(item, "why"));
        tier_from(ak_json_str(yyjson_obj_get(item, "tier")), &entry->tier);
        const char *id = ananke_constraints_get(self->constraints, i)->id;
        if (strcmp(entry->constraint, id) != 0)
            return ak_fail(err, ANANKE_ERROR_SYNTAX, "IR: `enforcement[%zu]` speaks of `%s`, not of `%s`", i,
                           entry->constraint, id);
    }
    return true;
}

/* The members in the order of the table, so that equal IRs have equal text. */
static bool print(ananke_ir *self, yyjson_val *root, ananke_error *err) {
    yyjson_mut_doc *doc = ak_json_new(&self->arena);
    yyjson_mut_val *object = doc ? yyjson_mut_obj(doc) : NULL;
    if (!object) return ak_fail_memory(err, &self->arena);
    yyjson_mut_doc_set_root(doc, object);
    for (const Field *field = ir_fields; field->name; field++) {
        yyjson_mut_val *value = yyjson_val_mut_copy(doc, yyjson_obj_get(root, field->name));
        if (!value || !yyjson_mut_obj_add_val(doc, object, field->name, value))
            return ak_fail_memory(err, &self->arena);
    }
    self->text = ak_json_print(&self->arena, doc, true, err);
    return self->text.data != NULL;
}

static bool read_ir(ananke_ir *self, Str text, const char *file, const ananke_context *context, ananke_error *err) {
    yyjson_doc *doc = ak_json_parse(&self->arena, text, file, err);
    yyjson_val *root = yyjson_doc_get_root(doc);
    if (!doc) return false;
    if (!yyjson_is_obj(root)) return ak_fail(err, ANANKE_ERROR_SYNTAX, "IR: a JSON object is wanted");
    if (!check_fields(root, ir_fields, "", err)) return false;
    self->language = yyjson_get_str(yyjson_obj_get(root, "language"));
    self->grammar = yyjson_get_str(yyjson_obj_get(root, "grammar"));
    yyjson_val *schema = yyjson_obj_get(root, "json_schema");
    if (!yyjson_is_null(schema)) self->json_schema = ak_json_print_value(&self->arena, schema, false, err);
    if (!yyjson_is_null(schema) && !self->json_schema.data) return false;
    return print(self, root, err) && read_checks(self, yyjson_obj_get(root, "checks"), context, err) &&
           read_enforcement(self, yyjson_obj_get(root, "enforcement"), err);
}

ananke_ir *ak_ir_read(Str text, const char *file, const ananke_context *context, ananke_error *err) {
    ananke_ir *ir = ak_object_new(context, sizeof *ir, offsetof(ananke_ir, arena));
    if (!ir) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    size_t invalid = ak_utf8_invalid(text);
    if (invalid != SIZE_MAX)
        ak_fail_at(err, ANANKE_ERROR_SYNTAX, file, text, invalid, "byte 0x%02X is not UTF-8",
                   (unsigned char)text.data[invalid]);
    else if (read_ir(ir, text, file, context, err)) return ir;
    if (file) ak_fail_in(err, file);
    ananke_ir_free(ir);
    return NULL;
}

/* ---- public */

ananke_ir *ananke_ir_parse(const char *text, size_t length, const ananke_context *context, ananke_error *err) {
    return ak_ir_read((Str){text, length}, NULL, context, err);
}

ananke_ir *ananke_ir_load(const char *path, const ananke_context *context, ananke_error *err) {
    Arena arena = ak_arena(context);
    Str text = ak_file_read(&arena, path, 0, err);
    ananke_ir *ir = text.data ? ak_ir_read(text, path, context, err) : NULL;
    ak_arena_free(&arena);
    return ir;
}

void ananke_ir_free(ananke_ir *ir) {
    if (!ir) return;
    ananke_constraints_free(ir->constraints);
    ak_object_free(ir, sizeof *ir, offsetof(ananke_ir, arena));
}

char *ananke_ir_text(const ananke_ir *ir, size_t *length, ananke_error *err) {
    return ak_text_new(ir->text, length, err);
}

bool ananke_ir_save(const ananke_ir *ir, const char *path, ananke_error *err) {
    return ak_file_write(path, ir->text, err);
}

const char *ananke_ir_language(const ananke_ir *ir) {
    return ir->language;
}

const char *ananke_ir_grammar(const ananke_ir *ir) {
    return ir->grammar;
}

const ananke_constraints *ananke_ir_constraints(const ananke_ir *ir) {
    return ir->constraints;
}

size_t ananke_ir_enforcement_count(const ananke_ir *ir) {
    return ir->enforcement_count;
}

const ananke_enforcement *ananke_ir_enforcement(const ananke_ir *ir, size_t index) {
    return index < ir->enforcement_count ? &ir->enforcement[index] : NULL;
}
