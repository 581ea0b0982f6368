/* Compiling a grammar for a vocabulary. The grammar is built in an arena of its own, which is thrown away; the
 * tables and the expressions stay. */
#include "mask/program.h"
#include "mask/container.h"
#include "mask/gbnf.h"
#include "mask/lark.h"
#include "regex/regex.h"
#include <stddef.h>

enum { DEFAULT_FUEL = 40000000 };

static Engine *new_engine(const ananke_program *self, ananke_error *err) {
    ananke_context context = {.allocator = &self->arena.allocator, .memory_limit = self->memory_limit};
    return ak_engine_new(&self->tables, &self->parser, &self->exprs, self->vocab, &context, err);
}

ananke_program *ak_program_new(const ananke_vocab *vocab, const ananke_context *context, ananke_error *err) {
    ananke_program *self = ak_object_new(context, sizeof *self, offsetof(ananke_program, arena));
    if (!self) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    self->vocab = vocab;
    self->memory_limit = context ? context->memory_limit : 0;
    return self;
}

bool ak_program_start(ananke_program *self, ananke_error *err) {
    self->current = ak_new(&self->arena, ProgramEngine);
    if (!self->current) return ak_fail_memory(err, &self->arena);
    pthread_mutex_init(&self->current->lock, NULL);
    self->current->engine = new_engine(self, err);
    return self->current->engine != NULL;
}

static bool take_unenforced(ananke_program *self, const Grammar *grammar) {
    self->unenforced_count = grammar->unenforced.count;
    self->unenforced = ak_new_array(&self->arena, ananke_unenforced, self->unenforced_count);
    for (size_t i = 0; self->unenforced && i < self->unenforced_count; i++) {
        const ananke_unenforced *from = &grammar->unenforced.items[i];
        self->unenforced[i] = (ananke_unenforced){ak_arena_str(&self->arena, ak_str(from->pointer)).data,
                                                  ak_arena_str(&self->arena, ak_str(from->reason)).data};
    }
    return ak_arena_ok(&self->arena);
}

static bool finish(ananke_program *self, Grammar *grammar, ananke_error *err) {
    if (!ak_grammar_tables(&self->tables, grammar, &self->arena, err)) return false;
    if (!take_unenforced(self, grammar)) return ak_fail_memory(err, &self->arena);
    if (!ak_exprs_copy(&self->exprs, &grammar->exprs, &self->arena, UINT64_MAX))
        return ak_fail_memory(err, &self->arena);
    return ak_program_start(self, err);
}

Engine *ak_program_engine(const ananke_program *program, ananke_error *err) {
    ProgramEngine *current = program->current;
    pthread_mutex_lock(&current->lock);
    if (atomic_load_explicit(&current->engine->is_full, memory_order_relaxed)) {
        Engine *fresh = new_engine(program, err);
        if (fresh) ak_engine_drop(current->engine), current->engine = fresh;
        if (fresh) fresh->serial = ++current->serial;
    }
    Engine *engine = current->engine;
    ak_engine_hold(engine);
    pthread_mutex_unlock(&current->lock);
    return engine;
}

static bool compile(ananke_program *self, BuildGrammarFrom *build, const void *source,
                    const ananke_program_options *options, ananke_error *err) {
    Arena arena = ak_arena(options->context);
    ak_arena_obey(&arena, options->context);
    Grammar grammar;
    Symbol start = AK_SYMBOL_FAILED;
    bool ok =
        ak_grammar_init(&grammar, &arena, options->fuel ? options->fuel : DEFAULT_FUEL) || ak_fail_memory(err, &arena);
    grammar.vocab = self->vocab, grammar.is_strict = options->is_strict, grammar.json = options->json;
    grammar.schema_folder = options->schema_folder, grammar.schema_draft = options->draft;
    ok = ok && build(&grammar, source, options->file ? options->file : "<grammar>", &start, err);
    ok = ok && ak_grammar_holds(&grammar, err) && ak_grammar_seal(&grammar, start, err) && finish(self, &grammar, err);
    if (arena.cancelled) ok = ak_fail_memory(err, &arena); /* whatever a front end made of that */
    if (!ok) ak_fail_in(err, options->file);
    ak_arena_free(&arena);
    return ok;
}

ananke_program *ak_program_build_from(BuildGrammarFrom *build, const void *source, const ananke_vocab *vocab,
                                      const ananke_program_options *options, ananke_error *err) {
    const ananke_program_options none = {0};
    if (!options) options = &none;
    ananke_program *self = ak_program_new(vocab, options->context, err);
    if (!self) return NULL;
    if (compile(self, build, source, options, err)) return self;
    ananke_program_free(self);
    return NULL;
}

/* ---- Front ends whose source is a text */

typedef struct TextSource {
    BuildGrammar *build;
    Str text;
} TextSource;

static bool build_text(Grammar *grammar, const void *source, const char *file, Symbol *start, ananke_error *err) {
    const TextSource *from = source;
    return from->build(grammar, from->text, file, start, err);
}

ananke_program *ak_program_build(BuildGrammar *build, Str text, const ananke_vocab *vocab,
                                 const ananke_program_options *options, ananke_error *err) {
    return ak_program_build_from(build_text, &(TextSource){build, text}, vocab, options, err);
}

static bool build_regex(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    RegexText regex = {.text = text, .file = file, .source = text, .is_whole = true};
    Expr expr = ak_regex_parse(&grammar->exprs, &regex, err);
    if (!expr) return false;
    *start = ak_grammar_terminal(grammar, STR("regex"), expr);
    return ak_grammar_ok(grammar, err);
}

ananke_program *ananke_program_from_regex(const char *text, size_t length, const ananke_vocab *vocab,
                                          const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(build_regex, (Str){text, length}, vocab, options, err);
}

ananke_program *ananke_program_from_lark(const char *text, size_t length, const ananke_vocab *vocab,
                                         const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_lark_build, (Str){text, length}, vocab, options, err);
}

ananke_program *ananke_program_from_llguidance(const char *text, size_t length, const ananke_vocab *vocab,
                                               const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_llguidance_build, (Str){text, length}, vocab, options, err);
}

ananke_program *ananke_program_from_gbnf(const char *text, size_t length, const ananke_vocab *vocab,
                                         const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_gbnf_build, (Str){text, length}, vocab, options, err);
}

void ananke_program_free(ananke_program *program) {
    if (program && program->current) {
        ak_engine_drop(program->current->engine);
        pthread_mutex_destroy(&program->current->lock);
    }
    if (program && program->parser.close) program->parser.close(program->parser.source);
    ak_object_free(program, sizeof *program, offsetof(ananke_program, arena));
}

const ananke_vocab *ananke_program_vocab(const ananke_program *program) {
    return program->vocab;
}

const ananke_unenforced *ananke_program_unenforced(const ananke_program *program, size_t *count) {
    *count = program->unenforced_count;
    return program->unenforced;
}

void ananke_program_stats_get(const ananke_program *program, ananke_program_stats *stats) {
    pthread_mutex_lock(&program->current->lock);
    Engine *engine = program->current->engine;
    pthread_mutex_lock(&engine->lock);
    *stats = (ananke_program_stats){.masks_recalled = atomic_load_explicit(&engine->recalled, memory_order_relaxed),
                                    .masks_shared = atomic_load_explicit(&engine->shared, memory_order_relaxed),
                                    .masks_made = atomic_load_explicit(&engine->made, memory_order_relaxed),
                                    .masks = engine->masks.masks.count - 1,
                                    .lexer_states = engine->dfa.nodes.count - DFA_DEAD - 1,
                                    .parser_states = engine->pushdown.kind->count(engine->pushdown.parser),
                                    .bytes = engine->arena.used};
    pthread_mutex_unlock(&engine->lock);
    pthread_mutex_unlock(&program->current->lock);
}
