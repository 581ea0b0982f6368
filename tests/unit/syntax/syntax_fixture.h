/* Grammars of programming languages out of overlays alone, and what reads them. */
#ifndef SYNTAX_FIXTURE_H
#define SYNTAX_FIXTURE_H

#include "../test.h"
#include "syntax/overlay.h"
#include "syntax/reader.h"

typedef struct LangFixture {
    Arena arena;
    Rulebook book;
    Syntax syntax;
    LrTables tables;
    Reader reader;
    uint32_t fragment; /* that texts are read as */
    ananke_error err;
} LangFixture;

/* Reads the overlay into an empty rulebook, and makes its syntax; false when that fails. */
static inline bool open_syntax(LangFixture *self, const char *overlay) {
    *self = (LangFixture){.arena = ak_arena(NULL)};
    ak_rulebook_init(&self->book, &self->arena);
    return ak_overlay_apply(&self->book, ak_str(overlay), NULL, &self->err) &&
           ak_syntax_init(&self->syntax, &self->arena, &self->book, &self->err);
}

static inline void open_reader(LangFixture *self, const char *overlay) {
    if (!open_syntax(self, overlay)) fail_msg("%s", self->err.message);
    assert_true(ak_lr_init(&self->tables, &self->arena, &self->syntax, &self->err));
    assert_true(ak_reader_init(&self->reader, &self->arena, &self->syntax, &self->tables));
}

static inline void close_fixture(LangFixture *self) {
    ak_arena_free(&self->arena);
}

/* Reads texts as this fragment of the syntax from here on. */
static inline void choose_fragment(LangFixture *self, const Syntax *syntax, const char *name) {
    if (!ak_syntax_fragment(syntax, ak_str(name), &self->fragment, &self->err)) fail_msg("%s", self->err.message);
}

/* How many bytes of the text can be read; the reading behind them. */
static inline size_t read_text(LangFixture *self, const char *text, size_t length, Reading *reading) {
    *reading = ak_reader_start(&self->reader, self->fragment);
    for (size_t i = 0; i < length; i++) {
        Reading next = ak_reader_step(&self->reader, *reading, (uint8_t)text[i]);
        if (!next.site) return i;
        *reading = next;
    }
    return length;
}

static inline bool accepts(LangFixture *self, const char *text) {
    Reading reading;
    size_t length = strlen(text);
    return read_text(self, text, length, &reading) == length && ak_reader_may_end(&self->reader, reading);
}

#endif
