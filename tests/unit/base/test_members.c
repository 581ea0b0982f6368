/* Members by name: each goes to its function, with its pointer; what is wrong is named. */
#include "../test.h"
#include "base/members.h"

typedef struct Pair {
    MemberReader reader;
    Str text;
    bool flag;
    char pointer[64];
} Pair;

static bool take_text(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Pair *self = (Pair *)reader;
    strncpy(self->pointer, pointer, sizeof self->pointer - 1);
    return ak_member_text(reader, value, pointer, &self->text);
}

static bool take_flag(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_flag(reader, value, pointer, &((Pair *)reader)->flag);
}

static bool take(Pair *self, Arena *arena, const char *json, ananke_error *err) {
    static const Member members[] = {{"a/b~", take_text}, {"flag", take_flag}};
    *self = (Pair){.reader = {arena, err}};
    yyjson_doc *doc = ak_json_parse(arena, ak_str(json), NULL, err);
    assert_non_null(doc);
    return ak_members_take(&self->reader, yyjson_doc_get_root(doc), "#/p", "a pair", members, 2);
}

TEST(members_go_to_their_functions) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Pair self;
    assert_true(take(&self, &arena, "{\"flag\": true, \"a/b~\": \"x\"}", NULL));
    assert_true(self.flag);
    assert_true(ak_str_equal(self.text, STR("x")));
    assert_string_equal(self.pointer, "#/p/a~1b~0");
    assert_true(take(&self, &arena, "{\"flag\": null}", NULL));
    assert_false(self.flag);
    assert_string_equal(ak_pointer_item(&self.reader, "#/p", 12), "#/p/12");
    ak_arena_free(&arena);
}

TEST(errors_name_the_member) {
    IGNORE_STATE;
    static const struct {
        const char *json, *message;
    } rows[] = {{"5", "#/p: a pair is to be an object"},
                {"{\"flags\": true}", "#/p: the member 'flags' is not supported"},
                {"{\"flag\": true, \"flag\": true}", "#/p: 'flag' is there twice"},
                {"{\"flag\": 1}", "#/p/flag: this is to be true or false"},
                {"{\"a/b~\": 1}", "#/p/a~1b~0: this is to be a string"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        Pair self;
        assert_false(take(&self, &arena, rows[i].json, &err));
        assert_string_equal(err.message, rows[i].message);
        assert_string_equal(err.hint, i == 1 ? "did you mean 'flag'?" : "");
        ak_arena_free(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_go_to_their_functions),
        cmocka_unit_test(errors_name_the_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
