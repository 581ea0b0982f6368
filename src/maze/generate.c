/* ananke_generate: prompt, session, check, report. Every resource of a call hangs on one Call struct and is given back in one place; what the caller
 * keeps is the ananke_generation, which is complete or is not handed out. */
#include "base/utf8.h"
#include "clew/findings.h"
#include "clew/language.h"
#include "maze/generation.h"
#include "maze/session.h"
#include <ananke/model_store.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

enum { DEFAULT_MAX_TOKENS = 256, MAX_REWINDS = 16 };
static const float DEFAULT_TEMPERATURE = 0.7f, DEFAULT_TOP_P = 0.95f;

typedef struct Call {
    const char *intent;
    const ananke_ir *ir;
    ananke_generate_options options;
    const ananke_context *context;
    ananke_model *model;     /* options.model or `loaded` */
    ananke_model *loaded;    /* ours, to be freed */
    ananke_program *program; /* NULL without an IR */
    ananke_matcher *matcher;
    Session session;
    Prompt prompt;
    ananke_generation *result;
} Call;

/* ---- Before ---- */

static bool check_options(const Call *call, ananke_error *err) {
    const ananke_generate_options *options = &call->options;
    if (!call->intent || !call->intent[0]) return ak_fail(err, ANANKE_ERROR_USAGE, "the intent is empty");
    size_t wrong = ak_utf8_invalid(ak_str(call->intent));
    if (wrong != SIZE_MAX) return ak_fail(err, ANANKE_ERROR_USAGE, "the intent is not UTF-8 at byte %zu", wrong);
    if (!(options->top_p >= 0 && options->top_p <= 1))
        return ak_fail(err, ANANKE_ERROR_USAGE, "top-p must be in 0 … 1");
    if (!(options->temperature <= 100))
        return ak_fail(err, ANANKE_ERROR_USAGE, "the temperature must be a number up to 100");
    return true;
}

static void fill_defaults(ananke_generate_options *options) {
    if (options->max_tokens == 0) options->max_tokens = DEFAULT_MAX_TOKENS;
    if (options->temperature < 0) options->temperature = DEFAULT_TEMPERATURE;
    if (options->top_p == 0) options->top_p = DEFAULT_TOP_P;
}

static bool get_model(Call *call, ananke_error *err) {
    char path[PATH_MAX];
    const char *from = call->options.model_path;
    call->model = call->options.model;
    if (call->model) return true;
    if (!from) {
        if (!ananke_model_store_path(NULL, path, sizeof path, err)) return false;
        from = path;
        if (access(path, F_OK) != 0) {
            ak_fail(err, ANANKE_ERROR_IO, "the default model is not there"), ak_fail_in(err, path);
            return ak_hint(err, "`ananke model pull` fetches it; --model FILE names another one");
        }
    }
    call->model = call->loaded = ananke_model_load(from, call->context, err);
    call->result->model_path = ak_arena_str(&call->result->arena, ak_str(from)).data;
    return call->model && (call->result->model_path || ak_fail_memory(err, &call->result->arena));
}

/* The caller's IR was compiled for an ordinary file. Where the file that is written lies outside of a rule's scope, or inside of one that names places,
 * it is compiled again for that file: a mask must not enforce what does not apply. */
static bool aim(Call *call, ananke_error *err) {
    const char *file = call->options.in_file;
    if (!call->ir || !file) return true;
    const ananke_constraints *rules = ananke_ir_constraints(call->ir);
    bool is_scoped = false;
    for (size_t i = 0; i < rules->count && !is_scoped; i++) {
        const Constraint *rule = &rules->items[i];
        is_scoped = rule->path_count > 0 || !ak_constraint_covers(rule, ak_str(file), ak_str(file));
    }
    if (!is_scoped) return true;
    ananke_compile_options options = {
        .context = call->context, .language = ananke_ir_language(call->ir), .target = file};
    call->ir = call->result->ir = call->result->aimed = ananke_compile(rules, &options, err);
    return call->ir != NULL;
}

static bool get_matcher(Call *call, ananke_error *err) {
    if (!call->ir) return true;
    ananke_program_options options = {.context = call->context, .file = "the IR's grammar"};
    call->program = ananke_program_from_ir(call->ir, call->model->vocab, &options, err);
    if (call->program) call->matcher = ananke_matcher_new(call->program, err);
    return call->matcher != NULL;
}

/* ---- During ---- */

static bool begin_session(Call *call, ananke_error *err) {
    const ananke_generate_options *options = &call->options;
    Session *session = &call->session;
    Arena *arena = &call->result->arena;
    *session = (Session){
        .options = options,
        .model = call->model,
        .matcher = options->unconstrained ? NULL : call->matcher,
        .is_fenced = call->ir != NULL,
        .max_tokens = options->max_tokens,
        .arena = arena,
        .text = {.arena = arena},
    };
    PromptOrder order = {call->intent, call->ir, options->in_file, options->max_tokens, call->context};
    if (!ak_prompt_make(&call->prompt, arena, &call->model->llama, &order, err)) return false;
    if (!ak_sampler_init(&session->sampler, arena, call->model->llama.vocab_size, options->temperature, options->top_p,
                         options->seed))
        return ak_fail_memory(err, arena);
    const TokenIds *tokens = &call->prompt.tokens;
    session->prompt = *tokens;
    session->report.prompt_tokens = (uint32_t)tokens->count;
    return ak_llama_run_begin(&session->run, &call->model->llama, tokens->count + options->max_tokens + 1,
                              call->context, err) &&
           ak_llama_run_feed(&session->run, tokens->items, tokens->count, err);
}

/* ---- After ---- */

/* Text that was written without a mask: is it a sentence of the grammar all the same? */
static void judge_free_text(Call *call) {
    Str text = call->result->text;
    if (!call->matcher || call->session.matcher) return;
    call->result->report.complete =
        ananke_matcher_consume_bytes(call->matcher, (const uint8_t *)text.data, text.length, NULL) &&
        ananke_matcher_is_accepting(call->matcher);
}

/* The ending of a file in the language, or in the one of its grammars that has the name. JavaScript has none to be checked by yet: TypeScript's reads it. */
static Str ending_of(const Languages *languages, Str name) {
    const Language *language = ak_language_find(languages, name);
    if (language) return language->grammars[0].extensions[0];
    for (size_t i = 0; i < languages->count; i++) {
        for (size_t g = 0; g < languages->items[i].grammar_count; g++) {
            const Grammar *grammar = &languages->items[i].grammars[g];
            if (ak_str_equal(grammar->name, name)) return grammar->extensions[0];
        }
    }
    return ak_str_equal(name, STR("javascript")) ? STR(".ts") : STR("");
}

/* What the generated text is called when it is checked: as the file it was written for, when that is one of the language; else a name of our own.
 * NULL when out of memory. */
static const char *file_name(Call *call, ananke_error *err) {
    Arena *arena = &call->result->arena;
    Languages languages;
    if (!ak_languages_load(&languages, arena, err)) return NULL;
    const Language *in_language = NULL, *language = ak_language_find(&languages, ak_str(ananke_ir_language(call->ir)));
    const char *in_file = call->options.in_file;
    if (in_file && ak_language_grammar(&languages, ak_str(in_file), &in_language) && in_language == language)
        return in_file;
    Str ending = ending_of(&languages, ak_str(ananke_ir_language(call->ir)));
    const char *name = ak_arena_format(arena, "generated%.*s", STR_ARGS(ending)).data;
    return name ? name : (ak_fail_memory(err, arena), NULL);
}

static bool has_violation(const ananke_findings *findings, const char *id) {
    for (size_t i = 0; i < ananke_findings_count(findings); i++) {
        if (strcmp(ananke_findings_get(findings, i)->constraint, id) == 0) return true;
    }
    return false;
}

/* Kept means verified: the check has judged this constraint, and has understood all of the text. */
static ananke_outcome judge(const ananke_generation *result, size_t index) {
    const ananke_findings *findings = result->findings;
    if (has_violation(findings, ananke_ir_enforcement(result->ir, index)->constraint)) return ANANKE_OUTCOME_BROKEN;
    bool was_judged = findings->is_checked[index] && findings->summary.error_bytes == 0;
    return was_judged ? ANANKE_OUTCOME_KEPT : ANANKE_OUTCOME_UNKNOWN;
}

static bool check_text(Call *call, ananke_error *err) {
    ananke_generation *result = call->result;
    const char *file = file_name(call, err);
    if (!file) return false;
    ananke_findings_free(result->findings);
    result->findings = ananke_check_text(file, result->text.data, result->text.length, ananke_ir_constraints(call->ir),
                                         call->context, err);
    return result->findings != NULL;
}

static bool judge_all(Call *call, ananke_error *err) {
    ananke_generation *result = call->result;
    size_t count = ananke_ir_enforcement_count(call->ir);
    result->outcomes = ak_new_array(&result->arena, ananke_outcome, count ? count : 1);
    if (!result->outcomes) return ak_fail_memory(err, &result->arena);
    for (size_t i = 0; i < count; i++) result->outcomes[i] = judge(result, i);
    return true;
}

/* The offset of the first violation. */
static size_t wrong_at(const ananke_generation *result) {
    const ananke_place *place = &ananke_findings_get(result->findings, 0)->place;
    size_t start = 0;
    for (uint32_t line = 1; line < place->line && start != SIZE_MAX; line++) {
        start = ak_str_find_byte(result->text, '\n', start);
        if (start != SIZE_MAX) start++;
    }
    size_t offset = start == SIZE_MAX ? result->text.length : start + place->column - 1;
    return offset < result->text.length ? offset : result->text.length;
}

/* Writes, checks, and writes anew from where a rule was broken, some times: what only a check can tell is kept this way. */
static bool write_and_check(Call *call, ananke_error *err) {
    Session *session = &call->session;
    for (;;) {
        if (!ak_session_generate(session, err)) return false;
        call->result->text = ak_buf_view(&session->text);
        call->result->report = session->report;
        if (!call->ir) return true;
        if (!check_text(call, err)) return false;
        bool is_clean = ananke_findings_count(call->result->findings) == 0;
        bool can_rewind = session->matcher && session->marks.count > 0 && !session->is_refused;
        if (is_clean || !can_rewind || session->report.rewinds == MAX_REWINDS) break;
        if (!ak_session_rewind(session, wrong_at(call->result), err)) return false;
    }
    return judge_all(call, err);
}

static void note_settings(Call *call) {
    ananke_generation *result = call->result;
    const ananke_generate_options *options = &call->options;
    result->in_file = options->in_file ? ak_arena_str(&result->arena, ak_str(options->in_file)).data : "";
    result->file_bytes = call->prompt.file_bytes, result->file_used = call->prompt.file_used;
    result->roles = call->prompt.roles;
    result->is_masked = call->session.matcher != NULL;
    result->seed = options->seed, result->temperature = options->temperature, result->top_p = options->top_p;
}

static bool run(Call *call, ananke_error *err) {
    if (!get_model(call, err) || !aim(call, err) || !get_matcher(call, err) || !begin_session(call, err)) return false;
    if (!write_and_check(call, err)) return false;
    judge_free_text(call);
    note_settings(call);
    return ak_arena_ok(&call->result->arena) || ak_fail_memory(err, &call->result->arena);
}

static void close_call(Call *call) {
    ak_llama_run_end(&call->session.run);
    ananke_matcher_free(call->matcher);
    ananke_program_free(call->program);
    ananke_model_free(call->loaded);
}

ananke_generation *ananke_generate(const char *intent, const ananke_ir *ir, const ananke_generate_options *options,
                                   ananke_error *err) {
    Call call = {.intent = intent, .ir = ir, .options = {.temperature = -1}};
    if (options) call.options = *options;
    call.context = call.options.context;
    if (!check_options(&call, err)) return NULL;
    fill_defaults(&call.options);
    call.result = ak_object_new(call.context, sizeof *call.result, offsetof(ananke_generation, arena));
    if (!call.result) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    call.result->ir = ir;
    call.result->model_path = "";
    bool done = run(&call, err);
    close_call(&call);
    if (done) return call.result;
    ananke_generation_free(call.result);
    return NULL;
}

void ananke_generation_free(ananke_generation *generation) {
    if (!generation) return;
    ananke_findings_free(generation->findings);
    ananke_ir_free(generation->aimed);
    ak_object_free(generation, sizeof *generation, offsetof(ananke_generation, arena));
}

const char *ananke_generation_text(const ananke_generation *generation, size_t *length) {
    if (length) *length = generation->text.length;
    return generation->text.data;
}

const ananke_generation_report *ananke_generation_report_get(const ananke_generation *generation) {
    return &generation->report;
}

const ananke_findings *ananke_generation_findings(const ananke_generation *generation) {
    return generation->findings;
}

const ananke_ir *ananke_generation_ir(const ananke_generation *generation) {
    return generation->ir;
}

ananke_outcome ananke_generation_outcome(const ananke_generation *generation, size_t index) {
    bool is_known = generation->ir && index < ananke_ir_enforcement_count(generation->ir);
    return is_known ? generation->outcomes[index] : ANANKE_OUTCOME_UNKNOWN;
}
