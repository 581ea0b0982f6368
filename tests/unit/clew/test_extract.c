/* Extraction as a whole: the summary, bad input, one result for any number of threads, and every allocation failing in turn. */
#include "../test.h"
#include "folder.h"
#include <ananke/ananke.h>

static void write_python(const char *folder) {
    char text[8192];
    size_t length = 0;
    for (int i = 0; i < 60; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "def read_item_%d(path: str) -> None:\n    return \"%d\"\n\n\n", i, i);
    }
    folder_text(folder, "src/a.py", text);
}

static void write_project(const char *folder) {
    write_python(folder);
    folder_text(folder, "src/b.ts", "export function readAll(): void {\n  f(\"x\");\n}\n");
    folder_text(folder, "tests/test_a.py", "def testBadName(): pass\n");
}

TEST(a_small_project_gives_rules_and_a_summary) {
    IGNORE_STATE;
    char folder[32];
    const char *path = folder;
    ananke_extract_summary summary;
    ananke_error err = {0};
    folder_new(folder);
    write_project(folder);
    folder_write(folder, "src/broken.py", "a\0b", 3);
    ananke_constraints *set = ananke_extract(&path, 1, NULL, &summary, &err);
    assert_non_null(set);
    assert_int_equal(summary.files, 3);
    assert_int_equal(summary.skipped, 1);
    assert_int_equal(summary.error_bytes, 0);
    assert_true(summary.bytes > 3000 && summary.wall_us >= summary.parse_us / 64);
    assert_true(ananke_constraints_count(set) >= 4);
    for (size_t i = 0; i < ananke_constraints_count(set); i++) {
        const ananke_constraint *it = ananke_constraints_get(set, i);
        if (strncmp(it->id, "python:", 7) != 0) fail_msg("%s has no language in front", it->id);
        assert_string_equal(it->language, "python");
        assert_true(it->confidence >= 0.9 && it->support >= 10);
    }
    ananke_constraints_free(set);
    folder_free(folder);
}

static char *extract_text(const char *folder, uint32_t threads) {
    ananke_context context = {.threads = threads};
    ananke_extract_options options = {.context = &context};
    ananke_constraints *set = ananke_extract(&folder, 1, &options, NULL, NULL);
    char *text = ananke_constraints_text(set, ANANKE_FORMAT_JSON, NULL, NULL);
    ananke_constraints_free(set);
    return text;
}

TEST(the_result_does_not_depend_on_the_threads) {
    IGNORE_STATE;
    char folder[32];
    folder_new(folder);
    write_project(folder);
    char *one = extract_text(folder, 1), *four = extract_text(folder, 4);
    assert_string_equal(one, four);
    ananke_text_free(one);
    ananke_text_free(four);
    folder_free(folder);
}

TEST(nothing_to_read_is_an_error_that_says_what_was_looked_for) {
    IGNORE_STATE;
    char folder[32];
    const char *path = folder;
    ananke_error err = {0};
    folder_new(folder);
    assert_null(ananke_extract(&path, 1, NULL, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_non_null(strstr(err.message, "nothing to read: no source file in /tmp/ananke-clew-"));
    assert_non_null(strstr(err.hint, ".py"));
    assert_non_null(strstr(err.hint, ".tsx"));
    folder_write(folder, "a.py", "\0", 1);
    assert_null(ananke_extract(&path, 1, NULL, NULL, &err));
    assert_non_null(strstr(err.message, "nothing to read: 1 skipped"));
    assert_null(ananke_extract(NULL, 0, NULL, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    path = "/no/such/folder";
    assert_null(ananke_extract(&path, 1, NULL, NULL, &err));
    assert_string_equal(err.file, path);
    folder_free(folder);
}

TEST(a_huge_file_is_skipped_by_its_size) {
    IGNORE_STATE;
    char folder[32], path[64];
    const char *paths[] = {folder};
    ananke_extract_summary summary;
    folder_new(folder);
    write_project(folder);
    snprintf(path, sizeof path, "%s/src/huge.py", folder);
    folder_text(folder, "src/huge.py", "x = 1\n");
    assert_int_equal(truncate(path, 100 << 20), 0);
    ananke_constraints *set = ananke_extract(paths, 1, NULL, &summary, NULL);
    assert_non_null(set);
    assert_int_equal(summary.skipped, 1);
    ananke_constraints_free(set);
    folder_free(folder);
}

static bool is_cancelled(void *data) {
    return --*(int *)data < 0;
}

TEST(cancelling_stops_at_every_point) {
    IGNORE_STATE;
    char folder[32];
    const char *path = folder;
    folder_new(folder);
    write_project(folder);
    for (int polls = 0; polls < 4; polls++) {
        int left = polls;
        ananke_context context = {.cancelled = is_cancelled, .cancelled_data = &left, .threads = 1};
        ananke_extract_options options = {.context = &context};
        ananke_error err = {0};
        assert_null(ananke_extract(&path, 1, &options, NULL, &err));
        assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
    }
    folder_free(folder);
}

/* ---- Failing allocations */

typedef struct Heap {
    long left; /* allocations until one fails; negative: none does */
    long live; /* blocks that are not freed */
} Heap;

static void *resize(void *data, void *pointer, size_t old_size, size_t new_size) {
    Heap *heap = data;
    (void)old_size;
    if (new_size == 0) {
        heap->live -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (heap->left == 0) return NULL;
    if (heap->left > 0) heap->left--;
    void *memory = realloc(pointer, new_size);
    heap->live += memory && !pointer;
    return memory;
}

/* Extracts, compiles and checks with the n-th allocation failing; true when it got through. tree-sitter allocates by malloc, beside this heap. */
static bool run_with(const char *folder, long allocations) {
    Heap heap = {.left = allocations};
    ananke_allocator allocator = {resize, &heap};
    ananke_context context = {.allocator = &allocator, .threads = 1};
    ananke_extract_options options = {.context = &context};
    ananke_error err = {0};
    ananke_compile_options compile = {.context = &context, .language = "python"};
    ananke_findings *findings = NULL;
    ananke_constraints *set = ananke_extract(&folder, 1, &options, NULL, &err);
    ananke_ir *ir = set ? ananke_compile(set, &compile, &err) : NULL;
    if (ir) findings = ananke_check(&folder, 1, set, &context, &err);
    bool done = findings != NULL;
    if (!done && err.code != ANANKE_ERROR_MEMORY) fail_msg("allocation %ld: %s", allocations, err.message);
    ananke_findings_free(findings);
    ananke_ir_free(ir);
    ananke_constraints_free(set);
    if (heap.live) fail_msg("allocation %ld leaks %ld blocks", allocations, heap.live);
    return done;
}

TEST(every_failing_allocation_is_an_error_and_no_leak) {
    IGNORE_STATE;
    char folder[32];
    folder_new(folder);
    write_python(folder); /* one language: most of the time goes into its query */
    long count = 0;
    while (!run_with(folder, count)) count++;
    assert_true(count > 10);
    folder_free(folder);
}

/* Arenas take few large blocks; a budget that grows by small steps reaches the places between them. */
TEST(every_budget_is_an_error_or_enough) {
    IGNORE_STATE;
    char folder[32];
    const char *path = folder;
    folder_new(folder);
    write_python(folder);
    bool done = false;
    for (size_t limit = 1000; !done; limit += limit / 10) {
        ananke_context context = {.memory_limit = limit, .threads = 1};
        ananke_extract_options options = {.context = &context};
        ananke_error err = {0};
        ananke_constraints *set = ananke_extract(&path, 1, &options, NULL, &err);
        done = set != NULL;
        if (!done) assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
        ananke_constraints_free(set);
    }
    folder_free(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_project_gives_rules_and_a_summary),
        cmocka_unit_test(the_result_does_not_depend_on_the_threads),
        cmocka_unit_test(nothing_to_read_is_an_error_that_says_what_was_looked_for),
        cmocka_unit_test(a_huge_file_is_skipped_by_its_size),
        cmocka_unit_test(cancelling_stops_at_every_point),
        cmocka_unit_test(every_failing_allocation_is_an_error_and_no_leak),
        cmocka_unit_test(every_budget_is_an_error_or_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
