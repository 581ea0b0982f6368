/* One mask: found, recalled or worked out. */
#include "mask/mask_find.h"
#include "base/bitset.h"
#include "mask/ask.h"
#include "mask/mask_firsts.h"
#include "mask/mask_longs.h"
#include "mask/mask_piece.h"
#include "mask/mask_share.h"
#include "mask/mask_wide.h"

enum { UNLIMITED = UINT32_MAX, QUESTIONS_MAX = 1024 };

#define STATE_BITS ((UINT32_C(1) << 20) - 1)
_Static_assert(DFA_STATES_MAX < STATE_BITS, "a key has 20 bits for the state");
_Static_assert(STATE_BITS >> ANSWER_STATE_BITS == 0, "and so has an answer");
_Static_assert(PART_END <= 1 << 10, "and 10 for the part");
_Static_assert(PART_BYTE *VIEW_COUNT <= MASK_KIND_WHOLE, "a kind for each part of a view");
_Static_assert(!PART_WHOLE && !VIEW_WHOLE, "masks of the whole vocabulary are of kind 0, which is handed out");

uint64_t ak_mask_key(uint32_t view, Part part, DfaState state) {
    return (uint64_t)part << 22 | (uint64_t)view << 20 | state;
}

DfaState ak_mask_key_state(uint64_t key) {
    return (DfaState)(key & STATE_BITS);
}

uint32_t ak_mask_kind(uint32_t view, Part part) {
    return part < PART_BYTE ? part * VIEW_COUNT + view : 0;
}

/* Nodes that a plain walk may visit before the other way is tried: enough for all numbers of three digits, few in a small
 * vocabulary, so that tests with one go both ways. */
static uint32_t plain_budget(const ananke_vocab *vocab) {
    enum { MOST = 1600 };
    uint32_t share = vocab->size / 80 + 4;
    return share < MOST ? share : MOST;
}

/* ---- Working it out */

/* A plain walk through the part of the view that the scope has. Most first bytes are dead: that is asked once for all
 * bytes that are alike. */
static Outcome walk_scope(Walk *self, Point point) {
    const uint8_t *classes = self->engine->dfa.exprs.classes;
    Step steps[256]; /* by byte class; STEP_SPENT: not asked yet */
    for (size_t i = 0; i < 256; i++) steps[i] = STEP_SPENT;
    self->room->path[0] = ak_walk_entry(self, point);
    Outcome outcome = WALK_DONE;
    for (unsigned byte = 0; byte < 256 && outcome == WALK_DONE; byte++) {
        Step *step = &steps[classes[byte]];
        Point to;
        if (!self->view->child[byte] || !(self->scope & GROUP_BIT(ak_unit_group((uint8_t)byte)))) continue;
        if (*step == STEP_SPENT) *step = ak_walk_advance(self, &self->room->path[0], (uint8_t)byte, &to);
        if (*step == STEP_SPENT) return WALK_SPENT;
        if (*step == STEP_ALIVE) outcome = ak_piece_walk(self, (uint8_t)byte);
    }
    return outcome;
}

/* Walks along bytes cannot tell malformed units from others at once. */
static void drop_malformed(Walk *self) {
    const uint32_t *malformed = self->view->firsts[GROUP_MALFORMED];
    uint32_t kept = 0;
    if (self->is_row) ak_bits_drop(self->room->row, malformed, self->engine->masks.words);
    for (uint32_t i = 0; !self->is_row && i < self->id_count; i++) {
        if (!ak_bits_get(malformed, self->room->ids[i])) self->room->ids[kept++] = self->room->ids[i];
    }
    self->id_count = kept;
}

/* Groups of first units behind which a lexeme may go on for long: those that the state's own loop has or, at a start
 * state, that lexemes without a longest text begin with. */
static uint64_t endless_groups(const Dfa *dfa, DfaState state, const DfaProfile *profile) {
    const uint32_t *starts = ak_dfa_node(dfa, state)->starts;
    if (!starts) return profile->groups;
    ByteSet firsts = {0};
    for (size_t w = 0; w < ak_bits_words(dfa->lexeme_count); w++) {
        for (uint32_t rest = starts[w] & dfa->endless[w]; rest; rest &= rest - 1)
            ak_bits_or(firsts.words, dfa->lexeme_firsts[w * 32 + (uint32_t)__builtin_ctz(rest)].words, 8);
    }
    uint64_t groups = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (ak_bits_get(firsts.words, byte)) groups |= GROUP_BIT(ak_unit_group((uint8_t)byte));
    }
    return groups;
}

/* Whether the first bytes that are alive at the point have so many tokens of the view that a plain walk cannot come to an end. */
static bool is_broad_view(Walk *self, Point point, const View *view) {
    const uint8_t *classes = self->engine->dfa.exprs.classes;
    const WalkNode *nodes = self->vocab->views.trie.nodes;
    PathEntry root = ak_walk_entry(self, point);
    Step steps[256]; /* by byte class; STEP_SPENT: not asked yet */
    for (size_t i = 0; i < 256; i++) steps[i] = STEP_SPENT;
    uint32_t count = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        Step *step = &steps[classes[byte]];
        Point to;
        if (!view->child[byte]) continue;
        if (*step == STEP_SPENT) *step = ak_walk_advance(self, &root, (uint8_t)byte, &to);
        const WalkNode *child = &nodes[view->child[byte]];
        if (*step == STEP_ALIVE) count += child->end_id - child->first_id;
    }
    return count >= self->vocab->size / 8;
}

/* Whether so many tokens are likely to go on that a plain walk is not worth trying: words, now or behind the pending
 * lexeme, and, where a space is alive, behind it. Tokens that begin with punctuation are not counted: most go on with
 * letters. */
static bool has_many_tokens(Walk *self, Point point, const DfaProfile *profile) {
    uint64_t groups = endless_groups(&self->engine->dfa, point.state, profile);
    PathEntry root = ak_walk_entry(self, point);
    Point closed;
    if (ak_walk_close(self, point, &closed) == STEP_ALIVE && closed.state != point.state)
        groups |= endless_groups(&self->engine->dfa, closed.state, profile);
    groups &= GROUPS_WORD | GROUPS_WIDE;
    uint32_t count = ak_view_count(self->view, groups & self->scope);
    Point to;
    const View *spaced = &self->vocab->views.views[VIEW_SPACE];
    bool is_spaced = self->view_number == VIEW_WHOLE && self->scope & GROUP_BIT(GROUP_SPACE) &&
                     self->vocab->views.count == VIEW_COUNT && ak_walk_advance(self, &root, ' ', &to) == STEP_ALIVE;
    if (is_spaced) count += ak_view_count(spaced, groups);
    return count >= self->vocab->size / 16 || (is_spaced && is_broad_view(self, to, spaced));
}

static Outcome fill(Walk *self, ParserNode node, DfaState state) {
    _Atomic uint32_t *given_up = (_Atomic uint32_t *)&ak_dfa_node(&self->engine->dfa, state)->given_up;
    uint32_t bit = UINT32_C(1) << (self->part * VIEW_COUNT + self->view_number);
    Point point = {0, state};
    Likeness likeness = {.state = state};
    self->id_count = 0, self->is_row = false;
    bool is_whole = self->view_number == VIEW_WHOLE && self->part == PART_WHOLE && self->depth < MASK_DEPTH_MAX;
    if (is_whole && !ak_longs_liken(self, state, &likeness)) return WALK_SPENT;
    if (likeness.state != state) {
        if (!ak_inquiry_begin(&self->room->inquiry, node)) return WALK_SPENT;
        return ak_walk_turn_to_row(self), ak_mask_by_likeness(self, point, &likeness);
    }
    const DfaProfile *profile = ak_walk_far_profile(self, state);
    if (!profile) return WALK_SPENT;
    bool is_known = atomic_load_explicit(given_up, memory_order_relaxed) & bit; /* given up before */
    if (!is_known && !has_many_tokens(self, point, profile)) {
        if (!ak_inquiry_begin(&self->room->inquiry, node)) return WALK_SPENT;
        self->budget = self->given = plain_budget(self->vocab);
        Outcome outcome = walk_scope(self, point);
        if (outcome != WALK_TOO_FAR) return outcome;
        atomic_fetch_or_explicit(given_up, bit, memory_order_relaxed);
    }
    self->budget = self->given = UNLIMITED, self->id_count = 0;
    if (!ak_inquiry_begin(&self->room->inquiry, node)) return WALK_SPENT;
    ak_walk_turn_to_row(self);
    return ak_mask_by_firsts(self, point, profile);
}

/* Tokens that may be read as a whole at the point, behind a lexeme: some may be there as text. */
static void put_sets(Walk *self, Point closed) {
    const TokenSet *sets = self->engine->tables->tokens;
    for (size_t t = ak_engine_token_set(self->engine, closed.state, 0); t != SIZE_MAX;
         t = ak_engine_token_set(self->engine, closed.state, t + 1)) {
        if (!self->is_row) ak_walk_turn_to_row(self);
        ak_token_set_fill(&sets[t], self->room->row);
    }
}

/* End-of-text ids and tokens that are no text belong to the mask of the whole vocabulary only. What the closed point
 * allows is told by the lexer's state there, which the question about the step has as its answer. */
static Outcome put_end(Walk *self, DfaState state) {
    if (self->view_number != VIEW_WHOLE || self->part != PART_WHOLE) return WALK_DONE;
    Inquiry *inquiry = &self->room->inquiry;
    Point closed;
    Step step = ak_walk_close(self, (Point){0, state}, &closed);
    if (step != STEP_ALIVE) return step == STEP_DEAD ? WALK_DONE : WALK_SPENT;
    put_sets(self, closed);
    bool is_accepting = ak_ask_end(self->engine, inquiry, closed.node);
    if (!ak_inquiry_note(inquiry, (Question){QUESTION_ACCEPT, closed.node, 0}, is_accepting)) return WALK_SPENT;
    if (is_accepting) ak_walk_put(self, self->vocab->eos, (uint32_t)self->vocab->eos_count);
    return WALK_DONE;
}

/* ---- Masks that are known in another place */

static uint32_t find_by_top(Engine *engine, uint64_t what, ParserNode node, TopPath *path, uint32_t depth, Fuel *fuel);

/* The mask under the key, which is told without the node, at node `number`; 0 when it cannot be had. `*has_news`: it was not there. */
static uint32_t mask_behind(Engine *engine, Inquiry *inquiry, uint32_t number, uint64_t what, uint32_t depth,
                            Fuel *fuel, bool *has_news) {
    bool by_top = ak_pushdown_tells_stacks(&engine->pushdown);
    TopPath *path = by_top ? ak_ask_path(engine, inquiry, number, fuel) : NULL;
    uint32_t low, known = path ? ak_tops_find(&engine->tops, path, ak_tops_mask(what), &low) : 0;
    if (known && low < fuel->low) fuel->low = low;
    if (known) return known;
    Point point = {ak_ask_node(engine, inquiry, number, fuel), ak_mask_key_state(what)};
    if (!point.node || (by_top && !path)) return 0;
    if (has_news && !ak_mask_find(&engine->masks, (uint64_t)point.node << 32 | what)) *has_news = true;
    if (path) return find_by_top(engine, what, point.node, path, depth + 1, fuel);
    return ak_mask_part(engine, what >> 20 & 3, (Part)(what >> 22), point, depth + 1, fuel);
}

/* The answer at this node; false when it cannot be had. */
static bool answer(Engine *engine, Inquiry *inquiry, const Question *question, uint32_t depth, Fuel *fuel,
                   uint32_t *answer) {
    uint64_t what = question->what;
    if (question->kind == QUESTION_STEP) {
        InquiryNode to;
        if (!ak_ask_step(engine, inquiry, question->of, (uint32_t)what, fuel, &to)) return false;
        return ak_inquiry_reach(inquiry, question->of, to, answer) != 0;
    }
    if (question->kind == QUESTION_ACCEPT) return *answer = ak_ask_end(engine, inquiry, question->of), true;
    if (depth >= MASK_DEPTH_MAX && (Part)(what >> 22) < PART_WIDE) return false;
    return (*answer = mask_behind(engine, inquiry, question->of, what, depth, fuel, NULL)) != 0;
}

/* Asks what was asked before; the mask, when all answers were met before. */
static uint32_t recall(Engine *engine, WalkRoom *room, uint64_t key, ParserNode node, uint32_t depth, Fuel *fuel) {
    Inquiry *inquiry = &room->inquiry;
    uint32_t outer = fuel->low;
    for (uint32_t root = ak_traces_root(&engine->traces, key); root; root = ak_traces_next(&engine->traces, root)) {
        if (!ak_inquiry_begin(inquiry, node)) return 0;
        fuel->low = outer; /* what does not fit has no part in it */
        for (uint32_t at = root; at;) {
            const Question question = ak_traces_question(&engine->traces, at);
            uint32_t found;
            if (question.kind == QUESTION_NONE) return (uint32_t)question.what;
            if (!answer(engine, inquiry, &question, depth, fuel, &found)) break;
            at = ak_traces_follow(&engine->traces, at, found);
        }
    }
    return fuel->low = outer, 0;
}

/* The first word from `w` on that is not empty: most blocks are, as a whole. */
static uint32_t next_filled(const uint32_t *row, uint32_t words, uint32_t w) {
    static const uint32_t nothing[16];
    enum { BLOCK = sizeof nothing / sizeof *nothing };
    while (w < words && !row[w]) {
        bool is_block = w % BLOCK == 0 && words - w >= BLOCK && memcmp(row + w, nothing, sizeof nothing) == 0;
        w += is_block ? BLOCK : 1;
    }
    return w;
}

/* Makes a list of a row with few tokens: with no more than the list has place for, that many words are not empty. */
static void turn_to_list(Walk *self) {
    const Engine *engine = self->engine;
    const uint32_t *row = self->room->row;
    uint32_t limit = ak_mask_list_limit(&engine->masks), count = 0;
    if (ak_bits_filled(row, engine->masks.words, limit) > limit) return;
    uint32_t words = engine->masks.words;
    for (uint32_t w = next_filled(row, words, 0); w < words; w = next_filled(row, words, w + 1)) {
        for (uint32_t rest = row[w]; rest; rest &= rest - 1) {
            if (count == limit) return;
            self->room->ids[count++] = w * 32 + (uint32_t)__builtin_ctz(rest);
        }
    }
    self->id_count = count, self->is_row = false;
}

/* Where stacks are told, masks that others are made of are not kept by nodes unless they cannot be kept by tops. */
static bool is_kept_by_top(const Engine *engine, uint32_t depth) {
    return depth && ak_pushdown_tells_stacks(&engine->pushdown);
}

/* Stores what was worked out, and what it was worked out from. */
static uint32_t keep(Walk *self, uint64_t key, uint64_t trace_key, bool is_shared) {
    Inquiry *inquiry = &self->room->inquiry;
    if (self->is_row) turn_to_list(self);
    Mask made = {.row = self->is_row ? self->room->row : NULL,
                 .ids = self->room->ids,
                 .count = self->is_row ? 0 : self->id_count};
    uint32_t kind = ak_mask_kind(self->view_number, self->part);
    ak_engine_begin(self->engine, self->fuel);
    uint32_t mask = ak_mask_add(&self->engine->masks, is_kept_by_top(self->engine, self->depth) ? 0 : key, made, kind);
    if (mask && inquiry->asked.count <= QUESTIONS_MAX &&
        !ak_traces_add(&self->engine->traces, trace_key, inquiry->asked.items, inquiry->asked.count, mask))
        mask = 0;
    if (mask && is_shared && !ak_share_note(self->engine, key)) mask = 0;
    ak_engine_end(self->engine, self->fuel);
    return mask;
}

/* What was found depends on what a mask that was there depends on. */
static void note_low(const Engine *engine, uint64_t key, Fuel *fuel) {
    if (!ak_pushdown_tells_stacks(&engine->pushdown)) return;
    uint32_t known = ak_table_find(&engine->mask_lows, key), low = known ? known - 1 : 0; /* 0: it may be all */
    if (low < fuel->low) fuel->low = low;
}

bool ak_mask_met(Walk *self, Point point) {
    Engine *engine = self->engine;
    ParserNode node = ak_ask_node(engine, &self->room->inquiry, point.node, self->fuel);
    if (!node) return false;
    uint64_t state = ak_mask_key(self->view_number, self->part, point.state);
    self->met = ak_mask_find(&engine->masks, (uint64_t)node << 32 | state);
    if (self->met) note_low(engine, (uint64_t)node << 32 | state, self->fuel);
    WalkRoom *room = self->met ? NULL : ak_walk_borrow(engine);
    if (!room) return self->met;
    self->met = recall(engine, room, state, node, self->depth, self->fuel);
    ak_walk_give_back(engine, room);
    return self->met;
}

/* Puts one more key to a mask that is there; 0 when out of memory. */
static uint32_t note(Engine *engine, uint64_t key, uint32_t mask, Fuel *fuel) {
    ak_engine_begin(engine, fuel);
    bool done = ak_mask_note(&engine->masks, key, mask);
    ak_engine_end(engine, fuel);
    return done ? mask : 0;
}

const Mask *ak_mask_at(Walk *self, uint32_t view, Part part, Point point) {
    Inquiry *inquiry = &self->room->inquiry;
    uint64_t what = ak_mask_key(view, part, point.state);
    uint32_t mask = mask_behind(self->engine, inquiry, point.node, what, self->depth, self->fuel, &self->has_news);
    Question question = {QUESTION_MASK, point.node, what};
    return mask && ak_inquiry_note(inquiry, question, mask) ? ak_mask_get(&self->engine->masks, mask) : NULL;
}

/* Whether making the mask again would take much longer than finding it among the commons: told by the nodes visited and
 * the lexer's steps, so that it does not depend on the machine. In a small vocabulary, for tests, nearly all are. */
static bool is_worth_sharing(const Walk *self, uint64_t lexer_steps) {
    enum { MUCH = 200 };
    uint32_t share = self->vocab->size / 640 + 1;
    bool is_by_firsts = self->part < PART_BYTE && self->given == UNLIMITED;
    return is_by_firsts || self->given - self->budget + lexer_steps >= (share < MUCH ? share : MUCH);
}

static uint32_t make(Engine *engine, WalkRoom *room, uint32_t view, Part part, Point point, uint32_t depth,
                     Fuel *fuel) {
    Walk self = {.engine = engine,
                 .vocab = engine->vocab,
                 .view = &engine->vocab->views.views[view],
                 .view_number = view,
                 .part = part,
                 .scope = part < PART_BYTE ? ak_part_groups(part) : GROUPS_ALL,
                 .depth = depth,
                 .fuel = fuel,
                 .room = room};
    uint64_t state = ak_mask_key(view, part, point.state), key = (uint64_t)point.node << 32 | state;
    uint64_t fuel_before = fuel->lexer;
    if (!ak_inquiry_begin(&room->inquiry, point.node)) return 0;
    Outcome outcome = part == PART_WIDE  ? ak_wide_fill(&self, point.state)
                      : part < PART_BYTE ? fill(&self, point.node, point.state)
                                         : ak_piece_fill(&self, point.state);
    if (outcome == WALK_MET) return is_kept_by_top(engine, depth) ? self.met : note(engine, key, self.met, fuel);
    if (outcome != WALK_DONE) return 0;
    if (part == PART_OTHERS) drop_malformed(&self);
    if (put_end(&self, point.state) != WALK_DONE) return 0;
    bool is_shared = ak_share_is_open(engine) && is_worth_sharing(&self, fuel_before - fuel->lexer);
    return keep(&self, key, state, is_shared);
}

static uint32_t find_part(Engine *engine, uint32_t view, Part part, Point point, uint32_t depth, Fuel *fuel) {
    uint64_t state = ak_mask_key(view, part, point.state), key = (uint64_t)point.node << 32 | state;
    DfaState clamped = ak_walk_clamped(engine, point.state, REACH_ALL, fuel);
    if (clamped != point.state) {
        uint32_t mask = clamped ? ak_mask_part(engine, view, part, (Point){point.node, clamped}, depth, fuel) : 0;
        return mask && !is_kept_by_top(engine, depth) ? note(engine, key, mask, fuel) : mask;
    }
    WalkRoom *room = ak_walk_borrow(engine);
    if (!room) return 0;
    uint32_t mask = recall(engine, room, state, point.node, depth, fuel);
    bool is_recalled = mask != 0;
    _Atomic uint64_t *count = is_recalled ? &engine->recalled : &engine->shared;
    if (is_recalled && !is_kept_by_top(engine, depth)) mask = note(engine, key, mask, fuel);
    if (!is_recalled && ak_share_is_open(engine)) mask = ak_share_find(engine, room, view, part, point, fuel);
    if (!mask && !is_recalled) {
        count = &engine->made;
        mask = make(engine, room, view, part, point, depth, fuel);
    }
    if (depth == 0) atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
    ak_walk_give_back(engine, room);
    return mask;
}

/* Keeps a mask for all nodes that have the same on top; where that is too deep, for this one, and what it depends on. */
static bool keep_by_top(Engine *engine, uint64_t key, TopPath *path, uint32_t depth, uint32_t mask, Fuel *fuel) {
    uint32_t low = fuel->low == UINT32_MAX ? UINT32_MAX : fuel->low + 1;
    bool is_kept = false;
    ak_engine_begin(engine, fuel);
    bool done = ak_tops_add(&engine->tops, &engine->arena, path, ak_tops_mask(key), fuel->low, mask, &is_kept);
    if (depth && !is_kept)
        done = done && ak_mask_note(&engine->masks, key, mask) &&
               (ak_table_find(&engine->mask_lows, key) || ak_table_add(&engine->mask_lows, &engine->arena, key, low));
    ak_engine_end(engine, fuel);
    return done;
}

/* The mask, which is not known by the top of the node's stack. */
static uint32_t find_by_top(Engine *engine, uint64_t what, ParserNode node, TopPath *path, uint32_t depth, Fuel *fuel) {
    uint64_t key = (uint64_t)node << 32 | what;
    uint32_t outer = fuel->low, mask = depth ? ak_mask_find(&engine->masks, key) : 0;
    if (mask) return note_low(engine, key, fuel), mask;
    fuel->low = UINT32_MAX;
    mask = find_part(engine, what >> 20 & 3, (Part)(what >> 22), (Point){node, ak_mask_key_state(what)}, depth, fuel);
    if (mask && !keep_by_top(engine, key, path, depth, mask, fuel)) mask = 0;
    if (outer < fuel->low) fuel->low = outer;
    return mask;
}

uint32_t ak_mask_part(Engine *engine, uint32_t view, Part part, Point point, uint32_t depth, Fuel *fuel) {
    uint64_t what = ak_mask_key(view, part, point.state);
    if (!ak_pushdown_tells_stacks(&engine->pushdown)) {
        uint32_t known = ak_mask_find(&engine->masks, (uint64_t)point.node << 32 | what);
        return known ? known : find_part(engine, view, part, point, depth, fuel);
    }
    TopPath path;
    uint32_t low, known;
    ak_tops_begin(&path, &engine->pushdown, point.node);
    if (!(known = ak_tops_find(&engine->tops, &path, ak_tops_mask(what), &low)))
        return find_by_top(engine, what, point.node, &path, depth, fuel);
    if (low < fuel->low) fuel->low = low;
    return known;
}

uint32_t ak_mask_of(Engine *engine, Point point, Fuel *fuel) {
    uint64_t key = (uint64_t)point.node << 32 | ak_mask_key(VIEW_WHOLE, PART_WHOLE, point.state);
    uint32_t known = ak_mask_find(&engine->masks, key);
    fuel->low = UINT32_MAX;
    return known ? known : ak_mask_part(engine, VIEW_WHOLE, PART_WHOLE, point, 0, fuel);
}
