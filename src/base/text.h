/* Texts that the library hands out: plain malloc memory, freed by ananke_text_free, so that they may outlive everything else. */
#ifndef AK_BASE_TEXT_H
#define AK_BASE_TEXT_H

#include "base/error.h"

/* A NUL-terminated copy for the caller; `*length` may be NULL. NULL and `err` when out of memory. */
char *ak_text_new(Str text, size_t *length, ananke_error *err);

#endif
