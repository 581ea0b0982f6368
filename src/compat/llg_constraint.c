/* Constraints: mask and token in turn. A mask that says "stop" ends it; the tokens that a commit hands out are the sampled one and, where the
 * caller can take them, those that must follow. Backtracking is never asked for. */
#include "compat/llg_constraint.h"
#include "compat/llg_run.h"
#include <stdlib.h>
#include <string.h>

enum { ERROR_SIZE = 1024 };

typedef enum Step { STEP_NONE = 0, STEP_MASK, STEP_COMMITTED, STEP_STOPPED } Step;

struct LlgConstraint {
    Run run;                /* none once there is an error */
    char error[ERROR_SIZE]; /* "": none */
    Step step;              /* what came last */
    bool takes_more;        /* ff_tokens_ok */
    uint32_t *mask;
    Ids committed; /* what the last commit handed out */
    float temperature;
};

/* llguidance's before the grammar names one. */
static const float no_temperature = 0.0F;

static int32_t keep_error(LlgConstraint *constraint, const ananke_error *err) {
    ak_llg_error_write(err, constraint->error, sizeof constraint->error);
    ak_llg_run_end(&constraint->run);
    return -1;
}

static bool begin(LlgConstraint *constraint, const LlgConstraintInit *init, const char *kind, const char *data,
                  ananke_error *err) {
    Grammar *grammar = ak_llg_grammar_new(init, kind, data, err);
    if (!grammar || !ak_llg_run_begin(&constraint->run, grammar, err)) return false;
    constraint->mask = calloc(ak_llg_run_words(&constraint->run), sizeof *constraint->mask);
    constraint->takes_more = init->ff_tokens_ok;
    constraint->temperature = no_temperature;
    return constraint->mask || ak_llg_fail_memory(err);
}

LlgConstraint *llg_new_constraint_any(const LlgConstraintInit *init, const char *kind, const char *data) {
    ananke_error err = {0};
    LlgConstraint *constraint = calloc(1, sizeof *constraint);
    if (constraint && !begin(constraint, init, kind, data, &err)) keep_error(constraint, &err);
    return constraint;
}

LlgConstraint *llg_new_constraint(const LlgConstraintInit *init, const char *data) {
    return llg_new_constraint_any(init, "llguidance", data);
}

LlgConstraint *llg_new_constraint_regex(const LlgConstraintInit *init, const char *data) {
    return llg_new_constraint_any(init, "regex", data);
}

LlgConstraint *llg_new_constraint_json(const LlgConstraintInit *init, const char *data) {
    return llg_new_constraint_any(init, "json_schema", data);
}

LlgConstraint *llg_new_constraint_lark(const LlgConstraintInit *init, const char *data) {
    return llg_new_constraint_any(init, "lark", data);
}

/* Into a zeroed constraint. */
static bool copy(LlgConstraint *to, const LlgConstraint *from, ananke_error *err) {
    memcpy(to->error, from->error, sizeof to->error);
    to->step = from->step, to->takes_more = from->takes_more, to->temperature = from->temperature;
    if (!from->run.grammar) return true;
    if (!ak_llg_run_copy(&to->run, &from->run, err)) return false;
    size_t words = ak_llg_run_words(&to->run);
    to->mask = calloc(words, sizeof *to->mask);
    if (!to->mask || !ak_llg_ids_append(&to->committed, from->committed.items, from->committed.count))
        return ak_llg_fail_memory(err);
    memcpy(to->mask, from->mask, words * sizeof *to->mask);
    return true;
}

LlgConstraint *llg_clone_constraint(const LlgConstraint *constraint) {
    ananke_error err = {0};
    LlgConstraint *clone = calloc(1, sizeof *clone);
    if (clone && !copy(clone, constraint, &err)) keep_error(clone, &err);
    return clone;
}

void llg_free_constraint(LlgConstraint *constraint) {
    if (!constraint) return;
    ak_llg_run_end(&constraint->run);
    ak_llg_ids_free(&constraint->committed);
    free(constraint->mask);
    free(constraint);
}

void llg_constraint_init_set_defaults(LlgConstraintInit *init, const LlgTokenizer *tokenizer) {
    *init = (LlgConstraintInit){
        .tokenizer = tokenizer,
        .log_stderr_level = 1,
        .limits = {.max_items_in_row = 2000,
                   .initial_lexer_fuel = 1000000,
                   .step_lexer_fuel = 200000,
                   .step_max_items = 50000,
                   .max_lexer_states = 250000,
                   .max_grammar_size = 500000,
                   .precompute_large_lexemes = true,
                   .verbose_errors = true},
    };
}

const char *llg_get_error(const LlgConstraint *constraint) {
    return constraint->error[0] ? constraint->error : NULL;
}

float llg_get_temperature(const LlgConstraint *constraint) {
    return constraint->run.grammar ? constraint->temperature : no_temperature;
}

bool llg_is_stopped(const LlgConstraint *constraint) {
    return !constraint->run.grammar || constraint->step == STEP_STOPPED;
}

/* Nothing is logged: what is wrong with a grammar is an error. */
const char *llg_flush_logs(LlgConstraint *constraint) {
    (void)constraint;
    return "";
}

/* ---- Steps. */

static bool compute_mask(LlgConstraint *constraint, ananke_error *err) {
    Run *run = &constraint->run;
    if (constraint->step == STEP_STOPPED)
        return ak_llg_fail(err, ANANKE_ERROR_USAGE, "compute_mask() called after stop");
    constraint->step = STEP_STOPPED;
    if (ak_llg_run_check_stop(run)) return true;
    ananke_matcher_temperature(run->matcher, &constraint->temperature); /* unchanged where none is named, as there */
    if (!ak_llg_run_mask(run, constraint->mask, err)) return false;
    if (!ak_llg_row_is_empty(constraint->mask, ak_llg_run_words(run))) constraint->step = STEP_MASK;
    return true;
}

int32_t llg_compute_mask(LlgConstraint *constraint, LlgMaskResult *result) {
    ananke_error err = {0};
    if (constraint->error[0]) return -1;
    if (!compute_mask(constraint, &err)) return keep_error(constraint, &err);
    bool is_stop = constraint->step == STEP_STOPPED;
    *result = (LlgMaskResult){
        .sample_mask = is_stop ? NULL : constraint->mask, .temperature = constraint->temperature, .is_stop = is_stop};
    return 0;
}

void ak_llg_constraint_step(LlgConstraint *constraint, uint32_t *dest, size_t bytes) {
    const char *problem = bytes % 4 ? "llg_par_compute_mask: mask_byte_len is not a multiple of 4"
                          : !dest   ? "llg_par_compute_mask: mask_dest is null"
                                    : NULL;
    ananke_error err = {0};
    if (problem) {
        if (!constraint->error[0]) ak_llg_fail(&err, ANANKE_ERROR_USAGE, "%s", problem), keep_error(constraint, &err);
        return;
    }
    LlgMaskResult result = {0};
    if (constraint->error[0]) return;
    memset(dest, 0, bytes);
    if (llg_compute_mask(constraint, &result) != 0) return;
    size_t size = ak_llg_run_words(&constraint->run) * sizeof *dest;
    if (result.sample_mask) memcpy(dest, result.sample_mask, size < bytes ? size : bytes);
    const Ids *eos = &constraint->run.grammar->table->eos;
    if (result.is_stop && eos->count && eos->items[0] / 32 < bytes / 4)
        dest[eos->items[0] / 32] |= UINT32_C(1) << eos->items[0] % 32;
}

static bool consume_all(Run *run, const Ids *tokens, ananke_error *err) {
    for (size_t i = 0; i < tokens->count; i++) {
        if (!ak_llg_run_consume(run, tokens->items[i], err)) return false;
    }
    return true;
}

static bool consume_forced(LlgConstraint *constraint, ananke_error *err) {
    Ids forced = {0};
    bool done = ak_llg_run_forced(&constraint->run, &forced, err) && consume_all(&constraint->run, &forced, err);
    if (done && !ak_llg_ids_append(&constraint->committed, forced.items, forced.count)) done = ak_llg_fail_memory(err);
    ak_llg_ids_free(&forced);
    return done;
}

static bool commit(LlgConstraint *constraint, LlgToken token, ananke_error *err) {
    if (constraint->step != STEP_MASK) /* only who takes many tokens may ask again for those of the last time */
        return constraint->takes_more ||
               ak_llg_fail(err, ANANKE_ERROR_USAGE, "commit_token() called without compute_mask()");
    if (token >= constraint->run.grammar->table->size)
        return ak_llg_fail(err, ANANKE_ERROR_USAGE, "sampled_token is required when mask was present");
    constraint->step = STEP_COMMITTED;
    constraint->committed.count = 0;
    if (!ak_llg_run_consume(&constraint->run, token, err)) return false;
    if (!ak_llg_ids_append(&constraint->committed, &token, 1)) return ak_llg_fail_memory(err);
    return !constraint->takes_more || ananke_matcher_stop_reason(constraint->run.matcher) != ANANKE_STOP_NONE ||
           consume_forced(constraint, err);
}

int32_t llg_commit_token(LlgConstraint *constraint, LlgToken token, LlgCommitResult *result) {
    ananke_error err = {0};
    if (constraint->error[0]) return -1;
    if (constraint->step == STEP_STOPPED) return *result = (LlgCommitResult){.is_stop = true}, 0;
    if (!commit(constraint, token, &err)) return keep_error(constraint, &err);
    *result = (LlgCommitResult){.n_tokens = (uint32_t)constraint->committed.count};
    if (result->n_tokens) result->tokens = constraint->committed.items;
    return 0;
}
