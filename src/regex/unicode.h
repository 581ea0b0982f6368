/* Sets of code points: properties by name, and simple case pairs. */
#ifndef AK_REGEX_UNICODE_H
#define AK_REGEX_UNICODE_H

#include "regex/regex_expr.h"

typedef VEC(PointRange) Points;

/* The code points of a property as Rust's regex-syntax names it ("L", "Lu", "Letter", "Greek", "Script=Greek",
 * "Alphabetic", …), added to `points`. The tables are PCRE2's. False and `err` (without a place) when there is no
 * such property, or out of memory. */
bool ak_unicode_property(Arena *arena, Str name, Points *points, ananke_error *err);
/* The letters, marks, digits and connectors that \w stands for; and the decimal digits of \d; and white space, \s. */
bool ak_unicode_word(Arena *arena, Points *points, ananke_error *err);
bool ak_unicode_digit(Arena *arena, Points *points, ananke_error *err);
bool ak_unicode_space(Arena *arena, Points *points);

/* Sorts and joins. */
void ak_points_tidy(Points *points);
/* Turns tidy points into their complement. False when out of memory. */
bool ak_points_negate(Arena *arena, Points *points);
/* Keeps of tidy `points` what is in tidy `other` too. */
bool ak_points_intersect(Arena *arena, Points *points, const Points *other);
/* Adds the other case of every point that has one: simple pairs of the Latin, Greek and Cyrillic scripts. */
bool ak_points_fold(Arena *arena, Points *points);

#endif
