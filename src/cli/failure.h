/* Errors that the program itself finds, in the library's form. */
#ifndef ANANKE_CLI_FAILURE_H
#define ANANKE_CLI_FAILURE_H

#include <ananke/error.h>
#include <stdbool.h>

/* Fills `err`; always false. */
bool cli_fail(ananke_error *err, ananke_error_code code, const char *format, ...) ANANKE_PRINTF(3, 4);
/* Says which file it is about; always false. */
bool cli_fail_in(ananke_error *err, const char *file);
/* Adds how to mend it; always false. */
bool cli_hint(ananke_error *err, const char *format, ...) ANANKE_PRINTF(2, 3);
bool cli_fail_memory(ananke_error *err);

#endif
