/* Choice lists: a grammar of one lexeme, the word list, so that the parser has nothing to do. */
#include "mask/program.h"
#include "regex/regex_words.h"

enum { MAX_NAMED = 8, MAX_NAME = 100 };

typedef struct Choices {
    const char *const *texts;
    const size_t *lengths; /* NULL: the texts are NUL-terminated */
    size_t count;
} Choices;

static Str choice_at(const Choices *self, size_t i) {
    return self->lengths ? (Str){self->texts[i], self->lengths[i]} : ak_str(self->texts[i]);
}

/* What can come next, for people: the choices themselves where they are few. */
static Str list_name(const Str *words, size_t count, Arena *arena) {
    Str name = {0}, many = ak_arena_format(arena, "one of %zu choices", count);
    for (size_t i = 0; i < count && count <= MAX_NAMED && name.length <= MAX_NAME; i++)
        name = ak_arena_format(arena, "%.*s%s\"%.*s\"", STR_ARGS(name), i ? " | " : "", STR_ARGS(words[i]));
    return name.length && name.length <= MAX_NAME ? name : many;
}

/* The words that are not empty, into `words`; true when an empty one is among the choices too. */
static bool split_off_empty(const Choices *self, Str *words, size_t *count) {
    *count = 0;
    for (size_t i = 0; i < self->count; i++) {
        Str word = choice_at(self, i);
        if (word.length) words[(*count)++] = word;
    }
    return *count < self->count;
}

static bool build(Grammar *grammar, const void *source, const char *file, Symbol *start, ananke_error *err) {
    (void)file;
    const Choices *self = source;
    if (!self->count) return ak_fail(err, ANANKE_ERROR_USAGE, "there is no choice");
    Str *words = ak_new_array(grammar->arena, Str, self->count);
    if (!words) return ak_fail_memory(err, grammar->arena);
    size_t count;
    bool may_be_empty = split_off_empty(self, words, &count);
    Str name = list_name(words, count, grammar->arena);
    if (!count) *start = ak_grammar_nothing(grammar);
    else *start = ak_grammar_terminal(grammar, name, ak_expr_words(&grammar->exprs, words, count));
    if (count && may_be_empty) *start = ak_grammar_optional(grammar, *start);
    return ak_grammar_ok(grammar, err);
}

ananke_program *ananke_program_from_choices(const char *const *choices, const size_t *lengths, size_t count,
                                            const ananke_vocab *vocab, const ananke_program_options *options,
                                            ananke_error *err) {
    return ak_program_build_from(build, &(Choices){choices, lengths, count}, vocab, options, err);
}
