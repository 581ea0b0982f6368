/* JSON Schemas in one normal form: a set of JSON values is a union of plain values (strings, numbers, true, false, null: regular expressions over
 * their JSON texts), arrays, objects, and references to other schemas.
 *
 * Reading turns keywords into that form, which is closed under union (anyOf), intersection (allOf, keywords beside each other) and complement (not; with
 * it oneOf, if and dependencies). Building turns it into a grammar. Objects have their properties in the schema's order, or in any.
 *
 * An accepted instance is valid, but for what is left out: a keyword that cannot be held is noted with its JSON pointer (ak_schema_leave_out), and the
 * schema goes on with more values than it should have. The complement of such a schema would have too few, so it is left out, too. */
#ifndef AK_MASK_JSON_SCHEMA_H
#define AK_MASK_JSON_SCHEMA_H

#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "mask/grammar.h"
#include "mask/json_options.h"
#include "mask/json_schema_document.h"

typedef struct Schema Schema;
typedef struct SchemaRef SchemaRef;

typedef struct SchemaProperty {
    Str name;           /* decoded */
    const Schema *what; /* of nothing: the property must not be there */
    bool is_required;
    bool is_unplaced; /* nothing but `required` names it: it stands behind those that have a place */
    uint32_t rank;    /* its place in `required`, from 1; 0: it has none */
} SchemaProperty;

/* Properties with certain names, and their values. */
typedef struct NameClass {
    Expr names; /* JSON texts with their quotes, in all spellings */
    const Schema *what;
} NameClass;

/* So many of the items or properties must be of `what`. */
typedef struct SchemaDemand {
    Expr names;        /* of the properties that count, as of a NameClass */
    uint64_t from;     /* items before that one do not count */
    uint64_t min, max; /* UINT64_MAX: no bound, as it is for properties */
    const Schema *what;
    const char *pointer; /* where it comes from */
} SchemaDemand;

typedef struct ObjectShape {
    VEC(SchemaProperty) properties;
    VEC(NameClass)
    others; /* the other properties: the classes are apart, and every name is in one (but the listed ones, which may be in any) */
    VEC(SchemaDemand) demands; /* listed properties may meet them, too */
    uint64_t min_count;        /* minProperties */
    uint64_t max_count;        /* maxProperties; UINT64_MAX: no bound */
    const char *pointer;       /* where it comes from, for what is left out, */
    const char *min_pointer;   /* and where its bounds do */
    const char *max_pointer;
} ObjectShape;

typedef struct ArrayShape {
    VEC(const Schema *) first;     /* prefixItems */
    const Schema *others;          /* items */
    VEC(SchemaDemand) demands;     /* contains */
    uint64_t min_count, max_count; /* UINT64_MAX: no bound */
    const char *pointer;
    const char *unique_pointer; /* where it comes from that no two items may be equal; NULL: they may */
} ArrayShape;

typedef enum PlainKind { PLAIN_STRING, PLAIN_NUMBER, PLAIN_NULL, PLAIN_TRUE, PLAIN_FALSE, PLAIN_KINDS } PlainKind;

struct Schema {
    bool is_any;             /* everything; the rest is then filled in too */
    Expr plain[PLAIN_KINDS]; /* JSON texts; AK_EXPR_NOTHING: no such values */
    VEC(const ArrayShape *) arrays;
    VEC(const ObjectShape *) objects;
    VEC(SchemaRef *) refs;
};

/* The resources that evaluation has come through on its way to a schema, as far as one of their dynamic anchors was new then: what `$dynamicRef` asks.
 * Equal ones are the same object; NULL: there is none. */
typedef struct SchemaScope {
    const struct SchemaScope *outer;
    const SchemaResource *resource;
} SchemaScope;

/* Where reading is. */
typedef struct SchemaContext {
    const SchemaResource *resource;
    const SchemaScope *scope;
} SchemaContext;

/* A schema that is known by a name, and may so be in itself: a place, read in a scope, or what two schemas have in common. */
struct SchemaRef {
    const char *pointer; /* "#/$defs/node" */
    yyjson_val *value;   /* NULL: `left` and `right` have it in common */
    SchemaContext context;
    const Schema *left, *right;
    const Schema *itself;            /* the schema that is this reference and nothing else */
    const Schema *schema;            /* NULL until it is read */
    uint32_t opened;                 /* its number among those that are being read, from 1; 0: it is not */
    SchemaRef *waits_for;            /* its reading needs this one to be complete */
    bool is_nothing;                 /* it is certain that nothing is in it */
    bool is_something;               /* that has been asked, and is not certain */
    bool is_reading;                 /* of a complement: it is being worked out */
    bool is_loose;                   /* something was left out of the schema */
    const struct SchemaCases *cases; /* NULL: not asked for yet */
    SchemaRef *complement;           /* NULL: not asked for yet */
    SchemaRef *complement_of;        /* it is what is not there; NULL: it is no complement */
};

/* The terminals around members, with the white space that belongs to them. */
typedef struct Brackets {
    Symbol open_object, close_object, empty_object; /* that last one is used where options.is_empty_apart */
    Symbol open_array, close_array, empty_array;
    Symbol comma;
} Brackets;

/* What reading, merging and building share. */
typedef struct SchemaReader {
    Grammar *grammar;
    Arena *arena;
    Exprs *exprs;
    ananke_error *err;
    SchemaDocuments documents;
    SchemaContext here;
    Map refs;   /* (value, scope) or (schema, schema) → SchemaRef */
    Map scopes; /* (scope, resource) → SchemaScope */
    uint32_t open_count;
    /* References opened up to here are not complete, but what is read now stands inside of their values. */
    uint32_t boundary;
    uint32_t assumed;      /* the outermost open reference that was taken for empty; UINT32_MAX: none was */
    SchemaRef *unfinished; /* what failed did so because this one, outside of the boundary, is not complete */
    bool is_loose;         /* something was left out since this was cleared */
    Map symbols;           /* address of a Schema or SchemaRef, and level → Symbol */
    Map spellings;         /* name → ak_json_spellings */
    Map formats;           /* name → Expr of the bodies that have it */
    uint64_t fuel;         /* schemas that may still be made */
    uint64_t expr_floor;   /* and steps of the expressions' fuel that must be left meanwhile */
    uint32_t depth, merge_depth, build_depth;
    const Schema *any, *nothing;
    Expr strings, numbers, integers; /* JSON texts */
    JsonOptions options;
    const Brackets *brackets; /* by level */
    uint32_t level;           /* objects and arrays around what is being built, where lines are indented; else 0 */
} SchemaReader;

/* Reads the schema at `value`. `pointer` says where it is. NULL and self->err on failure. */
const Schema *ak_schema_read(SchemaReader *self, yyjson_val *value, const char *pointer);
/* The same for a schema of an inner value: an item, a property. One that needs a reference whose reading has not ended becomes a reference
 * itself, to be read later. */
const Schema *ak_schema_read_inner(SchemaReader *self, yyjson_val *value, const char *pointer);
/* What `$ref`, `$dynamicRef` or `$recursiveRef` names, from where reading is. NULL and self->err when there is no such place. */
const Schema *ak_schema_ref(SchemaReader *self, const char *keyword, Str target, const char *pointer);
/* What is at that place, read when it is asked for first. A schema that is in itself without a value between is an error. */
const Schema *ak_schema_resolve(SchemaReader *self, SchemaRef *ref);
/* The same, and an error where it depends on a schema that is being read: what is not in it could not be said. */
const Schema *ak_schema_resolve_wholly(SchemaReader *self, SchemaRef *ref);
/* The same as the first, but such a schema adds nothing to itself: right where only unions and intersections are made of it. */
const Schema *ak_schema_follow(SchemaReader *self, SchemaRef *ref);
/* The schema that `left` and `right`, of inner values, have in common, worked out once, when it is asked for; it may be in itself. */
const Schema *ak_schema_common(SchemaReader *self, const Schema *left, const Schema *right);
/* Is it certain that nothing is in it? A schema whose reading has not ended may have something. */
bool ak_schema_ref_is_nothing(SchemaReader *self, SchemaRef *ref);
/* Where reading goes into `value`, at self->here; the caller puts that back. */
bool ak_schema_enter(SchemaReader *self, yyjson_val *value);
/* The draft that holds where reading is. */
static inline SchemaDraft ak_schema_draft(const SchemaReader *self) {
    return self->here.resource->draft;
}

/* The keyword at `pointer`/`keyword` is not held. False and self->err when that must not be. */
bool ak_schema_leave_out(SchemaReader *self, const char *pointer, const char *keyword, const char *reason);

/* An empty schema to fill. Takes fuel. */
Schema *ak_schema_new(SchemaReader *self);
/* One with nothing but this array, or this object, in it. */
const Schema *ak_schema_of_array(SchemaReader *self, const ArrayShape *shape);
const Schema *ak_schema_of_object(SchemaReader *self, const ObjectShape *shape);
/* Everything, but only this array, and only this object; NULL: any. */
const Schema *ak_schema_any_but(SchemaReader *self, const ArrayShape *array, const ObjectShape *object);
/* An object shape that has all objects. */
ObjectShape *ak_schema_any_object(SchemaReader *self, const char *pointer);
/* What is in both. */
const Schema *ak_schema_both(SchemaReader *self, const Schema *a, const Schema *b);
/* The same of inner values: properties, items. */
const Schema *ak_schema_both_inner(SchemaReader *self, const Schema *a, const Schema *b);
/* What is in one of them. */
const Schema *ak_schema_union(SchemaReader *self, const Schema *const *members, size_t count);
/* What is not in it. Sets self->is_loose where that cannot be had. */
const Schema *ak_schema_not(SchemaReader *self, const Schema *schema);
/* The values of the properties of that name, as the classes say. */
const Schema *ak_schema_of_name(SchemaReader *self, const ObjectShape *shape, Str name);
/* The texts of `names`, as of a NameClass, that are none of the listed properties. AK_EXPR_FAILED when out of memory. */
Expr ak_schema_unlisted(SchemaReader *self, const ObjectShape *shape, Expr names);
/* The body of the name in all its spellings. */
Expr ak_schema_spellings(SchemaReader *self, Str name);
/* Is it one reference and nothing else? */
bool ak_schema_is_ref(const Schema *schema);
/* Is it certain that no text matches? */
bool ak_schema_is_empty(SchemaReader *self, Expr texts);
/* Is it certain that nothing is in it? Looks through required properties and items, and through references. */
bool ak_schema_is_nothing(SchemaReader *self, const Schema *schema);

/* The value that stands between quotes, as a fixed value: for const and enum. */
const Schema *ak_schema_constant(SchemaReader *self, yyjson_val *value, const char *pointer);

/* Makes the terminals that all schemas share. False when out of memory. */
bool ak_schema_begin_building(SchemaReader *self);
/* The symbol for a schema, and for a reference. AK_SYMBOL_FAILED and self->err on failure. */
Symbol ak_schema_symbol(SchemaReader *self, const Schema *schema);
Symbol ak_schema_ref_symbol(SchemaReader *self, SchemaRef *ref);

/* Adds the schema at `root` to the grammar; `*start` is its symbol. Numbers are as they are written (ak_json_parse_raw); the value must live as long as
 * the grammar is built. `pointer` is what pointers begin with: "#" for a schema that is a document. */
bool ak_json_schema_value(Grammar *grammar, yyjson_val *root, const char *pointer, Symbol *start, ananke_error *err);
/* The same for the schema `value`, at `pointer`, inside of the one at `root`, which is where its references look. */
bool ak_json_schema_inner(Grammar *grammar, yyjson_val *root, const char *root_pointer, yyjson_val *value,
                          const char *pointer, Symbol *start, ananke_error *err);
/* The same for the schema in `text`. */
bool ak_json_schema(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

#endif
