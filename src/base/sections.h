/* Files of tagged sections: arrays of plain data that a program uses where they lie, mapped from disk, without reading them in.
 *
 * A file is a head, a table of sections and the sections, each aligned to 64 bytes, in this machine's byte order: a cache, not an exchange format.
 * The head names the format, its version and the program that made it; all three must be the reader's own. Head, table and every section carry an
 * XXH3 hash, so damage is found before anything is used; that the values within a section make sense is for its reader to check, since anybody can
 * compute a hash. */
#ifndef AK_BASE_SECTIONS_H
#define AK_BASE_SECTIONS_H

#include "base/error.h"

typedef struct SectionsFormat {
    const char *magic;   /* eight bytes */
    const char *noun;    /* for errors: "cached vocabulary" */
    const char *made_by; /* version of the program, at most 23 bytes */
    uint32_t version;    /* of the format */
} SectionsFormat;

typedef struct Section {
    const char *tag; /* at most 15 bytes, each once in a file */
    size_t size;     /* bytes of one item */
    const void *items;
    size_t count; /* items */
} Section;

enum { AK_SECTIONS_ALIGN = 64, AK_SECTIONS_MOST = 256 };

/* Does the content begin with the format's magic? */
bool ak_sections_is(const SectionsFormat *format, Str content);
/* The file's content, in `arena`. {NULL, 0} and `err` when memory runs out. */
Str ak_sections_join(const SectionsFormat *format, const Section *list, size_t count, Arena *arena, ananke_error *err);
/* Sets items and count of every section of `list` (tag and size are given); they point into `content`, which must be aligned to 16 bytes and stay.
 * Sections that the list does not name are left alone. False and `err` for what is not whole, not ours or not of this version. `file` names it in
 * errors (NULL: none). */
bool ak_sections_split(const SectionsFormat *format, Section *list, size_t count, Str content, const char *file,
                       ananke_error *err);

/* Where a value is that makes no sense: an item of a section of `content`. */
typedef struct SectionsPlace {
    const SectionsFormat *format;
    Str content;
    const char *file; /* NULL: none */
    const Section *section;
    size_t index;
} SectionsPlace;

/* Fills `err`; false. */
bool ak_sections_fail(const SectionsPlace *place, const char *what, ananke_error *err);

#endif
