/* From the tree of a Lark grammar to rules and terminals. Rules are built when they are first referred to, by a
 * worklist; a rule with a parameter is built once for every value that it is referred to with. Terminals are built
 * by recursion and may not refer to themselves. */
#include "mask/json_schema.h"
#include "mask/lark.h"
#include "mask/lark_tree.h"
#include "mask/regex.h"

enum { MAX_TERMINAL_DEPTH = 100, MAX_INSTANCES = 100000 };

/* A rule for one value of its parameter, whose bodies are still to be built. */
typedef struct Instance {
    uint32_t definition;
    Symbol symbol;
    uint64_t param;
} Instance;

typedef struct Builder {
    LarkFile file;
    Grammar *grammar;
    Arena *arena;
    Map instances; /* (definition, param) as bytes, to the symbol */
    VEC(Instance) agenda;
    uint64_t param; /* of the rule that is being built */
    bool has_param;
    uint32_t terminal_depth;
    ananke_error *err;
} Builder;

typedef VEC(uint32_t) Numbers; /* symbols or expressions */

static uint32_t fail_at(Builder *self, ananke_error_code code, const LarkNode *node, const char *what) {
    ak_fail_at(self->err, code, self->file.name, self->file.text, node->offset, "%s", what);
    return 0;
}

/* Passes a symbol or expression on; the failed one means that memory or fuel ran out. */
static uint32_t checked(Builder *self, uint32_t made) {
    if (!made) ak_grammar_ok(self->grammar, self->err);
    return made;
}

static LarkDefinition *find(Builder *self, const LarkNode *node) {
    const uint64_t *index = ak_map_find(&self->file.by_name, node->text);
    if (index) return &self->file.definitions.items[*index];
    ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file.name, self->file.text, node->offset, "'%.*s' is not defined",
               STR_ARGS(node->text));
    size_t count = self->file.definitions.count;
    Str *names = ak_new_array(self->arena, Str, count);
    for (size_t i = 0; names && i < count; i++) names[i] = self->file.definitions.items[i].name;
    Str near = names ? ak_str_nearest(node->text, names, count) : (Str){0};
    if (near.length) ak_hint(self->err, "did you mean '%.*s'?", STR_ARGS(near));
    return NULL;
}

/* ---- Terminals */

static Expr terminal_expr(Builder *self, const LarkNode *node);

static Expr definition_expr(Builder *self, const LarkNode *node) {
    LarkDefinition *definition = find(self, node);
    if (!definition) return AK_EXPR_FAILED;
    if (!definition->is_terminal)
        return fail_at(self, ANANKE_ERROR_SYNTAX, node, "a rule cannot be part of a terminal");
    if (definition->expr) return definition->expr;
    if (definition->is_under_way)
        return fail_at(self, ANANKE_ERROR_SYNTAX, node, "a terminal cannot refer to itself; rules can");
    if (++self->terminal_depth > MAX_TERMINAL_DEPTH)
        return fail_at(self, ANANKE_ERROR_LIMIT, node, "terminals refer to each other too deeply");
    definition->is_under_way = true;
    definition->expr = terminal_expr(self, definition->body);
    definition->is_under_way = false;
    self->terminal_depth--;
    return definition->expr;
}

static Expr regex_expr(Builder *self, const LarkNode *node) {
    char flags[8] = "";
    for (size_t i = 0; i < node->flags.length && i + 1 < sizeof flags; i++) flags[i] = node->flags.data[i];
    RegexText regex = {
        .text = node->text, .flags = flags, .file = self->file.name, .source = self->file.text, .offset = node->offset};
    const char *begin = self->file.text.data, *end = begin + self->file.text.length;
    if (node->text.data >= begin && node->text.data < end) regex.offset = (size_t)(node->text.data - begin);
    else regex.source = node->text, regex.offset = 0; /* an imported one */
    return ak_regex_parse(&self->grammar->exprs, &regex, self->err);
}

/* The expressions of all children, put together. */
static Expr children_expr(Builder *self, const LarkNode *node) {
    Exprs *exprs = &self->grammar->exprs;
    Numbers parts = {0};
    for (const LarkNode *child = node->child; child; child = child->next) {
        if (child->condition) return fail_at(self, ANANKE_ERROR_SYNTAX, child, "%if is for rules, not for terminals");
        Expr part = terminal_expr(self, child);
        if (!part) return AK_EXPR_FAILED;
        if (!ak_vec_push(self->arena, &parts, part)) return checked(self, AK_EXPR_FAILED);
    }
    if (node->kind == LARK_CHOICE) return checked(self, ak_expr_or_all(exprs, parts.items, parts.count));
    if (node->kind == LARK_BOTH) return checked(self, ak_expr_and_all(exprs, parts.items, parts.count));
    return checked(self, ak_expr_concat_all(exprs, parts.items, parts.count));
}

static Expr terminal_expr(Builder *self, const LarkNode *node) {
    Exprs *exprs = &self->grammar->exprs;
    switch (node->kind) {
    case LARK_CHOICE:
    case LARK_BOTH:
    case LARK_SEQUENCE: return children_expr(self, node);
    case LARK_REPEAT: {
        Expr what = terminal_expr(self, node->child);
        return what ? checked(self, ak_expr_repeat(exprs, what, node->min, node->max)) : what;
    }
    case LARK_NOT: {
        Expr what = terminal_expr(self, node->child);
        return what ? checked(self, ak_expr_not(exprs, what)) : what;
    }
    case LARK_NAME:
        if (node->param) return fail_at(self, ANANKE_ERROR_SYNTAX, node, "terminals take no parameter");
        return definition_expr(self, node);
    case LARK_STRING:
        return checked(self, node->flags.length ? ak_regex_literal_nocase(exprs, node->text)
                                                : ak_expr_literal(exprs, node->text));
    case LARK_RANGE: return checked(self, ak_expr_points(exprs, &(PointRange){node->min, node->max}, 1));
    case LARK_REGEX: return regex_expr(self, node);
    case LARK_TOKENS: return fail_at(self, ANANKE_ERROR_SYNTAX, node, "a token cannot be part of a terminal");
    case LARK_JSON: return fail_at(self, ANANKE_ERROR_SYNTAX, node, "%json cannot be part of a terminal");
    }
    return AK_EXPR_FAILED;
}

/* ---- Rules */

static Symbol rule_symbol(Builder *self, const LarkNode *node);

/* The symbol of a rule for one value of its parameter; its bodies come later. */
static Symbol instance(Builder *self, uint32_t definition, uint64_t param, const LarkNode *node) {
    uint64_t *key = ak_new_array(self->arena, uint64_t, 2);
    bool is_new;
    if (!key) return checked(self, AK_SYMBOL_FAILED);
    key[0] = definition, key[1] = param;
    uint64_t *value = ak_map_put(&self->instances, (Str){(const char *)key, 2 * sizeof *key}, &is_new);
    if (!value) return checked(self, AK_SYMBOL_FAILED);
    if (!is_new) return (Symbol)*value;
    if (self->agenda.count >= MAX_INSTANCES) {
        fail_at(self, ANANKE_ERROR_LIMIT, node, "the parameters of the rules take too many different values");
        return AK_SYMBOL_FAILED;
    }
    Symbol symbol = ak_grammar_rule(self->grammar, self->file.definitions.items[definition].name);
    *value = symbol;
    ak_grammar_capture(self->grammar, symbol, self->file.definitions.items[definition].capture);
    if (!symbol || !ak_vec_push(self->arena, &self->agenda, (Instance){definition, symbol, param}))
        return checked(self, AK_SYMBOL_FAILED);
    return symbol;
}

static Symbol reference(Builder *self, const LarkNode *node) {
    LarkDefinition *definition = find(self, node);
    if (!definition) return AK_SYMBOL_FAILED;
    if (definition->is_terminal) {
        Expr expr = terminal_expr(self, node);
        return expr ? checked(self, ak_grammar_terminal(self->grammar, definition->name, expr)) : expr;
    }
    if (definition->is_parametric != (node->param != NULL)) {
        return fail_at(self, ANANKE_ERROR_SYNTAX, node,
                       node->param ? "this rule takes no parameter" : "this rule needs a parameter: rule::value");
    }
    if (node->param && node->param->kind != PARAM_CONST && !self->has_param) {
        return fail_at(self, ANANKE_ERROR_SYNTAX, node, "the rule that this stands in has no parameter");
    }
    uint64_t param = node->param ? ak_lark_param(node->param, self->param) : 0;
    return instance(self, (uint32_t)(definition - self->file.definitions.items), param, node);
}

/* A terminal without a name of its own is named by its text. */
static Symbol anonymous_terminal(Builder *self, const LarkNode *node) {
    Expr expr = terminal_expr(self, node);
    if (!expr) return AK_SYMBOL_FAILED;
    Str name = {0};
    if (node->kind == LARK_REGEX)
        name = ak_arena_format(self->arena, "/%.*s/%.*s", STR_ARGS(node->text), STR_ARGS(node->flags));
    else if (node->kind == LARK_STRING)
        name = ak_arena_format(self->arena, "\"%.*s\"%.*s", STR_ARGS(node->text), STR_ARGS(node->flags));
    else name = ak_arena_format(self->arena, "U+%04X..U+%04X", node->min, node->max);
    return checked(self, ak_grammar_terminal(self->grammar, name, expr));
}

/* Adds an alternative to a rule: the parts of a sequence become the parts of a body. */
static bool add_body(Builder *self, Symbol rule, const LarkNode *node) {
    if (node->condition && !self->has_param)
        return fail_at(self, ANANKE_ERROR_SYNTAX, node, "%if needs a rule with a parameter") != 0;
    if (!ak_lark_holds(node->condition, self->param)) return true;
    if (node->kind == LARK_BOTH) {
        fail_at(self, ANANKE_ERROR_SYNTAX, node, "'&' is for terminals, not for rules");
        return ak_hint(self->err, "make it a terminal: a name in UPPER_CASE");
    }
    Numbers parts = {0};
    for (const LarkNode *child = node->child; child; child = child->next) {
        Symbol part = rule_symbol(self, child);
        if (!part) return false;
        if (!ak_vec_push(self->arena, &parts, part)) return checked(self, AK_SYMBOL_FAILED) != 0;
    }
    return ak_grammar_add(self->grammar, rule, parts.items, parts.count) || checked(self, AK_SYMBOL_FAILED) != 0;
}

static bool add_bodies(Builder *self, Symbol rule, const LarkNode *choice) {
    for (const LarkNode *child = choice->child; child; child = child->next) {
        if (!add_body(self, rule, child)) return false;
    }
    return true;
}

static Symbol choice_symbol(Builder *self, const LarkNode *node) {
    const LarkNode *only = node->child->next ? NULL : node->child;
    if (only && only->kind == LARK_SEQUENCE && !only->condition && only->child && !only->child->next)
        return rule_symbol(self, only->child);
    Symbol rule = checked(self, ak_grammar_rule(self->grammar, (Str){0}));
    return rule && add_bodies(self, rule, node) ? rule : (Symbol)AK_SYMBOL_FAILED;
}

/* What %ignore names could then stand inside of the JSON text too, and that would be no JSON. */
static Symbol json_symbol(Builder *self, const LarkNode *node) {
    Symbol symbol = AK_SYMBOL_FAILED;
    if (self->grammar->ignore != AK_EXPR_NOTHING) {
        return fail_at(self, ANANKE_ERROR_UNSUPPORTED, node, "%json beside %ignore is not supported");
    }
    ananke_error inner = {0};
    if (ak_json_schema(self->grammar, node->text, NULL, &symbol, &inner)) return symbol;
    fail_at(self, inner.code, node, inner.message);
    if (inner.hint[0]) ak_hint(self->err, "%s", inner.hint);
    return AK_SYMBOL_FAILED;
}

static Symbol tokens_symbol(Builder *self, const LarkNode *node) {
    ananke_error inner = {0};
    TokenSet set;
    if (ak_token_set_read(&set, node->text, self->grammar->vocab, self->arena, &inner))
        return checked(self, ak_grammar_tokens(self->grammar, node->text, set));
    fail_at(self, inner.code, node, inner.message);
    if (inner.hint[0]) ak_hint(self->err, "%s", inner.hint);
    return AK_SYMBOL_FAILED;
}

static Symbol rule_symbol(Builder *self, const LarkNode *node) {
    switch (node->kind) {
    case LARK_CHOICE: return choice_symbol(self, node);
    case LARK_REPEAT: {
        Symbol what = rule_symbol(self, node->child);
        return what ? checked(self, ak_grammar_repeat(self->grammar, what, node->min, node->max)) : what;
    }
    case LARK_NAME: return reference(self, node);
    case LARK_STRING:
    case LARK_RANGE:
    case LARK_REGEX: return anonymous_terminal(self, node);
    case LARK_TOKENS: return tokens_symbol(self, node);
    case LARK_JSON: return json_symbol(self, node);
    case LARK_NOT:
        fail_at(self, ANANKE_ERROR_SYNTAX, node, "'~' is for terminals, not for rules");
        ak_hint(self->err, "make it a terminal: a name in UPPER_CASE");
        return AK_SYMBOL_FAILED;
    case LARK_BOTH:
    case LARK_SEQUENCE: break; /* alternatives only: add_body has them */
    }
    return AK_SYMBOL_FAILED;
}

static bool build_ignored(Builder *self) {
    for (size_t i = 0; i < self->file.ignored.count; i++) {
        Expr expr = terminal_expr(self, self->file.ignored.items[i]);
        if (!expr) return false;
        ak_grammar_ignore(self->grammar, expr);
    }
    self->grammar->has_initial_ignore = self->file.has_initial_ignore;
    self->grammar->is_ignored_once = self->file.is_ignored_once;
    return true;
}

/* The node that is all of a body; NULL: there are several. */
static const LarkNode *only_part(const LarkNode *body) {
    const LarkNode *sequence = body->child->next ? NULL : body->child;
    return sequence && sequence->kind == LARK_SEQUENCE && sequence->child && !sequence->child->next ? sequence->child
                                                                                                    : NULL;
}

/* A rule with a temperature is one lexeme, whatever its body is put together from. */
static bool add_warm_body(Builder *self, Symbol rule, const LarkDefinition *definition) {
    const LarkNode *body = definition->body, *only = only_part(body);
    if (definition->is_parametric)
        return fail_at(self, ANANKE_ERROR_SYNTAX, body, "a rule with a parameter has no temperature") != 0;
    if (only && only->kind == LARK_JSON)
        return fail_at(self, ANANKE_ERROR_UNSUPPORTED, only, "the temperature of a %json is not supported") != 0;
    Expr expr = terminal_expr(self, body);
    if (!expr)
        return self->err && !self->err->hint[0] &&
               ak_hint(self->err, "a temperature is for a rule whose body is a terminal");
    Symbol terminal = ak_grammar_terminal_at(self->grammar, definition->name, expr, definition->temperature);
    return ak_grammar_add(self->grammar, rule, &terminal, 1) || checked(self, AK_SYMBOL_FAILED) != 0;
}

static bool build_rules(Builder *self, Symbol *start) {
    static const LarkNode start_name = {.kind = LARK_NAME, .text = {"start", 5}};
    if (!ak_map_find(&self->file.by_name, start_name.text)) {
        ak_fail(self->err, ANANKE_ERROR_SYNTAX, "the grammar has no rule 'start'");
        return ak_hint(self->err, "add a line such as: start: \"a\"");
    }
    *start = reference(self, &start_name);
    for (size_t i = 0; *start && i < self->agenda.count; i++) {
        Instance work = self->agenda.items[i];
        self->param = work.param;
        self->has_param = self->file.definitions.items[work.definition].is_parametric;
        const LarkDefinition *definition = &self->file.definitions.items[work.definition];
        bool is_warm = definition->temperature >= 0;
        if (!(is_warm ? add_warm_body(self, work.symbol, definition) : add_bodies(self, work.symbol, definition->body)))
            return false;
    }
    return *start != AK_SYMBOL_FAILED;
}

bool ak_lark_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    Builder self = {.file = {.name = file, .text = text}, .grammar = grammar, .arena = grammar->arena, .err = err};
    self.instances.arena = grammar->arena;
    return ak_lark_read(&self.file, self.arena, err) && build_ignored(&self) && build_rules(&self, start) &&
           ak_grammar_ok(grammar, err);
}
