/* Tables of lexemes and their names, and the stacks that an engine makes of the rest. */
#include "syntax/language_program.h"
#include "base/bitset.h"
#include "syntax/pack.h"
#include "syntax/stacks.h"

/* What stacks are made of. */
typedef struct LanguageSource {
    const Syntax *syntax;
    const LrTables *tables;
    Pack *pack; /* NULL: they are the caller's */
    uint32_t fragment;
} LanguageSource;

static bool open_stacks(Pushdown *self, const void *source, Arena *arena, Dfa *dfa) {
    const LanguageSource *from = source;
    Stacks *stacks = ak_new(arena, Stacks);
    if (!stacks || !ak_stacks_init(stacks, arena, from->syntax, from->tables, dfa)) return false;
    stacks->fuel = UINT64_MAX;
    *self = ak_stacks_pushdown(stacks, from->fragment);
    return self->start != NODE_NONE;
}

static bool fill(ananke_program *self, const LanguageSource *source) {
    GrammarTables *tables = &self->tables;
    const Syntax *syntax = source->syntax;
    uint32_t terminals = (uint32_t)syntax->terminals.count;
    Str *names = ak_new_array(&self->arena, Str, terminals);
    tables->lexemes = ak_stacks_lexemes(syntax, &self->arena, &tables->lexeme_count, &self->parser.shadows);
    if (!names || !tables->lexemes) return false;
    for (uint32_t i = 0; i < terminals; i++) names[i] = syntax->terminals.items[i].name;
    tables->terminal_count = terminals, tables->terminal_names = names;
    tables->lexeme_words = (uint32_t)ak_bits_words(tables->lexeme_count);
    self->parser.open = open_stacks, self->parser.source = source;
    return ak_exprs_copy(&self->exprs, &syntax->exprs, &self->arena, UINT64_MAX);
}

static void close_pack(const void *source) {
    ak_pack_close(((const LanguageSource *)source)->pack);
}

/* Takes the pack over when it succeeds. */
static ananke_program *make(LanguageSource *from, const char *fragment, const ananke_vocab *vocab,
                            const ananke_context *context, ananke_error *err) {
    if (!ak_syntax_fragment(from->syntax, ak_str(fragment ? fragment : ""), &from->fragment, err)) return NULL;
    ananke_program *self = ak_program_new(vocab, context, err);
    if (!self) return NULL;
    LanguageSource *source = ak_new(&self->arena, LanguageSource);
    if (source) *source = *from;
    bool done = source && fill(self, source);
    if (!done) ak_fail_memory(err, &self->arena);
    if (done && ak_program_start(self, err)) return self->parser.close = from->pack ? close_pack : NULL, self;
    ananke_program_free(self);
    return NULL;
}

ananke_program *ak_language_program(const Syntax *syntax, const LrTables *tables, const ananke_vocab *vocab,
                                    const ananke_program_options *options, ananke_error *err) {
    const ananke_program_options none = {0};
    if (!options) options = &none;
    LanguageSource source = {.syntax = syntax, .tables = tables};
    return make(&source, options->fragment, vocab, options->context, err);
}

ananke_program *ak_pack_program(Str content, const ananke_vocab *vocab, const ananke_program_options *options,
                                ananke_error *err) {
    const ananke_program_options none = {0};
    if (!options) options = &none;
    Pack *pack = ak_pack_read(content, options->file, options->context, err);
    if (!pack) return NULL;
    LanguageSource source = {.syntax = &pack->syntax, .tables = &pack->tables, .pack = pack};
    ananke_program *self = make(&source, options->fragment, vocab, options->context, err);
    if (!self) ak_pack_close(pack);
    return self;
}
