/* What is certain to go on in a lexer's state, found by its expressions' form and verified by its transitions. */
#include "base/bitset.h"
#include "mask/dfa.h"

/* Whether all bytes of the range lead from `state` to one state; `*to` is that, or DFA_UNKNOWN before the first. */
static bool lead_to_one(Dfa *self, DfaState state, const uint8_t range[2], DfaState *to) {
    uint64_t asked[4] = {0};
    for (unsigned byte = range[0]; byte <= range[1]; byte++) {
        uint32_t class = self->exprs.classes[byte];
        if (asked[class / 64] >> (class % 64) & 1) continue;
        asked[class / 64] |= UINT64_C(1) << (class % 64);
        DfaState next = ak_dfa_derive(self, state, class);
        if (next <= DFA_DEAD || (*to && *to != next)) return false;
        *to = next;
    }
    return true;
}

bool ak_dfa_wide_leads(Dfa *self, DfaState state, DfaState target) {
    static const uint8_t further[2] = {0x80, 0xBF};
    for (int i = 0; i < WIDE_PATTERNS; i++) {
        const WidePattern *wide = &ak_wide_patterns[i];
        DfaState at = DFA_UNKNOWN;
        if (!lead_to_one(self, state, wide->lead, &at)) return false;
        for (int k = 1; k < wide->length; k++) {
            DfaState next = DFA_UNKNOWN;
            if (!lead_to_one(self, at, k == 1 ? wide->second : further, &next)) return false;
            at = next;
        }
        if (at != target) return false;
    }
    return true;
}

/* The groups all of whose units lead from `state` to `target`. */
static uint64_t groups_to(Dfa *self, DfaState state, DfaState target) {
    uint64_t groups = GROUPS_ALL & ~GROUP_BIT(GROUP_MALFORMED) & ~GROUP_BIT(GROUP_WIDE);
    for (unsigned byte = 0; byte < 0x80; byte++) {
        uint64_t bit = GROUP_BIT(ak_unit_group((uint8_t)byte));
        if (groups & bit && ak_dfa_derive(self, state, self->exprs.classes[byte]) != target) groups &= ~bit;
    }
    return ak_dfa_wide_leads(self, state, target) ? groups | GROUP_BIT(GROUP_WIDE) : groups;
}

/* Lazy lexemes end somewhere on the way, which no expression's form tells: only a verified loop holds for them. */
static bool has_lazy(const Dfa *self, const DfaNode *node) {
    for (uint32_t i = 0; self->lazy && i < node->count; i++) {
        if (ak_bits_get(self->lazy, self->parts.items[node->first + i].lexeme)) return true;
    }
    return false;
}

/* x{m,n} t as the only lexeme under way: each x leads to x{m-1,n-1} t and so on, whatever n is. */
static bool count(Dfa *self, DfaState state, DfaProfile *profile) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    if (node->count != 1) return false;
    LexerPart part = self->parts.items[node->first];
    ExprRepeat repeat;
    if (!ak_expr_as_repeat(&self->exprs, part.rest, &repeat) || repeat.max == AK_REPEAT_MANY || repeat.max < 2)
        return false;
    Expr fewer = ak_expr_repeat(&self->exprs, repeat.what, repeat.min ? repeat.min - 1 : 0, repeat.max - 1);
    part.rest = ak_expr_concat(&self->exprs, fewer, repeat.tail);
    DfaState next = part.rest ? ak_dfa_intern(self, &part, 1) : (DfaState)DFA_UNKNOWN;
    part.rest = repeat.tail;
    DfaState spent = ak_dfa_intern(self, &part, 1);
    if (next == DFA_UNKNOWN || spent == DFA_UNKNOWN) return false;
    *profile = (DfaProfile){groups_to(self, state, next), repeat.max, repeat.min == 0, spent};
    return profile->groups != 0;
}

/* Whether transitions may lead back to the state itself, by the form of what its lexemes still need. */
static bool may_loop(const Dfa *self, const DfaNode *node) {
    for (uint32_t i = 0; i < node->count; i++) {
        Expr rest = self->parts.items[node->first + i].rest;
        ExprRepeat repeat;
        ExprKind kind = (ExprKind)ak_expr_node(&self->exprs, rest)->kind;
        bool repeats = ak_expr_as_repeat(&self->exprs, rest, &repeat) && repeat.max == AK_REPEAT_MANY;
        if (!repeats && kind != EXPR_OR && kind != EXPR_AND && kind != EXPR_NOT) return false;
    }
    return true;
}

/* A lexeme that lasts in spite of the others. */
static bool last(Dfa *self, DfaState state, DfaProfile *profile) {
    const DfaNode *node = ak_paged_at(&self->nodes, state);
    for (uint32_t i = 0; i < node->count; i++) {
        LexerPart part = self->parts.items[node->first + i];
        part.rest = ak_expr_lasting(&self->exprs, part.rest, true);
        if (!part.rest || part.rest == AK_EXPR_NOTHING) continue;
        DfaState lasting = ak_dfa_intern(self, &part, 1);
        if (!lasting || lasting == state) continue;
        const DfaProfile *of_lasting = ak_dfa_profile(self, lasting);
        if (of_lasting && __builtin_popcountll(of_lasting->groups) > __builtin_popcountll(profile->groups))
            *profile = (DfaProfile){.groups = of_lasting->groups, .limit = UINT32_MAX};
    }
    return profile->groups != 0;
}

const DfaProfile *ak_dfa_profile(Dfa *self, DfaState state) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    const DfaProfile *known = atomic_load_explicit(&node->profile, memory_order_relaxed);
    if (known) return known;
    DfaProfile profile = {.limit = UINT32_MAX, .is_uniform = true};
    if (node->count && may_loop(self, node)) profile.groups = groups_to(self, state, state);
    if (!profile.groups && !has_lazy(self, node) && !count(self, state, &profile)) last(self, state, &profile);
    DfaProfile *made = ak_new(self->arena, DfaProfile);
    if (!made || self->exprs.exhausted) return NULL;
    *made = profile;
    atomic_store_explicit(&node->profile, made, memory_order_release);
    return made;
}

DfaState ak_dfa_lasting(Dfa *self, DfaState state) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    DfaState known = atomic_load_explicit(&node->lasting, memory_order_relaxed);
    if (known) return known;
    self->scratch.count = 0;
    for (uint32_t i = 0; i < node->count && !has_lazy(self, node); i++) {
        LexerPart part = self->parts.items[node->first + i];
        part.rest = ak_expr_lasting(&self->exprs, part.rest, false);
        if (!part.rest) return DFA_UNKNOWN;
        if (part.rest == AK_EXPR_NOTHING) continue;
        if (!ak_vec_push(self->arena, &self->scratch, part)) return DFA_UNKNOWN;
    }
    DfaState lasting = ak_dfa_intern(self, self->scratch.items, (uint32_t)self->scratch.count);
    atomic_store_explicit(&node->lasting, lasting, memory_order_release);
    return lasting;
}
