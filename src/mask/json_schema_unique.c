/* Arrays whose items are all different: where there are few values for them, a roster (roster.h) with a seat for each; where they are strings, lexemes
 * whose values are compared as they come (unique.h).
 *
 * The few values are listed by following the expression of all their texts byte by byte, of each value the one text that is written here as JSON usually is:
 * no escape where none is needed, no zeros at the end. What else is read as the same value (1.0 as 1, "\u00e9" as "é") belongs to its seat. By the same
 * texts strings are counted: an array can have no more items than there are, and there must be one that has not come where an item is to begin. */
#include "base/bitset.h"
#include "mask/json_schema_build.h"
#include "mask/json_schema_number.h"
#include "mask/json_schema_text.h"

enum { VALUES_MAX = 256, TEXT_MAX = 400, FUEL_MAX = 2000000, REFS_DEPTH_MAX = 50 };
/* So many items are never written, so many bytes counted through. */
#define MANY_VALUES (UINT64_C(1) << 24)
enum { COUNTED_BYTES_MAX = 5000 };

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

static Expr bytes_of(Exprs *exprs, const char *bytes) {
    Expr all = AK_EXPR_NOTHING;
    for (; *bytes; bytes++) all = ak_expr_or(exprs, all, ak_expr_byte(exprs, (uint8_t)*bytes));
    return all;
}

static Expr usual_strings(Exprs *exprs) {
    static const PointRange plain[] = {{0x20, 0x21}, {0x23, 0x5B}, {0x5D, 0x10FFFF}};
    static const char *const escapes[] = {"\\\"", "\\\\", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u000b", NULL};
    static const char low[] = "01234567ef", high[] = "0123456789abcdef";
    Expr controls[] = {bytes_of(exprs, low), bytes_of(exprs, high)};
    controls[0] = ak_expr_concat(exprs, ak_expr_literal(exprs, STR("\\u000")), controls[0]);
    controls[1] = ak_expr_concat(exprs, ak_expr_literal(exprs, STR("\\u001")), controls[1]);
    const Expr all[] = {ak_expr_points(exprs, plain, 3), literals(exprs, escapes), controls[0], controls[1]};
    Expr character = ak_expr_or_all(exprs, all, 4);
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

/* ---- Counting strings */

/* An expression that texts have come to, and how many of them. */
typedef struct CountedExpr {
    Expr rest;
    uint64_t texts;
} CountedExpr;

typedef VEC(CountedExpr) CountedExprs;

typedef struct Count {
    Values *values;
    CountedExprs now, next; /* behind so many bytes, and behind one more */
    Map places;             /* expression, to its place in `next` and one */
    Map met;                /* expressions */
    uint64_t found, wanted; /* texts */
} Count;

static uint64_t add_up(uint64_t a, uint64_t b) {
    return a < MANY_VALUES && b < MANY_VALUES ? a + b : MANY_VALUES;
}

static uint64_t *find_place(Map *map, Expr expr) {
    Expr *key = ak_new(map->arena, Expr);
    if (!key) return NULL;
    *key = expr;
    return ak_map_put(map, (Str){(const char *)key, sizeof *key}, NULL);
}

static bool add_texts(Count *self, Expr rest, uint64_t texts) {
    uint64_t *place = find_place(&self->places, rest);
    if (!place || !find_place(&self->met, rest)) return false;
    if (!*place) {
        *place = self->next.count + 1;
        return ak_vec_push(self->values->self->arena, &self->next, (CountedExpr){rest, texts});
    }
    CountedExpr *there = &self->next.items[*place - 1];
    there->texts = add_up(there->texts, texts);
    return true;
}

/* One byte further. False when memory or fuel is spent. */
static bool count_byte(Count *self) {
    Exprs *exprs = self->values->self->exprs;
    uint64_t sizes[256] = {0};
    for (unsigned byte = 0; byte < 256; byte++) sizes[exprs->classes[byte]]++;
    self->next.count = 0, self->places = (Map){.arena = self->values->self->arena};
    for (size_t i = 0; i < self->now.count; i++) {
        CountedExpr from = self->now.items[i];
        if (ak_expr_is_nullable(exprs, from.rest)) self->found = add_up(self->found, from.texts);
        ByteSet firsts = {0};
        ak_expr_add_firsts(exprs, from.rest, &firsts);
        for (uint32_t class = 0; class < exprs->class_count; class ++) {
            if (!ak_bits_get(firsts.words, exprs->samples[class])) continue;
            Expr to = ak_expr_derivative(exprs, from.rest, class);
            if (exprs->fuel < self->values->floor) return false;
            if (ak_expr_is_empty(exprs, to)) continue;
            if (!add_texts(self, to, add_up(0, from.texts * sizes[class]))) return false;
        }
    }
    CountedExprs counted = self->now;
    self->now = self->next, self->next = counted;
    return true;
}

/* How many of the strings there are, when that is less than `wanted`, else that or more. They are without end where a text comes by more
 * expressions than there are. False: that cannot be told. */
static bool count_strings(Values *values, uint64_t wanted, uint64_t *count) {
    Exprs *exprs = values->self->exprs;
    Arena *arena = values->self->arena;
    Count self = {.values = values, .met = {.arena = arena}};
    values->floor = exprs->fuel - (exprs->fuel / 2 < FUEL_MAX ? exprs->fuel / 2 : FUEL_MAX);
    Expr usual = ak_expr_and(exprs, values->all, usual_strings(exprs));
    ak_exprs_seal(exprs);
    if (!ak_vec_push(arena, &self.now, (CountedExpr){usual, 1}) || !find_place(&self.met, usual)) return false;
    for (size_t bytes = 0; self.now.count && self.found < wanted && bytes <= self.met.entries.count; bytes++) {
        if (bytes > COUNTED_BYTES_MAX || !count_byte(&self)) return false;
    }
    *count = self.now.count && self.found < wanted ? wanted : self.found;
    return true;
}

/* Adds the strings of the schema; false where there are other values. */
static bool add_strings(Values *values, const Schema *schema, unsigned depth) {
    SchemaReader *self = values->self;
    if (schema->is_any || schema->arrays.count || schema->objects.count || depth > REFS_DEPTH_MAX) return false;
    for (int kind = 0; kind < PLAIN_KINDS; kind++) {
        if (kind != PLAIN_STRING && !ak_schema_is_empty(self, schema->plain[kind])) return false;
    }
    values->all = ak_expr_or(self->exprs, values->all, schema->plain[PLAIN_STRING]);
    for (size_t i = 0; i < schema->refs.count; i++) {
        const Schema *what = ak_schema_resolve(self, schema->refs.items[i]);
        values->is_failed |= !what;
        if (!what || !add_strings(values, what, depth + 1)) return false;
    }
    return true;
}

/* ---- The array */

static Symbol empty_array(SchemaReader *self) {
    const Brackets *brackets = ak_build_brackets(self);
    if (self->options.is_empty_apart) return brackets->empty_array;
    return ak_build_sequence(self, brackets->open_array, brackets->close_array, ak_build_empty(self));
}

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
    Symbol none = empty_array(self);
    bool ok = ak_grammar_add_roster(self->grammar, array, parts, &roster) &&
              (shape->min_count || ak_grammar_add(self->grammar, array, &none, 1));
    return ok ? array : AK_SYMBOL_FAILED;
}

/* The array of strings, of which there are `count` or, from MANY_VALUES on, more. */
static Symbol array_of_strings(const Values *values, const ArrayShape *shape, uint64_t count) {
    SchemaReader *self = values->self;
    Grammar *grammar = self->grammar;
    const Brackets *brackets = ak_build_brackets(self);
    uint64_t max = count < MANY_VALUES && count < shape->max_count ? count : shape->max_count;
    uint64_t min = shape->min_count;
    if (min > max) return ak_build_dead(self);
    const Lexeme opens = {.expr = grammar->symbols.items[brackets->open_array].expr, .role = ROLE_OPENING};
    Symbol opening = ak_grammar_lexeme(grammar, STR("["), opens);
    Symbol item = ak_grammar_lexeme(grammar, STR("string"), (Lexeme){.expr = values->all, .role = ROLE_ITEM});
    Symbol next = ak_build_sequence(self, brackets->comma, item, ak_build_empty(self));
    Symbol items = ak_build_list(self, item, next, min ? min - 1 : 0, max == UINT64_MAX ? UINT64_MAX : max - 1, true);
    Symbol filled = ak_build_sequence(self, opening, ak_build_sequence(self, item, items, ak_build_empty(self)),
                                      brackets->close_array);
    return min ? filled : ak_build_choice(self, filled, empty_array(self));
}

/* The array, if it is one of strings; AK_SYMBOL_FAILED: it is not. */
static Symbol unique_strings(Values *values, const ArrayShape *shape) {
    SchemaReader *self = values->self;
    uint64_t count, wanted = shape->max_count < MANY_VALUES ? shape->max_count : MANY_VALUES;
    values->all = AK_EXPR_NOTHING;
    if (values->is_failed || !add_strings(values, shape->others, 0)) return AK_SYMBOL_FAILED;
    const ExprNode *node = ak_expr_node(self->exprs, values->all);
    if (node->is_positive && node->longest == UINT32_MAX) count = wanted;
    else if (!count_strings(values, wanted, &count)) return AK_SYMBOL_FAILED;
    return array_of_strings(values, shape, count);
}

bool ak_build_unique_array(SchemaReader *self, const ArrayShape *shape, Symbol *array) {
    Values *values = ak_new(self->arena, Values);
    *array = AK_SYMBOL_FAILED;
    if (!values) return ak_fail_memory(self->err, self->arena);
    *values = (Values){.self = self, .all = AK_EXPR_NOTHING};
    if (!shape->first.count && !shape->demands.count)
        *array = find_values(values, shape->others) ? unique_array(values, shape) : unique_strings(values, shape);
    return !values->is_failed && ak_exprs_ok(self->exprs, self->err);
}
