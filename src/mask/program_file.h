/* Saved programs: the tables and expressions of a program in a file of tagged sections (base/sections.h).
 *
 * Nothing in it depends on the vocabulary, unless the grammar speaks of its tokens: what else depends on it is what engines learn, which is not
 * saved. Tables are copied out of the file, and the file is let go: they are small, and an engine has its own copy of the expressions anyway. A new
 * field of GrammarTables is a row in SECTIONS of program_file.c and the check of what lies in it. Files are not trusted: every index is compared with
 * what it points into, and every body with the places that it is made of; what follows from others (the openings) is found anew. */
#ifndef AK_MASK_PROGRAM_FILE_H
#define AK_MASK_PROGRAM_FILE_H

#include "base/sections.h"
#include "mask/program.h"

/* The program as a file's content, in `arena`; {NULL, 0} and `err` when memory runs out. */
Str ak_program_file_content(const ananke_program *program, Arena *arena, ananke_error *err);
/* The program of a content, which must be aligned to 16 bytes and may go. `file` names it in errors (NULL: none). */
ananke_program *ak_program_file_read(Str content, const char *file, const ananke_vocab *vocab,
                                     const ananke_context *context, ananke_error *err);

/* Tags and sizes of the sections that a file has, in a list of *count; for tests that damage them. */
extern const SectionsFormat ak_program_file_format;
const Section *ak_program_file_sections(size_t *count);

#endif
