/* The folder that other schemas may come from: files by their path in it, each read once. Nothing outside of the folder is read: a path with `..` and a
 * symbolic link that leads out are as if they were not there. */
#ifndef AK_MASK_JSON_SCHEMA_FOLDER_H
#define AK_MASK_JSON_SCHEMA_FOLDER_H

#include "base/json.h"
#include "base/map.h"

typedef VEC(yyjson_val *) SchemaFiles;

typedef struct SchemaFolder {
    Arena *arena; /* holds what is read */
    Str path;     /* without symbolic links */
    Map files;    /* real path → its root */
} SchemaFolder;

/* The folder at `path`. NULL and `err` when there is none. */
SchemaFolder *ak_schema_folder_open(Arena *arena, const char *path, ananke_error *err);
/* The document in the file at `path`, which has a URI's escapes and may begin with '/'. `*root` stays NULL when there is no such file. False and `err`
 * when the file is no JSON or cannot be read. */
bool ak_schema_folder_file(SchemaFolder *self, Str path, yyjson_val **root, ananke_error *err);
/* The documents in all files whose names end in .json, in the order of their paths; what is no JSON is passed over. */
bool ak_schema_folder_all(SchemaFolder *self, SchemaFiles *files, ananke_error *err);

#endif
