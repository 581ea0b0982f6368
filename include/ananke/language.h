/* The programming languages that this library carries data for. */
#ifndef ANANKE_LANGUAGE_H
#define ANANKE_LANGUAGE_H

#include <ananke/error.h>
#include <ananke/export.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* They as a JSON list of {"name", "endings": [".ts", …], "extracts": has queries for extraction, "generates": has a grammar for masks,
 * "packs": [{"name", "endings", "fragments": what a text may be, the first being a file, "states": of the parser, "bytes", "sources": what it was
 * made of}, …]: for reading the language in full}, in byte order of their names. Free with ananke_text_free. */
ANANKE_API char *ananke_languages_text(size_t *length, ananke_error *err);

#ifdef __cplusplus
}
#endif
#endif
