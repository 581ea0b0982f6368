/* What all matchers of a program learn together: lexer states, parser kernels, masks.
 *
 * An engine only grows. Reading what it knows takes no lock; learning more takes its mutex. When it has grown beyond
 * its budget it is full, and the program begins a fresh one (program.h): matchers notice, go there by replaying their
 * text, and the last to leave frees the old one. */
#ifndef AK_MASK_ENGINE_H
#define AK_MASK_ENGINE_H

#include "mask/mask_pool.h"
#include "mask/toll.h"
#include "mask/tops.h"
#include "mask/trace.h"
#include "vocab/vocab.h"
#include <pthread.h>

/* Where a generation is: behind which lexemes, and in which state of the lexer since then. */
typedef struct Point {
    ParserNode node;
    DfaState state;
} Point;

typedef struct WalkRoom WalkRoom; /* mask_walk.h's */
typedef struct Uniques Uniques;   /* unique.h's */

/* What common_state.c knows of an expression; zeros: nobody has asked. */
typedef struct CommonExpr {
    uint64_t hash;
    uint32_t number; /* among the commons */
    uint32_t size;   /* of its parts, all told; 0: it was not asked about */
} CommonExpr;
enum { COMMON_PAGE = 256 };

typedef struct Engine {
    Arena arena; /* the writer's */
    pthread_mutex_t lock;
    atomic_size_t users;
    atomic_bool is_full; /* has grown beyond `budget`, or run out of memory */
    bool has_limits;     /* of tokens, for a lexeme, a rule or the whole text: matchers have to count */
    size_t budget;       /* bytes */
    uint32_t serial;     /* number among the program's engines */
    const ananke_vocab *vocab;
    const GrammarTables *tables; /* the program's */
    Dfa dfa;
    Pushdown pushdown;
    Parser *parser; /* behind it; NULL: another one is */
    Tolls tolls;    /* where rules have limits */
    MaskPool masks;
    Tops tops;       /* where stacks are told */
    Table mask_lows; /* by a mask's key: what it depends on, + 1, likewise */
    Traces traces;
    struct Commons *commons;        /* the vocabulary's */
    VEC(CommonExpr *) common_exprs; /* pages of COMMON_PAGE expressions, NULL: none was asked about; the writer's */
    VEC(uint64_t) offers;           /* keys of masks for the commons (mask_share.h); the writer's */
    size_t offered;                 /* so many of them are there by now; the writer's */
    atomic_bool has_offers;         /* some are not */
    VEC(uint32_t) taken;            /* the writer's: sets of tokens that one token is of */
    WalkRoom *rooms;                /* that no walk uses now */
    Uniques *uniques;               /* NULL: there is no array whose items must differ */
    _Atomic uint64_t recalled, shared, made; /* masks that were asked for and not found at once */
} Engine;

/* What one operation may spend on learning; counted down. And, where stacks are told, how far down it has looked. */
typedef struct Fuel {
    uint64_t lexer, parser;
    uint32_t low; /* height of the lowest entry of the parser's stack that what was found depends on */
} Fuel;

/* One user, the caller. The parser is made of `source`; where that has no `open`, of the tables, which have no more than lexemes and
 * their names otherwise. NULL and `err` when out of memory. */
Engine *ak_engine_new(const GrammarTables *tables, const PushdownSource *source, const Exprs *exprs,
                      const ananke_vocab *vocab, const ananke_context *context, ananke_error *err);
/* Bytes at which an engine is full, when nothing else is said. */
#define AK_ENGINE_BUDGET ((size_t)256 << 20)
void ak_engine_hold(Engine *self);
void ak_engine_drop(Engine *self);

/* The transition, worked out when it is not known; DFA_UNKNOWN when memory or fuel is spent. */
DfaState ak_engine_learn_next(Engine *self, DfaState state, uint32_t class, Fuel *fuel);
/* The step, likewise; NODE_NONE. */
ParserNode ak_engine_learn_step(Engine *self, ParserNode node, uint32_t ending, Fuel *fuel);
/* For writers: takes the lock, and gives them the operation's fuel; takes back what is left, and unlocks. */
void ak_engine_begin(Engine *self, const Fuel *fuel);
void ak_engine_end(Engine *self, Fuel *fuel);
/* Why learning failed. */
bool ak_engine_fail(const Engine *self, const Fuel *fuel, ananke_error *err);

static inline DfaState ak_engine_next(Engine *self, DfaState state, uint8_t byte, Fuel *fuel) {
    uint32_t class = self->dfa.exprs.classes[byte];
    DfaState next = ak_dfa_next(&self->dfa, state, class);
    return next ? next : ak_engine_learn_next(self, state, class, fuel);
}
static inline Point ak_engine_start(const Engine *self) {
    ParserNode node = self->pushdown.start;
    return (Point){node, ak_pushdown_lexer(&self->pushdown, node)};
}

typedef enum Step { STEP_DEAD, STEP_ALIVE, STEP_SPENT } Step;

/* The point behind the pending lexeme, when that may end here. Nothing is pending at a point behind a lexeme. */
Step ak_engine_close(Engine *self, Point point, Point *closed, Fuel *fuel);
/* The point one byte further; unchanged when the byte cannot be. */
Step ak_engine_step(Engine *self, Point *point, uint8_t byte, Fuel *fuel);
/* The point behind the only byte that may follow, where the text may not end; STEP_DEAD, and unchanged, when there is
 * another way. */
Step ak_engine_step_forced(Engine *self, Point *point, uint8_t *byte, Fuel *fuel);
/* The point behind a token that is read as a whole: one of a set of tokens that may come behind the pending lexeme.
 * STEP_DEAD, and unchanged, when no such set has it. */
Step ak_engine_step_token(Engine *self, Point *point, uint32_t token, Fuel *fuel);
/* Whether any token may be read as a whole behind the pending lexeme. */
Step ak_engine_takes_tokens(Engine *self, Point point, Fuel *fuel);
/* The number of the first set of tokens from number `from` on that a start state allows; SIZE_MAX: no more. Any
 * thread. */
size_t ak_engine_token_set(const Engine *self, DfaState start, size_t from);
/* Whether the text may end at the point. */
Step ak_engine_may_end(Engine *self, Point point, Fuel *fuel);

#endif
