/* x{5} y* is in x{3} y*, and both are in y*, where x is in y: what is left of x{5} is taken in by the loop. */
#include "regex/regex_loops.h"

enum { MEMBERS_MAX = 64, STEPS_MAX = 64 }; /* in larger unions nothing is looked for, nor farther in sequences */

static ExprKind kind_of(const Exprs *self, Expr expr) {
    return (ExprKind)ak_expr_node(self, expr)->kind;
}

/* y where the expression is y* or begins with it; AK_EXPR_FAILED: it does not. */
static Expr loop_of(const Exprs *self, Expr expr) {
    if (kind_of(self, expr) == EXPR_CONCAT) expr = ak_expr_operands(self, expr)[0];
    if (kind_of(self, expr) != EXPR_REPEAT) return AK_EXPR_FAILED;
    const uint32_t *loop = ak_expr_operands(self, expr);
    return loop[1] == 0 && loop[2] == AK_REPEAT_MANY ? loop[0] : (Expr)AK_EXPR_FAILED;
}

/* A sequence as x{min,…} and what follows; `what` is AK_EXPR_FAILED when it is none. */
typedef struct Run {
    Expr what, rest;
    uint32_t min;
} Run;

static Run run_of(const Exprs *self, Expr expr) {
    if (kind_of(self, expr) != EXPR_CONCAT) return (Run){0};
    const uint32_t *parts = ak_expr_operands(self, expr);
    if (kind_of(self, parts[0]) != EXPR_REPEAT) return (Run){parts[0], parts[1], 1};
    const uint32_t *repeat = ak_expr_operands(self, parts[0]);
    return (Run){repeat[0], parts[1], repeat[1]};
}

/* Whether nothing but texts of y* stands before `loop`, which begins with y* itself, in the sequence. */
static bool leads_into(const Exprs *self, Expr expr, Expr loop) {
    Expr within = loop_of(self, loop);
    Run run;
    for (int steps = 0; within && steps < STEPS_MAX && (run = run_of(self, expr)).what; steps++, expr = run.rest) {
        if (!ak_expr_within(self, run.what, within)) return false;
        if (run.rest == loop) return true;
    }
    return false;
}

/* Whether another member has all texts of member `i`. */
static bool is_absorbed(const Exprs *self, const Expr *members, size_t count, size_t i) {
    Run run = run_of(self, members[i]);
    if (!run.what) return false;
    Expr loop = loop_of(self, run.rest);
    bool is_open = loop && ak_expr_within(self, run.what, loop);
    for (size_t k = 0; k < count; k++) {
        if (k == i) continue;
        Run other = run_of(self, members[k]);
        bool is_same = is_open && other.what == run.what && other.rest == run.rest;
        if (is_same && (other.min < run.min || (other.min == run.min && k < i))) return true;
        if (leads_into(self, members[i], members[k])) return true;
    }
    return false;
}

size_t ak_expr_drop_absorbed(Exprs *self, Expr *members, size_t count) {
    size_t kept = 0, loops = 0;
    if (count < 2 || count > MEMBERS_MAX) return count;
    for (size_t i = 0; i < count; i++)
        loops += loop_of(self, members[i]) || loop_of(self, run_of(self, members[i]).rest);
    if (!loops || !ak_exprs_burn(self, count)) return count;
    for (size_t i = 0; i < count; i++) {
        if (!is_absorbed(self, members, count, i)) members[kept++] = members[i];
        else members[i] = AK_EXPR_FAILED; /* which is no sequence and no loop */
    }
    return kept;
}
