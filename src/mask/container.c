/* Every grammar that is referred to has a rule around its start symbol, so that they may refer to each other in a
 * circle; a worklist builds them. */
#include "mask/container.h"
#include "base/json.h"
#include "mask/json_schema.h"
#include "mask/lark.h"

typedef struct Entry {
    yyjson_val *lark, *schema; /* one of the two */
    Symbol rule;               /* around `start`, once something refers to it */
    Symbol start;              /* once it is built */
    float temperature;         /* of its terminals; 0: what its rules say */
} Entry;

typedef struct Container {
    LarkOthers others; /* first: what lark_build.c is handed */
    Grammar *grammar;
    const char *file;
    yyjson_val *list; /* of the grammars; NULL: none was found yet */
    Str *names;       /* "": it has none */
    Entry *entries;
    VEC(size_t) agenda; /* entries with a rule that has no body so far */
    ananke_error *err;
} Container;

/* ---- Reading */

static bool fail(Container *self, size_t index, const char *what) {
    return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "/grammars/%zu: %s", index, what);
}

static bool take_name(Container *self, size_t index, yyjson_val *value) {
    if (!yyjson_is_str(value)) return fail(self, index, "a grammar's name is a string");
    Str name = ak_json_str(value);
    for (size_t i = 0; name.length && i < index; i++) {
        if (ak_str_equal(self->names[i], name)) return fail(self, index, "another grammar has that name already");
    }
    self->names[index] = name;
    return true;
}

static bool take_lark(Container *self, size_t index, yyjson_val *value) {
    self->entries[index].lark = value;
    return yyjson_is_str(value) || fail(self, index, "a Lark grammar is a string");
}

static bool take_schema(Container *self, size_t index, yyjson_val *value) {
    self->entries[index].schema = value;
    return true;
}

static bool read_entry(Container *self, size_t index, yyjson_val *object) {
    static const struct {
        const char *name;
        bool (*take)(Container *self, size_t index, yyjson_val *value);
    } members[] = {{"name", take_name}, {"lark_grammar", take_lark}, {"json_schema", take_schema}};
    if (!yyjson_is_obj(object)) return fail(self, index, "a grammar is an object");
    yyjson_obj_iter each = yyjson_obj_iter_with(object);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&each));) {
        yyjson_val *value = yyjson_obj_iter_get_val(key);
        size_t i = 0, count = sizeof members / sizeof *members;
        while (i < count && !ak_str_equal(ak_json_str(key), ak_str(members[i].name))) i++;
        if (i == count) {
            return ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "/grammars/%zu: the member '%.*s' is not supported",
                           index, STR_ARGS(ak_json_str(key)));
        }
        if (!yyjson_is_null(value) && !members[i].take(self, index, value)) return false;
    }
    const Entry *entry = &self->entries[index];
    return !entry->lark != !entry->schema || fail(self, index, "a grammar has either lark_grammar or json_schema");
}

static bool take_grammars(Container *self, yyjson_val *value) {
    self->list = value;
    return true;
}

/* Numbers are as they are written. */
static bool take_max_tokens(Container *self, yyjson_val *value) {
    Str digits = {yyjson_get_raw(value), yyjson_get_len(value)};
    uint32_t number = 0, i = 0;
    for (; yyjson_is_raw(value) && i < digits.length && digits.data[i] >= '0' && digits.data[i] <= '9'; i++)
        number = number > AK_MAX_TOKENS / 10 ? AK_MAX_TOKENS : number * 10 + (uint32_t)(digits.data[i] - '0');
    self->grammar->text_tokens = number;
    return (number && i == digits.length) ||
           ak_fail(self->err, ANANKE_ERROR_SYNTAX, "/max_tokens is to be a whole number from 1 on");
}

static bool read_members(Container *self, yyjson_val *root) {
    static const struct {
        const char *name;
        bool (*take)(Container *self, yyjson_val *value);
    } members[] = {{"grammars", take_grammars}, {"max_tokens", take_max_tokens}};
    yyjson_obj_iter each = yyjson_obj_iter_with(root);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&each));) {
        yyjson_val *value = yyjson_obj_iter_get_val(key);
        size_t i = 0, count = sizeof members / sizeof *members;
        while (i < count && !ak_str_equal(ak_json_str(key), ak_str(members[i].name))) i++;
        if (yyjson_is_null(value)) continue;
        if (i < count && !members[i].take(self, value)) return false;
        if (i == count)
            return ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "the member '%.*s' is not supported",
                           STR_ARGS(ak_json_str(key)));
    }
    return (yyjson_is_arr(self->list) && yyjson_arr_size(self->list)) ||
           ak_fail(self->err, ANANKE_ERROR_SYNTAX, "/grammars is to be a list with one grammar at least");
}

static bool read_container(Container *self, Str text) {
    Arena *arena = self->grammar->arena;
    yyjson_doc *doc = ak_json_parse_raw(arena, text, self->file, self->err);
    yyjson_val *item;
    if (!doc || !read_members(self, yyjson_doc_get_root(doc))) return false;
    self->others.count = yyjson_arr_size(self->list);
    self->others.names = self->names = ak_new_array(arena, Str, self->others.count);
    self->entries = ak_new_array(arena, Entry, self->others.count);
    if (!ak_arena_ok(arena)) return ak_fail_memory(self->err, arena);
    yyjson_arr_iter each = yyjson_arr_iter_with(self->list);
    for (size_t i = 0; (item = yyjson_arr_iter_next(&each)); i++) {
        if (!read_entry(self, i, item)) return false;
    }
    return true;
}

/* ---- Building */

static Symbol rule_of(LarkOthers *others, size_t index) {
    Container *self = (Container *)others;
    Entry *entry = &self->entries[index];
    float temperature = self->grammar->temperature_now;
    if ((entry->rule || index == 0) && entry->temperature != temperature) return AK_SYMBOL_FAILED;
    if (entry->rule) return entry->rule;
    entry->temperature = temperature;
    entry->rule = ak_grammar_rule(self->grammar, self->names[index]);
    return ak_vec_push(self->grammar->arena, &self->agenda, index) ? entry->rule : (Symbol)AK_SYMBOL_FAILED;
}

static bool build_schema(Container *self, size_t index) {
    Entry *entry = &self->entries[index];
    ananke_error inner = {0};
    Str text = ak_json_print_value(self->grammar->arena, entry->schema, false, self->err);
    if (!text.data) return false;
    ak_grammar_ignore(self->grammar, AK_EXPR_NOTHING);
    if (ak_json_schema(self->grammar, text, NULL, &entry->start, &inner)) return true;
    ak_fail(self->err, inner.code, "/grammars/%zu/json_schema: %s", index, inner.message);
    if (inner.hint[0]) ak_hint(self->err, "%s", inner.hint);
    return false;
}

static bool build_entry(Container *self, size_t index) {
    Entry *entry = &self->entries[index];
    self->grammar->temperature_now = entry->temperature;
    if (entry->schema) return build_schema(self, index);
    Str file = ak_arena_format(self->grammar->arena, "%s#/grammars/%zu/lark_grammar", self->file, index);
    if (!file.data) return ak_fail_memory(self->err, self->grammar->arena);
    return ak_lark_add(self->grammar, ak_json_str(entry->lark), file.data, &self->others, index == 0, &entry->start,
                       self->err);
}

static bool build_all(Container *self) {
    if (!build_entry(self, 0)) return false;
    for (size_t i = 0; i < self->agenda.count; i++) {
        Entry *entry = &self->entries[self->agenda.items[i]];
        if (!entry->start && !build_entry(self, self->agenda.items[i])) return false;
        ak_grammar_add(self->grammar, entry->rule, &entry->start, 1);
    }
    return ak_grammar_ok(self->grammar, self->err);
}

bool ak_llguidance_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    if (!ak_str_starts(ak_str_trim(text), STR("{"))) return ak_lark_build(grammar, text, file, start, err);
    Container self = {.others = {.symbol = rule_of}, .grammar = grammar, .file = file, .err = err};
    if (!read_container(&self, text) || !build_all(&self)) return false;
    *start = self.entries[0].start;
    return true;
}
