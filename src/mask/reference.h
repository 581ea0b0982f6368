/* The reference engine: one generation in progress, worked out in the most obvious way.
 *
 * It defines what every mask is, and the fast engine (matcher.h) is held against it; it also serves where the whole
 * history of a text is needed (completion.h). The place is a cursor: the newest row of the chart, and the state of the lexer since then. Rows are a stack; a
 * step that is tried out (a mask, a question) adds rows above those of the cursor and takes them off again. */
#ifndef AK_MASK_REFERENCE_H
#define AK_MASK_REFERENCE_H

#include "mask/earley.h"
#include "mask/lexer.h"
#include "mask/program.h"

typedef struct Cursor {
    Row row;
    LexerState state;
    bool is_fresh;   /* nothing is pending: before the first byte of all, behind a token that was read as a whole, or
                    * where a limit cut a lexeme off */
    uint32_t tokens; /* that ended in the pending lexeme */
    uint32_t item;   /* where items must differ: number of the last one that came; 0: none has */
    uint32_t text;   /* and of the last byte of the pending lexeme */
} Cursor;

/* An item of an array whose items must differ, and a byte of a lexeme: lists from their ends, whose beginnings cursors share. */
typedef struct ReferenceItem {
    Expr texts; /* all that have its value, or that of an item before */
} ReferenceItem;

typedef struct ReferenceByte {
    uint32_t before, length;
    uint8_t byte;
} ReferenceByte;

typedef struct Reference {
    Arena arena;
    const ananke_program *program;
    Lexer lexer;
    Chart chart;
    Cursor cursor;
    size_t steps;   /* that were taken */
    bool is_ended;  /* an end-of-text token was consumed, or the last one that the text may have */
    bool is_failed; /* `error` stopped it, for good */
    ananke_error error;
    BegunList used;           /* texts of rules that are used up, scratch */
    VEC(Cursor) path;         /* cursors along a walk through the vocabulary */
    VEC(ReferenceItem) items; /* item 0 and byte 0 are none; empty in a grammar without such arrays */
    VEC(ReferenceByte) bytes;
} Reference;

typedef enum ReferenceStep { REFERENCE_REFUSED, REFERENCE_TAKEN, REFERENCE_FAILED } ReferenceStep;

/* At the start of the program's grammar. NULL and `err` when memory runs out. The program must outlive it. */
Reference *ak_reference_new(const ananke_program *program, ananke_error *err);
void ak_reference_free(Reference *self);
/* As the functions of the same names in ananke/matcher.h. */
bool ak_reference_fill_mask(Reference *self, uint32_t *row, size_t words, ananke_error *err);
bool ak_reference_consume(Reference *self, uint32_t token, ananke_error *err);
bool ak_reference_consume_bytes(Reference *self, Str bytes, ananke_error *err);
bool ak_reference_is_accepting(Reference *self);

/* ---- For those who look inside */

/* Gives lexer and chart fresh fuel for one operation. */
void ak_reference_refuel(Reference *self);
/* Moves a cursor over one byte; unchanged when it is refused. */
ReferenceStep ak_reference_step(Reference *self, Cursor *cursor, uint8_t byte);
/* The cursor behind the pending lexeme, if that may end here: a fresh row and its start state. Where nothing is pending
 * it is behind a lexeme already. */
ReferenceStep ak_reference_close(Reference *self, Cursor cursor, Cursor *closed);
/* Moves a cursor over a token that is read as a whole; unchanged when it is refused. */
ReferenceStep ak_reference_step_token(Reference *self, Cursor *cursor, uint32_t token);
/* Whether the bytes, read from the cursor on, are all that may come, one after the other. */
ReferenceStep ak_reference_is_forced(Reference *self, Str bytes);
/* Moves the reference's own cursor over the end of a token: what it uses up is given up, and when that is all it is cut off
 * (limit.h). One that was forced uses nothing up. */
ReferenceStep ak_reference_end_token(Reference *self, bool is_forced);
/* The state of the lexer after `row`, before the next byte. */
LexerState ak_reference_start(Reference *self, Row row);
/* Says in `err`, and keeps, what lexer or chart ran out of; false. */
bool ak_reference_fail(Reference *self, ananke_error *err);
/* Forgets the rows above the cursor's, and what else was tried. */
static inline void ak_reference_tidy(Reference *self) {
    ak_earley_truncate(&self->chart, self->cursor.row + 1);
    if (!self->items.count) return;
    self->items.count = self->cursor.item + (size_t)1, self->bytes.count = self->cursor.text + (size_t)1;
}

#endif
