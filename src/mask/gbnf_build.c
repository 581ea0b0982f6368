/* From the tree of a GBNF grammar to rules and terminals: lexemes become one terminal each, all else rules. Rules are
 * built when they are first referred to, by a worklist. */
#include "mask/gbnf.h"
#include "mask/gbnf_tree.h"
#include "regex/regex_words.h"

enum { MAX_NAME = 60 };

typedef VEC(uint32_t) Numbers; /* symbols, expressions or rules */

typedef struct Builder {
    GbnfFile file;
    Grammar *grammar;
    Arena *arena;
    Numbers agenda; /* rules that have a symbol; their bodies come later */
    bool is_failed; /* `err` says why; memory and fuel are asked for at the end */
    ananke_error *err;
} Builder;

/* ---- Lexemes */

static Expr node_expr(Builder *self, const GbnfNode *node);

static Expr words_expr(Builder *self, const GbnfNode *node) {
    GbnfWords words = {0};
    if (!ak_gbnf_words(&self->file, node, self->arena, &words)) return AK_EXPR_FAILED;
    return ak_expr_words(&self->grammar->exprs, words.items, words.count);
}

static Expr children_expr(Builder *self, const GbnfNode *node) {
    Exprs *exprs = &self->grammar->exprs;
    Numbers parts = {0};
    for (const GbnfNode *child = node->child; child; child = child->next) {
        if (!ak_vec_push(self->arena, &parts, node_expr(self, child))) return AK_EXPR_FAILED;
    }
    return node->kind == GBNF_CHOICE ? ak_expr_or_all(exprs, parts.items, parts.count)
                                     : ak_expr_concat_all(exprs, parts.items, parts.count);
}

static Expr rule_expr(Builder *self, uint32_t index) {
    GbnfRule *rule = &self->file.rules.items[index];
    if (!rule->expr) rule->expr = node_expr(self, rule->body);
    return rule->expr;
}

/* Of a regular node. Failure is sticky in the store: it is asked for at the end. */
static Expr node_expr(Builder *self, const GbnfNode *node) {
    Exprs *exprs = &self->grammar->exprs;
    switch (node->kind) {
    case GBNF_NAME: return rule_expr(self, node->rule);
    case GBNF_LITERAL: return ak_expr_literal(exprs, node->text);
    case GBNF_CLASS: return ak_expr_points(exprs, node->ranges, node->range_count);
    case GBNF_REPEAT: return ak_expr_repeat(exprs, node_expr(self, node->child), node->min, node->max);
    case GBNF_CHOICE: return node->shape.is_words ? words_expr(self, node) : children_expr(self, node);
    case GBNF_SEQUENCE: return children_expr(self, node);
    case GBNF_TOKENS: break; /* is not regular */
    }
    return AK_EXPR_FAILED;
}

/* What the node is called when people ask what can come next: its rule, or its own text, cut to some length and to one
 * line. */
static Str node_name(Builder *self, const GbnfNode *node) {
    if (node->kind == GBNF_NAME) return node->text;
    if (node->kind == GBNF_REPEAT && node->max == 1) return node_name(self, node->child);
    Str source = ak_str_slice(self->file.text, node->offset, node->end);
    if (!source.length && node->text.length && (uint8_t)node->text.data[0] < ' ')
        return ak_arena_format(self->arena, "\"\\x%02X\"", (unsigned)node->text.data[0]);
    if (!source.length) return ak_arena_format(self->arena, "\"%.*s\"", STR_ARGS(node->text));
    size_t end = ak_str_find_byte(source, '\n', 0);
    if (end > MAX_NAME) end = MAX_NAME;
    while (end < source.length && ((uint8_t)source.data[end] & 0xC0) == 0x80) end--; /* not within a character */
    Str name = ak_str_trim(ak_str_slice(source, 0, end));
    return end < source.length ? ak_arena_format(self->arena, "%.*s…", STR_ARGS(name)) : name;
}

static Symbol lexeme(Builder *self, const GbnfNode *node) {
    return ak_grammar_terminal(self->grammar, node_name(self, node), node_expr(self, node));
}

/* ---- Rules */

static Symbol node_symbol(Builder *self, const GbnfNode *node);

static bool is_lexeme(const Builder *self, const GbnfNode *node) {
    return ak_gbnf_is_lexeme(&self->file, node);
}

static Symbol rule_symbol(Builder *self, uint32_t index) {
    GbnfRule *rule = &self->file.rules.items[index];
    if (rule->symbol) return rule->symbol;
    rule->symbol = ak_grammar_rule(self->grammar, rule->name);
    return ak_vec_push(self->arena, &self->agenda, index) ? rule->symbol : (Symbol)AK_SYMBOL_FAILED;
}

/* Adds an alternative: what a sequence, or a literal in pieces, is made of are the parts of the body. */
static bool add_body(Builder *self, Symbol rule, const GbnfNode *node) {
    Numbers parts = {0};
    bool in_pieces = !is_lexeme(self, node) && (node->kind == GBNF_SEQUENCE || node->kind == GBNF_LITERAL);
    for (const GbnfNode *part = in_pieces ? node->child : node; part; part = in_pieces ? part->next : NULL) {
        Symbol symbol = node_symbol(self, part);
        if (!symbol || !ak_vec_push(self->arena, &parts, symbol)) return false;
    }
    return ak_grammar_add(self->grammar, rule, parts.items, parts.count);
}

static bool add_bodies(Builder *self, Symbol rule, const GbnfNode *node) {
    if (!rule) return false;
    if (is_lexeme(self, node) || node->kind != GBNF_CHOICE) return add_body(self, rule, node);
    for (const GbnfNode *child = node->child; child; child = child->next) {
        if (!add_body(self, rule, child)) return false;
    }
    return true;
}

static Symbol anonymous_rule(Builder *self, const GbnfNode *node) {
    Symbol rule = ak_grammar_rule(self->grammar, (Str){0});
    return add_bodies(self, rule, node) ? rule : (Symbol)AK_SYMBOL_FAILED;
}

static Symbol tokens_symbol(Builder *self, const GbnfNode *node) {
    ananke_error inner = {0};
    TokenSet set;
    if (!ak_token_set_read(&set, node->text, self->grammar->vocab, self->arena, &inner)) {
        ak_fail_at(self->err, inner.code, self->file.name, self->file.text, node->offset, "%s", inner.message);
        if (inner.hint[0]) ak_hint(self->err, "%s", inner.hint);
        self->is_failed = true;
        return AK_SYMBOL_FAILED;
    }
    if (node->is_negated && !ak_token_set_others(&set, self->grammar->vocab, self->arena)) return AK_SYMBOL_FAILED;
    return ak_grammar_tokens(self->grammar, ak_str_slice(self->file.text, node->offset, node->end), set);
}

static Symbol node_symbol(Builder *self, const GbnfNode *node) {
    if (node->kind == GBNF_TOKENS) return tokens_symbol(self, node);
    if (is_lexeme(self, node)) return lexeme(self, node);
    if (node->kind == GBNF_NAME) return rule_symbol(self, node->rule);
    if (node->kind != GBNF_REPEAT) return anonymous_rule(self, node);
    Symbol what = node_symbol(self, node->child);
    return what ? ak_grammar_repeat(self->grammar, what, node->min, node->max) : what;
}

static Symbol build_rules(Builder *self) {
    const GbnfRule *root = &self->file.rules.items[self->file.root];
    if (is_lexeme(self, root->body)) return ak_grammar_terminal(self->grammar, root->name, node_expr(self, root->body));
    Symbol start = rule_symbol(self, self->file.root);
    for (size_t i = 0; start && i < self->agenda.count; i++) {
        const GbnfRule *rule = &self->file.rules.items[self->agenda.items[i]];
        if (!add_bodies(self, rule->symbol, rule->body)) return AK_SYMBOL_FAILED;
    }
    return start;
}

bool ak_gbnf_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    Builder self = {.file = {.name = file, .text = text}, .grammar = grammar, .arena = grammar->arena, .err = err};
    if (!ak_gbnf_read(&self.file, self.arena, err)) return false;
    if (!ak_gbnf_shape(&self.file, grammar) || !ak_gbnf_fuse(&self.file, grammar)) return ak_grammar_ok(grammar, err);
    *start = build_rules(&self); /* what else fails here is memory or fuel, and sticks */
    return !self.is_failed && ak_grammar_ok(grammar, err);
}
