/* Arrays whose items are all different, where there are finitely many values for them: a roster (roster.h) with a seat for each value.
 *
 * The values are listed by following the expression of all their texts byte by byte, of each value the one text that is written here as JSON usually is:
 * no escape where none is needed (a value with a control character that has no short escape is not found), no zeros at the end. What else is read as the
 * same value (1.0 as 1, "\u00e9" as "é") belongs to its seat. */
#include "mask/json_schema_build.h"
#include "mask/json_schema_number.h"
#include "mask/json_schema_text.h"

enum { VALUES_MAX = 256, TEXT_MAX = 400, FUEL_MAX = 2000000, REFS_DEPTH_MAX = 50 };

typedef struct Values {
    SchemaReader *self;
    Expr all;        /* texts */
    VEC(Str) texts;  /* the usual ones */
    VEC(Expr) exprs; /* by value, whatever is read as it */
    VEC(Str) names;  /* likewise, a usual text */
    VEC(Expr) path;  /* what may follow each beginning of `text` */
    char text[TEXT_MAX];
    uint64_t floor; /* steps of the expressions' fuel that must be left */
    bool is_failed; /* with an error that was told */
} Values;

/* ---- Usual texts */

static Expr literals(Exprs *exprs, const char *const *texts) {
    Expr all = AK_EXPR_NOTHING;
    for (; *texts; texts++) all = ak_expr_or(exprs, all, ak_expr_literal(exprs, ak_str(*texts)));
    return all;
}

static Expr usual_strings(Exprs *exprs) {
    static const PointRange plain[] = {{0x20, 0x21}, {0x23, 0x5B}, {0x5D, 0x10FFFF}};
    static const char *const escapes[] = {"\\\"", "\\\\", "\\b", "\\f", "\\n", "\\r", "\\t", NULL};
    Expr character = ak_expr_or(exprs, ak_expr_points(exprs, plain, 3), literals(exprs, escapes));
    return ak_json_quoted(exprs, ak_expr_repeat(exprs, character, 0, AK_REPEAT_MANY));
}

static Expr usual_numbers(Exprs *exprs) {
    Expr zeros = ak_expr_repeat(exprs, ak_expr_byte_range(exprs, '0', '9'), 0, AK_REPEAT_MANY);
    const Expr fraction[] = {ak_expr_byte(exprs, '.'), zeros, ak_expr_byte_range(exprs, '1', '9')};
    return ak_expr_concat(exprs, ak_json_integer(exprs),
                          ak_expr_repeat(exprs, ak_expr_concat_all(exprs, fraction, 3), 0, 1));
}

static Expr usual_texts(Exprs *exprs) {
    static const char *const words[] = {"true", "false", "null", NULL};
    const Expr all[] = {usual_strings(exprs), usual_numbers(exprs), literals(exprs, words)};
    return ak_expr_or_all(exprs, all, 3);
}

/* ---- Listing them */

static bool is_on_path(const Values *values, Expr expr) {
    for (size_t i = 0; i < values->path.count; i++) {
        if (values->path.items[i] == expr) return true;
    }
    return false;
}

/* Lists the texts of the expression, behind those bytes that are on the path. False: they are too many, maybe without end, or too long; or out of memory. */
static bool list_texts(Values *values, Expr expr) {
    SchemaReader *self = values->self;
    size_t length = values->path.count;
    ByteSet firsts = {0};
    if (ak_expr_is_empty(self->exprs, expr)) return true;
    if (length == TEXT_MAX || self->exprs->fuel < values->floor || is_on_path(values, expr)) return false;
    if (ak_expr_is_nullable(self->exprs, expr) &&
        (values->texts.count == VALUES_MAX ||
         !ak_vec_push(self->arena, &values->texts, ak_arena_str(self->arena, (Str){values->text, length}))))
        return false;
    if (!ak_vec_push(self->arena, &values->path, expr)) return false;
    ak_expr_add_firsts(self->exprs, expr, &firsts);
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!(firsts.words[byte / 32] >> byte % 32 & 1)) continue;
        values->text[length] = (char)byte;
        if (!list_texts(values, ak_expr_derivative(self->exprs, expr, self->exprs->classes[byte]))) return false;
    }
    values->path.count--;
    return true;
}

/* All texts of the value with that text. AK_EXPR_FAILED when out of memory. */
static Expr same_value(SchemaReader *self, Str text) {
    Decimal number;
    bool is_number = text.data[0] == '-' || (text.data[0] >= '0' && text.data[0] <= '9');
    if (is_number)
        return ak_decimal_read(self->arena, text, &number) ? ak_number_equal(self->exprs, &number) : AK_EXPR_FAILED;
    if (text.data[0] != '"') return ak_expr_literal(self->exprs, text);
    yyjson_doc *doc = ak_json_parse(self->arena, text, NULL, self->err);
    return doc ? ak_json_quoted(self->exprs, ak_json_spellings(self->exprs, ak_json_str(yyjson_doc_get_root(doc))))
               : AK_EXPR_FAILED;
}

/* Are there certainly strings, or numbers, without end? */
static bool is_endless(const SchemaReader *self, const Schema *schema) {
    Expr strings = schema->plain[PLAIN_STRING], numbers = schema->plain[PLAIN_NUMBER];
    return numbers == self->numbers || numbers == self->integers ||
           ak_expr_node(self->exprs, strings)->longest == UINT32_MAX;
}

/* Adds the plain values of the schema; false where there are others. */
static bool add_plain(Values *values, const Schema *schema, unsigned depth) {
    SchemaReader *self = values->self;
    if (schema->is_any || schema->arrays.count || schema->objects.count || depth > REFS_DEPTH_MAX) return false;
    if (is_endless(self, schema)) return false;
    values->all = ak_expr_or(self->exprs, values->all, ak_expr_or_all(self->exprs, schema->plain, PLAIN_KINDS));
    for (size_t i = 0; i < schema->refs.count; i++) {
        const Schema *what = ak_schema_resolve(self, schema->refs.items[i]);
        values->is_failed |= !what;
        if (!what || !add_plain(values, what, depth + 1)) return false;
    }
    return true;
}

static bool is_known(const Values *values, Expr same) {
    for (size_t i = 0; i < values->exprs.count; i++) {
        if (values->exprs.items[i] == same) return true;
    }
    return false;
}

/* Whether there are few values, and no others than those that were listed. */
static bool find_values(Values *values, const Schema *what) {
    SchemaReader *self = values->self;
    Exprs *exprs = self->exprs;
    if (!add_plain(values, what, 0)) return false;
    values->floor = exprs->fuel - (exprs->fuel / 2 < FUEL_MAX ? exprs->fuel / 2 : FUEL_MAX);
    Expr usual = ak_expr_and(exprs, values->all, usual_texts(exprs));
    ak_exprs_seal(exprs);
    if (!list_texts(values, usual)) return false;
    for (size_t i = 0; i < values->texts.count && ak_arena_ok(self->arena); i++) {
        Expr same = same_value(self, values->texts.items[i]);
        if (same == AK_EXPR_FAILED) return false;
        if (is_known(values, same)) continue; /* -0 */
        if (!ak_vec_push(self->arena, &values->exprs, same) ||
            !ak_vec_push(self->arena, &values->names, values->texts.items[i]))
            return false;
    }
    Expr known = ak_expr_or_all(exprs, values->exprs.items, values->exprs.count);
    return ak_schema_is_empty(self, ak_expr_and(exprs, values->all, ak_expr_not(exprs, known)));
}

/* ---- The array */

static Symbol unique_array(const Values *values, const ArrayShape *shape) {
    SchemaReader *self = values->self;
    const Brackets *brackets = ak_build_brackets(self);
    uint32_t count = (uint32_t)values->exprs.count;
    Symbol array = ak_grammar_rule(self->grammar, STR("array")), *items = ak_new_array(self->arena, Symbol, count);
    RosterEntry *entries = ak_new_array(self->arena, RosterEntry, count);
    if (!ak_arena_ok(self->arena)) return AK_SYMBOL_FAILED;
    for (uint32_t i = 0; i < count; i++) {
        Expr text = ak_expr_and(self->exprs, values->all, values->exprs.items[i]);
        items[i] = ak_grammar_terminal(self->grammar, values->names.items[i], text), entries[i].seat = i;
    }
    RosterRules rules = {
        .seats = count, .min = ak_build_bound(shape->min_count), .max = ak_build_bound(shape->max_count)};
    if (shape->max_count >= count) rules.max = AK_ROSTER_MANY;
    const Roster roster = {.rules = rules, .entries = entries, .count = count};
    const RosterParts parts = {brackets->open_array, brackets->comma, brackets->close_array, items};
    Symbol none = self->options.is_empty_apart
                      ? brackets->empty_array
                      : ak_build_sequence(self, brackets->open_array, brackets->close_array, ak_build_empty(self));
    bool ok = ak_grammar_add_roster(self->grammar, array, parts, &roster) &&
              (shape->min_count || ak_grammar_add(self->grammar, array, &none, 1));
    return ok ? array : AK_SYMBOL_FAILED;
}

bool ak_build_unique_array(SchemaReader *self, const ArrayShape *shape, Symbol *array) {
    Values *values = ak_new(self->arena, Values);
    *array = AK_SYMBOL_FAILED;
    if (!values) return ak_fail_memory(self->err, self->arena);
    *values = (Values){.self = self, .all = AK_EXPR_NOTHING};
    if (!shape->first.count && !shape->demands.count && find_values(values, shape->others))
        *array = unique_array(values, shape);
    return !values->is_failed && ak_exprs_ok(self->exprs, self->err);
}
