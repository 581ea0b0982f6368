/* The languages that the library knows, as a list. */
#ifndef ANANKE_CLI_LANGUAGES_H
#define ANANKE_CLI_LANGUAGES_H

#include <ananke/error.h>
#include <yyjson.h>

/* The JSON list of ananke_languages_text; free with yyjson_doc_free. NULL and `err` on failure. */
yyjson_doc *cli_languages(ananke_error *err);

#endif
