/* Trees of questions; the answers of a question are in its node, a list and, what is too many for one, in a table. */
#include "mask/trace.h"
#include <assert.h>

enum { ROOTS_MAX = 4, LISTED_MAX = 24 };

static uint64_t answer_key(uint64_t node, uint32_t answer) {
    return node * (UINT64_C(1) << 32) + answer;
}

bool ak_traces_init(Traces *self, Arena *arena) {
    *self = (Traces){.arena = arena};
    return ak_paged_push(arena, &self->nodes, (TraceNode){0}) && ak_paged_push(arena, &self->edges, (TraceEdge){0});
}

uint32_t ak_traces_follow_others(const Traces *self, const TraceNode *from, uint32_t node, uint32_t answer) {
    uint32_t edge = atomic_load_explicit(&((TraceNode *)from)->first_edge, memory_order_acquire), listed = 0;
    for (; edge; listed++) {
        TraceEdge *there = (TraceEdge *)ak_paged_at(&self->edges, edge);
        if (there->answer == answer) return there->to;
        edge = atomic_load_explicit(&there->next, memory_order_acquire);
    }
    return listed < LISTED_MAX ? 0 : ak_table_find(&self->more_edges, answer_key(node, answer));
}

static bool questions_equal(const Question *a, const Question *b) {
    return a->kind == b->kind && a->of == b->of && a->what == b->what;
}

static Question question_at(const Asked *asked, size_t count, uint32_t mask, size_t at) {
    return at < count ? asked[at].question : (Question){.kind = QUESTION_NONE, .what = mask};
}

/* Makes nodes for the questions from `at` on; the first of them. Built from the end, so that each is whole when it is
 * published, and the next lies before it. */
static uint32_t add_chain(Traces *self, const Asked *asked, size_t count, uint32_t mask, size_t at) {
    for (size_t i = count + 1; i-- > at;) {
        Question question = question_at(asked, count, mask, i);
        assert(question.of <= UINT16_MAX);
        TraceNode node = {.what = question.what, .of = (uint16_t)question.of, .kind = (uint8_t)question.kind};
        if (i < count) node.answer = asked[i].answer;
        if (!ak_paged_push(self->arena, &self->nodes, node)) return 0;
    }
    return self->nodes.count - 1;
}

/* Hangs the rest of the questions below a node whose own question is asked[at]. */
static bool add_edge(Traces *self, uint32_t node, const Asked *asked, size_t count, uint32_t mask, size_t at) {
    uint32_t to = add_chain(self, asked, count, mask, at + 1);
    TraceNode *from = ak_paged_at(&self->nodes, node);
    if (to && from->edge_count >= LISTED_MAX)
        return ak_table_add(&self->more_edges, self->arena, answer_key(node, asked[at].answer), to);
    uint32_t first = atomic_load_explicit(&from->first_edge, memory_order_relaxed);
    TraceEdge edge = {.answer = asked[at].answer, .to = to};
    atomic_init(&edge.next, first);
    if (!to || !ak_paged_push(self->arena, &self->edges, edge)) return false;
    atomic_store_explicit(&from->first_edge, self->edges.count - 1, memory_order_release);
    return from->edge_count++, true;
}

/* Tries to put everything into one tree. */
static bool grow_tree(Traces *self, uint32_t node, const Asked *asked, size_t count, uint32_t mask, bool *fits) {
    for (size_t at = 0;; at++) {
        Question question = question_at(asked, count, mask, at), there = ak_traces_question(self, node);
        *fits = questions_equal(&there, &question);
        if (!*fits || at == count) return true;
        uint32_t next = ak_traces_follow(self, node, asked[at].answer);
        if (!next) return add_edge(self, node, asked, count, mask, at);
        node = next;
    }
}

bool ak_traces_add(Traces *self, uint64_t key, const Asked *asked, size_t count, uint32_t mask) {
    uint32_t root = ak_traces_root(self, key), last = 0;
    int trees = 0;
    for (; root; root = ak_traces_next(self, root), trees++) {
        bool fits;
        if (!grow_tree(self, root, asked, count, mask, &fits)) return false;
        if (fits) return true;
        last = root;
    }
    if (trees >= ROOTS_MAX) return true;
    uint32_t fresh = add_chain(self, asked, count, mask, 0);
    if (!fresh) return false;
    if (!last) return ak_table_add(&self->roots, self->arena, key, fresh);
    atomic_store_explicit(&ak_paged_at(&self->nodes, last)->next_root, fresh, memory_order_release);
    return true;
}
