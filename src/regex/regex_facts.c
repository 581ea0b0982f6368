/* Each fact by the kind of the expression, from the same facts of its operands. */
#include "regex/regex_facts.h"
#include "regex/regex_multiple.h"

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

/* Bytes of the longest text, or of the shortest. */
static uint32_t compute_length(const Exprs *self, ExprKind kind, const uint32_t *words, uint32_t count,
                               bool is_longest) {
    if (kind == EXPR_SET) return 1;
    if (kind == EXPR_NOT || kind == EXPR_MULTIPLE) return is_longest ? UINT32_MAX : 0;
    if (kind == EXPR_REPEAT) {
        const ExprNode *what = &self->nodes.items[words[0]];
        uint64_t length = is_longest ? (uint64_t)what->longest * words[2] : (uint64_t)what->shortest * words[1];
        return length > UINT32_MAX ? UINT32_MAX : (uint32_t)length;
    }
    bool takes_higher = (kind == EXPR_OR) == is_longest;
    uint32_t length = count == 0 || kind == EXPR_CONCAT || takes_higher ? 0 : UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        const ExprNode *part = &self->nodes.items[words[i]];
        uint32_t inner = is_longest ? part->longest : part->shortest;
        if (kind == EXPR_CONCAT) length = add_lengths(length, inner);
        else if (takes_higher == (inner > length)) length = inner;
    }
    return length;
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

/* Upper bounds of repetitions as bytes, the highest of them. */
static uint32_t compute_bound(const Exprs *self, ExprKind kind, const uint32_t *words, uint32_t count) {
    if (kind == EXPR_SET || kind == EXPR_NOT || kind == EXPR_MULTIPLE) return 0;
    uint32_t bound = 0;
    if (kind == EXPR_REPEAT) {
        const ExprNode *what = &self->nodes.items[words[0]];
        uint64_t bytes = (uint64_t)words[2] * (what->shortest ? what->shortest : 1);
        if (words[2] == AK_REPEAT_MANY) bytes = words[1] > 1 ? UINT32_MAX : 0;
        bound = bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t inner = self->nodes.items[words[i]].bound;
        if (inner > bound) bound = inner;
    }
    return bound && kind == EXPR_AND ? UINT32_MAX : bound;
}

void ak_expr_find_facts(const Exprs *exprs, ExprNode *node, const uint32_t *words) {
    ExprKind kind = (ExprKind)node->kind;
    node->is_nullable = compute_nullable(exprs, kind, words, node->count);
    node->is_positive = compute_positive(exprs, kind, words, node->count);
    node->depth = compute_depth(exprs, kind, words, node->count);
    node->longest = compute_length(exprs, kind, words, node->count, true);
    node->shortest = compute_length(exprs, kind, words, node->count, false);
    node->counts = (uint8_t)compute_counts(exprs, kind, words, node->count);
    node->bound = compute_bound(exprs, kind, words, node->count);
}
