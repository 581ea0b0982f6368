/* Matchers inside: where a generation is, and how it got there. All that is learnt on the way belongs to the program's
 * engine; from the steps that a matcher took, any other engine can be brought to the same place. */
#ifndef AK_MASK_MATCHER_H
#define AK_MASK_MATCHER_H

#include "mask/history.h"
#include "mask/hole.h"
#include "mask/program.h"
#include <ananke/matcher.h>

struct ananke_matcher {
    ananke_allocator allocator;
    const ananke_program *program;
    Engine *engine; /* held */
    Point point;
    uint32_t tokens; /* that what is under way has had, as limit.h has it, in a grammar with limits */
    uint32_t place;  /* in a grammar with arrays whose items must differ (unique.h); 0: outside of these */
    Hole *hole;      /* owned; NULL: no text is behind this one */
    History history;
    uint32_t *row;       /* room for a mask that lies nowhere as a row; NULL: there was none yet */
    bool is_ended;       /* an end-of-text token was consumed, or the last one that the text may have */
    bool is_failed;      /* `error` stopped it; rollback and reset mend that */
    ananke_error *error; /* NULL until there is one */
};

#endif
