/* Typed append-only arrays whose items never move, in an arena: readers that know an index need no lock while one
 * writer appends. Pages double after each four, so that no more than a fifth of an array is empty.
 *
 *     PAGED(Node) nodes = {0};
 *     if (!ak_paged_push(arena, &nodes, (Node){7})) return false;
 *     ak_paged_at(&nodes, 7)->…
 *
 * A reader must have got the index by way of an acquire load of what the writer stored, with release, after filling
 * the item in. Items that are whole lines of the cache lie on lines. */
#ifndef AK_BASE_PAGED_H
#define AK_BASE_PAGED_H

#include "base/arena.h"

/* The first four pages have AK_PAGE / 4 items each. */
enum { AK_PAGE = 64, AK_PAGES = 104, AK_LINE = 64 };

#define PAGED(Type)            \
    struct {                   \
        Type *pages[AK_PAGES]; \
        uint32_t count;        \
    }

/* With AK_PAGE added, an index's highest bit tells the four pages, the two bits below it which of them, and the rest where in it. */
static inline uint32_t ak_paged_page(uint32_t index) {
    uint32_t shift = 29 - (uint32_t)__builtin_clz(index + AK_PAGE);
    return (shift - 4) * 4 + ((index + AK_PAGE) >> shift & 3);
}
static inline uint32_t ak_paged_size(uint32_t page) {
    return (uint32_t)AK_PAGE / 4 << page / 4;
}
static inline uint32_t ak_paged_offset(uint32_t index, uint32_t page) {
    return (index + AK_PAGE) & (ak_paged_size(page) - 1);
}
/* Makes sure that the page of item `count` is there; NULL when out of memory or full. */
void *ak_paged_room(Arena *arena, void **pages, uint32_t count, size_t size);

#define ak_paged_at(paged, index) \
    (&(paged)->pages[ak_paged_page(index)][ak_paged_offset((index), ak_paged_page(index))])
/* Appends; false when out of memory. */
#define ak_paged_push(arena, paged, ...)                                                                   \
    (ak_paged_room((arena), (void **)(paged)->pages, (paged)->count, sizeof *(paged)->pages[0]) != NULL && \
     (*ak_paged_at((paged), (paged)->count) = (__VA_ARGS__), (paged)->count++, true))

#endif
