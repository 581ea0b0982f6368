/* Damage to files of sections, as fuzz inputs say it. It is hashed anew, for else the hashes would find all of it. */
#ifndef FUZZ_DAMAGE_H
#define FUZZ_DAMAGE_H

#include "base/sections.h"
#include <assert.h>
#include <stdlib.h>

/* One byte written over. */
typedef struct Change {
    uint8_t place; /* which section; with the high bit: the file itself, behind the hashes' back */
    uint8_t value;
    bool shortens; /* and the section loses its last item */
    uint8_t unused;
    uint32_t offset; /* modulo what there is */
} Change;

static inline void write_over(const void *bytes, size_t length, const Change *change) {
    if (length) ((char *)(uintptr_t)bytes)[change->offset % length] = (char)change->value;
}

/* The next change of the list. */
static inline bool next_change(Str *rest, Change *change) {
    uint8_t bytes[8];
    if (rest->length < sizeof bytes) return false;
    memcpy(bytes, rest->data, sizeof bytes);
    *rest = ak_str_slice(*rest, sizeof bytes, rest->length);
    *change = (Change){.place = bytes[0], .value = bytes[1], .shortens = bytes[2] & 1};
    memcpy(&change->offset, bytes + 4, sizeof change->offset);
    return true;
}

/* The file with the changes that `list` has. */
static inline Str damage_sections(const SectionsFormat *format, const Section *names, size_t count, Str content,
                                  Str list, Arena *arena) {
    Section sections[64];
    assert(count <= sizeof sections / sizeof *sections);
    memcpy(sections, names, count * sizeof *sections);
    if (!content.data || !ak_sections_split(format, sections, count, content, NULL, NULL)) abort();
    Change change;
    for (Str rest = list; next_change(&rest, &change);) {
        Section *section = &sections[change.place % count];
        if (change.place & 0x80) continue;
        if (change.shortens && section->count) section->count--;
        write_over(section->items, section->count * section->size, &change);
    }
    content = ak_sections_join(format, sections, count, arena, NULL);
    for (Str rest = list; next_change(&rest, &change);) {
        if (change.place & 0x80) write_over(content.data, content.length, &change);
    }
    return content;
}

#endif
