/* States, hash-consed by their parts or, for start states, by their set of lexemes. */
#include "mask/dfa.h"
#include "base/bitset.h"
#include "mask/grammar.h"
#include <assert.h>

enum { CLAMP_FUEL = 5000000 };

/* What a state is interned by. */
typedef struct Key {
    const LexerPart *parts; /* NULL: a start state */
    uint32_t count;
    const uint32_t *starts;
} Key;

static size_t set_words(const Dfa *self) {
    return ak_bits_words(self->lexeme_count);
}

static uint64_t key_hash(const Dfa *self, Key key) {
    if (key.starts) return ak_str_hash((Str){(const char *)key.starts, set_words(self) * sizeof *key.starts});
    return ~ak_str_hash((Str){(const char *)key.parts, key.count * sizeof *key.parts});
}

static Key key_of(const Dfa *self, DfaState state) {
    const DfaNode *node = ak_dfa_node(self, state);
    if (node->starts) return (Key){.starts = node->starts};
    return (Key){.parts = self->parts.items + node->first, .count = node->count};
}

static bool keys_equal(const Dfa *self, Key a, Key b) {
    if (a.starts || b.starts) return a.starts && b.starts && ak_bits_equal(a.starts, b.starts, set_words(self));
    return a.count == b.count && memcmp(a.parts, b.parts, a.count * sizeof *a.parts) == 0;
}

static size_t find_slot(const Dfa *self, Key key) {
    size_t at = key_hash(self, key) & (self->slot_count - 1);
    while (self->slots[at] && !keys_equal(self, key_of(self, self->slots[at]), key))
        at = (at + 1) & (self->slot_count - 1);
    return at;
}

static bool grow_slots(Dfa *self) {
    size_t count = self->slot_count ? self->slot_count * 2 : 128;
    uint32_t *slots = ak_new_array(self->arena, uint32_t, count);
    if (!slots) return false;
    self->slots = slots, self->slot_count = count;
    for (DfaState state = DFA_DEAD + 1; state < self->nodes.count; state++)
        slots[find_slot(self, key_of(self, state))] = state;
    return true;
}

/* The number of the set that was just pushed onto `ended` from `first` on; a set that is known already is taken off
 * again. Numbers are found by the set's hash, and by the next free key where two sets share one. */
static bool number_ending(Dfa *self, uint32_t first, uint32_t *number) {
    uint32_t count = (uint32_t)self->ended.count - first;
    const uint32_t *fresh = self->ended.items + first;
    *number = 0;
    if (count == 0) return true;
    uint64_t key = ak_str_hash((Str){(const char *)fresh, count * sizeof *fresh}) | 1;
    while ((*number = ak_table_find(&self->ending_numbers, key))) {
        Ending known = self->endings.items[*number];
        if (known.count == count && memcmp(self->ended.items + known.first, fresh, count * sizeof *fresh) == 0) {
            self->ended.count = first;
            return true;
        }
        key += 2;
    }
    *number = (uint32_t)self->endings.count;
    return ak_vec_push(self->arena, &self->endings, (Ending){first, count}) &&
           ak_table_add(&self->ending_numbers, self->arena, key, *number);
}

uint32_t ak_dfa_ending_of(Dfa *self, const uint32_t *lexemes, uint32_t count) {
    uint32_t first = (uint32_t)self->ended.count, number;
    if (!ak_vec_reserve(self->arena, &self->ended, count)) return 0;
    memcpy(self->ended.items + first, lexemes, count * sizeof *lexemes);
    self->ended.count += count;
    return number_ending(self, first, &number) ? number : 0;
}

/* Bytes that no lexeme of the state goes on with need no deriving. */
static void close_row(Dfa *self, const DfaNode *node) {
    ByteSet firsts = {0};
    for (uint32_t i = 0; i < node->count; i++)
        ak_expr_add_firsts(&self->exprs, self->parts.items[node->first + i].rest, &firsts);
    for (uint32_t class = 0; class < self->exprs.class_count; class ++) {
        if (!ak_bits_get(firsts.words, self->exprs.samples[class])) atomic_init(&node->next[class], DFA_DEAD);
    }
}

static DfaState add_node(Dfa *self, DfaNode node) {
    if (self->nodes.count >= DFA_STATES_MAX) return self->exprs.exhausted = true, DFA_UNKNOWN;
    node.next = ak_arena_alloc(self->arena, self->exprs.class_count, sizeof *node.next);
    if (!node.next) return DFA_UNKNOWN;
    if (node.count) close_row(self, &node);
    return ak_paged_push(self->arena, &self->nodes, node) ? self->nodes.count - 1 : DFA_UNKNOWN;
}

/* Behind the end of a lazy lexeme nothing is pending that could be used up. */
static uint32_t limit_of(const Dfa *self, const LexerPart *parts, uint32_t count) {
    uint32_t limit = 0;
    for (uint32_t i = 0; self->max_tokens && i < count; i++) {
        uint32_t own = self->max_tokens[parts[i].lexeme] & ~AK_GIVEN_UP;
        bool is_lazy = self->lazy && ak_bits_get(self->lazy, parts[i].lexeme);
        if (is_lazy && ak_expr_is_nullable(&self->exprs, parts[i].rest)) return 0;
        if (own && (!limit || own < limit)) limit = own;
    }
    return limit;
}

/* Does it repeat pieces, and then end with one byte? */
static bool repeats(const Exprs *exprs, Expr rest) {
    ExprRepeat repeat;
    return ak_expr_as_repeat(exprs, rest, &repeat) && ak_expr_node(exprs, repeat.tail)->kind == EXPR_SET &&
           ak_expr_node(exprs, repeat.what)->longest <= AK_PIECE_MAX;
}

static uint32_t item_longest(const Dfa *self, const LexerPart *parts, uint32_t count) {
    if (!self->roles || count != 1 || self->roles[parts[0].lexeme] != ROLE_ITEM) return 0;
    const ExprNode *rest = ak_expr_node(&self->exprs, parts[0].rest);
    return rest->is_positive ? rest->longest : 0;
}

static uint8_t roles_of(const Dfa *self, const LexerPart *parts, uint32_t count) {
    uint8_t roles = 0;
    for (uint32_t i = 0; self->roles && i < count; i++) {
        const ExprNode *rest = ak_expr_node(&self->exprs, parts[i].rest);
        uint8_t role = self->roles[parts[i].lexeme];
        if (role == ROLE_OPENING && rest->is_nullable) roles |= DFA_ENDS_OPENING;
        if (role == ROLE_ITEM) roles |= rest->is_nullable ? DFA_HAS_ITEM | DFA_ENDS_ITEM : DFA_HAS_ITEM;
        if (role == ROLE_ITEM && count == 1 && repeats(&self->exprs, parts[i].rest)) roles |= DFA_REPEATS_ITEM;
    }
    return roles;
}

static uint8_t roles_of_starts(const Dfa *self, const uint32_t *starts) {
    for (uint32_t i = 0; self->roles && i < self->lexeme_count; i++) {
        if (self->roles[i] == ROLE_ITEM && ak_bits_get(starts, i)) return DFA_HAS_ITEM;
    }
    return 0;
}

static bool is_shadow(const Dfa *self, uint32_t lexeme) {
    return self->shadows && lexeme >= self->shadows;
}

DfaState ak_dfa_intern(Dfa *self, const LexerPart *parts, uint32_t count) {
    if (count == 0) return DFA_DEAD;
    if (is_shadow(self, parts[0].lexeme)) return DFA_DOOMED; /* and so are the others */
    if (self->nodes.count * 2 >= self->slot_count && !grow_slots(self)) return DFA_UNKNOWN;
    size_t slot = find_slot(self, (Key){.parts = parts, .count = count});
    if (self->slots[slot]) return self->slots[slot];
    DfaNode node = {.first = (uint32_t)self->parts.count,
                    .count = count,
                    .roles = roles_of(self, parts, count),
                    .item_longest = item_longest(self, parts, count),
                    .limit = limit_of(self, parts, count)};
    uint32_t ended = (uint32_t)self->ended.count;
    if (!ak_vec_reserve(self->arena, &self->parts, count) || !ak_vec_reserve(self->arena, &self->ended, count))
        return DFA_UNKNOWN;
    for (uint32_t i = 0; i < count; i++) {
        self->parts.items[self->parts.count++] = parts[i];
        if (ak_expr_is_nullable(&self->exprs, parts[i].rest) && !is_shadow(self, parts[i].lexeme))
            self->ended.items[self->ended.count++] = parts[i].lexeme;
    }
    if (!number_ending(self, ended, &node.ending)) return DFA_UNKNOWN;
    DfaState state = add_node(self, node);
    return state ? self->slots[slot] = state : DFA_UNKNOWN;
}

DfaState ak_dfa_start(Dfa *self, const uint32_t *allowed) {
    if (ak_bits_next(allowed, self->lexeme_count, 0) == SIZE_MAX) return DFA_DEAD;
    if (self->nodes.count * 2 >= self->slot_count && !grow_slots(self)) return DFA_UNKNOWN;
    size_t slot = find_slot(self, (Key){.starts = allowed});
    if (self->slots[slot]) return self->slots[slot];
    uint32_t *copy = ak_new_array(self->arena, uint32_t, set_words(self));
    if (!copy) return DFA_UNKNOWN;
    memcpy(copy, allowed, set_words(self) * sizeof *copy);
    DfaState state = add_node(self, (DfaNode){.starts = copy, .roles = roles_of_starts(self, copy)});
    return state ? self->slots[slot] = state : DFA_UNKNOWN;
}

/* ---- Transitions */

/* Pushes what is left of a part after a byte of the class onto the scratch vector, when anything is. */
static bool push_derived(Dfa *self, LexerPart part, uint32_t class) {
    part.rest = ak_expr_derivative(&self->exprs, part.rest, class);
    if (!part.rest) return false;
    if (part.rest == AK_EXPR_NOTHING || ak_expr_is_empty(&self->exprs, part.rest)) return !self->exprs.exhausted;
    return !self->exprs.exhausted && ak_vec_push(self->arena, &self->scratch, part);
}

static const DfaFirst *first_of(Dfa *self, uint32_t class) {
    DfaFirst *first = &self->firsts[class];
    if (first->is_known) return first;
    self->scratch.count = 0;
    for (uint32_t i = 0; i < self->lexeme_count; i++) {
        bool is_possible = ak_bits_get(self->lexeme_firsts[i].words, self->exprs.samples[class]);
        if (is_possible && !push_derived(self, (LexerPart){i, self->lexemes[i]}, class)) return NULL;
    }
    LexerPart *parts = ak_new_array(self->arena, LexerPart, self->scratch.count);
    if (!parts) return NULL;
    if (self->scratch.count) memcpy(parts, self->scratch.items, self->scratch.count * sizeof *parts);
    *first = (DfaFirst){parts, (uint32_t)self->scratch.count, true};
    return first;
}

static bool gather_first(Dfa *self, const uint32_t *starts, uint32_t class) {
    const DfaFirst *first = first_of(self, class);
    if (!first) return false;
    self->scratch.count = 0;
    for (uint32_t i = 0; i < first->count; i++) {
        if (ak_bits_get(starts, first->parts[i].lexeme) && !ak_vec_push(self->arena, &self->scratch, first->parts[i]))
            return false;
    }
    return true;
}

static bool gather_next(Dfa *self, const DfaNode *node, uint32_t class) {
    self->scratch.count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        if (!push_derived(self, self->parts.items[node->first + i], class)) return false;
    }
    return true;
}

/* Classes that all of the state's lexemes take alike. */
static const Partition *alike(Dfa *self, DfaNode *node) {
    if (node->alike) return node->alike;
    if (node->count == 1) return node->alike = ak_partition_of(&self->partitions, self->parts.items[node->first].rest);
    Meeting meeting;
    if (!ak_meeting_begin(&self->partitions, &meeting)) return NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        if (!ak_meeting_add(&self->partitions, &meeting, self->parts.items[node->first + i].rest)) return NULL;
    }
    return node->alike = ak_meeting_end(&self->partitions, &meeting);
}

/* Publishes where a class leads, and all that are like it. */
static void publish(const Dfa *self, const DfaNode *node, uint32_t class, DfaState next) {
    const uint8_t *part = node->starts ? NULL : node->alike->of;
    if (!part) atomic_store_explicit(&node->next[class], next, memory_order_release);
    for (uint32_t other = 0; part && other < self->exprs.class_count; other++) {
        if (part[other] == part[class]) atomic_store_explicit(&node->next[other], next, memory_order_release);
    }
}

DfaState ak_dfa_derive(Dfa *self, DfaState state, uint32_t class) {
    assert(state > DFA_DEAD && state < self->nodes.count);
    DfaNode *node = ak_paged_at(&self->nodes, state);
    DfaState next = atomic_load_explicit(&node->next[class], memory_order_relaxed);
    if (next) return next;
    if (!node->starts && !alike(self, node)) return DFA_UNKNOWN;
    if (!(node->starts ? gather_first(self, node->starts, class) : gather_next(self, node, class))) return DFA_UNKNOWN;
    uint32_t count = ak_lexer_end_lazily(&self->exprs, self->lazy, self->scratch.items, (uint32_t)self->scratch.count);
    next = ak_dfa_intern(self, self->scratch.items, count);
    publish(self, node, class, next);
    return next;
}

bool ak_dfa_init(Dfa *self, Arena *arena, const Exprs *exprs, const Expr *lexemes, uint32_t lexeme_count,
                 const uint32_t *lazy) {
    *self =
        (Dfa){.arena = arena, .lexemes = lexemes, .lexeme_count = lexeme_count, .lazy = lazy, .clamp_fuel = CLAMP_FUEL};
    if (!ak_exprs_copy(&self->exprs, exprs, arena, UINT64_MAX)) return false;
    self->partitions = (Partitions){.arena = arena, .exprs = &self->exprs};
    self->lexeme_firsts = ak_new_array(arena, ByteSet, lexeme_count);
    self->endless = ak_new_array(arena, uint32_t, set_words(self));
    if (!self->lexeme_firsts || !self->endless) return false;
    for (uint32_t i = 0; i < lexeme_count; i++) {
        ak_expr_add_firsts(&self->exprs, lexemes[i], &self->lexeme_firsts[i]);
        if (ak_expr_node(&self->exprs, lexemes[i])->longest == UINT32_MAX) ak_bits_set(self->endless, i);
    }
    ak_dfa_profile_init(self);
    /* the first ending is the empty set */
    if (!ak_vec_reserve(arena, &self->ended, 1) || !ak_vec_push(arena, &self->endings, (Ending){0})) return false;
    for (DfaState state = DFA_UNKNOWN; state <= DFA_DEAD; state++) {
        add_node(self, (DfaNode){0});
        if (self->nodes.count != state + 1) return false;
        for (uint32_t class = 0; class < self->exprs.class_count; class ++)
            atomic_store_explicit(&ak_dfa_node(self, state)->next[class], state, memory_order_relaxed);
    }
    return true;
}

DfaState ak_dfa_unlimited(Dfa *self, DfaState state, uint32_t tokens) {
    const DfaNode *node = ak_dfa_node(self, state);
    self->scratch.count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        LexerPart part = self->parts.items[node->first + i];
        uint32_t limit = self->max_tokens[part.lexeme] & ~AK_GIVEN_UP;
        if ((!limit || limit > tokens) && !ak_vec_push(self->arena, &self->scratch, part)) return DFA_UNKNOWN;
    }
    return ak_dfa_intern(self, self->scratch.items, (uint32_t)self->scratch.count);
}

DfaState ak_dfa_among(Dfa *self, DfaState state, const uint32_t *allowed) {
    const DfaNode *node = ak_dfa_node(self, state);
    self->scratch.count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        LexerPart part = self->parts.items[node->first + i];
        if (ak_bits_get(allowed, part.lexeme) && !ak_vec_push(self->arena, &self->scratch, part)) return DFA_UNKNOWN;
    }
    return ak_dfa_intern(self, self->scratch.items, (uint32_t)self->scratch.count);
}

void ak_dfa_pending(const Dfa *self, DfaState state, uint32_t *set) {
    const DfaNode *node = ak_dfa_node(self, state);
    for (uint32_t i = 0; i < node->count; i++) ak_bits_set(set, self->parts.items[node->first + i].lexeme);
}

/* The parts of the state with their counts clamped, in the scratch vector; whether that made any of them another. */
static bool clamp_parts(Dfa *self, const DfaNode *node, Reach reach, bool *is_other) {
    self->scratch.count = 0;
    if (!ak_vec_reserve(self->arena, &self->scratch, node->count)) return false;
    self->scratch.count = node->count;
    if (node->count)
        memcpy(self->scratch.items, self->parts.items + node->first, node->count * sizeof *self->scratch.items);
    for (uint32_t i = 0; i < node->count; i++) {
        LexerPart part = self->scratch.items[i];
        const ExprNode *rest = ak_expr_node(&self->exprs, part.rest);
        if (reach == REACH_MOST && (rest->is_positive || rest->counts != COUNTS_RUNS)) continue;
        part.rest = ak_expr_clamp(&self->exprs, &self->partitions, part.rest, &self->reaches[reach], &self->clamp_fuel);
        if (!part.rest) return false;
        *is_other |= part.rest != self->scratch.items[i].rest;
        self->scratch.items[i] = part;
    }
    return true;
}

DfaState ak_dfa_clamped(Dfa *self, DfaState state, Reach reach) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    DfaState clamped = atomic_load_explicit(&node->clamped[reach], memory_order_relaxed);
    if (clamped) return clamped;
    bool is_other = false;
    if (self->reaches && !clamp_parts(self, node, reach, &is_other)) return DFA_UNKNOWN;
    clamped = is_other ? ak_dfa_intern(self, self->scratch.items, (uint32_t)self->scratch.count) : state;
    if (is_other && clamped)
        atomic_store_explicit(&ak_paged_at(&self->nodes, clamped)->clamped[reach], clamped, memory_order_release);
    atomic_store_explicit(&node->clamped[reach], clamped, memory_order_release);
    return clamped;
}

uint32_t ak_dfa_cut(Dfa *self, DfaState state) {
    const DfaNode *node = ak_dfa_node(self, state);
    uint32_t first = (uint32_t)self->ended.count, number;
    if (!ak_vec_reserve(self->arena, &self->ended, node->count)) return 0;
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t lexeme = self->parts.items[node->first + i].lexeme;
        if (!(self->max_tokens[lexeme] & AK_GIVEN_UP)) self->ended.items[self->ended.count++] = lexeme;
    }
    return number_ending(self, first, &number) ? number : 0;
}

void ak_dfa_growing(const Dfa *self, DfaState state, uint32_t *set) {
    const DfaNode *node = ak_dfa_node(self, state);
    if (node->starts) ak_bits_or(set, node->starts, set_words(self));
    for (uint32_t i = 0; i < node->count; i++) {
        LexerPart part = self->parts.items[node->first + i];
        if (part.rest != AK_EXPR_EMPTY) ak_bits_set(set, part.lexeme);
    }
}
