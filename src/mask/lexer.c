/* Lexer states: a node for each distinct vector of (lexeme, rest), found through a hash table, with one row of
 * transitions over byte classes. */
#include "mask/lexer.h"
#include "base/bitset.h"
#include "mask/grammar.h"
#include <assert.h>

enum { MAX_STATES = 250000 };

static uint64_t parts_hash(const LexerPart *parts, size_t count) {
    return ak_str_hash((Str){(const char *)parts, count * sizeof *parts});
}

static size_t find_slot(const Lexer *self, const LexerPart *parts, size_t count) {
    size_t at = parts_hash(parts, count) & (self->slot_count - 1);
    while (self->slots[at]) {
        const LexerNode *node = &self->nodes.items[self->slots[at]];
        if (node->count == count && memcmp(self->parts.items + node->first, parts, count * sizeof *parts) == 0) break;
        at = (at + 1) & (self->slot_count - 1);
    }
    return at;
}

static bool grow_slots(Lexer *self) {
    self->slot_count = self->slot_count ? self->slot_count * 2 : 64;
    self->slots = ak_new_array(self->arena, uint32_t, self->slot_count);
    if (!self->slots) return false;
    for (LexerState state = LEXER_DEAD + 1; state < self->nodes.count; state++) {
        const LexerNode *node = &self->nodes.items[state];
        self->slots[find_slot(self, self->parts.items + node->first, node->count)] = state;
    }
    return true;
}

/* A row of transitions for one more state. */
static bool add_row(Lexer *self, LexerState fill) {
    uint32_t count = self->exprs.class_count;
    if (!ak_vec_reserve(self->arena, &self->next, count)) return false;
    for (uint32_t class = 0; class < count; class ++) self->next.items[self->next.count + class] = fill;
    self->next.count += count;
    return true;
}

/* The number of the set that was just pushed onto `ended` from `first` on; a set that is known already is taken off
 * again. */
static bool number_ending(Lexer *self, uint32_t first, uint32_t *number) {
    uint32_t count = (uint32_t)self->ended.count - first;
    const uint32_t *fresh = self->ended.items + first;
    for (*number = 0; *number < self->endings.count; ++*number) {
        Ending known = self->endings.items[*number];
        if (known.count != count ||
            (count && memcmp(self->ended.items + known.first, fresh, count * sizeof *fresh) != 0))
            continue;
        self->ended.count = first;
        return true;
    }
    return ak_vec_push(self->arena, &self->endings, (Ending){first, count});
}

/* The state with these parts; `parts` must not lie in self->parts. */
static LexerState intern(Lexer *self, const LexerPart *parts, size_t count) {
    if (count == 0) return LEXER_DEAD;
    if (self->nodes.count * 2 >= self->slot_count && !grow_slots(self)) return LEXER_FAILED;
    size_t slot = find_slot(self, parts, count);
    if (self->slots[slot]) return self->slots[slot];
    if (self->nodes.count >= MAX_STATES) return self->exprs.exhausted = true, LEXER_FAILED;
    LexerNode node = {.first = (uint32_t)self->parts.count, .count = (uint32_t)count};
    uint32_t ended = (uint32_t)self->ended.count;
    if (!ak_vec_reserve(self->arena, &self->parts, count) || !ak_vec_reserve(self->arena, &self->ended, count))
        return LEXER_FAILED;
    if (!ak_vec_reserve(self->arena, &self->nodes, 1) || !add_row(self, LEXER_FAILED)) return LEXER_FAILED;
    for (size_t i = 0; i < count; i++) {
        self->parts.items[self->parts.count++] = parts[i];
        if (ak_expr_is_nullable(&self->exprs, parts[i].rest)) self->ended.items[self->ended.count++] = parts[i].lexeme;
    }
    if (!number_ending(self, ended, &node.ending)) return LEXER_FAILED;
    self->nodes.items[self->nodes.count++] = node;
    self->slots[slot] = (uint32_t)self->nodes.count - 1;
    return self->slots[slot];
}

bool ak_lexer_init(Lexer *self, Arena *arena, const Exprs *exprs, const Expr *lexemes, uint32_t lexeme_count,
                   const uint32_t *lazy) {
    *self = (Lexer){.arena = arena, .lexemes = lexemes, .lexeme_count = lexeme_count, .lazy = lazy};
    if (!ak_exprs_copy(&self->exprs, exprs, arena, UINT64_MAX)) return false;
    /* the first two states are LEXER_FAILED and LEXER_DEAD, the first ending is the empty set */
    return ak_vec_reserve(arena, &self->ended, 1) && ak_vec_push(arena, &self->endings, (Ending){0}) &&
           ak_vec_push(arena, &self->nodes, (LexerNode){0}) && ak_vec_push(arena, &self->nodes, (LexerNode){0}) &&
           add_row(self, LEXER_FAILED) && add_row(self, LEXER_DEAD);
}

#define COPY_VEC(to, from, vec)                                                                                  \
    ((to)->vec.items = copy_array((to)->arena, (from)->vec.items, (from)->vec.count, sizeof *(from)->vec.items), \
     (to)->vec.capacity = (from)->vec.count)

static void *copy_array(Arena *arena, const void *items, size_t count, size_t size) {
    void *copy = ak_arena_alloc(arena, count, size);
    if (copy && count) memcpy(copy, items, count * size);
    return copy;
}

bool ak_lexer_copy(Lexer *to, const Lexer *from, Arena *arena) {
    *to = *from;
    to->arena = arena;
    to->scratch.items = NULL, to->scratch.count = to->scratch.capacity = 0;
    COPY_VEC(to, from, nodes);
    COPY_VEC(to, from, parts);
    COPY_VEC(to, from, endings);
    COPY_VEC(to, from, ended);
    COPY_VEC(to, from, next);
    to->slots = copy_array(arena, from->slots, from->slot_count, sizeof *from->slots);
    return ak_exprs_copy(&to->exprs, &from->exprs, arena, UINT64_MAX);
}

void ak_lexer_refuel(Lexer *self, uint64_t fuel) {
    self->exprs.fuel = fuel;
}

bool ak_lexer_ok(const Lexer *self, ananke_error *err) {
    return ak_exprs_ok(&self->exprs, err);
}

LexerState ak_lexer_start(Lexer *self, const uint32_t *allowed) {
    self->scratch.count = 0;
    for (size_t at = ak_bits_next(allowed, self->lexeme_count, 0); at != SIZE_MAX;
         at = ak_bits_next(allowed, self->lexeme_count, at + 1)) {
        assert(!ak_expr_is_nullable(&self->exprs, self->lexemes[at]));
        if (!ak_vec_push(self->arena, &self->scratch, (LexerPart){(uint32_t)at, self->lexemes[at]}))
            return LEXER_FAILED;
    }
    return intern(self, self->scratch.items, self->scratch.count);
}

LexerState ak_lexer_start_but(Lexer *self, const uint32_t *allowed, const uint8_t *roles, Expr but) {
    self->scratch.count = 0;
    for (size_t at = ak_bits_next(allowed, self->lexeme_count, 0); at != SIZE_MAX;
         at = ak_bits_next(allowed, self->lexeme_count, at + 1)) {
        LexerPart part = {(uint32_t)at, self->lexemes[at]};
        if (roles[at] == ROLE_ITEM) part.rest = ak_expr_and(&self->exprs, part.rest, ak_expr_not(&self->exprs, but));
        if (!part.rest) return LEXER_FAILED;
        if (ak_expr_is_empty(&self->exprs, part.rest)) continue;
        if (!ak_vec_push(self->arena, &self->scratch, part)) return LEXER_FAILED;
    }
    return intern(self, self->scratch.items, self->scratch.count);
}

uint32_t ak_lexer_end_lazily(const Exprs *exprs, const uint32_t *lazy, LexerPart *parts, uint32_t count) {
    uint32_t ended = 0;
    for (uint32_t i = 0; lazy && i < count; i++) {
        if (ak_bits_get(lazy, parts[i].lexeme) && ak_expr_is_nullable(exprs, parts[i].rest))
            parts[ended++] = (LexerPart){parts[i].lexeme, AK_EXPR_EMPTY};
    }
    return ended ? ended : count;
}

LexerState ak_lexer_derive(Lexer *self, LexerState state, uint32_t class) {
    if (state == LEXER_FAILED) return LEXER_FAILED;
    LexerNode node = self->nodes.items[state];
    self->scratch.count = 0;
    for (uint32_t i = 0; i < node.count; i++) {
        LexerPart part = self->parts.items[node.first + i];
        part.rest = ak_expr_derivative(&self->exprs, part.rest, class);
        if (!part.rest) return LEXER_FAILED;
        if (ak_expr_is_empty(&self->exprs, part.rest)) continue;
        if (self->exprs.exhausted || !ak_vec_push(self->arena, &self->scratch, part)) return LEXER_FAILED;
    }
    uint32_t count = ak_lexer_end_lazily(&self->exprs, self->lazy, self->scratch.items, (uint32_t)self->scratch.count);
    LexerState next = intern(self, self->scratch.items, count);
    self->next.items[(size_t)state * self->exprs.class_count + class] = next;
    return next;
}

static bool has_ended_lazily(const Lexer *self, LexerNode node) {
    for (uint32_t i = 0; self->lazy && i < node.count; i++) {
        LexerPart part = self->parts.items[node.first + i];
        if (ak_bits_get(self->lazy, part.lexeme) && ak_expr_is_nullable(&self->exprs, part.rest)) return true;
    }
    return false;
}

LexerState ak_lexer_unlimited(Lexer *self, LexerState state, const uint32_t *max_tokens, uint32_t tokens) {
    LexerNode node = self->nodes.items[state];
    if (has_ended_lazily(self, node)) return state;
    self->scratch.count = 0;
    for (uint32_t i = 0; i < node.count; i++) {
        LexerPart part = self->parts.items[node.first + i];
        uint32_t limit = max_tokens[part.lexeme] & ~AK_GIVEN_UP;
        if (limit && tokens >= limit) continue;
        if (!ak_vec_push(self->arena, &self->scratch, part)) return LEXER_FAILED;
    }
    return intern(self, self->scratch.items, self->scratch.count);
}

LexerState ak_lexer_among(Lexer *self, LexerState state, const uint32_t *allowed) {
    LexerNode node = self->nodes.items[state];
    self->scratch.count = 0;
    for (uint32_t i = 0; i < node.count; i++) {
        LexerPart part = self->parts.items[node.first + i];
        if (ak_bits_get(allowed, part.lexeme) && !ak_vec_push(self->arena, &self->scratch, part)) return LEXER_FAILED;
    }
    return intern(self, self->scratch.items, self->scratch.count);
}

const uint32_t *ak_lexer_cut(Lexer *self, LexerState state, const uint32_t *max_tokens, uint32_t *count,
                             uint32_t *number) {
    LexerNode node = self->nodes.items[state];
    uint32_t first = (uint32_t)self->ended.count;
    for (uint32_t i = 0; i < node.count; i++) {
        uint32_t lexeme = self->parts.items[node.first + i].lexeme;
        if (max_tokens[lexeme] & AK_GIVEN_UP) continue;
        if (!ak_vec_push(self->arena, &self->ended, lexeme)) return NULL;
    }
    *count = (uint32_t)self->ended.count - first;
    if (!*count || !number_ending(self, first, number)) return NULL;
    return self->ended.items + self->endings.items[*number].first;
}
