/* What strings spell, as yyjson has it. */
#include "../test.h"
#include "base/json.h"
#include "mask/json_spelling.h"

static Str spelt(Arena *arena, Str body) {
    JsonSpelling spelling = {0};
    char *text = ak_new_array(arena, char, AK_JSON_DECODED_MAX *(body.length + 1));
    size_t length = 0;
    assert_non_null(text);
    for (size_t i = 0; i < body.length; i++)
        length += ak_json_spelling_read(&spelling, (uint8_t)body.data[i], text + length);
    assert_false(ak_json_spelling_is_open(&spelling));
    return (Str){text, length};
}

TEST(bodies_spell_what_they_do_in_json) {
    IGNORE_STATE;
    static const char *const bodies[] = {"",
                                         "plain",
                                         "\\\"\\\\\\/\\b\\f\\n\\r\\t",
                                         "a\\u0000b\\u001F\\u007f",
                                         "\\u00e9\\u00E9\xC3\xA9",
                                         "\\uFFFF\\u20ac",
                                         "\\uD83D\\uDE00\xF0\x9F\x98\x80",
                                         "\\ud800\\udc00\\uDBFF\\uDFFFz"};
    Arena arena = ak_arena(NULL);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        Str quoted = ak_arena_format(&arena, "\"%s\"", bodies[i]);
        yyjson_doc *doc = ak_json_parse(&arena, quoted, NULL, NULL);
        assert_non_null(doc);
        Str wanted = ak_json_str(yyjson_doc_get_root(doc)), found = spelt(&arena, ak_str(bodies[i]));
        if (!ak_str_equal(wanted, found)) fail_msg("%s spells %.*s", bodies[i], STR_ARGS(found));
    }
    ak_arena_free(&arena);
}

TEST(an_escape_is_open_up_to_its_end) {
    IGNORE_STATE;
    JsonSpelling spelling = {0};
    char decoded[AK_JSON_DECODED_MAX];
    const char *pair = "\\uD83D\\uDE00";
    for (size_t i = 0; i < strlen(pair); i++) {
        assert_int_equal(ak_json_spelling_is_open(&spelling), i != 0);
        size_t length = ak_json_spelling_read(&spelling, (uint8_t)pair[i], decoded);
        assert_int_equal(length, i + 1 == strlen(pair) ? 4 : 0);
    }
    assert_false(ak_json_spelling_is_open(&spelling));
}

/* No grammar has them, files may. */
TEST(what_is_malformed_stays_within_bounds) {
    IGNORE_STATE;
    static const char *const bodies[] = {"\\x",    "\\uD83D",  "\\uD83D\\uD83D\\n", "\\uDE00",
                                         "\\u12G", "\\uD83Da", "\\uD83D\\n"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        JsonSpelling spelling = {0};
        for (const char *at = bodies[i]; *at; at++) {
            char decoded[AK_JSON_DECODED_MAX];
            assert_true(ak_json_spelling_read(&spelling, (uint8_t)*at, decoded) <= sizeof decoded);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_spell_what_they_do_in_json),
        cmocka_unit_test(an_escape_is_open_up_to_its_end),
        cmocka_unit_test(what_is_malformed_stays_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
