/* Walks: depth first through a trie, path[d] being where the generation would be after d bytes. */
#include "mask/mask_walk.h"
#include "base/bitset.h"
#include <assert.h>

enum { PLAIN_BUDGET = 1200, UNLIMITED = UINT32_MAX };

typedef struct PathEntry {
    Point point;
    Point closed;      /* behind the pending lexeme */
    Step closed_known; /* whether there is such a point; STEP_SPENT: not asked yet */
} PathEntry;

/* Room for working out one mask. */
struct MaskWalk {
    MaskWalk *next; /* in the engine's list of those that nobody uses */
    PathEntry *path;
    uint32_t *row, *ids;
};

typedef struct Walk {
    Engine *engine;
    const ananke_vocab *vocab;
    const View *view;
    uint32_t view_number;
    Fuel *fuel;
    MaskWalk *room;
    uint32_t id_count;
    bool is_row;     /* tokens are set in the row; before, their ids are listed */
    uint32_t budget; /* nodes that may still be visited */
} Walk;

typedef enum Outcome { WALK_DONE, WALK_SPENT, WALK_TOO_FAR } Outcome;

/* ---- What tokens are put into */

static void turn_to_row(Walk *self) {
    memset(self->room->row, 0, self->engine->masks.words * sizeof *self->room->row);
    for (uint32_t i = 0; i < self->id_count; i++) ak_bits_set(self->room->row, self->room->ids[i]);
    self->is_row = true;
}

static inline void put(Walk *self, uint32_t id) {
    if (!self->is_row && self->id_count == ak_mask_list_limit(&self->engine->masks)) turn_to_row(self);
    if (self->is_row) ak_bits_set(self->room->row, id);
    else self->room->ids[self->id_count++] = id;
}

static inline void put_token(Walk *self, uint32_t token) {
    for (; token != AK_TOKEN_NONE; token = self->vocab->aliases[token]) put(self, token);
}

static void put_list(Walk *self, const SuffixTrie *suffixes, uint32_t number) {
    for (uint32_t i = suffixes->lists[number]; i < suffixes->lists[number + 1]; i++) put(self, suffixes->ids[i]);
}

/* ---- Steps */

static PathEntry entry_of(Point point) {
    return (PathEntry){.point = point, .closed_known = STEP_SPENT};
}

/* The byte does not go on with the pending lexeme, or nobody knows yet. */
static Step advance_slowly(Walk *self, PathEntry *from, uint8_t byte, Point *to) {
    DfaState next = ak_engine_next(self->engine, from->point.state, byte, self->fuel);
    *to = (Point){from->point.node, next};
    if (next != DFA_DEAD) return next ? STEP_ALIVE : STEP_SPENT;
    if (from->closed_known == STEP_SPENT) from->closed_known = ak_engine_close(self->engine, from->point, &from->closed, self->fuel);
    if (from->closed_known != STEP_ALIVE) return from->closed_known;
    next = ak_engine_next(self->engine, from->closed.state, byte, self->fuel);
    *to = (Point){from->closed.node, next};
    return next == DFA_UNKNOWN ? STEP_SPENT : next == DFA_DEAD ? STEP_DEAD : STEP_ALIVE;
}

static inline Step advance(Walk *self, PathEntry *from, uint8_t byte, Point *to) {
    const Dfa *dfa = &self->engine->dfa;
    DfaState next = ak_dfa_next(dfa, from->point.state, dfa->exprs.classes[byte]);
    *to = (Point){from->point.node, next};
    return next > DFA_DEAD ? STEP_ALIVE : advance_slowly(self, from, byte, to);
}

/* ---- Plain walks */

/* Visits the trie's nodes from `at` to `end`; nodes of depth `base` + 1 follow path[0]. */
static Outcome walk(Walk *self, const Trie *trie, const SuffixTrie *suffixes, uint32_t at, uint32_t end, uint32_t base) {
    PathEntry *path = self->room->path;
    for (Point to; at < end;) {
        uint32_t depth = trie->depths[at] - base;
        if (self->budget-- == 0) return WALK_TOO_FAR;
        Step step = advance(self, &path[depth - 1], trie->bytes[at], &to);
        if (step == STEP_SPENT) return WALK_SPENT;
        if (step == STEP_DEAD) {
            at = trie->ends[at];
            continue;
        }
        path[depth] = entry_of(to);
        uint32_t token = trie->tokens[at++];
        if (token == AK_TOKEN_NONE) continue;
        if (suffixes) put_list(self, suffixes, token);
        else put_token(self, token);
    }
    return WALK_DONE;
}

static Outcome walk_view(Walk *self, Point point) {
    const View *view = self->view;
    self->room->path[0] = entry_of(point);
    return walk(self, &self->vocab->trie, NULL, view->begin, view->end, view->depth);
}

/* ---- Questions about lexer states, answered once */

/* Whether all bytes from `first` to `last` lead from `state` to one state; `*to` is that, or DFA_UNKNOWN before the
 * first. */
static bool lead_to_one(Engine *engine, DfaState state, const uint8_t range[2], DfaState *to) {
    Dfa *dfa = &engine->dfa;
    uint64_t asked[4] = {0};
    for (unsigned byte = range[0]; byte <= range[1]; byte++) {
        uint32_t class = dfa->exprs.classes[byte];
        if (asked[class / 64] >> (class % 64) & 1) continue;
        asked[class / 64] |= UINT64_C(1) << (class % 64);
        DfaState next = ak_dfa_derive(dfa, state, class);
        if (next <= DFA_DEAD || (*to && *to != next)) return false;
        *to = next;
    }
    return true;
}

static bool wide_loops(Engine *engine, DfaState state) {
    static const uint8_t further[2] = {0x80, 0xBF};
    for (int i = 0; i < WIDE_PATTERNS; i++) {
        const WidePattern *wide = &ak_wide_patterns[i];
        DfaState at = DFA_UNKNOWN;
        if (!lead_to_one(engine, state, wide->lead, &at)) return false;
        for (int k = 1; k < wide->length; k++) {
            DfaState next = DFA_UNKNOWN;
            if (!lead_to_one(engine, at, k == 1 ? wide->second : further, &next)) return false;
            at = next;
        }
        if (at != state) return false;
    }
    return true;
}

static bool class_loops(Engine *engine, DfaState state, StockClass class) {
    uint64_t groups = ak_stock_groups(class);
    for (unsigned byte = 0; byte < 0x80; byte++) {
        if (!(groups & GROUP_BIT(ak_unit_group((uint8_t)byte)))) continue;
        if (ak_dfa_derive(&engine->dfa, state, engine->dfa.exprs.classes[byte]) != state) return false;
    }
    return !(groups & GROUP_BIT(GROUP_WIDE)) || wide_loops(engine, state);
}

/* The first stock class whose units all leave the state as it is; STOCK_COUNT: none. */
static StockClass looping_class(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    _Atomic uint32_t *known = (_Atomic uint32_t *)&ak_dfa_node(&engine->dfa, state)->loop;
    uint32_t answer = atomic_load_explicit(known, memory_order_acquire);
    if (answer) return (StockClass)(answer - 1);
    pthread_mutex_lock(&engine->lock);
    ak_engine_lend(engine, self->fuel);
    int class = STOCK_STRING; /* wide classes first: words loop in strings too */
    while (class < STOCK_COUNT && !class_loops(engine, state, (StockClass) class)) class ++;
    if (class == STOCK_COUNT && class_loops(engine, state, STOCK_WORD)) class = STOCK_WORD;
    ak_engine_take_back(engine, self->fuel);
    if (self->fuel->lexer) atomic_store_explicit(known, (uint32_t) class + 1, memory_order_release);
    pthread_mutex_unlock(&engine->lock);
    return (StockClass) class;
}

/* The state that words come to from `state` and never leave; DFA_DEAD: there is none. */
static DfaState word_state(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    _Atomic uint32_t *known = (_Atomic uint32_t *)&ak_dfa_node(&engine->dfa, state)->word;
    DfaState answer = atomic_load_explicit(known, memory_order_acquire);
    if (answer) return answer;
    pthread_mutex_lock(&engine->lock);
    ak_engine_lend(engine, self->fuel);
    answer = ak_dfa_repeating(&engine->dfa, state, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    ak_engine_take_back(engine, self->fuel);
    if (answer) atomic_store_explicit(known, answer, memory_order_release);
    pthread_mutex_unlock(&engine->lock);
    return answer ? answer : DFA_DEAD;
}

/* ---- Masks from other masks */

static uint32_t find_or_make(Engine *engine, uint32_t view, Point point, Fuel *fuel);

/* The mask of another point; NULL when something is spent. */
static const Mask *mask_at(Walk *self, uint32_t view, Point point) {
    uint32_t mask = find_or_make(self->engine, view, point, self->fuel);
    return mask ? ak_mask_get(&self->engine->masks, mask) : NULL;
}

static bool has_space_view(const Walk *self) {
    return self->view_number == VIEW_WHOLE && self->vocab->views.count > 1;
}

/* The token that is a space, and all that begin with one. */
static Outcome put_spaced(Walk *self, Point behind) {
    const Mask *mask = mask_at(self, VIEW_SPACE, behind);
    if (!mask) return WALK_SPENT;
    ak_mask_or(&self->engine->masks, mask, self->room->row);
    put_token(self, self->vocab->trie.tokens[self->vocab->views.space]);
    return WALK_DONE;
}

static Outcome fill_loop(Walk *self, Point point, StockClass class) {
    const SuffixTrie *suffixes = &self->view->suffixes[class];
    memcpy(self->room->row, self->view->bodies[class], self->engine->masks.words * sizeof *self->room->row);
    self->room->path[0] = entry_of(point);
    Outcome outcome = walk(self, &suffixes->trie, suffixes, 0, suffixes->trie.count, 0);
    bool is_inside = ak_stock_groups(class) & GROUP_BIT(GROUP_SPACE);
    if (outcome != WALK_DONE || is_inside || !has_space_view(self)) return outcome;
    Point behind;
    Step step = advance(self, &self->room->path[0], ' ', &behind);
    return step == STEP_ALIVE ? put_spaced(self, behind) : step == STEP_DEAD ? WALK_DONE : WALK_SPENT;
}

/* ---- Words */

enum { WORD_GROUPS = GROUP_UNDERSCORE + 1 };

/* Where the first byte leads, and where the words go on to. */
typedef struct Firsts {
    Point behind[256];
    Step steps[256];
    Point word[WORD_GROUPS]; /* of the group's first bytes; node NODE_NONE: they do not agree on one */
} Firsts;

static bool is_word_byte(uint8_t byte) {
    return byte < 0x80 && ak_unit_group(byte) < WORD_GROUPS;
}

static Outcome look_at_firsts(Walk *self, Point point, Firsts *firsts) {
    bool is_met[WORD_GROUPS] = {0};
    self->room->path[0] = entry_of(point);
    for (unsigned byte = 0; byte < 256; byte++) {
        firsts->steps[byte] = advance(self, &self->room->path[0], (uint8_t)byte, &firsts->behind[byte]);
        if (firsts->steps[byte] == STEP_SPENT) return WALK_SPENT;
        if (!is_word_byte((uint8_t)byte)) continue;
        unsigned group = ak_unit_group((uint8_t)byte);
        Point word = firsts->behind[byte];
        word.state = firsts->steps[byte] == STEP_ALIVE ? word_state(self, word.state) : (DfaState)DFA_DEAD;
        if (word.state == DFA_DEAD) word.node = NODE_NONE;
        Point *before = &firsts->word[group];
        if (!is_met[group]) *before = word, is_met[group] = true;
        else if (before->node != word.node || before->state != word.state) before->node = NODE_NONE;
    }
    return WALK_DONE;
}

static void clear_tokens(Walk *self, const Trie *trie, uint32_t at, uint32_t end) {
    for (; at < end; at++) {
        for (uint32_t token = trie->tokens[at]; token != AK_TOKEN_NONE; token = self->vocab->aliases[token])
            ak_bits_clear(self->room->row, token);
    }
}

/* Walks along the words that begin with `byte` and are not at `word` yet; behind them, what was taken from that
 * point's mask does not hold. */
static Outcome walk_words(Walk *self, uint8_t byte, Point behind, Point word) {
    const Trie *trie = &self->view->broken_words;
    uint32_t at = self->view->broken_child[byte];
    if (at == AK_TOKEN_NONE || (behind.node == word.node && behind.state == word.state)) return WALK_DONE;
    PathEntry *path = self->room->path;
    uint32_t end = trie->ends[at++];
    path[1] = entry_of(behind);
    for (Point to; at < end;) {
        uint32_t depth = trie->depths[at];
        if (!is_word_byte(trie->bytes[at])) {
            clear_tokens(self, trie, at, trie->ends[at]);
            Outcome outcome = walk(self, trie, NULL, at, trie->ends[at], 0);
            if (outcome != WALK_DONE) return outcome;
            at = trie->ends[at];
            continue;
        }
        Step step = advance(self, &path[depth - 1], trie->bytes[at], &to);
        if (step == STEP_SPENT) return WALK_SPENT;
        assert(step == STEP_ALIVE);
        bool is_there = to.node == word.node && to.state == word.state;
        path[depth] = entry_of(to);
        at = is_there ? trie->ends[at] : at + 1;
    }
    return WALK_DONE;
}

/* All words that begin with a group's units: as behind `word`, but for those that do not come there. */
static Outcome put_words(Walk *self, const Firsts *firsts) {
    uint32_t done = 0;
    for (unsigned g = 0; g < WORD_GROUPS; g++) {
        Point word = firsts->word[g];
        if (word.node == NODE_NONE || done >> g & 1) continue;
        const Mask *mask = mask_at(self, self->view_number, word);
        if (!mask) return WALK_SPENT;
        for (unsigned h = g; h < WORD_GROUPS; h++) {
            if (firsts->word[h].node != word.node || firsts->word[h].state != word.state) continue;
            done |= 1u << h;
            if (self->view->firsts[h]) ak_mask_or_within(&self->engine->masks, mask, self->view->firsts[h], self->room->row);
        }
    }
    for (unsigned byte = 0; byte < 0x80; byte++) {
        if (!is_word_byte((uint8_t)byte)) continue;
        Point word = firsts->word[ak_unit_group((uint8_t)byte)];
        if (word.node == NODE_NONE) continue;
        Outcome outcome = walk_words(self, (uint8_t)byte, firsts->behind[byte], word);
        if (outcome != WALK_DONE) return outcome;
    }
    return WALK_DONE;
}

static Outcome fill_by_firsts(Walk *self, Point point) {
    Firsts firsts = {0};
    Outcome outcome = look_at_firsts(self, point, &firsts);
    if (outcome == WALK_DONE) outcome = put_words(self, &firsts);
    for (unsigned byte = 0; byte < 256 && outcome == WALK_DONE; byte++) {
        uint32_t child = self->view->child[byte];
        if (firsts.steps[byte] != STEP_ALIVE || child == AK_TOKEN_NONE) continue;
        if (is_word_byte((uint8_t)byte) && firsts.word[ak_unit_group((uint8_t)byte)].node != NODE_NONE) continue;
        if (byte == ' ' && has_space_view(self)) {
            outcome = put_spaced(self, firsts.behind[byte]);
            continue;
        }
        self->room->path[0] = entry_of(point);
        outcome = walk(self, &self->vocab->trie, NULL, child, self->vocab->trie.ends[child], self->view->depth);
    }
    return outcome;
}

/* ---- One mask */

static Outcome fill(Walk *self, Point point) {
    const DfaNode *lexer = ak_dfa_node(&self->engine->dfa, point.state);
    _Atomic bool *is_wide = (_Atomic bool *)&lexer->is_wide;
    self->id_count = 0, self->is_row = false;
    if (!atomic_load_explicit(is_wide, memory_order_relaxed)) {
        self->budget = PLAIN_BUDGET;
        Outcome outcome = walk_view(self, point);
        if (outcome != WALK_TOO_FAR) return outcome;
        atomic_store_explicit(is_wide, true, memory_order_relaxed);
    }
    self->budget = UNLIMITED, self->id_count = 0;
    turn_to_row(self);
    StockClass class = looping_class(self, point.state);
    if (self->fuel->lexer == 0) return WALK_SPENT;
    return class < STOCK_COUNT ? fill_loop(self, point, class) : fill_by_firsts(self, point);
}

/* End-of-text ids belong to the mask of the whole vocabulary only. */
static Outcome put_end(Walk *self, Point point) {
    if (self->view_number != VIEW_WHOLE) return WALK_DONE;
    Step end = ak_engine_may_end(self->engine, point, self->fuel);
    for (size_t i = 0; i < self->vocab->eos_count && end == STEP_ALIVE; i++) put(self, self->vocab->eos[i]);
    return end == STEP_SPENT ? WALK_SPENT : WALK_DONE;
}

static MaskWalk *borrow_room(Engine *engine) {
    pthread_mutex_lock(&engine->lock);
    MaskWalk *room = engine->rooms;
    if (room) {
        engine->rooms = room->next;
    } else if ((room = ak_new(&engine->arena, MaskWalk))) {
        room->path = ak_new_array(&engine->arena, PathEntry, engine->vocab->views.longest + (size_t)2);
        room->row = ak_new_array(&engine->arena, uint32_t, engine->masks.words);
        room->ids = ak_new_array(&engine->arena, uint32_t, ak_mask_list_limit(&engine->masks) + (size_t)1);
        if (!room->ids) room = NULL;
    }
    pthread_mutex_unlock(&engine->lock);
    return room;
}

static uint64_t mask_key(uint32_t view, Point point) {
    return (uint64_t)point.node << 32 | view << 28 | point.state;
}

static uint32_t find_or_make(Engine *engine, uint32_t view, Point point, Fuel *fuel) {
    uint64_t key = mask_key(view, point);
    uint32_t mask = ak_mask_find(&engine->masks, key);
    if (mask) return mask;
    Walk self = {.engine = engine, .vocab = engine->vocab, .view = &engine->vocab->views.views[view], .view_number = view, .fuel = fuel,
                 .room = borrow_room(engine)};
    if (!self.room) return 0;
    bool ok = fill(&self, point) == WALK_DONE && put_end(&self, point) == WALK_DONE;
    Mask made = {.row = self.is_row ? self.room->row : NULL, .ids = self.room->ids, .count = self.id_count};
    if (self.is_row) made.count = 0;
    pthread_mutex_lock(&engine->lock);
    if (ok) mask = ak_mask_add(&engine->masks, key, made);
    self.room->next = engine->rooms, engine->rooms = self.room;
    pthread_mutex_unlock(&engine->lock);
    return mask;
}

uint32_t ak_mask_of(Engine *engine, Point point, Fuel *fuel) {
    return find_or_make(engine, VIEW_WHOLE, point, fuel);
}
