/* The expression store: nodes in one array, their operands in another, a hash table over both. */
#include "regex/regex_expr.h"
#include "base/bitset.h"
#include "regex/regex_facts.h"
#include "regex/regex_loops.h"
#include "regex/regex_multiple.h"
#include <assert.h>
#include <stdlib.h>

enum { SET_WORDS = 8, MAX_NODES = UINT32_MAX / 4, MAX_DEPTH = 4000, MAX_FACTORING = 500 };

/* What ak_expr_is_empty has found (ExprNode.emptiness). */
enum { UNKNOWN = 0, HAS_TEXT = 1, HAS_NONE = 2 };

static ExprKind kind_of(const Exprs *self, Expr expr) {
    return (ExprKind)self->nodes.items[expr].kind;
}

bool ak_exprs_burn(Exprs *self, uint64_t steps) {
    if (self->exhausted || !ak_arena_step(self->arena, steps)) return false;
    if (self->fuel < steps) return self->exhausted = true, false;
    self->fuel -= steps;
    return true;
}

/* ---- Hash-consing */

/* Most nodes have two or three operands, for which a general hash function is slow. */
static uint64_t node_hash(ExprKind kind, const uint32_t *words, size_t count) {
    uint64_t hash = (uint64_t)kind + 1;
    if (count > 3) hash += ak_str_hash((Str){(const char *)words, count * sizeof *words});
    for (size_t i = 0; i < count && count <= 3; i++) hash = (hash + words[i]) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

static bool node_equals(const Exprs *self, Expr expr, ExprKind kind, const uint32_t *words, size_t count) {
    const ExprNode *node = &self->nodes.items[expr];
    if (node->kind != kind || node->count != count) return false;
    const uint32_t *there = self->words.items + node->first;
    if (count > 3) return memcmp(there, words, count * sizeof *words) == 0;
    uint32_t differ = 0;
    for (size_t i = 0; i < count; i++) differ |= there[i] ^ words[i];
    return !differ;
}

static uint8_t tag_of(uint64_t hash) {
    return (uint8_t)(hash >> 56 | 1);
}

/* The slot that holds the node, or the free one where it belongs. */
static size_t find_slot(const Exprs *self, uint64_t hash, ExprKind kind, const uint32_t *words, size_t count) {
    size_t at = hash & (self->slot_count - 1);
    uint8_t tag = tag_of(hash);
    while (self->tags[at] && (self->tags[at] != tag || !node_equals(self, self->slots[at], kind, words, count)))
        at = (at + 1) & (self->slot_count - 1);
    return at;
}

/* All nodes are different: the next free slot is where one belongs. */
static bool grow_slots(Exprs *self) {
    size_t count = self->slot_count ? self->slot_count * 2 : 256;
    uint32_t *slots = ak_new_array(self->arena, uint32_t, count);
    uint8_t *tags = ak_new_array(self->arena, uint8_t, count);
    if (!slots || !tags) return false;
    self->slots = slots, self->tags = tags, self->slot_count = count;
    for (Expr expr = 1; expr < self->nodes.count; expr++) {
        uint64_t hash = node_hash(kind_of(self, expr), ak_expr_operands(self, expr), self->nodes.items[expr].count);
        size_t at = hash & (count - 1);
        while (tags[at]) at = (at + 1) & (count - 1);
        slots[at] = expr, tags[at] = tag_of(hash);
    }
    return true;
}

/* The node with these operands, made when it is new. `words` must not point into self->words. */
static Expr intern(Exprs *self, ExprKind kind, const uint32_t *words, size_t count) {
    if (!ak_exprs_burn(self, 1 + count)) return AK_EXPR_FAILED;
    if (self->nodes.count * 2 >= self->slot_count && !grow_slots(self)) return AK_EXPR_FAILED;
    uint64_t hash = node_hash(kind, words, count);
    size_t slot = find_slot(self, hash, kind, words, count);
    if (self->tags[slot]) return self->slots[slot];
    if (self->nodes.count >= MAX_NODES) return self->exhausted = true, AK_EXPR_FAILED;
    if (!ak_vec_reserve(self->arena, &self->words, count)) return AK_EXPR_FAILED;
    ExprNode node = {.kind = (uint8_t)kind, .first = (uint32_t)self->words.count, .count = (uint32_t)count};
    ak_expr_find_facts(self, &node, words);
    if (node.depth > MAX_DEPTH) return self->exhausted = true, AK_EXPR_FAILED;
    if (!ak_vec_push(self->arena, &self->nodes, node)) return AK_EXPR_FAILED;
    if (count) memcpy(self->words.items + self->words.count, words, count * sizeof *words);
    self->words.count += count;
    self->slots[slot] = (uint32_t)self->nodes.count - 1, self->tags[slot] = tag_of(hash);
    return self->slots[slot];
}

Expr ak_expr_make(Exprs *self, ExprKind kind, const uint32_t *words, size_t count) {
    return intern(self, kind, words, count);
}

bool ak_exprs_init(Exprs *self, Arena *arena, uint64_t fuel) {
    *self = (Exprs){.arena = arena, .fuel = fuel};
    if (!ak_vec_push(arena, &self->nodes, (ExprNode){0}) || !ak_vec_reserve(arena, &self->scratch, 1)) return false;
    Expr nothing = intern(self, EXPR_NOTHING, NULL, 0), empty = intern(self, EXPR_EMPTY, NULL, 0);
    uint32_t operand = nothing;
    Expr anything = intern(self, EXPR_NOT, &operand, 1);
    assert(!anything || (nothing == AK_EXPR_NOTHING && empty == AK_EXPR_EMPTY && anything == AK_EXPR_ANYTHING));
    return empty && anything;
}

static void *copy_array(Arena *arena, const void *items, size_t count, size_t size) {
    return ak_arena_copy(arena, items, count * size);
}

bool ak_exprs_copy(Exprs *to, const Exprs *from, Arena *arena, uint64_t fuel) {
    *to = *from;
    to->arena = arena, to->fuel = fuel, to->exhausted = false;
    to->nodes.items = copy_array(arena, from->nodes.items, from->nodes.count, sizeof *from->nodes.items);
    to->nodes.capacity = from->nodes.count;
    to->words.items = copy_array(arena, from->words.items, from->words.count, sizeof *from->words.items);
    to->words.capacity = from->words.count;
    to->slots = copy_array(arena, from->slots, from->slot_count, sizeof *from->slots);
    to->tags = copy_array(arena, from->tags, from->slot_count, sizeof *from->tags);
    to->memo = copy_array(arena, from->memo, from->memo_slots, sizeof *from->memo);
    to->memo_tags = copy_array(arena, from->memo_tags, from->memo_slots, sizeof *from->memo_tags);
    to->scratch.items = NULL, to->scratch.count = to->scratch.capacity = 0;
    to->search.items = NULL, to->search.count = to->search.capacity = 0;
    to->factors.items = NULL, to->factors.count = to->factors.capacity = 0;
    to->firsts.items = NULL, to->firsts.count = to->firsts.capacity = 0;
    return ak_vec_reserve(arena, &to->scratch, 1) && ak_arena_ok(arena);
}

bool ak_exprs_ok(const Exprs *self, ananke_error *err) {
    if (self->arena->failed) return ak_fail_memory(err, self->arena);
    if (self->exhausted)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "the regular expressions of the grammar take too many steps");
    return true;
}

/* ---- Constructors */

Expr ak_expr_set(Exprs *self, const ByteSet *set) {
    bool is_empty = true;
    for (size_t i = 0; i < SET_WORDS; i++) is_empty = is_empty && set->words[i] == 0;
    return is_empty ? AK_EXPR_NOTHING : intern(self, EXPR_SET, set->words, SET_WORDS);
}

Expr ak_expr_byte_range(Exprs *self, uint8_t first, uint8_t last) {
    ByteSet set = {0};
    for (unsigned byte = first; byte <= last; byte++) ak_bits_set(set.words, byte);
    return ak_expr_set(self, &set);
}

Expr ak_expr_byte(Exprs *self, uint8_t byte) {
    if (!self->bytes[byte]) self->bytes[byte] = ak_expr_byte_range(self, byte, byte);
    return self->bytes[byte];
}

Expr ak_expr_literal(Exprs *self, Str text) {
    Expr expr = AK_EXPR_EMPTY;
    for (size_t i = text.length; i > 0; i--)
        expr = ak_expr_concat(self, ak_expr_byte(self, (uint8_t)text.data[i - 1]), expr);
    return expr;
}

/* Sequences lean right: the head is never a sequence itself. The loop walks the heads of a left-leaning one through
 * the scratch stack. */
Expr ak_expr_concat(Exprs *self, Expr head, Expr tail) {
    if (!head || !tail) return AK_EXPR_FAILED;
    if (head == AK_EXPR_NOTHING || tail == AK_EXPR_NOTHING) return AK_EXPR_NOTHING;
    if (head == AK_EXPR_EMPTY) return tail;
    if (tail == AK_EXPR_EMPTY) return head;
    size_t base = self->scratch.count;
    while (kind_of(self, head) == EXPR_CONCAT) {
        if (!ak_vec_push(self->arena, &self->scratch, ak_expr_operands(self, head)[0])) return AK_EXPR_FAILED;
        head = ak_expr_operands(self, head)[1];
    }
    Expr result = intern(self, EXPR_CONCAT, (uint32_t[]){head, tail}, 2);
    while (result && self->scratch.count > base) {
        Expr before = self->scratch.items[--self->scratch.count];
        result = intern(self, EXPR_CONCAT, (uint32_t[]){before, result}, 2);
    }
    self->scratch.count = base;
    return result;
}

Expr ak_expr_concat_all(Exprs *self, const Expr *items, size_t count) {
    Expr expr = AK_EXPR_EMPTY;
    for (size_t i = count; i > 0; i--) expr = ak_expr_concat(self, items[i - 1], expr);
    return expr;
}

static int compare_exprs(const void *a, const void *b) {
    Expr x = *(const Expr *)a, y = *(const Expr *)b;
    return (x > y) - (x < y);
}

/* Most unions have few members: then calls of a function that compares them would cost more than sorting. */
enum { FEW = 16 };

static void sort_exprs(Expr *items, size_t count) {
    if (count > FEW) qsort(items, count, sizeof *items, compare_exprs);
    for (size_t i = 1; i < count && count <= FEW; i++) {
        Expr item = items[i];
        size_t at = i;
        for (; at && items[at - 1] > item; at--) items[at] = items[at - 1];
        items[at] = item;
    }
}

/* Pushes the members of a union or intersection onto the scratch stack: nested ones of the same kind are opened,
 * `unit` is left out and byte sets are merged into `*set` (`*has_set` tells). False when `zero`, which swallows all,
 * is among them, or on failure (`*failed`). */
static bool gather(Exprs *self, ExprKind kind, const Expr *items, size_t count, ByteSet *set, bool *has_set,
                   bool *failed) {
    Expr unit = kind == EXPR_OR ? AK_EXPR_NOTHING : AK_EXPR_ANYTHING,
         zero = kind == EXPR_OR ? AK_EXPR_ANYTHING : AK_EXPR_NOTHING;
    for (size_t i = 0; i < count; i++) {
        Expr item = items[i];
        if (!item) return *failed = true, false;
        if (item == zero) return false;
        if (item == unit) continue;
        if (kind_of(self, item) == kind) { /* its members are of other kinds already */
            size_t inner = self->nodes.items[item].count;
            if (!ak_exprs_burn(self, inner)) return *failed = true, false;
            if (!ak_vec_reserve(self->arena, &self->scratch, inner)) return *failed = true, false;
            for (size_t k = 0; k < inner; k++) {
                Expr member = ak_expr_operands(self, item)[k];
                if (!gather(self, kind, &member, 1, set, has_set, failed)) return false;
            }
        } else if (kind_of(self, item) == EXPR_SET) {
            for (size_t k = 0; k < SET_WORDS; k++) {
                uint32_t word = ak_expr_operands(self, item)[k];
                set->words[k] = !*has_set ? word : kind == EXPR_OR ? set->words[k] | word : set->words[k] & word;
            }
            *has_set = true;
        } else if (!ak_vec_push(self->arena, &self->scratch, item)) {
            return *failed = true, false;
        }
    }
    return true;
}

/* Sorts the members above `base`, removes doubles, and the empty text where another member of a union has it too. */
static size_t tidy(Exprs *self, ExprKind kind, size_t base) {
    Expr *members = self->scratch.items + base;
    size_t count = self->scratch.count - base, kept = 0;
    sort_exprs(members, count);
    bool other_nullable = false;
    for (size_t i = 0; i < count; i++)
        other_nullable = other_nullable || (members[i] != AK_EXPR_EMPTY && ak_expr_is_nullable(self, members[i]));
    for (size_t i = 0; i < count; i++) {
        if (kept && members[kept - 1] == members[i]) continue;
        if (kind == EXPR_OR && members[i] == AK_EXPR_EMPTY && other_nullable) continue;
        members[kept++] = members[i];
    }
    return kept;
}

/* Whether every text of x{c,d} is one of x{a,b} for the form's sake: c…d lies in a…b. */
static bool repeats_within(const Exprs *self, Expr inner, Expr outer) {
    if (kind_of(self, inner) != EXPR_REPEAT || kind_of(self, outer) != EXPR_REPEAT) return false;
    const uint32_t *in = ak_expr_operands(self, inner), *out = ak_expr_operands(self, outer);
    return in[0] == out[0] && in[1] >= out[1] && in[2] <= out[2];
}

/* Whether another member makes the one at `i` spare: of repetitions of the same, an intersection needs the inner one
 * only, a union the outer one. */
static bool is_spare(const Exprs *self, ExprKind kind, const Expr *members, size_t count, size_t i) {
    if (kind_of(self, members[i]) != EXPR_REPEAT) return false;
    for (size_t k = 0; k < count; k++) {
        if (k == i) continue;
        if (kind == EXPR_AND ? repeats_within(self, members[k], members[i])
                             : repeats_within(self, members[i], members[k]))
            return true;
    }
    return false;
}

static size_t drop_repeats(Exprs *self, ExprKind kind, Expr *members, size_t count) {
    size_t kept = 0, repeats = 0;
    for (size_t i = 0; i < count; i++) repeats += kind_of(self, members[i]) == EXPR_REPEAT;
    if (repeats < 2 || !ak_exprs_burn(self, (uint64_t)repeats * count)) return count;
    for (size_t i = 0; i < count; i++) {
        if (!is_spare(self, kind, members, count, i)) members[kept++] = members[i];
        else members[i] = AK_EXPR_FAILED; /* FAILED is no repetition: not compared with any more */
    }
    return kept;
}

static Expr combine(Exprs *self, ExprKind kind, const Expr *items, size_t count);

static int compare_factors(const void *left, const void *right) {
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void sort_factors(uint64_t *items, size_t count) {
    if (count > FEW) qsort(items, count, sizeof *items, compare_factors);
    for (size_t i = 1; i < count && count <= FEW; i++) {
        uint64_t item = items[i];
        size_t at = i;
        for (; at && items[at - 1] > item; at--) items[at] = items[at - 1];
        items[at] = item;
    }
}

/* Notes, from factors[from] on, the sequences among the members by head and sorted; whether any two have one head. */
static bool find_factors(Exprs *self, size_t base, size_t count, size_t from) {
    for (size_t i = 0; i < count; i++) {
        Expr member = self->scratch.items[base + i];
        if (kind_of(self, member) != EXPR_CONCAT) continue;
        uint64_t head = ak_expr_operands(self, member)[0];
        if (!ak_vec_push(self->arena, &self->factors, head << 32 | member)) return false;
    }
    size_t found = self->factors.count - from;
    if (found < 2) return false;
    uint64_t *factors = self->factors.items + from;
    sort_factors(factors, found);
    bool share = false;
    for (size_t i = 1; i < found; i++) share = share || factors[i] >> 32 == factors[i - 1] >> 32;
    return share;
}

/* h s | h t becomes h (s | t), so that a union of many words is a tree; not any deeper where words have very much in
 * front in common, as this recurs for each byte of it. The members lie above `base`; how many there are afterwards. */
static size_t factor(Exprs *self, size_t base, size_t count, bool *failed) {
    size_t from = self->factors.count, kept = 0;
    if (self->factoring >= MAX_FACTORING || !find_factors(self, base, count, from))
        return self->factors.count = from, count;
    self->factoring++;
    for (size_t i = 0; i < count; i++) {
        Expr member = self->scratch.items[base + i];
        if (kind_of(self, member) != EXPR_CONCAT) self->scratch.items[base + kept++] = member;
    }
    self->scratch.count = base + kept;
    for (size_t i = from, last = self->factors.count; i < last && !*failed;) {
        size_t tails = self->scratch.count, end = i;
        Expr head = (Expr)(self->factors.items[i] >> 32), made = (Expr)self->factors.items[i];
        for (; end < last && self->factors.items[end] >> 32 == head && !*failed; end++)
            *failed =
                !ak_vec_push(self->arena, &self->scratch, ak_expr_operands(self, (Expr)self->factors.items[end])[1]);
        if (end - i > 1 && !*failed)
            made = ak_expr_concat(self, head, combine(self, EXPR_OR, self->scratch.items + tails, end - i));
        self->scratch.count = tails;
        *failed = *failed || !made || !ak_vec_push(self->arena, &self->scratch, made);
        i = end;
    }
    self->factoring--;
    self->factors.count = from;
    return *failed ? 0 : tidy(self, EXPR_OR, base);
}

/* An intersection that has the empty text among its members: that text or none. */
static Expr empty_or_nothing(const Exprs *self, const Expr *members, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!ak_expr_is_nullable(self, members[i])) return AK_EXPR_NOTHING;
    }
    return AK_EXPR_EMPTY;
}

static Expr combine(Exprs *self, ExprKind kind, const Expr *items, size_t count) {
    size_t base = self->scratch.count;
    ByteSet set = {0};
    bool has_set = false, failed = false;
    Expr zero = kind == EXPR_OR ? AK_EXPR_ANYTHING : AK_EXPR_NOTHING,
         unit = kind == EXPR_OR ? AK_EXPR_NOTHING : AK_EXPR_ANYTHING;
    Expr result = zero;
    if (ak_exprs_burn(self, count) && gather(self, kind, items, count, &set, &has_set, &failed)) {
        Expr merged = has_set ? ak_expr_set(self, &set) : unit;
        if (!merged || (merged != unit && !ak_vec_push(self->arena, &self->scratch, merged))) failed = true;
        size_t kept = failed ? 0 : tidy(self, kind, base);
        kept = drop_repeats(self, kind, self->scratch.items + base, kept);
        if (kind == EXPR_OR && !failed) kept = ak_expr_drop_absorbed(self, self->scratch.items + base, kept);
        if (kind == EXPR_OR && kept > 1) kept = factor(self, base, kept, &failed);
        const Expr *members = self->scratch.items + base;
        if (merged == AK_EXPR_NOTHING && kind == EXPR_AND) result = AK_EXPR_NOTHING;
        else if (kept == 0) result = unit;
        else if (kind == EXPR_AND && members[0] == AK_EXPR_EMPTY) result = empty_or_nothing(self, members, kept);
        else result = kept == 1 ? members[0] : intern(self, kind, members, kept);
    }
    self->scratch.count = base;
    return failed || self->exhausted || self->arena->failed ? (Expr)AK_EXPR_FAILED : result;
}

Expr ak_expr_or_all(Exprs *self, const Expr *items, size_t count) {
    return combine(self, EXPR_OR, items, count);
}

Expr ak_expr_and_all(Exprs *self, const Expr *items, size_t count) {
    return combine(self, EXPR_AND, items, count);
}

Expr ak_expr_or(Exprs *self, Expr a, Expr b) {
    return combine(self, EXPR_OR, (Expr[]){a, b}, 2);
}

Expr ak_expr_and(Exprs *self, Expr a, Expr b) {
    return combine(self, EXPR_AND, (Expr[]){a, b}, 2);
}

Expr ak_expr_not(Exprs *self, Expr what) {
    if (!what) return AK_EXPR_FAILED;
    if (kind_of(self, what) == EXPR_NOT) return ak_expr_operands(self, what)[0];
    return intern(self, EXPR_NOT, &(uint32_t){what}, 1);
}

Expr ak_expr_repeat(Exprs *self, Expr what, uint32_t min, uint32_t max) {
    if (!what) return AK_EXPR_FAILED;
    if (min > max) return AK_EXPR_NOTHING;
    if (max == 0 || what == AK_EXPR_EMPTY) return AK_EXPR_EMPTY;
    if (what == AK_EXPR_NOTHING) return min ? AK_EXPR_NOTHING : AK_EXPR_EMPTY;
    if (ak_expr_is_nullable(self, what)) min = 0;
    if (what == AK_EXPR_ANYTHING || (min == 1 && max == 1)) return what;
    if (kind_of(self, what) == EXPR_REPEAT && min == 0 && max == AK_REPEAT_MANY) { /* (x{m,})* is x* when m ≤ 1 */
        const uint32_t *inner = ak_expr_operands(self, what);
        if (inner[1] <= 1 && inner[2] == AK_REPEAT_MANY) return ak_expr_repeat(self, inner[0], 0, AK_REPEAT_MANY);
    }
    return intern(self, EXPR_REPEAT, (uint32_t[]){what, min, max}, 3);
}

/* ---- First bytes */

static void add_set(ByteSet *to, const uint32_t *words) {
    for (size_t i = 0; i < SET_WORDS; i++) to->words[i] |= words[i];
}

static ByteSet find_firsts(Exprs *self, Expr expr) {
    ByteSet set = {0};
    uint32_t count = self->nodes.items[expr].count;
    switch (kind_of(self, expr)) {
    case EXPR_NOTHING:
    case EXPR_EMPTY: break;
    case EXPR_SET: add_set(&set, ak_expr_operands(self, expr)); break;
    case EXPR_NOT:
    case EXPR_MULTIPLE: memset(&set, 0xFF, sizeof set); break;
    case EXPR_REPEAT: ak_expr_add_firsts(self, ak_expr_operands(self, expr)[0], &set); break;
    case EXPR_OR:
        for (uint32_t i = 0; i < count; i++) ak_expr_add_firsts(self, ak_expr_operands(self, expr)[i], &set);
        break;
    case EXPR_CONCAT: /* in a loop: sequences may be long */
        for (bool more = true; more;) {
            bool is_sequence = kind_of(self, expr) == EXPR_CONCAT;
            Expr head = is_sequence ? ak_expr_operands(self, expr)[0] : expr;
            ak_expr_add_firsts(self, head, &set);
            more = is_sequence && ak_expr_is_nullable(self, head);
            if (more) expr = ak_expr_operands(self, expr)[1];
        }
        break;
    case EXPR_AND:
        memset(&set, 0xFF, sizeof set);
        for (uint32_t i = 0; i < count; i++) {
            ByteSet member = {0};
            ak_expr_add_firsts(self, ak_expr_operands(self, expr)[i], &member);
            for (size_t w = 0; w < SET_WORDS; w++) set.words[w] &= member.words[w];
        }
        break;
    }
    return set;
}

void ak_expr_add_firsts(Exprs *self, Expr expr, ByteSet *set) {
    static const ByteSet unknown;
    if (kind_of(self, expr) == EXPR_SET) {
        add_set(set, ak_expr_operands(self, expr));
        return;
    }
    if (expr >= self->firsts.count) {
        size_t missing = self->nodes.count - self->firsts.count;
        if (ak_vec_reserve(self->arena, &self->firsts, missing)) {
            memset(self->firsts.items + self->firsts.count, 0, missing * sizeof *self->firsts.items);
            self->firsts.count += missing;
        }
    }
    ByteSet found = expr < self->firsts.count ? self->firsts.items[expr] : unknown;
    if (memcmp(&found, &unknown, sizeof found) == 0) {
        found = find_firsts(self, expr);
        if (expr < self->firsts.count) self->firsts.items[expr] = found;
    }
    add_set(set, found.words);
}

/* ---- Taking apart */

bool ak_expr_as_repeat(const Exprs *self, Expr expr, ExprRepeat *repeat) {
    Expr head = expr;
    repeat->tail = AK_EXPR_EMPTY;
    if (kind_of(self, expr) == EXPR_CONCAT)
        head = ak_expr_operands(self, expr)[0], repeat->tail = ak_expr_operands(self, expr)[1];
    if (kind_of(self, head) != EXPR_REPEAT) return false;
    const uint32_t *inner = ak_expr_operands(self, head);
    repeat->what = inner[0], repeat->min = inner[1], repeat->max = inner[2];
    return true;
}

static bool is_member(const Exprs *self, Expr expr, Expr outer) {
    if (expr == outer) return true;
    if (kind_of(self, outer) == EXPR_SET && kind_of(self, expr) == EXPR_SET) {
        for (size_t i = 0; i < SET_WORDS; i++) {
            if (ak_expr_operands(self, expr)[i] & ~ak_expr_operands(self, outer)[i]) return false;
        }
        return true;
    }
    if (kind_of(self, outer) == EXPR_CONCAT && kind_of(self, expr) == EXPR_CONCAT) {
        return ak_expr_within(self, ak_expr_operands(self, expr)[0], ak_expr_operands(self, outer)[0]) &&
               ak_expr_within(self, ak_expr_operands(self, expr)[1], ak_expr_operands(self, outer)[1]);
    }
    for (uint32_t i = 0; kind_of(self, outer) == EXPR_OR && i < self->nodes.items[outer].count; i++) {
        if (is_member(self, expr, ak_expr_operands(self, outer)[i])) return true;
    }
    return false;
}

bool ak_expr_within(const Exprs *self, Expr inner, Expr outer) {
    if (inner == outer) return true;
    if (kind_of(self, inner) != EXPR_OR) return is_member(self, inner, outer);
    for (uint32_t i = 0; i < self->nodes.items[inner].count; i++) {
        if (!is_member(self, ak_expr_operands(self, inner)[i], outer)) return false;
    }
    return true;
}

/* Whether there is a longest text. */
static bool is_finite(const Exprs *self, Expr expr) {
    return self->nodes.items[expr].longest != UINT32_MAX;
}

/* x* among the members, all others being ~y with finite y: any text of x* can be made longer than those. */
static Expr lasting_member(const Exprs *self, Expr expr) {
    Expr found = AK_EXPR_NOTHING;
    for (uint32_t i = 0; i < self->nodes.items[expr].count; i++) {
        Expr member = ak_expr_operands(self, expr)[i];
        ExprRepeat repeat;
        bool repeats = ak_expr_as_repeat(self, member, &repeat) && repeat.max == AK_REPEAT_MANY && repeat.min == 0 &&
                       repeat.tail == AK_EXPR_EMPTY;
        if (repeats && found == AK_EXPR_NOTHING) found = member;
        else if (kind_of(self, member) != EXPR_NOT || !is_finite(self, ak_expr_operands(self, member)[0]))
            return AK_EXPR_NOTHING;
    }
    return found;
}

Expr ak_expr_lasting(Exprs *self, Expr expr, bool may_choose) {
    ExprRepeat repeat;
    if (ak_expr_as_repeat(self, expr, &repeat)) {
        if (repeat.max != AK_REPEAT_MANY) return AK_EXPR_NOTHING;
        if (repeat.min == 0) return expr;
        return ak_expr_concat(self, ak_expr_repeat(self, repeat.what, 0, AK_REPEAT_MANY), repeat.tail);
    }
    if (kind_of(self, expr) == EXPR_AND) return lasting_member(self, expr);
    if (kind_of(self, expr) == EXPR_CONCAT) {
        Expr tail = ak_expr_operands(self, expr)[1],
             head = ak_expr_lasting(self, ak_expr_operands(self, expr)[0], may_choose);
        return head == AK_EXPR_NOTHING ? head : ak_expr_concat(self, head, tail);
    }
    for (uint32_t i = 0; may_choose && kind_of(self, expr) == EXPR_OR && i < self->nodes.items[expr].count; i++) {
        Expr found = ak_expr_lasting(self, ak_expr_operands(self, expr)[i], true);
        if (found != AK_EXPR_NOTHING) return found;
    }
    return AK_EXPR_NOTHING;
}

/* ---- Byte classes */

/* Samples are what people like to read: lower-case letters first, then digits, other printable bytes, blanks, the
 * rest. */
static int prettiness(unsigned byte) {
    if (byte >= 'a' && byte <= 'z') return 5;
    if (byte >= '0' && byte <= '9') return 4;
    if (byte > ' ' && byte < 0x7F) return 3;
    return byte == ' ' ? 2 : byte == '\n';
}

/* Splits every class by one set: members of the set move to a fresh class when others stay behind. */
static void split_classes(Exprs *self, const uint32_t *set) {
    uint32_t inside[256] = {0}, outside[256] = {0};
    for (unsigned byte = 0; byte < 256; byte++) {
        if (ak_bits_get(set, byte)) inside[self->classes[byte]]++;
        else outside[self->classes[byte]]++;
    }
    uint32_t fresh[256], old_count = self->class_count;
    for (uint32_t class = 0; class < old_count; class ++) {
        fresh[class] = inside[class] && outside[class] ? self->class_count++ : class;
    }
    if (self->class_count == old_count) return;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (ak_bits_get(set, byte)) self->classes[byte] = (uint8_t)fresh[self->classes[byte]];
    }
}

/* A class that is split stays what it is for some of its bytes, so what is known about it still holds. */
void ak_exprs_seal(Exprs *self) {
    uint32_t known = self->class_count;
    if (!known) self->class_count = 1, self->sealed_count = 1; /* all bytes; the first expression is none */
    for (; self->sealed_count < self->nodes.count; self->sealed_count++) {
        if (kind_of(self, (Expr)self->sealed_count) == EXPR_SET && self->class_count < 256)
            split_classes(self, ak_expr_operands(self, (Expr)self->sealed_count));
    }
    if (self->class_count == known) return;
    int best[256];
    memset(best, -1, sizeof best);
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t class = self->classes[byte];
        if (prettiness(byte) > best[class]) best[class] = prettiness(byte), self->samples[class] = (uint8_t)byte;
    }
    uint32_t count = 0;
    for (int level = 5; level >= 0; level--) {
        for (uint32_t class = 0; class < self->class_count; class ++) {
            if (best[class] == level) self->pretty[count++] = (uint8_t) class;
        }
    }
}

/* ---- Derivatives */

static uint64_t memo_hash(Expr expr, uint32_t class) {
    return ((uint64_t)expr << 8 | class) * UINT64_C(0x9E3779B97F4A7C15);
}

static bool is_of(const DerivativeSlot *slot, Expr expr, uint32_t class) {
    return slot->from == expr && slot->class == class;
}

static size_t memo_slot(const Exprs *self, Expr expr, uint32_t class) {
    uint64_t hash = memo_hash(expr, class);
    size_t at = (hash >> 20) & (self->memo_slots - 1);
    uint8_t tag = tag_of(hash);
    while (self->memo_tags[at] && (self->memo_tags[at] != tag || !is_of(&self->memo[at], expr, class)))
        at = (at + 1) & (self->memo_slots - 1);
    return at;
}

static bool grow_memo(Exprs *self) {
    DerivativeSlot *old = self->memo;
    size_t old_slots = self->memo_slots, count = old_slots ? old_slots * 2 : 1024;
    DerivativeSlot *memo = ak_new_array(self->arena, DerivativeSlot, count);
    uint8_t *tags = ak_new_array(self->arena, uint8_t, count);
    if (!memo || !tags) return false;
    self->memo = memo, self->memo_tags = tags, self->memo_slots = count;
    for (size_t i = 0; i < old_slots; i++) {
        if (!old[i].to) continue;
        size_t at = memo_slot(self, old[i].from, old[i].class);
        memo[at] = old[i], tags[at] = tag_of(memo_hash(old[i].from, old[i].class));
    }
    return true;
}

void ak_expr_remember(Exprs *self, Expr expr, uint32_t class, Expr to) {
    if (self->memo_count * 2 >= self->memo_slots && !grow_memo(self)) return;
    size_t at = memo_slot(self, expr, class);
    if (!self->memo_tags[at]) self->memo_count++;
    self->memo[at] = (DerivativeSlot){.from = expr, .to = to, .class = class};
    self->memo_tags[at] = tag_of(memo_hash(expr, class));
}

/* Derives every member of a union or intersection and combines the results. The derived members lie on the scratch
 * stack; when combining makes it move, the old place stays readable, since arenas do not free. */
static Expr derive_members(Exprs *self, Expr expr, uint32_t class) {
    size_t base = self->scratch.count, count = self->nodes.items[expr].count;
    Expr result = AK_EXPR_FAILED;
    for (size_t i = 0; i < count; i++) {
        Expr part = ak_expr_derivative(self, ak_expr_operands(self, expr)[i], class);
        if (!part || !ak_vec_push(self->arena, &self->scratch, part)) goto done;
    }
    result = combine(self, kind_of(self, expr), self->scratch.items + base, count);
done:
    self->scratch.count = base;
    return result;
}

/* d(h1 h2 … t) is the union of d(h_i) h_{i+1} … t over the heads that come after nullable ones only. */
static Expr derive_sequence(Exprs *self, Expr expr, uint32_t class) {
    size_t base = self->scratch.count;
    Expr result = AK_EXPR_FAILED;
    for (bool more = true; more;) {
        Expr head = expr, tail = AK_EXPR_EMPTY;
        if (kind_of(self, expr) == EXPR_CONCAT)
            head = ak_expr_operands(self, expr)[0], tail = ak_expr_operands(self, expr)[1];
        more = tail != AK_EXPR_EMPTY && ak_expr_is_nullable(self, head);
        Expr part = ak_expr_concat(self, ak_expr_derivative(self, head, class), tail);
        if (!part || !ak_vec_push(self->arena, &self->scratch, part)) goto done;
        expr = tail;
    }
    result = combine(self, EXPR_OR, self->scratch.items + base, self->scratch.count - base);
done:
    self->scratch.count = base;
    return result;
}

/* d(x{m,n}) = d(x) x{m-1,n-1}; holds for nullable x too, since the constructor made m 0 then. */
static Expr derive_repeat(Exprs *self, Expr expr, uint32_t class) {
    Expr what = ak_expr_operands(self, expr)[0];
    uint32_t min = ak_expr_operands(self, expr)[1], max = ak_expr_operands(self, expr)[2];
    Expr first = ak_expr_derivative(self, what, class);
    if (!first || first == AK_EXPR_NOTHING) return first;
    return ak_expr_concat(self, first,
                          ak_expr_repeat(self, what, min ? min - 1 : 0, max == AK_REPEAT_MANY ? max : max - 1));
}

static Expr derive_multiple(Exprs *self, Expr expr, uint32_t class) {
    Multiple multiple = ak_multiple_read(ak_expr_operands(self, expr));
    return ak_multiple_derive(self, &multiple, self->samples[class]);
}

static Expr derive(Exprs *self, Expr expr, uint32_t class) {
    switch (kind_of(self, expr)) {
    case EXPR_NOTHING:
    case EXPR_EMPTY: return AK_EXPR_NOTHING;
    case EXPR_SET:
        return ak_bits_get(ak_expr_operands(self, expr), self->samples[class]) ? AK_EXPR_EMPTY : AK_EXPR_NOTHING;
    case EXPR_CONCAT: return derive_sequence(self, expr, class);
    case EXPR_OR:
    case EXPR_AND: return derive_members(self, expr, class);
    case EXPR_NOT: return ak_expr_not(self, ak_expr_derivative(self, ak_expr_operands(self, expr)[0], class));
    case EXPR_REPEAT: return derive_repeat(self, expr, class);
    case EXPR_MULTIPLE: return derive_multiple(self, expr, class);
    }
    return AK_EXPR_FAILED;
}

/* Sets, and sequences that begin with one, as all spelled-out texts do: cheaper than looking it up. Complements are looked
 * up as what they are of. */
static bool derive_plainly(Exprs *self, Expr expr, uint32_t class, Expr *to) {
    ExprKind kind = kind_of(self, expr);
    if (kind <= EXPR_SET || kind == EXPR_NOT) return *to = derive(self, expr, class), true;
    if (kind != EXPR_CONCAT) return false;
    const uint32_t *operands = ak_expr_operands(self, expr);
    if (kind_of(self, operands[0]) != EXPR_SET) return false;
    bool goes_on = ak_bits_get(ak_expr_operands(self, operands[0]), self->samples[class]);
    return *to = goes_on ? operands[1] : AK_EXPR_NOTHING, true;
}

Expr ak_expr_derivative(Exprs *self, Expr expr, uint32_t class) {
    assert(self->class_count > class);
    if (!expr || !ak_exprs_burn(self, 1)) return AK_EXPR_FAILED;
    Expr plain;
    if (derive_plainly(self, expr, class, &plain)) return plain;
    if (self->memo_slots) {
        size_t at = memo_slot(self, expr, class);
        if (self->memo_tags[at]) return self->memo[at].to;
    }
    Expr to = derive(self, expr, class);
    if (to) ak_expr_remember(self, expr, class, to);
    return to;
}

/* ---- Questions */

/* Looks for a nullable expression among the derivatives of `expr`, depth first, bytes that people like to read before
 * others: most of what is asked about has short texts of those. What was seen without finding one is closed under
 * deriving, so all of it is empty; what lies on the way to one is not. */
static bool search_empty(Exprs *self, Expr expr) {
    size_t base = self->scratch.count;
    uint32_t mark = ++self->mark;
    bool found = false;
    self->search.count = 0;
    self->nodes.items[expr].mark = mark;
    if (!ak_vec_push(self->arena, &self->search, (ExprSearch){expr, 0})) return false;
    while (self->search.count && !found) {
        ExprSearch *top = &self->search.items[self->search.count - 1];
        if (top->tried == self->class_count) {
            if (!ak_vec_push(self->arena, &self->scratch, top->expr)) return self->scratch.count = base, false;
            self->search.count--;
            continue;
        }
        uint32_t class = self->pretty[top->tried++];
        ByteSet firsts = {0};
        ak_expr_add_firsts(self, top->expr, &firsts);
        if (!ak_bits_get(firsts.words, self->samples[class])) continue;
        Expr to = ak_expr_derivative(self, top->expr, class);
        if (!to) return self->scratch.count = base, false;
        const ExprNode *node = &self->nodes.items[to];
        found = node->is_nullable || node->is_positive || node->emptiness == HAS_TEXT || ak_multiple_is_met(self, to);
        if (found || node->mark == mark || to == AK_EXPR_NOTHING || node->emptiness == HAS_NONE) continue;
        if (ak_multiple_is_missed(self, to)) continue;
        self->nodes.items[to].mark = mark;
        if (!ak_vec_push(self->arena, &self->search, (ExprSearch){to, 0})) return self->scratch.count = base, false;
    }
    for (size_t i = 0; found && i < self->search.count; i++)
        self->nodes.items[self->search.items[i].expr].emptiness = HAS_TEXT;
    for (size_t at = base; !found && at < self->scratch.count; at++)
        self->nodes.items[self->scratch.items[at]].emptiness = HAS_NONE;
    self->scratch.count = base;
    return !found;
}

/* x & ~y & ~z …, x without any AND or NOT, and with a text that is longer than all of y, z, …: most intersections are
 * of that form, "any name but these". */
static bool outgrows(const Exprs *self, Expr expr) {
    if (kind_of(self, expr) != EXPR_AND) return false;
    uint32_t longest = 0, taken = 0;
    bool has_one = false;
    for (uint32_t i = 0; i < self->nodes.items[expr].count; i++) {
        Expr member = ak_expr_operands(self, expr)[i];
        bool is_not = kind_of(self, member) == EXPR_NOT;
        const ExprNode *node = &self->nodes.items[is_not ? ak_expr_operands(self, member)[0] : member];
        if (is_not) taken = node->longest > taken ? node->longest : taken;
        else if (has_one || !node->is_positive) return false;
        else longest = node->longest, has_one = true;
    }
    return has_one && taken != UINT32_MAX && longest > taken;
}

static bool find_empty(Exprs *self, Expr expr) {
    switch (kind_of(self, expr)) {
    case EXPR_CONCAT: {
        Expr tail = ak_expr_operands(self, expr)[1];
        return ak_expr_is_empty(self, ak_expr_operands(self, expr)[0]) || ak_expr_is_empty(self, tail);
    }
    case EXPR_OR:
        for (uint32_t i = 0; i < self->nodes.items[expr].count; i++) {
            if (!ak_expr_is_empty(self, ak_expr_operands(self, expr)[i])) return false;
        }
        return true;
    case EXPR_REPEAT: return ak_expr_is_empty(self, ak_expr_operands(self, expr)[0]); /* not nullable: once at least */
    default:
        if (outgrows(self, expr) || ak_multiple_is_met(self, expr)) return false;
        return ak_multiple_is_missed(self, expr) || search_empty(self, expr);
    }
}

bool ak_expr_is_empty(Exprs *self, Expr expr) {
    if (!expr || self->nodes.items[expr].is_positive) return false;
    if (expr == AK_EXPR_NOTHING || self->nodes.items[expr].emptiness == HAS_NONE) return true;
    if (self->nodes.items[expr].is_nullable || self->nodes.items[expr].emptiness == HAS_TEXT) return false;
    bool is_empty = find_empty(self, expr);
    if (self->exhausted || self->arena->failed) return false;
    self->nodes.items[expr].emptiness = is_empty ? HAS_NONE : HAS_TEXT;
    return is_empty;
}

bool ak_expr_matches(Exprs *self, Expr expr, Str text) {
    for (size_t i = 0; i < text.length && expr; i++)
        expr = ak_expr_derivative(self, expr, self->classes[(uint8_t)text.data[i]]);
    return expr && ak_expr_is_nullable(self, expr);
}

typedef struct Step {
    Expr expr;
    uint32_t before; /* index of the step that led here */
    uint8_t byte;
} Step;

static Str spell(Arena *arena, const Step *steps, uint32_t last) {
    size_t length = 0;
    for (uint32_t at = last; at; at = steps[at].before) length++;
    char *text = ak_arena_alloc(arena, length + 1, 1);
    if (!text) return (Str){0};
    size_t end = length;
    for (uint32_t at = last; at; at = steps[at].before) text[--end] = (char)steps[at].byte;
    return (Str){text, length};
}

Str ak_expr_shortest(Exprs *self, Expr expr, Arena *arena) {
    VEC(Step) steps = {0};
    uint32_t mark = ++self->mark;
    if (!expr || ak_expr_is_empty(self, expr) || !ak_vec_push(arena, &steps, (Step){.expr = expr})) return (Str){0};
    for (uint32_t at = 0; at < steps.count; at++) {
        Expr from = steps.items[at].expr;
        if (ak_expr_is_nullable(self, from)) return spell(arena, steps.items, at);
        for (uint32_t i = 0; i < self->class_count; i++) {
            uint32_t class = self->pretty[i];
            Expr to = ak_expr_derivative(self, from, class);
            if (!to) return (Str){0};
            if (to == AK_EXPR_NOTHING || self->nodes.items[to].mark == mark) continue;
            self->nodes.items[to].mark = mark;
            if (!ak_vec_push(arena, &steps, (Step){to, at, self->samples[class]})) return (Str){0};
        }
    }
    return (Str){0};
}
