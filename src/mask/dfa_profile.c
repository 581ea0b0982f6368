/* What is certain to go on in a lexer's state, found by its expressions' form and verified by its transitions. */
#include "base/bitset.h"
#include "mask/dfa.h"

/* ---- Byte classes */

static RangeClasses classes_of(const Dfa *self, const uint8_t range[2]) {
    RangeClasses found = {0};
    uint64_t met[4] = {0};
    for (unsigned byte = range[0]; byte <= range[1]; byte++) {
        uint8_t class = self->exprs.classes[byte];
        if (!(met[class / 64] >> (class % 64) & 1)) found.classes[found.count++] = class;
        met[class / 64] |= UINT64_C(1) << (class % 64);
    }
    return found;
}

void ak_dfa_profile_init(Dfa *self) {
    static const uint8_t further[2] = {0x80, 0xBF};
    self->further = classes_of(self, further);
    for (int i = 0; i < WIDE_PATTERNS; i++) {
        self->wide_leads[i] = classes_of(self, ak_wide_patterns[i].lead);
        self->wide_seconds[i] = classes_of(self, ak_wide_patterns[i].second);
    }
    for (unsigned byte = 0; byte < 0x80; byte++)
        self->class_groups[self->exprs.classes[byte]] |= GROUP_BIT(ak_unit_group((uint8_t)byte));
}

/* ---- Groups that lead from one state to another */

/* Where all bytes of the range lead, when that is one state; else DFA_DEAD, or DFA_UNKNOWN. */
static DfaState lead_to_one(Dfa *self, DfaState state, const RangeClasses *range) {
    DfaState to = ak_dfa_derive(self, state, range->classes[0]);
    for (uint8_t i = 1; i < range->count && to > DFA_DEAD; i++) {
        if (ak_dfa_derive(self, state, range->classes[i]) != to) return DFA_DEAD;
    }
    return to;
}

static bool pattern_leads(Dfa *self, DfaState from, int pattern, DfaState target) {
    DfaState at = lead_to_one(self, from, &self->wide_leads[pattern]);
    for (int k = 1; k < ak_wide_patterns[pattern].length && at > DFA_DEAD; k++)
        at = lead_to_one(self, at, k == 1 ? &self->wide_seconds[pattern] : &self->further);
    return at == target;
}

uint64_t ak_dfa_wide_groups(Dfa *self, DfaState from, DfaState to) {
    uint64_t groups = GROUPS_WIDE;
    for (int i = 0; i < WIDE_PATTERNS; i++) {
        uint64_t bit = GROUP_BIT(ak_wide_patterns[i].group);
        if (groups & bit && !pattern_leads(self, from, i, to)) groups &= ~bit;
    }
    return groups;
}

/* The groups all of whose units lead from `state` to `target`. */
static uint64_t groups_to(Dfa *self, DfaState state, DfaState target) {
    uint64_t groups = GROUPS_ALL & ~GROUP_BIT(GROUP_MALFORMED) & ~GROUPS_WIDE;
    for (uint32_t class = 0; class < self->exprs.class_count; class ++) {
        uint64_t bits = self->class_groups[class];
        if (groups & bits && ak_dfa_derive(self, state, class) != target) groups &= ~bits;
    }
    return groups | ak_dfa_wide_groups(self, state, target);
}

/* Lazy lexemes end somewhere on the way, which no expression's form tells: only a verified loop holds for them. */
static bool has_lazy(const Dfa *self, const DfaNode *node) {
    for (uint32_t i = 0; self->lazy && i < node->count; i++) {
        if (ak_bits_get(self->lazy, self->parts.items[node->first + i].lexeme)) return true;
    }
    return false;
}

bool ak_dfa_has_lazy(const Dfa *self, DfaState state) {
    const DfaNode *node = ak_dfa_node(self, state);
    for (size_t w = 0; self->lazy && node->starts && w < ak_bits_words(self->lexeme_count); w++) {
        if (node->starts[w] & self->lazy[w]) return true;
    }
    return has_lazy(self, node);
}

/* x{m,n} t as the only lexeme under way: each x leads to x{m-1,n-1} t and so on, whatever n is. */
static bool count(Dfa *self, DfaState state, DfaProfile *profile) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    if (node->count != 1) return false;
    LexerPart part = self->parts.items[node->first];
    ExprRepeat repeat;
    if (!ak_expr_as_repeat(&self->exprs, part.rest, &repeat) || repeat.max == AK_REPEAT_MANY || repeat.max < 1)
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

DfaState ak_dfa_uncounted(Dfa *self, DfaState state) {
    const DfaNode *node = ak_dfa_node(self, state);
    ExprRepeat repeat;
    if (node->count != 1 || !ak_expr_as_repeat(&self->exprs, self->parts.items[node->first].rest, &repeat))
        return state;
    LexerPart part = self->parts.items[node->first];
    part.rest = ak_expr_repeat(&self->exprs, repeat.what, repeat.min, AK_REPEAT_MANY);
    part.rest = ak_expr_concat(&self->exprs, part.rest, repeat.tail);
    DfaState uncounted = part.rest ? ak_dfa_intern(self, &part, 1) : (DfaState)DFA_UNKNOWN;
    return uncounted ? ak_dfa_clamped(self, uncounted, REACH_ALL) : uncounted;
}

/* Where one letter leads, or one digit, when the next ones lead there too: to the state itself is no such place. */
static DfaState led_to(Dfa *self, DfaState state) {
    static const char tries[][4] = {"abz", "059"};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        DfaState to = ak_dfa_derive(self, state, self->exprs.classes[(uint8_t)tries[i][0]]);
        bool agree = to > DFA_DEAD && to != state;
        for (int k = 1; agree && k < 3; k++)
            agree = ak_dfa_derive(self, state, self->exprs.classes[(uint8_t)tries[i][k]]) == to;
        if (agree) return to;
    }
    return DFA_DEAD;
}

/* Units that lead from state to state, never mind which of them it is: counts inside of other expressions, such as a
 * pattern that a length is counted beside. Looks as far as most tokens go, or to a state that is known to go on. */
static bool chain(Dfa *self, DfaState state, DfaProfile *profile) {
    if (!ak_dfa_node(self, state)->count) return false;
    uint64_t groups = GROUPS_ALL;
    uint32_t limit = 0;
    for (DfaState at = state; limit < SHORT_UNITS; limit++) {
        DfaState next = led_to(self, at);
        uint64_t further = next > DFA_DEAD ? groups & groups_to(self, at, next) : 0;
        if (!further) break;
        groups = further, profile->spent = next;
        const DfaProfile *known = atomic_load_explicit(&ak_dfa_node(self, next)->far_profile, memory_order_relaxed);
        if (!known) known = ak_dfa_profile(self, next);
        if (known && known->groups & groups && known->limit >= SHORT_UNITS) {
            groups &= known->groups, limit = SHORT_UNITS, profile->spent = DFA_UNKNOWN;
            break;
        }
        at = next;
    }
    if (limit == 0) return false;
    profile->groups = groups, profile->limit = limit, profile->is_uniform = false;
    return true;
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

/* x* of a lexeme that lasts, x* tail, in spite of the others and of what its tail begins with. */
static bool last(Dfa *self, DfaState state, DfaProfile *profile) {
    const DfaNode *node = ak_paged_at(&self->nodes, state);
    for (uint32_t i = 0; i < node->count; i++) {
        LexerPart part = self->parts.items[node->first + i];
        ExprRepeat loop;
        part.rest = ak_expr_lasting(&self->exprs, part.rest, true);
        if (!part.rest || !ak_expr_as_repeat(&self->exprs, part.rest, &loop)) continue;
        part.rest = ak_expr_repeat(&self->exprs, loop.what, 0, AK_REPEAT_MANY);
        if (!part.rest) continue;
        DfaState lasting = ak_dfa_intern(self, &part, 1);
        if (lasting <= DFA_DEAD || lasting == state) continue;
        const DfaProfile *of_lasting = ak_dfa_profile(self, lasting);
        if (of_lasting && __builtin_popcountll(of_lasting->groups) > __builtin_popcountll(profile->groups))
            *profile = (DfaProfile){.groups = of_lasting->groups, .limit = UINT32_MAX};
    }
    return profile->groups != 0;
}

static const DfaProfile *keep(Dfa *self, _Atomic(const DfaProfile *) *place, DfaProfile profile) {
    DfaProfile *made = ak_new(self->arena, DfaProfile);
    if (!made || self->exprs.exhausted) return NULL;
    *made = profile;
    atomic_store_explicit(place, made, memory_order_release);
    return made;
}

const DfaProfile *ak_dfa_profile(Dfa *self, DfaState state) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    const DfaProfile *known = atomic_load_explicit(&node->profile, memory_order_relaxed);
    if (known) return known;
    DfaProfile profile = {.limit = UINT32_MAX, .is_uniform = true};
    if (node->count && may_loop(self, node)) profile.groups = groups_to(self, state, state);
    bool is_all = (profile.groups & GROUPS_WORD) == GROUPS_WORD || has_lazy(self, node);
    if (!is_all && (profile.groups || !count(self, state, &profile))) last(self, state, &profile);
    return keep(self, &node->profile, profile);
}

const DfaProfile *ak_dfa_far_profile(Dfa *self, DfaState state) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    const DfaProfile *known = atomic_load_explicit(&node->far_profile, memory_order_relaxed);
    if (known || !(known = ak_dfa_profile(self, state))) return known;
    DfaProfile profile = {0};
    if (!known->groups && chain(self, state, &profile)) return keep(self, &node->far_profile, profile);
    atomic_store_explicit(&node->far_profile, known, memory_order_release);
    return self->exprs.exhausted ? NULL : known;
}

/* Adds what lasts of a lexeme's rest. */
static bool push_lasting(Dfa *self, LexerPart part) {
    part.rest = ak_expr_lasting(&self->exprs, part.rest, false);
    if (!part.rest) return false;
    return part.rest == AK_EXPR_NOTHING || ak_vec_push(self->arena, &self->scratch, part);
}

/* Whether one of the bytes may begin a code point of several bytes. */
static bool has_leads(const ByteSet *bytes) {
    enum { FIRST_WORD_OF_LEADS = 6 }; /* 0xC0 / 32 */
    return bytes->words[FIRST_WORD_OF_LEADS] || bytes->words[FIRST_WORD_OF_LEADS + 1];
}

/* At a start state only those lexemes count that may begin with a code point of several bytes: it is asked about these. */
static bool push_starting(Dfa *self, const uint32_t *starts) {
    for (size_t i = ak_bits_next(starts, self->lexeme_count, 0); i != SIZE_MAX;
         i = ak_bits_next(starts, self->lexeme_count, i + 1)) {
        if (!has_leads(&self->lexeme_firsts[i])) continue;
        bool is_lazy = self->lazy && ak_bits_get(self->lazy, i);
        if (!is_lazy && !push_lasting(self, (LexerPart){(uint32_t)i, self->lexemes[i]})) return false;
    }
    return true;
}

DfaState ak_dfa_lasting(Dfa *self, DfaState state) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    DfaState known = atomic_load_explicit(&node->lasting, memory_order_relaxed);
    if (known) return known;
    self->scratch.count = 0;
    if (node->starts && !push_starting(self, node->starts)) return DFA_UNKNOWN;
    for (uint32_t i = 0; i < node->count && !has_lazy(self, node); i++) {
        if (!push_lasting(self, self->parts.items[node->first + i])) return DFA_UNKNOWN;
    }
    DfaState lasting = ak_dfa_intern(self, self->scratch.items, (uint32_t)self->scratch.count);
    if (lasting == DFA_DOOMED) lasting = DFA_DEAD;
    atomic_store_explicit(&node->lasting, lasting, memory_order_release);
    return lasting;
}

static DfaState start_beyond(Dfa *self, const uint32_t *starts) {
    uint32_t *kept = ak_new_array(self->arena, uint32_t, ak_bits_words(self->lexeme_count));
    if (!kept) return DFA_UNKNOWN;
    for (size_t i = ak_bits_next(starts, self->lexeme_count, 0); i != SIZE_MAX;
         i = ak_bits_next(starts, self->lexeme_count, i + 1)) {
        if (has_leads(&self->lexeme_firsts[i])) ak_bits_set(kept, i);
    }
    return ak_dfa_start(self, kept);
}

/* Puts the parts that may go on with a code point of several bytes into the scratch vector and, if `may_end`, those that may end. */
static bool gather_beyond(Dfa *self, const DfaNode *node, bool may_end) {
    self->scratch.count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        LexerPart part = self->parts.items[node->first + i];
        ByteSet firsts = {0};
        ak_expr_add_firsts(&self->exprs, part.rest, &firsts);
        if (!has_leads(&firsts) && !(may_end && ak_expr_is_nullable(&self->exprs, part.rest))) continue;
        if (!ak_vec_push(self->arena, &self->scratch, part)) return false;
    }
    return true;
}

/* Where it does not matter which lexemes the parts are of, the same rests are one state: those of the first lexemes. Shadows are left out where another
 * part has their rest, and are told apart otherwise. */
static void drop_names(const Dfa *self, LexerPart *parts, size_t *count) {
    size_t kept = 0;
    bool has_shadows = false;
    for (size_t i = 0; i < *count; i++) {
        bool is_known = false;
        for (size_t k = 0; k < kept && !is_known; k++) is_known = parts[k].rest == parts[i].rest;
        if (!is_known) parts[kept++] = parts[i], has_shadows |= self->shadows && parts[i].lexeme >= self->shadows;
    }
    for (uint32_t i = 0; i < kept && !has_shadows && !self->lazy; i++) parts[i].lexeme = i;
    *count = kept;
}

static DfaState pending_beyond(Dfa *self, const DfaNode *node, bool may_end) {
    if (!gather_beyond(self, node, may_end)) return DFA_UNKNOWN;
    if (!may_end) drop_names(self, self->scratch.items, &self->scratch.count);
    return ak_dfa_intern(self, self->scratch.items, (uint32_t)self->scratch.count);
}

DfaState ak_dfa_beyond(Dfa *self, DfaState state, bool may_end) {
    DfaNode *node = ak_paged_at(&self->nodes, state);
    DfaState known = atomic_load_explicit(&node->beyond[may_end], memory_order_relaxed);
    if (known) return known;
    known = node->starts ? start_beyond(self, node->starts) : pending_beyond(self, node, may_end);
    atomic_store_explicit(&node->beyond[may_end], known, memory_order_release);
    return known;
}
