/* Paged arrays: the part that does not depend on the item's type. */
#include "base/paged.h"

void *ak_paged_room(Arena *arena, void **pages, uint32_t count, size_t size) {
    if (count > UINT32_MAX / 2) return NULL;
    uint32_t page = ak_paged_page(count);
    if (!pages[page]) pages[page] = ak_arena_alloc(arena, (size_t)AK_PAGE << page, size);
    return pages[page];
}
