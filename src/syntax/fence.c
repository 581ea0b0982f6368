/* The parts of Markdown around code as expressions. */
#include "syntax/fence.h"
#include "regex/regex.h"

static Expr parse(Exprs *exprs, Str text, ananke_error *err) {
    return ak_regex_parse(exprs, &(RegexText){.text = text, .source = text}, err);
}

/* What stands on the line that opens a fence: its mark, one of the names, and perhaps more words. */
static Expr opening_line(Exprs *exprs, const Names *names, ananke_error *err) {
    Expr name = AK_EXPR_NOTHING, blanks = parse(exprs, STR("[ \\t]*"), err);
    for (size_t i = 0; i < names->count; i++) name = ak_expr_or(exprs, name, ak_expr_literal(exprs, names->items[i]));
    Expr more = parse(exprs, STR("([ \\t][^\\r\\n`]*)?"), err);
    const Expr line[] = {blanks, ak_expr_literal(exprs, STR("```")), blanks, name, more};
    return ak_expr_concat_all(exprs, line, sizeof line / sizeof *line);
}

bool ak_fence_exprs(FenceExprs *self, Exprs *exprs, const Names *names, ananke_error *err) {
    Expr opens = opening_line(exprs, names, err), end = parse(exprs, STR("\\r?\\n"), err);
    Expr carried = ak_expr_concat(exprs, opens, parse(exprs, STR("\\r?"), err));
    Expr line = ak_expr_and(exprs, parse(exprs, STR("[^\\n]*"), err), ak_expr_not(exprs, carried));
    Expr lines = ak_expr_repeat(exprs, ak_expr_concat(exprs, line, ak_expr_byte(exprs, '\n')), 0, AK_REPEAT_MANY);
    self->opening = ak_expr_concat_all(exprs, (Expr[]){lines, opens, end}, 3);
    self->closing = parse(exprs, STR("```[ \\t]*"), err);
    self->reopening = ak_expr_concat(exprs, end, self->opening);
    self->rest = ak_expr_concat_all(exprs, (Expr[]){end, lines, line}, 3);
    return ak_exprs_ok(exprs, err);
}
