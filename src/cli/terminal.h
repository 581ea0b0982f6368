/* What the user sees: colours, messages, errors, log lines and progress. Results go to standard output, everything else to standard error. */
#ifndef ANANKE_CLI_TERMINAL_H
#define ANANKE_CLI_TERMINAL_H

#include "cli/args.h"
#include <ananke/context.h>
#include <pthread.h>
#include <stdio.h>

typedef enum Style { STYLE_PLAIN = 0, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_WARNING, STYLE_BAD } Style;

typedef struct Terminal {
    bool quiet, log_json;
    bool out_is_terminal, err_is_terminal;
    bool out_colors, err_colors;
    bool has_progress;    /* a progress line may be shown */
    pthread_mutex_t lock; /* of what follows: log and progress come from several threads */
    bool line_is_shown;   /* a progress line stands on the terminal */
    int64_t shown_ms;     /* when it was drawn last */
} Terminal;

/* `args` may be NULL: before they are parsed. */
void cli_terminal_open(Terminal *terminal, const Args *args);

/* The escape sequence that begins `style` on this stream, "" without colours; STYLE_PLAIN ends any. */
const char *cli_style(const Terminal *terminal, FILE *stream, Style style);
/* A line of talk on standard error, newline included; not when quiet. */
void cli_say(Terminal *terminal, const char *format, ...) ANANKE_PRINTF(2, 3);
/* Shows an error with its place and hint; also when quiet. */
void cli_show_error(Terminal *terminal, const ananke_error *err);
/* Takes the progress line away. */
void cli_progress_clear(Terminal *terminal);
/* And draws none any more: a result stands on the line where it would be. */
void cli_progress_end(Terminal *terminal);

/* For ananke_context: `data` is the Terminal. */
void cli_terminal_log(void *data, const ananke_log_record *record);
void cli_terminal_progress(void *data, const ananke_progress *progress);

#endif
