/* Sets of texts that grow by one text at a time, each set staying as it was when a greater one is made of it: what has come on every way that a
 * generation has taken is a number.
 *
 * They are treaps (Seidel and Aragon, https://doi.org/10.1007/BF01940876) whose changed paths are copied: finding and adding takes steps in the
 * logarithm of a set's size. Any thread may read sets that it knows of while one writer adds. */
#ifndef AK_MASK_VALUE_SETS_H
#define AK_MASK_VALUE_SETS_H

#include "base/paged.h"

typedef uint32_t ValueSet; /* the number of its root; 0: the empty set */

typedef struct ValueNode {
    Str text;
    uint32_t priority; /* none below it has a higher one */
    ValueSet smaller, greater;
    size_t longest; /* bytes of a text here or below it, at most */
    uint32_t count; /* texts here and below it */
} ValueNode;

typedef struct ValueSets {
    Arena *arena;
    PAGED(ValueNode) nodes; /* node 0 is none */
    uint32_t seed;          /* of the priorities */
} ValueSets;

bool ak_value_sets_init(ValueSets *self, Arena *arena);
/* The set with one more text, which is copied; the same set when that is in it. 0 when out of memory. The writer. */
ValueSet ak_value_sets_add(ValueSets *self, ValueSet set, Str text);
/* The first text of the set, in the order of their bytes, that is not before `from`; {NULL, 0}: there is none. Any thread. */
Str ak_value_sets_from(const ValueSets *self, ValueSet set, Str from);
/* The first that is behind `text`. Any thread. */
Str ak_value_sets_behind(const ValueSets *self, ValueSet set, Str text);
/* How many texts of the set begin with `text`. Any thread. */
uint32_t ak_value_sets_count(const ValueSets *self, ValueSet set, Str text);
/* No text of the set has more bytes. Any thread. */
size_t ak_value_sets_longest(const ValueSets *self, ValueSet set);
/* Marks, in a set of bytes, those that come behind `text` in texts of the set. */
void ak_value_sets_mark_next(const ValueSets *self, ValueSet set, Str text, uint32_t *bytes);

#endif
