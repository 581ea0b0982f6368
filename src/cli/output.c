/* Results leave the program here, so that a full disk is an error and not a short file. Nothing is written to a file once Ctrl-C was pressed. */
#include "cli/output.h"
#include "cli/failure.h"
#include "cli/interrupt.h"
#include <ananke/file.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_output_is_standard(const char *path) {
    return !path || strcmp(path, "-") == 0;
}

static bool fail_standard(ananke_error *err) {
    cli_fail(err, ANANKE_ERROR_IO, "standard output cannot be written: %s", strerror(errno));
    return false;
}

bool cli_output(const char *path, const char *text, size_t length, ananke_error *err) {
    if (cli_interrupted(NULL)) return cli_fail(err, ANANKE_ERROR_CANCELLED, "interrupted");
    if (!cli_output_is_standard(path)) return ananke_file_write(path, text, length, err);
    return fwrite(text, 1, length, stdout) == length || fail_standard(err);
}

bool cli_output_json(const char *path, const yyjson_mut_doc *doc, ananke_error *err) {
    size_t length = 0;
    yyjson_write_flag flags =
        YYJSON_WRITE_PRETTY_TWO_SPACES | YYJSON_WRITE_NEWLINE_AT_END | YYJSON_WRITE_ALLOW_INVALID_UNICODE;
    char *text = doc ? yyjson_mut_write_opts(doc, flags, NULL, &length, NULL) : NULL;
    bool done = text ? cli_output(path, text, length, err) : cli_fail_memory(err);
    free(text);
    return done;
}

bool cli_output_finish(ananke_error *err) {
    return (fflush(stdout) == 0 && !ferror(stdout)) || fail_standard(err);
}
