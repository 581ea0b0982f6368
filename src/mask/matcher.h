/* Matchers inside: where a generation is, and how it got there.
 *
 * All that is learnt on the way belongs to the program's engine; a matcher holds its point, the points before it for
 * rollback, and its text, from which any other engine can be brought to the same place. */
#ifndef AK_MASK_MATCHER_H
#define AK_MASK_MATCHER_H

#include "mask/engine.h"
#include "mask/program.h"
#include <ananke/matcher.h>

/* What rollback comes back to. */
typedef struct Mark {
    Point point;
    uint32_t length; /* of the text */
    bool is_ended;   /* an end-of-text token had been consumed */
} Mark;

struct ananke_matcher {
    Arena arena;
    const ananke_program *program;
    Engine *engine; /* held */
    Point point;
    bool is_ended;  /* an end-of-text token was consumed */
    bool is_failed; /* `error` stopped it; rollback and reset mend that */
    ananke_error error;
    VEC(Mark) marks; /* one for each step, as it was before it */
    VEC(char) text;  /* consumed so far */
};

#endif
