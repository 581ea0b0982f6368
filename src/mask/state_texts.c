/* Depth first, up to the closing quote. A state that is on the way already counts as it was known before: what is counted is then less than there is. */
#include "mask/state_texts.h"
#include "mask/unique.h"
#include <assert.h>

enum { DEPTH_MAX = 400 };
#define IS_ALL (UINT32_C(1) << 31)

static StateTexts count_from(Engine *engine, DfaState state, uint32_t most, uint32_t depth, Fuel *fuel);

/* Adds those whose next byte is of the class. */
static void add_class(Engine *engine, DfaState state, uint32_t class, uint32_t most, uint32_t depth, Fuel *fuel,
                      StateTexts *found) {
    const Dfa *dfa = &engine->dfa;
    const uint16_t *ends = engine->uniques->class_ends;
    uint32_t size = ends[class] - (class ? ends[class - 1] : 0u);
    DfaState next = ak_engine_next(engine, state, dfa->exprs.samples[class], fuel);
    if (next == DFA_DEAD || next == DFA_DOOMED) return;
    bool is_escape = class == dfa->exprs.classes['\\'], is_end = class == dfa->exprs.classes['"'];
    if (next == DFA_UNKNOWN || is_escape || (is_end && size > 1)) {
        found->is_all = false;
        return;
    }
    StateTexts behind = {1, true};
    if (!is_end) behind = count_from(engine, next, (most - found->count + size - 1) / size, depth + 1, fuel);
    uint64_t sum = found->count + (uint64_t)behind.count * size;
    found->count = sum < most ? (uint32_t)sum : most, found->is_all &= behind.is_all;
}

static StateTexts count_from(Engine *engine, DfaState state, uint32_t most, uint32_t depth, Fuel *fuel) {
    DfaNode *node = ak_paged_at(&engine->dfa.nodes, state);
    uint32_t known = atomic_load_explicit(&node->texts, memory_order_relaxed);
    uint32_t tried = atomic_load_explicit(&node->texts_tried, memory_order_relaxed);
    StateTexts found = {known & ~IS_ALL, (known & IS_ALL) != 0}, before = found;
    if (found.is_all || found.count >= most || tried >= most || depth == DEPTH_MAX) return found;
    atomic_store_explicit(&node->texts_tried, most, memory_order_relaxed);
    found = (StateTexts){.is_all = true};
    for (uint32_t class = 0; class < engine->dfa.exprs.class_count && found.count < most; class ++) {
        if (ak_dfa_next(&engine->dfa, state, class) != DFA_DEAD)
            add_class(engine, state, class, most, depth, fuel, &found);
    }
    found.is_all &= found.count < most;
    if (found.count < before.count && !found.is_all) found = before;
    atomic_store_explicit(&node->texts, found.count | (found.is_all ? IS_ALL : 0), memory_order_relaxed);
    return found;
}

StateTexts ak_state_texts(Engine *engine, DfaState state, uint32_t most, Fuel *fuel) {
    assert(most && most < IS_ALL);
    return count_from(engine, state, most, 0, fuel);
}
