/* An inquiry: what is asked of the parser while one mask is worked out, as traces (trace.h) keep it.
 *
 * Whoever works a mask out speaks of the parser's nodes by their numbers here, so that the result can depend on
 * answers only. It belongs to one walk at a time. */
#ifndef AK_MASK_INQUIRY_H
#define AK_MASK_INQUIRY_H

#include "mask/pushdown.h"
#include "mask/trace.h"

/* A step that was asked. */
typedef struct InquiryStep {
    uint64_t key;    /* number << 32 | ending */
    uint32_t target; /* number of the node that it leads to */
    uint32_t slot;   /* where it is in the hash table */
} InquiryStep;

typedef struct Inquiry {
    Arena *arena;
    VEC(ParserNode) nodes; /* by number; nodes.items[0] is the point's own */
    VEC(Asked) asked;
    VEC(InquiryStep) steps;
    uint32_t *slots; /* hash table of the steps: index + 1, 0 is free */
    size_t slot_count;
} Inquiry;

/* Forgets everything and begins at `node`. False when out of memory, as the others. */
bool ak_inquiry_begin(Inquiry *self, ParserNode node);
/* Notes a question with its answer. */
bool ak_inquiry_note(Inquiry *self, Question question, uint32_t answer);
/* Numbers a node. */
static inline bool ak_inquiry_add(Inquiry *self, ParserNode node) {
    return ak_vec_push(self->arena, &self->nodes, node);
}
/* The step from node `number` over `ending`: the number of its target, 0 when it was not asked yet. */
uint32_t ak_inquiry_step(const Inquiry *self, uint32_t number, uint32_t ending);
/* Notes such a step, to the node `to`, behind which the lexer is in state `lexer`; the number of its target, 0 when out
 * of memory. */
uint32_t ak_inquiry_add_step(Inquiry *self, uint32_t number, uint32_t ending, ParserNode to, DfaState lexer);

#endif
