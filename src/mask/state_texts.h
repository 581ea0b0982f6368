/* How many texts a state of the lexer has before it: those that its only lexeme, a JSON string, may go on with, spelled without an escape. What was counted is
 * noted with the state, so that asking for a few more goes on where the last count ended. */
#ifndef AK_MASK_STATE_TEXTS_H
#define AK_MASK_STATE_TEXTS_H

#include "mask/engine.h"

typedef struct StateTexts {
    uint32_t count; /* there are so many, or more */
    bool is_all;    /* no more, and none with an escape */
} StateTexts;

/* Counts until there are `most`, less than 2^31, in an engine that has Uniques (unique.h). Any thread. */
StateTexts ak_state_texts(Engine *engine, DfaState state, uint32_t most, Fuel *fuel);

#endif
