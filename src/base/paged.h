/* Typed append-only arrays whose items never move, in an arena: readers that know an index need no lock while one
 * writer appends. Page k holds AK_PAGE << k items.
 *
 *     PAGED(Node) nodes = {0};
 *     if (!ak_paged_push(arena, &nodes, (Node){7})) return false;
 *     ak_paged_at(&nodes, 7)->…
 *
 * A reader must have got the index by way of an acquire load of what the writer stored, with release, after filling
 * the item in. */
#ifndef AK_BASE_PAGED_H
#define AK_BASE_PAGED_H

#include "base/arena.h"

enum { AK_PAGE = 64, AK_PAGES = 26 };

#define PAGED(Type)            \
    struct {                   \
        Type *pages[AK_PAGES]; \
        uint32_t count;        \
    }

static inline uint32_t ak_paged_page(uint32_t index) {
    return 25 - (uint32_t)__builtin_clz(index + AK_PAGE);
}
static inline uint32_t ak_paged_offset(uint32_t index, uint32_t page) {
    return index + AK_PAGE - ((uint32_t)AK_PAGE << page);
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
