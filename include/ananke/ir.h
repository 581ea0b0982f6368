/* ConstraintIR: constraints compiled for one language, with a statement for each of how it is enforced. Immutable; may be shared by threads. */
#ifndef ANANKE_IR_H
#define ANANKE_IR_H

#include <ananke/constraints.h>
#include <ananke/context.h>
#include <ananke/error.h>
#include <ananke/program.h>
#include <ananke/vocab.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_ir ananke_ir;

/* How a constraint is kept. */
typedef enum ananke_tier {
    ANANKE_TIER_UNSUPPORTED = 0, /* not at all, said so */
    ANANKE_TIER_ADVISED,         /* the model is told, nothing holds it */
    ANANKE_TIER_CHECKED,         /* verified on what was generated */
    ANANKE_TIER_MASKED           /* no token can break it */
} ananke_tier;

typedef struct ananke_enforcement {
    const char *constraint; /* id */
    ananke_tier tier;
    const char *why; /* one sentence */
} ananke_enforcement;

typedef struct ananke_compile_options {
    const ananke_context *context;
    const char *language; /* "typescript", "python"; NULL: the one that most constraints speak of */
    const char
        *target; /* the file that will be written: scopes are decided for it; NULL: an ordinary source file, no test */
    bool strict; /* a constraint that ends below CHECKED is an error */
} ananke_compile_options;

ANANKE_API ananke_ir *ananke_compile(const ananke_constraints *constraints, const ananke_compile_options *options,
                                     ananke_error *err);
ANANKE_API ananke_ir *ananke_ir_load(const char *path, const ananke_context *context, ananke_error *err);
ANANKE_API ananke_ir *ananke_ir_parse(const char *text, size_t length, const ananke_context *context,
                                      ananke_error *err);
ANANKE_API void ananke_ir_free(ananke_ir *ir);

/* The IR as JSON; free with ananke_text_free. */
ANANKE_API char *ananke_ir_text(const ananke_ir *ir, size_t *length, ananke_error *err);
/* Writes it, renamed into place. */
ANANKE_API bool ananke_ir_save(const ananke_ir *ir, const char *path, ananke_error *err);

ANANKE_API const char *ananke_ir_language(const ananke_ir *ir);
/* The composed grammar in the Lark dialect, NUL-terminated; "" when the language has none. Borrowed. */
ANANKE_API const char *ananke_ir_grammar(const ananke_ir *ir);
/* What is to be verified on generated text: every constraint of the IR. Borrowed. */
ANANKE_API const ananke_constraints *ananke_ir_constraints(const ananke_ir *ir);
/* One entry per constraint, in their order. */
ANANKE_API size_t ananke_ir_enforcement_count(const ananke_ir *ir);
ANANKE_API const ananke_enforcement *ananke_ir_enforcement(const ananke_ir *ir, size_t index);
/* "masked", "checked", "advised" or "unsupported". Static string. */
ANANKE_API const char *ananke_tier_name(ananke_tier tier);

/* Export to what engines take: "ir", "llguidance" (JSON container), "vllm" (structured_outputs), "sglang". A form that cannot say what the IR says
 * is ANANKE_ERROR_UNSUPPORTED. Free with ananke_text_free. llguidance up to 1.9.1 mixes up values of parametric rules that are alive at one place, so it
 * lets through more of a language with such rules (await outside of async functions, …) than our own engine. */
ANANKE_API char *ananke_ir_export(const ananke_ir *ir, const char *form, size_t *length, ananke_error *err);

/* The IR's grammar as a program for `vocab`. Where that is a language's own as it is, without a constraint in it, or there is none, it is the language in full if
 * there is a language pack. */
ANANKE_API ananke_program *ananke_program_from_ir(const ananke_ir *ir, const ananke_vocab *vocab,
                                                  const ananke_program_options *options, ananke_error *err);
/* A language without constraints: in full, by its language pack, where it has one (ananke_languages_text tells); else by its grammar for masks. A program of
 * a pack is not saved (ananke_program_save): it is made in some milliseconds. */
ANANKE_API ananke_program *ananke_program_from_language(const char *language, const ananke_vocab *vocab,
                                                        const ananke_program_options *options, ananke_error *err);

#ifdef __cplusplus
}
#endif
#endif
