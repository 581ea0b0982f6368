/* Kinds: read from JSON, looked up by id, their templates filled in.
 *
 * The files are the project's own, so their errors are for whoever edits them: one line with the file's name. A test loads all of them. */
#include "model/kind.h"
#include "base/data.h"
#include "base/vec.h"
#include <stdio.h>

static const struct {
    const char *name;
    ananke_severity severity;
} severities[] = {
    {"info", ANANKE_SEVERITY_INFO}, {"warning", ANANKE_SEVERITY_WARNING}, {"error", ANANKE_SEVERITY_ERROR}};

static const char *const categories[] = {"syntactic", "type", "semantic", "architectural", "operational", "security"};

static const char *const type_names[] = {
    [PARAMETER_STRING] = "string", [PARAMETER_ENUM] = "enum",   [PARAMETER_REGEX] = "regex",
    [PARAMETER_LIST] = "list",     [PARAMETER_COUNT] = "count", [PARAMETER_BOOL] = "bool",
};

ananke_severity ak_severity_from(Str name) {
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++) {
        if (ak_str_equal(name, ak_str(severities[i].name))) return severities[i].severity;
    }
    return 0;
}

const char *ak_severity_name(ananke_severity severity) {
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++) {
        if (severities[i].severity == severity) return severities[i].name;
    }
    return "unknown";
}

/* ---- Reading */

static bool wrong(ananke_error *err, const char *file, const char *what, Str about) {
    ak_fail(err, ANANKE_ERROR_SYNTAX, "%s: %.*s", what, STR_ARGS(about));
    return ak_fail_in(err, file);
}

/* Is `name` one of the words? Returns its index, or `count`. */
static size_t word_index(Str name, const char *const *words, size_t count) {
    size_t i = 0;
    while (i < count && !ak_str_equal(name, ak_str(words[i]))) i++;
    return i;
}

/* An enum without values takes those that the cases are chosen by, in their order. */
static bool values_from_cases(KindParameter *self, Arena *arena, yyjson_val *cases) {
    VEC(Str) values = {0};
    size_t i, count;
    yyjson_val *item;
    yyjson_arr_foreach(cases, i, count, item) {
        Str value = ak_json_str(yyjson_obj_getn(yyjson_obj_get(item, "when"), self->name.data, self->name.length));
        size_t at = 0;
        while (at < values.count && !ak_str_equal(values.items[at], value)) at++;
        if (value.data && at == values.count && !ak_vec_push(arena, &values, value)) return false;
    }
    self->values = values.items, self->value_count = values.count;
    return true;
}

static bool read_values(KindParameter *self, Arena *arena, yyjson_val *list) {
    Str *values = ak_new_array(arena, Str, yyjson_arr_size(list));
    size_t i, count;
    yyjson_val *item;
    if (!values) return false;
    yyjson_arr_foreach(list, i, count, item) values[i] = ak_json_str(item);
    self->values = values, self->value_count = count;
    return true;
}

static bool read_parameter(KindParameter *self, Arena *arena, yyjson_val *key, yyjson_val *json, yyjson_val *cases,
                           const char *file, ananke_error *err) {
    Str type = ak_json_str(yyjson_obj_get(json, "type"));
    size_t index = word_index(type, type_names, sizeof type_names / sizeof *type_names);
    if (index == sizeof type_names / sizeof *type_names) return wrong(err, file, "unknown parameter type", type);
    *self = (KindParameter){
        .name = ak_json_str(key),
        .doc = ak_json_str(yyjson_obj_get(json, "doc")),
        .type = (ParameterType)index,
        .required = yyjson_get_bool(yyjson_obj_get(json, "required")),
        .fallback = yyjson_obj_get(json, "default"),
    };
    yyjson_val *values = yyjson_obj_get(json, "values");
    bool read = values                         ? read_values(self, arena, values)
                : self->type == PARAMETER_ENUM ? values_from_cases(self, arena, cases)
                                               : true;
    return read || ak_fail_memory(err, arena);
}

/* A member of the case, else of the kind. */
static yyjson_val *member(yyjson_val *json, yyjson_val *kind, const char *name) {
    yyjson_val *value = json ? yyjson_obj_get(json, name) : NULL;
    return value ? value : yyjson_obj_get(kind, name);
}

static bool read_case(KindCase *self, yyjson_val *json, yyjson_val *kind, const char *file, ananke_error *err) {
    *self = (KindCase){
        .when = json ? yyjson_obj_get(json, "when") : NULL,
        .category = ak_json_str(member(json, kind, "category")),
        .severity = ak_severity_from(ak_json_str(member(json, kind, "severity"))),
        .summary = ak_json_str(member(json, kind, "summary")),
        .message = ak_json_str(member(json, kind, "message")),
        .violation = ak_json_str(member(json, kind, "violation")),
        .observes = ak_json_str(member(json, kind, "observes")),
        .expects = member(json, kind, "expects"),
        .forbids = member(json, kind, "forbids"),
        .per_file = yyjson_equals_str(member(json, kind, "per"), "file"),
        .mine = member(json, kind, "mine"),
        .examples = member(json, kind, "examples"),
    };
    if (!yyjson_is_obj(self->mine)) self->mine = NULL; /* a case may say false */
    size_t known = sizeof categories / sizeof *categories;
    if (word_index(self->category, categories, known) == known)
        return wrong(err, file, "unknown category", self->category);
    if (!self->severity) return wrong(err, file, "a case has no severity", self->message);
    if (!self->message.length || !self->violation.length || !self->observes.length)
        return wrong(err, file, "a case has no message, violation or population", self->message);
    return true;
}

static bool read_cases(Kind *self, Arena *arena, yyjson_val *list, const char *file, ananke_error *err) {
    size_t count = list ? yyjson_arr_size(list) : 1;
    KindCase *cases = ak_new_array(arena, KindCase, count);
    if (!cases) return ak_fail_memory(err, arena);
    for (size_t i = 0; i < count; i++) {
        if (!read_case(&cases[i], list ? yyjson_arr_get(list, i) : NULL, self->json, file, err)) return false;
    }
    self->cases = cases, self->case_count = count;
    return true;
}

static bool read_parameters(Kind *self, Arena *arena, yyjson_val *object, yyjson_val *cases, const char *file,
                            ananke_error *err) {
    if (!object) return true; /* yyjson's loop wants an object */
    KindParameter *parameters = ak_new_array(arena, KindParameter, yyjson_obj_size(object));
    if (!parameters) return ak_fail_memory(err, arena);
    size_t i, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(object, i, count, key, value) {
        if (!read_parameter(&parameters[i], arena, key, value, cases, file, err)) return false;
    }
    self->parameters = parameters, self->parameter_count = yyjson_obj_size(object);
    return true;
}

bool ak_kind_read(Kind *kind, Arena *arena, const char *file, Str text, ananke_error *err) {
    yyjson_doc *doc = ak_json_parse(arena, text, file, err);
    if (!doc) return false;
    yyjson_val *json = yyjson_doc_get_root(doc), *cases = yyjson_obj_get(json, "cases");
    *kind = (Kind){
        .id = ak_json_str(yyjson_obj_get(json, "id")),
        .summary = ak_json_str(yyjson_obj_get(json, "summary")),
        .test = ak_json_str(yyjson_obj_get(json, "test")),
        .languages = yyjson_obj_get(json, "languages"),
        .json = json,
    };
    if (!kind->id.length || !kind->test.length) return wrong(err, file, "a kind needs an id and a test", kind->id);
    return read_parameters(kind, arena, yyjson_obj_get(json, "parameters"), cases, file, err) &&
           read_cases(kind, arena, cases, file, err);
}

bool ak_kinds_load(Kinds *kinds, Arena *arena, ananke_error *err) {
    VEC(Kind) items = {0};
    for (size_t i = ak_data_first("constraints/"); i < ak_data_file_count; i++) {
        const DataFile *data = &ak_data_files[i];
        Str path = ak_str(data->path);
        if (!ak_str_starts(path, STR("constraints/"))) break;
        if (!ak_str_ends(path, STR(".json")) || ak_str_find_byte(path, '/', strlen("constraints/")) != SIZE_MAX)
            continue;
        Kind kind;
        if (!ak_kind_read(&kind, arena, data->path, (Str){data->data, data->length}, err)) return false;
        if (!ak_vec_push(arena, &items, kind)) return ak_fail_memory(err, arena);
    }
    *kinds = (Kinds){items.items, items.count};
    return true;
}

/* ---- Looking up */

const Kind *ak_kind_find(const Kinds *kinds, Str id) {
    for (size_t i = 0; i < kinds->count; i++) {
        if (ak_str_equal(kinds->items[i].id, id)) return &kinds->items[i];
    }
    return NULL;
}

const KindParameter *ak_kind_parameter(const Kind *kind, Str name) {
    for (size_t i = 0; i < kind->parameter_count; i++) {
        if (ak_str_equal(kind->parameters[i].name, name)) return &kind->parameters[i];
    }
    return NULL;
}

yyjson_val *ak_kind_value(const Kind *kind, yyjson_val *parameters, Str name) {
    yyjson_val *value = parameters ? yyjson_obj_getn(parameters, name.data, name.length) : NULL;
    if (value) return value;
    const KindParameter *parameter = ak_kind_parameter(kind, name);
    return parameter ? parameter->fallback : NULL;
}

bool ak_kind_agrees(const Kind *kind, yyjson_val *when, yyjson_val *parameters) {
    if (!when) return true; /* yyjson's loop wants an object */
    size_t i, count;
    yyjson_val *key, *wanted;
    yyjson_obj_foreach(when, i, count, key, wanted) {
        yyjson_val *value = ak_kind_value(kind, parameters, ak_json_str(key));
        if (!value || !yyjson_equals(value, wanted)) return false;
    }
    return true;
}

const KindCase *ak_kind_case(const Kind *kind, yyjson_val *parameters) {
    for (size_t i = 0; i < kind->case_count; i++) {
        if (ak_kind_agrees(kind, kind->cases[i].when, parameters)) return &kind->cases[i];
    }
    return NULL;
}

/* ---- Templates */

static void put_value(Buf *buf, yyjson_val *value) {
    if (yyjson_is_str(value)) ak_buf_str(buf, ak_json_str(value));
    else if (yyjson_is_bool(value)) ak_buf_text(buf, yyjson_get_bool(value) ? "true" : "false");
    else if (yyjson_is_uint(value)) ak_buf_format(buf, "%llu", (unsigned long long)yyjson_get_uint(value));
    size_t i, count;
    yyjson_val *item;
    yyjson_arr_foreach(value, i, count, item) {
        if (i) ak_buf_text(buf, ", ");
        ak_buf_str(buf, ak_json_str(item));
    }
}

/* Puts what `{name}` stands for; false when nothing has that name. */
static bool put_name(Buf *buf, Str name, const Kind *kind, yyjson_val *parameters, const KindWord *words,
                     size_t word_count) {
    for (size_t i = 0; i < word_count; i++) {
        if (ak_str_equal(words[i].name, name)) return ak_buf_str(buf, words[i].value), true;
    }
    yyjson_val *value = ak_kind_value(kind, parameters, name);
    if (value) put_value(buf, value);
    return value != NULL;
}

void ak_kind_expand(Buf *buf, Str template, const Kind *kind, yyjson_val *parameters, const KindWord *words,
                    size_t word_count) {
    size_t at = 0;
    while (at < template.length) {
        size_t open = ak_str_find_byte(template, '{', at);
        if (open == SIZE_MAX) open = template.length;
        ak_buf_str(buf, ak_str_slice(template, at, open));
        size_t close = ak_str_find_byte(template, '}', open);
        if (open == template.length) return;
        if (close != SIZE_MAX &&
            put_name(buf, ak_str_slice(template, open + 1, close), kind, parameters, words, word_count)) {
            at = close + 1;
        } else {
            ak_buf_byte(buf, '{');
            at = open + 1;
        }
    }
}

Str ak_kind_text(Arena *arena, Str template, const Kind *kind, yyjson_val *parameters, const KindWord *words,
                 size_t word_count) {
    Buf buf = {.arena = arena};
    ak_kind_expand(&buf, template, kind, parameters, words, word_count);
    ak_buf_bytes(&buf, "", 0);
    Str text = ak_buf_view(&buf);
    if (!ak_arena_ok(arena)) return (Str){0};
    return text.data ? text : (Str){"", 0};
}
