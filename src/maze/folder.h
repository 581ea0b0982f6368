/* Folders: made with their parents, measured, removed with what is in them. Symbolic links are never followed. */
#ifndef AK_MAZE_FOLDER_H
#define AK_MAZE_FOLDER_H

#include "base/error.h"

/* Makes the folder and the missing ones above it; fine when it is there. */
bool ak_folder_make(const char *path, ananke_error *err);
/* Bytes of the regular files in it and below; what disappears meanwhile does not count. */
uint64_t ak_folder_bytes(const char *path);
/* Removes it and all that is in it, as far as that is possible. */
void ak_folder_remove(const char *path);

#endif
