/* The text before a trigger and the trigger are one lazy lexeme, which ends where the trigger first does: as two lexemes the text, being read as far as
 * it goes, would have the trigger's beginning in it. Before a token, which is no text, the text is a lexeme of its own. */
#include "mask/free_text.h"

static Expr any_text(const FreeText *self) {
    Exprs *exprs = &self->marks->grammar->exprs;
    return ak_expr_repeat(exprs, ak_expr_any_point(exprs), 0, AK_REPEAT_MANY);
}

static bool is_token(const FreeText *self, size_t i) {
    return ak_marks_token(self->marks, self->triggers[i].text) != 0;
}

/* What a trigger is in free text: a token's name only, whatever text must follow it. */
static Str spelled(const FreeText *self, size_t i) {
    size_t token = ak_marks_token(self->marks, self->triggers[i].text);
    return ak_str_slice(self->triggers[i].text, 0, token ? token : SIZE_MAX);
}

/* Texts with one of the triggers in them, or, at the beginning; of those that are tokens only, where it is said. */
static Expr with_trigger(const FreeText *self, bool at_start, bool tokens_only) {
    Exprs *exprs = &self->marks->grammar->exprs;
    Expr any = any_text(self), with = AK_EXPR_NOTHING;
    for (size_t i = 0; i < self->count; i++) {
        if (tokens_only && !is_token(self, i)) continue;
        Expr from = ak_expr_concat(exprs, ak_expr_literal(exprs, spelled(self, i)), any);
        with = ak_expr_or(exprs, with, at_start ? from : ak_expr_concat(exprs, any, from));
    }
    return with;
}

static Symbol text_without(const FreeText *self, Expr without) {
    Exprs *exprs = &self->marks->grammar->exprs;
    Expr text = ak_expr_and(exprs, any_text(self), ak_expr_not(exprs, without));
    return ak_grammar_terminal(self->marks->grammar, STR("text"), text);
}

Symbol ak_free_text_plain(const FreeText *self) {
    return text_without(self, with_trigger(self, false, false));
}

Symbol ak_free_text_unlike(const FreeText *self) {
    return text_without(self, with_trigger(self, true, false));
}

/* Text up to a trigger that is text, and the trigger. */
static Symbol head(const FreeText *self, size_t i) {
    Grammar *grammar = self->marks->grammar;
    Exprs *exprs = &grammar->exprs;
    Expr text = ak_expr_concat(exprs, any_text(self), ak_expr_literal(exprs, self->triggers[i].text));
    Expr with_token = with_trigger(self, false, true);
    if (with_token != AK_EXPR_NOTHING) text = ak_expr_and(exprs, text, ak_expr_not(exprs, with_token));
    Str name = ak_arena_format(grammar->arena, "text and \"%.*s\"", STR_ARGS(self->triggers[i].text));
    return ak_grammar_lexeme(grammar, name, (Lexeme){.expr = text, .is_lazy = true});
}

static Symbol one_of(const FreeText *self, bool has_text) {
    Grammar *grammar = self->marks->grammar;
    Symbol group = ak_grammar_rule(grammar, (Str){0});
    for (size_t i = 0; i < self->count; i++) {
        bool is_apart = has_text && is_token(self, i);
        Symbol parts[] = {is_apart ? ak_free_text_plain(self) : ak_grammar_nothing(grammar),
                          has_text && !is_apart ? head(self, i) : ak_marks_symbol(self->marks, self->triggers[i].text),
                          self->triggers[i].body};
        if (!ak_grammar_add(grammar, group, parts, 3)) return AK_SYMBOL_FAILED;
    }
    return group;
}

Symbol ak_free_text_then(const FreeText *self) {
    return one_of(self, true);
}

Symbol ak_free_text_trigger(const FreeText *self) {
    return one_of(self, false);
}

/* Whether `inner` ends somewhere in `outer` before its end, but not because it begins it. */
static bool hides(Str inner, Str outer) {
    for (size_t at = 1; at + inner.length < outer.length; at++) {
        if (ak_str_starts(ak_str_slice(outer, at, outer.length), inner)) return true;
    }
    return false;
}

bool ak_free_text_check(const FreeText *self, const char *pointer, ananke_error *err) {
    if (!self->count) return ak_fail(err, ANANKE_ERROR_SYNTAX, "%s: there is no trigger", pointer);
    for (size_t i = 0; i < self->count; i++) {
        Str text = self->triggers[i].text;
        if (!text.length) return ak_fail(err, ANANKE_ERROR_SYNTAX, "%s/%zu: a trigger is not empty", pointer, i);
        if (!is_token(self, i) && ak_marks_find(self->marks, text) < text.length)
            return ak_fail(err, ANANKE_ERROR_UNSUPPORTED,
                           "%s/%zu: a special token can only be what the trigger begins with", pointer, i);
        for (size_t k = 0; k < self->count; k++) {
            if (k != i && ak_str_equal(self->triggers[k].text, text))
                return ak_fail(err, ANANKE_ERROR_SYNTAX, "%s/%zu: this trigger is there twice", pointer, i > k ? i : k);
            if (hides(self->triggers[k].text, text))
                return ak_fail(err, ANANKE_ERROR_SYNTAX,
                               "%s/%zu: the trigger '%.*s' is inside of it, so that it can never be met", pointer, i,
                               STR_ARGS(self->triggers[k].text));
        }
    }
    return true;
}
