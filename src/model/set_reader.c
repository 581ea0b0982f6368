/* Reading a constraint set: the values of a document against tables of keys.
 *
 * The reader does not keep places: a value's number (its distance from the root) is enough to find where it stands, by the table that the YAML reader
 * made or by scanning the JSON text again, when an error has to be told. */
#include "model/set_reader.h"
#include "base/buf.h"
#include "base/map.h"
#include "model/pattern.h"
#include <assert.h>
#include <stdio.h>

/* ---- Places of values */

static size_t skip_string(Str text, size_t at) {
    for (at++; at < text.length && text.data[at] != '"'; at++) {
        if (text.data[at] == '\\') at++;
    }
    return at + 1;
}

/* Where value `number` of a valid JSON text begins. */
static size_t json_offset(Str text, size_t number) {
    for (size_t at = 0; at < text.length;) {
        char byte = text.data[at];
        size_t end = at + 1;
        if (strchr(" \t\r\n,:]}", byte)) {
            at = end;
            continue;
        }
        if (number-- == 0) return at;
        if (byte == '"') end = skip_string(text, at);
        else if (byte != '{' && byte != '[') {
            while (end < text.length && !strchr(" \t\r\n,:]}", text.data[end])) end++;
        }
        at = end;
    }
    return text.length;
}

static size_t offset_of(const SetReader *self, yyjson_val *value) {
    size_t number = (size_t)(value - yyjson_doc_get_root(self->doc));
    if (self->places.count) return number < self->places.count ? self->places.offsets[number] : self->text.length;
    return json_offset(self->text, number);
}

ANANKE_PRINTF(3, 4) static bool wrong(SetReader *self, yyjson_val *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char message[512];
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (!self->text.data) return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "%s", message);
    return ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file, self->text, offset_of(self, at), "%s", message);
}

static bool no_memory(SetReader *self) {
    return ak_fail_memory(self->err, self->arena);
}

/* "did you mean": the nearest of what is known, else all of it. */
static bool suggest(SetReader *self, Str word, const Str *known, size_t count) {
    Str near = ak_str_nearest(word, known, count);
    if (near.length) return ak_hint(self->err, "did you mean `%.*s`?", STR_ARGS(near));
    Buf list = {.arena = self->arena};
    for (size_t i = 0; i < count; i++) ak_buf_format(&list, "%s%.*s", i ? ", " : "", STR_ARGS(known[i]));
    return ak_hint(self->err, "known are: %s", ak_buf_view(&list).data);
}

/* ---- Values of one type */

static bool read_text(SetReader *self, yyjson_val *value, const char *what, Str *text) {
    *text = ak_json_str(value);
    if (!text->data) return wrong(self, value, "%s must be a text, not %s", what, yyjson_get_type_desc(value));
    if (memchr(text->data, '\0', text->length)) return wrong(self, value, "%s holds a NUL character", what);
    return true;
}

static bool read_count(SetReader *self, yyjson_val *value, const char *what, uint32_t *count) {
    if (!yyjson_is_uint(value) || yyjson_get_uint(value) > INT32_MAX)
        return wrong(self, value, "%s must be a whole number from 0 to %d", what, INT32_MAX);
    *count = (uint32_t)yyjson_get_uint(value);
    return true;
}

static bool read_texts(SetReader *self, yyjson_val *list, const char *what, const Str **texts, size_t *count) {
    if (!yyjson_is_arr(list)) return wrong(self, list, "%s must be a list of texts", what);
    Str *items = ak_new_array(self->arena, Str, yyjson_arr_size(list));
    if (!items) return no_memory(self);
    size_t i, size;
    yyjson_val *item;
    yyjson_arr_foreach(list, i, size, item) {
        if (!read_text(self, item, what, &items[i])) return false;
    }
    *texts = items, *count = yyjson_arr_size(list);
    return true;
}

/* ---- Objects: a table of keys, and a function for the value of each */

typedef struct Key {
    const char *name;
    bool (*read)(SetReader *self, yyjson_val *value, void *into);
} Key;

static bool unknown_key(SetReader *self, yyjson_val *key, const Key *keys, size_t count) {
    Str names[32];
    assert(count <= sizeof names / sizeof *names);
    for (size_t i = 0; i < count; i++) names[i] = ak_str(keys[i].name);
    Str name = ak_json_str(key);
    wrong(self, key, "unknown key `%.*s`", STR_ARGS(name));
    return suggest(self, name, names, count);
}

static bool read_object(SetReader *self, yyjson_val *object, const char *what, const Key *keys, size_t key_count,
                        void *into) {
    if (!yyjson_is_obj(object))
        return wrong(self, object, "%s must be an object, not %s", what, yyjson_get_type_desc(object));
    size_t i, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(object, i, count, key, value) {
        size_t at = 0;
        while (at < key_count && !yyjson_equals_str(key, keys[at].name)) at++;
        if (at == key_count) return unknown_key(self, key, keys, key_count);
        if (!keys[at].read(self, value, into)) return false;
    }
    return true;
}

#define READ_OBJECT(self, object, what, keys, into) \
    read_object(self, object, what, keys, sizeof keys / sizeof *keys, into)

/* ---- Instances */

static bool instance_file(SetReader *self, yyjson_val *value, void *into) {
    return read_text(self, value, "`file`", &((Instance *)into)->file);
}

static bool instance_line(SetReader *self, yyjson_val *value, void *into) {
    return read_count(self, value, "`line`", &((Instance *)into)->line);
}

static bool instance_column(SetReader *self, yyjson_val *value, void *into) {
    return read_count(self, value, "`column`", &((Instance *)into)->column);
}

static bool instance_text(SetReader *self, yyjson_val *value, void *into) {
    return read_text(self, value, "`text`", &((Instance *)into)->text);
}

static const Key instance_keys[] = {
    {"file", instance_file}, {"line", instance_line}, {"column", instance_column}, {"text", instance_text}};

static bool read_instances(SetReader *self, yyjson_val *list, const char *what, const Instance **instances,
                           size_t *count) {
    if (!yyjson_is_arr(list)) return wrong(self, list, "%s must be a list", what);
    Instance *items = ak_new_array(self->arena, Instance, yyjson_arr_size(list));
    if (!items) return no_memory(self);
    size_t i, size;
    yyjson_val *item;
    yyjson_arr_foreach(list, i, size, item) {
        items[i] = (Instance){.file = STR(""), .text = STR("")};
        if (!READ_OBJECT(self, item, what, instance_keys, &items[i])) return false;
    }
    *instances = items, *count = yyjson_arr_size(list);
    return true;
}

/* ---- A constraint's keys, in the order of the format's description */

static bool key_id(SetReader *self, yyjson_val *value, void *into) {
    Str text;
    if (!read_text(self, value, "`id`", &text)) return false;
    if (!text.length) return wrong(self, value, "`id` is empty");
    ((Constraint *)into)->view.id = text.data;
    return true;
}

static bool key_kind(SetReader *self, yyjson_val *value, void *into) {
    Constraint *it = into;
    Str text;
    if (!read_text(self, value, "`kind`", &text)) return false;
    it->kind = ak_kind_find(&self->set->kinds, text);
    it->view.kind = text.data;
    if (it->kind) return true;
    Str *names = ak_new_array(self->arena, Str, self->set->kinds.count);
    if (!names) return no_memory(self);
    for (size_t i = 0; i < self->set->kinds.count; i++) names[i] = self->set->kinds.items[i].id;
    wrong(self, value, "unknown kind `%.*s`", STR_ARGS(text));
    return suggest(self, text, names, self->set->kinds.count);
}

static bool key_severity(SetReader *self, yyjson_val *value, void *into) {
    const Str known[] = {STR("error"), STR("warning"), STR("info")};
    Str text;
    if (!read_text(self, value, "`severity`", &text)) return false;
    ananke_severity severity = ak_severity_from(text);
    ((Constraint *)into)->view.severity = severity;
    if (severity) return true;
    wrong(self, value, "unknown severity `%.*s`", STR_ARGS(text));
    return suggest(self, text, known, sizeof known / sizeof *known);
}

static bool key_language(SetReader *self, yyjson_val *value, void *into) {
    Str text;
    if (!read_text(self, value, "`language`", &text)) return false;
    ((Constraint *)into)->view.language = text.data;
    return true;
}

static bool key_message(SetReader *self, yyjson_val *value, void *into) {
    Str text;
    if (!read_text(self, value, "`message`", &text)) return false;
    ((Constraint *)into)->view.message = text.data;
    return true;
}

static bool key_parameters(SetReader *self, yyjson_val *value, void *into) {
    if (!yyjson_is_obj(value))
        return wrong(self, value, "`parameters` must be an object, not %s", yyjson_get_type_desc(value));
    ((Constraint *)into)->parameters = value; /* verified against the kind when the whole constraint is known */
    return true;
}

static bool scope_paths(SetReader *self, yyjson_val *value, void *into) {
    Constraint *it = into;
    return read_texts(self, value, "`paths`", &it->paths, &it->path_count);
}

static bool scope_exclude(SetReader *self, yyjson_val *value, void *into) {
    Constraint *it = into;
    return read_texts(self, value, "`exclude`", &it->exclude, &it->exclude_count);
}

static const Key scope_keys[] = {{"paths", scope_paths}, {"exclude", scope_exclude}};

static bool key_scope(SetReader *self, yyjson_val *value, void *into) {
    return READ_OBJECT(self, value, "`scope`", scope_keys, into);
}

static bool key_confidence(SetReader *self, yyjson_val *value, void *into) {
    double number = yyjson_get_num(value);
    if (!yyjson_is_num(value) || !(number >= 0 && number <= 1))
        return wrong(self, value, "`confidence` must be a number from 0 to 1");
    ((Constraint *)into)->view.confidence = number;
    return true;
}

static bool key_support(SetReader *self, yyjson_val *value, void *into) {
    return read_count(self, value, "`support`", &((Constraint *)into)->view.support);
}

static bool key_exceptions(SetReader *self, yyjson_val *value, void *into) {
    Constraint *it = into;
    return read_instances(self, value, "`exceptions`", &it->exceptions, &it->exceptions_listed);
}

static bool key_exception_count(SetReader *self, yyjson_val *value, void *into) {
    return read_count(self, value, "`exception_count`", &((Constraint *)into)->view.exception_count);
}

static bool provenance_source(SetReader *self, yyjson_val *value, void *into) {
    (void)into;
    Str text;
    return read_text(self, value, "`source`", &text);
}

static bool provenance_files(SetReader *self, yyjson_val *value, void *into) {
    (void)into;
    uint32_t count;
    return read_count(self, value, "`files`", &count);
}

static bool provenance_evidence(SetReader *self, yyjson_val *value, void *into) {
    Constraint *it = into;
    return read_instances(self, value, "`evidence`", &it->evidence, &it->evidence_count);
}

static const Key provenance_keys[] = {
    {"source", provenance_source}, {"files", provenance_files}, {"evidence", provenance_evidence}};

static bool key_provenance(SetReader *self, yyjson_val *value, void *into) {
    return READ_OBJECT(self, value, "`provenance`", provenance_keys, into);
}

static bool key_priority(SetReader *self, yyjson_val *value, void *into) {
    int64_t number = yyjson_get_sint(value);
    if (!yyjson_is_int(value) || number < INT32_MIN || number > INT32_MAX)
        return wrong(self, value, "`priority` must be a whole number");
    ((Constraint *)into)->priority = number;
    return true;
}

static const Key constraint_keys[] = {
    {"id", key_id},
    {"kind", key_kind},
    {"severity", key_severity},
    {"language", key_language},
    {"message", key_message},
    {"parameters", key_parameters},
    {"scope", key_scope},
    {"confidence", key_confidence},
    {"support", key_support},
    {"exceptions", key_exceptions},
    {"exception_count", key_exception_count},
    {"provenance", key_provenance},
    {"priority", key_priority},
};

/* ---- Parameters against the kind */

static bool is_value(const KindParameter *parameter, Str text) {
    for (size_t i = 0; i < parameter->value_count; i++) {
        if (ak_str_equal(parameter->values[i], text)) return true;
    }
    return parameter->value_count == 0;
}

static bool read_choice(SetReader *self, yyjson_val *value, const KindParameter *parameter) {
    Str text;
    if (!read_text(self, value, parameter->name.data, &text)) return false;
    if (is_value(parameter, text)) return true;
    wrong(self, value, "`%.*s` cannot be `%.*s`", STR_ARGS(parameter->name), STR_ARGS(text));
    return suggest(self, text, parameter->values, parameter->value_count);
}

static bool read_regex(SetReader *self, yyjson_val *value, const KindParameter *parameter) {
    Str text;
    char problem[128];
    size_t at;
    if (!read_text(self, value, parameter->name.data, &text)) return false;
    if (ak_pattern_new(self->arena, text, problem, &at)) return true;
    if (!problem[0]) return no_memory(self);
    return wrong(self, value, "`%.*s` is no regular expression: %s at byte %zu", STR_ARGS(parameter->name), problem,
                 at + 1);
}

static bool read_list(SetReader *self, yyjson_val *value, const KindParameter *parameter) {
    const Str *texts;
    size_t count, i, size;
    yyjson_val *item;
    if (!read_texts(self, value, parameter->name.data, &texts, &count)) return false;
    yyjson_arr_foreach(value, i, size, item) {
        if (!read_choice(self, item, parameter)) return false;
    }
    return true;
}

static bool read_parameter(SetReader *self, yyjson_val *value, const KindParameter *parameter) {
    Str text;
    uint32_t count;
    switch (parameter->type) {
    case PARAMETER_STRING: return read_text(self, value, parameter->name.data, &text);
    case PARAMETER_ENUM: return read_choice(self, value, parameter);
    case PARAMETER_REGEX: return read_regex(self, value, parameter);
    case PARAMETER_LIST: return read_list(self, value, parameter);
    case PARAMETER_COUNT: return read_count(self, value, parameter->name.data, &count);
    case PARAMETER_BOOL:
        return yyjson_is_bool(value) || wrong(self, value, "`%.*s` must be true or false", STR_ARGS(parameter->name));
    }
    return false;
}

static bool unknown_parameter(SetReader *self, yyjson_val *key, const Kind *kind) {
    Str *names = ak_new_array(self->arena, Str, kind->parameter_count);
    if (!names) return no_memory(self);
    for (size_t i = 0; i < kind->parameter_count; i++) names[i] = kind->parameters[i].name;
    Str name = ak_json_str(key);
    wrong(self, key, "kind `%.*s` has no parameter `%.*s`", STR_ARGS(kind->id), STR_ARGS(name));
    return suggest(self, name, names, kind->parameter_count);
}

static bool read_given(SetReader *self, const Constraint *it) {
    if (!it->parameters) return true; /* yyjson's loop wants an object */
    size_t i, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(it->parameters, i, count, key, value) {
        const KindParameter *parameter = ak_kind_parameter(it->kind, ak_json_str(key));
        if (!parameter) return unknown_parameter(self, key, it->kind);
        if (!read_parameter(self, value, parameter)) return false;
    }
    return true;
}

static bool read_parameters(SetReader *self, Constraint *it, yyjson_val *json) {
    if (!read_given(self, it)) return false;
    for (size_t i = 0; i < it->kind->parameter_count; i++) {
        const KindParameter *parameter = &it->kind->parameters[i];
        if (parameter->required && !ak_kind_value(it->kind, it->parameters, parameter->name))
            return wrong(self, json, "constraint `%s`: kind `%s` needs the parameter `%.*s`", it->view.id,
                         it->view.kind, STR_ARGS(parameter->name));
    }
    it->about = ak_kind_case(it->kind, it->parameters);
    return it->about ||
           wrong(self, json, "constraint `%s`: no case of kind `%s` has these parameters", it->view.id, it->view.kind);
}

/* ---- Constraints and documents */

/* What the file leaves out comes from the kind. */
static bool fill_view(SetReader *self, Constraint *it) {
    ananke_constraint *view = &it->view;
    view->category = it->about->category.data;
    if (!view->severity) view->severity = it->about->severity;
    if (!view->message)
        view->message = ak_kind_text(self->arena, it->about->message, it->kind, it->parameters, NULL, 0).data;
    Str parameters = it->parameters ? ak_json_print_value(self->arena, it->parameters, false, NULL) : STR("{}");
    view->parameters = parameters.data;
    if (view->exception_count < it->exceptions_listed) view->exception_count = (uint32_t)it->exceptions_listed;
    return (view->message && view->parameters) || no_memory(self);
}

static bool read_constraint(SetReader *self, Constraint *it, yyjson_val *json) {
    *it = (Constraint){.view = {.language = "", .confidence = 1}, .json = json};
    if (!READ_OBJECT(self, json, "a constraint", constraint_keys, it)) return false;
    if (!it->view.id) return wrong(self, json, "a constraint has no `id`");
    if (!it->kind) return wrong(self, json, "constraint `%s` has no `kind`", it->view.id);
    return read_parameters(self, it, json) && fill_view(self, it);
}

static bool read_constraints(SetReader *self, yyjson_val *list, void *into) {
    (void)into;
    ananke_constraints *set = self->set;
    if (!yyjson_is_arr(list))
        return wrong(self, list, "`constraints` must be a list, not %s", yyjson_get_type_desc(list));
    set->items = ak_new_array(self->arena, Constraint, yyjson_arr_size(list));
    if (!set->items) return no_memory(self);
    Map ids = {.arena = self->arena};
    size_t i, count;
    yyjson_val *item;
    yyjson_arr_foreach(list, i, count, item) {
        bool is_new;
        Constraint *it = &set->items[i];
        if (!read_constraint(self, it, item)) return false;
        if (!ak_map_put(&ids, ak_str(it->view.id), &is_new)) return no_memory(self);
        if (!is_new) return wrong(self, yyjson_obj_get(item, "id"), "two constraints have the id `%s`", it->view.id);
        set->count = i + 1;
    }
    return true;
}

static bool read_version(SetReader *self, yyjson_val *value, void *into) {
    (void)into;
    if (!yyjson_is_uint(value) || yyjson_get_uint(value) == 0)
        return wrong(self, value, "`version` must be %d", AK_SET_VERSION);
    if (yyjson_get_uint(value) == AK_SET_VERSION) return true;
    wrong(self, value, "format version %llu is newer than %d, which this program reads",
          (unsigned long long)yyjson_get_uint(value), AK_SET_VERSION);
    if (self->err) self->err->code = ANANKE_ERROR_UNSUPPORTED;
    return false;
}

static const Key document_keys[] = {{"version", read_version}, {"constraints", read_constraints}};

/* No object may have a key twice: yyjson would take the first, and nobody would know. */
static bool verify_keys(SetReader *self) {
    yyjson_val *values = yyjson_doc_get_root(self->doc);
    for (size_t at = 0; at < yyjson_doc_get_val_count(self->doc); at++) {
        if (!yyjson_is_obj(&values[at])) continue;
        ArenaMark mark = ak_arena_mark(self->arena);
        Map seen = {.arena = self->arena};
        size_t i, count;
        yyjson_val *key, *value;
        yyjson_obj_foreach(&values[at], i, count, key, value) {
            bool is_new;
            if (!ak_map_put(&seen, ak_json_str(key), &is_new)) return no_memory(self);
            if (!is_new) return wrong(self, key, "the key `%s` stands here twice", ak_json_str(key).data);
        }
        ak_arena_rewind(self->arena, mark);
    }
    return true;
}

bool ak_set_read(SetReader *self) {
    yyjson_val *root = yyjson_doc_get_root(self->doc);
    if (!verify_keys(self) || !READ_OBJECT(self, root, "a constraints file", document_keys, NULL)) return false;
    if (!yyjson_obj_get(root, "version"))
        return wrong(self, root, "`version` is missing") ||
               ak_hint(self->err, "begin with \"version\": %d", AK_SET_VERSION);
    return yyjson_obj_get(root, "constraints") || wrong(self, root, "`constraints` is missing");
}
