/* Paged arrays: the part that does not depend on the item's type. */
#include "base/paged.h"

static void *align(void *memory) {
    size_t past = (uintptr_t)memory % AK_LINE;
    return memory && past ? (char *)memory + (AK_LINE - past) : memory;
}

void *ak_paged_room(Arena *arena, void **pages, uint32_t count, size_t size) {
    if (count > UINT32_MAX / 2) return NULL;
    uint32_t page = ak_paged_page(count);
    if (pages[page]) return pages[page];
    size_t items = ak_paged_size(page);
    bool is_lines = size % AK_LINE == 0;
    return pages[page] = is_lines ? align(ak_arena_alloc(arena, items + 1, size)) : ak_arena_alloc(arena, items, size);
}
