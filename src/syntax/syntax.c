/* From rulebooks to productions. */
#include "syntax/syntax.h"
#include "base/bitset.h"
#include "regex/regex.h"
#include "syntax/fence.h"
#include <stdio.h>

enum { PATHS_MAX = 20000, FUEL = 100000000 };

/* A sequence of steps; all that a rule may expand to are several. */
typedef struct Path {
    const SyntaxStep *steps;
    uint32_t count;
} Path;
typedef VEC(Path) Paths;

typedef struct Context {
    uint32_t role;
    Precedence precedence;
    Associativity associativity;
    uint8_t lines;
    bool is_last; /* of its production */
} Context;

typedef struct Pending {
    const Rule *rule;    /* of the rule with the same number; NULL: its productions are given, or those of `whole` */
    const Rule *without; /* NULL: nothing is taken away */
    uint32_t whole;      /* of which those are taken that do not begin with tokens of `without` */
    Paths paths;
    bool has_empty;    /* its paths have those without what may be empty in them */
    bool may_be_empty; /* it is nothing but a fragment, whose start has the empty text */
} Pending;

typedef struct Building {
    Syntax *syntax;
    const Rulebook *book;
    Arena *arena;
    ananke_error *err;
    Map rules;     /* numbers + 1 of rules, by name */
    Map repeats;   /* of repetitions, by their paths as bytes */
    Map terminals; /* numbers + 1, by what tells them apart as bytes */
    Map tokens;    /* the same, by where they are stated */
    Map roles;     /* by field and alias */
    Map exprs;     /* of rules that tokens speak of, by name */
    VEC(Pending) pending;
    Str place; /* the rule that is being expanded */
    Expr word;
    uint32_t depth;
} Building;

static bool fail(const Building *self, const char *what) {
    return ak_fail(self->err, ANANKE_ERROR_CONFLICT, "rule %.*s: %s", STR_ARGS(self->place), what);
}

static bool out_of_memory(const Building *self) {
    return ak_fail_memory(self->err, self->arena);
}

static Str bytes_of(const Building *self, const void *data, size_t length) {
    return ak_arena_str(self->arena, (Str){data, length});
}

/* ---- Terminals */

static Expr expr_of(Building *self, const Rule *rule);

static Expr expr_of_members(Building *self, const Rule *rule, bool is_choice) {
    Exprs *exprs = &self->syntax->exprs;
    Expr made = is_choice ? AK_EXPR_NOTHING : AK_EXPR_EMPTY;
    for (uint32_t i = 0; i < rule->count && made; i++) {
        Expr member = expr_of(self, rule->members[i]);
        if (!member) return AK_EXPR_FAILED;
        made = is_choice ? ak_expr_or(exprs, made, member) : ak_expr_concat(exprs, made, member);
    }
    return made;
}

/* Rules that tokens speak of are looked at once: a class of code points takes a while. */
static Expr expr_of_symbol(Building *self, Str name) {
    const uint64_t *known = ak_map_find(&self->exprs, name);
    if (known) return (Expr)*known;
    const Rule *rule = ak_rulebook_find(self->book, name);
    if (!rule || self->depth > 50)
        return fail(self, "a token speaks of a rule that is missing, or goes round in circles"), AK_EXPR_FAILED;
    self->depth++;
    Expr made = expr_of(self, rule);
    self->depth--;
    uint64_t *entry = made ? ak_map_put(&self->exprs, name, NULL) : NULL;
    if (made && !entry) return out_of_memory(self), AK_EXPR_FAILED;
    if (entry) *entry = made;
    return made;
}

static Expr expr_of(Building *self, const Rule *rule) {
    Exprs *exprs = &self->syntax->exprs;
    char flags[8] = {0};
    switch (rule->kind) {
    case RULE_BLANK: return AK_EXPR_EMPTY;
    case RULE_STRING: return ak_expr_literal(exprs, rule->text);
    case RULE_PATTERN:
        if (rule->flags.length >= sizeof flags) return fail(self, "unknown flags"), AK_EXPR_FAILED;
        for (size_t i = 0; i < rule->flags.length; i++) flags[i] = rule->flags.data[i];
        return ak_regex_parse(exprs, &(RegexText){.text = rule->text, .flags = flags, .source = rule->text}, self->err);
    case RULE_SYMBOL: return expr_of_symbol(self, rule->text);
    case RULE_SEQ: return expr_of_members(self, rule, false);
    case RULE_CHOICE: return expr_of_members(self, rule, true);
    case RULE_REPEAT:
    case RULE_REPEAT1: {
        Expr what = expr_of(self, rule->members[0]);
        return what ? ak_expr_repeat(exprs, what, rule->kind == RULE_REPEAT1, AK_REPEAT_MANY) : what;
    }
    default: return expr_of(self, rule->members[0]);
    }
}

/* The rule that is a token by itself; NULL: it is not one. */
static const Rule *as_token(const Rule *rule) {
    while (rule && rule->kind == RULE_PREC) rule = rule->members[0];
    if (!rule) return NULL;
    bool is_token = rule->kind == RULE_STRING || rule->kind == RULE_PATTERN || rule->kind == RULE_TOKEN ||
                    rule->kind == RULE_IMMEDIATE;
    return is_token ? rule : NULL;
}

/* Adds a terminal that differs from all others, or finds it. */
static bool add_terminal(Building *self, SyntaxTerminal terminal, SyntaxSymbol *symbol) {
    uint32_t key[] = {terminal.expr, terminal.lines, terminal.is_immediate, terminal.is_extra,
                      terminal.expr == AK_EXPR_NOTHING ? terminal.layout : (uint32_t)LAYOUT_NONE};
    bool is_new;
    Str bytes = bytes_of(self, key, sizeof key);
    uint64_t *number = bytes.data ? ak_map_put(&self->terminals, bytes, &is_new) : NULL;
    if (!number) return out_of_memory(self);
    if (is_new) {
        *number = self->syntax->terminals.count + 1;
        if (!ak_vec_push(self->arena, &self->syntax->terminals, terminal)) return out_of_memory(self);
    }
    return *symbol = (SyntaxSymbol)*number - 1, true;
}

/* What is known of a token that is stated at a place; NULL when out of memory. */
static uint64_t *token_at(Building *self, const void *place, uint8_t lines) {
    Str key = ak_arena_format(self->arena, "%p %u", place, lines);
    uint64_t *known = key.data ? ak_map_put(&self->tokens, key, NULL) : NULL;
    if (!known) out_of_memory(self);
    return known;
}

static uint8_t layout_of(const Rulebook *book, Str name) {
    if (book->layout.count && ak_str_equal(name, book->layout.items[0])) return LAYOUT_LINE_END;
    if (ak_names_has(&book->opens, name)) return LAYOUT_OPENS;
    return ak_names_has(&book->closes, name) ? LAYOUT_CLOSES : LAYOUT_NONE;
}

static bool make_token(Building *self, const Rule *rule, Str name, uint8_t lines, SyntaxSymbol *symbol) {
    Expr expr = expr_of(self, rule);
    if (!expr) return ak_exprs_ok(&self->syntax->exprs, self->err) && false;
    if (expr == AK_EXPR_NOTHING || ak_expr_is_nullable(&self->syntax->exprs, expr))
        return fail(self, "a token has a text");
    bool is_closing = ak_names_has(&self->book->closing, name);
    SyntaxTerminal terminal = {.name = name,
                               .expr = expr,
                               .lines = lines,
                               .layout = layout_of(self->book, name),
                               .is_immediate = rule->kind == RULE_IMMEDIATE,
                               .is_closing = is_closing,
                               .is_raw = ak_names_has(&self->book->raw, name),
                               .is_munched = ak_names_has(&self->book->munched, name)};
    return add_terminal(self, terminal, symbol);
}

static bool add_token(Building *self, const Rule *rule, Str name, uint8_t lines, SyntaxSymbol *symbol) {
    const uint64_t *known = token_at(self, rule, lines);
    if (!known) return false;
    if (*known) return *symbol = (SyntaxSymbol)*known - 1, true;
    if (!make_token(self, rule, name, lines, symbol)) return false;
    return *token_at(self, rule, lines) = *symbol + 1, true;
}

static Expr without_words(Building *self, Expr expr, const Names *words) {
    Exprs *exprs = &self->syntax->exprs;
    Expr dropped = AK_EXPR_NOTHING;
    for (size_t i = 0; i < words->count; i++)
        dropped = ak_expr_or(exprs, dropped, ak_expr_literal(exprs, words->items[i]));
    return dropped == AK_EXPR_NOTHING ? expr : ak_expr_and(exprs, expr, ak_expr_not(exprs, dropped));
}

/* Kinds of words: any, identifiers, and from NARROWED on identifiers but for some. */
enum { WORD_ANY, WORD_IDENTIFIER, WORD_NARROWED };

static bool make_word(Building *self, uint32_t kind, uint8_t lines, SyntaxSymbol *symbol) {
    const Narrowed *narrowed = kind >= WORD_NARROWED ? &self->book->narrowed.items[kind - WORD_NARROWED] : NULL;
    SyntaxTerminal made = {.name = STR("any word"), .expr = self->word, .lines = lines, .is_munched = kind == WORD_ANY};
    if (kind != WORD_ANY)
        made.expr = without_words(self, made.expr, &self->book->reserved), made.name = self->book->word;
    if (narrowed) made.expr = without_words(self, made.expr, &narrowed->words), made.name = narrowed->name;
    if (!made.expr) return ak_exprs_ok(&self->syntax->exprs, self->err) && false;
    return add_terminal(self, made, symbol);
}

static bool add_word(Building *self, uint32_t kind, uint8_t lines, SyntaxSymbol *symbol) {
    const void *place = (const char *)self->book + kind; /* of no rule */
    const uint64_t *known = token_at(self, place, lines);
    if (!known) return false;
    if (*known) return *symbol = (SyntaxSymbol)*known - 1, true;
    if (!make_word(self, kind, lines, symbol)) return false;
    return *token_at(self, place, lines) = *symbol + 1, true;
}

/* Is the rule an identifier, and of which kind? */
static bool is_word(const Building *self, Str name, uint32_t role, uint32_t *kind) {
    *kind = ak_names_has(&self->book->spelled, self->syntax->roles.items[role].alias) ? WORD_ANY : WORD_IDENTIFIER;
    if (self->book->word.length && ak_str_equal(name, self->book->word)) return true;
    for (*kind = WORD_NARROWED; *kind < WORD_NARROWED + self->book->narrowed.count; ++*kind) {
        if (ak_str_equal(name, self->book->narrowed.items[*kind - WORD_NARROWED].name)) return true;
    }
    return false;
}

/* ---- Paths */

static bool push_path(Building *self, Paths *paths, Path path) {
    if (paths->count >= PATHS_MAX) return fail(self, "it has too many variants");
    return ak_vec_push(self->arena, paths, path) || out_of_memory(self);
}

static bool push_symbol(Building *self, Paths *paths, SyntaxSymbol symbol, Context context) {
    SyntaxStep *step = ak_new(self->arena, SyntaxStep);
    if (!step) return out_of_memory(self);
    *step = (SyntaxStep){symbol, context.role, context.precedence, context.associativity};
    return push_path(self, paths, (Path){step, 1});
}

static bool join_paths(Building *self, Path a, Path b, Path *joined) {
    if (!a.count || !b.count) return *joined = a.count ? a : b, true;
    SyntaxStep *steps = ak_new_array(self->arena, SyntaxStep, a.count + b.count);
    if (!steps) return out_of_memory(self);
    memcpy(steps, a.steps, a.count * sizeof *steps);
    memcpy(steps + a.count, b.steps, b.count * sizeof *steps);
    return *joined = (Path){steps, a.count + b.count}, true;
}

static bool expand(Building *self, const Rule *rule, Context context, Paths *paths);

static bool expand_sequence(Building *self, const Rule *rule, Context context, Paths *paths) {
    Paths made = {0};
    bool is_last = context.is_last;
    if (!push_path(self, &made, (Path){0})) return false;
    for (uint32_t i = 0; i < rule->count; i++) {
        Paths next = {0}, product = {0};
        context.is_last = is_last && i + 1 == rule->count;
        if (!expand(self, rule->members[i], context, &next)) return false;
        for (size_t a = 0; a < made.count; a++) {
            for (size_t b = 0; b < next.count; b++) {
                Path joined;
                if (!join_paths(self, made.items[a], next.items[b], &joined)) return false;
                if (!push_path(self, &product, joined)) return false;
            }
        }
        made = product;
    }
    for (size_t i = 0; i < made.count; i++) {
        if (!push_path(self, paths, made.items[i])) return false;
    }
    return true;
}

/* What binds the last step of a part that more follows is what binds the whole: as tree-sitter has it. */
static bool expand_precedence(Building *self, const Rule *rule, Context context, Paths *paths) {
    Context inner = context;
    size_t from = paths->count;
    if (rule->precedence.level || rule->precedence.name.length) inner.precedence = rule->precedence;
    if (rule->associativity) inner.associativity = rule->associativity;
    if (!expand(self, rule->members[0], inner, paths)) return false;
    for (size_t i = from; !context.is_last && i < paths->count; i++) {
        Path path = paths->items[i];
        if (!path.count) continue;
        SyntaxStep *steps = ak_new_array(self->arena, SyntaxStep, path.count);
        if (!steps) return out_of_memory(self);
        memcpy(steps, path.steps, path.count * sizeof *steps);
        steps[path.count - 1].precedence = context.precedence;
        steps[path.count - 1].associativity = context.associativity;
        paths->items[i].steps = steps;
    }
    return true;
}

static bool role_of(Building *self, Str field, Str alias, uint32_t *role) {
    Str key = ak_arena_format(self->arena, "%.*s %.*s", STR_ARGS(field), STR_ARGS(alias));
    bool is_new;
    uint64_t *number = key.data ? ak_map_put(&self->roles, key, &is_new) : NULL;
    if (!number) return out_of_memory(self);
    if (is_new) {
        *number = self->syntax->roles.count;
        if (!ak_vec_push(self->arena, &self->syntax->roles, (SyntaxRole){field, alias})) return out_of_memory(self);
    }
    return *role = (uint32_t)*number, true;
}

static bool expand_named(Building *self, const Rule *rule, Context context, Paths *paths) {
    SyntaxRole role = self->syntax->roles.items[context.role];
    if (rule->kind == RULE_FIELD) role.field = rule->text;
    else role.alias = rule->text;
    return role_of(self, role.field, role.alias, &context.role) && expand(self, rule->members[0], context, paths);
}

/* The rule of a name: its number, queued when it is new. */
static bool rule_of(Building *self, Str name, const Rule *rule, uint32_t *number) {
    bool is_new;
    uint64_t *known = ak_map_put(&self->rules, name, &is_new);
    if (!known) return out_of_memory(self);
    if (is_new) {
        *known = self->syntax->rules.count + 1;
        if (!ak_vec_push(self->arena, &self->syntax->rules, (SyntaxRule){.name = name}) ||
            !ak_vec_push(self->arena, &self->pending, (Pending){.rule = rule}))
            return out_of_memory(self);
    }
    return *number = (uint32_t)*known - 1, true;
}

static bool expand_symbol(Building *self, const Rule *rule, Context context, Paths *paths) {
    Str name = rule->text;
    SyntaxSymbol symbol = 0;
    uint32_t kind;
    for (uint8_t i = 1; i < self->book->layout.count; i++) {
        SyntaxTerminal edge = {.name = name, .expr = AK_EXPR_NOTHING, .layout = (uint8_t)(LAYOUT_LINE_END + i)};
        if (ak_str_equal(name, self->book->layout.items[i]))
            return add_terminal(self, edge, &symbol) && push_symbol(self, paths, symbol, context);
    }
    if (ak_names_has(&self->book->inserted, name)) return push_symbol(self, paths, TERMINAL_SEMICOLON, context);
    if (is_word(self, name, context.role, &kind))
        return add_word(self, kind, context.lines, &symbol) && push_symbol(self, paths, symbol, context);
    const Rule *meant = ak_rulebook_find(self->book, name), *token = as_token(meant);
    if (!meant) {
        return ak_fail(self->err, ANANKE_ERROR_CONFLICT,
                       "rule %.*s: there is no rule %.*s; an external token is given one by the overlay",
                       STR_ARGS(self->place), STR_ARGS(name));
    }
    if (token) return add_token(self, token, name, context.lines, &symbol) && push_symbol(self, paths, symbol, context);
    if (ak_names_has(&self->book->inlined, name)) {
        if (++self->depth > 100) return fail(self, "inlined rules go round in circles");
        bool is_done = expand(self, meant, context, paths);
        return self->depth--, is_done;
    }
    uint32_t number = 0;
    return rule_of(self, name, meant, &number) && push_symbol(self, paths, number | SYMBOL_RULE, context);
}

/* A rule for one or more of the paths; the same for the same paths. */
static bool repeat_of(Building *self, const Paths *what, uint32_t *number) {
    VEC(uint32_t) key = {0};
    for (size_t i = 0; i < what->count; i++) {
        for (uint32_t k = 0; k < what->items[i].count; k++) {
            SyntaxStep step = what->items[i].steps[k];
            if (!ak_vec_push(self->arena, &key, step.symbol) || !ak_vec_push(self->arena, &key, step.role))
                return out_of_memory(self);
        }
        if (!ak_vec_push(self->arena, &key, UINT32_MAX)) return out_of_memory(self);
    }
    bool is_new;
    uint64_t *known =
        ak_map_put(&self->repeats, (Str){(const char *)key.items, key.count * sizeof *key.items}, &is_new);
    if (!known) return out_of_memory(self);
    if (!is_new) return *number = (uint32_t)*known, true;
    *known = *number = (uint32_t)self->syntax->rules.count;
    Pending pending = {0};
    SyntaxStep *more = ak_new(self->arena, SyntaxStep);
    if (!more) return out_of_memory(self);
    *more = (SyntaxStep){.symbol = *number | SYMBOL_RULE};
    for (size_t i = 0; i < what->count; i++) {
        Path joined;
        if (!push_path(self, &pending.paths, what->items[i])) return false;
        if (!join_paths(self, (Path){more, 1}, what->items[i], &joined) || !push_path(self, &pending.paths, joined))
            return false;
    }
    return (ak_vec_push(self->arena, &self->syntax->rules, (SyntaxRule){0}) &&
            ak_vec_push(self->arena, &self->pending, pending)) ||
           out_of_memory(self);
}

static bool expand_repeat(Building *self, const Rule *rule, Context context, Paths *paths) {
    uint32_t number = 0;
    Paths content = {0}, filled = {0};
    Context inner = {.role = context.role, .is_last = true};
    if (!expand(self, rule->members[0], inner, &content)) return false;
    for (size_t i = 0; i < content.count; i++) {
        if (content.items[i].count && !push_path(self, &filled, content.items[i])) return false;
    }
    bool may_lack = rule->kind == RULE_REPEAT || filled.count < content.count;
    if (may_lack && !push_path(self, paths, (Path){0})) return false;
    return !filled.count ||
           (repeat_of(self, &filled, &number) && push_symbol(self, paths, number | SYMBOL_RULE, context));
}

/* The rule without what begins with some tokens. */
static bool rule_without(Building *self, uint32_t whole, const Rule *without, uint32_t *number) {
    if (self->pending.items[whole].without == without) return *number = whole, true;
    Str key = ak_arena_format(self->arena, "%u %p", whole, (const void *)without);
    bool is_new;
    uint64_t *known = key.data ? ak_map_put(&self->rules, key, &is_new) : NULL;
    if (!known) return out_of_memory(self);
    if (is_new) {
        *known = self->syntax->rules.count + 1;
        SyntaxRule made = {.name = self->syntax->rules.items[whole].name};
        if (!ak_vec_push(self->arena, &self->syntax->rules, made) ||
            !ak_vec_push(self->arena, &self->pending, (Pending){.without = without, .whole = whole}))
            return out_of_memory(self);
    }
    return *number = (uint32_t)*known - 1, true;
}

static bool begins_with(const Building *self, SyntaxSymbol symbol, const Rule *without) {
    for (uint32_t i = 0; !(symbol & SYMBOL_RULE) && i < without->name_count; i++) {
        if (ak_str_equal(self->syntax->terminals.items[symbol].name, without->names[i])) return true;
    }
    return false;
}

/* Adds those of the paths that do not begin with the tokens. */
static bool push_without(Building *self, const Paths *from, const Rule *without, Paths *paths) {
    for (size_t i = 0; i < from->count; i++) {
        Path path = from->items[i];
        if (!path.count || begins_with(self, path.steps[0].symbol, without)) continue;
        if (path.steps[0].symbol & SYMBOL_RULE) {
            uint32_t number = 0;
            SyntaxStep *steps = ak_new_array(self->arena, SyntaxStep, path.count);
            if (!steps) return out_of_memory(self);
            if (!rule_without(self, path.steps[0].symbol & ~SYMBOL_RULE, without, &number)) return false;
            memcpy(steps, path.steps, path.count * sizeof *steps);
            steps[0].symbol = number | SYMBOL_RULE, path.steps = steps;
        }
        if (!push_path(self, paths, path)) return false;
    }
    return true;
}

static bool expand(Building *self, const Rule *rule, Context context, Paths *paths) {
    Paths all = {0};
    SyntaxSymbol symbol = 0;
    switch (rule->kind) {
    case RULE_BLANK: return push_path(self, paths, (Path){0});
    case RULE_STRING:
    case RULE_PATTERN:
    case RULE_TOKEN:
    case RULE_IMMEDIATE:
        return add_token(self, rule, rule->text, context.lines, &symbol) && push_symbol(self, paths, symbol, context);
    case RULE_SYMBOL: return expand_symbol(self, rule, context, paths);
    case RULE_SEQ: return expand_sequence(self, rule, context, paths);
    case RULE_CHOICE:
        for (uint32_t i = 0; i < rule->count; i++) {
            if (!expand(self, rule->members[i], context, paths)) return false;
        }
        return true;
    case RULE_REPEAT:
    case RULE_REPEAT1: return expand_repeat(self, rule, context, paths);
    case RULE_FIELD:
    case RULE_ALIAS: return expand_named(self, rule, context, paths);
    case RULE_PREC: return expand_precedence(self, rule, context, paths);
    case RULE_NOT: return expand(self, rule->members[0], context, &all) && push_without(self, &all, rule, paths);
    case RULE_LINE: context.lines |= rule->lines; return expand(self, rule->members[0], context, paths);
    }
    return false;
}

/* ---- The whole */

/* Adds one of the starts; false when the name is taken. */
static bool add_start(Building *self, Str name) {
    self->place = name;
    for (uint32_t i = 0; i < self->syntax->fragment_count; i++) {
        if (ak_str_equal(self->syntax->rules.items[i].name, name)) return fail(self, "it is a fragment twice");
    }
    if (self->syntax->fragment_count++ == FRAGMENTS_MAX) return fail(self, "there are too many fragments");
    return (ak_vec_push(self->arena, &self->syntax->rules, (SyntaxRule){.name = name}) &&
            ak_vec_push(self->arena, &self->pending, (Pending){0})) ||
           out_of_memory(self);
}

/* The paths of a start: the fragment's rule and the end, and the end alone where the rule may be empty. */
static bool expand_start(Building *self, uint32_t start, NamedRule fragment) {
    uint32_t number = 0;
    Paths end = {0}, all = {0}, text = {0};
    Path joined;
    self->place = fragment.name;
    if (!fragment.rule) return fail(self, "there is no such rule");
    if (!rule_of(self, fragment.name, fragment.rule, &number) || !push_symbol(self, &end, TERMINAL_END, (Context){0}) ||
        !expand(self, fragment.rule, (Context){.is_last = true}, &all))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i].count) continue;
        if (!push_path(self, &self->pending.items[start].paths, end.items[0])) return false;
        self->pending.items[number].may_be_empty = true;
        break;
    }
    return push_symbol(self, &text, number | SYMBOL_RULE, (Context){0}) &&
           join_paths(self, text.items[0], end.items[0], &joined) &&
           push_path(self, &self->pending.items[start].paths, joined);
}

/* Adds the path of up to four symbols, those that are 0 left out. */
static bool push_symbols(Building *self, Paths *paths, const SyntaxSymbol symbols[4]) {
    SyntaxStep *steps = ak_new_array(self->arena, SyntaxStep, 4);
    Path path = {steps, 0};
    if (!steps) return out_of_memory(self);
    for (int i = 0; i < 4; i++) {
        if (symbols[i]) steps[path.count++].symbol = symbols[i];
    }
    return push_path(self, paths, path);
}

static bool add_fence_terminals(Building *self, SyntaxSymbol *opening, SyntaxSymbol *closing, SyntaxSymbol *reopening,
                                SyntaxSymbol *rest) {
    FenceExprs exprs;
    if (!ak_fence_exprs(&exprs, &self->syntax->exprs, &self->book->fence, self->err)) return false;
    const struct {
        SyntaxTerminal terminal;
        SyntaxSymbol *symbol;
    } all[] = {
        {{.name = STR("a fence"), .expr = exprs.opening, .is_raw = true, .is_newline = true}, opening},
        {{.name = STR("the fence's end"), .expr = exprs.closing, .lines = LINE_FIRST}, closing},
        {{.name = STR("another fence"), .expr = exprs.reopening, .is_raw = true, .is_newline = true}, reopening},
        {{.name = STR("text"), .expr = exprs.rest, .is_raw = true}, rest},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!add_terminal(self, all[i].terminal, all[i].symbol)) return false;
    }
    return true;
}

/* The paths of the start that is text with files between fences in it, one at least. */
static bool expand_markdown(Building *self, uint32_t start, NamedRule file) {
    SyntaxSymbol opening, closing, reopening, rest, blocks = (SyntaxSymbol)self->syntax->rules.count | SYMBOL_RULE;
    Pending pending = {.has_empty = true};
    uint32_t number = 0;
    self->place = self->syntax->rules.items[start].name;
    if (!add_fence_terminals(self, &opening, &closing, &reopening, &rest)) return false;
    if (!rule_of(self, file.name, file.rule, &number)) return false;
    SyntaxSymbol code = number | SYMBOL_RULE, none = TERMINAL_END;
    for (int is_empty = 0; is_empty <= self->pending.items[number].may_be_empty; is_empty++) {
        SyntaxSymbol content = is_empty ? none : code;
        if (!push_symbols(self, &pending.paths, (SyntaxSymbol[4]){opening, content, closing}) ||
            !push_symbols(self, &pending.paths, (SyntaxSymbol[4]){blocks, reopening, content, closing}))
            return false;
    }
    if (!ak_vec_push(self->arena, &self->syntax->rules, (SyntaxRule){0}) ||
        !ak_vec_push(self->arena, &self->pending, pending))
        return out_of_memory(self);
    Paths end = {0}, *paths = &self->pending.items[start].paths;
    Path joined;
    if (!push_symbol(self, &end, TERMINAL_END, (Context){0})) return false;
    for (int has_rest = 0; has_rest < 2; has_rest++) {
        Paths text = {0};
        if (!push_symbols(self, &text, (SyntaxSymbol[4]){blocks, has_rest ? rest : none}) ||
            !join_paths(self, text.items[0], end.items[0], &joined) || !push_path(self, paths, joined))
            return false;
    }
    return true;
}

static bool expand_starts(Building *self) {
    const Rulebook *book = self->book;
    if (!book->rules.count || !book->rules.items[0].rule) return fail(self, "there are no rules");
    if (!add_start(self, STR("file"))) return false;
    for (size_t i = 0; i < book->fragments.count; i++) {
        if (!add_start(self, book->fragments.items[i])) return false;
    }
    uint32_t named = self->syntax->fragment_count;
    if (book->fence.count && !add_start(self, STR("markdown"))) return false;
    if (!expand_start(self, FRAGMENT_FILE, book->rules.items[0])) return false;
    for (uint32_t i = FRAGMENT_FILE + 1; i < named; i++) {
        Str name = book->fragments.items[i - 1];
        if (!expand_start(self, i, (NamedRule){name, ak_rulebook_find(book, name)})) return false;
    }
    return !book->fence.count || expand_markdown(self, named, book->rules.items[0]);
}

static bool expand_all(Building *self) {
    for (size_t i = 0; i < self->pending.count; i++) {
        Pending pending = self->pending.items[i];
        const Rule *rule = pending.rule;
        Paths paths = {0};
        if (pending.without) {
            if (!push_without(self, &self->pending.items[pending.whole].paths, pending.without, &paths)) return false;
            self->pending.items[i].paths = paths;
        }
        if (!rule) continue;
        self->place = self->syntax->rules.items[i].name;
        if (!expand(self, rule, (Context){.is_last = true}, &paths)) return false;
        for (size_t k = 0; k < paths.count; k++) {
            if (!paths.items[k].count && !pending.may_be_empty) return fail(self, "it may be empty");
        }
        self->pending.items[i].paths = paths;
    }
    return true;
}

/* What may be empty stands nowhere but in its start: elsewhere its productions would lack that text. */
static bool check_empty(Building *self) {
    for (size_t rule = self->syntax->fragment_count; rule < self->pending.count; rule++) {
        const Paths *paths = &self->pending.items[rule].paths;
        for (size_t i = 0; i < paths->count && !self->pending.items[rule].has_empty; i++) {
            for (uint32_t k = 0; k < paths->items[i].count; k++) {
                SyntaxSymbol symbol = paths->items[i].steps[k].symbol;
                if (!(symbol & SYMBOL_RULE) || !self->pending.items[symbol & ~SYMBOL_RULE].may_be_empty) continue;
                self->place = self->syntax->rules.items[symbol & ~SYMBOL_RULE].name;
                return fail(self, "it may be empty");
            }
        }
    }
    return true;
}

static bool are_steps_equal(const SyntaxStep *a, const SyntaxStep *b, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        bool is_equal = a[i].symbol == b[i].symbol && a[i].role == b[i].role &&
                        a[i].associativity == b[i].associativity && a[i].precedence.level == b[i].precedence.level &&
                        ak_str_equal(a[i].precedence.name, b[i].precedence.name);
        if (!is_equal) return false;
    }
    return true;
}

static bool is_known(const Syntax *self, uint32_t first, Path path) {
    for (size_t i = first; i < self->productions.count; i++) {
        Production there = self->productions.items[i];
        if (there.count == path.count && are_steps_equal(self->steps.items + there.first, path.steps, path.count))
            return true;
    }
    return false;
}

/* Can the path become a text, as far as it is known which rules can? */
static bool is_fruitful(Path path, const bool *fruitful) {
    for (uint32_t i = 0; i < path.count; i++) {
        SyntaxSymbol symbol = path.steps[i].symbol;
        if (symbol & SYMBOL_RULE && !fruitful[symbol & ~SYMBOL_RULE]) return false;
    }
    return path.count > 0;
}

/* Takes the paths out that no text comes of: what %not leaves of a rule may be nothing. */
static bool drop_fruitless(Building *self) {
    bool *fruitful = ak_new_array(self->arena, bool, self->pending.count);
    if (!fruitful) return out_of_memory(self);
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (size_t rule = 0; rule < self->pending.count; rule++) {
            const Paths *paths = &self->pending.items[rule].paths;
            for (size_t i = 0; i < paths->count && !fruitful[rule]; i++)
                is_changed |= fruitful[rule] = is_fruitful(paths->items[i], fruitful);
        }
    }
    for (size_t rule = 0; rule < self->pending.count; rule++) {
        Paths *paths = &self->pending.items[rule].paths;
        size_t kept = 0;
        for (size_t i = 0; i < paths->count; i++) {
            if (is_fruitful(paths->items[i], fruitful)) paths->items[kept++] = paths->items[i];
        }
        paths->count = kept;
    }
    self->place = self->book->name;
    for (uint32_t i = 0; i < self->syntax->fragment_count; i++) {
        if (i != FRAGMENT_FILE) self->place = self->syntax->rules.items[i].name;
        if (!fruitful[i]) return fail(self, "no text comes of it");
    }
    return true;
}

static bool add_productions(Building *self) {
    Syntax *syntax = self->syntax;
    for (uint32_t rule = 0; rule < syntax->rules.count; rule++) {
        const Paths *paths = &self->pending.items[rule].paths;
        syntax->rules.items[rule].first = (uint32_t)syntax->productions.count;
        for (size_t i = 0; i < paths->count; i++) {
            Path path = paths->items[i];
            if (!path.count || is_known(syntax, syntax->rules.items[rule].first, path)) continue;
            Production made = {rule, (uint32_t)syntax->steps.count, path.count};
            if (!ak_vec_reserve(self->arena, &syntax->steps, path.count) ||
                !ak_vec_push(self->arena, &syntax->productions, made))
                return out_of_memory(self);
            memcpy(syntax->steps.items + made.first, path.steps, path.count * sizeof *path.steps);
            syntax->steps.count += path.count;
        }
        syntax->rules.items[rule].count = (uint32_t)syntax->productions.count - syntax->rules.items[rule].first;
    }
    return true;
}

static bool add_extra(Building *self, const Rule *token, Layout layout) {
    SyntaxSymbol symbol = 0;
    Expr expr = expr_of(self, token);
    if (!expr) return ak_exprs_ok(&self->syntax->exprs, self->err) && false;
    if (ak_expr_is_nullable(&self->syntax->exprs, expr)) return fail(self, "what is ignored has a text");
    SyntaxTerminal terminal = {.name = self->place,
                               .expr = expr,
                               .layout = (uint8_t)layout,
                               .is_extra = true,
                               .is_newline = ak_names_has(&self->book->newlines, self->place),
                               .is_space = ak_names_has(&self->book->spaces, self->place)};
    return add_terminal(self, terminal, &symbol);
}

static bool add_extras(Building *self) {
    for (size_t i = 0; i < self->book->extras.count; i++) {
        const Rule *extra = self->book->extras.items[i], *token = extra;
        self->place = STR("extras");
        if (extra->kind == RULE_SYMBOL)
            self->place = extra->text, token = as_token(ak_rulebook_find(self->book, extra->text));
        if (!token) continue; /* an external token that the overlay does not give a rule */
        if (!add_extra(self, token, LAYOUT_NONE)) return false;
    }
    return true;
}

/* What lines begin with where columns count. */
static bool add_margin(Building *self) {
    const Names *layout = &self->book->layout, *margin = &self->book->margin;
    if (!layout->count) return true;
    self->place = STR("layout");
    if (layout->count != LAYOUT_DEDENT - LAYOUT_LINE_END + 1 || margin->count != LAYOUT_COMMENT - LAYOUT_SPACE + 1)
        return fail(self, "%layout has three rules, and %margin five");
    for (size_t i = 0; i < margin->count; i++) {
        const Rule *token = as_token(ak_rulebook_find(self->book, margin->items[i]));
        self->place = margin->items[i];
        if (!token) return fail(self, "there is no such token");
        if (!add_extra(self, token, LAYOUT_SPACE + (Layout)i)) return false;
    }
    return true;
}

/* Is the text of the terminal a fixed one of several bytes of punctuation? */
static bool is_mark(const Building *self, const SyntaxTerminal *terminal) {
    Exprs *exprs = &self->syntax->exprs;
    const ExprNode *node = ak_expr_node(exprs, terminal->expr);
    if (terminal->is_extra || terminal->is_immediate || node->longest < 2 || node->longest != node->shortest ||
        node->longest > 4)
        return false;
    Str text = ak_expr_shortest(exprs, terminal->expr, self->arena);
    if (!text.data || !ak_str_equal(terminal->name, text)) return false;
    if (self->word && ak_expr_matches(exprs, self->word, text)) return false;
    return true;
}

/* Does a text of the terminal go on from the other's, which is one short text and no word? */
static bool goes_on(const Building *self, const SyntaxTerminal *terminal, const SyntaxTerminal *mark) {
    Exprs *exprs = &self->syntax->exprs;
    const ExprNode *node = ak_expr_node(exprs, mark->expr);
    if (node->kind == EXPR_NOTHING || node->longest != node->shortest || node->longest > 4) return false;
    Str text = ak_expr_shortest(exprs, mark->expr, self->arena);
    Expr rest = terminal->expr;
    if (self->word && ak_expr_matches(exprs, self->word, text)) return false;
    for (size_t i = 0; i < text.length && rest != AK_EXPR_NOTHING; i++)
        rest = ak_expr_derivative(exprs, rest, exprs->classes[(uint8_t)text.data[i]]);
    return rest != AK_EXPR_NOTHING && rest != AK_EXPR_EMPTY && !ak_expr_is_empty(exprs, rest);
}

static bool find_marks(const Building *self) {
    Syntax *syntax = self->syntax;
    for (size_t i = 0; i < syntax->terminals.count; i++) {
        SyntaxTerminal *terminal = &syntax->terminals.items[i];
        const ExprNode *node = ak_expr_node(&syntax->exprs, terminal->expr);
        uint32_t *marks = NULL;
        if (terminal->is_extra || terminal->is_munched || node->longest == node->shortest) continue;
        for (size_t k = 0; k < syntax->terminals.count; k++) {
            if (!goes_on(self, terminal, &syntax->terminals.items[k])) continue;
            if (!marks && !(marks = ak_new_array(self->arena, uint32_t, ak_bits_words(syntax->terminals.count))))
                return out_of_memory(self);
            ak_bits_set(marks, k);
        }
        terminal->marks = marks;
    }
    return true;
}

static void find_twins(Syntax *self, const Names *greedy) {
    for (size_t i = 0; i < self->terminals.count; i++) {
        SyntaxTerminal *terminal = &self->terminals.items[i];
        if (!ak_names_has(greedy, terminal->name)) continue;
        for (uint32_t k = TERMINAL_SEMICOLON + 1; k < self->terminals.count && !(terminal->lines & LINE_BEFORE); k++) {
            const SyntaxTerminal *other = &self->terminals.items[k];
            if (other->expr == terminal->expr && other->lines & LINE_BEFORE) terminal->twin = k;
        }
    }
}

static bool begin(Building *self) {
    Syntax *syntax = self->syntax;
    if (!ak_exprs_init(&syntax->exprs, self->arena, FUEL)) return out_of_memory(self);
    SyntaxTerminal end = {.name = STR("the end"), .expr = AK_EXPR_NOTHING, .is_closing = true};
    SyntaxTerminal semicolon = {.name = STR("a semicolon left out"), .expr = AK_EXPR_NOTHING};
    if (!ak_vec_push(self->arena, &syntax->terminals, end) ||
        !ak_vec_push(self->arena, &syntax->terminals, semicolon) ||
        !ak_vec_push(self->arena, &syntax->roles, (SyntaxRole){0}) || !ak_map_put(&self->roles, STR(" "), NULL))
        return out_of_memory(self);
    if (!self->book->word.length) return true;
    self->place = self->book->word;
    SyntaxSymbol any = 0;
    return (self->word = expr_of_symbol(self, self->book->word)) && add_word(self, WORD_ANY, 0, &any);
}

bool ak_syntax_init(Syntax *self, Arena *arena, const Rulebook *book, ananke_error *err) {
    *self = (Syntax){.arena = arena, .orders = book->orders.items, .order_count = (uint32_t)book->orders.count};
    Map map = {.arena = arena};
    Building building = {.syntax = self,
                         .book = book,
                         .arena = arena,
                         .err = err,
                         .rules = map,
                         .repeats = map,
                         .terminals = map,
                         .tokens = map,
                         .roles = map,
                         .exprs = map};
    if (!begin(&building) || !expand_starts(&building) || !expand_all(&building) || !check_empty(&building) ||
        !drop_fruitless(&building) || !add_productions(&building) || !add_extras(&building) || !add_margin(&building))
        return false;
    ak_exprs_seal(&self->exprs);
    for (size_t i = TERMINAL_SEMICOLON + 1; i < self->terminals.count; i++)
        self->terminals.items[i].is_munched |= is_mark(&building, &self->terminals.items[i]);
    find_twins(self, &book->greedy);
    if (!find_marks(&building)) return false;
    return ak_exprs_ok(&self->exprs, err);
}

bool ak_syntax_fragment(const Syntax *self, Str name, uint32_t *number, ananke_error *err) {
    char list[200] = "";
    size_t used = 0;
    for (*number = FRAGMENT_FILE; *number < self->fragment_count; ++*number) {
        if (!name.length || ak_str_equal(self->rules.items[*number].name, name)) return true;
    }
    for (uint32_t i = 0; i < self->fragment_count && used < sizeof list; i++) {
        Str there = self->rules.items[i].name;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.*s", i ? ", " : "", STR_ARGS(there));
    }
    ak_fail(err, ANANKE_ERROR_USAGE, "there is no fragment `%.*s`", STR_ARGS(name));
    return ak_hint(err, "fragments of the language: %s", list);
}
