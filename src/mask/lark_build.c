/* From the tree of a Lark grammar to rules and terminals. Rules are built when they are first referred to, by a
 * worklist; a rule with a parameter is built once for every value that it is referred to with. Terminals are built
 * by recursion and may not refer to themselves. A rule with [lazy], [suffix] or [stop] is one lexeme; what stops it is
 * not taken back, as llguidance may do, so it must be what stands behind the rule anyway. */
#include "base/bitset.h"
#include "mask/json_schema.h"
#include "mask/lark.h"
#include "mask/lark_regex.h"
#include "mask/lark_tree.h"
#include "mask/lexer.h"
#include "regex/regex.h"

enum { MAX_TERMINAL_DEPTH = 100, MAX_INSTANCES = 100000 };

/* A rule for one value of its parameter, whose bodies are still to be built. */
typedef struct Instance {
    uint32_t definition;
    Symbol symbol;
    uint64_t param;
} Instance;

/* A rule that the end of the text stops. */
typedef struct LastRule {
    Symbol symbol;
    size_t offset; /* of a reference to it */
} LastRule;

typedef struct Builder {
    LarkFile *file;
    LarkOthers *others; /* NULL: it stands alone */
    bool is_nested;     /* not the one that the text begins in */
    Grammar *grammar;
    Arena *arena;
    Map instances; /* (definition, param) as bytes, to the symbol */
    VEC(Instance) agenda;
    VEC(LastRule) last; /* those behind which nothing may stand */
    uint64_t param;     /* of the rule that is being built */
    bool has_param;
    uint32_t terminal_depth;
    ananke_error *err;
} Builder;

typedef VEC(uint32_t) Numbers; /* symbols or expressions */

static uint32_t fail_at(Builder *self, ananke_error_code code, const LarkNode *node, const char *what) {
    ak_fail_at(self->err, code, self->file->name, self->file->text, node->offset, "%s", what);
    return 0;
}

/* Passes a symbol or expression on; the failed one means that memory or fuel ran out. */
static uint32_t checked(Builder *self, uint32_t made) {
    if (!made) ak_grammar_ok(self->grammar, self->err);
    return made;
}

static LarkDefinition *find(Builder *self, const LarkNode *node) {
    const uint64_t *index = ak_map_find(&self->file->by_name, node->text);
    if (index) return &self->file->definitions.items[*index];
    ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->file->text, node->offset,
               "'%.*s' is not defined", STR_ARGS(node->text));
    size_t count = self->file->definitions.count;
    Str *names = ak_new_array(self->arena, Str, count);
    for (size_t i = 0; names && i < count; i++) names[i] = self->file->definitions.items[i].name;
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
    RegexText regex = {.text = node->text,
                       .flags = flags,
                       .file = self->file->name,
                       .source = self->file->text,
                       .offset = node->offset};
    const char *begin = self->file->text.data, *end = begin + self->file->text.length;
    if (node->text.data >= begin && node->text.data < end) regex.offset = (size_t)(node->text.data - begin);
    else regex.source = node->text, regex.offset = 0; /* an imported one */
    return ak_regex_parse(&self->grammar->exprs, &regex, self->err);
}

/* Passes on an error about the text of the node, which knows no place. */
static uint32_t fail_inside(Builder *self, const LarkNode *node, const ananke_error *inner) {
    fail_at(self, inner->code, node, inner->message);
    if (inner->hint[0]) ak_hint(self->err, "%s", inner->hint);
    return 0;
}

static Expr pieces_expr(Builder *self, const LarkNode *node) {
    ananke_error inner = {0};
    Expr expr = ak_lark_regex(&self->grammar->exprs, node->text, &inner);
    return expr ? expr : fail_inside(self, node, &inner);
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
    case LARK_PIECES: return pieces_expr(self, node);
    case LARK_TOKENS: return fail_at(self, ANANKE_ERROR_SYNTAX, node, "a token cannot be part of a terminal");
    case LARK_JSON: return fail_at(self, ANANKE_ERROR_SYNTAX, node, "%json cannot be part of a terminal");
    case LARK_GRAMMAR: return fail_at(self, ANANKE_ERROR_SYNTAX, node, "%lark cannot be part of a terminal");
    case LARK_OTHER: return fail_at(self, ANANKE_ERROR_SYNTAX, node, "another grammar cannot be part of a terminal");
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
    Symbol symbol = ak_grammar_rule(self->grammar, self->file->definitions.items[definition].name);
    *value = symbol;
    ak_grammar_capture(self->grammar, symbol, (RuleCapture){.name = self->file->definitions.items[definition].capture});
    if (!symbol || !ak_vec_push(self->arena, &self->agenda, (Instance){definition, symbol, param}))
        return checked(self, AK_SYMBOL_FAILED);
    return symbol;
}

/* ---- Rules that are one lexeme */

/* The expression of a rule that is to be one lexeme. */
static Expr lexeme_expr(Builder *self, const LarkDefinition *definition) {
    ananke_error inner = {0}, *err = self->err;
    self->err = &inner;
    Expr expr = terminal_expr(self, definition->body);
    self->err = err;
    if (expr) return expr;
    if (err) *err = inner;
    if (!inner.hint[0])
        ak_hint(err, "a rule with lazy, suffix, stop, temperature or max_tokens is one lexeme, made of terminals only");
    return AK_EXPR_FAILED;
}

static float warmth(const LarkDefinition *definition) {
    return definition->temperature >= 0 ? definition->temperature : 0;
}

/* The lexeme of `expr`, read as the rule's attributes say. One that has its stop in it is not cut off: see limited_symbol. */
static Symbol add_lexeme(Builder *self, const LarkDefinition *definition, Expr expr, bool is_lazy) {
    Lexeme lexeme = {
        .expr = expr, .is_lazy = is_lazy, .temperature = warmth(definition), .max_tokens = definition->max_tokens};
    if (is_lazy && definition->end.kind == END_STOP && lexeme.max_tokens) lexeme.max_tokens |= AK_GIVEN_UP;
    return ak_grammar_lexeme(self->grammar, definition->name, lexeme);
}

static Symbol rule_around(Builder *self, Str name, Symbol symbol) {
    Symbol rule = ak_grammar_rule(self->grammar, name);
    return ak_grammar_add(self->grammar, rule, &symbol, 1) ? rule : checked(self, AK_SYMBOL_FAILED);
}

/* The rule around a lexeme that is `body` and then `end`, if anything of it is to be captured. */
static Symbol captured(Builder *self, const LarkDefinition *definition, Symbol lexeme, Expr body, Expr end) {
    if (!lexeme || !(definition->capture.length || definition->stop_capture.length)) return checked(self, lexeme);
    Symbol rule = rule_around(self, definition->name, lexeme);
    ak_grammar_capture(self->grammar, rule, (RuleCapture){definition->capture, definition->stop_capture, body, end});
    return rule;
}

/* A lazy lexeme: the rule's body, then `what` if it is not NULL. */
static Symbol lazy_symbol(Builder *self, const LarkDefinition *definition, const LarkNode *what) {
    Expr body = lexeme_expr(self, definition), end = body && what ? terminal_expr(self, what) : (Expr)AK_EXPR_EMPTY;
    if (!body || !end) return AK_SYMBOL_FAILED;
    Expr expr = ak_expr_concat(&self->grammar->exprs, body, end);
    return captured(self, definition, add_lexeme(self, definition, expr, true), body, end);
}

static Symbol fail_stop(Builder *self, const LarkNode *node, const char *what) {
    fail_at(self, ANANKE_ERROR_UNSUPPORTED, node, what);
    ak_hint(self->err, "tokens are never taken back: use suffix=, or write what stops the rule directly behind it");
    return AK_SYMBOL_FAILED;
}

/* [stop=""]: the end of the text ends it, so it is as long as it can be, and has to be last. */
static Symbol last_symbol(Builder *self, const LarkDefinition *definition, const LarkNode *node) {
    if (self->is_nested || self->others)
        return fail_stop(self, node,
                         "a rule with stop=\"\" can only be the last one of a text, and not in a grammar among others");
    Expr expr = lexeme_expr(self, definition);
    if (!expr) return AK_SYMBOL_FAILED;
    Symbol lexeme = add_lexeme(self, definition, expr, false);
    Symbol rule = rule_around(self, definition->name, captured(self, definition, lexeme, expr, AK_EXPR_EMPTY));
    if (!rule) return AK_SYMBOL_FAILED;
    return ak_vec_push(self->arena, &self->last, (LastRule){rule, node->offset}) ? rule
                                                                                 : checked(self, AK_SYMBOL_FAILED);
}

static Symbol lexeme_rule(Builder *self, const LarkDefinition *definition, const LarkNode *node) {
    const LarkEnd *end = &definition->end;
    bool is_empty = end->what && ak_lark_is_empty_string(end->what);
    if (end->kind == END_SUFFIX && is_empty)
        return fail_stop(self, node, "the suffix of this rule is empty, so it would never end");
    if (end->kind == END_STOP && is_empty) return last_symbol(self, definition, node);
    if (end->kind == END_STOP)
        return terminal_expr(self, end->what)
                   ? fail_stop(self, node, "what stops this rule does not stand directly behind it")
                   : (Symbol)AK_SYMBOL_FAILED;
    return lazy_symbol(self, definition, end->what);
}

/* Whether a terminal of just this expression is what `node` stands for. */
static bool is_terminal_of(Builder *self, const LarkNode *node, Expr expr) {
    const uint64_t *index = node->kind == LARK_NAME ? ak_map_find(&self->file->by_name, node->text) : NULL;
    bool is_terminal = index ? self->file->definitions.items[*index].is_terminal
                             : node->kind == LARK_STRING || node->kind == LARK_RANGE || node->kind == LARK_REGEX;
    return is_terminal && terminal_expr(self, node) == expr;
}

/* Whether `node` is a rule with a stop, and the terminal behind it is that stop. */
static bool stands_before_its_stop(Builder *self, const LarkNode *node) {
    const uint64_t *index = node->kind == LARK_NAME ? ak_map_find(&self->file->by_name, node->text) : NULL;
    const LarkEnd *end = index ? &self->file->definitions.items[*index].end : NULL;
    if (!end || end->kind != END_STOP || ak_lark_is_empty_string(end->what) || !node->next || node->param) return false;
    const LarkDefinition *definition = &self->file->definitions.items[*index];
    if (definition->has_max_tokens && !definition->max_tokens) return false; /* it is empty */
    Expr stop = terminal_expr(self, end->what);
    return stop && is_terminal_of(self, node->next, stop);
}

/* `stopped`, or that rule cut off, behind which its stop follows nevertheless. What is cut off is a lexeme that goes along with `stopped` and that no text
 * ends: no UTF-8 has that byte, and where it would stand `stopped` has ended. */
static Symbol limited_symbol(Builder *self, const LarkDefinition *definition, Symbol stopped, Symbol stop) {
    Grammar *grammar = self->grammar;
    Expr body = lexeme_expr(self, definition), end = body ? terminal_expr(self, definition->end.what) : AK_EXPR_FAILED;
    if (!end) return AK_SYMBOL_FAILED;
    Expr parts[] = {body, end, ak_expr_literal(&grammar->exprs, STR("\xFF"))};
    Expr expr = ak_expr_concat_all(&grammar->exprs, parts, sizeof parts / sizeof *parts);
    Symbol cut = captured(self, definition, add_lexeme(self, definition, expr, false), body, end);
    Symbol limited = ak_grammar_sequence(grammar, (Symbol[]){cut, stop}, 2);
    return checked(self, ak_grammar_choice(grammar, (Symbol[]){stopped, limited}, 2));
}

/* That rule and what stops it, as one lexeme. */
static Symbol stopped_symbol(Builder *self, const LarkNode *node) {
    const LarkDefinition *definition = find(self, node);
    Symbol stopped = lazy_symbol(self, definition, definition->end.what);
    if (!stopped || !definition->max_tokens) return stopped;
    Symbol stop = rule_symbol(self, node->next);
    return stop ? limited_symbol(self, definition, stopped, stop) : stop;
}

/* ---- References */

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
    bool is_nothing = definition->has_max_tokens && !definition->max_tokens && !definition->is_parametric;
    if (is_nothing) return checked(self, ak_grammar_nothing(self->grammar));
    if (definition->end.kind != END_LONGEST) return lexeme_rule(self, definition, node);
    uint64_t param = node->param ? ak_lark_param(node->param, self->param) : 0;
    return instance(self, (uint32_t)(definition - self->file->definitions.items), param, node);
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
    else if (node->kind == LARK_PIECES) name = STR("%regex");
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
        bool is_stopped = stands_before_its_stop(self, child);
        Symbol part = is_stopped ? stopped_symbol(self, child) : rule_symbol(self, child);
        if (is_stopped) child = child->next;
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

/* ---- Grammars inside of this one */

/* Whether a grammar inside that ignores something else would keep to the options. */
static bool may_enter(Builder *self, const LarkNode *node) {
    return !self->grammar->is_ignored_once ||
           fail_at(self, ANANKE_ERROR_UNSUPPORTED, node,
                   "another grammar inside of one with the option 'ignore_once' is not supported");
}

/* JSON's white space is in its own lexemes: what the grammar around ignores may not stand there. */
static Symbol json_symbol(Builder *self, const LarkNode *node) {
    Symbol symbol = AK_SYMBOL_FAILED;
    ananke_error inner = {0};
    self->grammar->ignored_now = 0;
    return ak_json_schema(self->grammar, node->text, NULL, &symbol, &inner) ? symbol : fail_inside(self, node, &inner);
}

static bool build_file(Builder *self, Symbol *start);

static Symbol nested_symbol(Builder *self, const LarkNode *node) {
    Builder inner = {.file = node->grammar,
                     .others = self->others,
                     .is_nested = true,
                     .grammar = self->grammar,
                     .arena = self->arena,
                     .instances = {.arena = self->arena},
                     .err = self->err};
    static const Str start_name = {"start", 5};
    Symbol start = AK_SYMBOL_FAILED;
    if (!ak_map_find(&inner.file->by_name, start_name))
        return fail_at(self, ANANKE_ERROR_SYNTAX, node, "this nested grammar has no rule 'start'");
    return build_file(&inner, &start) ? start : (Symbol)AK_SYMBOL_FAILED;
}

static Symbol other_symbol(Builder *self, const LarkNode *node) {
    const LarkOthers *others = self->others;
    for (size_t i = 0; others && i < others->count; i++) {
        if (!ak_str_equal(others->names[i], node->text)) continue;
        Symbol symbol = others->symbol(self->others, i);
        if (symbol || !ak_grammar_ok(self->grammar, self->err)) return symbol;
        return fail_at(self, ANANKE_ERROR_SYNTAX, node, "this grammar has another temperature elsewhere");
    }
    ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->file->text, node->offset,
               "there is no grammar named '%.*s'", STR_ARGS(node->text));
    Str near = others ? ak_str_nearest(node->text, others->names, others->count) : (Str){0};
    if (near.length) ak_hint(self->err, "did you mean '@%.*s'?", STR_ARGS(near));
    else if (!others)
        ak_hint(self->err, "others than this one are in llguidance's JSON container: {\"grammars\": [...]}");
    return AK_SYMBOL_FAILED;
}

static bool is_whole_grammar(const LarkNode *node) {
    return node->kind == LARK_JSON || node->kind == LARK_GRAMMAR || node->kind == LARK_OTHER;
}

/* `temperature` is that of the grammar's own terminals, whatever its rules say; 0: what they say. */
static Symbol whole_symbol(Builder *self, const LarkNode *node, float temperature) {
    Grammar *grammar = self->grammar;
    uint16_t ignored = grammar->ignored_now;
    float around = grammar->temperature_now;
    if (!may_enter(self, node)) return AK_SYMBOL_FAILED;
    grammar->temperature_now = temperature;
    Symbol symbol = node->kind == LARK_JSON      ? json_symbol(self, node)
                    : node->kind == LARK_GRAMMAR ? nested_symbol(self, node)
                                                 : other_symbol(self, node);
    grammar->ignored_now = ignored, grammar->temperature_now = around;
    return symbol;
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
    case LARK_REGEX:
    case LARK_PIECES: return anonymous_terminal(self, node);
    case LARK_TOKENS: return tokens_symbol(self, node);
    case LARK_JSON:
    case LARK_GRAMMAR:
    case LARK_OTHER: return whole_symbol(self, node, 0);
    case LARK_NOT:
        fail_at(self, ANANKE_ERROR_SYNTAX, node, "'~' is for terminals, not for rules");
        ak_hint(self->err, "make it a terminal: a name in UPPER_CASE");
        return AK_SYMBOL_FAILED;
    case LARK_BOTH:
    case LARK_SEQUENCE: break; /* alternatives only: add_body has them */
    }
    return AK_SYMBOL_FAILED;
}

/* ---- Whole grammars */

static bool take_options(Builder *self) {
    const LarkNode place = {.offset = self->file->options_offset};
    if (!self->is_nested) {
        self->grammar->has_initial_ignore = self->file->has_initial_ignore;
        self->grammar->is_ignored_once = self->file->is_ignored_once;
        return true;
    }
    if (!self->file->has_initial_ignore && !self->file->is_ignored_once) return true;
    return fail_at(self, ANANKE_ERROR_UNSUPPORTED, &place,
                   self->file->is_ignored_once
                       ? "the option 'ignore_once' is not supported in a grammar inside of another"
                       : "the option 'allow_initial_skip' is for the grammar that the text begins in");
}

/* What this grammar ignores, from now on. */
static bool build_ignored(Builder *self) {
    Expr ignored = AK_EXPR_NOTHING;
    for (size_t i = 0; i < self->file->ignored.count; i++) {
        Expr expr = terminal_expr(self, self->file->ignored.items[i]);
        if (!expr) return false;
        ignored = ak_expr_or(&self->grammar->exprs, ignored, expr);
    }
    ak_grammar_ignore(self->grammar, ignored);
    return true;
}

/* A lexeme as a rule, which ignores what this grammar does. */
static Symbol as_rule(Builder *self, Symbol symbol) {
    if (!symbol || !self->grammar->symbols.items[symbol].is_terminal) return symbol;
    return rule_around(self, self->grammar->symbols.items[symbol].name, symbol);
}

/* The node that is all of a body; NULL: there are several. */
static const LarkNode *only_part(const LarkNode *body) {
    const LarkNode *sequence = body->child->next ? NULL : body->child;
    return sequence && sequence->kind == LARK_SEQUENCE && sequence->child && !sequence->child->next ? sequence->child
                                                                                                    : NULL;
}

/* Whether attributes say that the rule is one lexeme, or one grammar, whatever its body is put together from. */
static bool is_one(const LarkDefinition *definition) {
    return definition->temperature >= 0 || definition->has_max_tokens;
}

static bool add_one_body(Builder *self, Symbol rule, const LarkDefinition *definition) {
    const LarkNode *body = definition->body, *only = only_part(body);
    if (definition->is_parametric)
        return fail_at(self, ANANKE_ERROR_SYNTAX, body, "a rule with a parameter has no temperature or max_tokens") !=
               0;
    bool is_whole = only && is_whole_grammar(only);
    if (is_whole && definition->max_tokens) ak_grammar_limit(self->grammar, rule, definition->max_tokens);
    Expr expr = is_whole ? AK_EXPR_NOTHING : lexeme_expr(self, definition);
    if (!expr) return false;
    Symbol part = is_whole ? whole_symbol(self, only, warmth(definition))
                           : checked(self, add_lexeme(self, definition, expr, false));
    return part && (ak_grammar_add(self->grammar, rule, &part, 1) || checked(self, AK_SYMBOL_FAILED) != 0);
}

static bool build_rules(Builder *self, Symbol *start) {
    LarkNode start_name = {.kind = LARK_NAME, .text = {"start", 5}};
    const uint64_t *index = ak_map_find(&self->file->by_name, start_name.text);
    if (!index) {
        ak_fail(self->err, ANANKE_ERROR_SYNTAX, "the grammar has no rule 'start'");
        return ak_hint(self->err, "add a line such as: start: \"a\"");
    }
    start_name.offset = self->file->definitions.items[*index].offset;
    *start = as_rule(self, reference(self, &start_name));
    for (size_t i = 0; *start && i < self->agenda.count; i++) {
        Instance work = self->agenda.items[i];
        self->param = work.param;
        const LarkDefinition *definition = &self->file->definitions.items[work.definition];
        self->has_param = definition->is_parametric;
        if (!(is_one(definition) ? add_one_body(self, work.symbol, definition)
                                 : add_bodies(self, work.symbol, definition->body)))
            return false;
    }
    return *start != AK_SYMBOL_FAILED;
}

/* Marks the rules that have a marked one last; false when one has it before something else. */
static bool spread_last(const Grammar *grammar, uint32_t *marks, bool *changed) {
    *changed = false;
    for (size_t b = 0; b < grammar->bodies.count; b++) {
        const GrammarBody *body = &grammar->bodies.items[b];
        for (uint32_t i = 0; i < body->count; i++) {
            if (!ak_bits_get(marks, grammar->parts.items[body->first + i])) continue;
            if (i + 1 < body->count) return false;
            *changed = *changed || !ak_bits_get(marks, body->left);
            ak_bits_set(marks, body->left);
        }
    }
    return true;
}

/* Whether nothing stands behind the rule anywhere. */
static bool check_last(Builder *self, LastRule last) {
    Grammar *grammar = self->grammar;
    const LarkNode place = {.offset = last.offset};
    uint32_t *marks = ak_new_array(self->arena, uint32_t, ak_bits_words(grammar->symbols.count));
    if (!marks) return checked(self, AK_SYMBOL_FAILED) != 0;
    ak_bits_set(marks, last.symbol);
    for (bool changed = true; changed;) {
        size_t steps = grammar->bodies.count + grammar->parts.count;
        if (grammar->exprs.fuel < steps) grammar->exprs.exhausted = true;
        if (grammar->exprs.exhausted) return checked(self, AK_SYMBOL_FAILED) != 0;
        grammar->exprs.fuel -= steps;
        if (!spread_last(grammar, marks, &changed))
            return fail_stop(self, &place, "something stands behind this rule, which only the end of the text stops") !=
                   0;
    }
    return true;
}

static bool build_file(Builder *self, Symbol *start) {
    if (!take_options(self) || !build_ignored(self) || !build_rules(self, start)) return false;
    for (size_t i = 0; i < self->last.count; i++) {
        if (!check_last(self, self->last.items[i])) return false;
    }
    return ak_grammar_ok(self->grammar, self->err);
}

bool ak_lark_add(Grammar *grammar, Str text, const char *file, LarkOthers *others, bool is_first, Symbol *start,
                 ananke_error *err) {
    LarkFile read = {.name = file, .text = text};
    Builder self = {.file = &read,
                    .others = others,
                    .is_nested = !is_first,
                    .grammar = grammar,
                    .arena = grammar->arena,
                    .instances = {.arena = grammar->arena},
                    .err = err};
    return ak_lark_read(&read, self.arena, err) && build_file(&self, start);
}

bool ak_lark_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    return ak_lark_add(grammar, text, file, NULL, true, start, err);
}
