/* Cached vocabularies: every kind comes back the same and encodes the same, and no file, however it was made, does harm. */
#include "../failing.h"
#include "base/buf.h"
#include "vocab/tokenizer.h"
#include "vocab/vocab_file.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char texts[][64] = {"", "abba ab  ba", "if (a < 10) {\n\treturn b;\n}",
                                 "e\xCC\x81 \xE4\xBD\xA0\xE2\x96\x81 <0x0A> </s>"};

static size_t encode(const ananke_vocab *vocab, const char *text, uint32_t ids[128], ananke_error *err) {
    size_t count = 0;
    bool done = ananke_vocab_encode(vocab, (const uint8_t *)text, strlen(text), ids, 128, &count, err);
    return done ? count : SIZE_MAX;
}

static void expect_same_encoding(const ananke_vocab *a, const ananke_vocab *b) {
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint32_t first[128], second[128];
        ananke_error first_error = {0}, second_error = {0};
        size_t count = encode(a, texts[i], first, &first_error);
        assert_int_equal(encode(b, texts[i], second, &second_error), count);
        assert_string_equal(first_error.message, second_error.message);
        if (count != SIZE_MAX) assert_memory_equal(first, second, count * sizeof *first);
    }
}

static void expect_same(const ananke_vocab *a, const ananke_vocab *b) {
    assert_string_equal(a->kind, b->kind);
    assert_int_equal(a->size, b->size);
    assert_int_equal(a->eos_count, b->eos_count);
    if (a->eos_count) assert_memory_equal(a->eos, b->eos, a->eos_count * sizeof *a->eos);
    assert_int_equal(a->name_count, b->name_count);
    for (size_t i = 0; i < a->name_count; i++) {
        assert_int_equal(a->names[i].id, b->names[i].id);
        assert_true(ak_str_equal(ak_vocab_name(a, &a->names[i]), ak_vocab_name(b, &b->names[i])));
    }
    assert_memory_equal(a->aliases, b->aliases, a->size * sizeof *a->aliases);
    for (uint32_t id = 0; id < a->size; id++) {
        assert_true(ak_str_equal(ak_vocab_str(a, id), ak_vocab_str(b, id)));
        assert_int_equal(ak_vocab_find(a, ak_vocab_str(a, id)), ak_vocab_find(b, ak_vocab_str(b, id)));
    }
    assert_int_equal(a->trie.count, b->trie.count);
    assert_memory_equal(a->trie.ends, b->trie.ends, a->trie.count * sizeof *a->trie.ends);
    assert_memory_equal(a->trie.tokens, b->trie.tokens, a->trie.count * sizeof *a->trie.tokens);
    assert_memory_equal(a->trie.depths, b->trie.depths, a->trie.count * sizeof *a->trie.depths);
    expect_same_encoding(a, b);
}

/* Calls `visit` with every vocabulary of the fuzz targets' corpus: one of each kind at least. */
static size_t each_vocab(void (*visit)(const ananke_vocab *vocab)) {
    const char *root = getenv("ANANKE_ROOT");
    char folder[512], path[1024];
    snprintf(folder, sizeof folder, "%s/fuzz/corpus/vocab", root ? root : ".");
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        Arena arena = ak_arena(NULL);
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        Str content = entry->d_name[0] == '.' ? (Str){0} : ak_file_read(&arena, path, 0, NULL);
        /* The first byte of an entry tells fuzz_vocab.c how the rest is meant. */
        ananke_vocab *vocab = ak_vocab_load_memory(ak_str_slice(content, 1, content.length), NULL, NULL, NULL, NULL);
        if (vocab) visit(vocab), count++;
        ananke_vocab_free(vocab);
        ak_arena_free(&arena);
    }
    closedir(dir);
    return count;
}

static void expect_comes_back(const ananke_vocab *vocab) {
    Arena arena = ak_arena(NULL);
    Str content = ak_vocab_file_content(vocab, &arena, NULL);
    assert_true(ak_vocab_file_is(content));
    ananke_vocab *back = ak_vocab_load_memory(content, NULL, NULL, NULL, NULL);
    assert_non_null(back);
    memset((char *)(uintptr_t)content.data, 0xEE, content.length); /* the content may go */
    expect_same(vocab, back);
    ananke_vocab_free(back);
    ak_arena_free(&arena);
}

static void every_kind_comes_back_the_same(void **state) {
    (void)state;
    assert_true(each_vocab(expect_comes_back) >= 6);
    ananke_vocab *bytes = ananke_vocab_load("bytes", NULL, NULL);
    expect_comes_back(bytes);
    ananke_vocab_free(bytes);
    const uint8_t *table[] = {(const uint8_t *)"a", (const uint8_t *)"a", (const uint8_t *)"\xE2\x82"};
    ananke_vocab *vocab = ananke_vocab_from_tokens(table, (const size_t[]){1, 1, 2}, 3, NULL, 0, NULL, NULL);
    expect_comes_back(vocab);
    ananke_vocab_free(vocab);
}

/* ---- Files. */

static const char tokenizer[] =
    "{\"normalizer\":{\"type\":\"NFC\"},\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\","
    "\"pattern\":{\"Regex\":\"b+\"},\"behavior\":\"Isolated\"},{\"type\":\"ByteLevel\",\"add_prefix_space\":false}]},"
    "\"decoder\":{\"type\":\"ByteLevel\"},\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2,\"\u00c3\":3,"
    "\"\u00a9\":4,\"</s>\":5},\"merges\":[\"a b\"]},\"added_tokens\":[{\"id\":5,\"content\":\"</s>\",\"special\":true}]}";

static char folder[] = "/tmp/ananke-vocab-file-XXXXXX";

static const char *in_folder(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void file_is_mapped_and_may_be_replaced(void **state) {
    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *path = in_folder("cache");
    ananke_error err = {0};
    ananke_vocab *vocab = ak_vocab_load_memory(ak_str(tokenizer), NULL, NULL, NULL, NULL);
    assert_true(ananke_vocab_save(vocab, path, &err));
    ananke_vocab *back = ananke_vocab_load(path, NULL, &err);
    assert_non_null(back);
    assert_non_null(back->map.content.data);
    assert_true(ananke_vocab_save(back, path, &err)); /* from the map onto its own file */
    expect_same(vocab, back);
    ananke_vocab *again = ananke_vocab_load(path, NULL, &err);
    expect_same(vocab, again);
    ananke_vocab_free(again);
    ananke_vocab_free(back);
    assert_false(ananke_vocab_save(vocab, in_folder("no/such/place"), &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    ananke_vocab_free(vocab);
    assert_int_equal(unlink(in_folder("cache")), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

/* ---- What is not believed. */

/* A file of the tokenizer above with some of a section written over. */
typedef struct Damage {
    const char *tag;
    size_t at, length; /* bytes of the section that are overwritten */
    const char *bytes;
    const char *message; /* what must be said */
} Damage;

static Str damaged(Arena *arena, const Damage *damage) {
    size_t count;
    const Section *names = ak_vocab_file_sections(&count);
    Section *list = ak_new_array(arena, Section, count);
    memcpy(list, names, count * sizeof *list);
    ananke_vocab *vocab = ak_vocab_load_memory(ak_str(tokenizer), NULL, NULL, NULL, NULL);
    Str content = ak_vocab_file_content(vocab, arena, NULL);
    ananke_vocab_free(vocab);
    assert_true(ak_sections_split(&ak_vocab_file_format, list, count, content, NULL, NULL));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].tag, damage->tag) != 0) continue;
        assert_true(damage->at + damage->length <= list[i].count * list[i].size);
        memcpy((char *)(uintptr_t)list[i].items + damage->at, damage->bytes, damage->length);
    }
    return ak_sections_join(&ak_vocab_file_format, list, count, arena, NULL);
}

#define NONE "\xFF\xFF\xFF\xFF"

static void damage_is_named_with_its_place(void **state) {
    (void)state;
    static const Damage cases[] = {
        {"head", 0, 4, "\0\0\0\0", "section \"head\", item 0: no vocabulary has so many tokens"},
        {"head", 4, 4, "\x09\0\0\0", "section \"head\", item 0: the kind of encoder is not known"},
        {"head", 12, 4, "\x06\0\0\0", "section \"head\", item 0: the unknown token is no token"},
        {"head", 16, 4, "\1\0\0\0", "section \"head\", item 0: the kind is not known"},
        {"head", 20, 4, NONE, "section \"head\", item 0: its text lies behind the texts"},
        {"texts", 0, 1, "\xFF", "section \"head\", item 0: its text is not UTF-8"},
        {"steps", 0, 4, "\0\0\0\x7F", "section \"steps\", item 0: the kind of step is not known"},
        {"steps", 4, 4, "\x7F\0\0\0", "section \"steps\", item 0: the kind of step is not known"},
        {"eos", 0, 4, "\x06\0\0\0", "section \"eos\", item 0: is no token"},
        {"eos", 0, 4, "\0\0\0\0", "section \"eos\", item 0: the end of text has bytes"},
        {"names", 0, 4, "\x06\0\0\0", "section \"names\", item 0: is no token"},
        {"names", 8, 4, "\x05\0\0\0", "section \"names\", item 0: its text lies behind the texts"},
        {"offsets", 4, 4, "\x09\0\0\0", "section \"offsets\", item 1: the token ends before it begins"},
        {"offsets", 0, 4, "\1\0\0\0", "section \"offsets\", item 6: the tokens are not the bytes that there are"},
        {"aliases", 8, 4, "\2\0\0\0", "section \"aliases\", item 2: comes no later"},
        {"aliases", 8, 4, "\6\0\0\0", "section \"aliases\", item 2: is no token"},
        {"slots", 0, 4, "\7\0\0\0", "section \"slots\", item 0: is no token"},
        {"trie.ends", 0, 4, "\0\0\0\0", "section \"trie.ends\", item 0: the node begins or ends within another one"},
        {"trie.ends", 4, 4, "\3\0\0\0", "section \"trie.ends\", item 1: the node begins or ends within another one"},
        {"trie.depths", 2, 2, "\3\0", "section \"trie.depths\", item 1: the node hangs in the air"},
        {"trie.depths", 0, 2, "\0\0", "section \"trie.depths\", item 0: the node hangs in the air"},
        {"trie.tokens", 0, 4, "\2\0\0\0", "section \"trie.tokens\", item 0: tokens do not end at their nodes"},
        {"trie.tokens", 0, 4, "\6\0\0\0", "section \"trie.tokens\", item 0: is no token"},
        {"byte ids", 40, 4, "\6\0\0\0", "section \"byte ids\", item 10: is no token"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        if (ak_vocab_file_read(damaged(&arena, &cases[i]), "cache", NULL, &err)) fail_msg("case %zu is believed", i);
        assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
        if (!strstr(err.message, cases[i].message)) fail_msg("%s: %s", cases[i].message, err.message);
        assert_string_equal(err.file, "cache");
        assert_true(err.offset > 0);
        assert_string_equal(err.hint, "make it again from what it was made of");
        ak_arena_free(&arena);
    }
}

/* Whatever a file says, what was accepted can be used. */
static void use(const ananke_vocab *vocab) {
    uint32_t ids[128];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t count = encode(vocab, texts[i], ids, NULL);
        for (size_t k = 0; count != SIZE_MAX && k < count && k < 128; k++) assert_true(ids[k] < vocab->size);
    }
    size_t length = 0;
    for (uint32_t id = 0; id < vocab->size; id++) {
        for (uint32_t next = id; next != AK_TOKEN_NONE; next = vocab->aliases[next]) assert_true(next < vocab->size);
        ananke_vocab_token(vocab, id, &length);
    }
}

/* Bytes of every section, written over with values that are likely to hurt, hashed anew. */
static void expect_no_harm(const ananke_vocab *vocab) {
    static const char values[] = {0, 1, 3, 0x7F, (char)0x80, (char)0xFF};
#ifdef AK_PARANOID
    enum { PARTS = 8 }; /* sanitizers take their time */
#else
    enum { PARTS = 32 };
#endif
    Arena arena = ak_arena(NULL);
    size_t count;
    const Section *names = ak_vocab_file_sections(&count);
    Section list[64];
    assert_true(count <= 64);
    memcpy(list, names, count * sizeof *list);
    Str content = ak_vocab_file_content(vocab, &arena, NULL);
    assert_true(ak_sections_split(&ak_vocab_file_format, list, count, content, NULL, NULL));
    for (size_t i = 0; i < count; i++) {
        size_t length = list[i].count * list[i].size, step = length > 64 ? length / PARTS | 1 : 1;
        for (size_t k = 0; k < length * sizeof values; k += step) {
            ArenaMark mark = ak_arena_mark(&arena);
            char *byte = (char *)(uintptr_t)list[i].items + k / sizeof values, old = *byte;
            *byte = values[k % sizeof values];
            Str changed = ak_sections_join(&ak_vocab_file_format, list, count, &arena, NULL);
            ananke_error err = {0};
            ananke_vocab *back = ak_vocab_file_read(changed, NULL, NULL, &err);
            if (back) use(back);
            else assert_true(err.code != ANANKE_OK && err.message[0]);
            ananke_vocab_free(back);
            *byte = old;
            ak_arena_rewind(&arena, mark);
        }
    }
    ak_arena_free(&arena);
}

static void no_file_does_harm(void **state) {
    (void)state;
    each_vocab(expect_no_harm);
}

static void another_version_is_refused(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    SectionsFormat older = ak_vocab_file_format;
    older.made_by = "0.0.9";
    ananke_error err = {0};
    Str content = ak_sections_join(&older, NULL, 0, &arena, NULL);
    assert_null(ak_vocab_load_memory(content, NULL, "cache", NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "was made by version 0.0.9"));
    assert_string_equal(err.hint, "make it again from what it was made of");
    ak_arena_free(&arena);
}

static void every_failing_allocation_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    ananke_vocab *vocab = ak_vocab_load_memory(ak_str(tokenizer), NULL, NULL, NULL, NULL);
    Arena arena = ak_arena(NULL);
    Str content = ak_vocab_file_content(vocab, &arena, NULL);
    for (long n = 0, done = 0; !done; n++) {
        Failing failing = {.left = n};
        ananke_allocator allocator = {failing_resize, &failing};
        const ananke_context context = {.allocator = &allocator};
        ananke_error err = {0};
        Arena second = ak_arena(&context);
        ananke_vocab *back = ak_vocab_file_read(content, NULL, &context, &err);
        done = back && ak_vocab_file_content(back, &second, &err).data;
        if (!done) assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        ananke_vocab_free(back);
        ak_arena_free(&second);
        assert_int_equal(failing.live, 0);
        assert_true(n < 1000);
    }
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back_the_same),
        cmocka_unit_test(file_is_mapped_and_may_be_replaced),
        cmocka_unit_test(damage_is_named_with_its_place),
        cmocka_unit_test(no_file_does_harm),
        cmocka_unit_test(another_version_is_refused),
        cmocka_unit_test(every_failing_allocation_is_an_error_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
