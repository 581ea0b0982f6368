/* What is inside of a lexeme, or outside, is a row; what leaves it is a sorted list, without what is dead everywhere. */
#include "mask/mask_wide.h"
#include "base/bitset.h"
#include "mask/mask_find.h"
#include "mask/mask_firsts.h"
#include "mask/mask_share.h"

uint64_t ak_wide_groups(const Walk *self, DfaState state, uint64_t groups) {
    groups &= GROUPS_WIDE;
    if (ak_dfa_has_lazy(&self->engine->dfa, state)) return 0;
    return ak_view_count(self->view, groups) < ak_mask_many(self->vocab) / 16 ? 0 : groups;
}

Outcome ak_wide_put(Walk *self, Point point, uint64_t groups) {
    DfaState beyond = ak_walk_beyond(self, point.state, true);
    if (!beyond) return WALK_SPENT;
    if (beyond <= DFA_DEAD) return WALK_DONE;
    return ak_mask_put(self, PART_WIDE, (Point){point.node, beyond}, groups);
}

/* ---- Sorting the tokens */

/* Bytes of a token that are looked at; longer ones are walked through. */
enum { ANYWHERE_MAX = 8, WIDE_BYTES_MAX = 64 };

typedef struct Sorting {
    Walk *walk;
    Arena scratch;
    uint32_t *inside, *outside; /* rows */
    VEC(uint32_t) leaving;
    DfaState states[WIDE_BYTES_MAX]; /* by depth */
    DfaState anywhere; /* where any lexeme may begin; DFA_UNKNOWN: it is not to be asked (find_anywhere) */
} Sorting;

/* States that a text may have come to, wherever it stands. */
typedef struct Anywhere {
    DfaState items[ANYWHERE_MAX];
    uint32_t count;
} Anywhere;

/* Adds where the byte leads from the state. False when something is spent, or there are too many. */
static bool add_next(Sorting *self, Anywhere *states, DfaState from, uint8_t byte) {
    DfaState next = ak_engine_next(self->walk->engine, from, byte, self->walk->fuel);
    if (next <= DFA_DEAD) return next;
    for (uint32_t i = 0; i < states->count; i++) {
        if (states->items[i] == next) return true;
    }
    if (states->count == ANYWHERE_MAX) return false;
    return states->items[states->count++] = next, true;
}

/* Whether no point allows the token, some state of which is `state` after `length` bytes: each lexeme ends where it may, and goes on where it may, and any other
 * one follows. False when that is not known: where what follows is not to be asked, only what dies before any lexeme could end is dead. */
static bool is_dead_anywhere(Sorting *self, DfaState state, uint32_t token, uint32_t length) {
    const Dfa *dfa = &self->walk->engine->dfa;
    Str bytes = ak_vocab_str(self->walk->vocab, token);
    Anywhere states = {{state}, 1};
    for (size_t i = self->walk->view->depth + length; i < bytes.length && states.count; i++) {
        Anywhere next = {.count = 0};
        bool may_end = false;
        for (uint32_t s = 0; s < states.count; s++) {
            may_end |= ak_dfa_node(dfa, states.items[s])->ending != 0;
            if (!add_next(self, &next, states.items[s], (uint8_t)bytes.data[i])) return false;
        }
        if (may_end && !self->anywhere) return false;
        if (may_end && !add_next(self, &next, self->anywhere, (uint8_t)bytes.data[i])) return false;
        states = next;
    }
    return states.count == 0;
}

static void set_all(uint32_t *row, const WalkTrie *trie, uint32_t first, uint32_t end) {
    for (uint32_t i = first; i < end; i++) ak_bits_set(row, trie->ids[i]);
}

/* Notes the tokens of a node that does not go on with the lexeme whose state is that of the depth. */
static bool note_leaving(Sorting *self, const WalkTrie *trie, const WalkNode *node, uint32_t depth) {
    for (uint32_t i = node->first_id; i < node->end_id; i++) {
        if (is_dead_anywhere(self, self->states[depth], trie->ids[i], depth)) continue;
        if (!ak_vec_push(&self->scratch, &self->leaving, trie->ids[i])) return false;
    }
    return true;
}

/* Sorts the tokens of the nodes from `at` to `end`, all behind the state of that depth. */
static bool sort_nodes(Sorting *self, uint32_t at, uint32_t end, uint32_t depth) {
    Walk *walk = self->walk;
    const WalkTrie *trie = &walk->vocab->views.trie;
    for (; at < end; at++) {
        const WalkNode *node = &trie->nodes[at];
        DfaState next = ak_engine_next(walk->engine, self->states[depth], node->byte, walk->fuel);
        if (next == DFA_UNKNOWN) return false;
        if (next == DFA_DEAD && depth == 0) {
            set_all(self->outside, trie, node->first_id, node->end_id);
        } else if (next <= DFA_DEAD || depth + 1 == WIDE_BYTES_MAX) {
            if (!note_leaving(self, trie, node, depth)) return false;
        } else {
            set_all(self->inside, trie, node->first_id, ak_walk_own_end(trie, node));
            self->states[depth + 1] = next;
            if (node->children && !sort_nodes(self, node->children, ak_walk_children_end(node), depth + 1))
                return false;
        }
    }
    return true;
}

static bool sort_all(Sorting *self) {
    const Walk *walk = self->walk;
    for (unsigned byte = 0x80; byte < 256; byte++) {
        uint32_t child = walk->view->child[byte];
        if (child && !sort_nodes(self, child, child + 1, 0)) return false;
    }
    return true;
}

static uint8_t common_length(Str a, Str b) {
    uint8_t length = 0;
    while (length < UINT8_MAX && length < a.length && length < b.length && a.data[length] == b.data[length]) length++;
    return length;
}

/* How many bytes each has in common with the one before it. */
static void compare_leaving(const Sorting *self, uint8_t *shared) {
    const Walk *walk = self->walk;
    Str before = {0};
    for (size_t i = 0; i < self->leaving.count; i++) {
        Str bytes = ak_vocab_str(walk->vocab, self->leaving.items[i]);
        bytes = ak_str_slice(bytes, walk->view->depth, bytes.length);
        shared[i] = common_length(before, bytes), before = bytes;
    }
}

/* Stores what was sorted; NULL when out of memory. The writer. */
static const WideTokens *keep(const Sorting *self, DfaState state) {
    Engine *engine = self->walk->engine;
    size_t words = engine->masks.words, count = self->leaving.count;
    WideTokens *made = ak_new(&engine->arena, WideTokens);
    uint32_t *rows = ak_new_array(&engine->arena, uint32_t, 2 * words);
    uint32_t *ids = ak_new_array(&engine->arena, uint32_t, count);
    uint8_t *shared = ak_new_array(&engine->arena, uint8_t, count);
    if (!made || !rows || !ids || !shared) return NULL;
    memcpy(rows, self->inside, words * sizeof *rows);
    memcpy(rows + words, self->outside, words * sizeof *rows);
    if (count) memcpy(ids, self->leaving.items, count * sizeof *ids);
    compare_leaving(self, shared);
    *made = (WideTokens){rows, rows + words, ids, shared, (uint32_t)count};
    atomic_store_explicit(&ak_paged_at(&engine->dfa.nodes, state)->wide_tokens[self->walk->view_number], made,
                          memory_order_release);
    return made;
}

/* The state where any lexeme may begin, if none of them is lazy. A mask that other grammars may come by has to be told by its questions alone, and of what
 * other lexemes the grammar has none asks: what is dead everywhere here may be alive there. */
static DfaState find_anywhere(Walk *self) {
    Engine *engine = self->engine;
    if (ak_share_is_open(engine)) return DFA_UNKNOWN;
    uint32_t *all = ak_new_array(&self->room->arena, uint32_t, ak_bits_words(engine->dfa.lexeme_count));
    if (!all) return DFA_UNKNOWN;
    uint32_t count = engine->dfa.shadows ? engine->dfa.shadows : engine->dfa.lexeme_count;
    for (uint32_t i = 0; i < count; i++) ak_bits_set(all, i);
    ak_engine_begin(engine, self->fuel);
    DfaState anywhere = ak_dfa_start(&engine->dfa, all);
    ak_engine_end(engine, self->fuel);
    return anywhere && !ak_dfa_has_lazy(&engine->dfa, anywhere) ? anywhere : (DfaState)DFA_UNKNOWN;
}

/* How the lexer takes the view's tokens from this state. NULL when something is spent. */
static const WideTokens *tokens_of(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    const WideTokens *known =
        atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->wide_tokens[self->view_number], memory_order_acquire);
    if (known) return known;
    Sorting sorting = {.walk = self, .scratch = ak_arena(NULL), .states = {state}};
    sorting.inside = ak_new_array(&sorting.scratch, uint32_t, engine->masks.words);
    sorting.outside = ak_new_array(&sorting.scratch, uint32_t, engine->masks.words);
    sorting.anywhere = find_anywhere(self);
    bool done = sorting.inside && sorting.outside && sort_all(&sorting);
    ak_engine_begin(engine, self->fuel);
    known = done ? keep(&sorting, state) : NULL;
    ak_engine_end(engine, self->fuel);
    ak_arena_free(&sorting.scratch);
    return known;
}

/* ---- Walking along those that leave */

static Outcome walk_leaving(Walk *self, const WideTokens *tokens) {
    PathEntry *path = self->room->path;
    uint32_t alive = 0; /* bytes of the token before that are, on the path */
    for (uint32_t i = 0; i < tokens->count; i++) {
        Str bytes = ak_vocab_str(self->vocab, tokens->ids[i]);
        bytes = ak_str_slice(bytes, self->view->depth, bytes.length);
        if (tokens->shared[i] > alive) continue; /* it begins with what died */
        Step step = STEP_ALIVE;
        for (alive = tokens->shared[i]; alive < bytes.length; alive++) {
            Point to;
            step = ak_walk_advance(self, &path[alive], (uint8_t)bytes.data[alive], &to);
            if (step != STEP_ALIVE) break;
            path[alive + 1] = ak_walk_entry(self, to);
        }
        if (step == STEP_SPENT) return WALK_SPENT;
        if (step == STEP_ALIVE) ak_walk_put(self, &tokens->ids[i], 1);
    }
    return WALK_DONE;
}

/* Those that begin behind the pending lexeme. */
static Outcome put_outside(Walk *self, Point point, const WideTokens *tokens) {
    Point closed;
    Step step = ak_walk_close(self, point, &closed);
    if (step != STEP_ALIVE || ak_points_equal(closed, point)) return step == STEP_SPENT ? WALK_SPENT : WALK_DONE;
    DfaState beyond = ak_walk_beyond(self, closed.state, true);
    if (beyond <= DFA_DEAD) return beyond ? WALK_DONE : WALK_SPENT;
    const Mask *mask = ak_mask_at(self, self->view_number, PART_WIDE, (Point){closed.node, beyond});
    if (!mask) return WALK_SPENT;
    ak_mask_or_within(&self->engine->masks, mask, tokens->outside, self->room->row);
    return WALK_DONE;
}

Outcome ak_wide_fill(Walk *self, DfaState state) {
    DfaState inside = ak_walk_beyond(self, state, false);
    const WideTokens *tokens = inside ? tokens_of(self, inside) : NULL;
    if (!tokens) return WALK_SPENT;
    Point point = {0, state};
    self->budget = self->given = UINT32_MAX;
    ak_walk_turn_to_row(self);
    memcpy(self->room->row, tokens->inside, self->engine->masks.words * sizeof *self->room->row);
    self->room->path[0] = ak_walk_entry(self, point);
    Outcome outcome = walk_leaving(self, tokens);
    return outcome == WALK_DONE ? put_outside(self, point, tokens) : outcome;
}
