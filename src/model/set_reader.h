/* Reads a document into a constraint set: every key, kind, parameter and type is verified; errors have a place when there is a text. */
#ifndef AK_MODEL_SET_READER_H
#define AK_MODEL_SET_READER_H

#include "model/constraint_set.h"
#include "model/yaml.h"

typedef struct SetReader {
    ananke_constraints *set; /* takes the constraints; its kinds are loaded */
    Arena *arena;            /* the set's */
    yyjson_doc *doc;
    Str text;         /* {NULL, 0} when the document was built in memory */
    const char *file; /* for errors; NULL: none */
    Places places;    /* of a YAML text; count 0: the text is JSON */
    ananke_error *err;
} SetReader;

bool ak_set_read(SetReader *self);

#endif
