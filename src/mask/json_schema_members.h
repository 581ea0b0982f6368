/* The members of an object: what the builders of the listed order (json_schema_members.c) and of any order (json_schema_any_order.c) share. */
#ifndef AK_MASK_JSON_SCHEMA_MEMBERS_H
#define AK_MASK_JSON_SCHEMA_MEMBERS_H

#include "mask/json_schema_build.h"

/* The members from some property on, in the listed order. */
typedef struct MembersRest {
    Symbol some;      /* one or more of them */
    Symbol behind;    /* a comma and those or, where it may be, nothing */
    bool may_be_none; /* it may */
} MembersRest;

/* `met` is a set of demands, here and below. */
typedef struct Members {
    SchemaReader *self;
    const ObjectShape *shape;
    const SchemaProperty **properties; /* those that there can be */
    size_t count;
    bool has_others;
    uint64_t min, max; /* that do not hold anyway */
    uint32_t all;      /* demands */
    /* In the listed order, where the builder is: it goes from the last property to the first. */
    size_t counts;      /* how many numbers of members are told apart */
    MembersRest *rests; /* at the property that is looked at: by count, demands met */
    Symbol mixed;       /* behind a member there, when other members may come first; FAILED: they may not */
    Symbol free[2];     /* any other member, without and with a comma */
} Members;

/* `"name": ` of a listed property. */
Symbol ak_members_name(SchemaReader *self, Str name);
/* The value, if it meets the demands `met` too; NULL on failure. */
const Schema *ak_members_meeting(const Members *self, const Schema *what, uint32_t met);
/* Any member that is not listed and meets the demands. AK_SYMBOL_FAILED on failure. */
Symbol ak_members_other(const Members *self, uint32_t met);
/* The demands that the property can meet. */
uint32_t ak_members_demands(const Members *self, const SchemaProperty *property);
/* May there be none? */
bool ak_members_may_be_none(const Members *self);

/* The object with its members in any order. AK_SYMBOL_FAILED on failure. */
Symbol ak_build_any_order(const Members *members);

#endif
