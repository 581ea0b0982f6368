/* Loading models: what is no model is refused before llama.cpp sees it; a loaded one knows its tokens. */
#include "../test.h"
#include "base/bitset.h"
#include "maze/model.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static ananke_error refused(const char *path) {
    ananke_error err = {0};
    assert_null(ananke_model_load(path, NULL, &err));
    assert_int_not_equal(err.code, ANANKE_OK);
    assert_true(err.message[0]);
    return err;
}

TEST(what_is_no_model_is_refused_with_its_name) {
    IGNORE_STATE;
    assert_int_equal(refused(NULL).code, ANANKE_ERROR_USAGE);
    assert_int_equal(refused("/nowhere/model.gguf").code, ANANKE_ERROR_IO);
    assert_string_equal(refused("/nowhere/model.gguf").file, "/nowhere/model.gguf");
    assert_int_equal(refused("bytes").code, ANANKE_ERROR_IO); /* a vocabulary, not a model */
    assert_string_equal(refused("/").file, "/");
}

/* A model cut anywhere is an error, never a crash. */
TEST(a_model_that_is_cut_short_is_refused) {
    IGNORE_STATE;
    char path[] = "/tmp/ananke-test-XXXXXX", command[600];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (long bytes = 0; bytes < 430000; bytes += bytes < 100 ? 7 : 40961) {
        snprintf(command, sizeof command, "head -c %ld '%s' > %s", bytes, getenv("ANANKE_TINY_GGUF"), path);
        assert_int_equal(system(command), 0);
        assert_string_equal(refused(path).file, path);
    }
    unlink(path);
}

TEST(a_model_knows_which_tokens_end_an_answer) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_model *model = ananke_model_load(getenv("ANANKE_TINY_GGUF"), NULL, &err);
    assert_non_null(model);
    assert_ptr_equal(ananke_model_vocab(model), model->vocab);
    uint32_t size = ananke_vocab_size(model->vocab);
    for (uint32_t id = 0; id < size; id++) {
        size_t length;
        const uint8_t *bytes = ananke_vocab_token(model->vocab, id, &length);
        bool is_fence = length >= 3 && memcmp(bytes, "```", 3) == 0, is_end = ak_bits_get(model->ends, id);
        assert_int_equal(ak_bits_get(model->stops, id), is_fence || is_end);
        if (is_end) assert_int_equal(length, 0);
    }
    assert_true(ak_bits_count(model->ends, model->words) >= 1);
    assert_int_equal(ak_bits_count(model->stops, model->words), ak_bits_count(model->ends, model->words) + 1);
    ananke_model_free(model);
    ananke_model_free(NULL);
}

static bool at_once(void *data) {
    (void)data;
    return true;
}

TEST(loading_can_be_cancelled) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_context context = {.cancelled = at_once};
    assert_null(ananke_model_load(getenv("ANANKE_TINY_GGUF"), &context, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_model_is_refused_with_its_name),
        cmocka_unit_test(a_model_that_is_cut_short_is_refused),
        cmocka_unit_test(a_model_knows_which_tokens_end_an_answer),
        cmocka_unit_test(loading_can_be_cancelled),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
