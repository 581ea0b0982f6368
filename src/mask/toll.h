/* Tolls: how many tokens the texts that are under way lie on, where the program has rules with limits.
 *
 * A toll has the count of the pending lexeme, and one for each frame (parser.h) of a rule with a limit that the node
 * leads back to: such a text began where its frame's kernel was the text's, and while it is under way no other place has that
 * kernel, since kernels refer to others that were there before them. So the frame tells it from all others. A frame comes into the toll with
 * the end of the first lexeme in it, whose tokens are its own. Counts stop at the limits. Tolls are hash-consed, so that a
 * number is all that a matcher keeps; the engine has them, and its writer makes them. */
#ifndef AK_MASK_TOLL_H
#define AK_MASK_TOLL_H

#include "mask/parser.h"

typedef uint32_t Toll;

enum { TOLL_NONE = 0, TOLL_FAILED = UINT32_MAX }; /* nothing is counted; out of memory or fuel */

/* Where a toll goes: behind a node with this number, or one of the following. */
enum { TOLL_TOKEN, TOLL_BEGIN }; /* a token has ended; the pending lexeme begins */

typedef struct TollCount {
    Frame frame;
    uint32_t tokens;
} TollCount;

typedef struct TollNode {
    uint32_t tokens;       /* of the pending lexeme */
    uint32_t first, count; /* the others, by frame */
    bool is_used_up;       /* one of them is */
} TollNode;

typedef struct Tolls {
    Arena *arena;
    Parser *parser;
    uint32_t least, most; /* limits: of the rules, and of the lexemes, too */
    PAGED(TollNode) nodes;
    VEC(TollCount) counts;
    Table numbers;     /* by hash, to the toll and one */
    Table moves;       /* by ak_toll_key, to the toll there and one */
    uint32_t *pending; /* set of lexemes, scratch */
    VEC(TollCount) made, left;
    VEC(Frame) used;
} Tolls;

/* False when out of memory. Without rules with limits there are no tolls. */
bool ak_tolls_init(Tolls *self, Arena *arena, Parser *parser);

/* Any thread's. */
static inline const TollNode *ak_toll_node(const Tolls *self, Toll toll) {
    return ak_paged_at(&self->nodes, toll);
}
/* What a move is found by, which is not 0. */
static inline uint64_t ak_toll_key(Toll toll, uint32_t where) {
    return ((uint64_t)toll + 1) << 32 | where;
}
/* Where the toll goes, if that is known; TOLL_FAILED: ask the writer. */
static inline Toll ak_toll_find(const Tolls *self, Toll toll, uint32_t where) {
    return ak_table_find(&self->moves, ak_toll_key(toll, where)) - 1;
}

/* The writer's. */

/* The toll behind a node that the end of a lexeme led to, behind a token, or where a lexeme begins. */
Toll ak_toll_move(Tolls *self, Toll toll, uint32_t where);
/* The set of the frames that are used up: of those in which one of the pending lexemes lies, `state` being a state of the DFA, or of
 * all when nothing is pending. False when memory or fuel is spent. */
bool ak_toll_used(Tolls *self, Toll toll, ParserNode node, DfaState state, FrameSet *used);
/* The toll when the matcher goes from a node on to `left`, or what was cut off there, without those that are used up. */
Toll ak_toll_leave(Tolls *self, Toll toll, FrameSet used, ParserNode node, bool is_cut);

#endif
