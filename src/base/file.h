/* Files: read whole, written whole. A written file is complete or was never there: it is written beside its place and renamed. */
#ifndef AK_BASE_FILE_H
#define AK_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/* The whole file in the arena, NUL-terminated behind its length. Refuses what is not a regular file and what is larger than `limit` bytes (0: none),
 * with a hint. {NULL, 0} and `err` on failure. */
Str ak_file_read(Arena *arena, const char *path, size_t limit, ananke_error *err);
/* Writes `content` to a temporary file in the same folder and renames it to `path`; on failure the old file is as it was and nothing is left over. */
bool ak_file_write(const char *path, Str content, ananke_error *err);

/* A file's content mapped for reading, which is faster than reading it when it is large or shared by processes. It costs nothing from an allocator,
 * and is good as long as nobody writes into the file where it lies: a file cut short under its map ends the process (SIGBUS). ak_file_write never
 * does that. A zeroed FileMap is none. */
typedef struct FileMap {
    Str content;
} FileMap;

/* Maps a regular file that is not empty. */
bool ak_file_map(FileMap *map, const char *path, ananke_error *err);
/* Ends it; nothing for a zeroed one. */
void ak_file_unmap(FileMap *map);

#endif
