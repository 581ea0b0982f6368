/* Styles of names: which of them a name is written in. */
#ifndef AK_CLEW_STYLE_H
#define AK_CLEW_STYLE_H

#include "base/str.h"

/* A set of styles and of what was taken off the name first. */
typedef enum NameStyle {
    STYLE_CAMEL = 1,  /* readAll; read is camelCase and snake_case */
    STYLE_PASCAL = 2, /* ReadAll; R is PascalCase and UPPER_SNAKE */
    STYLE_SNAKE = 4,  /* read_all */
    STYLE_UPPER = 8,  /* READ_ALL */
    STYLE_ALL = 15,
    STYLE_UNDERSCORE = 16, /* underscores stood in front */
    STYLE_DOLLAR = 32,     /* a dollar sign stood in front */
    STYLE_EMPTY = 64       /* nothing was left */
} NameStyle;

/* The styles of a name without the `_` and `$` in front of it and the `_` behind it. Letters outside of ASCII count as lower-case ones. */
unsigned ak_style_of(Str name);
/* The one style of that name: "camelCase", "PascalCase", "snake_case", "UPPER_SNAKE"; 0 when there is none. */
unsigned ak_style_from(Str name);

#endif
