/* Kinds of constraints, as data: constraints/KIND.json says what a kind is about, which parameters it takes, what its words are, and how it is
 * tested and lowered. Nothing in C knows a kind by its name; the format is told in constraints/README.md.
 *
 * A kind has one or more cases. A case is a row of the family ("forbid" has one for each thing that can be forbidden) and is chosen by the
 * parameters: the first whose `when` agrees with them. What a case leaves out it takes from the kind. */
#ifndef AK_MODEL_KIND_H
#define AK_MODEL_KIND_H

#include "base/buf.h"
#include "base/json.h"
#include <ananke/constraints.h>

typedef enum ParameterType {
    PARAMETER_STRING,
    PARAMETER_ENUM,  /* one of its values */
    PARAMETER_REGEX, /* PCRE2 */
    PARAMETER_LIST,  /* of strings, each one of its values when there are any */
    PARAMETER_COUNT, /* 0 … 2^31-1 */
    PARAMETER_BOOL
} ParameterType;

typedef struct KindParameter {
    Str name, doc;
    ParameterType type;
    const Str *values; /* what may be said; none: anything */
    size_t value_count;
    bool required;
    yyjson_val *fallback; /* the default; NULL: none */
} KindParameter;

typedef struct KindCase {
    yyjson_val *when; /* object: the parameters that choose this case; NULL: always */
    Str category;
    ananke_severity severity;
    Str summary;
    Str message;          /* what a reader is told of the rule; a template */
    Str violation;        /* what a reader is told of a place that breaks it; a template, {text} is what stands there */
    Str observes;         /* the population of observations that it speaks of; a template */
    yyjson_val *expects;  /* list of the variants that follow it (templates); NULL: those that are not forbidden */
    yyjson_val *forbids;  /* list of the variants that break it */
    bool per_file;        /* support counts files, not places */
    yyjson_val *mine;     /* object: how it is mined; NULL: it is only written by people */
    yyjson_val *examples; /* object: language → {parameters, pass, fail}: the languages that it knows */
} KindCase;

typedef struct Kind {
    Str id, summary, test; /* test: how a place is judged, a row of clew's table of tests */
    const KindParameter *parameters;
    size_t parameter_count;
    const KindCase *cases;
    size_t case_count;
    yyjson_val *languages; /* object: language → how it lowers to masks; NULL: it does not */
    yyjson_val *json;      /* the whole file */
} Kind;

typedef struct Kinds {
    const Kind *items; /* in the order of their files */
    size_t count;
} Kinds;

/* Reads every constraints/KIND.json of the library. Everything lives in the arena. False and `err` on failure. */
bool ak_kinds_load(Kinds *kinds, Arena *arena, ananke_error *err);
/* Reads one kind from the text of `file`. */
bool ak_kind_read(Kind *kind, Arena *arena, const char *file, Str text, ananke_error *err);
const Kind *ak_kind_find(const Kinds *kinds, Str id);
const KindParameter *ak_kind_parameter(const Kind *kind, Str name);

/* The value that `parameters` (an object or NULL) gives to a parameter, else its default; NULL when there is neither. */
yyjson_val *ak_kind_value(const Kind *kind, yyjson_val *parameters, Str name);
/* The case that `parameters` choose; NULL when none fits. */
const KindCase *ak_kind_case(const Kind *kind, yyjson_val *parameters);
/* Does every member of `when` (an object; NULL agrees with all) agree with the parameters, defaults included? */
bool ak_kind_agrees(const Kind *kind, yyjson_val *when, yyjson_val *parameters);

/* A word that a template may use besides the parameters. */
typedef struct KindWord {
    Str name, value;
} KindWord;

/* Appends a template to `buf`: `{name}` becomes the word or the parameter of that name (a list: its items, joined by ", "); braces around anything
 * else stay as they are. */
void ak_kind_expand(Buf *buf, Str template, const Kind *kind, yyjson_val *parameters, const KindWord *words,
                    size_t word_count);
/* The same as a text in the arena. {NULL, 0} when out of memory. */
Str ak_kind_text(Arena *arena, Str template, const Kind *kind, yyjson_val *parameters, const KindWord *words,
                 size_t word_count);

/* "error", "warning", "info"; 0 when it is none of them. */
ananke_severity ak_severity_from(Str name);
const char *ak_severity_name(ananke_severity severity);

#endif
