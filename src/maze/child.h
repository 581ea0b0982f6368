/* Child processes: a program run to its end, without a shell, with its output kept in a file.
 *
 * The caller's standard input is not the child's (it reads /dev/null), and what the child prints on either output goes to `log_path`. While it runs
 * the context is asked whether to go on; a cancelled child is terminated and waited for: none is left behind. */
#ifndef AK_MAZE_CHILD_H
#define AK_MAZE_CHILD_H

#include "base/error.h"
#include <ananke/context.h>

typedef struct Child {
    const char *const *arguments; /* argv, ended by NULL; arguments[0] is searched in PATH */
    const char *const
        *variables;           /* "NAME=value" to set on top of the caller's environment, ended by NULL; NULL: none */
    const char *log_path;     /* created or emptied */
    void (*tick)(void *data); /* called about ten times a second while it runs; NULL: nobody */
    void *tick_data;
} Child;

/* True when the child ended with exit status 0. A program that is not there is ANANKE_ERROR_IO "NAME is not installed"; another end is
 * ANANKE_ERROR_BACKEND with the last line that the child printed. */
bool ak_child_run(const Child *child, const ananke_context *context, ananke_error *err);

#endif
