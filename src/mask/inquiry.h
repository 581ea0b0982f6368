/* An inquiry: what is asked of the parser while one mask is worked out, as traces (trace.h) keep it.
 *
 * Whoever works a mask out speaks of the parser's nodes by their numbers here, so that the result can depend on
 * answers only. It belongs to one walk at a time. */
#ifndef AK_MASK_INQUIRY_H
#define AK_MASK_INQUIRY_H

#include "mask/tops.h"
#include "mask/trace.h"

/* A step that was asked. */
typedef struct InquiryStep {
    uint64_t key;    /* number << 32 | ending */
    uint32_t target; /* number of the node that it leads to */
    uint32_t slot;   /* where it is in the hash table */
} InquiryStep;

/* A node. What is known by the top of the stack it comes of need not have been made. */
typedef struct InquiryNode {
    ParserNode node;       /* NODE_NONE: not made yet */
    DfaState lexer;        /* behind it; of nodes.items[0] it is not told */
    uint32_t from, ending; /* of the step that leads to it, where it is not made yet, */
    uint32_t step;         /* and where stacks are told: its number (tops.h) */
    bool may_end, is_loop; /* likewise: the text may end there; it is the node that the step is from */
} InquiryNode;

enum { INQUIRY_PATHS = 16 };

typedef struct Inquiry {
    Arena *arena;
    VEC(InquiryNode) nodes; /* by number; nodes.items[0] is the point's own */
    TopPath *paths;         /* of INQUIRY_PATHS nodes that were asked, where stacks are told; NULL: none yet */
    uint32_t path_numbers[INQUIRY_PATHS]; /* of which, + 1; 0: none */
    VEC(Asked) asked;
    VEC(InquiryStep) steps;
    uint32_t *slots; /* hash table of the steps: index + 1, 0 is free */
    size_t slot_count;
} Inquiry;

/* Forgets everything and begins at `node`. False when out of memory, as the others. */
bool ak_inquiry_begin(Inquiry *self, ParserNode node);
/* Notes a question with its answer. */
bool ak_inquiry_note(Inquiry *self, Question question, uint32_t answer);
/* A step from node `from` leads to the node `to`: the answer to that, and the number of `to`, a new one unless it is `from` itself. 0 when out of
 * memory. */
uint32_t ak_inquiry_reach(Inquiry *self, uint32_t from, InquiryNode to, uint32_t *answer);
/* The step from node `number` over `ending`: the number of its target, 0 when it was not asked yet. */
uint32_t ak_inquiry_step(const Inquiry *self, uint32_t number, uint32_t ending);
/* Notes such a step; the number of its target, 0 when out of memory. */
uint32_t ak_inquiry_add_step(Inquiry *self, uint32_t number, uint32_t ending, InquiryNode to);

#endif
