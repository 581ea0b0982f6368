/* A session: one answer, token by token.
 *
 * With a matcher every token is drawn under its mask. The text ends where it may end: by the model's own end of text, by a token that begins the closing
 * fence, or because nothing can follow. What must hold: a text that was accepted at some point, or that can be completed, is a sentence of the
 * grammar at the end, whatever the model does. When tokens run out inside a construct, the smaller change is made: the unfinished construct is cut off,
 * or finished with the shortest completion. Without a matcher the answer ends at the end of text or at the closing fence. */
#ifndef AK_MAZE_SESSION_H
#define AK_MAZE_SESSION_H

#include "base/buf.h"
#include "maze/model.h"
#include "maze/sampler.h"
#include <ananke/matcher.h>

typedef struct Session {
    const ananke_generate_options *options;
    const ananke_model *model;
    ananke_matcher *matcher; /* NULL: no mask */
    bool is_fenced;          /* the prompt has opened a code block */
    uint32_t max_tokens;
    LlamaRun run; /* the prompt is fed */
    Sampler sampler;
    Arena *arena;
    Buf text;
    size_t streamed;     /* bytes that were handed to the caller */
    size_t mended;       /* bytes that are known to be UTF-8 */
    size_t finished;     /* length of the longest text so far that the grammar accepts; 0: none but the empty one */
    uint32_t *row;       /* mask of the next token */
    VEC(double) mask_us; /* mask + consume, for each token */
    double masked_mass;  /* sum over tokens */
    bool has_ended;
    ananke_generation_report report;
} Session;

/* Generates until the text ends; fills text and report. False on failure and when cancelled. */
bool ak_session_generate(Session *session, ananke_error *err);

#endif
