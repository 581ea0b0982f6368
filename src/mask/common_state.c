/* A hash of the whole expression says whether it is worth while to number a state; what it is numbered by is exact. */
#include "mask/common_state.h"
#include "base/bitset.h"

/* Telling an expression of more parts apart from others takes longer than most masks that it has to do with. */
enum { DEPTH_MAX = 128, MEMBERS_MAX = 64, PARTS_MAX = 400, LITERAL_MAX = 64 };

static const CommonState no_state;

/* ---- Expressions */

/* How many operands are expressions, from the first one on. */
static uint32_t inner_count(const ExprNode *node) {
    static const uint8_t most[] = {
        [EXPR_CONCAT] = MEMBERS_MAX, [EXPR_OR] = MEMBERS_MAX, [EXPR_AND] = MEMBERS_MAX, [EXPR_NOT] = 1,
        [EXPR_REPEAT] = 1,           [EXPR_MULTIPLE] = 0};
    return node->count < most[node->kind] ? node->count : most[node->kind];
}

/* The byte that the expression is; -1: it is none. */
static int byte_of(const Exprs *exprs, Expr expr) {
    const ExprNode *node = ak_expr_node(exprs, expr);
    const uint32_t *words = ak_expr_operands(exprs, expr);
    int byte = -1;
    if (node->kind != EXPR_SET) return -1;
    for (int w = 0; w < 8; w++) {
        if (!words[w]) continue;
        if (byte >= 0 || words[w] & (words[w] - 1)) return -1;
        byte = w * 32 + __builtin_ctz(words[w]);
    }
    return byte;
}

/* The bytes that a sequence begins with, up to LITERAL_MAX, packed into words; `*expr` becomes what follows them. */
static uint32_t take_literal(const Exprs *exprs, Expr *expr, uint32_t *packed) {
    uint32_t length = 0;
    memset(packed, 0, LITERAL_MAX);
    for (int byte; length < LITERAL_MAX && ak_expr_node(exprs, *expr)->kind == EXPR_CONCAT; length++) {
        const uint32_t *parts = ak_expr_operands(exprs, *expr);
        if ((byte = byte_of(exprs, parts[0])) < 0) break;
        packed[length / 4] |= (uint32_t)byte << length % 4 * 8;
        *expr = parts[1];
    }
    return length;
}

/* What is known of an expression: few of them are ever asked about. NULL when out of memory. */
static CommonExpr *known_of(Engine *engine, Expr expr) {
    CommonExpr **page = &engine->common_exprs.items[expr / COMMON_PAGE];
    if (!*page) *page = ak_new_array(&engine->arena, CommonExpr, COMMON_PAGE);
    return *page ? *page + expr % COMMON_PAGE : NULL;
}

static uint64_t mixed(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static CommonExpr work_hash_out(Engine *engine, Expr expr);

/* Its hash and size; where that is more than PARTS_MAX, it is nothing that is common. */
static CommonExpr hash_of(Engine *engine, Expr expr) {
    CommonExpr *known = known_of(engine, expr);
    if (!known) return (CommonExpr){.size = PARTS_MAX + 1};
    if (known->size) return *known;
    return *known = work_hash_out(engine, expr);
}

static CommonExpr hash_literal(Engine *engine, Expr expr, CommonExpr hashed) {
    uint32_t packed[LITERAL_MAX / 4], length = take_literal(&engine->dfa.exprs, &expr, packed);
    if (!length) return hashed;
    CommonExpr tail = hash_of(engine, expr);
    hashed = (CommonExpr){.hash = mixed(length, tail.hash), .size = tail.size + 1 + length / 4};
    for (uint32_t i = 0; i < (length + 3) / 4; i++) hashed.hash = mixed(hashed.hash, packed[i]);
    return hashed;
}

/* Of no use where the size is too large. The members of unions and intersections are in the order of their numbers in this engine: any order has one hash. */
static CommonExpr work_hash_out(Engine *engine, Expr expr) {
    const ExprNode *node = ak_expr_node(&engine->dfa.exprs, expr);
    const uint32_t *words = ak_expr_operands(&engine->dfa.exprs, expr);
    CommonExpr hashed = {.size = 0};
    if (node->depth > DEPTH_MAX || node->count > MEMBERS_MAX) return (CommonExpr){.size = PARTS_MAX + 1};
    if (node->kind == EXPR_CONCAT) hashed = hash_literal(engine, expr, hashed);
    if (hashed.size) return hashed;
    uint64_t sum = 0;
    uint32_t inner = inner_count(node);
    bool is_ordered = node->kind != EXPR_OR && node->kind != EXPR_AND;
    hashed = (CommonExpr){.hash = mixed(node->kind, node->count), .size = 1};
    for (uint32_t i = 0; i < node->count && hashed.size <= PARTS_MAX; i++) {
        CommonExpr part = i < inner ? hash_of(engine, words[i]) : (CommonExpr){.hash = words[i]};
        hashed.size += part.size;
        if (is_ordered) hashed.hash = mixed(hashed.hash, part.hash);
        else sum += mixed(0, part.hash);
    }
    return hashed.hash = mixed(hashed.hash, sum), hashed;
}

static void sort_words(uint32_t *words, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        uint32_t word = words[i], at = i;
        for (; at > 0 && words[at - 1] > word; at--) words[at] = words[at - 1];
        words[at] = word;
    }
}

static uint32_t number_of(Engine *engine, Expr expr, bool may_add);

/* Names are most of what is numbered: their bytes are one node, not one each. COMMON_NONE, and `*is_literal`, as for number_of. */
static uint32_t number_literal(Engine *engine, Expr expr, bool may_add, bool *is_literal) {
    uint32_t words[2 + LITERAL_MAX / 4];
    uint32_t length = take_literal(&engine->dfa.exprs, &expr, words + 2);
    *is_literal = length > 0;
    if (!length || !(words[0] = number_of(engine, expr, may_add))) return COMMON_NONE;
    words[1] = length;
    return ak_commons_number(engine->commons, COMMON_LITERAL, words, 2 + (length + 3) / 4, may_add);
}

/* COMMON_NONE: it has no number and is to get none. */
static uint32_t number_of(Engine *engine, Expr expr, bool may_add) {
    CommonExpr *known = known_of(engine, expr);
    uint32_t *number = known ? &known->number : NULL, words[MEMBERS_MAX];
    const ExprNode *node = ak_expr_node(&engine->dfa.exprs, expr);
    if (!number || *number) return number ? *number : COMMON_NONE;
    bool is_literal = false;
    if (node->kind == EXPR_CONCAT) *number = number_literal(engine, expr, may_add, &is_literal);
    if (is_literal) return *number;
    memcpy(words, ak_expr_operands(&engine->dfa.exprs, expr), node->count * sizeof *words);
    for (uint32_t i = 0; i < inner_count(node); i++) {
        if (!(words[i] = number_of(engine, words[i], may_add))) return COMMON_NONE;
    }
    if (node->kind == EXPR_OR || node->kind == EXPR_AND) sort_words(words, node->count);
    return *number = ak_commons_number(engine->commons, node->kind, words, node->count, may_add);
}

/* ---- States */

/* Puts the lexemes of a state into `lexemes`. SIZE_MAX when there are too many, or a set of tokens, or shadows. */
static size_t gather(const Engine *engine, const DfaNode *node, uint32_t *lexemes) {
    const Dfa *dfa = &engine->dfa;
    const GrammarTables *tables = engine->tables;
    size_t count = 0, t = node->starts ? ak_bits_next(node->starts, dfa->lexeme_count, 0) : SIZE_MAX;
    for (; t != SIZE_MAX; t = ak_bits_next(node->starts, dfa->lexeme_count, t + 1)) {
        if (tables->tokens && t < tables->terminal_count && tables->tokens[t].count) return SIZE_MAX;
        if (count == COMMON_LEXEMES_MAX) return SIZE_MAX;
        lexemes[count++] = (uint32_t)t;
    }
    if (node->count > COMMON_LEXEMES_MAX || dfa->shadows) return SIZE_MAX;
    for (uint32_t i = 0; i < node->count; i++) lexemes[count++] = dfa->parts.items[node->first + i].lexeme;
    return count;
}

/* What the lexeme at place `i` of those that were gathered still needs. */
static Expr rest_of(const Dfa *dfa, const DfaNode *node, const uint32_t *lexemes, size_t i) {
    return node->starts ? dfa->lexemes[lexemes[i]] : dfa->parts.items[node->first + i].rest;
}

static uint32_t is_lazy(const Dfa *dfa, uint32_t lexeme) {
    return dfa->lazy && ak_bits_get(dfa->lazy, lexeme);
}

/* 0: it is not common. */
static uint64_t state_hash(Engine *engine, const DfaNode *node, const uint32_t *lexemes, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        CommonExpr rest = hash_of(engine, rest_of(&engine->dfa, node, lexemes, i));
        if (rest.size > PARTS_MAX) return 0;
        sum += mixed(is_lazy(&engine->dfa, lexemes[i]), rest.hash);
    }
    return mixed(node->starts ? COMMON_START : COMMON_PENDING, sum) | 1;
}

/* Hashes and numbers of expressions have a place for all that there are. */
static bool make_room(Engine *engine) {
    size_t count = engine->dfa.exprs.nodes.count / COMMON_PAGE + 1, known = engine->common_exprs.count;
    if (count <= known) return true;
    if (!ak_vec_reserve(&engine->arena, &engine->common_exprs, count - known)) return false;
    memset(engine->common_exprs.items + known, 0, (count - known) * sizeof *engine->common_exprs.items);
    engine->common_exprs.count = count;
    return true;
}

static const CommonState *make_state(Engine *engine, DfaState state) {
    uint32_t lexemes[COMMON_LEXEMES_MAX] = {0};
    const DfaNode *node = ak_dfa_node(&engine->dfa, state);
    size_t count = gather(engine, node, lexemes);
    if (count == SIZE_MAX || !make_room(engine)) return &no_state;
    uint64_t hash = state_hash(engine, node, lexemes, count);
    CommonState *made = hash ? ak_arena_alloc(&engine->arena, 1, sizeof *made + count * sizeof *lexemes) : NULL;
    if (!made) return &no_state;
    made->hash = hash, made->count = (uint32_t)count, made->state = state;
    if (count) memcpy(made->lexemes, lexemes, count * sizeof *lexemes);
    return made;
}

const CommonState *ak_common_state(Engine *engine, DfaState state, Fuel *fuel) {
    _Atomic(const CommonState *) *place = &ak_paged_at(&engine->dfa.nodes, state)->common;
    const CommonState *known = atomic_load_explicit(place, memory_order_acquire);
    if (known) return known;
    ak_engine_begin(engine, fuel);
    known = atomic_load_explicit(place, memory_order_relaxed);
    if (!known) atomic_store_explicit(place, known = make_state(engine, state), memory_order_release);
    ak_engine_end(engine, fuel);
    return known;
}

/* Lexemes with equal rests end together, so that either may come first. */
static void sort_lexemes(uint32_t *words, uint32_t *lexemes, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        uint32_t word = words[i], lexeme = lexemes[i], at = i;
        for (; at > 0 && words[at - 1] > word; at--) words[at] = words[at - 1], lexemes[at] = lexemes[at - 1];
        words[at] = word, lexemes[at] = lexeme;
    }
}

/* The writer. */
static uint32_t number_state(Engine *engine, CommonState *state, bool may_add) {
    uint32_t words[COMMON_LEXEMES_MAX] = {0}, lexemes[COMMON_LEXEMES_MAX] = {0};
    const DfaNode *node = ak_dfa_node(&engine->dfa, state->state);
    gather(engine, node, lexemes);
    for (uint32_t i = 0; i < state->count; i++) {
        uint32_t number = number_of(engine, rest_of(&engine->dfa, node, lexemes, i), may_add);
        if (!number) return COMMON_NONE;
        words[i] = number << 1 | is_lazy(&engine->dfa, lexemes[i]);
    }
    sort_lexemes(words, lexemes, state->count);
    uint32_t kind = node->starts ? COMMON_START : COMMON_PENDING;
    uint32_t number = ak_commons_number(engine->commons, kind, words, state->count, may_add);
    if (number && state->count) memcpy(state->lexemes, lexemes, state->count * sizeof *lexemes);
    return number;
}

uint32_t ak_common_number(Engine *engine, const CommonState *state, bool may_add, Fuel *fuel) {
    Commons *commons = engine->commons;
    uint32_t number = atomic_load_explicit(&state->number, memory_order_acquire);
    if (number || !state->hash) return number;
    bool is_new = !ak_commons_state(commons, state->hash);
    if (is_new && !may_add) return COMMON_NONE;
    ak_engine_begin(engine, fuel);
    CommonState *place = (CommonState *)state;
    number = atomic_load_explicit(&state->number, memory_order_relaxed);
    if (!number && (number = number_state(engine, place, may_add))) {
        if (is_new) ak_commons_add_state(commons, state->hash, number);
        place->is_own = is_new;
        atomic_store_explicit(&place->number, number, memory_order_release);
    }
    ak_engine_end(engine, fuel);
    return number;
}

/* ---- Endings */

/* COMMON_LEXEMES_MAX: it has none. */
static uint32_t place_of(const CommonState *state, uint32_t lexeme) {
    for (uint32_t i = 0; i < state->count; i++) {
        if (state->lexemes[i] == lexeme) return i;
    }
    return COMMON_LEXEMES_MAX;
}

/* False when one of the ending's lexemes has none. */
static bool list_places(const Engine *engine, const CommonState *state, uint32_t ending, uint32_t *places,
                        uint32_t *count) {
    const uint32_t *lexemes = ak_dfa_ended(&engine->dfa, ending, count);
    if (*count > COMMON_LEXEMES_MAX) return false;
    for (uint32_t i = 0; i < *count; i++) {
        if ((places[i] = place_of(state, lexemes[i])) == COMMON_LEXEMES_MAX) return false;
    }
    sort_words(places, *count);
    return true;
}

uint32_t ak_common_places(Engine *engine, const CommonState *state, uint32_t ending, Fuel *fuel) {
    uint32_t places[COMMON_LEXEMES_MAX], count;
    ak_engine_begin(engine, fuel);
    bool done = list_places(engine, state, ending, places, &count);
    ak_engine_end(engine, fuel);
    return done ? ak_commons_number(engine->commons, COMMON_PLACES, places, count, true) : COMMON_NONE;
}

uint32_t ak_common_ending(Engine *engine, const CommonState *state, uint32_t places, Fuel *fuel) {
    const CommonNode *set = ak_commons_node(engine->commons, places);
    uint32_t lexemes[COMMON_LEXEMES_MAX] = {0};
    for (uint32_t i = 0; i < set->count; i++) lexemes[i] = state->lexemes[set->words[i]];
    sort_words(lexemes, set->count);
    ak_engine_begin(engine, fuel);
    uint32_t ending = ak_dfa_ending_of(&engine->dfa, lexemes, set->count);
    ak_engine_end(engine, fuel);
    return ending;
}
