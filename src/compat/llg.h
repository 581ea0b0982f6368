/* The C interface of llguidance 1.9, as a program that was compiled for it calls it: types and functions, in our words. Programs go on
 * including llguidance's own header; this one is for src/compat alone, and what it says about sizes and places must hold for both.
 *
 * Objects are told apart by their error: a constraint or matcher is always handed out, and once it has an error it keeps it, and every call
 * on it fails. Different objects may be used by different threads at once; one object has one owner at a time. */
#ifndef AK_COMPAT_LLG_H
#define AK_COMPAT_LLG_H

#include <ananke/export.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct LlgTokenizer LlgTokenizer;
typedef struct LlgConstraint LlgConstraint;
typedef struct LlgMatcher LlgMatcher;
typedef struct LlgStopController LlgStopController;
typedef struct LlgCancellationHandle LlgCancellationHandle;
typedef uint32_t LlgToken;

/* Writes at most `capacity` ids, returns how many there are. Called from any thread. */
typedef size_t (*LlgTokenizeFn)(const void *user_data, const uint8_t *bytes, size_t length, uint32_t *tokens,
                                size_t capacity);
typedef void (*LlgCallback)(const void *user_data);

enum { LLG_DECODE_INCLUDE_SPECIAL = 1, LLG_DECODE_VALID_UTF8 = 2 };
#define LLG_NO_TOKEN UINT32_MAX /* as tok_eos: there is none */

typedef struct LlgParserLimits { /* llguidance's budgets: taken, and without influence */
    size_t max_items_in_row;
    uint64_t initial_lexer_fuel;
    uint64_t step_lexer_fuel;
    size_t step_max_items;
    size_t max_lexer_states;
    size_t max_grammar_size;
    bool precompute_large_lexemes;
    bool verbose_errors;
} LlgParserLimits;

typedef struct LlgConstraintInit {
    const LlgTokenizer *tokenizer;
    uint32_t log_buffer_level, log_stderr_level;
    bool ff_tokens_ok; /* llg_commit_token may hand out tokens that were not sampled */
    bool backtrack_ok;
    LlgParserLimits limits;
} LlgConstraintInit;

typedef struct LlgMaskResult {
    const uint32_t *sample_mask; /* NULL when the text has ended; good until the constraint's next call */
    float temperature;
    bool is_stop;
} LlgMaskResult;

typedef struct LlgCommitResult {
    const uint32_t *tokens; /* good until the constraint's next call */
    uint32_t n_tokens;
    bool is_stop;
} LlgCommitResult;

typedef struct LlgConstraintStep {
    LlgConstraint *constraint;
    uint32_t *mask_dest;
    size_t mask_byte_len;
} LlgConstraintStep;

/* Both forms of a tokenizer's description hold these, in this order. */
#define LLG_TOKENIZER_FIELDS                                                                            \
    uint32_t vocab_size;                                                                                \
    LlgToken tok_eos;                                                                                   \
    const uint32_t *token_lens;   /* vocab_size lengths */                                              \
    const uint8_t *token_bytes;   /* one behind the other; a special token begins with the byte 0xFF */ \
    const char *tokenizer_json;   /* not NULL: the text of a tokenizer.json, instead of the table */    \
    bool tokenize_assumes_string; /* tokenize_fn takes UTF-8 only */                                    \
    LlgTokenizeFn tokenize_fn;                                                                          \
    bool use_approximate_greedy_tokenize_fn;                                                            \
    const void *tokenize_user_data;                                                                     \
    const char *const *slices /* how llguidance speeds itself up: without influence */

typedef struct LlgTokenizerInit {
    LLG_TOKENIZER_FIELDS;
} LlgTokenizerInit;

typedef struct LlgTokenizerInitV2 {
    size_t struct_size; /* how much of it the caller knows; the rest counts as zero */
    LLG_TOKENIZER_FIELDS;
    const LlgToken *tok_eos_extra;
    uint32_t tok_eos_extra_count;
} LlgTokenizerInitV2;

#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(LlgParserLimits) == 56 && offsetof(LlgParserLimits, verbose_errors) == 49,
               "as llguidance has it");
_Static_assert(sizeof(LlgConstraintInit) == 80 && offsetof(LlgConstraintInit, backtrack_ok) == 17 &&
                   offsetof(LlgConstraintInit, limits) == 24,
               "as llguidance has it");
_Static_assert(sizeof(LlgMaskResult) == 16 && offsetof(LlgMaskResult, is_stop) == 12, "as llguidance has it");
_Static_assert(sizeof(LlgCommitResult) == 16 && offsetof(LlgCommitResult, is_stop) == 12, "as llguidance has it");
_Static_assert(sizeof(LlgConstraintStep) == 24, "as llguidance has it");
_Static_assert(sizeof(LlgTokenizerInit) == 72 && offsetof(LlgTokenizerInit, tokenize_fn) == 40 &&
                   offsetof(LlgTokenizerInit, slices) == 64,
               "as llguidance has it");
_Static_assert(sizeof(LlgTokenizerInitV2) == 96 && offsetof(LlgTokenizerInitV2, token_lens) == 16 &&
                   offsetof(LlgTokenizerInitV2, tok_eos_extra_count) == 88,
               "as llguidance has it");
#endif

/* ---- Tokenizers: llg_tokenizer.c, llg_tokens.c. NULL and the error in `error` (NULL: not wanted) on failure. */

ANANKE_API LlgTokenizer *llg_new_tokenizer(const LlgTokenizerInit *init, char *error, size_t error_size);
ANANKE_API LlgTokenizer *llg_new_tokenizer_v2(const LlgTokenizerInitV2 *init, char *error, size_t error_size);
ANANKE_API LlgTokenizer *llg_clone_tokenizer(const LlgTokenizer *tokenizer);
ANANKE_API void llg_free_tokenizer(LlgTokenizer *tokenizer);

/* These four write what there is room for and return the whole count; texts count their NUL. */
ANANKE_API size_t llg_tokenize_bytes(const LlgTokenizer *tokenizer, const uint8_t *bytes, size_t length,
                                     uint32_t *tokens, size_t capacity);
ANANKE_API size_t llg_tokenize_bytes_marker(const LlgTokenizer *tokenizer, const uint8_t *bytes, size_t length,
                                            uint32_t *tokens, size_t capacity);
ANANKE_API size_t llg_stringify_tokens(const LlgTokenizer *tokenizer, const uint32_t *tokens, size_t count,
                                       char *output, size_t size);
ANANKE_API size_t llg_decode_tokens(const LlgTokenizer *tokenizer, const uint32_t *tokens, size_t count, char *output,
                                    size_t size, uint32_t flags);

/* ---- Constraints: llg_constraint.c, llg_parallel.c. A mask, then a token, then a mask …; -1 on error. */

ANANKE_API void llg_constraint_init_set_defaults(LlgConstraintInit *init, const LlgTokenizer *tokenizer);
ANANKE_API LlgConstraint *llg_new_constraint(const LlgConstraintInit *init, const char *data);
ANANKE_API LlgConstraint *llg_new_constraint_regex(const LlgConstraintInit *init, const char *data);
ANANKE_API LlgConstraint *llg_new_constraint_json(const LlgConstraintInit *init, const char *data);
ANANKE_API LlgConstraint *llg_new_constraint_lark(const LlgConstraintInit *init, const char *data);
ANANKE_API LlgConstraint *llg_new_constraint_any(const LlgConstraintInit *init, const char *kind, const char *data);
ANANKE_API LlgConstraint *llg_clone_constraint(const LlgConstraint *constraint);
ANANKE_API void llg_free_constraint(LlgConstraint *constraint);
ANANKE_API const char *llg_get_error(const LlgConstraint *constraint);
ANANKE_API float llg_get_temperature(const LlgConstraint *constraint);
ANANKE_API bool llg_is_stopped(const LlgConstraint *constraint);
ANANKE_API const char *llg_flush_logs(LlgConstraint *constraint);
ANANKE_API int32_t llg_compute_mask(LlgConstraint *constraint, LlgMaskResult *result);
ANANKE_API int32_t llg_commit_token(LlgConstraint *constraint, LlgToken token, LlgCommitResult *result);
ANANKE_API void llg_par_compute_mask(const LlgConstraintStep *steps, size_t count, const void *user_data,
                                     LlgCallback done);

/* ---- Matchers: llg_matcher.c. 0, or -1 on error. */

ANANKE_API LlgMatcher *llg_new_matcher(const LlgConstraintInit *init, const char *kind, const char *data);
ANANKE_API LlgMatcher *llg_clone_matcher(const LlgMatcher *matcher);
ANANKE_API void llg_free_matcher(LlgMatcher *matcher);
ANANKE_API int32_t llg_validate_grammar(const LlgConstraintInit *init, const char *kind, const char *data,
                                        char *message, size_t size);
ANANKE_API int32_t llg_matcher_compute_mask_into(LlgMatcher *matcher, uint32_t *mask, size_t bytes);
ANANKE_API int32_t llg_matcher_compute_mask(LlgMatcher *matcher);
ANANKE_API const uint32_t *llg_matcher_get_mask(LlgMatcher *matcher);
ANANKE_API size_t llg_matcher_get_mask_byte_size(const LlgMatcher *matcher);
ANANKE_API int32_t llg_matcher_consume_token(LlgMatcher *matcher, uint32_t token);
ANANKE_API int32_t llg_matcher_consume_tokens(LlgMatcher *matcher, const uint32_t *tokens, size_t count);
ANANKE_API const char *llg_matcher_get_error(LlgMatcher *matcher);
ANANKE_API bool llg_matcher_is_error(const LlgMatcher *matcher);
ANANKE_API int32_t llg_matcher_rollback(LlgMatcher *matcher, size_t count);
ANANKE_API int32_t llg_matcher_reset(LlgMatcher *matcher);
ANANKE_API bool llg_matcher_is_accepting(LlgMatcher *matcher);
ANANKE_API bool llg_matcher_is_stopped(const LlgMatcher *matcher);
ANANKE_API int32_t llg_matcher_validate_tokens(LlgMatcher *matcher, const uint32_t *tokens, size_t count);
ANANKE_API int32_t llg_matcher_compute_ff_tokens(LlgMatcher *matcher, uint32_t *tokens, size_t capacity);

/* What may stop a matcher from another thread: llg_cancel.c. */
ANANKE_API LlgCancellationHandle *llg_matcher_get_cancellation_handle(LlgMatcher *matcher);
ANANKE_API bool llg_matcher_is_cancelled(const LlgMatcher *matcher);
ANANKE_API LlgCancellationHandle *llg_clone_cancellation_handle(const LlgCancellationHandle *handle);
ANANKE_API void llg_cancel(const LlgCancellationHandle *handle);
ANANKE_API void llg_free_cancellation_handle(LlgCancellationHandle *handle);

/* ---- Stop controllers: llg_stop.c. */

ANANKE_API LlgStopController *llg_new_stop_controller(const LlgTokenizer *tokenizer, const uint32_t *tokens,
                                                      size_t count, const char *regex, char *error, size_t error_size);
ANANKE_API const char *llg_stop_commit_token(LlgStopController *controller, uint32_t token, size_t *length,
                                             bool *is_stopped);
ANANKE_API LlgStopController *llg_clone_stop_controller(const LlgStopController *controller);
ANANKE_API void llg_free_stop_controller(LlgStopController *controller);

ANANKE_API const char *llg_get_version(void);

#endif
