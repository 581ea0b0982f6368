/* Matchers inside: where a generation is, and how it got there.
 *
 * The place is a cursor: the newest row of the chart, and the state of the lexer since then. Rows are a stack; a
 * step that is tried out (a mask, a question) adds rows above those of the cursor and takes them off again. */
#ifndef AK_MASK_MATCHER_H
#define AK_MASK_MATCHER_H

#include "mask/lexer.h"
#include "mask/program.h"
#include <ananke/matcher.h>

typedef struct Cursor {
    Row row;
    LexerState state;
    bool is_fresh; /* before the first byte of all */
} Cursor;

/* What rollback comes back to. */
typedef struct Mark {
    Cursor cursor;
    uint32_t row_count;
    bool is_ended; /* an end-of-text token had been consumed */
} Mark;

struct ananke_matcher {
    Arena arena;
    const ananke_program *program;
    Lexer lexer;
    Chart chart;
    Cursor cursor;
    bool is_ended;  /* an end-of-text token was consumed */
    bool is_failed; /* `error` stopped it; rollback and reset mend that */
    ananke_error error;
    VEC(Mark) marks;  /* one for each step, as it was before it */
    VEC(Cursor) path; /* cursors along a walk through the vocabulary */
};

typedef enum StepResult { STEP_REFUSED, STEP_TAKEN, STEP_FAILED } StepResult;

/* Gives lexer and chart fresh fuel for one operation. */
void ak_matcher_refuel(ananke_matcher *self);
/* Moves a cursor over one byte; unchanged when it is refused. */
StepResult ak_matcher_step(ananke_matcher *self, Cursor *cursor, uint8_t byte);
/* The cursor behind the pending lexeme, if that may end here: a fresh row and its start state. The start of all is
 * behind a lexeme already. */
StepResult ak_matcher_close(ananke_matcher *self, Cursor cursor, Cursor *closed);
/* The state of the lexer after `row`, before the next byte. */
LexerState ak_matcher_start(ananke_matcher *self, Row row);
/* Says in `err`, and keeps, what lexer or chart ran out of; false. */
bool ak_matcher_fail(ananke_matcher *self, ananke_error *err);
/* Forgets the rows above the cursor's. */
static inline void ak_matcher_tidy(ananke_matcher *self) {
    ak_earley_truncate(&self->chart, self->cursor.row + 1);
}

#endif
