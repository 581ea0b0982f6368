/* Interned strings: equal bytes get equal small ids, counted from 0; the bytes are copied into the arena once, NUL-terminated. */
#ifndef AK_BASE_INTERN_H
#define AK_BASE_INTERN_H

#include "base/map.h"

typedef struct Intern {
    Map map; /* set map.arena before use */
} Intern;

#define AK_INTERN_NONE UINT32_MAX

/* The id of `text`; AK_INTERN_NONE when out of memory. */
uint32_t ak_intern(Intern *intern, Str text);
/* The id of `text` when it is known, else AK_INTERN_NONE. */
uint32_t ak_intern_find(const Intern *intern, Str text);
/* The bytes of an id; lives as long as the arena. */
Str ak_intern_str(const Intern *intern, uint32_t id);
static inline size_t ak_intern_count(const Intern *intern) {
    return intern->map.entries.count;
}

#endif
