/* Where results go: standard output, or a file that is complete or was never there. */
#ifndef ANANKE_CLI_OUTPUT_H
#define ANANKE_CLI_OUTPUT_H

#include <ananke/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <yyjson.h>

/* Does this argument of --output mean standard output? NULL and "-" do. */
bool cli_output_is_standard(const char *path);
/* Writes a text there; false and `err` on failure. What is written to standard output is checked once more by cli_output_finish. */
bool cli_output(const char *path, const char *text, size_t length, ananke_error *err);
/* The same for a document, indented, with a newline at its end. */
bool cli_output_json(const char *path, const yyjson_mut_doc *doc, ananke_error *err);
/* Flushes standard output; false and `err` when something of it is lost. */
bool cli_output_finish(ananke_error *err);

#endif
