/* References: from what `$ref` and its kin say to a schema.
 *
 * A place is read once for each dynamic scope that it is reached in, so `$dynamicRef` is exact: what it names depends on the outermost resource that has
 * the anchor, and that is known once the way to the reference is. Most documents have no dynamic anchors, and one scope.
 *
 * A schema may lead back to itself. Behind a value (`properties`, `items`) that is recursion: the schema of the inner value is then read later, as a reference.
 * Before any value is taken, the reference adds nothing to its own schema: unions and intersections are monotone and distribute, so that the least
 * set of values is what comes out with "nothing" in its place. Results that were found on such an assumption about a schema further
 * out hold only for that, and are not kept. A schema that is nothing but such a circle is an error. */
#include "mask/json_schema_cases.h"
#include "mask/json_schema_uri.h"
#include <assert.h>

enum { OPEN_MAX = 400 };

static const Schema *no_memory(SchemaReader *self) {
    ak_fail_memory(self->err, self->arena);
    return NULL;
}

/* ---- Scopes */

static bool has_dynamic(const SchemaResource *resource, Str name) {
    const SchemaAnchor *anchor = ak_schema_document_anchor(resource, name);
    return anchor && anchor->is_dynamic;
}

/* The outermost resource of the scope with that dynamic anchor; NULL when there is none. */
static const SchemaResource *outermost(const SchemaScope *scope, Str name) {
    const SchemaResource *found = NULL;
    for (; scope; scope = scope->outer) {
        if (has_dynamic(scope->resource, name)) found = scope->resource;
    }
    return found;
}

/* Would the scope say more if the resource were in it? */
static bool is_news(const SchemaScope *scope, const SchemaResource *resource) {
    for (size_t i = 0; resource->has_dynamic && i < resource->anchors.entries.count; i++) {
        Str name = resource->anchors.entries.items[i].key;
        if (has_dynamic(resource, name) && !outermost(scope, name)) return true;
    }
    return false;
}

/* `*scope` with one more resource. */
static bool push_scope(SchemaReader *self, const SchemaScope **scope, const SchemaResource *resource) {
    if (!is_news(*scope, resource)) return true;
    const void *parts[] = {*scope, resource};
    Str key = ak_arena_str(self->arena, (Str){(const char *)parts, sizeof parts});
    uint64_t *slot = key.data ? ak_map_put(&self->scopes, key, NULL) : NULL;
    if (slot && !*slot) {
        SchemaScope *fresh = ak_new(self->arena, SchemaScope);
        if (fresh) *fresh = (SchemaScope){*scope, resource};
        *slot = (uint64_t)(uintptr_t)fresh;
    }
    if (!slot || !*slot) return ak_fail_memory(self->err, self->arena);
    return *scope = (const SchemaScope *)(uintptr_t)*slot, true;
}

bool ak_schema_enter(SchemaReader *self, yyjson_val *value) {
    const SchemaResource *resource = ak_schema_document_at(&self->documents, value);
    if (resource) self->here.resource = resource;
    return push_scope(self, &self->here.scope, self->here.resource);
}

/* ---- Reference objects */

/* The reference with this key; a fresh one has no pointer yet. NULL when out of memory or fuel. */
static SchemaRef *ref_of(SchemaReader *self, const void *first, const void *second) {
    const void *parts[] = {first, second};
    Str key = ak_arena_str(self->arena, (Str){(const char *)parts, sizeof parts});
    uint64_t *slot = key.data ? ak_map_put(&self->refs, key, NULL) : NULL;
    if (!slot) return no_memory(self), NULL;
    if (*slot) return (SchemaRef *)(uintptr_t)*slot;
    SchemaRef *ref = ak_new(self->arena, SchemaRef);
    Schema *itself = ref ? ak_schema_new(self) : NULL;
    if (ref && !itself) return NULL;
    if (!ref || !ak_vec_push(self->arena, &itself->refs, ref)) return no_memory(self), NULL;
    ref->itself = itself;
    *slot = (uint64_t)(uintptr_t)ref;
    return ref;
}

static SchemaRef *place(SchemaReader *self, yyjson_val *value, const char *pointer, SchemaContext context) {
    if (!push_scope(self, &context.scope, context.resource)) return NULL;
    SchemaRef *ref = ref_of(self, value, context.scope);
    if (ref && !ref->pointer) ref->pointer = pointer, ref->value = value, ref->context = context;
    return ref;
}

/* ---- Targets */

/* A place in a document, with the resource that it belongs to. */
typedef struct Target {
    yyjson_val *value; /* NULL: there is nothing */
    const char *pointer;
    const SchemaResource *resource;
} Target;

static yyjson_val *item_of(yyjson_val *list, Str token) {
    size_t index = 0;
    bool is_number = token.length > 0 && token.length < 10 && (token.length == 1 || token.data[0] != '0');
    for (size_t i = 0; i < token.length && is_number; i++) {
        is_number = token.data[i] >= '0' && token.data[i] <= '9';
        index = index * 10 + (size_t)(token.data[i] - '0');
    }
    return is_number ? yyjson_arr_get(list, index) : NULL;
}

/* A token of a JSON pointer without ~0 and ~1. */
static Str plain_token(Arena *arena, Str token) {
    Buf buf = {.arena = arena};
    ak_buf_bytes(&buf, "", 0);
    for (size_t i = 0; i < token.length; i++) {
        bool is_escape =
            token.data[i] == '~' && i + 1 < token.length && (token.data[i + 1] == '0' || token.data[i + 1] == '1');
        if (is_escape) ak_buf_byte(&buf, token.data[++i] == '0' ? '~' : '/');
        else ak_buf_byte(&buf, token.data[i]);
    }
    return ak_buf_view(&buf);
}

/* Goes down from the resource's root; on the way other resources may begin. */
static Target at_pointer(SchemaReader *self, const SchemaResource *resource, Str path) {
    Target target = {resource->root, resource->pointer, resource};
    for (Str rest = ak_str_slice(path, 1, path.length), token; target.value && path.length;) {
        size_t end = ak_str_find_byte(rest, '/', 0);
        token = plain_token(self->arena, ak_str_slice(rest, 0, end));
        yyjson_val *inner = yyjson_is_arr(target.value) ? item_of(target.value, token)
                                                        : yyjson_obj_getn(target.value, token.data, token.length);
        target.value = inner;
        target.pointer = ak_json_pointer_child(self->arena, target.pointer, token);
        const SchemaResource *own = inner ? ak_schema_document_at(&self->documents, inner) : NULL;
        if (own) target.resource = own;
        if (end == SIZE_MAX) break;
        rest = ak_str_slice(rest, end + 1, rest.length);
    }
    return target;
}

static Target at_anchor(const SchemaResource *resource, Str name) {
    const SchemaAnchor *anchor = ak_schema_document_anchor(resource, name);
    return anchor ? (Target){anchor->value, anchor->pointer, resource} : (Target){0};
}

static Target at_fragment(SchemaReader *self, const SchemaResource *resource, Str fragment) {
    bool is_pointer = !fragment.length || fragment.data[0] == '/';
    return is_pointer ? at_pointer(self, resource, fragment) : at_anchor(resource, fragment);
}

/* A dynamic reference whose first target is a dynamic anchor means the outermost one of that name. */
static Target in_scope(const SchemaReader *self, const char *keyword, Target target, Str fragment) {
    bool is_recursive = strcmp(keyword, "$recursiveRef") == 0;
    if (!target.value || (!is_recursive && strcmp(keyword, "$dynamicRef") != 0)) return target;
    Str name = is_recursive ? STR("") : fragment;
    bool is_named = is_recursive ? !fragment.length : fragment.length && fragment.data[0] != '/';
    if (!is_named || !has_dynamic(target.resource, name)) return target;
    const SchemaResource *outer = outermost(self->here.scope, name);
    return outer ? at_anchor(outer, name) : target;
}

/* ---- What a reference names */

static const Schema *nothing_there(SchemaReader *self, const char *keyword, Str target, const char *pointer) {
    ak_fail(self->err, ANANKE_ERROR_SYNTAX, "JSON Schema: %s/%s: there is nothing at `%.*s`", pointer, keyword,
            STR_ARGS(target));
    return NULL;
}

/* The resource of a reference that leads to no known document. */
static const Schema *document_is_missing(SchemaReader *self, const char *keyword, Str uri, const char *pointer) {
    if (self->err->code != ANANKE_OK) return NULL;
    if (!ak_arena_ok(self->arena)) return no_memory(self);
    if (ak_draft_is_metaschema(uri)) {
        const char *reason = "that a value is a schema is not enforced";
        return ak_schema_leave_out(self, pointer, keyword, reason) ? self->any : NULL;
    }
    bool has_folder = self->documents.folder != NULL;
    ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "JSON Schema: %s/%s: `%.*s` is in another document%s", pointer,
            keyword, STR_ARGS(uri), has_folder ? ", which the folder of schemas does not have" : "");
    ak_hint(self->err, has_folder ? "put it there, by the path of its address or with that address as its `$id`"
                                  : "give the folder that has it (schema_folder, --schema-folder)");
    return NULL;
}

const Schema *ak_schema_ref(SchemaReader *self, const char *keyword, Str target, const char *pointer) {
    const SchemaResource *resource = self->here.resource;
    Str whole = ak_uri_resolve(self->arena, resource->uri, target);
    Str fragment = ak_uri_unescape(self->arena, ak_uri_fragment(whole)), uri = ak_uri_without_fragment(whole);
    if (!ak_arena_ok(self->arena)) return no_memory(self);
    if (!ak_str_equal(uri, resource->uri)) resource = ak_schema_document_find(&self->documents, uri, self->err);
    if (!resource) return document_is_missing(self, keyword, uri, pointer);
    Target found = in_scope(self, keyword, at_fragment(self, resource, fragment), fragment);
    if (!ak_arena_ok(self->arena)) return no_memory(self);
    if (!found.value) return nothing_there(self, keyword, target, pointer);
    SchemaContext context = {found.resource, self->here.scope};
    SchemaRef *ref = place(self, found.value, found.pointer, context);
    return ref ? ref->itself : NULL;
}

/* ---- Reading what is there */

static const Schema *leads_back(SchemaReader *self, const SchemaRef *ref) {
    ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED,
            "JSON Schema: %s: a `$ref` leads back to itself before any value is taken", ref->pointer);
    return NULL;
}

static bool is_empty(const Schema *schema) {
    for (int kind = 0; kind < PLAIN_KINDS; kind++) {
        if (schema->plain[kind] != AK_EXPR_NOTHING) return false;
    }
    return !schema->arrays.count && !schema->objects.count && !schema->refs.count;
}

/* Is the schema a reference, that another one and so on, until it comes back? */
static bool is_circle(const SchemaRef *ref, const Schema *schema) {
    for (size_t steps = 0; schema && steps < OPEN_MAX; steps++) {
        if (!ak_schema_is_ref(schema)) return false;
        if (schema->refs.items[0] == ref) return true;
        schema = schema->refs.items[0]->schema;
    }
    return false;
}

/* One that was asked for once, and failed then: it was a part of something too large. */
static const Schema *read_complement(SchemaReader *self, SchemaRef *ref) {
    ref->is_reading = true;
    const Schema *target = ak_schema_resolve_wholly(self, ref->complement_of);
    const Schema *schema = target ? ak_schema_not(self, target) : NULL;
    ref->is_reading = false;
    return schema;
}

static const Schema *read_ref(SchemaReader *self, SchemaRef *ref) {
    if (ref->complement_of) return read_complement(self, ref);
    if (!ref->value) return ak_schema_both(self, ref->left, ref->right);
    SchemaContext outside = self->here;
    self->here = ref->context;
    const Schema *schema = ak_schema_read(self, ref->value, ref->pointer);
    self->here = outside;
    return schema;
}

/* What is as it was when a reference has been read. */
typedef struct Opening {
    uint32_t assumed;
    bool was_loose;
} Opening;

static bool begin(SchemaReader *self, SchemaRef *ref, Opening *outside) {
    if (self->open_count >= OPEN_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: %s: nested too deeply", ref->pointer);
    *outside = (Opening){self->assumed, self->is_loose};
    ref->opened = ++self->open_count;
    self->assumed = UINT32_MAX, self->is_loose = false;
    return true;
}

/* What was assumed meanwhile about this reference, or about others further out: what has been read is not final then. */
typedef struct Assumed {
    bool itself, others;
} Assumed;

static Assumed end(SchemaReader *self, SchemaRef *ref, const Opening *outside) {
    Assumed assumed = {self->assumed == ref->opened, self->assumed < ref->opened};
    ref->is_loose |= self->is_loose, self->is_loose |= outside->was_loose;
    ref->waits_for = self->unfinished;
    ref->opened = 0, self->open_count--;
    if (!assumed.others || self->assumed > outside->assumed) self->assumed = outside->assumed;
    return assumed;
}

static const Schema *open_ref(SchemaReader *self, SchemaRef *ref) {
    Opening outside = {0};
    if (!begin(self, ref, &outside)) return NULL;
    const Schema *schema = read_ref(self, ref);
    Assumed assumed = end(self, ref, &outside);
    if (!schema) return NULL;
    bool is_nothing_else = (assumed.itself && is_empty(schema) && ref->value) || is_circle(ref, schema);
    if (is_nothing_else) return leads_back(self, ref);
    if (!assumed.others) ref->schema = schema;
    return schema;
}

/* What keeps the reference from being read now: an open one outside of the boundary. */
static SchemaRef *obstacle(const SchemaReader *self, SchemaRef *ref) {
    if (ref->opened) return ref->opened <= self->boundary ? ref : NULL;
    SchemaRef *other = ref->waits_for;
    return other && other->opened && other->opened <= self->boundary ? other : NULL;
}

/* Whether what is at the reference may be read now, or taken as it is if it is being read. */
static bool is_ready(SchemaReader *self, SchemaRef *ref) {
    SchemaRef *other = obstacle(self, ref);
    if (!other) return true;
    self->unfinished = other;
    return leads_back(self, other), false;
}

static void assume(SchemaReader *self, const SchemaRef *ref) {
    if (ref->opened < self->assumed) self->assumed = ref->opened;
}

static const Schema *resolve(SchemaReader *self, SchemaRef *ref, bool may_assume) {
    self->is_loose |= ref->is_loose;
    if (ref->schema) return ref->schema;
    if (ref->is_reading) return leads_back(self, ref);
    if (!is_ready(self, ref)) return NULL;
    if (!ref->opened) return open_ref(self, ref);
    if (!may_assume) return leads_back(self, ref);
    return assume(self, ref), self->nothing;
}

const Schema *ak_schema_resolve(SchemaReader *self, SchemaRef *ref) {
    return resolve(self, ref, false);
}

const Schema *ak_schema_resolve_wholly(SchemaReader *self, SchemaRef *ref) {
    uint32_t outside = self->assumed;
    self->assumed = UINT32_MAX;
    const Schema *schema = resolve(self, ref, false);
    bool has_assumed = self->assumed != UINT32_MAX;
    self->assumed = outside;
    return schema && has_assumed ? leads_back(self, ref) : schema;
}

const Schema *ak_schema_follow(SchemaReader *self, SchemaRef *ref) {
    return resolve(self, ref, true);
}

/* ---- Cases */

static const SchemaCases *open_cases(SchemaReader *self, SchemaRef *ref) {
    Opening outside = {0};
    SchemaCases *cases = ak_new(self->arena, SchemaCases);
    if (!cases) return ak_fail_memory(self->err, self->arena), NULL;
    if (!begin(self, ref, &outside)) return NULL;
    SchemaContext here = self->here;
    self->here = ref->context;
    bool ok = ak_schema_read_cases(self, ref->value, ref->pointer, cases);
    self->here = here;
    Assumed assumed = end(self, ref, &outside);
    if (ok && assumed.itself && !cases->list.count) ok = leads_back(self, ref) != NULL;
    if (ok && !assumed.others) ref->cases = cases;
    return ok ? cases : NULL;
}

const SchemaCases *ak_schema_ref_cases(SchemaReader *self, SchemaRef *ref) {
    static const SchemaCases none = {0};
    assert(ref->value);
    self->is_loose |= ref->is_loose;
    if (ref->cases) return ref->cases;
    if (!is_ready(self, ref)) return NULL;
    return ref->opened ? (assume(self, ref), &none) : open_cases(self, ref);
}

/* ---- Inner values */

/* Forgets a failure that only says that a reference outside is not complete. */
static bool can_wait(SchemaReader *self) {
    if (!self->unfinished) return false;
    self->unfinished = NULL;
    *self->err = (ananke_error){0};
    return true;
}

/* From here on what is open is outside. */
static uint32_t push_boundary(SchemaReader *self) {
    uint32_t outside = self->boundary;
    self->boundary = self->open_count;
    return outside;
}

const Schema *ak_schema_read_inner(SchemaReader *self, yyjson_val *value, const char *pointer) {
    uint32_t outside = push_boundary(self);
    const Schema *schema = ak_schema_read(self, value, pointer);
    self->boundary = outside;
    if (schema || !can_wait(self)) return schema;
    SchemaRef *ref = place(self, value, pointer, self->here);
    return ref ? ref->itself : NULL;
}

/* What stands for a schema in a pair: the same for all that are one reference. */
static const void *identity(const Schema *schema) {
    return ak_schema_is_ref(schema) ? (const void *)schema->refs.items[0] : schema;
}

const Schema *ak_schema_common(SchemaReader *self, const Schema *left, const Schema *right) {
    const void *first = identity(left), *second = identity(right);
    SchemaRef *ref = (uintptr_t)first < (uintptr_t)second ? ref_of(self, first, second) : ref_of(self, second, first);
    if (!ref) return NULL;
    if (!ref->pointer) {
        ref->left = left, ref->right = right;
        ref->pointer = left->refs.count ? left->refs.items[0]->pointer : right->refs.items[0]->pointer;
    }
    return ref->schema ? ref->schema : ref->itself;
}

bool ak_schema_ref_is_nothing(SchemaReader *self, SchemaRef *ref) {
    if (ref->is_nothing || ref->is_something) return ref->is_nothing;
    ananke_error before = *self->err;
    uint32_t outside = push_boundary(self);
    const Schema *schema = resolve(self, ref, false);
    self->boundary = outside;
    if (!schema) return self->unfinished = NULL, *self->err = before, false; /* who needs it will see the error */
    ref->is_something = true; /* meanwhile: what it says of itself is not certain */
    ref->is_nothing = ak_schema_is_nothing(self, schema);
    return ref->is_nothing;
}
