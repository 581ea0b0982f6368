/* Programming languages that can be read: one row of C for each tree-sitter grammar, everything else in languages/NAME/language.json. */
#ifndef AK_CLEW_LANGUAGE_H
#define AK_CLEW_LANGUAGE_H

#include "base/intern.h"
#include "base/json.h"
#include <tree_sitter/api.h>

/* A grammar of a language: TypeScript has one for .ts and one for .tsx. */
typedef struct Grammar {
    Str name;
    const TSLanguage *(*make)(void);
    const Str *extensions; /* ".ts", … */
    size_t extension_count;
    Str facts; /* patterns that only this grammar takes; may be empty */
} Grammar;

/* What may be said about a module's name. */
typedef enum ModuleClass { MODULE_EXTERNAL, MODULE_RELATIVE, MODULE_STANDARD, MODULE_OWN } ModuleClass;

typedef struct Language {
    Str name, title;
    Str facts; /* the text of facts.scm */
    const Grammar *grammars;
    size_t grammar_count;
    yyjson_val *json; /* language.json: the globs and lists that are asked for by key */
} Language;

typedef struct Languages {
    const Language *items; /* in the order of their folders */
    size_t count;
} Languages;

bool ak_languages_load(Languages *languages, Arena *arena, ananke_error *err);
const Language *ak_language_find(const Languages *languages, Str name);
/* The grammar that a file is read by, from the ending of its name; NULL when there is none. */
const Grammar *ak_language_grammar(const Languages *languages, Str path, const Language **language);
/* Does one of the globs in the list `key` ("tests", "generated") match the path? */
bool ak_language_lists(const Language *language, const char *key, Str path);
/* Is `name` in the list `key`? */
bool ak_language_has(const Language *language, const char *key, Str name);

ModuleClass ak_language_module(const Language *language, Str module);
/* The package that a module belongs to: `@a/b` of `@a/b/c`, `os` of `os.path`; a part of `module`. */
Str ak_language_package(const Language *language, Str module);

#endif
