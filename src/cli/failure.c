/* Errors of the program: filled in here, shown by terminal.c. */
#include "cli/failure.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What the user typed may hold anything: one line, no control bytes. */
static void make_printable(char *text) {
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 127) *text = '?';
    }
}

bool cli_fail(ananke_error *err, ananke_error_code code, const char *format, ...) {
    *err = (ananke_error){.code = code};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    make_printable(err->message);
    return false;
}

bool cli_fail_in(ananke_error *err, const char *file) {
    size_t length = strlen(file), room = sizeof err->file - 1;
    if (length > room) snprintf(err->file, sizeof err->file, "...%s", file + length - (room - 3));
    else memcpy(err->file, file, length + 1);
    return false;
}

bool cli_hint(ananke_error *err, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->hint, sizeof err->hint, format, arguments);
    va_end(arguments);
    make_printable(err->hint);
    return false;
}

bool cli_fail_memory(ananke_error *err) {
    return cli_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
}
