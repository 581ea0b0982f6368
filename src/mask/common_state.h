/* An engine's lexer states among the commons (commons.h).
 *
 * A state that is too large, or that a set of tokens may begin at, is never common. Any other one has a number once a mask
 * was put there that has to do with it. */
#ifndef AK_MASK_COMMON_STATE_H
#define AK_MASK_COMMON_STATE_H

#include "mask/commons.h"
#include "mask/engine.h"

enum { COMMON_LEXEMES_MAX = 256 }; /* of a state */

typedef struct CommonState {
    uint64_t hash;           /* 0: it is never common */
    _Atomic uint32_t number; /* COMMON_NONE: it has none yet */
    _Atomic bool is_long; /* the last mask that was to be put there had too many questions: other ones will have, too */
    bool is_own;          /* it was this engine that it got its number from; good once there is one */
    DfaState state;
    uint32_t count;
    uint32_t lexemes[]; /* the state's, by place, once it has a number */
} CommonState;

/* Any thread. */
const CommonState *ak_common_state(Engine *engine, DfaState state, Fuel *fuel);
/* The state's number; when it has none, and `may_add`, it gets one. COMMON_NONE: it has none. Any thread. */
uint32_t ak_common_number(Engine *engine, const CommonState *state, bool may_add, Fuel *fuel);
/* The number of the set of the places that an ending's lexemes have, the state having a number; COMMON_NONE: some have no place, or there is no room. Any
 * thread. */
uint32_t ak_common_places(Engine *engine, const CommonState *state, uint32_t ending, Fuel *fuel);
/* The ending of the lexemes at these places; 0 when out of memory. Any thread. */
uint32_t ak_common_ending(Engine *engine, const CommonState *state, uint32_t places, Fuel *fuel);

#endif
