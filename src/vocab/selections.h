/* Selected rows (ak_view_select), kept with the vocabulary: strings, comments, numbers, identifiers are alike in most grammars, and so are the rows
 * of what goes on inside of them.
 *
 * The one part of a vocabulary that grows. It is bounded, any thread may read and add without a lock, and a row that is there stays there. */
#ifndef AK_VOCAB_SELECTIONS_H
#define AK_VOCAB_SELECTIONS_H

#include "base/arena.h"
#include "vocab/views.h"
#include <stdatomic.h>

enum { SELECTIONS_MAX = 256 }; /* a power of two */

/* What a row is selected by. */
typedef struct SelectionKey {
    uint64_t firsts, rests;
    uint32_t limit, view; /* number of the view */
} SelectionKey;

typedef struct Selection {
    SelectionKey key;
    uint32_t row[];
} Selection;

typedef struct Selections {
    _Atomic(Selection *) slots[SELECTIONS_MAX]; /* hash table; NULL: free. All zero is empty. */
} Selections;

/* The row, selected now when nobody did before. NULL when there is no place for it or no memory: the caller then has to select it for itself. */
const uint32_t *ak_selection(Selections *self, const Views *views, SelectionKey key, const ananke_allocator *allocator);
/* When nobody reads any more; with the same allocator. */
void ak_selections_free(Selections *self, const Views *views, const ananke_allocator *allocator);

#endif
