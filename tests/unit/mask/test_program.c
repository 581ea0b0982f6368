/* Programs: what fails, fails with words and without leaks, whichever allocation it is. */
#include "../test.h"
#include "base/bitset.h"
#include <ananke/matcher.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char grammar[] =
    "start: list\nlist: list \",\" item | item\nitem: NAME | \"(\" list \")\" | p::0\n"
    "NAME: /[a-z]\\w*/i & ~(\"if\" | \"in\")\np::_: \"1\" p::incr([0:2]) %if lt(_, 3) | \"2\"\n%ignore /[ \\n]+/\n";

/* An allocator that refuses from the countdown's end on, and counts what is out. */
typedef struct Meter {
    long countdown; /* negative: never */
    long out;
} Meter;

static void *metered(void *data, void *pointer, size_t old_size, size_t new_size) {
    Meter *meter = data;
    (void)old_size;
    if (new_size == 0) {
        if (pointer) meter->out--;
        free(pointer);
        return NULL;
    }
    if (meter->countdown == 0) return NULL;
    if (meter->countdown > 0) meter->countdown--;
    void *fresh = realloc(pointer, new_size);
    if (fresh && !pointer) meter->out++;
    return fresh;
}

/* Compiles, moves, masks, forks and completes; true when nothing failed. */
static bool whole_way(const ananke_vocab *vocab, const ananke_context *context, ananke_error *err) {
    uint32_t row[9];
    uint8_t text[64];
    ananke_program_options options = {.context = context, .file = "g.lark"};
    ananke_matcher *matcher = NULL, *fork = NULL;
    ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), vocab, &options, err);
    bool ok = program && (matcher = ananke_matcher_new(program, err));
    ok = ok && ananke_matcher_consume_bytes(matcher, (const uint8_t *)"ab, (iff", 8, err) &&
         ananke_matcher_fill_mask(matcher, row, 9, err);
    ok = ok && (fork = ananke_matcher_fork(matcher, err)) && ananke_matcher_consume(fork, ')', err);
    if (ok && ananke_matcher_completion(matcher, text, sizeof text) != 1) {
        ok = ananke_matcher_error(matcher) !=
             NULL; /* out of memory inside: then the matcher says so, or finds nothing */
        ananke_matcher_reset(matcher);
        if (err) err->code = ANANKE_ERROR_MEMORY;
        ok = false;
    }
    ananke_matcher_free(matcher);
    ananke_matcher_free(fork);
    ananke_program_free(program);
    return ok;
}

TEST(every_failed_allocation_is_an_error) {
    IGNORE_STATE;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    Meter meter = {0};
    ananke_allocator allocator = {.resize = metered, .data = &meter};
    ananke_context context = {.allocator = &allocator};
    bool done = false;
    for (long count = 0; !done && count < 400; count++) {
        ananke_error err = {0};
        meter = (Meter){.countdown = count};
        done = whole_way(vocab, &context, &err);
        if (!done) assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        assert_int_equal(meter.out, 0);
    }
    assert_true(done);
    ananke_vocab_free(vocab);
}

TEST(a_budget_is_an_error_too) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    ananke_context context = {.memory_limit = 20000};
    assert_false(whole_way(vocab, &context, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    ananke_program_options options = {.fuel = 100};
    assert_null(ananke_program_from_lark(grammar, strlen(grammar), vocab, &options, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    ananke_vocab_free(vocab);
}

TEST(hostile_grammars_end_in_time) {
    IGNORE_STATE;
    static const char *const texts[] = {
        "start: A\nA: /((a|b)*a(a|b){60}){3}/ & ~/(a*b){50,}/ & /(a|b)*b(a|b){70}/\n",
        "start: A\nA: ~/.*(x.{200}y|y.{300}x).*/ & ~/.*(a.{250}b).*/ & /[ab]{1000}/\n",
        "start: /(((a{1,1000}){1,1000}){1,1000}){1,1000}/\n",
        "start: start start | start start start | \"a\" | \"\"\n",
        "start: p::0\np::_: p::set_bit(0) p::set_bit(1) p::set_bit(2) p::set_bit(3) p::incr([4:12]) | \"x\"\n",
    };
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ananke_error err = {0};
        clock_t begin = clock();
        ananke_program *program = ananke_program_from_lark(texts[i], strlen(texts[i]), vocab, NULL, &err);
        if (program) {
            uint32_t row[9];
            ananke_matcher *matcher = ananke_matcher_new(program, &err);
            assert_non_null(matcher);
            if (!ananke_matcher_fill_mask(matcher, row, 9, &err))
                assert_int_equal(ananke_matcher_stop_reason(matcher), ANANKE_STOP_ERROR);
            ananke_matcher_free(matcher);
        } else {
            assert_true(err.message[0]);
        }
        double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
        if (seconds > 5) print_error("grammar %zu took %.1f s\n", i, seconds);
        assert_true(seconds < 60); /* the sanitizers are slow */
        ananke_program_free(program);
    }
    ananke_vocab_free(vocab);
}

TEST(errors_name_the_file) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    ananke_program_options options = {.file = "my.lark"};
    assert_null(ananke_program_from_lark("start: x", 8, vocab, &options, &err));
    assert_string_equal(err.file, "my.lark");
    assert_int_equal(err.column, 8);
    assert_null(ananke_program_from_regex("a(", 2, vocab, &options, &err));
    assert_int_equal(err.column, 2);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_is_an_error),
        cmocka_unit_test(a_budget_is_an_error_too),
        cmocka_unit_test(hostile_grammars_end_in_time),
        cmocka_unit_test(errors_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
