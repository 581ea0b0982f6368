/* Data files of the project (constraints/, formats/, languages/) and of others (json-schema.org/), embedded into the library when it is built. */
#ifndef AK_BASE_DATA_H
#define AK_BASE_DATA_H

#include "base/str.h"

typedef struct DataFile {
    const char *path; /* from the repository's root: "languages/python/facts.scm" */
    const char *data; /* NUL-terminated behind its length */
    size_t length;
} DataFile;

/* Made by the build (cmake/embed.cmake), sorted by path in byte order. */
extern const DataFile ak_data_files[];
extern const size_t ak_data_file_count;

/* The language packs (syntax/pack.h), made by the build (cmake/packs.cmake): "languages/typescript/tsx.pack"; each aligned to 64 bytes. */
extern const DataFile ak_pack_files[];
extern const size_t ak_pack_file_count;

/* The content of a file; {NULL, 0} when there is none of that path. Static memory. */
Str ak_data(const char *path);
/* The first index whose path is not before `prefix`: the files under a folder follow each other from there. */
size_t ak_data_first(const char *prefix);

#endif
