/* The clamped expression matches all that the other does, and more, by leaving bounds out. A beginning that is in the one and not in the other has met such
 * a bound, and so has more bytes than it is asked about.
 *
 * Whether something can follow is clear where there is no intersection and no complement: something always can. With them it has to be shown that behind
 * each beginning that can go on there is an end within SLACK bytes; then bounds are left out that the beginning with that end cannot meet. Lower bounds stay
 * there, and so does whatever is inside of a complement. */
#include "regex/regex_clamp.h"
#include "base/bitset.h"

enum { SLACK = 32, REACHED_MAX = 200, NEVER = UINT8_MAX };

/* Whether an end is near wherever a text of the expression may be (ExprNode.nearness). */
enum { UNKNOWN = 0, IS_NEAR = 1, IS_FAR = 2 };

typedef struct Clamp {
    Exprs *exprs;
    const ClampReach *reach;
    uint32_t longest;  /* bytes in which upper bounds must not be met */
    bool keeps_minima; /* lower bounds stay */
} Clamp;

/* The least number of texts of `what` that together have more than `bytes` bytes, or a higher one. */
static uint32_t count_beyond(const Clamp *self, Expr what, uint32_t bytes) {
    uint32_t shortest = ak_expr_node(self->exprs, what)->shortest;
    return bytes / (shortest ? shortest : 1) + 1;
}

static uint32_t least_minimum(const Clamp *self, Expr what, const ByteSet *follow) {
    uint32_t bytes = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (ak_bits_get(follow->words, byte) && self->reach->before[byte] > bytes) bytes = self->reach->before[byte];
    }
    return count_beyond(self, what, bytes);
}

/* `follow` has all bytes that may come behind the expression. Recursion is bounded by the expression's depth, but for the tails of sequences, which may be
 * many: those without counts end it. */
static Expr clamp(const Clamp *self, Expr expr, const ByteSet *follow);

static Expr clamp_repeat(const Clamp *self, Expr expr, const ByteSet *follow) {
    Exprs *exprs = self->exprs;
    const uint32_t *operands = ak_expr_operands(exprs, expr);
    Expr what = operands[0];
    uint32_t min = operands[1], max = operands[2];
    ByteSet behind = *follow;
    ak_expr_add_firsts(exprs, what, &behind);
    what = clamp(self, what, &behind);
    if (!what) return AK_EXPR_FAILED;
    if (max != AK_REPEAT_MANY && max >= count_beyond(self, what, self->longest)) max = AK_REPEAT_MANY;
    uint32_t least = self->keeps_minima || max != AK_REPEAT_MANY || min <= 1 ? min : least_minimum(self, what, follow);
    return ak_expr_repeat(exprs, what, min < least ? min : least, max);
}

static Expr clamp_concat(const Clamp *self, Expr expr, const ByteSet *follow) {
    Exprs *exprs = self->exprs;
    Expr head = ak_expr_operands(exprs, expr)[0], tail = ak_expr_operands(exprs, expr)[1];
    ByteSet behind = {0};
    if (ak_expr_is_nullable(exprs, tail)) behind = *follow;
    ak_expr_add_firsts(exprs, tail, &behind);
    head = clamp(self, head, &behind);
    return ak_expr_concat(exprs, head, clamp(self, tail, follow));
}

/* Whether each text of `inner`, even without any of its bounds, is one of `outer`. */
static bool is_within(Exprs *exprs, Expr inner, Expr outer) {
    static const ClampReach nowhere;
    const Clamp boundless = {exprs, &nowhere, 0, false};
    Expr without = clamp(&boundless, inner, &(ByteSet){0});
    Expr left = ak_expr_and(exprs, without, ak_expr_not(exprs, outer));
    return left && ak_expr_is_empty(exprs, left);
}

/* A member x* of an intersection says nothing beside another that it contains. */
static bool says_nothing(Exprs *exprs, size_t base, size_t count, size_t i) {
    Expr member = exprs->scratch.items[base + i];
    ExprRepeat repeat;
    if (!ak_expr_as_repeat(exprs, member, &repeat) || repeat.tail != AK_EXPR_EMPTY || repeat.min != 0 ||
        repeat.max != AK_REPEAT_MANY)
        return false;
    for (size_t k = 0; k < count; k++) {
        Expr other = exprs->scratch.items[base + k];
        if (k != i && ak_expr_node(exprs, other)->is_positive && is_within(exprs, other, member)) return true;
    }
    return false;
}

static size_t drop_spare(Exprs *exprs, size_t base, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (says_nothing(exprs, base, count, i))
            exprs->scratch.items[base + i--] = exprs->scratch.items[base + --count];
    }
    return count;
}

/* Of a union or intersection. */
static Expr clamp_members(const Clamp *self, Expr expr, const ByteSet *follow) {
    Exprs *exprs = self->exprs;
    size_t base = exprs->scratch.count, count = ak_expr_node(exprs, expr)->count;
    bool is_union = ak_expr_node(exprs, expr)->kind == EXPR_OR, ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        Expr member = clamp(self, ak_expr_operands(exprs, expr)[i], follow);
        ok = member && ak_vec_push(exprs->arena, &exprs->scratch, member);
    }
    Expr result = AK_EXPR_FAILED;
    if (ok && !is_union) count = drop_spare(exprs, base, count);
    if (ok) result = (is_union ? ak_expr_or_all : ak_expr_and_all)(exprs, exprs->scratch.items + base, count);
    exprs->scratch.count = base;
    return result;
}

static bool has_bound(const Exprs *exprs, Expr expr, uint32_t longest) {
    const ExprNode *node = ak_expr_node(exprs, expr);
    return node->counts && node->bound > longest;
}

static Expr clamp(const Clamp *self, Expr expr, const ByteSet *follow) {
    if (!expr || !has_bound(self->exprs, expr, self->longest)) return expr;
    if (!ak_exprs_burn(self->exprs, 1)) return AK_EXPR_FAILED;
    switch ((ExprKind)ak_expr_node(self->exprs, expr)->kind) {
    case EXPR_REPEAT: return clamp_repeat(self, expr, follow);
    case EXPR_CONCAT: return clamp_concat(self, expr, follow);
    case EXPR_OR:
    case EXPR_AND: return clamp_members(self, expr, follow);
    default: return expr;
    }
}

/* ---- Whether an end is near */

/* Without intersections and complements: bytes within which there is an end, wherever a text of the expression may be. Spent fuel ends it. */
static uint64_t bytes_to_end(Exprs *self, Expr expr);

static uint64_t bytes_to_end_of_one(Exprs *self, Expr expr) {
    ExprKind kind = (ExprKind)ak_expr_node(self, expr)->kind;
    const uint32_t *operands = ak_expr_operands(self, expr);
    uint64_t most = 0;
    if (kind == EXPR_MULTIPLE) return UINT32_MAX;
    if (kind == EXPR_REPEAT)
        return bytes_to_end(self, operands[0]) + (uint64_t)ak_expr_node(self, operands[0])->shortest * operands[1];
    for (uint32_t i = 0; kind == EXPR_OR && i < ak_expr_node(self, expr)->count; i++) {
        uint64_t bytes = bytes_to_end(self, operands[i]);
        if (bytes > most) most = bytes;
    }
    return kind == EXPR_SET ? 1 : most;
}

static uint64_t bytes_to_end(Exprs *self, Expr expr) {
    uint64_t most = 0, bytes;
    while (ak_exprs_burn(self, 1) && ak_expr_node(self, expr)->kind == EXPR_CONCAT) {
        Expr head = ak_expr_operands(self, expr)[0];
        expr = ak_expr_operands(self, expr)[1];
        bytes = bytes_to_end_of_one(self, head) + ak_expr_node(self, expr)->shortest;
        if (bytes > most) most = bytes;
    }
    bytes = self->exhausted ? 0 : bytes_to_end_of_one(self, expr);
    return bytes > most ? bytes : most;
}

/* An expression and all that its texts come to: above `base` of the scratch stack, numbered by their marks, the first of which is `mark`. */
typedef struct Reached {
    Exprs *exprs;
    Partitions *partitions;
    size_t base, count;
    uint32_t mark;
    uint8_t bytes[REACHED_MAX]; /* to the nearest end, as far as that is known */
} Reached;

/* False when there are too many, or out of memory. */
static bool reach(Reached *self, Expr expr) {
    ExprNode *node = &self->exprs->nodes.items[expr];
    if (node->mark >= self->mark) return true;
    if (self->count == REACHED_MAX || !ak_vec_push(self->exprs->arena, &self->exprs->scratch, expr)) return false;
    node->mark = self->mark + (uint32_t)self->count;
    self->bytes[self->count++] = node->is_nullable ? 0 : NEVER;
    return true;
}

/* Reaches all that is a byte behind number `i`; `*least` is how near an end is from there. */
static bool look_ahead(Reached *self, size_t i, uint8_t *least) {
    Exprs *exprs = self->exprs;
    Expr expr = exprs->scratch.items[self->base + i];
    const Partition *alike = ak_partition_of(self->partitions, expr);
    uint32_t tried[8] = {0};
    *least = NEVER;
    for (uint32_t class = 0; alike && class < exprs->class_count; class ++) {
        if (ak_bits_get(tried, alike->of[class])) continue;
        ak_bits_set(tried, alike->of[class]);
        Expr to = ak_expr_derivative(exprs, expr, class);
        if (!to || !reach(self, to)) return false;
        uint8_t bytes = self->bytes[exprs->nodes.items[to].mark - self->mark];
        if (bytes < *least) *least = bytes;
    }
    return alike;
}

/* Lowers how near the ends are until that is right; false on failure. */
static bool find_ends(Reached *self) {
    uint8_t least;
    for (size_t i = 0; i < self->count; i++) {
        if (!look_ahead(self, i, &least)) return false;
    }
    for (bool is_right = false; !is_right;) {
        is_right = true;
        for (size_t i = self->count; i-- > 0;) {
            if (!look_ahead(self, i, &least)) return false;
            uint8_t bytes = least >= NEVER - 1 ? least : (uint8_t)(least + 1);
            if (bytes >= self->bytes[i]) continue;
            self->bytes[i] = bytes, is_right = false;
        }
    }
    return true;
}

/* With intersections. What is true of an expression is true of all that its texts come to. */
static bool is_near_by_search(Exprs *self, Partitions *partitions, Expr expr) {
    uint8_t known = ak_expr_node(self, expr)->nearness;
    if (known != UNKNOWN) return known == IS_NEAR;
    Reached reached = {.exprs = self, .partitions = partitions, .base = self->scratch.count, .mark = self->mark + 1};
    bool near = reach(&reached, expr) && find_ends(&reached);
    for (size_t i = 0; near && i < reached.count; i++) near = reached.bytes[i] <= SLACK || reached.bytes[i] == NEVER;
    for (size_t i = 0; i < reached.count && !self->exhausted; i++)
        self->nodes.items[self->scratch.items[reached.base + i]].nearness = near ? IS_NEAR : IS_FAR;
    self->scratch.count = reached.base;
    self->mark += (uint32_t)reached.count;
    return near;
}

static bool is_near(Exprs *self, Partitions *partitions, Expr expr) {
    if (ak_expr_node(self, expr)->is_positive) return bytes_to_end(self, expr) <= SLACK;
    return is_near_by_search(self, partitions, expr);
}

static Expr clamp_all(Exprs *self, Partitions *partitions, Expr expr, const ClampReach *reach) {
    bool is_positive = ak_expr_node(self, expr)->is_positive;
    Clamp state = {self, reach, reach->longest + (is_positive ? 0 : SLACK), !is_positive};
    ByteSet any;
    memset(&any, 0xFF, sizeof any);
    Expr clamped = clamp(&state, expr, &any);
    if (!clamped || clamped == expr || is_positive || is_near(self, partitions, clamped)) return clamped;
    return expr;
}

Expr ak_expr_clamp(Exprs *self, Partitions *partitions, Expr expr, const ClampReach *reach, uint64_t *fuel) {
    if (!expr || !has_bound(self, expr, reach->longest) || !*fuel) return expr;
    uint64_t before = self->fuel, lent = before < *fuel ? before : *fuel;
    self->fuel = lent;
    Expr clamped = clamp_all(self, partitions, expr, reach);
    uint64_t spent = self->exhausted ? lent : lent - self->fuel;
    *fuel -= spent;
    self->fuel = before - spent;
    if (self->exhausted) self->exhausted = false, clamped = expr;
    return self->arena->failed ? (Expr)AK_EXPR_FAILED : clamped;
}
