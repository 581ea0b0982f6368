/* Steps, by tops where these are told. */
#include "mask/ask.h"

static ParserNode step(Engine *engine, ParserNode from, uint32_t ending, Fuel *fuel) {
    ParserNode to = ak_pushdown_find(&engine->pushdown, from, ending);
    return to ? to : ak_engine_learn_step(engine, from, ending, fuel);
}

static bool make_step(Engine *engine, ParserNode from, uint32_t ending, Fuel *fuel, InquiryNode *to) {
    ParserNode node = step(engine, from, ending, fuel);
    if (!node) return false;
    *to = (InquiryNode){.node = node, .lexer = ak_pushdown_lexer(&engine->pushdown, node)};
    return true;
}

/* ---- By tops */

TopPath *ak_ask_path(Engine *engine, Inquiry *inquiry, uint32_t number, Fuel *fuel) {
    uint32_t slot = number % INQUIRY_PATHS;
    if (!inquiry->paths && !(inquiry->paths = ak_new_array(inquiry->arena, TopPath, INQUIRY_PATHS))) return NULL;
    TopPath *path = &inquiry->paths[slot];
    if (inquiry->path_numbers[slot] == number + 1) return path;
    InquiryNode node = inquiry->nodes.items[number];
    bool is_behind = !node.node && ak_tops_step(&engine->tops, node.step)->is_told;
    TopPath *from = is_behind ? ak_ask_path(engine, inquiry, node.from, fuel) : NULL;
    if (is_behind && !from) return NULL;
    ParserNode made = is_behind ? NODE_NONE : ak_ask_node(engine, inquiry, number, fuel);
    if (!is_behind && !made) return NULL;
    if (from == path) {
        TopPath copy = *from;
        ak_tops_behind(path, &copy, ak_tops_step(&engine->tops, node.step));
    } else if (from) {
        ak_tops_behind(path, from, ak_tops_step(&engine->tops, node.step));
    } else {
        ak_tops_begin(path, &engine->pushdown, made);
    }
    inquiry->path_numbers[slot] = number + 1;
    return path;
}

static void note_low(Fuel *fuel, uint32_t low) {
    if (low < fuel->low) fuel->low = low;
}

/* Where the step leads, as tops know it. */
static TopStep describe(const Engine *engine, ParserNode from, const InquiryNode *to) {
    const Pushdown *pushdown = &engine->pushdown;
    TopStep step;
    uint32_t count = 0;
    memset(&step, 0, sizeof step);
    step.lexer = to->lexer, step.is_loop = to->node == from;
    step.root = (uint8_t)ak_tops_root(pushdown, to->node);
    step.is_told =
        pushdown->kind->pushed(pushdown->parser, from, to->node, &step.down, step.pushed, TOPS_PUSHED, &count);
    step.count = (uint8_t)count;
    if (!step.is_told) memset(step.pushed, 0, sizeof step.pushed), step.down = step.count = 0;
    return step;
}

static void fill_in(InquiryNode *to, const TopStep *step, uint32_t from, uint32_t ending, uint32_t number) {
    to->lexer = step->lexer, to->is_loop = step->is_loop, to->may_end = step->root & 1;
    to->from = from, to->ending = ending, to->step = number;
}

/* Makes the step, and keeps what it leads to. */
static bool learn(Engine *engine, Inquiry *inquiry, uint32_t number, uint32_t ending, Fuel *fuel, InquiryNode *to) {
    ParserNode from = ak_ask_node(engine, inquiry, number, fuel);
    if (!from || !make_step(engine, from, ending, fuel, to)) return false;
    TopStep step = describe(engine, from, to);
    TopPath *path = ak_ask_path(engine, inquiry, number, fuel);
    bool is_kept;
    ak_engine_begin(engine, fuel);
    uint32_t low = engine->pushdown.kind->low(engine->pushdown.parser, from, ending);
    note_low(fuel, low);
    uint32_t known = path ? ak_tops_number(&engine->tops, &engine->arena, &step) : 0;
    bool done = known && ak_tops_add(&engine->tops, &engine->arena, path, ending, low, known, &is_kept);
    ak_engine_end(engine, fuel);
    return fill_in(to, &step, number, ending, known), done;
}

static bool ask_top(Engine *engine, Inquiry *inquiry, uint32_t number, uint32_t ending, Fuel *fuel, InquiryNode *to) {
    TopPath *path = ak_ask_path(engine, inquiry, number, fuel);
    uint32_t low, known = path ? ak_tops_find(&engine->tops, path, ending, &low) : 0;
    if (!path) return false;
    if (!known) return learn(engine, inquiry, number, ending, fuel, to);
    *to = (InquiryNode){0};
    fill_in(to, ak_tops_step(&engine->tops, known), number, ending, known);
    return note_low(fuel, low), true;
}

/* ---- Either way */

bool ak_ask_step(Engine *engine, Inquiry *inquiry, uint32_t number, uint32_t ending, Fuel *fuel, InquiryNode *to) {
    if (ak_pushdown_tells_stacks(&engine->pushdown)) return ask_top(engine, inquiry, number, ending, fuel, to);
    return make_step(engine, inquiry->nodes.items[number].node, ending, fuel, to);
}

ParserNode ak_ask_node(Engine *engine, Inquiry *inquiry, uint32_t number, Fuel *fuel) {
    InquiryNode node = inquiry->nodes.items[number];
    if (node.node) return node.node;
    ParserNode from = ak_ask_node(engine, inquiry, node.from, fuel);
    ParserNode made = from ? step(engine, from, node.ending, fuel) : NODE_NONE;
    return inquiry->nodes.items[number].node = made;
}

bool ak_ask_end(const Engine *engine, const Inquiry *inquiry, uint32_t number) {
    InquiryNode node = inquiry->nodes.items[number];
    return node.node ? ak_pushdown_is_accepting(&engine->pushdown, node.node) : node.may_end;
}
