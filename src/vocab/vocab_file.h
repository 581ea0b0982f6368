/* Cached vocabularies: a vocabulary with all its tables in a file of tagged sections (base/sections.h), to be mapped and used where it lies.
 *
 * What is written is what is in memory: tokens, trie, hash tables, merges. Only the steps of normalising and cutting are written as a list, since
 * compiled patterns cannot be. A new table is a row in SECTIONS of vocab_file.c and the check of what lies in it. Files are not trusted: every
 * index is compared with what it points into when a file is opened, so that nothing has to be compared later. */
#ifndef AK_VOCAB_VOCAB_FILE_H
#define AK_VOCAB_VOCAB_FILE_H

#include "base/sections.h"
#include "vocab/vocab.h"

/* Does the content begin as a cached vocabulary does, of whatever version? */
bool ak_vocab_file_is(Str content);
/* The vocabulary as a file's content, in `arena`; {NULL, 0} and `err` when memory runs out. */
Str ak_vocab_file_content(const ananke_vocab *vocab, Arena *arena, ananke_error *err);
/* The vocabulary of a content that may go: it is copied. */
ananke_vocab *ak_vocab_file_read(Str content, const char *file, const ananke_context *context, ananke_error *err);
/* The vocabulary of a file, which is mapped for as long as the vocabulary lives. */
ananke_vocab *ak_vocab_file_map(const char *path, const ananke_context *context, ananke_error *err);

/* Tags and sizes of the sections that a file has, in a list of *count; for tests that damage them. */
extern const SectionsFormat ak_vocab_file_format;
const Section *ak_vocab_file_sections(size_t *count);

#endif
