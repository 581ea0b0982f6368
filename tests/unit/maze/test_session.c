/* Sessions with a model that knows nothing ($ANANKE_TINY_GGUF: a token for each byte): whatever it says, a masked text is a sentence of the grammar at
 * the end, is streamed as it is, and is the same for the same seed. */
#include "../test.h"
#include "base/utf8.h"
#include "maze/session.h"
#include <stdio.h>
#include <stdlib.h>

static ananke_model *model;
static Arena arena;

typedef struct Heard {
    char text[8192];
    size_t length;
    size_t stop_after; /* bytes; 0: never */
} Heard;

static bool hear(void *data, const char *piece, size_t length) {
    Heard *heard = data;
    if (!piece) return heard->length = 0, true; /* it begins again */
    assert_int_equal(ak_utf8_invalid((Str){piece, length}), SIZE_MAX);
    assert_true(heard->length + length < sizeof heard->text);
    memcpy(heard->text + heard->length, piece, length);
    heard->length += length;
    return heard->stop_after == 0 || heard->length < heard->stop_after;
}

typedef struct Play {
    const char *grammar; /* NULL: no mask */
    uint64_t seed;
    uint32_t max_tokens;
    size_t rewind_at; /* offset to go back to once the text has ended; 0: none */
    unsigned rewinds; /* how often */
    const ananke_context *context;
    bool is_fenced;
    Heard heard;
    ananke_generation_report report;
    Str text;
} Play;

static ananke_program *compile(const char *grammar) {
    ananke_error err = {0};
    ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), model->vocab, NULL, &err);
    if (!program) print_error("%s\n", err.message);
    assert_non_null(program);
    return program;
}

static bool play(Play *play, ananke_error *err) {
    ananke_generate_options options = {.text = hear, .text_data = &play->heard};
    ananke_context one_thread = {.threads = 1};
    TokenIds prompt = {0};
    ananke_program *program = play->grammar ? compile(play->grammar) : NULL;
    Session session = {
        .options = &options,
        .model = model,
        .matcher = program ? ananke_matcher_new(program, NULL) : NULL,
        .is_fenced = play->is_fenced,
        .max_tokens = play->max_tokens,
        .arena = &arena,
        .text = {.arena = &arena},
    };
    assert_true(ak_llama_tokenize(&model->llama, &arena, STR("go"), false, true, &prompt, NULL));
    session.prompt = prompt;
    assert_true(ak_sampler_init(&session.sampler, &arena, model->llama.vocab_size, 0.7f, 0.95f, play->seed));
    assert_true(ak_llama_run_begin(&session.run, &model->llama, 8 + play->max_tokens,
                                   play->context ? play->context : &one_thread, NULL));
    bool done = ak_llama_run_feed(&session.run, prompt.items, prompt.count, err) && ak_session_generate(&session, err);
    for (unsigned i = 0; done && session.marks.count && i < play->rewinds; i++)
        done = ak_session_rewind(&session, play->rewind_at, err) && ak_session_generate(&session, err);
    play->report = session.report;
    play->text = ak_buf_view(&session.text);
    ak_llama_run_end(&session.run);
    ananke_matcher_free(session.matcher);
    ananke_program_free(program);
    return done;
}

static bool is_sentence(const char *grammar, Str text) {
    ananke_program *program = compile(grammar);
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    bool is = ananke_matcher_consume_bytes(matcher, (const uint8_t *)text.data, text.length, NULL) &&
              ananke_matcher_is_accepting(matcher);
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    return is;
}

static const char *const calls = "start: (NAME \"(\" arguments \");\\n\")+\n"
                                 "arguments: (argument (\", \" argument)*)?\n"
                                 "argument: NAME | NUMBER | \"[\" arguments \"]\"\n"
                                 "NAME: /[a-z]{1,6}/\n"
                                 "NUMBER: /[0-9]{1,3}/\n";

TEST(noise_under_a_mask_is_a_sentence_whenever_it_ends) {
    IGNORE_STATE;
    unsigned cut = 0, completed = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        Play game = {.grammar = calls, .seed = seed, .max_tokens = (uint32_t)(1 + seed * 3)};
        assert_true(play(&game, NULL));
        assert_true(game.report.complete);
        assert_true(game.text.length > 0);
        assert_true(is_sentence(calls, game.text));
        assert_false(game.report.dropped_bytes && game.report.completed_bytes);
        cut += game.report.dropped_bytes > 0;
        completed += game.report.completed_bytes > 0;
    }
    assert_true(completed > 0); /* both ends were played */
    assert_true(cut > 0);
}

TEST(what_was_streamed_is_the_text_and_what_was_dropped) {
    IGNORE_STATE;
    for (uint64_t seed = 0; seed < 30; seed++) {
        Play game = {.grammar = calls, .seed = seed, .max_tokens = 40};
        assert_true(play(&game, NULL));
        assert_int_equal(game.heard.length, game.text.length + game.report.dropped_bytes);
        assert_memory_equal(game.heard.text, game.text.data, game.text.length);
    }
}

TEST(code_points_of_several_tokens_are_streamed_whole) {
    IGNORE_STATE;
    Play game = {.grammar = "start: /[a\u00e9\u20ac\U0001F600]{20,}/", .seed = 4, .max_tokens = 60};
    assert_true(play(&game, NULL)); /* `hear` looks at every piece */
    assert_true(game.report.complete);
    assert_int_equal(ak_utf8_invalid(game.text), SIZE_MAX);
}

TEST(a_text_that_nothing_can_follow_ends) {
    IGNORE_STATE;
    Play game = {.grammar = "start: \"let x = 1;\"", .max_tokens = 100};
    assert_true(play(&game, NULL));
    assert_string_equal(game.text.data, "let x = 1;");
    assert_string_equal(game.report.stop, "nothing can follow");
    assert_int_equal(game.report.tokens, 10);
    assert_true(game.report.interventions > 0);
    assert_true(game.report.masked_mass > 0.5);
}

TEST(an_empty_text_is_no_answer_even_where_the_grammar_has_one) {
    IGNORE_STATE;
    for (uint64_t seed = 0; seed < 20; seed++) {
        Play game = {.grammar = "start: /[ab]*/", .seed = seed, .max_tokens = 20};
        assert_true(play(&game, NULL));
        assert_true(game.text.length > 0);
    }
}

TEST(where_the_text_may_end_the_model_may_stop_it) {
    IGNORE_STATE;
    unsigned ended = 0, fenced = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        Play game = {.grammar = "start: /[ab`\\n]*/", .seed = seed, .max_tokens = 60};
        assert_true(play(&game, NULL));
        assert_null(strstr(game.text.data, "```"));
        ended += strcmp(game.report.stop, "end of text") == 0;
        fenced += strcmp(game.report.stop, "closing fence") == 0;
    }
    assert_true(ended > 0);
    assert_true(fenced > 0);
}

TEST(equal_seeds_give_equal_texts) {
    IGNORE_STATE;
    Play one = {.grammar = calls, .seed = 9, .max_tokens = 80}, two = one, other = one;
    ananke_context threads = {.threads = 2};
    other.seed = 10, two.context = &threads;
    assert_true(play(&one, NULL) && play(&two, NULL) && play(&other, NULL));
    assert_string_equal(one.text.data, two.text.data);
    assert_string_not_equal(one.text.data, other.text.data);
}

TEST(a_caller_who_has_heard_enough_gets_a_whole_text) {
    IGNORE_STATE;
    unsigned stopped = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        Play game = {.grammar = calls, .seed = seed, .max_tokens = 200, .heard = {.stop_after = 10}};
        assert_true(play(&game, NULL));
        assert_true(game.report.tokens < 20);
        assert_true(is_sentence(calls, game.text));
        stopped += strcmp(game.report.stop, "stopped by the caller") == 0;
    }
    assert_true(stopped > 10);
}

TEST(a_rewound_session_keeps_what_came_before_and_writes_another_sentence) {
    IGNORE_STATE;
    unsigned longer = 0, differs = 0;
    for (uint64_t seed = 0; seed < 30; seed++) {
        Play plain = {.grammar = calls, .seed = seed, .max_tokens = 60}, again = plain;
        assert_true(play(&plain, NULL));
        again.rewind_at = plain.text.length / 2, again.rewinds = 1;
        if (again.rewind_at == 0) continue;
        assert_true(play(&again, NULL));
        assert_true(again.report.complete && is_sentence(calls, again.text));
        assert_int_equal(again.report.rewinds, 1);
        assert_memory_equal(again.text.data, plain.text.data, again.rewind_at); /* a token is a byte here */
        differs += again.text.data[again.rewind_at] !=
                   plain.text.data[again.rewind_at]; /* unless nothing else may stand there */
        assert_true(again.report.tokens <= 60);
        assert_int_equal(again.heard.length, again.text.length + again.report.dropped_bytes);
        longer += again.text.length > again.rewind_at + 3;
    }
    assert_true(longer > 5);
    assert_true(differs > 10);
}

TEST(a_place_that_goes_wrong_again_and_again_is_left_towards_the_start) {
    IGNORE_STATE;
    Play game = {.grammar = calls, .seed = 2, .max_tokens = 60, .rewind_at = 6, .rewinds = 12};
    assert_true(play(&game, NULL));
    assert_true(game.report.rewinds > 3);
    assert_true(game.report.complete && is_sentence(calls, game.text));
}

static bool after_some(void *data) {
    int *asked = data;
    return ++*asked > 30;
}

TEST(a_cancelled_session_is_an_error) {
    IGNORE_STATE;
    int asked = 0;
    ananke_error err = {0};
    ananke_context context = {.threads = 1, .cancelled = after_some, .cancelled_data = &asked};
    Play game = {.grammar = calls, .max_tokens = 500, .context = &context};
    assert_false(play(&game, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
}

TEST(without_a_mask_the_model_says_what_it_wants) {
    IGNORE_STATE;
    Play game = {.seed = 3, .max_tokens = 50, .is_fenced = true}, again = game;
    assert_true(play(&game, NULL) && play(&again, NULL));
    assert_true(ak_str_equal(game.text, again.text));
    assert_true(ak_str_equal(game.text, (Str){game.heard.text, game.heard.length}));
    assert_int_equal(ak_utf8_invalid(game.text), SIZE_MAX); /* noise is none: it was mended */
    assert_non_null(strchr(game.text.data, '?'));
    assert_false(game.report.complete);
    assert_int_equal(game.report.interventions, 0);
    assert_true(game.report.mask_us_max == 0);
}

static int start(void **state) {
    IGNORE_STATE;
    ananke_error err = {0};
    arena = ak_arena(NULL);
    const char *path = getenv("ANANKE_TINY_GGUF");
    model = path ? ananke_model_load(path, NULL, &err) : NULL;
    if (!model) print_error("%s\n", err.message);
    return model ? 0 : -1;
}

static int stop(void **state) {
    IGNORE_STATE;
    ananke_model_free(model);
    ak_arena_free(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_under_a_mask_is_a_sentence_whenever_it_ends),
        cmocka_unit_test(what_was_streamed_is_the_text_and_what_was_dropped),
        cmocka_unit_test(code_points_of_several_tokens_are_streamed_whole),
        cmocka_unit_test(a_text_that_nothing_can_follow_ends),
        cmocka_unit_test(an_empty_text_is_no_answer_even_where_the_grammar_has_one),
        cmocka_unit_test(where_the_text_may_end_the_model_may_stop_it),
        cmocka_unit_test(equal_seeds_give_equal_texts),
        cmocka_unit_test(a_caller_who_has_heard_enough_gets_a_whole_text),
        cmocka_unit_test(a_rewound_session_keeps_what_came_before_and_writes_another_sentence),
        cmocka_unit_test(a_place_that_goes_wrong_again_and_again_is_left_towards_the_start),
        cmocka_unit_test(a_cancelled_session_is_an_error),
        cmocka_unit_test(without_a_mask_the_model_says_what_it_wants),
    };
    return cmocka_run_group_tests_name("session", tests, start, stop);
}
