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

/* An answer is a state of the lexer, whether the text may end, and whether the step leads back to where it is from. */
static uint32_t pack(const InquiryNode *to) {
    return to->lexer << 2 | (uint32_t)to->is_loop << 1 | to->may_end;
}

/* Makes the step, and keeps what it leads to. */
static bool learn(Engine *engine, Inquiry *inquiry, ParserNode from, uint32_t ending, Fuel *fuel, InquiryNode *to) {
    if (!make_step(engine, from, ending, fuel, to)) return false;
    uint32_t low = ak_table_find(engine->pushdown.lows, (uint64_t)from << 32 | ending) - 1;
    to->may_end = ak_pushdown_is_accepting(&engine->pushdown, to->node), to->is_loop = to->node == from;
    if (low < fuel->low) fuel->low = low;
    ak_engine_begin(engine, fuel);
    bool done = ak_tops_add(&engine->tops, &engine->arena, &inquiry->path, ending, low, pack(to));
    ak_engine_end(engine, fuel);
    return done;
}

static bool ask_top(Engine *engine, Inquiry *inquiry, uint32_t number, uint32_t ending, Fuel *fuel, InquiryNode *to) {
    ParserNode from = ak_ask_node(engine, inquiry, number, fuel);
    uint32_t low;
    if (!from) return false;
    if (inquiry->path.node != from) ak_tops_begin(&engine->tops, &engine->pushdown, from, &inquiry->path);
    uint32_t known = ak_tops_find(&engine->tops, &inquiry->path, ending, &low);
    if (!known) return learn(engine, inquiry, from, ending, fuel, to);
    if (low < fuel->low) fuel->low = low;
    *to = (InquiryNode){
        .lexer = known >> 2, .is_loop = known >> 1 & 1, .may_end = known & 1, .from = number, .ending = ending};
    return true;
}

/* ---- Either way */

bool ak_ask_step(Engine *engine, Inquiry *inquiry, uint32_t number, uint32_t ending, Fuel *fuel, InquiryNode *to) {
    if (engine->pushdown.lows) return ask_top(engine, inquiry, number, ending, fuel, to);
    return make_step(engine, inquiry->nodes.items[number].node, ending, fuel, to);
}

ParserNode ak_ask_node(Engine *engine, Inquiry *inquiry, uint32_t number, Fuel *fuel) {
    InquiryNode node = inquiry->nodes.items[number];
    if (node.node) return node.node;
    ParserNode from = ak_ask_node(engine, inquiry, node.from, fuel);
    ParserNode made = from ? step(engine, from, node.ending, fuel) : NODE_NONE;
    return inquiry->nodes.items[number].node = made;
}

/* What the others depend on was noted with the steps that led to them. */
static void note_own_low(const Engine *engine, ParserNode node, Fuel *fuel) {
    const Pushdown *pushdown = &engine->pushdown;
    uint32_t low = pushdown->lows ? pushdown->kind->low(pushdown->parser, node) : UINT32_MAX;
    if (low < fuel->low) fuel->low = low;
}

bool ak_ask_end(const Engine *engine, const Inquiry *inquiry, uint32_t number, Fuel *fuel) {
    InquiryNode node = inquiry->nodes.items[number];
    if (number == 0) note_own_low(engine, node.node, fuel);
    return node.node ? ak_pushdown_is_accepting(&engine->pushdown, node.node) : node.may_end;
}
