/* Parts by recursion over the expression's form. */
#include "mask/expr_partition.h"
#include "base/bitset.h"
#include <stddef.h>

/* ---- Splitting */

Partition *ak_partition_new(const Partitions *self) {
    size_t size = offsetof(Partition, of) + self->exprs->class_count;
    Partition *made = ak_arena_alloc(self->arena, (size + 3) / 4, 4);
    if (made) made->count = 1;
    return made;
}

/* Classes of a part that `other` tells from the first of them; those of one part are a list. */
typedef struct Split {
    uint8_t other, number;
    int next;
} Split;

void ak_partition_meet(const Partitions *self, Partition *partition, const Partition *other) {
    int first[256], lists[256], count = 0; /* by part: what `other` says of its first class; its splits */
    Split splits[256];
    if (other->count == 1) return;
    memset(first, -1, partition->count * sizeof *first);
    memset(lists, -1, partition->count * sizeof *lists);
    for (uint32_t class = 0; class < self->exprs->class_count; class ++) {
        uint32_t part = partition->of[class];
        uint8_t there = other->of[class];
        if (first[part] < 0) first[part] = there;
        if (first[part] == there) continue;
        int at = lists[part];
        while (at >= 0 && splits[at].other != there) at = splits[at].next;
        if (at < 0) {
            splits[at = count++] = (Split){there, (uint8_t)partition->count++, lists[part]};
            lists[part] = at;
        }
        partition->of[class] = splits[at].number;
    }
}

/* ---- By the expression's form */

static bool meet_with(Partitions *self, Partition *partition, Expr expr) {
    const Partition *other = ak_partition_of(self, expr);
    if (other) ak_partition_meet(self, partition, other);
    return other;
}

/* In a loop: sequences may be long. */
static bool meet_sequence(Partitions *self, Partition *partition, Expr expr) {
    const Exprs *exprs = self->exprs;
    while (ak_expr_node(exprs, expr)->kind == EXPR_CONCAT) {
        Expr head = ak_expr_operands(exprs, expr)[0];
        if (!meet_with(self, partition, head)) return false;
        if (!ak_expr_is_nullable(exprs, head)) return true;
        expr = ak_expr_operands(exprs, expr)[1];
    }
    return meet_with(self, partition, expr);
}

static bool find_parts(Partitions *self, Partition *partition, Expr expr) {
    const Exprs *exprs = self->exprs;
    const uint32_t *operands = ak_expr_operands(exprs, expr);
    switch ((ExprKind)ak_expr_node(exprs, expr)->kind) {
    case EXPR_NOTHING:
    case EXPR_EMPTY: return true;
    case EXPR_SET:
        for (uint32_t class = 0; class < exprs->class_count; class ++)
            partition->of[class] = ak_bits_get(operands, exprs->samples[class]);
        partition->count = 2;
        return true;
    case EXPR_NOT:
    case EXPR_REPEAT: return meet_with(self, partition, operands[0]);
    case EXPR_CONCAT: return meet_sequence(self, partition, expr);
    case EXPR_OR:
    case EXPR_AND:
        for (uint32_t i = 0; i < ak_expr_node(exprs, expr)->count; i++) {
            if (!meet_with(self, partition, operands[i])) return false;
        }
        return true;
    }
    return false;
}

static bool make_room(Partitions *self) {
    size_t missing = self->exprs->nodes.count - self->known.count;
    if (!ak_vec_reserve(self->arena, &self->known, missing)) return false;
    memset(self->known.items + self->known.count, 0, missing * sizeof *self->known.items);
    self->known.count += missing;
    return true;
}

const Partition *ak_partition_of(Partitions *self, Expr expr) {
    if (expr >= self->known.count && !make_room(self)) return NULL;
    if (self->known.items[expr]) return self->known.items[expr];
    Partition *made = ak_partition_new(self);
    if (!made || !find_parts(self, made, expr)) return NULL;
    return self->known.items[expr] = made;
}
