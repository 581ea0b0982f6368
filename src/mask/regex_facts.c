/* Each fact by the kind of the expression, from the same facts of its operands. */
#include "mask/regex_facts.h"
#include "mask/regex_multiple.h"

static bool is_whole_multiple(const uint32_t *words) {
    Multiple multiple = ak_multiple_read(words);
    return ak_multiple_is_whole(&multiple);
}

static bool compute_nullable(const Exprs *self, ExprKind kind, const uint32_t *words, uint32_t count) {
    switch (kind) {
    case EXPR_NOTHING:
    case EXPR_SET: return false;
    case EXPR_EMPTY: return true;
    case EXPR_NOT: return !ak_expr_is_nullable(self, words[0]);
    case EXPR_REPEAT: return words[1] == 0 || ak_expr_is_nullable(self, words[0]);
    case EXPR_MULTIPLE: return is_whole_multiple(words);
    case EXPR_CONCAT:
    case EXPR_AND:
        for (size_t i = 0; i < count; i++) {
            if (!ak_expr_is_nullable(self, words[i])) return false;
        }
        return true;
    case EXPR_OR:
        for (size_t i = 0; i < count; i++) {
            if (ak_expr_is_nullable(self, words[i])) return true;
        }
        return false;
    }
    return false;
}

static bool compute_positive(const Exprs *self, ExprKind kind, const uint32_t *words, uint32_t count) {
    if (kind == EXPR_AND || kind == EXPR_NOT || kind == EXPR_NOTHING) return false;
    if (kind == EXPR_SET || kind == EXPR_EMPTY || kind == EXPR_MULTIPLE) return true;
    if (kind == EXPR_REPEAT) count = 1;
    for (size_t i = 0; i < count; i++) {
        if (!self->nodes.items[words[i]].is_positive) return false;
    }
    return true;
}

/* How deep a walk that follows operands goes; the tail of a sequence is followed in a loop and adds nothing. */
static uint32_t compute_depth(const Exprs *self, ExprKind kind, const uint32_t *words, uint32_t count) {
    if (kind == EXPR_SET || kind == EXPR_MULTIPLE) return 0;
    if (kind == EXPR_REPEAT) count = 1;
    uint32_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t inner = self->nodes.items[words[i]].depth + !(kind == EXPR_CONCAT && i == 1);
        if (inner > depth) depth = inner;
    }
    return depth;
}

static uint32_t add_lengths(uint32_t a, uint32_t b) {
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static uint32_t compute_longest(const Exprs *self, ExprKind kind, const uint32_t *words, uint32_t count) {
    if (kind == EXPR_SET) return 1;
    if (kind == EXPR_NOT || kind == EXPR_MULTIPLE) return UINT32_MAX;
    if (kind == EXPR_REPEAT) {
        uint64_t longest = (uint64_t)self->nodes.items[words[0]].longest * words[2];
        return longest > UINT32_MAX ? UINT32_MAX : (uint32_t)longest;
    }
    uint32_t longest = kind == EXPR_AND ? UINT32_MAX : 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t inner = self->nodes.items[words[i]].longest;
        if (kind == EXPR_CONCAT) longest = add_lengths(longest, inner);
        else if ((kind == EXPR_OR) == (inner > longest)) longest = inner;
    }
    return longest;
}

static uint32_t compute_shortest(const Exprs *self, ExprKind kind, const uint32_t *words, uint32_t count) {
    if (kind == EXPR_SET) return 1;
    if (kind == EXPR_NOT || kind == EXPR_MULTIPLE || count == 0) return 0;
    if (kind == EXPR_REPEAT) {
        uint64_t shortest = (uint64_t)self->nodes.items[words[0]].shortest * words[1];
        return shortest > UINT32_MAX ? UINT32_MAX : (uint32_t)shortest;
    }
    uint32_t shortest = kind == EXPR_OR ? UINT32_MAX : 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t inner = self->nodes.items[words[i]].shortest;
        if (kind == EXPR_CONCAT) shortest = add_lengths(shortest, inner);
        else if ((kind == EXPR_OR) == (inner < shortest)) shortest = inner;
    }
    return shortest;
}

static ExprCounts compute_counts(const Exprs *self, ExprKind kind, const uint32_t *words, uint32_t count) {
    enum { LONG_MIN = 5, LONG_MAX = 24 };
    if (kind == EXPR_SET || kind == EXPR_NOT || kind == EXPR_MULTIPLE) return COUNTS_NONE;
    ExprCounts counts = COUNTS_NONE;
    if (kind == EXPR_REPEAT) {
        const ExprNode *what = &self->nodes.items[words[0]];
        bool is_long = words[2] != AK_REPEAT_MANY && words[2] * ((uint64_t)what->shortest + 1) >= LONG_MAX;
        if (is_long || words[1] >= LONG_MIN) counts = COUNTS_UNITS;
        if (is_long && what->longest == UINT32_MAX) counts = COUNTS_RUNS;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        ExprCounts inner = (ExprCounts)self->nodes.items[words[i]].counts;
        if (inner > counts) counts = inner;
    }
    return counts;
}

void ak_expr_find_facts(const Exprs *exprs, ExprNode *node, const uint32_t *words) {
    ExprKind kind = (ExprKind)node->kind;
    node->is_nullable = compute_nullable(exprs, kind, words, node->count);
    node->is_positive = compute_positive(exprs, kind, words, node->count);
    node->depth = compute_depth(exprs, kind, words, node->count);
    node->longest = compute_longest(exprs, kind, words, node->count);
    node->shortest = compute_shortest(exprs, kind, words, node->count);
    node->counts = (uint8_t)compute_counts(exprs, kind, words, node->count);
}
