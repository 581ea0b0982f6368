/* A session: one answer, token by token.
 *
 * With a matcher every token is drawn under its mask. The text ends where it may end: by the model's own end of text, by a token that begins the closing
 * fence, or because nothing can follow. What must hold: a text that was accepted at some point, or that can be completed, is a sentence of the
 * grammar at the end, whatever the model does. When tokens run out inside a construct, the smaller change is made: the unfinished construct is cut off,
 * or finished with the shortest completion. A finished session can be rewound: the token where the text went wrong is banned there and the rest is
 * written anew. Without a matcher the answer ends at the end of text or at the closing fence. */
#ifndef AK_MAZE_SESSION_H
#define AK_MAZE_SESSION_H

#include "base/buf.h"
#include "maze/model.h"
#include "maze/sampler.h"
#include <ananke/matcher.h>

/* A token of the text. */
typedef struct Mark {
    uint32_t token;
    size_t end;      /* offset behind it */
    size_t finished; /* Session.finished when it was chosen */
} Mark;

/* A token that is not to be chosen again as token number `at` behind the same tokens. */
typedef struct Ban {
    size_t at;
    uint32_t token;
} Ban;

typedef struct Session {
    const ananke_generate_options *options;
    const ananke_model *model;
    ananke_matcher *matcher; /* NULL: no mask */
    bool is_fenced;          /* the prompt has opened a code block */
    uint32_t max_tokens;
    TokenIds prompt;
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
    bool is_refused; /* the caller has heard enough */
    VEC(Mark) marks;
    VEC(Ban) bans;
    bool has_completion; /* the matcher has taken one, as one step */
    size_t wrong;        /* offset of the last rewind */
    size_t depth;        /* how many tokens before it the next ban is tried */
    double us;           /* time spent */
    ananke_generation_report report;
} Session;

/* Generates until the text ends; fills text and report. False on failure and when cancelled. */
bool ak_session_generate(Session *session, ananke_error *err);
/* Goes back to where the text went wrong at byte `offset`, for ak_session_generate to go on from there. The token there is banned; when the same place
 * goes wrong again, the one before it, and so on. Only for sessions with a matcher. False on failure. */
bool ak_session_rewind(Session *session, size_t offset, ananke_error *err);

#endif
