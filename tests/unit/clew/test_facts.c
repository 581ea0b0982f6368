/* Facts: files read in parallel come in their order; what is no text is skipped with a reason; cancelling stops. */
#include "../test.h"
#include "clew/facts.h"
#include "folder.h"

enum { FILES = 40 };

static void write_files(const char *folder) {
    for (int i = 0; i < FILES; i++) {
        char name[32], text[128];
        snprintf(name, sizeof name, "f%02d.py", i);
        snprintf(text, sizeof text, "def name_%02d():\n    pass\n%s", i, i % 3 ? "" : "x = 'y'\n");
        folder_text(folder, name, text);
    }
}

/* Reads a folder with so many threads; the number of observations of each file goes to `counts`. */
static size_t read_folder(const char *folder, uint32_t threads, size_t counts[FILES]) {
    ananke_context context = {.threads = threads};
    Reader reader;
    SourceFiles files;
    Facts facts[FILES];
    assert_true(ak_reader_open(&reader, &context, 0, NULL));
    assert_true(ak_walk(&files, &reader.arena, &reader.languages, &folder, 1, NULL, NULL));
    assert_int_equal(files.count, FILES);
    assert_true(ak_reader_run(&reader, files.items, files.count, facts, NULL));
    for (size_t i = 0; i < FILES; i++) {
        assert_ptr_equal(facts[i].file, &files.items[i]);
        assert_memory_equal(facts[i].source.data + 9, files.items[i].path.data + files.items[i].path.length - 5, 2);
        counts[i] = facts[i].observations.count;
        for (size_t k = 1; k < counts[i]; k++)
            assert_true(facts[i].observations.items[k - 1].start <= facts[i].observations.items[k].start);
    }
    size_t workers = reader.worker_count;
    ak_reader_close(&reader);
    return workers;
}

TEST(files_are_read_in_order_by_any_number_of_threads) {
    IGNORE_STATE;
    char folder[32];
    size_t one[FILES], four[FILES];
    folder_new(folder);
    write_files(folder);
    assert_int_equal(read_folder(folder, 1, one), 1);
    assert_int_equal(read_folder(folder, 4, four), 4);
    assert_memory_equal(one, four, sizeof one);
    assert_true(one[0] > one[1]);
    folder_free(folder);
}

TEST(what_is_no_text_is_skipped_with_a_reason) {
    IGNORE_STATE;
    char folder[32];
    const char *path = folder;
    Reader reader;
    SourceFiles files;
    Facts facts[5];
    folder_new(folder);
    folder_write(folder, "a.py", "x = 1\0\n", 7);
    folder_write(folder, "b.py", "x = '\xff'\n", 8);
    folder_text(folder, "c.py", "x = 1\n# and more than sixteen bytes\n");
    folder_text(folder, "d.py", "x = 1\n");
    folder_text(folder, "e.py", "");
    assert_true(ak_reader_open(&reader, NULL, 16, NULL));
    assert_true(ak_walk(&files, &reader.arena, &reader.languages, &path, 1, NULL, NULL));
    assert_true(ak_reader_run(&reader, files.items, files.count, facts, NULL));
    assert_string_equal(facts[0].skipped, "is binary");
    assert_string_equal(facts[1].skipped, "is not UTF-8");
    assert_string_equal(facts[2].skipped, "is too large");
    assert_null(facts[3].skipped);
    assert_null(facts[4].skipped);
    assert_int_equal(facts[4].observations.count, 0);
    ak_reader_close(&reader);
    folder_free(folder);
}

static bool is_cancelled(void *data) {
    return *(bool *)data;
}

TEST(a_cancelled_call_stops) {
    IGNORE_STATE;
    bool stop = true;
    ananke_context context = {.cancelled = is_cancelled, .cancelled_data = &stop};
    ananke_error err = {0};
    Reader reader;
    Facts facts;
    assert_true(ak_reader_open(&reader, &context, 0, NULL));
    SourceFile file = {.path = STR("no-such.py")};
    file.grammar = ak_language_grammar(&reader.languages, file.path, &file.language);
    assert_false(ak_reader_run(&reader, &file, 1, &facts, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
    ak_reader_close(&reader);
}

TEST(errors_are_counted_by_what_lies_under_them) {
    IGNORE_STATE;
    Reader reader;
    Facts facts;
    assert_true(ak_reader_open(&reader, NULL, 0, NULL));
    SourceFile file = {.path = STR("a.ts")};
    file.grammar = ak_language_grammar(&reader.languages, file.path, &file.language);
    assert_true(ak_reader_text(&reader, &file, STR("let a = 1;\n"), &facts, NULL));
    assert_int_equal(facts.error_bytes, 0);
    assert_true(ak_reader_text(&reader, &file, STR("let a = 1;\n]]]] let b = 2;\n"), &facts, NULL));
    assert_int_equal(facts.error_bytes, 4);
    assert_true(ak_reader_text(&reader, &file, STR("f(1;\n"), &facts, NULL));
    assert_int_equal(facts.error_bytes, 1);
    ak_reader_close(&reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_in_order_by_any_number_of_threads),
        cmocka_unit_test(what_is_no_text_is_skipped_with_a_reason),
        cmocka_unit_test(a_cancelled_call_stops),
        cmocka_unit_test(errors_are_counted_by_what_lies_under_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
