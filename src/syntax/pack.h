/* Language packs: all that reading a programming language takes, in one file that is made once and used where it is mapped.
 *
 * A pack has the terminals with their expressions, the rules with the roles of their parts, and the tables of the parser: grammar and overlays are not
 * needed any more, but for what they say of precedence, which the tables have decided. It is a file of sections (base/sections.h), for one version of
 * the library, and not trusted: whatever depends on other parts of it is compared with them, so that a pack which was accepted can be read with.
 * The large arrays stay where they lie in the file; names, terminals and expressions are made anew, which takes a millisecond. */
#ifndef AK_SYNTAX_PACK_H
#define AK_SYNTAX_PACK_H

#include "base/file.h"
#include "base/sections.h"
#include "syntax/lr_tables.h"

/* What a pack says of itself. */
typedef struct PackAbout {
    Str name;           /* "typescript" */
    const Str *endings; /* of the names of files in it: ".ts" */
    const Str *sources; /* what it was made of: a line of text each, and its hash */
    uint32_t ending_count, source_count;
} PackAbout;

/* It is immutable, and may be shared. */
typedef struct Pack {
    Arena arena;
    FileMap map; /* none, where the content is somebody else's */
    size_t size; /* bytes of the file */
    PackAbout about;
    Syntax syntax; /* its steps have no precedence, and there are no orders */
    LrTables tables;
} Pack;

/* The pack as a file's content, in `arena`. {NULL, 0} and `err` when memory runs out. */
Str ak_pack_content(const PackAbout *about, const Syntax *syntax, const LrTables *tables, Arena *arena,
                    ananke_error *err);
bool ak_pack_write(const char *path, const PackAbout *about, const Syntax *syntax, const LrTables *tables,
                   ananke_error *err);

/* The pack in the content, which must be aligned to 16 bytes and live as long. `file` is for errors, NULL: none. */
Pack *ak_pack_read(Str content, const char *file, const ananke_context *context, ananke_error *err);
/* The pack in a file, which stays mapped. */
Pack *ak_pack_open(const char *path, const ananke_context *context, ananke_error *err);
void ak_pack_close(Pack *self);

/* For tests: the format, and the tags and item sizes of all sections. */
extern const SectionsFormat ak_pack_format;
const Section *ak_pack_sections(size_t *count);

#endif
