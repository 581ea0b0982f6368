/* Records are made into nodes one after the other: each must become the next one, so none is there twice. */
#include "regex/exprs_file.h"
#include "regex/regex_multiple.h"

enum { EMPTINESS_MOST = 2 };

_Static_assert(sizeof(ExprRecord) == 8 && sizeof(DerivativeSlot) == 12,
               "no padding: they are written as they lie in memory");

bool ak_exprs_flatten(const Exprs *self, Arena *arena, FlatExprs *flat) {
    size_t count = self->nodes.count - 1, memo_count = 0;
    ExprRecord *records = ak_new_array(arena, ExprRecord, count);
    DerivativeSlot *memo = ak_new_array(arena, DerivativeSlot, self->memo_count);
    if (!records || !memo) return false;
    for (size_t i = 0; i < count; i++) {
        const ExprNode *node = &self->nodes.items[i + 1];
        records[i] = (ExprRecord){.kind = node->kind, .emptiness = node->emptiness, .count = node->count};
    }
    for (size_t i = 0; i < self->memo_slots; i++) {
        if (self->memo[i].to) memo[memo_count++] = self->memo[i];
    }
    *flat = (FlatExprs){records, self->words.items, memo, self->classes, count, self->words.count, memo_count};
    return true;
}

/* ---- Back. */

static bool fail(FlatExprsProblem *problem, FlatExprsPart part, size_t index, const char *what) {
    *problem = (FlatExprsProblem){what, part, index};
    return false;
}

/* By kind: how many words a node has, and how many of them, from the first on, are expressions. */
static const struct {
    uint32_t least, most, operands;
} shapes[] = {
    [EXPR_NOTHING] = {0, 0, 0},
    [EXPR_EMPTY] = {0, 0, 0},
    [EXPR_SET] = {8, 8, 0},
    [EXPR_CONCAT] = {2, 2, 2},
    [EXPR_OR] = {2, UINT32_MAX, UINT32_MAX},
    [EXPR_AND] = {2, UINT32_MAX, UINT32_MAX},
    [EXPR_NOT] = {1, 1, 1},
    [EXPR_REPEAT] = {3, 3, 1},
    [EXPR_MULTIPLE] = {AK_MULTIPLE_WORDS, AK_MULTIPLE_WORDS, 0},
};

static bool is_multiple(const uint32_t *words) {
    Multiple multiple = ak_multiple_read(words);
    return ak_multiple_is_sound(&multiple);
}

static bool is_shape(const ExprRecord *record, const uint32_t *words, size_t room, Expr itself) {
    if (record->kind > EXPR_MULTIPLE || record->emptiness > EMPTINESS_MOST || record->count > room) return false;
    if (record->count < shapes[record->kind].least || record->count > shapes[record->kind].most) return false;
    for (uint32_t i = 0; i < record->count && i < shapes[record->kind].operands; i++) {
        if (words[i] == AK_EXPR_FAILED || words[i] >= itself) return false;
    }
    return record->kind != EXPR_MULTIPLE || is_multiple(words);
}

/* The operand of AK_EXPR_ANYTHING comes before it, as all do: the first expressions are no exception. */
static bool make_nodes(Exprs *self, const FlatExprs *flat, FlatExprsProblem *problem) {
    size_t at = 0;
    for (size_t i = 0; i < flat->record_count; i++) {
        const ExprRecord *record = &flat->records[i];
        if (!is_shape(record, flat->words + at, flat->word_count - at, (Expr)i + 1))
            return fail(problem, FLAT_EXPRS_RECORDS, i, "is no expression");
        Expr made = ak_expr_make(self, (ExprKind)record->kind, flat->words + at, record->count);
        if (!ak_arena_ok(self->arena)) return fail(problem, FLAT_EXPRS_RECORDS, i, NULL);
        if (made != i + 1) return fail(problem, FLAT_EXPRS_RECORDS, i, "is there twice, or nested too deep");
        at += record->count;
    }
    if (self->nodes.count == flat->record_count + 1 && at == flat->word_count) return true;
    return fail(problem, FLAT_EXPRS_RECORDS, flat->record_count, "there should be more, or less");
}

/* Where there are multiples, the bytes that these tell apart are classes of their own. */
static bool tells_digits_apart(const Exprs *self) {
    bool has_multiple = false;
    for (size_t i = 1; i < self->nodes.count && !has_multiple; i++)
        has_multiple = self->nodes.items[i].kind == EXPR_MULTIPLE;
    for (unsigned byte = 0; byte < 256 && has_multiple; byte++) {
        uint8_t sample = self->samples[self->classes[byte]];
        if (ak_multiple_part((uint8_t)byte) != ak_multiple_part(sample)) return false;
    }
    return true;
}

/* What is seen at once of an expression must not be denied. */
static bool know_emptiness(Exprs *self, const FlatExprs *flat, FlatExprsProblem *problem) {
    enum { HAS_NONE = EMPTINESS_MOST };
    for (size_t i = 0; i < flat->record_count; i++) {
        ExprNode *node = &self->nodes.items[i + 1];
        if (flat->records[i].emptiness == HAS_NONE && (node->is_nullable || node->is_positive))
            return fail(problem, FLAT_EXPRS_RECORDS, i, "is not empty");
        node->emptiness = flat->records[i].emptiness;
    }
    return true;
}

static bool know_derivatives(Exprs *self, const FlatExprs *flat, FlatExprsProblem *problem) {
    for (size_t i = 0; i < flat->memo_count; i++) {
        const DerivativeSlot *slot = &flat->memo[i];
        if (!slot->from || !slot->to || slot->from >= self->nodes.count || slot->to >= self->nodes.count ||
            slot->class >= self->class_count)
            return fail(problem, FLAT_EXPRS_MEMO, i, "is of no expression, or of no class");
        ak_expr_remember(self, slot->from, slot->class, slot->to);
    }
    return ak_arena_ok(self->arena) || fail(problem, FLAT_EXPRS_MEMO, 0, NULL);
}

bool ak_exprs_unflatten(Exprs *self, const FlatExprs *flat, Arena *arena, FlatExprsProblem *problem) {
    if (!ak_exprs_init(self, arena, UINT64_MAX)) return fail(problem, FLAT_EXPRS_RECORDS, 0, NULL);
    if (!make_nodes(self, flat, problem)) return false;
    ak_exprs_seal(self);
    if (memcmp(self->classes, flat->classes, sizeof self->classes) != 0)
        return fail(problem, FLAT_EXPRS_CLASSES, 0, "they are not those of the sets");
    if (!tells_digits_apart(self)) return fail(problem, FLAT_EXPRS_CLASSES, 0, "digits are not told apart");
    return know_emptiness(self, flat, problem) && know_derivatives(self, flat, problem);
}
