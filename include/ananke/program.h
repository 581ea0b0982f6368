/* Programs: a grammar compiled for one vocabulary. Immutable, shared by any number of matchers in any threads, and must outlive them; the
 * vocabulary must outlive the program. */
#ifndef ANANKE_PROGRAM_H
#define ANANKE_PROGRAM_H

#include <ananke/context.h>
#include <ananke/error.h>
#include <ananke/vocab.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_program ananke_program;

/* White space in JSON that a schema describes; never at the ends of the text. */
typedef enum ananke_json_whitespace {
    ANANKE_JSON_BOUNDED,  /* a blank, or a newline with at most 80 blanks or 40 tabs, or none; none before separators */
    ANANKE_JSON_COMPACT,  /* none: {"a":[1,2]} */
    ANANKE_JSON_SPACED,   /* {"a": [1, 2]}, as Python's json.dumps has it */
    ANANKE_JSON_INDENTED, /* as json.dumps(indent=…), a line for each member; values are nested at most 32 deep */
    ANANKE_JSON_FREE      /* any */
} ananke_json_whitespace;

/* The order of an object's members. */
typedef enum ananke_json_order {
    /* That of `properties`, or the same with the required ones first, as `required` lists them; others between or behind them. */
    ANANKE_JSON_LISTED_ORDER,
    ANANKE_JSON_ANY_ORDER
} ananke_json_order;

/* How JSON Schemas, wherever they are, become masks. What a schema has under `x-guidance` at its root goes before that: an object with llguidance's keys
 * item_separator, key_separator, whitespace_flexible, whitespace_pattern, coerce_one_of and lenient, and with any_order, which is true or false. */
typedef struct ananke_json_options {
    ananke_json_whitespace whitespace;
    uint32_t indent; /* of INDENTED: blanks for each level, at most 80 */
    /* Regular expressions in the place of `,` and `:`, which SPACED follows by a blank, INDENTED only `:`; NULL: these. */
    const char *item_separator, *key_separator;
    ananke_json_order order;
} ananke_json_options;

typedef struct ananke_program_options {
    /* Borrowed for the call, except its allocator: for the program's life. Compiling polls its cancel function every fraction of a millisecond. */
    const ananke_context *context;
    const char *file; /* name for error messages; NULL: "<grammar>" */
    uint64_t fuel;    /* steps that compiling may take before ANANKE_ERROR_LIMIT; 0: the default, some seconds' worth */
    /* What a JSON Schema says and the masks cannot hold is an error that names all of it, as far as there is room, and not on the list of
     * ananke_program_unenforced. */
    bool is_strict;
    /* Where JSON Schemas are that a schema refers to: files in this folder, found by their addresses, `a/b.json` or `x.org/a/b.json` for http://x.org/a/b.json,
     * or by the `$id` that they give themselves. Nothing else is read, and nothing of the network. NULL: other documents are an error. */
    const char *schema_folder;
    /* The draft a JSON Schema is written in: "4", "6", "7", "2019-09" or "2020-12". NULL: as its `$schema` says; when that says nothing, the keywords of all drafts
     * are read, with the meaning of 2020-12 where they differ. */
    const char *draft;
    const ananke_json_options *json; /* borrowed for the call; NULL: the defaults */
    /* What a text is in a programming language that has a pack: "file", "statements", "expression", "type", "markdown" …, as ananke_languages_text lists them. NULL: a
     * file. It means nothing elsewhere. */
    const char *fragment;
} ananke_program_options;

/* llguidance's Lark dialect (https://github.com/guidance-ai/llguidance/blob/main/docs/syntax.md); needs a rule `start`. */
ANANKE_API ananke_program *ananke_program_from_lark(const char *text, size_t length, const ananke_vocab *vocab,
                                                    const ananke_program_options *options, ananke_error *err);
/* What llguidance takes: its JSON container when the text begins with '{', else Lark. The container is a list of grammars that refer to each other by
 * `@name`, {"grammars": [{"name": …, "lark_grammar": … or "json_schema": …}, …]}; the first one is the text's. */
ANANKE_API ananke_program *ananke_program_from_llguidance(const char *text, size_t length, const ananke_vocab *vocab,
                                                          const ananke_program_options *options, ananke_error *err);
/* GBNF, llama.cpp's grammar format (https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md); needs a rule `root`. Left recursion is
 * allowed. */
ANANKE_API ananke_program *ananke_program_from_gbnf(const char *text, size_t length, const ananke_vocab *vocab,
                                                    const ananke_program_options *options, ananke_error *err);
/* A JSON Schema. Texts that are accepted are valid, but for what ananke_program_unenforced lists; a keyword that can neither be enforced nor left out
 * is an error that names it. */
ANANKE_API ananke_program *ananke_program_from_json_schema(const char *text, size_t length, const ananke_vocab *vocab,
                                                           const ananke_program_options *options, ananke_error *err);
/* A regular expression that the whole text must match. Look-ahead, (?=…) and (?!…), is for places behind which nothing but the rest of its own
 * sequence follows. */
ANANKE_API ananke_program *ananke_program_from_regex(const char *text, size_t length, const ananke_vocab *vocab,
                                                     const ananke_program_options *options, ananke_error *err);
/* The text is exactly one of `choices`, byte for byte; one of them may be empty, and some may be equal. `lengths` may be NULL: the choices are
 * NUL-terminated then. All is borrowed for the call. No choice at all is ANANKE_ERROR_USAGE. */
ANANKE_API ananke_program *ananke_program_from_choices(const char *const *choices, const size_t *lengths, size_t count,
                                                       const ananke_vocab *vocab, const ananke_program_options *options,
                                                       ananke_error *err);
/* Tool calls of a model: free text up to where a call begins, then exactly a call whose name is one of the tools' and whose arguments are valid under
 * that tool's schema, then free text again, or the end. `text` is a JSON object:
 *
 *     {"tools": [{"type": "function", "function": {"name": "f", "parameters": {JSON Schema}, "strict": true}}, …],
 *      "tool_choice": "auto", "format": "hermes", "parallel": true}
 *
 * A tool may also be flat, {"type": "function", "name", "parameters"} or {"name", "input_schema"}. "tool_choice" is "auto", "none" (text in which no
 * call begins), "required" (calls and nothing else) or {"type": "function", "function": {"name": N}} (one call of N and nothing else). "format" is how
 * the model writes calls: the name of a file in formats/, or an object like those there (formats/README.md). "parallel": several calls may follow each
 * other; true where the format can. A "strict" tool's schema must be as OpenAI wants it. Marks that the vocabulary has as special or added tokens are
 * these tokens, others are text. Pointers, in errors and in ananke_program_unenforced, begin at the tool: "#/tools/0/function/parameters/…". */
ANANKE_API ananke_program *ananke_program_from_tools(const char *text, size_t length, const ananke_vocab *vocab,
                                                     const ananke_program_options *options, ananke_error *err);
/* Structural tags, as XGrammar, vLLM and SGLang have them: free text with tags in it, {"structures": [{"begin": "<f=a>", "schema": {JSON Schema},
 * "end": "</f>"}, …], "triggers": ["<f="]}. A trigger in the text is always the beginning of one of the tags. "tokens", which may be left out, lists
 * marks that are special or added tokens where the vocabulary has them. */
ANANKE_API ananke_program *ananke_program_from_structural_tags(const char *text, size_t length,
                                                               const ananke_vocab *vocab,
                                                               const ananke_program_options *options,
                                                               ananke_error *err);
ANANKE_API void ananke_program_free(ananke_program *program);

/* Writes what was compiled to `path`, for ananke_program_load to open without compiling; not what matchers have learnt. The file appears whole or not
 * at all. It is a cache and not for exchange: another version of the library, or a machine with another byte order, refuses it with
 * ANANKE_ERROR_UNSUPPORTED. */
ANANKE_API bool ananke_program_save(const ananke_program *program, const char *path, ananke_error *err);
/* A program out of such a file, which may go afterwards. What is compiled does not depend on the vocabulary, unless the grammar speaks of its
 * tokens (<name>, <[5]>): then it must be the one that the program was saved with; else any will do, and the masks are those of compiling for it. A damaged file is ANANKE_ERROR_SYNTAX with the byte where that shows.
 * Of the options, `file` and `fuel` mean nothing here. */
ANANKE_API ananke_program *ananke_program_load(const char *path, const ananke_vocab *vocab,
                                               const ananke_program_options *options, ananke_error *err);

ANANKE_API const ananke_vocab *ananke_program_vocab(const ananke_program *program);

/* A part of a JSON Schema that the masks do not hold: a text may be accepted that breaks it. */
typedef struct ananke_unenforced {
    const char *pointer; /* the keyword: "#/properties/tags/uniqueItems" */
    const char *reason;
} ananke_unenforced;

/* All of these, `*count` of them, in the order in which they were met; borrowed from the program. Any thread. */
ANANKE_API const ananke_unenforced *ananke_program_unenforced(const ananke_program *program, size_t *count);

/* What all matchers of a program have learnt so far. When that has grown too large the program begins anew, and so do these figures. */
typedef struct ananke_program_stats {
    uint64_t masks_recalled; /* masks asked for in a new place that turned out to be known ones */
    uint64_t masks_shared;   /* masks that another program on the vocabulary has worked out */
    uint64_t masks_made;     /* masks that had to be worked out; any other was found where it was asked for before */
    uint32_t masks;          /* different ones that are stored */
    uint32_t lexer_states, parser_states;
    size_t bytes; /* memory of all that */
} ananke_program_stats;

/* Any thread. */
ANANKE_API void ananke_program_stats_get(const ananke_program *program, ananke_program_stats *stats);

#ifdef __cplusplus
}
#endif
#endif
