/* Documents: finding the identifiers of a tree once, and files of the schema folder when they are asked for. */
#include "mask/json_schema_document.h"
#include "mask/json_schema_uri.h"

enum { SCAN_DEPTH_MAX = 200 };

/* ---- Addresses as keys */

static Str address(const void *pointer, const void **room) {
    *room = pointer;
    return (Str){(const char *)room, sizeof *room};
}

static void *found(const Map *map, Str key) {
    const uint64_t *slot = ak_map_find(map, key);
    return slot ? (void *)(uintptr_t)*slot : NULL;
}

/* What is there first stays. */
static bool keep(Map *map, Str key, const void *what) {
    bool is_new = false;
    Str copy = ak_arena_str(map->arena, key);
    uint64_t *slot = copy.data ? ak_map_put(map, copy, &is_new) : NULL;
    if (slot && is_new) *slot = (uint64_t)(uintptr_t)what;
    return slot != NULL;
}

const char *ak_json_pointer_child(Arena *arena, const char *pointer, Str token) {
    Buf buf = {.arena = arena};
    ak_buf_text(&buf, pointer), ak_buf_byte(&buf, '/');
    for (size_t i = 0; i < token.length; i++) {
        if (token.data[i] == '~') ak_buf_text(&buf, "~0");
        else if (token.data[i] == '/') ak_buf_text(&buf, "~1");
        else ak_buf_byte(&buf, token.data[i]);
    }
    return ak_arena_ok(arena) ? buf.data : NULL;
}

/* ---- Resources and anchors */

/* A schema on the walk through its document. */
typedef struct Place {
    const struct Place *parent; /* NULL: the root, which is at `pointer` */
    const char *pointer;
    Str token;
    uint32_t depth;
} Place;

static const char *pointer_of(Arena *arena, const Place *place) {
    if (!place->parent) return place->pointer;
    const char *pointer = pointer_of(arena, place->parent);
    return pointer ? ak_json_pointer_child(arena, pointer, place->token) : NULL;
}

static SchemaDraft draft_of(yyjson_val *schema, SchemaDraft around) {
    SchemaDraft draft = ak_draft_of(ak_json_str(yyjson_obj_get(schema, "$schema")));
    return draft == AK_DRAFT_ANY ? around : draft;
}

static SchemaResource *new_resource(SchemaDocuments *self, yyjson_val *root, Str uri, const char *pointer) {
    SchemaResource *resource = pointer && uri.data ? ak_new(self->arena, SchemaResource) : NULL;
    if (!resource) return NULL;
    *resource = (SchemaResource){.uri = uri, .root = root, .pointer = pointer, .anchors = {.arena = self->arena}};
    const void *room;
    return keep(&self->by_uri, uri, resource) && keep(&self->by_root, address(root, &room), resource) ? resource : NULL;
}

static bool add_anchor(SchemaDocuments *self, SchemaResource *to, Str name, bool is_dynamic, yyjson_val *schema,
                       const Place *place) {
    SchemaAnchor *anchor = ak_new(self->arena, SchemaAnchor);
    if (!anchor) return false;
    *anchor = (SchemaAnchor){schema, pointer_of(self->arena, place), is_dynamic};
    to->has_dynamic = to->has_dynamic || is_dynamic;
    return anchor->pointer && keep(&to->anchors, name, anchor);
}

static bool add_anchors(SchemaDocuments *self, SchemaResource *to, yyjson_val *schema, const Place *place) {
    static const struct {
        const char *keyword;
        bool is_dynamic;
    } keywords[] = {{"$dynamicAnchor", true}, {"$anchor", false}};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof keywords / sizeof *keywords; i++) {
        Str name = ak_json_str(yyjson_obj_get(schema, keywords[i].keyword));
        if (name.length && ak_draft_has(to->draft, keywords[i].keyword))
            ok = add_anchor(self, to, name, keywords[i].is_dynamic, schema, place);
    }
    bool is_recursive = schema == to->root && yyjson_get_bool(yyjson_obj_get(schema, "$recursiveAnchor"));
    if (ok && is_recursive && ak_draft_has(to->draft, "$recursiveAnchor"))
        ok = add_anchor(self, to, STR(""), true, schema, place);
    return ok;
}

/* ---- The walk */

/* Where the schemas are in a schema; other values under a keyword's name are none. */
typedef enum Holding { HOLDS_NONE, HOLDS_ONE, HOLDS_SOME /* one, or a list */, HOLDS_NAMED } Holding;

static Holding holding_of(Str keyword) {
    static const struct {
        const char *keyword;
        Holding holding;
    } keywords[] = {{"properties", HOLDS_NAMED},
                    {"items", HOLDS_SOME},
                    {"$defs", HOLDS_NAMED},
                    {"definitions", HOLDS_NAMED},
                    {"additionalProperties", HOLDS_ONE},
                    {"anyOf", HOLDS_SOME},
                    {"allOf", HOLDS_SOME},
                    {"oneOf", HOLDS_SOME},
                    {"not", HOLDS_ONE},
                    {"if", HOLDS_ONE},
                    {"then", HOLDS_ONE},
                    {"else", HOLDS_ONE},
                    {"patternProperties", HOLDS_NAMED},
                    {"prefixItems", HOLDS_SOME},
                    {"additionalItems", HOLDS_ONE},
                    {"contains", HOLDS_ONE},
                    {"propertyNames", HOLDS_ONE},
                    {"dependencies", HOLDS_NAMED},
                    {"dependentSchemas", HOLDS_NAMED},
                    {"unevaluatedItems", HOLDS_ONE},
                    {"unevaluatedProperties", HOLDS_ONE},
                    {"contentSchema", HOLDS_ONE},
                    {"extends", HOLDS_SOME}};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (ak_str_equal(keyword, ak_str(keywords[i].keyword))) return keywords[i].holding;
    }
    return HOLDS_NONE;
}

/* What the schema says of its own address; {NULL, 0}: nothing. */
static Str id_of(yyjson_val *schema, SchemaDraft draft, bool is_root) {
    bool is_old = draft == AK_DRAFT_3 || draft == AK_DRAFT_4;
    Str id = ak_json_str(yyjson_obj_get(schema, is_old ? "id" : "$id"));
    Str other = ak_json_str(yyjson_obj_get(schema, is_old ? "$id" : "id"));
    if (is_root) return id.data ? id : other; /* many documents have the wrong one of the two */
    if (ak_draft_ref_is_alone(draft) && yyjson_obj_get(schema, "$ref")) return (Str){0};
    bool is_name = draft == AK_DRAFT_ANY && ak_str_starts(other, STR("#"));
    return !id.data && is_name ? other : id;
}

static bool walk_schema(SchemaDocuments *self, SchemaResource *owner, yyjson_val *schema, const Place *place);

static bool walk_list(SchemaDocuments *self, SchemaResource *owner, yyjson_val *list, const Place *place) {
    yyjson_arr_iter items = yyjson_arr_iter_with(list);
    bool ok = true;
    size_t index = 0;
    for (yyjson_val *item; ok && (item = yyjson_arr_iter_next(&items)); index++) {
        Str token = ak_arena_format(self->arena, "%zu", index);
        Place inner = {.parent = place, .token = token, .depth = place->depth + 1};
        ok = token.data && walk_schema(self, owner, item, &inner);
    }
    return ok;
}

static bool walk_named(SchemaDocuments *self, SchemaResource *owner, yyjson_val *object, const Place *place) {
    yyjson_obj_iter keys = yyjson_obj_iter_with(object);
    bool ok = true;
    for (yyjson_val *key; ok && (key = yyjson_obj_iter_next(&keys));) {
        Place inner = {.parent = place, .token = ak_json_str(key), .depth = place->depth + 1};
        ok = walk_schema(self, owner, yyjson_obj_iter_get_val(key), &inner);
    }
    return ok;
}

/* Goes on to the schemas in `schema`. */
static bool walk_inside(SchemaDocuments *self, SchemaResource *owner, yyjson_val *schema, const Place *place) {
    yyjson_obj_iter keys = yyjson_obj_iter_with(schema);
    bool ok = true;
    for (yyjson_val *key; ok && (key = yyjson_obj_iter_next(&keys));) {
        yyjson_val *value = yyjson_obj_iter_get_val(key);
        if (!yyjson_is_ctn(value)) continue;
        Holding holding = holding_of(ak_json_str(key));
        Place inner = {.parent = place, .token = ak_json_str(key), .depth = place->depth + 1};
        if (holding == HOLDS_NAMED) ok = walk_named(self, owner, value, &inner);
        else if (holding == HOLDS_SOME && yyjson_is_arr(value)) ok = walk_list(self, owner, value, &inner);
        else if (holding != HOLDS_NONE) ok = walk_schema(self, owner, value, &inner);
    }
    return ok;
}

static bool walk_schema(SchemaDocuments *self, SchemaResource *owner, yyjson_val *schema, const Place *place) {
    if (!yyjson_is_obj(schema) || place->depth > SCAN_DEPTH_MAX) return true;
    bool is_root = schema == owner->root;
    Str id = id_of(schema, owner->draft, is_root), name = ak_uri_fragment(id);
    if (!is_root && ak_uri_without_fragment(id).length) {
        Str uri = ak_uri_resolve(self->arena, owner->uri, ak_uri_without_fragment(id));
        SchemaDraft draft = draft_of(schema, owner->draft);
        owner = new_resource(self, schema, uri, pointer_of(self->arena, place));
        if (!owner) return false;
        owner->draft = draft;
    }
    bool is_named = name.length && name.data[0] != '/' && owner->draft <= AK_DRAFT_7;
    if (is_named && !add_anchor(self, owner, name, false, schema, place)) return false;
    return add_anchors(self, owner, schema, place) && walk_inside(self, owner, schema, place);
}

/* A whole document that was found at `uri`. */
static SchemaResource *add_document(SchemaDocuments *self, yyjson_val *root, Str uri, SchemaDraft draft,
                                    const char *pointer) {
    Str id = ak_uri_without_fragment(id_of(root, draft, true));
    Str own = id.length ? ak_uri_resolve(self->arena, uri, id) : ak_arena_str(self->arena, uri);
    SchemaResource *resource = new_resource(self, root, own, pointer);
    if (!resource || !keep(&self->by_uri, uri, resource)) return NULL;
    resource->draft = draft;
    return walk_schema(self, resource, root, &(Place){.pointer = pointer}) ? resource : NULL;
}

/* ---- The folder */

/* The document in a file, at `uri`; `uri` without data: at the address that it gives itself, if it does. */
static bool add_file(SchemaDocuments *self, yyjson_val *root, Str uri) {
    SchemaDraft draft = draft_of(root, self->draft);
    Str id = ak_uri_without_fragment(id_of(root, draft, true));
    if (!uri.data) uri = id;
    const void *room;
    const SchemaResource *known = found(&self->by_root, address(root, &room));
    if (!uri.length) return true;
    if (known) return keep(&self->by_uri, uri, known);
    Str pointer = ak_arena_format(self->arena, "%.*s#", STR_ARGS(uri));
    return pointer.data && add_document(self, root, uri, draft, pointer.data);
}

/* Where a file may be that has this address: below the folder of the first document, below its host, below the host's root. */
static bool look_at_paths(SchemaDocuments *self, Str uri, ananke_error *err) {
    if (!self->folder) return true;
    Uri parts = ak_uri_split(uri);
    size_t home = self->home.length;
    while (home > 0 && self->home.data[home - 1] != '/') home--;
    bool is_below = ak_str_starts(uri, ak_str_slice(self->home, 0, home));
    Str beside = is_below ? ak_str_slice(ak_uri_without_fragment(uri), home, uri.length) : (Str){0};
    Str hosted = ak_arena_format(self->arena, "%.*s%.*s", STR_ARGS(parts.authority), STR_ARGS(parts.path));
    const Str paths[] = {beside, hosted, parts.path};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        yyjson_val *root = NULL;
        if (!ak_schema_folder_file(self->folder, paths[i], &root, err)) return false;
        if (root) return add_file(self, root, uri) || ak_fail_memory(err, self->arena);
    }
    return true;
}

/* Whatever address is wanted: of all files those that they give themselves are known then. */
static bool look_at_all(SchemaDocuments *self, Str uri, ananke_error *err) {
    (void)uri;
    SchemaFiles files = {0};
    if (!self->folder || self->has_all) return true;
    self->has_all = true;
    if (!ak_schema_folder_all(self->folder, &files, err)) return false;
    for (size_t i = 0; i < files.count; i++) {
        if (!add_file(self, files.items[i], (Str){0})) return ak_fail_memory(err, self->arena);
    }
    return true;
}

/* ---- Metaschemas */

static bool look_at_metaschemas(SchemaDocuments *self, Str uri, ananke_error *err) {
    Str text = ak_draft_metaschema(self->arena, uri);
    if (!text.data) return ak_arena_ok(self->arena) || ak_fail_memory(err, self->arena);
    yyjson_doc *doc = ak_json_parse_raw(self->arena, text, NULL, err);
    return doc && (add_file(self, yyjson_doc_get_root(doc), uri) || ak_fail_memory(err, self->arena));
}

/* ---- Public */

const SchemaResource *ak_schema_document_add(SchemaDocuments *self, yyjson_val *root, const char *pointer,
                                             SchemaDraft draft, ananke_error *err) {
    self->draft = draft == AK_DRAFT_ANY ? draft_of(root, draft) : draft;
    const SchemaResource *resource = add_document(self, root, STR(""), self->draft, pointer);
    if (!resource) return ak_fail_memory(err, self->arena), NULL;
    self->home = resource->uri;
    return resource;
}

const SchemaResource *ak_schema_document_find(SchemaDocuments *self, Str uri, ananke_error *err) {
    static bool (*const look[])(SchemaDocuments *, Str, ananke_error *) = {look_at_paths, look_at_metaschemas,
                                                                           look_at_all};
    const SchemaResource *known = found(&self->by_uri, uri);
    for (size_t i = 0; !known && i < sizeof look / sizeof *look; i++) {
        if (!look[i](self, uri, err)) return NULL;
        known = found(&self->by_uri, uri);
    }
    return known;
}

const SchemaResource *ak_schema_document_at(const SchemaDocuments *self, yyjson_val *value) {
    const void *room;
    return found(&self->by_root, address(value, &room));
}

const SchemaAnchor *ak_schema_document_anchor(const SchemaResource *resource, Str name) {
    return found(&resource->anchors, name);
}
