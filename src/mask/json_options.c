/* The options of JSON: first the caller's, then x-guidance over them. */
#include "mask/json_options.h"
#include "mask/json_schema_text.h"
#include "regex/regex.h"

enum { INDENT_MAX = 80 };

/* ---- The caller's */

static Expr any_space(Exprs *exprs) {
    ByteSet set = {0};
    for (const char *c = " \t\n\r"; *c; c++) set.words[(uint8_t)*c / 32] |= UINT32_C(1) << ((uint8_t)*c % 32);
    return ak_expr_repeat(exprs, ak_expr_set(exprs, &set), 0, AK_REPEAT_MANY);
}

static JsonOptions spaced(Exprs *exprs, ananke_json_whitespace whitespace) {
    JsonOptions options = {.gap = AK_EXPR_EMPTY,
                           .separator_gap = AK_EXPR_EMPTY,
                           .item = ak_expr_byte(exprs, ','),
                           .key = ak_expr_byte(exprs, ':')};
    if (whitespace == ANANKE_JSON_BOUNDED) options.gap = ak_json_space(exprs);
    if (whitespace == ANANKE_JSON_FREE) options.gap = options.separator_gap = any_space(exprs);
    if (whitespace == ANANKE_JSON_SPACED) options.item = ak_expr_literal(exprs, STR(", "));
    if (whitespace == ANANKE_JSON_INDENTED) options.is_indented = options.is_empty_apart = true;
    bool has_blank = whitespace == ANANKE_JSON_SPACED || whitespace == ANANKE_JSON_INDENTED;
    if (has_blank) options.key = ak_expr_literal(exprs, STR(": "));
    return options;
}

/* A regular expression; `name` is for the error. */
static bool read_regex(Exprs *exprs, Str text, const char *name, Expr *expr, ananke_error *err) {
    ananke_error inner = {0};
    *expr = ak_regex_parse(exprs, &(RegexText){.text = text, .source = text}, &inner);
    return *expr != AK_EXPR_FAILED || ak_fail(err, inner.code, "JSON Schema: %s: %s", name, inner.message);
}

static bool read_options(JsonOptions *self, const ananke_json_options *options, Exprs *exprs, ananke_error *err) {
    static const ananke_json_options none = {.whitespace = ANANKE_JSON_BOUNDED};
    if (!options) options = &none;
    if ((unsigned)options->whitespace > ANANKE_JSON_FREE)
        return ak_fail(err, ANANKE_ERROR_USAGE, "whitespace of JSON: %u is none", (unsigned)options->whitespace);
    if (options->indent > INDENT_MAX)
        return ak_fail(err, ANANKE_ERROR_USAGE, "indent of JSON: at most %d blanks are possible", INDENT_MAX);
    *self = spaced(exprs, options->whitespace);
    if ((unsigned)options->order > ANANKE_JSON_ANY_ORDER)
        return ak_fail(err, ANANKE_ERROR_USAGE, "order of JSON: %u is none", (unsigned)options->order);
    self->indent = options->indent, self->is_any_order = options->order == ANANKE_JSON_ANY_ORDER;
    const char *item = options->item_separator, *key = options->key_separator;
    return (!item || read_regex(exprs, ak_str(item), "item_separator", &self->item, err)) &&
           (!key || read_regex(exprs, ak_str(key), "key_separator", &self->key, err));
}

/* ---- x-guidance */

typedef enum GuidanceKey {
    ITEM_SEPARATOR,
    KEY_SEPARATOR,
    WHITESPACE_FLEXIBLE,
    WHITESPACE_PATTERN,
    COERCE_ONE_OF,
    LENIENT,
    ANY_ORDER,
    ALLOWED_ESCAPES,
    ALLOW_UNICODE_ESCAPES,
    GUIDANCE_KEYS
} GuidanceKey;

#define GUIDANCE "#/x-guidance/"

static const struct {
    const char *pointer;
    enum { TEXT, TEXT_OR_NULL, FLAG } type;
} guidance_keys[GUIDANCE_KEYS] = {
    [ITEM_SEPARATOR] = {GUIDANCE "item_separator", TEXT},
    [KEY_SEPARATOR] = {GUIDANCE "key_separator", TEXT},
    [WHITESPACE_FLEXIBLE] = {GUIDANCE "whitespace_flexible", FLAG},
    [WHITESPACE_PATTERN] = {GUIDANCE "whitespace_pattern", TEXT_OR_NULL},
    [COERCE_ONE_OF] = {GUIDANCE "coerce_one_of", FLAG},
    [LENIENT] = {GUIDANCE "lenient", FLAG},
    [ANY_ORDER] = {GUIDANCE "any_order", FLAG},
    [ALLOWED_ESCAPES] = {GUIDANCE "json_allowed_escapes", TEXT_OR_NULL},
    [ALLOW_UNICODE_ESCAPES] = {GUIDANCE "json_allow_general_unicode_escapes", FLAG},
};

/* The values by key; NULL where x-guidance says nothing, or null. */
typedef struct Guidance {
    yyjson_val *values[GUIDANCE_KEYS];
} Guidance;

static bool take(Guidance *self, Str name, yyjson_val *value, ananke_error *err) {
    static const char *const wanted[] = {[TEXT] = "a string", [TEXT_OR_NULL] = "a string", [FLAG] = "true or false"};
    for (size_t i = 0; i < GUIDANCE_KEYS; i++) {
        if (!ak_str_equal(name, ak_str(guidance_keys[i].pointer + strlen(GUIDANCE)))) continue;
        if (guidance_keys[i].type == TEXT_OR_NULL && yyjson_is_null(value)) return true;
        bool is_right = guidance_keys[i].type == FLAG ? yyjson_is_bool(value) : yyjson_is_str(value);
        if (is_right) return self->values[i] = value, true;
        return ak_fail(err, ANANKE_ERROR_SYNTAX, "JSON Schema: %s: %s is wanted", guidance_keys[i].pointer,
                       wanted[guidance_keys[i].type]);
    }
    return ak_fail(err, ANANKE_ERROR_SYNTAX, "JSON Schema: " GUIDANCE "%.*s: there is no such option", STR_ARGS(name));
}

static bool take_all(Guidance *self, yyjson_val *object, ananke_error *err) {
    if (object && !yyjson_is_obj(object))
        return ak_fail(err, ANANKE_ERROR_SYNTAX, "JSON Schema: #/x-guidance: an object is wanted");
    yyjson_obj_iter keys = yyjson_obj_iter_with(object);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&keys));) {
        if (!take(self, ak_json_str(key), yyjson_obj_iter_get_val(key), err)) return false;
    }
    return true;
}

/* Leaves `*expr` alone where x-guidance does not say it. */
static bool guided_regex(const Guidance *guidance, GuidanceKey key, Exprs *exprs, Expr *expr, ananke_error *err) {
    yyjson_val *value = guidance->values[key];
    return !value || read_regex(exprs, ak_json_str(value), guidance_keys[key].pointer, expr, err);
}

/* The pattern may stand at each place once, or not at all. */
static bool read_space(JsonOptions *self, const Guidance *guidance, Exprs *exprs, ananke_error *err) {
    yyjson_val *is_flexible = guidance->values[WHITESPACE_FLEXIBLE], *pattern = guidance->values[WHITESPACE_PATTERN];
    Expr gap;
    if (!is_flexible && !pattern) return true;
    bool is_any_order = self->is_any_order;
    *self = spaced(exprs, yyjson_is_true(is_flexible) ? ANANKE_JSON_FREE : ANANKE_JSON_COMPACT);
    self->is_any_order = is_any_order;
    if (!pattern) return true;
    if (!guided_regex(guidance, WHITESPACE_PATTERN, exprs, &gap, err)) return false;
    self->gap = self->separator_gap = ak_expr_repeat(exprs, gap, 0, 1);
    return self->is_empty_apart = true;
}

bool ak_json_options_read(JsonOptions *self, const ananke_json_options *options, yyjson_val *root, Exprs *exprs,
                          ananke_error *err) {
    Guidance guidance = {0};
    if (!read_options(self, options, exprs, err)) return false;
    if (!take_all(&guidance, yyjson_obj_get(root, "x-guidance"), err)) return false;
    if (guidance.values[ALLOWED_ESCAPES])
        return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "JSON Schema: %s: the option is not supported",
                       guidance_keys[ALLOWED_ESCAPES].pointer);
    bool ok = read_space(self, &guidance, exprs, err) &&
              guided_regex(&guidance, ITEM_SEPARATOR, exprs, &self->item, err) &&
              guided_regex(&guidance, KEY_SEPARATOR, exprs, &self->key, err);
    self->is_one_of_any_of = yyjson_get_bool(guidance.values[COERCE_ONE_OF]);
    if (guidance.values[ANY_ORDER]) self->is_any_order = yyjson_get_bool(guidance.values[ANY_ORDER]);
    self->is_lenient = yyjson_get_bool(guidance.values[LENIENT]);
    return ok;
}
