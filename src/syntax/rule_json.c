/* Reading grammar.json. */
#include "syntax/rule_json.h"
#include "base/json.h"

enum { NESTING_MAX = 200 };

typedef struct Reading {
    Arena *arena;
    ananke_error *err;
    Str place; /* the rule that is being read */
    uint32_t depth;
} Reading;

static const struct {
    const char *type;
    RuleKind kind;
} kinds[] = {
    {"BLANK", RULE_BLANK},   {"STRING", RULE_STRING},  {"PATTERN", RULE_PATTERN}, {"SYMBOL", RULE_SYMBOL},
    {"SEQ", RULE_SEQ},       {"CHOICE", RULE_CHOICE},  {"REPEAT", RULE_REPEAT},   {"REPEAT1", RULE_REPEAT1},
    {"TOKEN", RULE_TOKEN},   {"FIELD", RULE_FIELD},    {"ALIAS", RULE_ALIAS},     {"IMMEDIATE_TOKEN", RULE_IMMEDIATE},
    {"PREC", RULE_PREC},     {"PREC_LEFT", RULE_PREC}, {"PREC_RIGHT", RULE_PREC}, {"PREC_DYNAMIC", RULE_PREC},
    {"RESERVED", RULE_PREC},
};

static const Rule *fail(const Reading *self, const char *what) {
    ak_fail(self->err, ANANKE_ERROR_SYNTAX, "rule %.*s: %s", STR_ARGS(self->place), what);
    return NULL;
}

static const Rule *out_of_memory(const Reading *self) {
    ak_fail_memory(self->err, self->arena);
    return NULL;
}

static Str text_at(yyjson_val *value, const char *key) {
    return ak_json_str(yyjson_obj_get(value, key));
}

static const Rule *read_rule(Reading *self, yyjson_val *value);

static const Rule *read_members(Reading *self, RuleKind kind, yyjson_val *list) {
    size_t count = yyjson_arr_size(list), i, max;
    const Rule **members = ak_new_array(self->arena, const Rule *, count ? count : 1);
    if (!members) return out_of_memory(self);
    yyjson_val *item;
    yyjson_arr_foreach(list, i, max, item) {
        if (!(members[i] = read_rule(self, item))) return NULL;
    }
    const Rule *rule = ak_rule_with(self->arena, kind, members, count);
    return rule ? rule : out_of_memory(self);
}

static void read_precedence(Rule *rule, Str type, yyjson_val *value) {
    if (ak_str_equal(type, STR("PREC_DYNAMIC")) || ak_str_equal(type, STR("RESERVED"))) return;
    if (ak_str_equal(type, STR("PREC_LEFT"))) rule->associativity = ASSOCIATES_LEFT;
    if (ak_str_equal(type, STR("PREC_RIGHT"))) rule->associativity = ASSOCIATES_RIGHT;
    rule->precedence = (Precedence){yyjson_get_int(value), ak_json_str(value)};
}

static const Rule *read_content(Reading *self, RuleKind kind, Str type, yyjson_val *value) {
    const Rule *content = read_rule(self, yyjson_obj_get(value, "content"));
    if (!content) return NULL;
    Rule *rule = ak_rule_with(self->arena, kind, &content, 1);
    if (!rule) return out_of_memory(self);
    if (kind == RULE_FIELD) rule->text = text_at(value, "name");
    if (kind == RULE_ALIAS)
        rule->text = text_at(value, "value"), rule->is_named = yyjson_get_bool(yyjson_obj_get(value, "named"));
    if (kind == RULE_PREC) read_precedence(rule, type, yyjson_obj_get(value, "value"));
    return rule;
}

static const Rule *read_kind(Reading *self, RuleKind kind, Str type, yyjson_val *value) {
    Rule *leaf;
    switch (kind) {
    case RULE_BLANK:
    case RULE_STRING:
    case RULE_PATTERN:
    case RULE_SYMBOL:
        leaf = ak_rule_new(self->arena, kind, text_at(value, kind == RULE_SYMBOL ? "name" : "value"));
        if (!leaf) return out_of_memory(self);
        leaf->flags = text_at(value, "flags");
        return leaf->text.length || kind == RULE_BLANK ? leaf : fail(self, "an empty string, pattern or name");
    case RULE_SEQ:
    case RULE_CHOICE: return read_members(self, kind, yyjson_obj_get(value, "members"));
    default: return read_content(self, kind, type, value);
    }
}

static const Rule *read_rule(Reading *self, yyjson_val *value) {
    Str type = text_at(value, "type");
    if (self->depth >= NESTING_MAX) return fail(self, "nested too deeply");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!ak_str_equal(type, ak_str(kinds[i].type))) continue;
        self->depth++;
        const Rule *rule = read_kind(self, kinds[i].kind, type, value);
        self->depth--;
        return rule;
    }
    ak_fail(self->err, ANANKE_ERROR_SYNTAX, "rule %.*s: unknown type '%.*s'", STR_ARGS(self->place), STR_ARGS(type));
    return NULL;
}

static bool read_order(Rulebook *self, yyjson_val *list) {
    Order order = {ak_new_array(self->arena, OrderEntry, yyjson_arr_size(list)), 0};
    if (!order.entries) return false;
    size_t i, max;
    yyjson_val *item;
    yyjson_arr_foreach(list, i, max, item) {
        bool is_rule = ak_str_equal(text_at(item, "type"), STR("SYMBOL"));
        order.entries[order.count++] = (OrderEntry){text_at(item, is_rule ? "name" : "value"), is_rule};
    }
    return ak_vec_push(self->arena, &self->orders, order);
}

static bool read_lists(Rulebook *self, Reading *reading, yyjson_val *root) {
    size_t i, max;
    yyjson_val *item;
    reading->place = STR("extras");
    yyjson_arr_foreach(yyjson_obj_get(root, "extras"), i, max, item) {
        const Rule *extra = read_rule(reading, item);
        if (!extra) return false;
        if (!ak_vec_push(self->arena, &self->extras, extra)) return ak_fail_memory(reading->err, self->arena);
    }
    yyjson_arr_foreach(yyjson_obj_get(root, "inline"), i, max, item) {
        if (!ak_vec_push(self->arena, &self->inlined, ak_json_str(item)))
            return ak_fail_memory(reading->err, self->arena);
    }
    yyjson_arr_foreach(yyjson_obj_get(root, "precedences"), i, max, item) {
        if (!read_order(self, item)) return ak_fail_memory(reading->err, self->arena);
    }
    return true;
}

bool ak_rule_json_read(Rulebook *self, Str text, const char *file, ananke_error *err) {
    yyjson_doc *doc = ak_json_parse(self->arena, text, file, err);
    if (!doc) return false;
    yyjson_val *root = yyjson_doc_get_root(doc), *rules = yyjson_obj_get(root, "rules"), *key, *value;
    if (!yyjson_is_obj(rules)) return ak_fail(err, ANANKE_ERROR_SYNTAX, "a grammar has rules");
    self->name = text_at(root, "name"), self->word = text_at(root, "word");
    Reading reading = {.arena = self->arena, .err = err};
    size_t i, max;
    yyjson_obj_foreach(rules, i, max, key, value) {
        reading.place = ak_json_str(key);
        const Rule *rule = read_rule(&reading, value);
        if (!rule) return false;
        if (!ak_rulebook_put(self, reading.place, rule)) return ak_fail_memory(err, self->arena);
    }
    return read_lists(self, &reading, root);
}
