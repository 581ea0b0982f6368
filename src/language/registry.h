/* Programming languages as the engine knows them: those with a grammar among the embedded data, languages/NAME/NAME.lark, and the language packs.
 *
 * There is no table to keep: a language is there when its file is. Everything here is static memory. */
#ifndef AK_LANGUAGE_REGISTRY_H
#define AK_LANGUAGE_REGISTRY_H

#include "base/arena.h"
#include "base/error.h"

/* The grammar of a language in the Lark dialect, with its own text only; {NULL, 0} when the language has none. */
Str ak_registry_grammar(Str name);
/* The names of all languages that have a grammar, in byte order, into `names`; returns how many there are. */
size_t ak_registry_names(Str *names, size_t capacity);
/* The content of the language pack NAME (syntax/pack.h), for reading the language in full; {NULL, 0} when there is none. */
Str ak_registry_pack(Str name);
/* The names of all packs, likewise. */
size_t ak_registry_packs(Str *names, size_t capacity);
/* Says that a language has no grammar, names those that do and, where these will do, too, those that have a pack, and hints at the nearest one. Always false. */
bool ak_registry_unknown(Str name, bool with_packs, ananke_error *err);

#endif
