/* JSON objects whose members are known by name: each goes to a function of its own. A member that is not known, or is there twice, is an error; null
 * is as if it were not there. */
#ifndef AK_BASE_MEMBERS_H
#define AK_BASE_MEMBERS_H

#include "base/json.h"

/* What all the functions of one reader are handed. */
typedef struct MemberReader {
    Arena *arena;
    ananke_error *err;
} MemberReader;

/* `pointer` is the value's JSON pointer, "#/tools/0/name". */
typedef bool TakeMember(MemberReader *self, yyjson_val *value, const char *pointer);

typedef struct Member {
    const char *name;
    TakeMember *take;
} Member;

/* Hands the members of `object`, which is at `pointer`, over in their order. `what` is said when it is no object: "a tool". */
bool ak_members_take(MemberReader *self, yyjson_val *object, const char *pointer, const char *what,
                     const Member *members, size_t count);

/* "POINTER/KEY" with the key escaped, and "POINTER/INDEX", in the arena; NULL and `err` when out of memory. */
const char *ak_pointer_member(MemberReader *self, const char *pointer, Str key);
const char *ak_pointer_item(MemberReader *self, const char *pointer, size_t index);

/* Says "POINTER: WHAT" as an error of syntax; false. */
bool ak_member_fail(MemberReader *self, const char *pointer, const char *what);

/* The value as what it has to be; an error says so when it is something else. */
bool ak_member_text(MemberReader *self, yyjson_val *value, const char *pointer, Str *text);
bool ak_member_flag(MemberReader *self, yyjson_val *value, const char *pointer, bool *flag);

#endif
