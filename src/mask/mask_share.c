/* In the commons a mask is told by steps and ends of text only. Where another mask was asked for, that mask's own questions stand: its lexer state follows from
 * what was answered before, and the engine that wants to know need not have it. */
#include "mask/mask_share.h"
#include "mask/common_state.h"
#include "mask/mask_find.h"

_Static_assert(COMMON_NUMBERS_MAX <= 1 << ANSWER_STATE_BITS, "an answer has place for a common state's number");

enum { ASKED_MAX = 48, VISITS_MAX = 128, TOLD_MAX = 64, DEPTH_MAX = 16, OFFERS_MAX = 1 << 14, OFFER_FUEL = 1000000 };

/* The state whose places a node's lexemes are called by. */
static const CommonState *state_of(Engine *engine, const Inquiry *inquiry, const CommonState *own, uint32_t number,
                                   Fuel *fuel) {
    if (number == 0) return own;
    return ak_common_state(engine, ak_pushdown_lexer(&engine->pushdown, inquiry->nodes.items[number].node), fuel);
}

static bool is_long(const CommonState *state) {
    return atomic_load_explicit(&state->is_long, memory_order_relaxed);
}

/* ---- Finding */

/* Asks as the commons do, and notes it as the engine itself would have asked; COMMON_NONE: no common state is there. */
static uint32_t ask_step(Engine *engine, Inquiry *inquiry, const CommonState *own, const Question *question,
                         Fuel *fuel) {
    ParserNode from = inquiry->nodes.items[question->of].node;
    const CommonState *state = state_of(engine, inquiry, own, question->of, fuel);
    uint32_t ending = ak_common_ending(engine, state, (uint32_t)question->what, fuel);
    ParserNode to = ending ? ak_pushdown_find(&engine->pushdown, from, ending) : NODE_NONE;
    if (ending && !to) to = ak_engine_learn_step(engine, from, ending, fuel);
    if (!to) return COMMON_NONE;
    DfaState lexer = ak_pushdown_lexer(&engine->pushdown, to);
    if (!ak_inquiry_add_step(inquiry, question->of, ending, (InquiryNode){.node = to, .lexer = lexer}))
        return COMMON_NONE;
    uint32_t node = ak_answer_node(inquiry->asked.items[inquiry->asked.count - 1].answer);
    uint32_t state_number = ak_common_number(engine, ak_common_state(engine, lexer, fuel), false, fuel);
    return state_number ? ak_answer(state_number, node) : COMMON_NONE;
}

static bool is_accepting(const Engine *engine, const Inquiry *inquiry, uint32_t number) {
    return ak_pushdown_is_accepting(&engine->pushdown, inquiry->nodes.items[number].node);
}

/* The number of the mask in the commons. */
static uint32_t find_in(Engine *engine, Inquiry *inquiry, const CommonState *own, uint64_t key, ParserNode node,
                        Fuel *fuel) {
    const Traces *traces = &engine->commons->traces;
    for (uint32_t root = ak_traces_root(traces, key); root; root = ak_traces_next(traces, root)) {
        if (!ak_inquiry_begin(inquiry, node)) return 0;
        for (uint32_t at = root; at;) {
            const Question question = ak_traces_question(traces, at);
            uint32_t answer;
            if (question.kind == QUESTION_NONE) return (uint32_t)question.what;
            if (question.kind == QUESTION_STEP) {
                if (!(answer = ask_step(engine, inquiry, own, &question, fuel))) break;
            } else {
                answer = is_accepting(engine, inquiry, question.of);
                if (!ak_inquiry_note(inquiry, question, answer)) return 0;
            }
            at = ak_traces_follow(traces, at, answer);
        }
    }
    return 0;
}

/* A mask that is handed out is a row, or a list; in the commons even such ones are stored as changes. */
static uint32_t borrow(Engine *engine, WalkRoom *room, uint32_t number, uint32_t kind) {
    const MaskPool *commons = &engine->commons->masks;
    const Mask *there = ak_mask_get(commons, number);
    if (kind || !there->row || !there->count) return ak_mask_borrow(&engine->masks, commons, number, kind);
    ak_mask_copy(commons, there, room->row);
    return ak_mask_intern(&engine->masks, (Mask){.row = room->row, .hash = there->hash}, kind);
}

uint32_t ak_share_find(Engine *engine, WalkRoom *room, uint32_t view, Part part, Point point, Fuel *fuel) {
    const CommonState *own = ak_common_state(engine, point.state, fuel);
    uint32_t state = ak_common_number(engine, own, false, fuel);
    if (!state || own->is_own || is_long(own)) return 0; /* its own masks are in its own traces */
    Inquiry *inquiry = &room->inquiry;
    uint32_t number = find_in(engine, inquiry, own, ak_mask_key(view, part, state), point.node, fuel);
    if (!number) return 0;
    uint64_t key = ak_mask_key(view, part, point.state);
    ak_engine_begin(engine, fuel);
    uint32_t mask = borrow(engine, room, number, ak_mask_kind(view, part));
    if (mask && (!ak_mask_note(&engine->masks, (uint64_t)point.node << 32 | key, mask) ||
                 !ak_traces_add(&engine->traces, key, inquiry->asked.items, inquiry->asked.count, mask)))
        mask = 0;
    ak_engine_end(engine, fuel);
    return mask;
}

/* ---- Offering */

/* A mask of another point whose questions are in the inquiry. */
typedef struct Told {
    uint64_t key;
    uint32_t number;
} Told;

typedef struct Offer {
    Engine *engine;
    Inquiry *inquiry; /* what is asked for the mask, masks of other points left out */
    uint32_t visits;  /* questions of traces that were looked at */
    uint32_t told_count;
    Told told[TOLD_MAX];
} Offer;

static bool is_told(const Offer *self, uint64_t key, uint32_t number) {
    for (uint32_t i = 0; i < self->told_count; i++) {
        if (self->told[i].key == key && self->told[i].number == number) return true;
    }
    return false;
}

/* A step that was taken: the number of the node it leads to; 0: it cannot be told. */
static uint32_t note_step(const Offer *self, uint32_t of, uint32_t ending) {
    const Pushdown *parser = &self->engine->pushdown;
    uint32_t known = ak_inquiry_step(self->inquiry, of, ending);
    if (known) return known;
    ParserNode to = ak_pushdown_find(parser, self->inquiry->nodes.items[of].node, ending);
    if (!to) return 0;
    InquiryNode made = {.node = to, .lexer = ak_pushdown_lexer(parser, to)};
    return ak_inquiry_add_step(self->inquiry, of, ending, made);
}

static bool note_trace(Offer *self, uint64_t key, uint32_t number, uint32_t depth);

/* Numbers of a trace's nodes in the whole inquiry. */
typedef struct TraceNumbers {
    uint32_t items[ASKED_MAX + 1], count;
} TraceNumbers;

/* The answer to a step to node `to` as a trace has it, whose numbers then have that node. */
static uint32_t reach(TraceNumbers *self, uint32_t from, uint32_t to, DfaState lexer) {
    uint32_t known = from && self->items[from] == to ? from : 0;
    if (!known) self->items[self->count++] = to;
    return ak_answer(lexer, known);
}

/* Notes a question of the engine's own traces, or those of the mask that it asks for; false when that cannot be. */
static bool note_question(Offer *self, const Question *question, TraceNumbers *numbers, uint32_t depth,
                          uint32_t *answer) {
    const Engine *engine = self->engine;
    uint32_t of = numbers->items[question->of];
    ParserNode node = self->inquiry->nodes.items[of].node;
    if (question->kind == QUESTION_STEP) {
        uint32_t to = note_step(self, of, (uint32_t)question->what);
        if (!to || numbers->count > ASKED_MAX) return false;
        *answer = reach(numbers, question->of, to, self->inquiry->nodes.items[to].lexer);
        return true;
    }
    if (question->kind == QUESTION_ACCEPT) {
        *answer = is_accepting(engine, self->inquiry, of);
        return ak_inquiry_note(self->inquiry, (Question){QUESTION_ACCEPT, of, 0}, *answer);
    }
    *answer = ak_mask_find(&engine->masks, (uint64_t)node << 32 | question->what);
    if (!*answer || is_told(self, question->what, of)) return *answer;
    if (self->told_count < TOLD_MAX) self->told[self->told_count++] = (Told){question->what, of};
    return note_trace(self, question->what, of, depth + 1);
}

static bool note_tree(Offer *self, uint32_t root, uint32_t number, uint32_t depth) {
    const Traces *traces = &self->engine->traces;
    TraceNumbers numbers = {{number}, 1};
    for (uint32_t at = root, answer = 0; at; at = ak_traces_follow(traces, at, answer)) {
        const Question question = ak_traces_question(traces, at);
        if (question.kind == QUESTION_NONE) return true;
        if (self->visits++ == VISITS_MAX || self->inquiry->asked.count > ASKED_MAX ||
            !note_question(self, &question, &numbers, depth, &answer))
            return false;
    }
    return false;
}

/* Notes how the mask under `key` follows for node `number`. What a tree that does not fit has asked until then is true,
 * too, and does no harm. */
static bool note_trace(Offer *self, uint64_t key, uint32_t number, uint32_t depth) {
    const Engine *engine = self->engine;
    DfaState state = ak_mask_key_state(key);
    DfaState clamped =
        atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->clamped[REACH_ALL], memory_order_acquire);
    if (depth == DEPTH_MAX || !clamped) return false;
    uint32_t root = ak_traces_root(&engine->traces, key - state + clamped);
    while (root && !note_tree(self, root, number, depth)) root = ak_traces_next(&engine->traces, root);
    return root;
}

/* A hash of all that was asked and answered; 0: not all of it is common. */
static uint64_t hash_of(Engine *engine, const Inquiry *inquiry, const CommonState *own, uint64_t what, Fuel *fuel) {
    uint64_t hash = own->hash + what;
    for (size_t i = 0; i < inquiry->asked.count; i++) {
        Asked asked = inquiry->asked.items[i];
        bool is_step = asked.question.kind == QUESTION_STEP;
        uint64_t answer = is_step ? ak_common_state(engine, ak_answer_state(asked.answer), fuel)->hash : asked.answer;
        if (is_step && !answer) return 0;
        if (is_step) answer += (uint64_t)ak_answer_node(asked.answer) << 32;
        hash = (hash ^ (answer + asked.question.of)) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash | 1;
}

/* Tells a question, and its answer, in the commons' terms. */
static bool translate(Engine *engine, const Inquiry *inquiry, const CommonState *own, Asked *asked, Fuel *fuel) {
    if (asked->question.kind != QUESTION_STEP) return true;
    const CommonState *state = state_of(engine, inquiry, own, asked->question.of, fuel);
    const CommonState *target = ak_common_state(engine, ak_answer_state(asked->answer), fuel);
    uint32_t number = ak_common_number(engine, target, true, fuel);
    asked->answer = ak_answer(number, ak_answer_node(asked->answer));
    asked->question.what = ak_common_places(engine, state, (uint32_t)asked->question.what, fuel);
    return number && asked->question.what;
}

static void offer(Engine *engine, WalkRoom *room, uint32_t view, Part part, Point point, uint32_t mask, Fuel *fuel) {
    Commons *commons = engine->commons;
    const CommonState *own = ak_common_state(engine, point.state, fuel);
    Inquiry *inquiry = &room->inquiry;
    Offer self = {.engine = engine, .inquiry = inquiry};
    if (ak_commons_is_full(commons) || !own->hash || is_long(own)) return;
    if (!ak_inquiry_begin(inquiry, point.node)) return;
    if (!note_trace(&self, ak_mask_key(view, part, point.state), 0, 0) || inquiry->asked.count > ASKED_MAX) {
        atomic_store_explicit(&((CommonState *)own)->is_long, true, memory_order_relaxed);
        return;
    }
    uint64_t hash = hash_of(engine, inquiry, own, ak_mask_key(view, part, 0), fuel);
    if (!hash || !ak_commons_takes(commons, hash)) return;
    uint32_t state = ak_common_number(engine, own, true, fuel);
    bool is_common = state;
    for (size_t i = 0; i < inquiry->asked.count && is_common; i++)
        is_common = translate(engine, inquiry, own, &inquiry->asked.items[i], fuel);
    if (!is_common) return;
    Mask made = *ak_mask_get(&engine->masks, mask);
    if (made.blocks || (made.row && made.count)) ak_mask_copy(&engine->masks, &made, room->row), made.row = room->row;
    ak_commons_add_mask(commons, ak_mask_key(view, part, state), inquiry->asked.items, inquiry->asked.count, made,
                        ak_mask_kind(view, part));
}

bool ak_share_note(Engine *engine, uint64_t key) {
    if (engine->offers.count - engine->offered >= OFFERS_MAX || ak_commons_is_full(engine->commons)) return true;
    atomic_store_explicit(&engine->has_offers, true, memory_order_relaxed);
    return ak_vec_push(&engine->arena, &engine->offers, key);
}

/* The key of the next mask, the one noted first; 0: there are no more. */
static uint64_t take_offer(Engine *engine) {
    uint64_t key = 0;
    pthread_mutex_lock(&engine->lock);
    if (engine->offered < engine->offers.count) key = engine->offers.items[engine->offered++];
    else engine->offers.count = engine->offered = 0;
    atomic_store_explicit(&engine->has_offers, key != 0, memory_order_relaxed);
    pthread_mutex_unlock(&engine->lock);
    return key;
}

void ak_share_offer(Engine *engine) {
    if (!atomic_load_explicit(&engine->has_offers, memory_order_relaxed)) return;
    WalkRoom *room = ak_walk_borrow(engine);
    if (!room) return;
    Fuel fuel = {.lexer = OFFER_FUEL, .parser = OFFER_FUEL};
    for (uint64_t key; (key = take_offer(engine));) {
        Point point = {(ParserNode)(key >> 32), ak_mask_key_state(key)};
        uint32_t mask = ak_mask_find(&engine->masks, key);
        if (mask) offer(engine, room, key >> 20 & 3, (Part)((uint32_t)key >> 22), point, mask, &fuel);
    }
    ak_walk_give_back(engine, room);
}
