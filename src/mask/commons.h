/* Commons: masks that the grammars of a vocabulary have in common, kept with it.
 *
 * The inside of a string, numbers, white space, the ends of names are alike in most grammars. So what a mask was worked out from
 * (trace.h) is kept a second time, in terms that no engine has of its own: lexer states and their expressions are
 * numbered here, equal ones alike, and a lexeme is called by its place among those of its state. Such numbers stand for exactly
 * one expression or state: nothing is taken for another by its hash.
 *
 * The commons only grow, up to COMMONS_BYTES. While they are less than a quarter full whatever comes is taken in, afterwards only
 * masks that a second engine has worked out. Reading takes no lock; adding takes their mutex, and never any other behind it. */
#ifndef AK_MASK_COMMONS_H
#define AK_MASK_COMMONS_H

#include "mask/mask_pool.h"
#include "mask/trace.h"
#include "regex/regex_expr.h"
#include <pthread.h>

enum { COMMONS_BYTES = 16 << 20, COMMONS_MET = 1 << 15, COMMON_NUMBERS_MAX = 1 << 20, COMMON_NONE = 0 };

/* Kinds of what is numbered, besides expressions: lexer states at the start of lexemes, their operands being the lexemes, and
 * others, the rests, each operand being the number << 1, and 1 where the lexeme is lazy; sequences that begin with single bytes: what follows these, how
 * many they are, and they themselves; and sets of places of a state's lexemes, in order. */
enum { COMMON_START = EXPR_MULTIPLE + 1, COMMON_PENDING, COMMON_LITERAL, COMMON_PLACES };

/* An expression, its operands being numbers from here; or a thing of another kind. */
typedef struct CommonNode {
    const uint32_t *words;
    uint32_t kind, count;
} CommonNode;

typedef struct Commons {
    VocabGuest guest;
    Arena arena; /* all below is the lock's, but for what tables lead to */
    pthread_mutex_t lock;
    atomic_bool is_full, is_roomy;
    PAGED(CommonNode) nodes; /* node 0 is COMMON_NONE */
    Table numbers;           /* of nodes, by hash */
    Table states;            /* by the hash that engines give them, to their numbers */
    Traces traces;           /* by ak_mask_key, of a state's number */
    MaskPool masks;
    _Atomic uint64_t met[COMMONS_MET]; /* hashes of what a mask was worked out from, once */
} Commons;

/* NULL when out of memory. */
Commons *ak_commons_new(const ananke_vocab *vocab, const ananke_allocator *allocator);
void ak_commons_free(Commons *self);

/* Any thread's. */

/* Those of the vocabulary, which are made when they are asked for first; NULL when out of memory. */
Commons *ak_commons_of(const ananke_vocab *vocab);

/* The number of an expression or another thing; when it has none it gets one, if `may_add`. COMMON_NONE: it has none. */
uint32_t ak_commons_number(Commons *self, uint32_t kind, const uint32_t *words, size_t count, bool may_add);
/* What has the number. */
static inline const CommonNode *ak_commons_node(const Commons *self, uint32_t number) {
    return ak_paged_at(&self->nodes, number);
}
/* The number of a state that has this hash; COMMON_NONE: no state has. */
static inline uint32_t ak_commons_state(const Commons *self, uint64_t hash) {
    return ak_table_find(&self->states, hash);
}
static inline bool ak_commons_is_full(const Commons *self) {
    return atomic_load_explicit(&self->is_full, memory_order_relaxed);
}
/* Whether a mask is to be taken in, this being a hash of all that it was worked out from. */
bool ak_commons_takes(Commons *self, uint64_t hash);
void ak_commons_add_state(Commons *self, uint64_t hash, uint32_t number);
/* Keeps a mask and what it was worked out from, when there is room. */
void ak_commons_add_mask(Commons *self, uint64_t key, const Asked *asked, size_t count, Mask mask, uint32_t kind);

#endif
