/* Documents and their addresses: what `$id`, `$anchor` and their kin name.
 *
 * A document is a tree of resources: its root is one, and every schema inside that has an address of its own. They are found once, when the document
 * is added, by walking from schema to schema, so that what looks like an identifier inside of a `const` or below the name of a property is none.
 * Other documents come from one folder: a file by its path, relative to the first document's address or below the address's host, or by the address that
 * it gives itself. The metaschemas of the drafts are embedded. Nothing else outside of the folder is read, and nothing of the network. */
#ifndef AK_MASK_JSON_SCHEMA_DOCUMENT_H
#define AK_MASK_JSON_SCHEMA_DOCUMENT_H

#include "base/json.h"
#include "base/map.h"
#include "mask/json_schema_draft.h"
#include "mask/json_schema_folder.h"

typedef struct SchemaAnchor {
    yyjson_val *value;
    const char *pointer;
    bool is_dynamic;
} SchemaAnchor;

/* A schema with an address of its own, or the root of a document. */
typedef struct SchemaResource {
    Str uri; /* without a fragment; empty: the first document has no address */
    yyjson_val *root;
    const char *pointer; /* of the root, for errors: "#", "#/$defs/list", "http://x.org/b.json#" */
    SchemaDraft draft;
    Map anchors;      /* name → SchemaAnchor; "" is `$recursiveAnchor` */
    bool has_dynamic; /* is one of the anchors dynamic? */
} SchemaResource;

typedef struct SchemaDocuments {
    Arena *arena;
    SchemaFolder *folder; /* NULL: there is none */
    Map by_uri;           /* address → SchemaResource */
    Map by_root;          /* address of a yyjson_val → SchemaResource */
    SchemaDraft draft;    /* of documents that do not say theirs */
    Str home;             /* address of the first document */
    bool has_all;         /* every file of the folder has been read */
} SchemaDocuments;

/* The first document, which is at `pointer` ("#", or further down in another text). `draft` is its draft, ANY: what `$schema` says. NULL and `err` when
 * out of memory. */
const SchemaResource *ak_schema_document_add(SchemaDocuments *self, yyjson_val *root, const char *pointer,
                                             SchemaDraft draft, ananke_error *err);
/* The resource at that address, looked for in the folder and among the metaschemas when it is not known. NULL when there is none; then `err` is set if
 * something else has failed. */
const SchemaResource *ak_schema_document_find(SchemaDocuments *self, Str uri, ananke_error *err);
/* The resource whose root is `value`; NULL when that is not the root of one. */
const SchemaResource *ak_schema_document_at(const SchemaDocuments *self, yyjson_val *value);
/* NULL when the resource has no such anchor. */
const SchemaAnchor *ak_schema_document_anchor(const SchemaResource *resource, Str name);

/* `pointer` with one more reference token behind it, escaped. NULL when out of memory. */
const char *ak_json_pointer_child(Arena *arena, const char *pointer, Str token);

#endif
