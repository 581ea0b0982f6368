/* Building: schemas in normal form become rules and terminals.
 *
 * A terminal is a piece of JSON text with the white space behind it (opening brackets, commas, `"name": `) or before it (closing brackets).
 *
 * Exact indentation needs all symbols for each level again: values are then nested at most LEVELS_MAX deep. */
#include "mask/json_schema_build.h"
#include "mask/json_schema_text.h"

enum { BUILD_DEPTH_MAX = 500, LEVELS_MAX = 32 };

/* ---- Terminals */

static Symbol terminal(SchemaReader *self, const char *name, Expr a, Expr b, Expr c) {
    const Expr parts[] = {a, b, c};
    return ak_grammar_terminal(self->grammar, ak_str(name), ak_expr_concat_all(self->exprs, parts, 3));
}

/* White space before what stands in so many brackets. */
static Expr space_at(SchemaReader *self, uint32_t level) {
    const JsonOptions *options = &self->options;
    if (!options->is_indented) return options->gap;
    uint32_t blanks = options->indent * level;
    Expr indent = ak_expr_repeat(self->exprs, ak_expr_byte(self->exprs, ' '), blanks, blanks);
    return ak_expr_concat(self->exprs, ak_expr_byte(self->exprs, '\n'), indent);
}

static Brackets brackets_at(SchemaReader *self, uint32_t level) {
    const JsonOptions *options = &self->options;
    const Expr inside = space_at(self, level + 1), outside = space_at(self, level), nothing = AK_EXPR_EMPTY;
    const Expr open_object = ak_expr_byte(self->exprs, '{'), close_object = ak_expr_byte(self->exprs, '}'),
               open_array = ak_expr_byte(self->exprs, '['), close_array = ak_expr_byte(self->exprs, ']');
    return (Brackets){.open_object = terminal(self, "{", open_object, inside, nothing),
                      .close_object = terminal(self, "}", outside, close_object, nothing),
                      .empty_object = terminal(self, "{}", open_object, options->gap, close_object),
                      .open_array = terminal(self, "[", open_array, inside, nothing),
                      .close_array = terminal(self, "]", outside, close_array, nothing),
                      .empty_array = terminal(self, "[]", open_array, options->gap, close_array),
                      .comma = terminal(self, ",", options->separator_gap, options->item, inside)};
}

bool ak_schema_begin_building(SchemaReader *self) {
    uint32_t count = self->options.is_indented ? LEVELS_MAX : 1;
    Brackets *brackets = ak_new_array(self->arena, Brackets, count);
    for (uint32_t level = 0; brackets && level < count; level++) brackets[level] = brackets_at(self, level);
    self->brackets = brackets;
    return brackets != NULL;
}

/* Those of the object or array that is being built. */
const Brackets *ak_build_brackets(const SchemaReader *self) {
    return &self->brackets[self->level ? self->level - 1 : 0];
}

Symbol ak_build_comma(const SchemaReader *self) {
    return ak_build_brackets(self)->comma;
}

/* `"name": ` */
Symbol ak_build_name(SchemaReader *self, Str name, Expr text) {
    const JsonOptions *options = &self->options;
    const Expr parts[] = {text, options->separator_gap, options->key, options->gap};
    return ak_grammar_terminal(self->grammar, name, ak_expr_concat_all(self->exprs, parts, 4));
}

/* ---- Rules */

Symbol ak_build_sequence(SchemaReader *self, Symbol a, Symbol b, Symbol c) {
    const Symbol parts[] = {a, b, c};
    return ak_grammar_sequence(self->grammar, parts, 3);
}

Symbol ak_build_choice(SchemaReader *self, Symbol a, Symbol b) {
    const Symbol parts[] = {a, b};
    return ak_grammar_choice(self->grammar, parts, 2);
}

Symbol ak_build_dead(SchemaReader *self) {
    return ak_grammar_choice(self->grammar, NULL, 0);
}

Symbol ak_build_empty(SchemaReader *self) {
    return ak_grammar_nothing(self->grammar);
}

static uint32_t repeat_bound(uint64_t count) {
    return count >= AK_REPEAT_MANY ? AK_REPEAT_MANY : (uint32_t)count;
}

/* `next` is a member with its comma; the first of them is `first`, without one. */
Symbol ak_build_list(SchemaReader *self, Symbol first, Symbol next, uint64_t min, uint64_t max, bool has_comma) {
    if (min > max) return ak_build_dead(self);
    if (max == 0) return ak_build_empty(self);
    if (has_comma) return ak_grammar_repeat(self->grammar, next, repeat_bound(min), repeat_bound(max));
    uint64_t most = max == UINT64_MAX ? max : max - 1;
    Symbol more = ak_grammar_repeat(self->grammar, next, repeat_bound(min ? min - 1 : 0), repeat_bound(most));
    Symbol filled = ak_build_sequence(self, first, more, ak_build_empty(self));
    return min ? filled : ak_grammar_optional(self->grammar, filled);
}

uint32_t ak_build_bound(uint64_t count) {
    return count < AK_ROSTER_MANY ? (uint32_t)count : AK_ROSTER_MANY;
}

/* ---- Schemas */

static Str plain_name(const SchemaReader *self, Expr expr) {
    if (expr == self->strings) return STR("string");
    if (expr == self->numbers) return STR("number");
    return expr == self->integers ? STR("integer") : STR("value");
}

/* The place for the symbol of a Schema or SchemaRef at this level, good until the next is asked for; NULL when out of memory. */
static uint64_t *symbol_slot(SchemaReader *self, const void *what, bool *is_new) {
    const uintptr_t key[] = {(uintptr_t)what, self->level};
    Str kept = ak_arena_str(self->arena, (Str){(const char *)key, sizeof key});
    uint64_t *slot = kept.data ? ak_map_put(&self->symbols, kept, is_new) : NULL;
    if (!slot) ak_fail_memory(self->err, self->arena);
    return slot;
}

Symbol ak_schema_ref_symbol(SchemaReader *self, SchemaRef *ref) {
    const Schema *schema = ak_schema_resolve(self, ref);
    bool is_new = false;
    uint64_t *slot = schema ? symbol_slot(self, ref, &is_new) : NULL;
    if (!slot) return AK_SYMBOL_FAILED;
    if (!is_new) return (Symbol)*slot;
    Symbol rule = ak_grammar_rule(self->grammar, ak_str(ref->pointer));
    *slot = rule;
    Symbol body = ak_schema_symbol(self, schema);
    return body != AK_SYMBOL_FAILED && ak_grammar_add(self->grammar, rule, &body, 1) ? rule : AK_SYMBOL_FAILED;
}

/* Builds one level deeper, where levels are told apart; beyond the deepest nothing can be. */
static bool enter(SchemaReader *self) {
    if (self->level == LEVELS_MAX) return false;
    self->level += self->options.is_indented;
    return true;
}

static Symbol leave(SchemaReader *self, Symbol symbol) {
    self->level -= self->options.is_indented;
    return symbol;
}

/* Fills `rule` with everything that is in the schema. */
static bool add_bodies(SchemaReader *self, Symbol rule, const Schema *schema) {
    Symbol part = AK_SYMBOL_FAILED;
    Expr plain = ak_expr_or_all(self->exprs, schema->plain, PLAIN_KINDS);
    if (plain != AK_EXPR_NOTHING) {
        part = ak_grammar_terminal(self->grammar, plain_name(self, plain), plain);
        if (!ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->arrays.count; i++) {
        part = enter(self) ? leave(self, ak_build_array(self, schema->arrays.items[i])) : ak_build_dead(self);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->objects.count; i++) {
        part = enter(self) ? leave(self, ak_build_object(self, schema->objects.items[i])) : ak_build_dead(self);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->refs.count; i++) {
        part = ak_schema_ref_symbol(self, schema->refs.items[i]);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    return true;
}

Symbol ak_schema_symbol(SchemaReader *self, const Schema *schema) {
    bool is_new = false;
    uint64_t *slot = symbol_slot(self, schema, &is_new);
    if (!slot) return AK_SYMBOL_FAILED;
    if (!is_new) return (Symbol)*slot;
    if (self->build_depth >= BUILD_DEPTH_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: nested too deeply"), AK_SYMBOL_FAILED;
    Symbol rule = ak_grammar_rule(self->grammar, schema->is_any ? STR("value") : STR(""));
    *slot = rule;
    self->build_depth++;
    bool ok = rule != AK_SYMBOL_FAILED && add_bodies(self, rule, schema);
    self->build_depth--;
    return ok ? rule : AK_SYMBOL_FAILED;
}
