/* Free text up to triggers, compared with what a search for the triggers says. */
#include "mask/free_text.h"
#include "mask/program.h"
#include "unit/mask/marks_fixture.h"

enum { MAX_TRIGGERS = 3, LENGTH = 7 };

typedef struct Source {
    const char *const *triggers; /* behind each of them "!" must stand */
    size_t count;
    Symbol (*make)(const FreeText *self);
} Source;

static bool build(Grammar *grammar, const void *from, const char *file, Symbol *start, ananke_error *err) {
    static const Str names[] = {{"<call>", 6}, {"<tag>", 5}};
    (void)file;
    const Source *source = from;
    Trigger triggers[MAX_TRIGGERS] = {0};
    Marks marks = {grammar, names, 2};
    FreeText text = {&marks, triggers, source->count};
    for (size_t i = 0; i < source->count; i++)
        triggers[i] = (Trigger){ak_str(source->triggers[i]), ak_grammar_literal(grammar, STR("!"))};
    if (!ak_free_text_check(&text, "#/t", err)) return false;
    if (source->make) {
        *start = source->make(&text);
    } else {
        Symbol then = ak_grammar_repeat(grammar, ak_free_text_then(&text), 0, AK_REPEAT_MANY);
        *start = ak_grammar_sequence(grammar, (Symbol[]){then, ak_free_text_plain(&text)}, 2);
    }
    return ak_grammar_ok(grammar, err);
}

static ananke_program *compile(const ananke_vocab *vocab, const char *const *triggers, size_t count,
                               Symbol (*make)(const FreeText *self), ananke_error *err) {
    return ak_program_build_from(build, &(Source){triggers, count, make}, vocab, NULL, err);
}

/* The slow twin: wherever a trigger ends first there must be "!", and the search goes on behind that. */
static bool is_mixed(const char *const *triggers, size_t count, const char *text) {
    const char *from = text;
    for (const char *at = text; *at; at++) {
        for (size_t i = 0; i < count; i++) {
            size_t length = strlen(triggers[i]);
            if ((size_t)(at + 1 - from) < length || memcmp(at + 1 - length, triggers[i], length) != 0) continue;
            if (at[1] != '!') return false;
            from = at + 2, at++;
            break;
        }
    }
    return true;
}

TEST(free_text_is_what_a_search_says) {
    IGNORE_STATE;
    static const char *const sets[][MAX_TRIGGERS] = {{"a"}, {"aab"}, {"ab", "ba"}, {"aba", "bb", "aa"}, {"b!", "aa"}};
    static const char letters[] = "ab!";
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
        size_t count = 0, total = 1;
        while (count < MAX_TRIGGERS && sets[s][count]) count++;
        ananke_program *program = compile(vocab, sets[s], count, NULL, NULL);
        assert_non_null(program);
        for (size_t i = 0; i < LENGTH; i++) total *= 3;
        for (size_t n = 0; n < total; n++) {
            char text[LENGTH + 1] = "";
            for (size_t i = 0, rest = n; i < LENGTH; i++, rest /= 3) text[i] = letters[rest % 3];
            bool wanted = is_mixed(sets[s], count, text);
            if (accepts_marked(program, text) != wanted) fail_msg("set %zu, %s: should be %d", s, text, wanted);
        }
        ananke_program_free(program);
    }
    ananke_vocab_free(vocab);
}

TEST(a_trigger_that_is_a_token_is_not_spelled_out) {
    IGNORE_STATE;
    static const char *const triggers[] = {"<call>", "<tag>x", "<<"};
    static const struct {
        const char *text;
        bool good;
    } rows[] = {{"abc", true},      {"ab@!c", true},  {"@!", true},          {"@", false},         {"ab@c", false},
                {"a<call>", false}, {"a<call", true}, {"a$x!", true},        {"$!", false},        {"<tag>x!", false},
                {"<<!", true},      {"a<<b", false},  {"a<call><<!", false}, {"@!$x!<<!a@!", true}};
    ananke_vocab *vocab = open_marks_vocab();
    ananke_program *program = compile(vocab, triggers, 3, NULL, NULL);
    assert_non_null(program);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (accepts_marked(program, rows[i].text) != rows[i].good) fail_msg("%s", rows[i].text);
    }
    ananke_program_free(program);
    ananke_vocab_free(vocab);
}

TEST(text_may_be_unlike_a_trigger_or_begin_with_it) {
    IGNORE_STATE;
    static const char *const triggers[] = {"{\"n\"", "<call>x"};
    ananke_vocab *vocab = open_marks_vocab();
    ananke_program *unlike = compile(vocab, triggers, 2, ak_free_text_unlike, NULL);
    ananke_program *at_once = compile(vocab, triggers, 2, ak_free_text_trigger, NULL);
    assert_true(accepts_marked(unlike, ""));
    assert_true(accepts_marked(unlike, "{\"m {\"n\""));
    assert_true(accepts_marked(unlike, "{\""));
    assert_false(accepts_marked(unlike, "{\"n\"!"));
    assert_false(accepts_marked(unlike, "@x!"));
    assert_true(accepts_marked(at_once, "@x!"));
    assert_true(accepts_marked(at_once, "{\"n\"!"));
    assert_false(accepts_marked(at_once, " {\"n\"!"));
    ananke_program_free(unlike);
    ananke_program_free(at_once);
    ananke_vocab_free(vocab);
}

TEST(triggers_that_cannot_be_met_are_refused) {
    IGNORE_STATE;
    static const struct {
        const char *triggers[MAX_TRIGGERS];
        const char *message;
    } rows[] = {{{NULL}, "#/t: there is no trigger"},
                {{"a", ""}, "#/t/1: a trigger is not empty"},
                {{"a", "b", "a"}, "#/t/2: this trigger is there twice"},
                {{"x<a>", "<a"}, "#/t/0: the trigger '<a' is inside of it, so that it can never be met"},
                {{"x<call>"}, "#/t/0: a special token can only be what the trigger begins with"}};
    ananke_vocab *vocab = open_marks_vocab();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        size_t count = 0;
        while (count < MAX_TRIGGERS && rows[i].triggers[count]) count++;
        assert_null(compile(vocab, rows[i].triggers, count, NULL, &err));
        assert_string_equal(err.message, rows[i].message);
    }
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_text_is_what_a_search_says),
        cmocka_unit_test(a_trigger_that_is_a_token_is_not_spelled_out),
        cmocka_unit_test(text_may_be_unlike_a_trigger_or_begin_with_it),
        cmocka_unit_test(triggers_that_cannot_be_met_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
