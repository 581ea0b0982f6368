/* Texts of random lists of strings, counted by the lexer's states and by the list. */
#include "base/buf.h"
#include "mask/matcher.h"
#include "mask/state_texts.h"
#include "schema_fixture.h"

enum { WORDS = 700, LONGEST = 6 }; /* more words than are listed in rosters */

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* Different words, so many or fewer. */
static size_t make_words(char words[WORDS][LONGEST + 1]) {
    size_t count = 0;
    for (int tries = 0; tries < WORDS; tries++) {
        char word[LONGEST + 1] = "";
        for (uint32_t i = 0, length = 1 + dice(LONGEST); i < length; i++) word[i] = (char)('a' + dice(5));
        bool is_new = true;
        for (size_t i = 0; i < count; i++) is_new &= strcmp(words[i], word) != 0;
        if (is_new) memcpy(words[count++], word, sizeof word);
    }
    return count;
}

static ananke_program *compile_array(const char *items) {
    Arena arena = ak_arena(NULL);
    Str schema = ak_arena_format(&arena, "{\"type\": \"array\", \"uniqueItems\": true, \"items\": %s}", items);
    ananke_program *program = compile(schema.data, NULL);
    assert_non_null(program);
    ak_arena_free(&arena);
    return program;
}

static StateTexts texts_behind(const ananke_program *program, const char *text, uint32_t most) {
    Fuel fuel = {UINT64_MAX, UINT64_MAX, UINT32_MAX};
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)text, strlen(text), NULL));
    assert_non_null(matcher->engine->uniques);
    StateTexts texts = ak_state_texts(matcher->engine, matcher->point.state, most, &fuel);
    ananke_matcher_free(matcher);
    return texts;
}

static void expect_counts(const ananke_program *program, char words[WORDS][LONGEST + 1], size_t count) {
    for (int tries = 0; tries < 300; tries++) {
        char text[LONGEST + 3] = "[\"";
        strncat(text, words[dice((uint32_t)count)], dice(LONGEST + 1));
        uint32_t there = 0, most = 1 + dice(dice(2) ? 8 : WORDS);
        for (size_t i = 0; i < count; i++) there += strncmp(words[i], text + 2, strlen(text + 2)) == 0;
        StateTexts texts = texts_behind(program, text, most);
        assert_true(texts.count <= there && (texts.count >= most || texts.count == there));
        assert_int_equal(texts.is_all, texts.count == there && (texts.is_all || there < most));
    }
}

TEST(texts_of_lists_are_counted_as_far_as_is_asked) {
    IGNORE_STATE;
    for (int t = 0; t < 4; t++) {
        char words[WORDS][LONGEST + 1];
        size_t count = make_words(words);
        Arena arena = ak_arena(NULL);
        Buf items = {.arena = &arena};
        for (size_t i = 0; i < count; i++) ak_buf_format(&items, "%s\"%s\"", i ? ", " : "{\"enum\": [", words[i]);
        ak_buf_text(&items, "]}");
        ak_buf_byte(&items, '\0');
        ananke_program *program = compile_array(items.data);
        expect_counts(program, words, count);
        ananke_program_free(program);
        ak_arena_free(&arena);
    }
}

/* Where there are escapes, or no end, there are more than are counted. */
TEST(not_all_texts_are_counted) {
    IGNORE_STATE;
    ananke_program *program = compile_array("{\"type\": \"string\"}");
    StateTexts texts = texts_behind(program, "[\"a", 1000);
    assert_false(texts.is_all);
    ananke_program_free(program);
    program = compile_array("{\"type\": \"string\", \"pattern\": \"^[a-z][a-t]$\"}");
    texts = texts_behind(program, "[\"", 1000);
    assert_true(texts.count == 520 && !texts.is_all);
    ananke_program_free(program);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_lists_are_counted_as_far_as_is_asked),
        cmocka_unit_test(not_all_texts_are_counted),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
