/* Traces: all that a mask was worked out from, besides the lexer's state.
 *
 * Working a mask out asks the parser questions: to which lexer state does a step over some lexemes lead, may the text
 * end, which mask has another point? Nothing else of the parser's node goes into the result. So the questions and
 * their answers are kept as a tree for each lexer state, and at another node whose answers are the same the mask is
 * the same, too: asking a few dozen questions takes a microsecond or two, walking through a vocabulary a hundred.
 * This is memoisation on what was looked at; code-like grammars have tens of thousands of parser configurations but
 * only some thousand masks.
 *
 * Nodes are spoken of by their number in the order of asking: 0 is the point's own, each step adds one. Only a step that leads
 * back to the node that it is asked of adds none (white space, or signs before an operand): that it does is a part of its answer,
 * and what was asked of the node need not be asked again.
 * Trees are read by any thread; adding is the writer's. */
#ifndef AK_MASK_TRACE_H
#define AK_MASK_TRACE_H

#include "base/paged.h"
#include "base/table.h"
#include "base/vec.h"

typedef enum QuestionKind {
    QUESTION_STEP,   /* node `of`, over the lexemes of ending `what`: to which lexer state and node does it lead? */
    QUESTION_MASK,   /* node `of`, with the key `what` (mask_walk.c): which mask? */
    QUESTION_ACCEPT, /* node `of`: may the text end there? */
    QUESTION_NONE    /* all is asked: `what` is the mask */
} QuestionKind;

typedef struct Question {
    QuestionKind kind;
    uint32_t of;
    uint64_t what;
} Question;

/* The answer to QUESTION_STEP: a lexer state, or its number among the commons, and the number of the node, if it has one that is not
 * the point's own; else 0. */
enum { ANSWER_STATE_BITS = 20, ANSWER_NODES = 1 << 12 };
static inline uint32_t ak_answer(uint32_t state, uint32_t node) {
    return node << ANSWER_STATE_BITS | state;
}
static inline uint32_t ak_answer_state(uint32_t answer) {
    return answer & ((UINT32_C(1) << ANSWER_STATE_BITS) - 1);
}
static inline uint32_t ak_answer_node(uint32_t answer) {
    return answer >> ANSWER_STATE_BITS;
}

typedef struct Asked {
    Question question;
    uint32_t answer;
} Asked;

/* A question with its answers. There are very many. */
typedef struct TraceNode {
    uint64_t what; /* as in the question, and so on */
    uint16_t of;
    uint8_t kind;
    uint8_t edge_count;          /* in the list of the other answers; the writer's */
    uint32_t answer;             /* the first that was met: it leads to the node before this one */
    _Atomic uint32_t next_root;  /* another tree for the same lexer state; 0: there is none */
    _Atomic uint32_t first_edge; /* the other answers; 0: none */
} TraceNode;
_Static_assert(sizeof(TraceNode) == 24, "no room is wasted");

typedef struct TraceEdge {
    uint32_t answer;
    uint32_t to; /* node */
    _Atomic uint32_t next;
} TraceEdge;

typedef struct Traces {
    Arena *arena;
    PAGED(TraceNode) nodes; /* node 0 is none */
    PAGED(TraceEdge) edges; /* edge 0 is none */
    Table more_edges;       /* of nodes that have many: by node << 32 | answer, to the node behind */
    Table roots;            /* by key */
} Traces;

bool ak_traces_init(Traces *self, Arena *arena);
/* Any thread: the first tree under `key`, 0 when there is none. */
static inline uint32_t ak_traces_root(const Traces *self, uint64_t key) {
    return ak_table_find(&self->roots, key);
}
/* Any thread: the tree after this one. */
static inline uint32_t ak_traces_next(const Traces *self, uint32_t root) {
    return atomic_load_explicit(&ak_paged_at(&self->nodes, root)->next_root, memory_order_acquire);
}
/* Any thread. */
static inline Question ak_traces_question(const Traces *self, uint32_t node) {
    const TraceNode *at = ak_paged_at(&self->nodes, node);
    return (Question){(QuestionKind)at->kind, at->of, at->what};
}
/* Any thread: the node that an answer of `node`, which is not the first one, leads to; 0 when nobody has met it. */
uint32_t ak_traces_follow_others(const Traces *self, const TraceNode *from, uint32_t node, uint32_t answer);
/* Any thread: the node that an answer leads to, 0 when nobody has met it. */
static inline uint32_t ak_traces_follow(const Traces *self, uint32_t node, uint32_t answer) {
    const TraceNode *from = ak_paged_at(&self->nodes, node);
    return from->kind != QUESTION_NONE && from->answer == answer ? node - 1
                                                                 : ak_traces_follow_others(self, from, node, answer);
}
/* Adds what was asked, in order, and the mask that came of it. A tree whose questions are others than these takes
 * nothing: there are a few trees at most under a key, and what fits none is not kept. False when out of memory. */
bool ak_traces_add(Traces *self, uint64_t key, const Asked *asked, size_t count, uint32_t mask);

#endif
