/* The kinds of grammar that a caller may name, and what compiles each. */
#include "compat/llg_grammar.h"
#include <stdlib.h>
#include <string.h>

typedef ananke_program *Compile(const char *text, size_t length, const ananke_vocab *vocab,
                                const ananke_program_options *options, ananke_error *err);

static const struct {
    const char *name;
    Compile *compile;
    const char *text; /* NULL: the caller's */
} kinds[] = {
    {"regex", ananke_program_from_regex, NULL},
    {"json", ananke_program_from_json_schema, NULL},
    {"json_schema", ananke_program_from_json_schema, NULL},
    {"json_object", ananke_program_from_json_schema, "{\"type\": \"object\"}"},
    {"lark", ananke_program_from_lark, NULL},
    {"llguidance", ananke_program_from_llguidance, NULL},
    {"guidance", ananke_program_from_llguidance, NULL},
};

static ananke_program *compile(const char *kind, const char *data, const ananke_vocab *vocab, ananke_error *err) {
    const ananke_program_options options = {.file = ""};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i].name) != 0) continue;
        const char *text = kinds[i].text ? kinds[i].text : data;
        return kinds[i].compile(text, strlen(text), vocab, &options, err);
    }
    return ak_llg_fail(err, ANANKE_ERROR_USAGE, "unknown constraint type: %.80s", kind), NULL;
}

/* What llguidance refuses before it looks at the grammar. */
static bool check_init(const LlgConstraintInit *init, const char *kind, const char *data, ananke_error *err) {
    const char *problem = NULL;
    if (!kind) problem = "constraint_type is null";
    else if (!data) problem = "data is null";
    else if (!init->tokenizer) problem = "Tokenizer is null";
    else if (init->ff_tokens_ok && !init->tokenizer->table->tokenize)
        problem = "ff_tokens requires canonical tokenization";
    else if (init->backtrack_ok && !init->ff_tokens_ok) problem = "backtrack requires ff_tokens";
    return !problem || ak_llg_fail(err, ANANKE_ERROR_USAGE, "%s", problem);
}

Grammar *ak_llg_grammar_new(const LlgConstraintInit *init, const char *kind, const char *data, ananke_error *err) {
    if (!check_init(init, kind, data, err)) return NULL;
    Grammar *grammar = calloc(1, sizeof *grammar);
    if (!grammar) return ak_llg_fail_memory(err), NULL;
    atomic_init(&grammar->users, 1);
    grammar->table = ak_llg_table_use(init->tokenizer->table);
    grammar->program = compile(kind, data, grammar->table->vocab, err);
    if (grammar->program) return grammar;
    return ak_llg_grammar_leave(grammar), NULL;
}

Grammar *ak_llg_grammar_use(Grammar *grammar) {
    atomic_fetch_add_explicit(&grammar->users, 1, memory_order_relaxed);
    return grammar;
}

void ak_llg_grammar_leave(Grammar *grammar) {
    if (!grammar || atomic_fetch_sub_explicit(&grammar->users, 1, memory_order_acq_rel) != 1) return;
    ananke_program_free(grammar->program);
    ak_llg_table_leave(grammar->table);
    free(grammar);
}
