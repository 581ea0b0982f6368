/* Calling a compile off from another thread, whatever the front end: each of these grammars would take much longer, and is given all the fuel. */
#include "../test.h"
#include <ananke/program.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef ananke_program *Compile(const char *text, size_t length, const ananke_vocab *vocab,
                                const ananke_program_options *options, ananke_error *err);

/* Lines of a text as choices. */
static ananke_program *from_choices(const char *text, size_t length, const ananke_vocab *vocab,
                                    const ananke_program_options *options, ananke_error *err) {
    size_t count = 0;
    const char **choices = calloc(length, sizeof *choices);
    size_t *lengths = calloc(length, sizeof *lengths);
    for (const char *end, *at = text; (end = strchr(at, '\n')); at = end + 1)
        choices[count] = at, lengths[count++] = (size_t)(end - at);
    ananke_program *program = ananke_program_from_choices(choices, lengths, count, vocab, options, err);
    free((void *)choices), free(lengths);
    return program;
}

/* Texts that are `head`, `count` times `part` with its number in it, `tail`. */
static const struct {
    Compile *compile;
    const char *head, *part, *tail;
    int count;
} hostile[] = {
    /* 2^40 derivatives tell whether there is a text that all three match */
    {ananke_program_from_lark, "start: A\nA: /(a|b)*a(a|b){40}/ & ~/(a|b)*b(a|b){41}/ & ~/b*a(a|b)*/\n", "", "", 0},
    {ananke_program_from_lark, "start: r0\n", "r%1$d: \"k%1$d\" /[a-z%1$d]+/ | r%1$d \"x\"\n", "", 40000},
    {ananke_program_from_gbnf, "root ::= ", "[a-z%1$d]* ( \"k%1$d\" | [0-9]* ) | ", "\"x\"", 20000},
    {ananke_program_from_json_schema, "{\"allOf\": [",
     "{\"anyOf\": [{\"properties\": {\"a%1$d\": {\"type\": \"integer\"}}}, {\"required\": [\"b%1$d\"]}]}, ", "{}]}",
     60},
    {ananke_program_from_regex, "", "[a-z%1$d]+k%1$dx?|", "e", 20000},
    {from_choices, "", "%1$x is one of many choices, and this is its number: %1$d\n", "", 40000},
};

enum { POLLS = 5 }; /* so many are waited for: the work has begun, and is far from its end */

typedef struct Work {
    size_t which;
    const ananke_vocab *vocab;
    atomic_int polls, refusals;
    atomic_bool is_cancelled;
    ananke_error err;
} Work;

static char *hostile_text(size_t which, size_t *length) {
    enum { MOST = 200 }; /* bytes of a part */
    size_t room = strlen(hostile[which].head) + strlen(hostile[which].tail) + (size_t)hostile[which].count * MOST + 1;
    char *text = malloc(room);
    size_t at = (size_t)snprintf(text, room, "%s", hostile[which].head);
    for (int i = 0; i < hostile[which].count; i++) at += (size_t)snprintf(text + at, room - at, hostile[which].part, i);
    *length = at + (size_t)snprintf(text + at, room - at, "%s", hostile[which].tail);
    return text;
}

static bool is_cancelled(void *data) {
    Work *work = data;
    bool answer = atomic_load(&work->is_cancelled);
    atomic_fetch_add(answer ? &work->refusals : &work->polls, 1);
    return answer;
}

static void *compile(void *data) {
    Work *work = data;
    ananke_context context = {.cancelled = is_cancelled, .cancelled_data = work};
    ananke_program_options options = {.context = &context, .fuel = UINT64_MAX};
    size_t length;
    char *text = hostile_text(work->which, &length);
    ananke_program_free(hostile[work->which].compile(text, length, work->vocab, &options, &work->err));
    free(text);
    atomic_store(&work->polls, POLLS); /* whoever waits need not, though that was too soon */
    return NULL;
}

TEST(a_compile_ends_when_another_thread_calls_it_off) {
    IGNORE_STATE;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        Work work = {.which = i, .vocab = vocab};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, compile, &work), 0);
        while (atomic_load(&work.polls) < POLLS) nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
        atomic_store(&work.is_cancelled, true);
        pthread_join(thread, NULL);
        if (work.err.code != ANANKE_ERROR_CANCELLED) print_error("grammar %zu: %s\n", i, work.err.message);
        assert_int_equal(work.err.code, ANANKE_ERROR_CANCELLED);
        assert_in_range(atomic_load(&work.refusals), 1, 2); /* 2: an inner arena, and the one around it */
    }
    ananke_vocab_free(vocab);
}

TEST(a_compile_that_nobody_calls_off_is_the_same) {
    IGNORE_STATE;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    Work work = {0};
    ananke_context context = {.cancelled = is_cancelled, .cancelled_data = &work};
    ananke_program_options options = {.context = &context};
    ananke_error err = {0};
    ananke_program *program = ananke_program_from_regex("a+", 2, vocab, &options, &err);
    assert_non_null(program);
    assert_true(atomic_load(&work.polls) > 0);
    ananke_program_free(program);
    work.is_cancelled = true;
    assert_null(ananke_program_from_regex("a+", 2, vocab, &options, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compile_ends_when_another_thread_calls_it_off),
        cmocka_unit_test(a_compile_that_nobody_calls_off_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
