/* Sections there and back; every truncation and every changed byte is an error, never a crash and never believed. */
#include "../test.h"
#include "base/sections.h"
#include <stdlib.h>

static const SectionsFormat format = {"ANKTEST\n", "test file", "1.2.3", 7};
static const uint32_t numbers[] = {1, 2, 3, 4, 5};
static const char letters[] = "letters";

static Str make(Arena *arena, const SectionsFormat *of) {
    const Section list[] = {{"numbers", 4, numbers, 5}, {"none", 8, NULL, 0}, {"letters", 1, letters, 7}};
    Str content = ak_sections_join(of, list, 3, arena, NULL);
    assert_non_null(content.data);
    return content;
}

static bool read_all(Str content, Section list[3], ananke_error *err) {
    static const Section names[] = {
        {.tag = "letters", .size = 1}, {.tag = "none", .size = 8}, {.tag = "numbers", .size = 4}};
    memcpy(list, names, sizeof names);
    return ak_sections_split(&format, list, 3, content, "f", err);
}

TEST(sections_come_back_aligned_and_in_any_order) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Str content = make(&arena, &format);
    Section list[3];
    assert_true(ak_sections_is(&format, content));
    assert_true(read_all(content, list, NULL));
    assert_int_equal(list[0].count, 7);
    assert_memory_equal(list[0].items, letters, 7);
    assert_int_equal(list[1].count, 0);
    assert_int_equal(list[2].count, 5);
    assert_memory_equal(list[2].items, numbers, sizeof numbers);
    assert_int_equal(((const char *)list[2].items - content.data) % AK_SECTIONS_ALIGN, 0);
    ak_arena_free(&arena);
}

TEST(another_version_is_refused_with_both_names) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Section list[3];
    ananke_error err = {0};
    SectionsFormat newer = format;
    newer.version = 8;
    assert_false(read_all(make(&arena, &newer), list, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_string_equal(err.message, "test file: was made by version 1.2.3 (format 8), this is 1.2.3 (format 7)");
    assert_string_equal(err.hint, "make it again from what it was made of");
    assert_string_equal(err.file, "f");
    SectionsFormat other = format;
    other.made_by = "1.2.30";
    assert_false(read_all(make(&arena, &other), list, &err));
    assert_string_equal(err.message, "test file: was made by version 1.2.30 (format 7), this is 1.2.3 (format 7)");
    ak_arena_free(&arena);
}

TEST(missing_and_odd_sections_are_named) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    Section more = {.tag = "more", .size = 1}, odd = {.tag = "letters", .size = 4};
    Str content = make(&arena, &format);
    assert_false(ak_sections_split(&format, &more, 1, content, NULL, &err));
    assert_string_equal(err.message, "test file: section \"more\" is missing");
    assert_false(ak_sections_split(&format, &odd, 1, content, NULL, &err));
    assert_string_equal(err.message, "test file: section \"letters\" is not aligned, or no whole number of items");
    ak_arena_free(&arena);
}

/* A copy in memory of its own size, so that a sanitizer sees a read behind the end. */
static char *copy_of(Str content, size_t length) {
    char *copy = malloc(length ? length : 1);
    assert_non_null(copy);
    if (length) memcpy(copy, content.data, length);
    return copy;
}

TEST(every_truncation_is_an_error) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Str content = make(&arena, &format);
    for (size_t length = 0; length < content.length; length++) {
        Section list[3];
        ananke_error err = {0};
        char *copy = copy_of(content, length);
        assert_false(read_all((Str){copy, length}, list, &err));
        assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
        free(copy);
    }
    ak_arena_free(&arena);
}

TEST(every_changed_byte_is_an_error_but_for_padding) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Str content = make(&arena, &format);
    size_t believed = 0;
    for (size_t i = 0; i < content.length; i++) {
        Section list[3];
        ananke_error err = {0};
        char *copy = copy_of(content, content.length);
        copy[i] ^= 0x40;
        if (read_all((Str){copy, content.length}, list, &err)) {
            believed++;
            assert_memory_equal(list[2].items, numbers, sizeof numbers);
            assert_memory_equal(list[0].items, letters, 7);
        }
        free(copy);
    }
    assert_int_equal(believed, content.length - (64 + 3 * 40) - sizeof numbers - 7); /* what lies between sections */
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_come_back_aligned_and_in_any_order),
        cmocka_unit_test(another_version_is_refused_with_both_names),
        cmocka_unit_test(missing_and_odd_sections_are_named),
        cmocka_unit_test(every_truncation_is_an_error),
        cmocka_unit_test(every_changed_byte_is_an_error_but_for_padding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
