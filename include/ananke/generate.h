/* Generation: a local model writes code under the masks of an IR. */
#ifndef ANANKE_GENERATE_H
#define ANANKE_GENERATE_H

#include <ananke/check.h>
#include <ananke/context.h>
#include <ananke/error.h>
#include <ananke/ir.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A loaded model with its vocabulary: may serve many generations, one at a time. */
typedef struct ananke_model ananke_model;
typedef struct ananke_generation ananke_generation;

/* Loads a GGUF file into memory (mmap-ed). The file is validated before the inference library sees it. */
ANANKE_API ananke_model *ananke_model_load(const char *path, const ananke_context *context, ananke_error *err);
ANANKE_API void ananke_model_free(ananke_model *model);
/* Borrowed; lives as long as the model. */
ANANKE_API const ananke_vocab *ananke_model_vocab(const ananke_model *model);

typedef struct ananke_generate_options {
    const ananke_context *context;
    ananke_model *model;    /* borrowed; NULL: `model_path` is loaded for this call */
    const char *model_path; /* NULL: the default model of the model folder */
    const char *in_file;    /* context: its text goes into the prompt; NULL: none */
    bool unconstrained;     /* no mask; the result is still checked against the IR */
    uint32_t max_tokens;    /* 0: 256 */
    uint64_t seed;          /* equal seeds give equal text on one machine */
    float temperature;      /* 0: greedy; negative: the default, 0.7 */
    float top_p;            /* 0: the default, 0.95 */
    /* Called with each piece of text as it is decided; return false to stop. NULL: no streaming. `piece` NULL: the text broke a rule that no mask
     * holds, a part of it is written anew, and what was streamed so far is void: the text begins again. Behind the final text, `dropped_bytes` more may
     * have been streamed. */
    bool (*text)(void *data, const char *piece, size_t length);
    void *text_data;
} ananke_generate_options;

typedef enum ananke_outcome {
    ANANKE_OUTCOME_UNKNOWN = 0, /* could not be verified */
    ANANKE_OUTCOME_KEPT,
    ANANKE_OUTCOME_BROKEN
} ananke_outcome;

typedef struct ananke_generation_report {
    uint32_t prompt_tokens, tokens;
    double tokens_per_second;
    double mask_us_avg, mask_us_p50, mask_us_p99, mask_us_max; /* mask + consume, per token */
    uint32_t interventions;                                    /* tokens where the model's first choice was masked */
    double masked_mass;                                        /* mean probability that the mask took away */
    uint32_t completed_bytes; /* bytes appended at the end to finish a construct when the tokens ran out */
    uint32_t dropped_bytes;   /* bytes cut at the end: an unfinished construct behind the last finished one */
    uint32_t rewinds;         /* times that a part was written anew because the check found a violation */
    bool complete;            /* the text is a sentence of the grammar */
    const char *stop;         /* "end of text", "token limit", "cancelled", … static string */
} ananke_generation_report;

/* NULL `ir`: plain generation, nothing enforced. The IR must outlive the generation. */
ANANKE_API ananke_generation *ananke_generate(const char *intent, const ananke_ir *ir,
                                              const ananke_generate_options *options, ananke_error *err);
ANANKE_API void ananke_generation_free(ananke_generation *generation);
/* The text, NUL-terminated, `*length` bytes (may be NULL); borrowed. */
ANANKE_API const char *ananke_generation_text(const ananke_generation *generation, size_t *length);
ANANKE_API const ananke_generation_report *ananke_generation_report_get(const ananke_generation *generation);
/* What the check of the generated text found; NULL when there was no IR. Borrowed. */
ANANKE_API const ananke_findings *ananke_generation_findings(const ananke_generation *generation);
/* The IR that was enforced: the caller's, or the one compiled again for `in_file` where scopes make a difference. NULL when there was none. Borrowed. */
ANANKE_API const ananke_ir *ananke_generation_ir(const ananke_generation *generation);
/* Outcome of that IR's constraint `index`, verified on the text. */
ANANKE_API ananke_outcome ananke_generation_outcome(const ananke_generation *generation, size_t index);
/* The whole report as JSON: constraints × tier × outcome, figures, findings. Free with ananke_text_free. */
ANANKE_API char *ananke_generation_report_text(const ananke_generation *generation, size_t *length, ananke_error *err);

#ifdef __cplusplus
}
#endif
#endif
