/* Matchers: what servers use. An error stays; a call that was merely made wrongly (a mask of the wrong size) fails and leaves the matcher as it is. */
#include "compat/llg_cancel.h"
#include "compat/llg_run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERROR_SIZE = 1024, BYTES_SIZE = 257 /* the vocabulary that a matcher without tokenizer is said to have */ };

static const char cancelled[] = "operation cancelled";

struct LlgMatcher {
    Run run;                /* none when there is an error */
    char error[ERROR_SIZE]; /* "": none */
    size_t words;           /* of a mask */
    uint32_t *mask;
    bool has_mask;
    Cancel *cancel; /* NULL: nobody can */
};

/* Is there an error, or has someone cancelled? The cancelled matcher stays so: what it had is given up. */
static bool has_failed(LlgMatcher *matcher) {
    if (!matcher->error[0] && !ak_llg_is_cancelled(matcher->cancel)) return false;
    matcher->has_mask = false;
    return true;
}

static int32_t keep_error(LlgMatcher *matcher, const ananke_error *err) {
    if (!ak_llg_is_cancelled(matcher->cancel)) {
        ak_llg_error_write(err, matcher->error, sizeof matcher->error);
        ak_llg_run_end(&matcher->run);
    }
    matcher->has_mask = false;
    return -1;
}

static bool begin(LlgMatcher *matcher, const LlgConstraintInit *init, const char *kind, const char *data,
                  ananke_error *err) {
    Grammar *grammar = ak_llg_grammar_new(init, kind, data, err);
    if (!grammar || !ak_llg_run_begin(&matcher->run, grammar, err)) return false;
    if (init->backtrack_ok) return ak_llg_fail(err, ANANKE_ERROR_USAGE, "backtracking not supported");
    matcher->mask = calloc(matcher->words, sizeof *matcher->mask);
    return matcher->mask || ak_llg_fail_memory(err);
}

LlgMatcher *llg_new_matcher(const LlgConstraintInit *init, const char *kind, const char *data) {
    ananke_error err = {0};
    LlgMatcher *matcher = calloc(1, sizeof *matcher);
    if (!matcher) return NULL;
    matcher->words = ((init->tokenizer ? (size_t)init->tokenizer->table->size : BYTES_SIZE) + 31) / 32;
    if (!begin(matcher, init, kind, data, &err)) keep_error(matcher, &err);
    return matcher;
}

/* Into a zeroed matcher. Who cancels the one does not cancel the other from here on. */
static bool copy(LlgMatcher *to, const LlgMatcher *from, ananke_error *err) {
    memcpy(to->error, from->error, sizeof to->error);
    to->words = from->words;
    if (from->cancel && !(to->cancel = ak_llg_cancel_new(ak_llg_is_cancelled(from->cancel))))
        return ak_llg_fail_memory(err);
    if (!from->run.grammar) return true;
    if (!ak_llg_run_copy(&to->run, &from->run, err)) return false;
    to->mask = calloc(to->words, sizeof *to->mask);
    return to->mask || ak_llg_fail_memory(err);
}

LlgMatcher *llg_clone_matcher(const LlgMatcher *matcher) {
    ananke_error err = {0};
    LlgMatcher *clone = calloc(1, sizeof *clone);
    if (clone && !copy(clone, matcher, &err)) keep_error(clone, &err);
    return clone;
}

void llg_free_matcher(LlgMatcher *matcher) {
    if (!matcher) return;
    ak_llg_run_end(&matcher->run);
    ak_llg_cancel_leave(matcher->cancel);
    free(matcher->mask);
    free(matcher);
}

/* A line for each part of the grammar that masks do not hold, as far as there is room; how many there are. */
static size_t warn(const ananke_program *program, char *message, size_t size) {
    size_t count;
    const ananke_unenforced *unenforced = ananke_program_unenforced(program, &count);
    for (size_t i = 0, used = 0; message && i < count && used < size; i++) {
        int length = snprintf(message + used, size - used, "%sWARNING: %s: %s", i ? "\n" : "", unenforced[i].pointer,
                              unenforced[i].reason);
        used += length > 0 ? (size_t)length : 0;
    }
    return count;
}

int32_t llg_validate_grammar(const LlgConstraintInit *init, const char *kind, const char *data, char *message,
                             size_t size) {
    ananke_error err = {0};
    LlgConstraintInit plain = *init; /* what the caller can take has nothing to do with the grammar */
    plain.ff_tokens_ok = plain.backtrack_ok = false;
    Grammar *grammar = ak_llg_grammar_new(&plain, kind, data, &err);
    ak_llg_error_write(&err, message, size);
    if (!grammar) return -1;
    bool has_warnings = warn(grammar->program, message, size) > 0;
    ak_llg_grammar_leave(grammar);
    return has_warnings;
}

/* ---- Masks. */

static bool compute_mask(LlgMatcher *matcher, ananke_error *err) {
    Run *run = &matcher->run;
    if (!ak_llg_run_mask(run, matcher->mask, err)) return false;
    if (!run->is_stopped && ak_llg_row_is_empty(matcher->mask, matcher->words))
        return ak_llg_fail(err, ANANKE_ERROR_REFUSED, "NoExtensionBias: no token can come next");
    return true;
}

int32_t llg_matcher_compute_mask(LlgMatcher *matcher) {
    ananke_error err = {0};
    if (has_failed(matcher)) return -1;
    if (!compute_mask(matcher, &err)) return keep_error(matcher, &err);
    if (has_failed(matcher)) return -1;
    matcher->has_mask = true;
    return 0;
}

int32_t llg_matcher_compute_mask_into(LlgMatcher *matcher, uint32_t *mask, size_t bytes) {
    if (llg_matcher_compute_mask(matcher) != 0) return -1;
    matcher->has_mask = false; /* it was asked for elsewhere */
    if (!mask || bytes != llg_matcher_get_mask_byte_size(matcher)) return -1;
    memcpy(mask, matcher->mask, bytes);
    return 0;
}

const uint32_t *llg_matcher_get_mask(LlgMatcher *matcher) {
    return !has_failed(matcher) && matcher->has_mask ? matcher->mask : NULL;
}

size_t llg_matcher_get_mask_byte_size(const LlgMatcher *matcher) {
    return matcher->words * sizeof(uint32_t);
}

/* ---- Steps. */

static bool consume(Run *run, const uint32_t *tokens, size_t count, ananke_error *err) {
    for (size_t i = 0; i < count; i++) {
        if (!ak_llg_run_consume(run, tokens[i], err)) return false;
    }
    ak_llg_run_check_stop(run);
    return true;
}

int32_t llg_matcher_consume_tokens(LlgMatcher *matcher, const uint32_t *tokens, size_t count) {
    ananke_error err = {0};
    matcher->has_mask = false;
    if (has_failed(matcher)) return -1;
    if (!consume(&matcher->run, tokens, tokens ? count : 0, &err)) return keep_error(matcher, &err);
    return has_failed(matcher) ? -1 : 0;
}

int32_t llg_matcher_consume_token(LlgMatcher *matcher, uint32_t token) {
    return llg_matcher_consume_tokens(matcher, &token, 1);
}

int32_t llg_matcher_rollback(LlgMatcher *matcher, size_t count) {
    ananke_error err = {0};
    matcher->has_mask = false;
    if (has_failed(matcher)) return -1;
    return ak_llg_run_rollback(&matcher->run, count, &err) ? 0 : keep_error(matcher, &err);
}

int32_t llg_matcher_reset(LlgMatcher *matcher) {
    return llg_matcher_rollback(matcher, matcher->run.tokens.count);
}

int32_t llg_matcher_validate_tokens(LlgMatcher *matcher, const uint32_t *tokens, size_t count) {
    ananke_error err = {0};
    size_t valid;
    matcher->has_mask = false;
    if (has_failed(matcher)) return -1;
    if (!ak_llg_run_validate(&matcher->run, tokens, tokens ? count : 0, &valid, &err)) return keep_error(matcher, &err);
    return valid > INT32_MAX ? INT32_MAX : (int32_t)valid;
}

int32_t llg_matcher_compute_ff_tokens(LlgMatcher *matcher, uint32_t *tokens, size_t capacity) {
    ananke_error err = {0};
    Ids forced = {0};
    if (!tokens || has_failed(matcher)) return -1;
    matcher->has_mask = false;
    bool done = ak_llg_run_forced(&matcher->run, &forced, &err);
    size_t count = forced.count < capacity ? forced.count : capacity;
    if (done && count) memcpy(tokens, forced.items, count * sizeof *tokens);
    ak_llg_ids_free(&forced);
    if (!done) return keep_error(matcher, &err);
    return count > INT32_MAX ? INT32_MAX : (int32_t)count;
}

/* ---- Questions. */

const char *llg_matcher_get_error(LlgMatcher *matcher) {
    if (matcher->error[0]) return matcher->error;
    return ak_llg_is_cancelled(matcher->cancel) ? cancelled : NULL;
}

bool llg_matcher_is_error(const LlgMatcher *matcher) {
    return matcher->error[0] || ak_llg_is_cancelled(matcher->cancel);
}

bool llg_matcher_is_accepting(LlgMatcher *matcher) {
    return !has_failed(matcher) && ananke_matcher_is_accepting(matcher->run.matcher);
}

bool llg_matcher_is_stopped(const LlgMatcher *matcher) {
    return llg_matcher_is_error(matcher) || matcher->run.is_stopped;
}

LlgCancellationHandle *llg_matcher_get_cancellation_handle(LlgMatcher *matcher) {
    if (!matcher->cancel) matcher->cancel = ak_llg_cancel_new(false);
    return matcher->cancel ? ak_llg_cancel_handle(matcher->cancel) : NULL;
}

bool llg_matcher_is_cancelled(const LlgMatcher *matcher) {
    return !matcher->error[0] && ak_llg_is_cancelled(matcher->cancel);
}
