/* Parts by recursion over the expression's form. */
#include "regex/expr_partition.h"
#include "base/bitset.h"
#include "regex/regex_multiple.h"
#include <stddef.h>

/* One part. */
static Partition *whole(const Partitions *self) {
    size_t blocks = (self->exprs->class_count + AK_PARTITION_BLOCK - 1) / AK_PARTITION_BLOCK;
    Partition *made = ak_arena_alloc(self->arena, offsetof(Partition, of) + blocks * AK_PARTITION_BLOCK, 1);
    if (made) made->count = 1, made->single = -1;
    return made;
}

static Partition *copy(const Partitions *self, const Partition *from) {
    Partition *made = whole(self);
    if (!made) return NULL;
    made->count = from->count;
    memcpy(made->of, from->of, self->exprs->class_count);
    return made;
}

/* ---- Meetings */

/* Classes of a part that `other` tells from the first of them; those of one part are a list. */
typedef struct Split {
    uint8_t other, number;
    int next;
} Split;

/* Splits the parts until they tell apart what `other` does. */
static void split(const Partitions *self, Partition *partition, const Partition *other) {
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

/* Whether no other class is in the part of this one. */
static bool is_alone(const Partitions *self, const Partition *partition, uint32_t class) {
    const uint8_t *of = partition->of;
    size_t behind = self->exprs->class_count - class - 1;
    return !memchr(of, of[class], class) && !memchr(of + class + 1, of[class], behind);
}

/* Puts each of the classes into a part of its own. */
static void set_apart(const Partitions *self, Partition *partition, const uint32_t *singles) {
    size_t count = self->exprs->class_count;
    for (size_t class = ak_bits_next(singles, count, 0); class != SIZE_MAX;
         class = ak_bits_next(singles, count, class + 1)) {
        if (!is_alone(self, partition, (uint32_t) class)) partition->of[class] = (uint8_t)partition->count++;
    }
}

bool ak_meeting_add(Partitions *self, Meeting *meeting, Expr expr) {
    const Partition *part = ak_partition_of(self, expr);
    if (!part) return false;
    if (part->single >= 0) {
        ak_bits_set(meeting->singles, (uint32_t)part->single);
        meeting->has_singles = true;
    } else if (part->count > 1 && !meeting->first) {
        meeting->first = part;
    } else if (part->count > 1 && part != meeting->first) {
        if (!meeting->made && !(meeting->made = copy(self, meeting->first))) return false;
        split(self, meeting->made, part);
    }
    return true;
}

const Partition *ak_meeting_end(const Partitions *self, Meeting *meeting) {
    if (meeting->first && !meeting->made && !meeting->has_singles) return meeting->first;
    if (!meeting->made) meeting->made = meeting->first ? copy(self, meeting->first) : whole(self);
    if (meeting->made && meeting->has_singles) set_apart(self, meeting->made, meeting->singles);
    return meeting->made;
}

/* ---- By the expression's form */

/* In a loop: sequences may be long. */
static const Partition *part_sequence(Partitions *self, Expr expr) {
    const Exprs *exprs = self->exprs;
    Meeting meeting = {0};
    while (ak_expr_node(exprs, expr)->kind == EXPR_CONCAT) {
        Expr head = ak_expr_operands(exprs, expr)[0];
        if (!ak_meeting_add(self, &meeting, head)) return NULL;
        if (!ak_expr_is_nullable(exprs, head)) return ak_meeting_end(self, &meeting);
        expr = ak_expr_operands(exprs, expr)[1];
    }
    return ak_meeting_add(self, &meeting, expr) ? ak_meeting_end(self, &meeting) : NULL;
}

static const Partition *part_members(Partitions *self, Expr expr) {
    Meeting meeting = {0};
    for (uint32_t i = 0; i < ak_expr_node(self->exprs, expr)->count; i++) {
        if (!ak_meeting_add(self, &meeting, ak_expr_operands(self->exprs, expr)[i])) return NULL;
    }
    return ak_meeting_end(self, &meeting);
}

static Partition *part_set(const Partitions *self, const uint32_t *set) {
    const Exprs *exprs = self->exprs;
    Partition *made = whole(self);
    uint32_t counts[2] = {0};
    int32_t last[2] = {0};
    if (!made) return NULL;
    for (uint32_t class = 0; class < exprs->class_count; class ++) {
        uint8_t part = ak_bits_get(set, exprs->samples[class]);
        made->of[class] = part, counts[part]++, last[part] = (int32_t) class;
    }
    if (!counts[0] || !counts[1]) return whole(self);
    made->count = 2;
    for (int part = 0; part < 2; part++) made->single = counts[part] == 1 ? last[part] : made->single;
    return made;
}

static Partition *part_multiple(const Partitions *self) {
    const Exprs *exprs = self->exprs;
    Partition *made = whole(self);
    if (!made) return NULL;
    made->count = AK_MULTIPLE_PARTS;
    for (uint32_t class = 0; class < exprs->class_count; class ++)
        made->of[class] = ak_multiple_part(exprs->samples[class]);
    return made;
}

static const Partition *find_parts(Partitions *self, Expr expr) {
    const Exprs *exprs = self->exprs;
    const uint32_t *operands = ak_expr_operands(exprs, expr);
    switch ((ExprKind)ak_expr_node(exprs, expr)->kind) {
    case EXPR_NOTHING:
    case EXPR_EMPTY: return whole(self);
    case EXPR_SET: return part_set(self, operands);
    case EXPR_NOT:
    case EXPR_REPEAT: return ak_partition_of(self, operands[0]);
    case EXPR_CONCAT:
        if (!ak_expr_is_nullable(exprs, operands[0])) return ak_partition_of(self, operands[0]);
        return part_sequence(self, expr);
    case EXPR_OR:
    case EXPR_AND: return part_members(self, expr);
    case EXPR_MULTIPLE: return part_multiple(self);
    }
    return NULL;
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
    const Partition *made = find_parts(self, expr);
    return made ? self->known.items[expr] = made : NULL;
}
