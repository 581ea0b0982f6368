/* The parser that all matchers of a program share: Earley's algorithm (https://doi.org/10.1145/362007.362035) with
 * hash-consed rows.
 *
 * A kernel says what the lexemes so far can be: a set of items, each a rule with a dot in it and where to go back to
 * when the rule is complete. Earley's items say that by the number of the row where the rule began; here it is a set
 * of frames, a frame being "what waits for rule R in kernel K". So nothing in a kernel speaks of positions: equal
 * situations are one kernel, wherever in a text they arise, and the step from a kernel over a set of lexemes is
 * worked out once and remembered. Rows become a lazily built pushdown automaton, whose stacks are shared as in GLR
 * parsers' graph-structured stack.
 *
 * Tail calls are collapsed: where the only thing that an item still waits for is the rule at its end, that rule goes
 * back to where the item itself would. Right recursion then runs in place (Leo, https://doi.org/10.1016/0304-3975(91)90180-A,
 * does the same for one item a row), and a list of any length is one kernel. Where rules stand in a line (rule_lines.h) all but the first are passed by.
 *
 * In a roster an item's dot also says what has come (roster_dots.h): a kernel that a text comes to is made, and no other of the
 * roster's many states.
 *
 * A rule with a limit of tokens has frames of its own, without tail calls, so a frame also says which of the texts under way have
 * a limit (toll.h). One that is used up is left: each kernel above it is made again without the frame, from the lowest on,
 * and what waits for the rule in its kernel no longer predicts it there.
 *
 * What a kernel predicts is not stored with it: a rule is predicted where some item waits for one that may begin
 * with it, and those sets are worked out once for each rule that is ever waited for. One writer adds under a lock;
 * kernels that are known, and steps between them, are read without one. */
#ifndef AK_MASK_PARSER_H
#define AK_MASK_PARSER_H

#include "base/paged.h"
#include "mask/numbers.h"
#include "mask/pushdown.h"
#include "mask/roster_dots.h"
#include "mask/rule_lines.h"

/* A node (pushdown.h) is a kernel and whether ignored text may come: kernel << 1 | forbids ignored text. */
typedef uint32_t Kernel;
typedef uint32_t Frame;
typedef uint32_t FrameSet;

enum { FRAME_TOP = 0, FRAME_GONE = UINT32_MAX };

typedef struct KernelItem {
    Dot dot;       /* before a terminal or a rule */
    FrameSet back; /* where to go on when its rule is complete */
} KernelItem;

typedef struct KernelNode {
    uint32_t first, count;      /* its items, sorted by dot, one a dot */
    uint32_t first_wait, waits; /* the rules that items wait for, each once */
    DfaState starts[2];         /* of the lexer behind it: where ignored text may come, and where not */
    uint32_t hash;              /* of all that tells it from others */
    uint32_t is_accepting : 1;  /* the text may end here */
    uint32_t barred : 31;       /* number of what it does not predict; 0: nothing */
} KernelNode;

/* What waits for `rule` in `kernel`, but for tail calls. */
typedef struct FrameNode {
    Kernel kernel;
    uint32_t rule;
    uint32_t first, count; /* the items behind that rule, in `resumed`; worked out when first gone back to */
    FrameSet alone;        /* the set of this frame only; 0: not made yet */
    bool is_known;
} FrameNode;

/* The set of frames that `rule`, predicted in `kernel`, goes back to. */
typedef struct Back {
    Kernel kernel;
    uint32_t rule;
    FrameSet set;
} Back;

/* What waiting for a rule predicts. */
typedef struct Prediction {
    const uint32_t *rules;   /* set, the rule itself included; NULL: not worked out yet */
    const uint32_t *lexemes; /* set: those that it may begin with */
} Prediction;

/* Rules that a kernel does not predict, whatever waits for them, and what it does. */
typedef struct Barred {
    const uint32_t *rules; /* set */
    Prediction left;
} Barred;

typedef struct Parser {
    Arena *arena;
    const GrammarTables *tables;
    Dfa *dfa;
    PAGED(KernelNode) kernels; /* kernels 0 is none */
    Table steps;               /* node << 32 | ending, to the node behind it */
    VEC(KernelItem) items;
    VEC(uint32_t) waits;
    Numbers kernel_numbers; /* by items */
    VEC(FrameNode) frames;  /* frames.items[FRAME_TOP]: the end of the text */
    VEC(KernelItem) resumed;
    Numbers frame_numbers;    /* by kernel and rule */
    VEC(uint32_t) set_starts; /* frame set s is set_frames[set_starts[s] … set_starts[s+1]-1], sorted; set 0 is empty */
    VEC(Frame) set_frames;
    Table set_numbers;       /* those of several frames, by the hash of these */
    PAGED(Back) backs;       /* back 0 is none */
    Numbers back_numbers;    /* by kernel and rule */
    Table unions;            /* set << 32 | set, to their union */
    Prediction *predictions; /* by rule, as are these: */
    const RuleLine *lines;
    VEC(KernelItem) agenda; /* of the row under construction */
    VEC(FrameSet) back_at;  /* back_at[dot]: what that row's item there goes back to; 0: it has none */
    RosterDots roster_dots;
    VEC(Dot) dots;       /* those that it has */
    VEC(uint32_t) rules; /* a stack for walks over rules */
    VEC(uint32_t) line;  /* rules that go back to one set */
    VEC(Frame) gathered;
    uint32_t *rule_marks, mark; /* rules seen by the walk that is under way */
    uint32_t *allowed;          /* a set of lexemes, scratch */
    VEC(Barred) barred;         /* barred.items[0] is none */
    Table left;                 /* set of frames << 32 | kernel, to the kernel without these */
    VEC(FrameSet) limited;      /* by frame: those with limits that it leads back to, and one; 0: not asked for yet */
    VEC(uint32_t) seen;         /* frames, or kernels, of the walk that is under way */
    uint32_t walk;
    VEC(Frame) stack, found;
    VEC(Kernel) listed;
    uint64_t fuel; /* items that may still be made */
} Parser;

/* All of these are the writer's; the caller has the lock. */

/* A parser with the start kernel; ak_parser_start is before the first lexeme. False when out of memory. */
bool ak_parser_init(Parser *self, Arena *arena, const GrammarTables *tables, Dfa *dfa);
/* The node after `node` when the lexemes of the DFA's `ending` were read, all of which it allows. NODE_NONE when
 * memory or fuel is spent. Published in `steps`. */
ParserNode ak_parser_scan(Parser *self, ParserNode node, uint32_t ending);
/* The frames of rules with limits whose text is under way: of all that waits in the node or, where `lexemes` is a set, of what
 * waits for one of them. False when memory or fuel is spent. */
bool ak_parser_limited(Parser *self, ParserNode node, const uint32_t *lexemes, FrameSet *limited);
/* The set of these frames, at least one. 0 when memory or fuel is spent. */
FrameSet ak_parser_set(Parser *self, const Frame *frames, size_t count);
/* The frames of a set; they may move when sets are made. */
const Frame *ak_parser_frames(const Parser *self, FrameSet set, uint32_t *count);
/* The node without the texts that are under way in the frames of `used`, which it leads back to. NODE_NONE. */
ParserNode ak_parser_leave(Parser *self, ParserNode node, FrameSet used);
/* What becomes of a frame then; FRAME_GONE: nothing is left of it. False when memory or fuel is spent. */
bool ak_parser_frame_left(Parser *self, FrameSet used, Frame *frame);
/* The node behind the rules of `used`, as if they ended here, and behind the lexemes of the ending, if it is not 0; `left` being what
 * ak_parser_leave made. NODE_NONE. */
ParserNode ak_parser_cut(Parser *self, ParserNode left, FrameSet used, uint32_t ending);

/* Any thread's. */
ParserNode ak_parser_start(const Parser *self);
static inline const KernelNode *ak_parser_kernel(const Parser *self, ParserNode node) {
    return ak_paged_at(&self->kernels, node >> 1);
}
static inline DfaState ak_parser_lexer(const Parser *self, ParserNode node) {
    return ak_parser_kernel(self, node)->starts[node & 1];
}
/* The parser as the engine sees it. */
Pushdown ak_parser_pushdown(Parser *self);

#endif
