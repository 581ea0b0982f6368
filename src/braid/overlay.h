/* A Lark grammar as text whose definitions can be replaced one by one.
 *
 * Composition works on the text and not on a parsed grammar, so that the result is plain Lark which other engines take too. All it needs to know of
 * the dialect: a definition begins in column one with a name and a colon and goes on over the lines that start with `|`; strings, regular expressions and
 * brackets hide what is in them. What is not a definition (comments, directives) is carried over as it is. */
#ifndef AK_BRAID_OVERLAY_H
#define AK_BRAID_OVERLAY_H

#include "base/error.h"
#include "base/map.h"

/* A stretch of the text: a definition, or (name empty, all in head) what lies between definitions. */
typedef struct OverlayPiece {
    Str name;
    Str head; /* up to and with the colon and the blanks behind it: "catch_block::_: " */
    Str body; /* the definition itself, without the newline at its end */
    Str tail; /* that newline */
} OverlayPiece;

typedef struct Overlay {
    Arena *arena;
    VEC(OverlayPiece) pieces;
    Map names; /* name → index of its piece */
} Overlay;

typedef VEC(Str) StrList;

/* Cuts `text` (which must outlive the overlay) into pieces. A name defined twice is an error. */
bool ak_overlay_open(Overlay *self, Arena *arena, Str text, ananke_error *err);
/* The piece that defines `name`, or NULL. */
OverlayPiece *ak_overlay_find(const Overlay *self, Str name);
/* The whole text as it now is. */
Str ak_overlay_text(const Overlay *self);

/* Is it the name of a terminal (upper case), as against a rule? */
bool ak_is_terminal(Str name);
/* The alternatives of a body: what stands between the bars that are in no bracket, string or regular expression, without blanks around. */
bool ak_alternatives(Arena *arena, Str body, StrList *list);
/* Joined by bars. */
Str ak_alternatives_join(Arena *arena, const StrList *list);
bool ak_alternatives_has(const StrList *list, Str alternative);

#endif
