/* Members by name, and their pointers. */
#include "base/members.h"
#include "base/buf.h"

const char *ak_pointer_member(MemberReader *self, const char *pointer, Str key) {
    Buf buf = {.arena = self->arena};
    ak_buf_format(&buf, "%s/", pointer);
    for (size_t i = 0; i < key.length; i++) {
        if (key.data[i] == '~') ak_buf_text(&buf, "~0");
        else if (key.data[i] == '/') ak_buf_text(&buf, "~1");
        else ak_buf_byte(&buf, key.data[i]);
    }
    if (!ak_arena_ok(self->arena)) return ak_fail_memory(self->err, self->arena), NULL;
    return ak_buf_view(&buf).data;
}

const char *ak_pointer_item(MemberReader *self, const char *pointer, size_t index) {
    Str made = ak_arena_format(self->arena, "%s/%zu", pointer, index);
    if (!made.data) ak_fail_memory(self->err, self->arena);
    return made.data;
}

bool ak_member_fail(MemberReader *self, const char *pointer, const char *what) {
    return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "%s: %s", pointer, what);
}

bool ak_member_text(MemberReader *self, yyjson_val *value, const char *pointer, Str *text) {
    *text = ak_json_str(value);
    return text->data || ak_member_fail(self, pointer, "this is to be a string");
}

bool ak_member_flag(MemberReader *self, yyjson_val *value, const char *pointer, bool *flag) {
    *flag = yyjson_is_true(value);
    return yyjson_is_bool(value) || ak_member_fail(self, pointer, "this is to be true or false");
}

static bool fail_unknown(MemberReader *self, const char *pointer, Str key, const Member *members, size_t count) {
    ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "%s: the member '%.*s' is not supported", pointer, STR_ARGS(key));
    Str *names = ak_new_array(self->arena, Str, count);
    for (size_t i = 0; names && i < count; i++) names[i] = ak_str(members[i].name);
    Str near = names ? ak_str_nearest(key, names, count) : (Str){0};
    if (near.length) ak_hint(self->err, "did you mean '%.*s'?", STR_ARGS(near));
    return false;
}

bool ak_members_take(MemberReader *self, yyjson_val *object, const char *pointer, const char *what,
                     const Member *members, size_t count) {
    if (!yyjson_is_obj(object))
        return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "%s: %s is to be an object", pointer, what);
    yyjson_obj_iter each = yyjson_obj_iter_with(object);
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&each));) {
        Str name = ak_json_str(key);
        yyjson_val *value = yyjson_obj_iter_get_val(key);
        size_t i = 0;
        while (i < count && !ak_str_equal(name, ak_str(members[i].name))) i++;
        if (i == count) return fail_unknown(self, pointer, name, members, count);
        if (yyjson_obj_getn(object, name.data, name.length) != value)
            return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "%s: '%.*s' is there twice", pointer, STR_ARGS(name));
        if (yyjson_is_null(value)) continue;
        const char *inner = ak_pointer_member(self, pointer, name);
        if (!inner || !members[i].take(self, value, inner)) return false;
    }
    return true;
}
