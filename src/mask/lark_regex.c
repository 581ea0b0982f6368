/* Cutting texts into chunks: as they are listed, between words, or at each character. */
#include "mask/lark_regex.h"
#include "base/json.h"
#include "base/utf8.h"
#include "regex/regex_substring.h"
#include "regex/unicode.h"

typedef struct Chunks {
    Arena *arena;
    VEC(Str) list;
    ananke_error *err;
} Chunks;

static bool push(Chunks *self, Str chunk) {
    return ak_vec_push(self->arena, &self->list, chunk) || ak_fail_memory(self->err, self->arena);
}

static bool syntax(Chunks *self, const char *what) {
    return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "%s", what);
}

static bool take_listed(Chunks *self, yyjson_val *value) {
    yyjson_val *item;
    yyjson_arr_iter each = yyjson_arr_iter_with(value);
    if (!yyjson_is_arr(value)) return syntax(self, "substring_chunks is a list of strings");
    while ((item = yyjson_arr_iter_next(&each))) {
        if (!yyjson_is_str(item)) return syntax(self, "substring_chunks is a list of strings");
        if (!push(self, ak_json_str(item))) return false;
    }
    return true;
}

static bool take_characters(Chunks *self, yyjson_val *value) {
    if (!yyjson_is_str(value)) return syntax(self, "substring_chars is a string");
    Str text = ak_json_str(value);
    uint32_t point;
    for (size_t length; text.length; text = ak_str_slice(text, length, text.length)) {
        length = ak_utf8_decode(text, &point);
        if (!push(self, ak_str_slice(text, 0, length))) return false;
    }
    return true;
}

/* Code points are white space, parts of words, or neither. */
typedef struct WordClasses {
    Points space, word;
} WordClasses;

static bool load_classes(WordClasses *self, Arena *arena, ananke_error *err) {
    bool ok = ak_unicode_space(arena, &self->space) &&
              ak_unicode_property(arena, STR("Alphabetic"), &self->word, err) &&
              ak_unicode_property(arena, STR("N"), &self->word, err) &&
              ak_vec_push(arena, &self->word, (PointRange){'_', '_'});
    ak_points_tidy(&self->space);
    ak_points_tidy(&self->word);
    return ok || (arena->failed && ak_fail_memory(err, arena));
}

static bool has_point(const Points *points, uint32_t point) {
    size_t low = 0, high = points->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (points->items[middle].last < point) low = middle + 1;
        else high = middle;
    }
    return low < points->count && points->items[low].first <= point;
}

static int class_of(const WordClasses *self, uint32_t point) {
    return has_point(&self->space, point) ? 0 : has_point(&self->word, point) ? 1 : 2;
}

/* Runs of code points of one class. */
static bool take_words(Chunks *self, yyjson_val *value) {
    WordClasses classes = {0};
    if (!yyjson_is_str(value)) return syntax(self, "substring_words is a string");
    if (!load_classes(&classes, self->arena, self->err)) return false;
    Str text = ak_json_str(value);
    uint32_t point;
    int before = -1;
    size_t from = 0;
    for (size_t at = 0, length; at < text.length; at += length) {
        length = ak_utf8_decode(ak_str_slice(text, at, text.length), &point);
        int class = class_of(&classes, point);
        if (at && class != before && !push(self, ak_str_slice(text, from, at))) return false;
        if (class != before) from = at;
        before = class;
    }
    return push(self, ak_str_slice(text, from, text.length));
}

static bool take_member(Chunks *self, Str name, yyjson_val *value) {
    static const struct {
        const char *name;
        bool (*take)(Chunks *self, yyjson_val *value);
    } members[] = {
        {"substring_chunks", take_listed}, {"substring_words", take_words}, {"substring_chars", take_characters}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (ak_str_equal(name, ak_str(members[i].name))) return members[i].take(self, value);
    }
    ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "the member '%.*s' of %%regex is not supported", STR_ARGS(name));
    return ak_hint(self->err, "known are substring_chunks, substring_words and substring_chars");
}

Expr ak_lark_regex(Exprs *exprs, Str json, ananke_error *err) {
    Chunks self = {.arena = exprs->arena, .err = err};
    yyjson_doc *doc = ak_json_parse(exprs->arena, json, NULL, err);
    yyjson_val *root = doc ? yyjson_doc_get_root(doc) : NULL;
    if (!doc) return AK_EXPR_FAILED;
    if (!yyjson_is_obj(root) || yyjson_obj_size(root) != 1) {
        syntax(&self, "%regex takes an object with one member: substring_chunks, substring_words or substring_chars");
        return AK_EXPR_FAILED;
    }
    yyjson_obj_iter each = yyjson_obj_iter_with(root);
    yyjson_val *key = yyjson_obj_iter_next(&each);
    if (!take_member(&self, ak_json_str(key), yyjson_obj_iter_get_val(key))) return AK_EXPR_FAILED;
    Expr expr = ak_expr_substring(exprs, self.list.items, self.list.count);
    if (!expr) ak_exprs_ok(exprs, err);
    return expr;
}
