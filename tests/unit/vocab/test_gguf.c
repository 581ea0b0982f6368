/* GGUF: a whole file is read, every damaged one is refused with a place, and our table of tensor types is ggml's. */
#include "base/file.h"
#include "unit/vocab/gguf_builder.h"
#include "vocab/gguf.h"
#include <ggml.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static Str whole_file(Arena *arena) {
    Buf out = {.arena = arena};
    put_head(&out, 3, 2, 4);
    put_text(&out, "general.name", "tiny");
    put_u32(&out, "answer", 42);
    put_texts(&out, "words", (const char *const[]){"a", "", "ccc"}, 3);
    put_key(&out, "flag", GGUF_BOOL);
    put_number(&out, 1, 1);
    put_tensor(&out, "f32", 2, 4, 0, 0);
    put_tensor(&out, "q4_0", 1, 32, 2, 32);
    while (out.length % 32) ak_buf_byte(&out, 0);
    ak_buf_repeat(&out, 'x', 32 + 18);
    return ak_buf_view(&out);
}

static bool reads(Str content, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Gguf gguf;
    bool sound = ak_gguf_read(&gguf, &arena, content, "t.gguf", err);
    ak_arena_free(&arena);
    return sound;
}

static void whole_file_is_read(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Gguf gguf;
    assert_true(ak_gguf_read(&gguf, &arena, whole_file(&arena), NULL, NULL));
    assert_int_equal(gguf.version, 3);
    assert_int_equal(gguf.tensor_count, 2);
    assert_true(ak_str_equal(ak_gguf_str(&gguf, "general.name"), STR("tiny")));
    uint32_t number = 0;
    assert_true(ak_gguf_uint(&gguf, "answer", &number));
    assert_int_equal(number, 42);
    assert_false(ak_gguf_uint(&gguf, "general.name", &number));
    assert_false(ak_gguf_uint(&gguf, "words", &number));
    assert_true(ak_gguf_bool(&gguf, "flag", false));
    assert_true(ak_gguf_bool(&gguf, "other", true));
    const GgufValue *words = ak_gguf_find(&gguf, "words");
    assert_int_equal(words->count, 3);
    const uint8_t *at = words->at;
    assert_true(ak_str_equal(ak_gguf_next_str(&at), STR("a")));
    assert_int_equal(ak_gguf_next_str(&at).length, 0);
    assert_true(ak_str_equal(ak_gguf_next_str(&at), STR("ccc")));
    assert_null(ak_gguf_find(&gguf, "nothing"));
    ak_arena_free(&arena);
}

static void every_truncation_is_refused(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    Str content = whole_file(&arena);
    assert_true(reads(content, NULL));
    for (size_t length = 0; length < content.length; length++) {
        char *copy = malloc(length + 1); /* so that a sanitizer sees a read behind the end */
        assert_non_null(copy);
        memcpy(copy, content.data, length);
        ananke_error err = {0};
        assert_false(reads((Str){copy, length}, &err));
        assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
        assert_string_equal(err.file, "t.gguf");
        free(copy);
    }
    ak_arena_free(&arena);
}

/* Files that are wrong in one thing each. */
static Str damaged(Arena *arena, size_t which) {
    Buf out = {.arena = arena};
    switch (which) {
    case 0: put_head(&out, 3, UINT64_MAX, 0); break;
    case 1: put_head(&out, 3, 0, UINT64_C(1) << 60); break;
    case 2: put_head(&out, 4, 0, 0); break;
    case 3:
        put_head(&out, 3, 0, 1);
        put_array(&out, "k", GGUF_UINT32, UINT64_MAX / 2);
        break;
    case 4:
        put_head(&out, 3, 0, 1);
        put_key(&out, "k", (GgufType)13);
        put_number(&out, 0, 8);
        break;
    case 5:
        put_head(&out, 3, 0, 1);
        put_array(&out, "k", GGUF_ARRAY, 1);
        put_number(&out, 0, 8);
        break;
    case 6:
        put_head(&out, 3, 0, 2);
        put_u32(&out, "k", 1);
        put_u32(&out, "k", 2);
        break;
    case 7:
        put_head(&out, 3, 0, 1);
        put_u32(&out, "general.alignment", 24);
        break;
    case 8:
        put_head(&out, 3, 1, 0);
        put_tensor(&out, "t", 1, 1, 4, 0);
        break;
    case 9:
        put_head(&out, 3, 1, 0);
        put_tensor(&out, "t", 1, 33, 2, 0);
        break;
    case 10:
        put_head(&out, 3, 1, 0);
        put_tensor(&out, "t", UINT64_C(1) << 40, UINT64_C(1) << 40, 0, 0);
        break;
    case 11:
        put_head(&out, 3, 1, 0);
        put_tensor(&out, "t", 1, 1, 0, 7);
        break;
    case 12:
        put_head(&out, 3, 1, 0);
        put_tensor(&out, "t", 1, 1, 0, UINT64_MAX - 31);
        break;
    case 13:
        put_head(&out, 3, 2, 0);
        put_tensor(&out, "t", 1, 0, 0, 0);
        put_tensor(&out, "t", 1, 0, 0, 0);
        break;
    case 14:
        put_head(&out, 3, 0, 1);
        put_u32(&out, "", 1);
        break;
    default: return (Str){0};
    }
    return ak_buf_view(&out);
}

static void each_damage_is_named(void **state) {
    (void)state;
    static const char *const messages[] = {
        "more tensors than the file could hold",
        "more keys than the file could hold",
        "version 4 is not supported",
        "a value is longer than the file",
        "a value has an unknown type",
        "an array of arrays",
        "a key is there twice",
        "general.alignment is not a power of two",
        "a tensor has an unknown type",
        "a tensor's rows are no whole blocks",
        "a tensor is too large",
        "a tensor's data is not aligned",
        "a tensor's data lies behind the end of the file",
        "a tensor is there twice",
        "a key is empty",
    };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        assert_false(reads(damaged(&arena, i), &err));
        if (!strstr(err.message, messages[i])) fail_msg("damage %zu: %s", i, err.message);
        ak_arena_free(&arena);
    }
}

static void validate_opens_a_file(void **state) {
    (void)state;
    char path[] = "/tmp/ananke-gguf-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    assert_false(ak_gguf_validate(path, NULL, &err)); /* empty */
    assert_true(ak_file_write(path, whole_file(&arena), NULL));
    assert_true(ak_gguf_is(path));
    assert_true(ak_gguf_validate(path, NULL, &err));
    assert_true(ak_file_write(path, STR("GGUF\3"), NULL));
    assert_false(ak_gguf_validate(path, NULL, &err));
    assert_string_equal(err.file, path);
    unlink(path);
    assert_false(ak_gguf_is(path));
    assert_false(ak_gguf_validate(path, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_false(ak_gguf_validate("/tmp", NULL, &err));
    ak_arena_free(&arena);
}

/* A tensor of exactly one block and one byte too few: accepted and refused where our sizes are ggml's. */
static void tensor_types_are_those_of_ggml(void **state) {
    (void)state;
    for (uint32_t type = 0; type < GGML_TYPE_COUNT + 2; type++) {
        bool is_known = type < GGML_TYPE_COUNT && ggml_blck_size((enum ggml_type)type) > 0;
        size_t values = is_known ? (size_t)ggml_blck_size((enum ggml_type)type) : 1;
        size_t bytes = is_known ? ggml_type_size((enum ggml_type)type) : 64;
        Arena arena = ak_arena(NULL);
        Buf out = {.arena = &arena};
        put_head(&out, 3, 1, 0);
        put_tensor(&out, "t", 1, values, type, 0);
        while (out.length % 32) ak_buf_byte(&out, 0);
        ak_buf_repeat(&out, 0, bytes);
        Str content = ak_buf_view(&out);
        assert_int_equal(reads(content, NULL), is_known);
        assert_false(reads(ak_str_slice(content, 0, content.length - 1), NULL) && is_known);
        ak_arena_free(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_file_is_read),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(each_damage_is_named),
        cmocka_unit_test(validate_opens_a_file),
        cmocka_unit_test(tensor_types_are_those_of_ggml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
