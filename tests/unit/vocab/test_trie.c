/* The trie against a slow twin: every prefix of every token is one node, in byte order, and tells the lowest id with these bytes. */
#include "vocab/trie.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena arena;
    Trie trie;
    uint32_t aliases[64];
} Fixture;

static void build(Fixture *f, const Str *tokens, uint32_t count) {
    ananke_error err = {0};
    f->arena = ak_arena(NULL);
    assert_true(count <= 64);
    assert_true(ak_trie_build(&f->trie, &f->arena, tokens, count, f->aliases, &err));
}

/* The path to node i, found by walking down from the root. */
static size_t path_of(const Trie *trie, uint32_t node, char *path) {
    size_t depth = 0;
    for (uint32_t at = 0; at <= node;) {
        if (trie->ends[at] <= node) {
            at = trie->ends[at];
            continue;
        }
        path[depth++] = (char)trie->bytes[at];
        assert_int_equal(trie->depths[at], depth);
        if (at++ == node) break;
    }
    return depth;
}

static void empty_vocabulary_has_no_nodes(void **state) {
    (void)state;
    Fixture f;
    build(&f, (Str[]){{0}, {0}}, 2);
    assert_int_equal(f.trie.count, 0);
    uint32_t id;
    assert_int_equal(ak_trie_longest(&f.trie, STR("a"), &id), 0);
    ak_arena_free(&f.arena);
}

static void nodes_are_in_preorder_and_sorted(void **state) {
    (void)state;
    Fixture f;
    build(&f, (Str[]){STR("ab"), STR("b"), STR("a"), STR("abc\xff"), STR("\xff")}, 5);
    assert_int_equal(f.trie.count, 6);
    assert_memory_equal(f.trie.bytes,
                        "abc\xff"
                        "b\xff",
                        6);
    assert_memory_equal(f.trie.ends, ((uint32_t[]){4, 4, 4, 4, 5, 6}), 24);
    assert_memory_equal(f.trie.tokens, ((uint32_t[]){2, 0, AK_TOKEN_NONE, 3, 1, 4}), 24);
    assert_memory_equal(f.trie.depths, ((uint16_t[]){1, 2, 3, 4, 1, 1}), 12);
    ak_arena_free(&f.arena);
}

static void equal_tokens_are_chained_from_the_lowest_id(void **state) {
    (void)state;
    Fixture f;
    build(&f, (Str[]){STR("x"), STR("same"), {0}, STR("same"), STR("x"), STR("same")}, 6);
    assert_memory_equal(f.aliases, ((uint32_t[]){4, 3, AK_TOKEN_NONE, 5, AK_TOKEN_NONE, AK_TOKEN_NONE}), 24);
    uint32_t id = AK_TOKEN_NONE;
    assert_int_equal(ak_trie_longest(&f.trie, STR("same!"), &id), 4);
    assert_int_equal(id, 1);
    ak_arena_free(&f.arena);
}

static void zero_bytes_count_like_any_byte(void **state) {
    (void)state;
    Fixture f;
    build(&f, (Str[]){STR("a"), STR("a\0"), STR("a\0\0"), STR("\0"), STR("aaaaaaaa\0"), STR("aaaaaaaa")}, 6);
    assert_int_equal(f.trie.count, 1 + 3 + 8);
    uint32_t id = AK_TOKEN_NONE;
    assert_int_equal(ak_trie_longest(&f.trie, STR("a\0\0\0"), &id), 3);
    assert_int_equal(id, 2);
    assert_int_equal(ak_trie_longest(&f.trie, STR("aaaaaaaa\0"), &id), 9);
    assert_int_equal(id, 4);
    ak_arena_free(&f.arena);
}

static void longest_match_agrees_with_trying_every_token(void **state) {
    (void)state;
    enum { COUNT = 40, SHORT = 6, SHARED = 8, LONG = SHARED + SHORT };
    static const char letters[] = {'a', 'b', '\0', (char)0xE2};
    srand(7);
    for (int round = 0; round < 200; round++) {
        /* Every other round all begin with the same eight bytes, which is as much as the radix sort sees. */
        size_t shared = round % 2 ? SHARED : 0;
        char store[COUNT][LONG];
        Str tokens[COUNT];
        for (int i = 0; i < COUNT; i++) {
            tokens[i] = (Str){store[i], shared + (size_t)rand() % SHORT};
            memcpy(store[i], "ab\0baaab", SHARED);
            for (size_t j = shared; j < tokens[i].length; j++) store[i][j] = letters[rand() % 4];
        }
        Fixture f;
        build(&f, tokens, COUNT);
        for (int probe = 0; probe < 50; probe++) {
            char text[SHARED + 8] = "ab\0baaab";
            for (size_t j = shared; j < sizeof text; j++) text[j] = letters[rand() % 4];
            Str view = {text, shared + (size_t)rand() % 9};
            size_t want = 0;
            uint32_t want_id = AK_TOKEN_NONE, id = AK_TOKEN_NONE;
            for (uint32_t i = 0; i < COUNT; i++) {
                if (tokens[i].length > want && ak_str_starts(view, tokens[i])) want = tokens[i].length, want_id = i;
            }
            assert_int_equal(ak_trie_longest(&f.trie, view, &id), want);
            assert_int_equal(id, want_id);
        }
        char last[LONG] = {0};
        size_t last_length = 0;
        for (uint32_t node = 0; node < f.trie.count; node++) {
            char path[LONG];
            size_t length = path_of(&f.trie, node, path);
            assert_int_equal(length, f.trie.depths[node]);
            assert_true(ak_str_compare((Str){last, last_length}, (Str){path, length}) < 0);
            memcpy(last, path, length), last_length = length;
        }
        ak_arena_free(&f.arena);
    }
}

static void too_long_token_is_an_error(void **state) {
    (void)state;
    char *big = calloc(1, 65536);
    assert_non_null(big);
    Arena arena = ak_arena(NULL);
    Trie trie = {0};
    uint32_t aliases[1];
    ananke_error err = {0};
    assert_true(ak_trie_build(&trie, &arena, (Str[]){{big, 65535}}, 1, aliases, &err));
    assert_int_equal(trie.count, 65535);
    assert_int_equal(trie.depths[65534], 65535);
    assert_false(ak_trie_build(&trie, &arena, (Str[]){{big, 65536}}, 1, aliases, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    ak_arena_free(&arena);
    free(big);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_vocabulary_has_no_nodes),
        cmocka_unit_test(nodes_are_in_preorder_and_sorted),
        cmocka_unit_test(equal_tokens_are_chained_from_the_lowest_id),
        cmocka_unit_test(zero_bytes_count_like_any_byte),
        cmocka_unit_test(longest_match_agrees_with_trying_every_token),
        cmocka_unit_test(too_long_token_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
