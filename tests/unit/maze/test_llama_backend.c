/* The local model behind its few functions, on a model of noise (tests/tools/tiny_gguf.c, $ANANKE_TINY_GGUF: a token for each byte). */
#include "../test.h"
#include "maze/llama_backend.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static Arena arena;
static LlamaModel model;

static TokenIds tokens_of(const char *text, bool special) {
    TokenIds ids = {0};
    assert_true(ak_llama_tokenize(&model, &arena, ak_str(text), special, false, &ids, NULL));
    return ids;
}

/* The logits behind `text`, computed in pieces of `step` tokens with this many threads. */
static float *logits_behind(const char *text, size_t step, uint32_t threads) {
    ananke_context context = {.threads = threads};
    TokenIds ids = tokens_of(text, false);
    LlamaRun run;
    assert_true(ak_llama_run_begin(&run, &model, ids.count, &context, NULL));
    for (size_t at = 0; at < ids.count; at += step)
        assert_true(ak_llama_run_feed(&run, ids.items + at, at + step < ids.count ? step : ids.count - at, NULL));
    float *copy = ak_new_array(&arena, float, model.vocab_size);
    memcpy(copy, ak_llama_run_logits(&run), model.vocab_size * sizeof *copy);
    ak_llama_run_end(&run);
    return copy;
}

TEST(text_from_outside_never_becomes_a_special_token) {
    IGNORE_STATE;
    assert_int_equal(tokens_of("<|im_end|>", true).count, 1);
    TokenIds plain = tokens_of("<|im_end|>", false);
    assert_int_equal(plain.count, strlen("<|im_end|>"));
    for (size_t i = 0; i < plain.count; i++) assert_false(ak_llama_is_end(&model, plain.items[i]));
    assert_true(ak_llama_is_end(&model, tokens_of("<|im_end|>", true).items[0]));
}

TEST(the_chat_template_puts_roles_around_both_messages) {
    IGNORE_STATE;
    Str text = ak_llama_chat(&model, &arena, "SYSTEM", "USER");
    assert_string_equal(
        text.data, "<|im_start|>system\nSYSTEM<|im_end|>\n<|im_start|>user\nUSER<|im_end|>\n<|im_start|>assistant\n");
}

TEST(logits_do_not_depend_on_threads) {
    IGNORE_STATE;
    char text[1001] = "";
    for (int i = 0; i < 1000; i++) text[i] = (char)('a' + i * 7 % 26);
    float *one = logits_behind(text, 1000, 1), *two = logits_behind(text, 1000, 2),
          *three = logits_behind(text, 1000, 3);
    size_t bytes = model.vocab_size * sizeof *one;
    assert_memory_equal(one, two, bytes);
    assert_memory_equal(one, three, bytes);
    assert_memory_equal(logits_behind("one by one", 1, 1), logits_behind("one by one", 1, 2), bytes);
}

TEST(two_runs_of_one_model_do_not_touch_each_other) {
    IGNORE_STATE;
    float *alone = logits_behind("let x = 1;", 1, 1);
    TokenIds ids = tokens_of("let x = 1;", false), other = tokens_of("def f(): pass", false);
    ananke_context context = {.threads = 1};
    LlamaRun a, b;
    assert_true(ak_llama_run_begin(&a, &model, ids.count, &context, NULL));
    assert_true(ak_llama_run_begin(&b, &model, other.count, &context, NULL));
    for (size_t i = 0; i < ids.count; i++) {
        assert_true(ak_llama_run_feed(&a, &ids.items[i], 1, NULL));
        assert_true(ak_llama_run_feed(&b, &other.items[i], 1, NULL));
    }
    assert_memory_equal(alone, ak_llama_run_logits(&a), model.vocab_size * sizeof *alone);
    ak_llama_run_end(&a);
    ak_llama_run_end(&b);
}

static bool at_once(void *data) {
    (void)data;
    return true;
}

TEST(a_cancelled_run_says_so) {
    IGNORE_STATE;
    ananke_context context = {.threads = 1};
    ananke_error err = {0};
    TokenIds ids = tokens_of("some text", false);
    LlamaRun run;
    assert_true(ak_llama_run_begin(&run, &model, 100, &context, &err));
    context.cancelled = at_once;
    assert_false(ak_llama_run_feed(&run, ids.items, ids.count, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
    ak_llama_run_end(&run);
}

TEST(a_file_that_is_no_model_is_an_error_with_llamas_reason_and_nothing_is_printed) {
    IGNORE_STATE;
    char path[] = "/tmp/ananke-test-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    fputs("not a model", file);
    fclose(file);
    int saved = dup(STDERR_FILENO), pipes[2];
    assert_int_equal(pipe(pipes), 0);
    dup2(pipes[1], STDERR_FILENO);
    LlamaModel none;
    ananke_error err = {0};
    bool loaded = ak_llama_load(&none, path, NULL, &err);
    dup2(saved, STDERR_FILENO);
    close(saved), close(pipes[1]);
    char byte;
    ssize_t printed = read(pipes[0], &byte, 1);
    close(pipes[0]);
    unlink(path);
    assert_false(loaded);
    assert_int_equal(printed, 0);
    assert_int_equal(err.code, ANANKE_ERROR_BACKEND);
    assert_string_equal(err.file, path);
    assert_null(strstr(err.message, "no reason"));
}

static void keep(void *data, const ananke_log_record *record) {
    unsigned *count = data;
    assert_non_null(strstr(record->message, "llama.cpp"));
    ++*count;
}

TEST(what_llama_says_goes_to_the_context_that_listens) {
    IGNORE_STATE;
    unsigned count = 0;
    LlamaModel loaded;
    ananke_context context = {.log = keep, .log_data = &count, .log_level = ANANKE_LOG_DEBUG};
    assert_true(ak_llama_load(&loaded, getenv("ANANKE_TINY_GGUF"), &context, NULL));
    ak_llama_free(&loaded);
    assert_true(count > 10);
    unsigned before = count;
    assert_true(ak_llama_load(&loaded, getenv("ANANKE_TINY_GGUF"), NULL, NULL));
    ak_llama_free(&loaded);
    assert_int_equal(count, before);
}

static int start(void **state) {
    IGNORE_STATE;
    const char *path = getenv("ANANKE_TINY_GGUF");
    arena = ak_arena(NULL);
    return path && ak_llama_load(&model, path, NULL, NULL) ? 0 : -1;
}

static int stop(void **state) {
    IGNORE_STATE;
    ak_llama_free(&model);
    ak_arena_free(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_from_outside_never_becomes_a_special_token),
        cmocka_unit_test(the_chat_template_puts_roles_around_both_messages),
        cmocka_unit_test(logits_do_not_depend_on_threads),
        cmocka_unit_test(two_runs_of_one_model_do_not_touch_each_other),
        cmocka_unit_test(a_cancelled_run_says_so),
        cmocka_unit_test(a_file_that_is_no_model_is_an_error_with_llamas_reason_and_nothing_is_printed),
        cmocka_unit_test(what_llama_says_goes_to_the_context_that_listens),
    };
    return cmocka_run_group_tests_name("llama_backend", tests, start, stop);
}
